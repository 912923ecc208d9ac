//! The codes of encryption.

crate::codes! {
    /// The header is no JSON object.
    HEADER = "encryption.header";
    /// A parameter that says what to do is missing.
    PARAMETER_MISSING = "encryption.parameter-missing";
    /// A parameter has a value that cannot be used.
    PARAMETER_VALUE = "encryption.parameter-value";
    /// A parameter is there that only encrypting makes.
    PARAMETER_MADE = "encryption.parameter-made";
    /// A name that is not known.
    NAME_UNKNOWN = "encryption.name-unknown";

    /// There is no public key.
    KEY_MISSING = "encryption.key-missing";
    /// The key is of another type, or on a curve that agrees on nothing.
    KEY_TYPE = "encryption.key-type";
    /// There is no shared secret.
    SECRET_MISSING = "encryption.secret-missing";
    /// The shared secret has another size.
    SECRET_SIZE = "encryption.secret-size";
    /// There is no password.
    PASSWORD_MISSING = "encryption.password-missing";

    /// A primitive did not work with this key.
    FAILED = "encryption.failed";
    /// A key was not taken.
    KEY_REFUSED = "encryption.key-refused";
    /// Neither the browser nor the page has the algorithm.
    UNSUPPORTED = "encryption.unsupported";
    /// There is nothing here that could carry out cryptography.
    UNAVAILABLE = "encryption.unavailable";
}
