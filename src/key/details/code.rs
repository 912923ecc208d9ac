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
    /// A key whose private half everybody knows.
    KNOWN = "keys.known";
    /// An RSA key with the exponent 3.
    EXPONENT_SMALL = "keys.exponent-small";
    /// A modulus with a small factor.
    FACTOR = "keys.factor";
    /// A modulus whose factors are close together.
    FACTORS_CLOSE = "keys.factors-close";
    /// PEM that was mended.
    MENDED = "keys.mended";
    /// A key store of PKCS #12.
    PKCS_12 = "keys.pkcs-12";
    /// Certificates in a message of PKCS #7.
    PKCS_7 = "keys.pkcs-7";
    /// A key store of Java.
    JAVA_KEY_STORE = "keys.java-key-store";
    /// A key of PuTTY.
    PUTTY = "keys.putty";
    /// A key of OpenPGP.
    PGP = "keys.pgp";
    /// A request for a certificate.
    REQUEST = "keys.certificate-request";
    /// A list of revoked certificates.
    REVOCATION_LIST = "keys.revocation-list";
    /// An RSA key in XML.
    RSA_XML = "keys.rsa-xml";
    /// A point of which one coordinate was computed.
    POINT_COMPUTED = "keys.point-computed";
    /// A compressed point that its curve does not have.
    POINT_NOT_COMPRESSED = "keys.point-not-compressed";
    /// A private key whose public half was computed.
    PUBLIC_COMPUTED = "keys.public-computed";
    /// A private key whose curve was found beside it, or by its point.
    CURVE_FOUND = "keys.curve-found";
    /// A point that is not on its curve.
    POINT_OFF_CURVE = "keys.point-off-curve";
    /// A point that has few multiples.
    POINT_SMALL = "keys.point-small";
    /// An item of `x5c` is no certificate.
    CERTIFICATE_BROKEN = "keys.certificate-broken";
    /// An item of `x5c` is not plain base64.
    CERTIFICATE_ALPHABET = "keys.certificate-alphabet";
    /// A certificate whose validity is over.
    CERTIFICATE_EXPIRED = "keys.certificate-expired";
    /// A certificate whose validity has not begun.
    CERTIFICATE_EARLY = "keys.certificate-early";
    /// A key with certificates, which are trusted for nothing.
    CHAIN_UNTRUSTED = "keys.chain-untrusted";
    /// A certificate that the next one did not issue.
    CHAIN_ORDER = "keys.chain-order";
    /// A certificate that stands twice in a chain.
    CHAIN_TWICE = "keys.chain-twice";
    /// A certificate whose issuer's one is missing.
    CHAIN_GAP = "keys.chain-gap";
    /// A certificate of an issuer whose validity is over.
    ISSUER_EXPIRED = "keys.issuer-expired";
    /// A certificate that is signed over a hash of which collisions are made.
    CERTIFICATE_SHA1 = "keys.certificate-sha-1";
    /// A first certificate with another key.
    CHAIN_KEY = "keys.chain-key";
    /// `x5t` or `x5t#S256` is not that of the certificate.
    THUMBPRINT_WRONG = "keys.thumbprint-wrong";
    /// `x5t` or `x5t#S256` is that of the certificate in another form.
    THUMBPRINT_FORM = "keys.thumbprint-form";
}
