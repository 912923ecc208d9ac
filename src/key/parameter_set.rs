//! The parameter sets of ML-DSA: one row each.

/// A set of parameters, which a key of the type AKP names as its algorithm.
pub(super) struct ParameterSet {
    /// The name of the algorithm.
    pub(super) algorithm: &'static str,
    /// Bytes of a public key ([FIPS 204 §4](https://doi.org/10.6028/NIST.FIPS.204)).
    pub(super) public_length: usize,
    /// The object identifier, without tag and length
    /// ([RFC 9881 §2](https://www.rfc-editor.org/rfc/rfc9881#section-2)).
    pub(super) object_identifier: &'static [u8],
}

/// Bytes of a private key: the seed that everything else follows from.
pub(super) const SEED_LENGTH: usize = 32;

static PARAMETER_SETS: [ParameterSet; 3] = [
    ParameterSet {
        algorithm: "ML-DSA-44",
        public_length: 1312,
        object_identifier: b"\x60\x86\x48\x01\x65\x03\x04\x03\x11",
    },
    ParameterSet {
        algorithm: "ML-DSA-65",
        public_length: 1952,
        object_identifier: b"\x60\x86\x48\x01\x65\x03\x04\x03\x12",
    },
    ParameterSet {
        algorithm: "ML-DSA-87",
        public_length: 2592,
        object_identifier: b"\x60\x86\x48\x01\x65\x03\x04\x03\x13",
    },
];

impl ParameterSet {
    /// The set of the algorithm of that name.
    pub(super) fn named(algorithm: &str) -> Option<&'static ParameterSet> {
        PARAMETER_SETS.iter().find(|row| row.algorithm == algorithm)
    }

    /// The set that DER names so.
    pub(super) fn identified(object_identifier: &[u8]) -> Option<&'static ParameterSet> {
        PARAMETER_SETS.iter().find(|row| row.object_identifier == object_identifier)
    }
}
