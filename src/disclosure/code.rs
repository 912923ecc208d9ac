//! The codes of this room.

crate::codes! {
    /// A disclosure is not base64url.
    BASE64URL = "disclosure.base64url";
    /// Bits in the last character of a disclosure belong to no byte.
    STRAY_BITS = "disclosure.stray-bits";
    /// What a disclosure decodes to is not JSON.
    NOT_JSON = "disclosure.not-json";
    /// A disclosure is no array of two or three elements, or its name is no text.
    ELEMENTS = "disclosure.elements";
    /// The salt of a disclosure is no text.
    SALT = "disclosure.salt";
    /// A disclosure without a name has its digest where a member belongs.
    NAME_MISSING = "disclosure.name-missing";
    /// A disclosure with a name has its digest where an element of an array belongs.
    NAME_SURPLUS = "disclosure.name-surplus";
    /// A disclosure has the name `_sd` or `...`.
    NAME_RESERVED = "disclosure.name-reserved";
    /// A disclosed name is there already.
    NAME_EXISTS = "disclosure.name-exists";
    /// A digest is there twice.
    DIGEST_TWICE = "disclosure.digest-twice";
    /// A disclosure is there twice.
    TWICE = "disclosure.twice";
    /// No digest refers to a disclosure.
    NOT_REFERRED = "disclosure.not-referred";
    /// The hash that `_sd_alg` names can't be computed here.
    HASH_UNKNOWN = "disclosure.hash-unknown";
    /// `_sd_alg` is no text.
    HASH_NAME = "disclosure.hash-name";
    /// `_sd_alg` stands below the top level.
    HASH_NESTED = "disclosure.hash-nested";
    /// `_sd` is no list of texts.
    DIGESTS = "disclosure.digests";
    /// An element with `...` is no digest.
    ELEMENT_DIGEST = "disclosure.element-digest";
    /// No tilde stands behind the last disclosure.
    NO_TILDE = "disclosure.no-tilde";
    /// Nothing stands between two tildes.
    GAP = "disclosure.gap";
    /// `disclosures` or `kb_jwt` stand where drafts had them.
    DRAFT_FORM = "disclosure.draft-form";
    /// `disclosures` is no list of texts.
    LIST = "disclosure.list";
    /// A signature behind the first one has disclosures.
    MISPLACED = "disclosure.misplaced";
    /// What stands behind the token is longer than is read.
    TOO_LONG = "disclosure.too-long";
    /// There are more disclosures than are read.
    TOO_MANY = "disclosure.too-many";
    /// What is disclosed nests deeper than is read.
    TOO_DEEP = "disclosure.too-deep";
    /// The key-binding token can't be read.
    BINDING_UNREADABLE = "disclosure.binding-unreadable";
    /// The key-binding token lacks something.
    BINDING_MISSING = "disclosure.binding-missing";
    /// Something in the key-binding token is not what it has to be.
    BINDING_VALUE = "disclosure.binding-value";
    /// The key-binding token is for other disclosures.
    BINDING_HASH = "disclosure.binding-hash";
}
