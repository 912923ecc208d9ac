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
    /// A private key under a password that has not been entered.
    PASSWORD_MISSING = "keys.password-missing";
    /// A private key that the password does not open.
    PASSWORD_WRONG = "keys.password-wrong";
    /// A private key that is encrypted in a way that is not carried out.
    ENCRYPTED_UNSUPPORTED = "keys.encrypted-unsupported";
    /// An encrypted private key whose structure is broken.
    ENCRYPTED_BROKEN = "keys.encrypted-broken";
    /// An encrypted private key with more iterations than are carried out.
    ENCRYPTED_ITERATIONS = "keys.encrypted-iterations";
    /// A private key that is encrypted in OpenSSL's old form.
    ENCRYPTED_TRADITIONAL = "keys.encrypted-traditional";
    /// A private key that is encrypted in OpenSSH's own form.
    ENCRYPTED_SSH = "keys.encrypted-ssh";
}
