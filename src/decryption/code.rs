//! The codes of decryption.

crate::codes! {
    /// A parameter that the algorithm needs is not in the header.
    PARAMETER_MISSING = "decryption.parameter-missing";
    /// A parameter is of another JSON type.
    PARAMETER_TYPE = "decryption.parameter-type";
    /// A parameter is not base64url as its bytes would be written.
    PARAMETER_BASE64URL = "decryption.parameter-base64url";
    /// The bytes of a parameter are more or fewer than the algorithm takes.
    PARAMETER_LENGTH = "decryption.parameter-length";
    /// A parameter stands in more than one of the headers.
    PARAMETER_REPEATED = "decryption.parameter-repeated";
    /// A parameter stands outside the protected header, where it must not be.
    PARAMETER_UNPROTECTED = "decryption.parameter-unprotected";
    /// An unprotected header is no JSON object.
    HEADER_TYPE = "decryption.header-type";
    /// The protected header cannot be read.
    HEADER_UNREADABLE = "decryption.header-unreadable";
    /// The header demands extensions that are not known.
    CRITICAL = "decryption.critical";
    /// There is nobody whom the token is for.
    NO_RECIPIENT = "decryption.no-recipient";
    /// More recipients than are tried.
    TOO_MANY_RECIPIENTS = "decryption.too-many-recipients";
    /// More keys fit than are tried.
    TOO_MANY_TRIES = "decryption.too-many-tries";

    /// `alg` is no name that is known.
    ALGORITHM_UNKNOWN = "decryption.algorithm-unknown";
    /// `alg` is an algorithm that signs.
    ALGORITHM_SIGNS = "decryption.algorithm-signs";
    /// `enc` is no name that is known.
    ENCRYPTION_UNKNOWN = "decryption.encryption-unknown";
    /// `zip` is no name that is known.
    COMPRESSION_UNKNOWN = "decryption.compression-unknown";
    /// The ephemeral key is on a curve that keys are not agreed on over here.
    CURVE_UNKNOWN = "decryption.curve-unknown";
    /// The ephemeral key is no public key of its curve.
    EPHEMERAL_KEY = "decryption.ephemeral-key";
    /// The salt of a password is too short.
    SALT_SHORT = "decryption.salt-short";
    /// `p2c` is no positive whole number.
    ITERATIONS = "decryption.iterations";
    /// The password would be hashed more often than this page does.
    ITERATIONS_REFUSED = "decryption.iterations-refused";

    /// The initialisation vector, the tag or the encrypted key has a length that the algorithm never gives.
    PART_LENGTH = "decryption.part-length";
    /// The ciphertext is no whole number of blocks.
    CIPHERTEXT_BLOCKS = "decryption.ciphertext-blocks";
    /// There is an encrypted key where the algorithm has none.
    ENCRYPTED_KEY_SURPLUS = "decryption.encrypted-key-surplus";
    /// The encrypted key has another length than the modulus of the RSA key.
    ENCRYPTED_KEY_LENGTH = "decryption.encrypted-key-length";
    /// There is no encrypted key where the algorithm has one.
    ENCRYPTED_KEY_MISSING = "decryption.encrypted-key-missing";

    /// There is no private key.
    NO_PRIVATE_KEY = "decryption.no-private-key";
    /// There is no shared secret.
    NO_SECRET = "decryption.no-secret";
    /// There is no password.
    NO_PASSWORD = "decryption.no-password";
    /// The public half of a fitting key was given.
    PUBLIC_HALF = "decryption.public-half";
    /// A shared secret was given where a private key is needed.
    SECRET_FOR_PRIVATE_KEY = "decryption.secret-for-private-key";
    /// The secrets that were given have another size.
    OTHER_SIZE = "decryption.other-size";

    /// The secret does not unwrap the encrypted key.
    SECRET_WRONG = "decryption.secret-wrong";
    /// The password does not unwrap the encrypted key.
    PASSWORD_WRONG = "decryption.password-wrong";
    /// The RSA key does not decrypt the encrypted key.
    PRIVATE_KEY_WRONG = "decryption.private-key-wrong";
    /// What was agreed on does not unwrap the encrypted key.
    AGREED_KEY_WRONG = "decryption.agreed-key-wrong";
    /// The ephemeral key and the private one do not agree on anything.
    AGREEMENT_REFUSED = "decryption.agreement-refused";
    /// The content encryption key that came out has another length.
    CONTENT_KEY_LENGTH = "decryption.content-key-length";
    /// A key was not taken by whoever carries out the primitive.
    KEY_REFUSED = "decryption.key-refused";

    /// The key is right, and the tag is not.
    ALTERED = "decryption.altered";
    /// The tag is wrong: another key, or something was changed.
    TAG_WRONG = "decryption.tag-wrong";
    /// The tag is right, and the padding is not.
    PADDING_WRONG = "decryption.padding-wrong";
    /// What was decrypted does not inflate.
    INFLATE_FAILED = "decryption.inflate-failed";
    /// What was decrypted inflates to more than is taken.
    INFLATE_BOUND = "decryption.inflate-bound";

    /// Neither the browser nor the page has the algorithm.
    UNSUPPORTED = "decryption.unsupported";
    /// There is nothing here that could carry out cryptography.
    UNAVAILABLE = "decryption.unavailable";
}
