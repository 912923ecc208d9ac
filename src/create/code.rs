//! The codes of this room.

crate::codes! {
    /// The token is signed.
    SIGNED = "create.signed";
    /// The token is encrypted.
    ENCRYPTED = "create.encrypted";
    /// The token is signed, and then encrypted.
    NESTED = "create.nested";
    /// The token has no signature, as its header says.
    UNSECURED = "create.unsecured";
    /// It came from elsewhere and is not signed until someone says so.
    DRAFT = "create.draft";

    /// A part is empty.
    EMPTY = "create.empty";
    /// A part ends in the middle of its JSON.
    JSON_ENDED = "create.json-ended";
    /// Something else was expected there.
    JSON_SYNTAX = "create.json-syntax";
    /// An escape that JSON does not know.
    JSON_ESCAPE = "create.json-escape";
    /// A number that JSON does not allow.
    JSON_NUMBER = "create.json-number";
    /// A control character inside a string.
    JSON_CONTROL = "create.json-control";
    /// Nested too deep.
    JSON_DEEP = "create.json-deep";
    /// Text behind the value.
    JSON_TRAILING = "create.json-trailing";
    /// A byte order mark before it.
    JSON_BYTE_ORDER_MARK = "create.json-byte-order-mark";
    /// Half of a surrogate pair.
    JSON_SURROGATE = "create.json-surrogate";
    /// A part is JSON, but no object.
    NOT_OBJECT = "create.not-object";
    /// Two lines name the same member.
    REPEATED = "create.repeated";
    /// One name stands more than twice, or twice in one line.
    REPEATED_OFTEN = "create.repeated-often";

    /// A claim that no registry defines.
    CUSTOM_CLAIM = "create.custom-claim";
    /// One claim is written several times.
    WRITTEN_OFTEN = "create.written-often";
    /// The header of an encrypted token does not say that a token stands inside.
    CONTENT_TYPE_MISSING = "create.content-type-missing";

    /// The header has no `alg`.
    ALGORITHM_MISSING = "create.algorithm-missing";
    /// The header's `alg` is not what the key signs with.
    ALGORITHM_CONTRADICTS = "create.algorithm-contradicts";
    /// The header has no `enc`.
    ENCRYPTION_MISSING = "create.encryption-missing";
    /// The header says `b64: false`, but the payload is encoded.
    UNENCODED = "create.unencoded";
    /// The header carries the private half of a key.
    JWK_PRIVATE = "create.jwk-private";
    /// The header carries another key than the one that signs.
    JWK_OTHER = "create.jwk-other";

    /// There is no secret yet.
    SECRET_MISSING = "create.secret-missing";
    /// There is no key yet.
    KEY_MISSING = "create.key-missing";
    /// There is no key to encrypt for yet.
    RECIPIENT_MISSING = "create.recipient-missing";
    /// What was given is no key to encrypt for.
    RECIPIENT_UNREAD = "create.recipient-unread";
    /// What was given is no key.
    KEY_UNREAD = "create.key-unread";
    /// Only the public half was given.
    KEY_PUBLIC = "create.key-public";
    /// Of several keys the first one that fits is used.
    KEY_SEVERAL = "create.key-several";
    /// The algorithm takes another kind of key.
    KEY_UNFIT = "create.key-unfit";
    /// No algorithm signs with such a key.
    KEY_SIGNS_NOT = "create.key-signs-not";
    /// The key says that it is for another algorithm.
    KEY_OTHER_ALGORITHM = "create.key-other-algorithm";
    /// The key says that it is for encryption.
    KEY_FOR_ENCRYPTION = "create.key-for-encryption";
    /// A secret that is found by trying.
    SECRET_GUESSABLE = "create.secret-guessable";
    /// A secret that is shorter than its algorithm demands.
    SECRET_SHORT = "create.secret-short";
    /// An RSA key of less than 2048 bits.
    RSA_SHORT = "create.rsa-short";

    /// The browser does not take the key.
    KEY_REFUSED = "create.key-refused";
    /// Neither the browser nor this page has the algorithm.
    LACKING = "create.lacking";
    /// There is no WebCrypto here.
    UNAVAILABLE = "create.unavailable";
    /// The primitive failed.
    FAILED = "create.failed";
}
