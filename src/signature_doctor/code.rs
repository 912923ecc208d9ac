//! The codes of this room's findings.

use crate::finding::Code;

crate::codes! {
    /// No key at hand made the signature.
    WRONG_KEY = "signature.wrong-key";
    /// The key is right, and the bytes are not the ones that were signed.
    CONTENT_ALTERED = "signature.content-altered";
    /// It was signed with another hash than the header names.
    HASH_MISMATCH = "signature.hash-mismatch";
    /// PKCS#1 v1.5 where the header says PSS, or the reverse.
    RS_PS_SWAP = "signature.rs-ps-swap";
    /// It was signed with another kind of algorithm than the header names.
    ALG_MISMATCH = "signature.alg-mismatch";
    /// The salt of PSS has another length than its hash.
    PSS_SALT = "signature.pss-salt";
    /// The mask of PSS is made with another hash.
    PSS_MASK = "signature.pss-mask";
    /// The block inside an RSA signature is not built as PKCS#1 demands.
    RSA_PADDING = "signature.rsa-padding";
    /// The token names one key, and another one made the signature.
    KID_MISMATCH = "signature.kid-mismatch";
    /// The token names a key that is not among those at hand.
    KEY_ROTATED = "signature.key-rotated";
    /// The key that made the signature is labelled for something else.
    KEY_LABEL = "signature.key-label";
    /// The key was damaged on the way here.
    KEY_DAMAGED = "signature.key-damaged";
    /// The header of a token for Microsoft Graph, which others cannot verify.
    GRAPH_NONCE = "signature.graph-nonce";
    /// The secret is base64 on one side and bytes on the other.
    SECRET_BASE64 = "signature.secret-base64";
    /// The signer decoded a secret that is no base64 as if it were.
    SECRET_BASE64_LENIENT = "signature.secret-base64-lenient";
    /// The secret is hexadecimal on one side and bytes on the other.
    SECRET_HEX = "signature.secret-hex";
    /// The secret is plain text, and was given as encoded.
    SECRET_PLAIN = "signature.secret-plain";
    /// A line break at the end of the secret, on one side.
    SECRET_NEWLINE = "signature.secret-newline";
    /// White space around the secret, on one side.
    SECRET_WHITESPACE = "signature.secret-whitespace";
    /// A byte order mark before the secret, on one side.
    SECRET_BOM = "signature.secret-bom";
    /// Quotation marks around the secret, on one side.
    SECRET_QUOTED = "signature.secret-quoted";
    /// The secret in UTF-16.
    SECRET_UTF16 = "signature.secret-utf16";
    /// The secret in Latin-1.
    SECRET_LATIN1 = "signature.secret-latin1";
    /// A zero byte at the end of the secret, on one side.
    SECRET_NUL = "signature.secret-nul";
    /// Escapes in the secret, resolved on one side.
    SECRET_ESCAPED = "signature.secret-escaped";
    /// Percent-encoding in the secret, resolved on one side.
    SECRET_PERCENT_ENCODED = "signature.secret-percent-encoded";
    /// The secret in other letters, capital or small.
    SECRET_CASE = "signature.secret-case";
    /// The hash of the secret served as the key.
    SECRET_HASHED = "signature.secret-hashed";
    /// The signature is hexadecimal text.
    SIGNATURE_HEX = "signature.signature-hex";
    /// The signature is encoded twice.
    ENCODED_TWICE = "signature.encoded-twice";
    /// Something stands behind the end of the signature.
    SURPLUS = "signature.surplus";
    /// The text of a public key served as the secret: a forgery.
    ALG_CONFUSION = "signature.alg-confusion";
    /// The numbers of an ECDSA signature lost their leading zeros.
    ECDSA_UNPADDED = "signature.ecdsa-unpadded";
    /// The numbers of an ECDSA signature have zeros too many.
    ECDSA_OVERPADDED = "signature.ecdsa-overpadded";
    /// The parts are written in the standard alphabet of base64, or padded.
    STD_BASE64 = "signature.std-base64";
    /// A part has characters or bits that its bytes do not demand.
    NONCANONICAL = "signature.noncanonical";
    /// The token was cut, or lost characters.
    TRUNCATED = "signature.truncated";
}

/// Causes that are never a finding here, only ruled out or left open: they have no words of their own but a title.
pub const NOT_A_JWS: Code = Code("signature.not-a-jws");
/// The type of the token.
pub const TYP: Code = Code("signature.typ");
/// The encoding of its text.
pub const UTF8: Code = Code("signature.utf8");
/// The length of the secret.
pub const SHORT_SECRET: Code = Code("signature.short-secret");
/// Its times.
pub const TIME: Code = Code("signature.time");
