//! The pure function that ties the rooms together.
//!
//! [`inspect`] is called again, with the answers so far, until it asks nothing more. It never waits: whoever drives it
//! carries out the asks and may call it at any time, so a late answer is harmless and nothing needs cancelling.

use crate::claims::Expectations;
use crate::crypto::{Plan, Verification};
use crate::discovery::{Request, Response};
use crate::key::SecretEncoding;

pub use crate::discovery::Fetch;

/// What a person expects of a token, and what to check it with.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Options {
    /// What the claims are checked against.
    pub expectations: Expectations,
    /// Keys as pasted: a JWK, a JWKS, PEM public keys or certificates. Empty for none.
    pub keys: String,
    /// A shared secret as typed. Empty for none.
    pub secret: String,
    /// How [`Options::secret`] is to be read. Default UTF-8.
    pub secret_encoding: SecretEncoding,
    /// The only `alg` values to accept. Empty accepts every supported one; `none` is never accepted.
    pub algorithms: Vec<String>,
    /// Whether the issuer's keys, or those at [`Options::fetch_from`], may be asked for. Answers that are already there
    /// are used in any case.
    pub fetch: Fetch,
    /// A key set URL that the user typed.
    pub fetch_from: Option<String>,
}

/// Something that only the outside world can answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Fetch a public URL.
    Fetch(Request),
    /// Verify a signature.
    Verify(Plan),
}

/// What the outside world answered so far, by ask.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    /// Answers to [`Ask::Fetch`].
    pub responses: Vec<(Request, Response)>,
    /// Answers to [`Ask::Verify`].
    pub verifications: Vec<(Plan, Verification)>,
}
