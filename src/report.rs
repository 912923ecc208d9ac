//! The one value that holds all that is known. The page, the JSON, the Markdown and the tests read it, and nothing else.
//!
//! Positions here are byte offsets into the pasted text as UTF-8; [`json`] turns them into the UTF-16 units that
//! JavaScript counts in.

use std::ops::Range;

pub mod headline;
pub mod json;
pub mod markdown;
pub mod redaction;

pub use headline::{Headline, headline};

use crate::decryption::Decryption;
use crate::disclosure::Disclosure;
use crate::finding::Finding;
use crate::json::Document;
use crate::messages::Prose;
use crate::time::Time;

/// All that is known about a pasted text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// The time the checks were made for.
    pub now: Time,
    /// What was recognised in the text, in order.
    pub inputs: Vec<Input>,
    /// The tokens found, in order.
    pub tokens: Vec<Token>,
    /// Where keys came from, or were looked for.
    pub key_sets: Vec<KeySet>,
    /// What is known about the text as a whole.
    pub findings: Vec<Finding>,
}

/// Something recognised in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// What it is.
    pub kind: InputKind,
    /// Where it stands.
    pub span: Range<usize>,
}

/// What a text, or a part of it, was recognised as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputKind {
    /// A token and nothing around it.
    Bare,
    /// `Bearer …` or `DPoP …`
    Bearer,
    /// An `Authorization:` line.
    AuthorizationHeader,
    /// A curl command.
    Curl,
    /// A token endpoint's JSON answer.
    TokenResponse,
    /// A redirect URL with a fragment or a query.
    CallbackUrl,
    /// A jwt.io link.
    JwtIoLink,
    /// Any other text.
    Text,
}

/// A token, or what is left of one.
#[derive(Clone, Debug, PartialEq)]
pub struct Token {
    /// What its shape says it is.
    pub kind: TokenKind,
    /// What the text around it calls it, such as `access_token`.
    pub name: Option<TokenName>,
    /// What it was found in.
    pub found_in: InputKind,
    /// The pieces of the pasted text that make it up, in order: more than one where line breaks were skipped.
    pub pieces: Vec<Range<usize>>,
    /// The token itself, skipped characters left out.
    pub text: String,
    /// Its dot-separated parts.
    pub segments: Vec<Segment>,
    /// The header, when the first part could be decoded.
    pub header: Option<Document>,
    /// The payload, when there is a readable one.
    pub payload: Option<Document>,
    /// Whether the signature is good, and by which key.
    pub signature: Signature,
    /// The result of all checks.
    pub verdict: Verdict,
    /// Everything known about it, the most important first.
    pub findings: Vec<Finding>,
    /// What a second look found in it: more signatures, what was encrypted, what was disclosed. `None` for most tokens, and
    /// always in the first verdict.
    pub beyond: Option<Box<Beyond>>,
}

impl Token {
    /// Where among [`Report::tokens`] the token is that this one stands inside.
    pub fn inside(&self) -> Option<usize> {
        self.beyond.as_ref()?.inside
    }
}

/// What a second look finds in a token.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Beyond {
    /// Each signature of a JSON serialisation. [`Token::signature`] is the best of them.
    pub signatures: Vec<Signature>,
    /// How decrypting went.
    pub decryption: Option<Decryption>,
    /// What an SD-JWT discloses.
    pub disclosure: Option<Disclosure>,
    /// For a token that stands inside another one: where that is among [`Report::tokens`].
    pub inside: Option<usize>,
    /// What stands below the headline instead of what is said of its signature.
    pub support: Option<Prose>,
}

/// What a token's shape says it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// A signed token: three parts.
    Jws,
    /// An encrypted token: five parts.
    Jwe,
    /// A signed token whose header says `"alg":"none"`.
    Unsecured,
    /// Fewer or more parts than any token has: cut off, or glued together.
    Incomplete,
    /// No JSON Web Token at all: a reference that only its issuer can resolve.
    Opaque,
}

/// What the text around a token calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenName {
    /// `access_token`
    AccessToken,
    /// `id_token`
    IdToken,
    /// `refresh_token`
    RefreshToken,
}

/// A dot-separated part of a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Where it stands in [`Token::text`].
    pub span: Range<usize>,
    /// What it is for.
    pub role: SegmentRole,
    /// Its bytes, decoded as far as possible.
    pub bytes: Vec<u8>,
}

/// What a part of a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SegmentRole {
    /// The protected header.
    Header,
    /// The payload of a signed token.
    Payload,
    /// The signature.
    Signature,
    /// The encrypted key of an encrypted token.
    EncryptedKey,
    /// The initialisation vector of an encrypted token.
    InitializationVector,
    /// The encrypted payload.
    Ciphertext,
    /// The authentication tag of an encrypted token.
    AuthenticationTag,
    /// A part that no token has.
    Surplus,
}

/// What is known about a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// Whether it is good.
    pub status: SignatureStatus,
    /// The header's `alg`.
    pub algorithm: Option<String>,
    /// The key that verified it, or that was tried last.
    pub key: Option<UsedKey>,
}

/// Whether a signature is good. These are five different things, and the page has five words for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureStatus {
    /// It verifies over the received bytes, with a named key from a named place.
    Valid,
    /// It does not verify with any fitting key, or cannot verify with any key at all.
    Invalid,
    /// There was no key to check it with, or no way to check it here.
    NotChecked,
    /// Its algorithm is one that this page does not know, or this browser cannot do.
    Unsupported,
    /// The token has no signature.
    None,
}

/// The key behind a signature's status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsedKey {
    /// Where it came from.
    pub source: KeySource,
    /// Its `kid`, when it has one.
    pub kid: Option<String>,
    /// Its SHA-256 thumbprint ([RFC 7638](https://www.rfc-editor.org/rfc/rfc7638)); never given for secrets, because
    /// a thumbprint of a weak secret can be guessed back.
    pub thumbprint: Option<String>,
}

/// Where a key came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeySource {
    /// Pasted by the user.
    Pasted,
    /// A shared secret typed by the user.
    Secret,
    /// Published by the expected issuer.
    Issuer,
    /// Fetched from a key set URL that the user typed.
    JwksUrl,
    /// Carried inside the token: proves nothing but self-consistency.
    Token,
}

/// The result of all checks on a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Issuer and audience are the expected ones, every check passed, and the signature is valid by a trusted key.
    Accepted,
    /// A check failed.
    Rejected,
    /// Nothing failed, and something is still unknown.
    Undecided,
}

/// A place that keys came from, or were looked for.
#[derive(Clone, Debug, PartialEq)]
pub struct KeySet {
    /// What kind of place.
    pub source: KeySource,
    /// The URL, for fetched keys.
    pub url: Option<String>,
    /// When it was fetched.
    pub fetched: Option<Time>,
    /// The keys in it.
    pub keys: Vec<KeySummary>,
    /// What is known about it: how fetching went, what the metadata says, which keys could not be read.
    pub findings: Vec<Finding>,
}

/// A key as the report shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeySummary {
    /// Its `kid`, when it has one.
    pub kid: Option<String>,
    /// Its type and size: "RSA 2048", "EC P-256", "OKP Ed25519", "secret, 32 bytes".
    pub description: String,
    /// Its SHA-256 thumbprint, except for secrets.
    pub thumbprint: Option<String>,
}
