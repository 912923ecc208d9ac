//! The codes of what a second look at keys finds.

crate::codes! {
    /// A private key whose numbers do not fit together.
    PRIVATE_BROKEN = "keys.private-broken";
    /// A private key whose public half belongs to another.
    PRIVATE_MISMATCH = "keys.private-mismatch";
    /// A private key of RSA with more than two primes.
    PRIVATE_PRIMES = "keys.private-primes";
    /// A private key of ML-DSA without its public half, which is not computed.
    PRIVATE_SEED = "keys.private-seed";
    /// A private key of ML-DSA without its seed.
    PRIVATE_EXPANDED = "keys.private-expanded";
}
