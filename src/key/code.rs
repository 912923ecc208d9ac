//! The codes of this room's findings.

crate::codes! {
    /// The text is none of the forms that keys come in.
    NOT_RECOGNISED = "keys.not-recognised";
    /// The text is a web page.
    HTML = "keys.html";
    /// The text is an issuer's metadata, which says where the keys are.
    METADATA = "keys.metadata";
    /// The text is a token.
    TOKEN = "keys.token";
    /// The text is a URL.
    URL = "keys.url";
    /// A key of SSH of a type that signs no tokens.
    SSH = "keys.ssh";
    /// The JSON ends in the middle.
    JSON_CUT = "keys.json-cut";
    /// The JSON is not JSON.
    JSON_BROKEN = "keys.json-broken";
    /// The keys are written as a program prints them, not as JSON.
    JSON_LITERAL = "keys.json-literal";
    /// `keys` is no array.
    NO_KEY_LIST = "keys.no-key-list";
    /// The key set has no keys.
    SET_EMPTY = "keys.set-empty";
    /// An item of the key set is no object.
    NOT_AN_OBJECT = "keys.not-an-object";
    /// A key lacks a required member.
    MEMBER_MISSING = "keys.member-missing";
    /// A required member has the wrong type.
    MEMBER_TYPE = "keys.member-type";
    /// An optional member has the wrong type and was ignored.
    MEMBER_IGNORED = "keys.member-ignored";
    /// A required member is empty.
    MEMBER_EMPTY = "keys.member-empty";
    /// A member stands twice in a key.
    MEMBER_TWICE = "keys.member-twice";
    /// A member is not base64url.
    NOT_BASE64URL = "keys.not-base64url";
    /// A member is base64url, but not in its canonical form.
    NOT_CANONICAL = "keys.not-canonical";
    /// A number has leading zero bytes.
    LEADING_ZEROS = "keys.leading-zeros";
    /// A coordinate lost or gained leading zero bytes.
    LENGTH_REPAIRED = "keys.length-repaired";
    /// A coordinate or public key has a length that its curve does not allow.
    WRONG_LENGTH = "keys.wrong-length";
    /// The numbers of an RSA key are no RSA key.
    RSA_NUMBERS = "keys.rsa-numbers";
    /// A key of a type that is not supported.
    TYPE_UNSUPPORTED = "keys.type-unsupported";
    /// A key on a curve that is not supported.
    CURVE_UNSUPPORTED = "keys.curve-unsupported";
    /// The text holds more keys than are read.
    TOO_MANY = "keys.too-many";
    /// A key that spells its curve out instead of naming it.
    CURVE_EXPLICIT = "keys.curve-explicit";
    /// A key set that everybody can read has a secret in it.
    SECRET_PUBLISHED = "keys.secret-published";
    /// A JWK has private members.
    PRIVATE_MEMBERS = "keys.private-members";
    /// A private key was pasted; its public half is used.
    PRIVATE_KEY = "keys.private-key";
    /// A private key without its public half.
    PRIVATE_ONLY = "keys.private-only";
    /// A private key under a password.
    PRIVATE_ENCRYPTED = "keys.private-encrypted";
    /// A key for RSASSA-PSS alone.
    RSA_PSS = "keys.rsa-pss";
    /// A JWK without numbers, whose certificate has them.
    FROM_X5C = "keys.from-x5c";
    /// A key from a certificate without readable dates.
    CERTIFICATE = "keys.certificate";
    /// A key from a certificate.
    CERTIFICATE_DATED = "keys.certificate-dated";
    /// PEM without its BEGIN and END lines.
    PEM_NO_ARMOUR = "keys.pem-no-armour";
    /// PEM without its END line.
    PEM_NO_END = "keys.pem-no-end";
    /// PEM whose BEGIN line has too few hyphens, or dashes.
    PEM_FRAME = "keys.pem-frame";
    /// PEM with `\n` where line breaks should be.
    PEM_ESCAPED = "keys.pem-escaped";
    /// PEM on one line.
    PEM_ONE_LINE = "keys.pem-one-line";
    /// PEM whose label is not what it holds.
    PEM_LABEL = "keys.pem-label";
    /// PEM with a character that is not base64.
    PEM_CHARACTER = "keys.pem-character";
    /// PEM whose base64 has an impossible length.
    PEM_NOT_BASE64 = "keys.pem-not-base64";
    /// The key's structure ends early.
    DER_CUT = "keys.der-cut";
    /// The structure is that of no key.
    DER_UNKNOWN = "keys.der-unknown";
    /// The key is for an algorithm that is not supported.
    DER_ALGORITHM = "keys.der-algorithm";
    /// The point is compressed.
    POINT_COMPRESSED = "keys.point-compressed";
    /// The point or public key has the wrong length.
    POINT_LENGTH = "keys.point-length";
    /// The secret is empty.
    SECRET_EMPTY = "keys.secret-empty";
    /// The secret is shorter than any HMAC algorithm allows.
    SECRET_SHORT = "keys.secret-short";
    /// The secret is a public or private key.
    SECRET_IS_A_KEY = "keys.secret-is-a-key";
    /// The secret was given as a JWK.
    SECRET_IS_JWK = "keys.secret-is-jwk";
    /// The secret begins with a byte order mark.
    SECRET_BYTE_ORDER_MARK = "keys.secret-byte-order-mark";
    /// The secret ends in a line break.
    SECRET_LINE_BREAK = "keys.secret-line-break";
    /// The secret begins or ends with spaces.
    SECRET_SPACE = "keys.secret-space";
    /// The secret stands in quotes.
    SECRET_QUOTED = "keys.secret-quoted";
    /// The secret looks encoded, and is read as plain text.
    SECRET_LOOKS_ENCODED = "keys.secret-looks-encoded";
    /// The secret does not fit the chosen encoding.
    SECRET_NOT_ENCODED = "keys.secret-not-encoded";
    /// The secret fits the chosen encoding, but not strictly.
    SECRET_LENIENT = "keys.secret-lenient";
    /// Two keys have the same `kid`.
    KID_TWICE = "keys.kid-twice";
    /// The one key that the token names fits.
    CHOSEN_BY_KID = "keys.chosen-by-kid";
    /// Exactly one key fits.
    CHOSEN = "keys.chosen";
    /// Several keys fit, and each is tried.
    SEVERAL_FIT = "keys.several-fit";
    /// No key fits.
    NONE_FITS = "keys.none-fits";
    /// An HMAC token, and only public keys.
    HMAC_WITH_PUBLIC_KEY = "keys.hmac-with-public-key";
    /// A token signed by a private key, and only secrets.
    SECRET_FOR_PUBLIC_KEY = "keys.secret-for-public-key";
    /// The token names a key, and several different keys that fit have that name.
    KID_AMBIGUOUS = "keys.kid-ambiguous";
    /// The token's `kid` is in no key set.
    KID_UNKNOWN = "keys.kid-unknown";
    /// The token names a key, and no key of the set has a name.
    KIDS_MISSING = "keys.kids-missing";
    /// The token's `kid` differs from that of the pasted key, which is tried all the same.
    KID_DIFFERS = "keys.kid-differs";
    /// The key that the token names cannot have signed it.
    KID_MISFIT = "keys.kid-misfit";
    /// Keys that would fit, but have another name than the token asks for.
    OTHER_KID = "keys.other-kid";
    /// Keys of another type.
    OTHER_TYPE = "keys.other-type";
    /// Keys on another curve.
    OTHER_CURVE = "keys.other-curve";
    /// Keys for another algorithm.
    OTHER_ALGORITHM = "keys.other-algorithm";
    /// Keys for another use.
    OTHER_USE = "keys.other-use";
    /// Keys whose operations do not include verifying.
    OTHER_OPERATIONS = "keys.other-operations";
    /// Key and token name the same algorithm differently.
    ALGORITHM_ALIAS = "keys.algorithm-alias";
    /// The key was made by a generator whose keys can be broken.
    ROCA = "keys.roca";
    /// The key is smaller than its algorithm demands.
    TOO_SMALL = "keys.too-small";
}
