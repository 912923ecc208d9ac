//! Tokenscope reads, checks and verifies JSON Web Tokens, and says in plain words what is wrong.
//!
//! Read the modules in this order, which is also the order in which data flows. No module calls back up.
//!
//! 1. [`time`], [`text`], [`json`], [`finding`], [`order`]: the values that everything else is made of.
//! 2. [`sniff`]: what is in this text?
//! 3. [`jose`]: the parts of a token, decoded as far as possible.
//! 4. [`claims`]: the claims against what is expected.
//! 5. [`key`]: keys in all their forms, and which of them fits.
//! 6. [`crypto`]: what WebCrypto must be asked.
//! 7. [`discovery`]: from an issuer to its keys, and the only URLs that may be fetched.
//! 8. [`inspect`]: the pure function that ties them together, by asks and answers.
//! 9. [`report`], [`messages`]: what came out, and the words for it.
//!
//! Beside this way stands the CORS lab, which the page loads on first use:
//!
//! 10. [`http`]: HTTP messages as values, and as text.
//! 11. [`cors`]: the Fetch standard's algorithm over evidence, and what to change where.
//! 12. [`har`]: recordings of the network, read in chunks.
//! 13. [`response_doctor`]: what an API or an identity provider answered, why, and what to do.
//!
//! Behind the first verdict, which the page loads after it:
//!
//! 14. [`decryption`], [`disclosure`], [`beyond`]: what the first verdict leaves: encrypted tokens, what browsers lack,
//!     selective disclosure, tokens in tokens.
//! 15. [`profile`], [`provider`], [`role`], [`lint`], [`lifetime`], [`timeline`]: what kind of token, whose, for whom, and
//!     what is unusual about it.
//! 16. [`signature_doctor`]: why a signature fails.
//! 17. [`compare`]: one token beside another.
//! 18. [`why`]: the pure function that ties these together.
//!
//! And the other way round:
//!
//! 19. [`encryption`], [`create`]: making tokens and keys.
//!
//! The core is sans-IO: no clock, no network, no browser. `browser`, `page` and `api` exist only on the wasm target.

pub mod beyond;
pub mod claims;
pub mod compare;
pub mod cors;
pub mod create;
pub mod crypto;
pub mod decryption;
pub mod disclosure;
pub mod discovery;
pub mod encryption;
pub mod finding;
pub mod har;
pub mod http;
pub mod inspect;
pub mod jose;
pub mod json;
pub mod key;
pub mod lifetime;
pub mod lint;
pub mod messages;
pub mod options;
pub mod order;
pub mod profile;
pub mod provider;
pub mod report;
pub mod response_doctor;
pub mod role;
pub mod signature_doctor;
pub mod sniff;
pub mod text;
pub mod time;
pub mod timeline;
pub mod why;

#[cfg(target_arch = "wasm32")]
pub mod api;
#[cfg(target_arch = "wasm32")]
pub mod browser;
#[cfg(target_arch = "wasm32")]
pub mod page;
#[cfg(target_arch = "wasm32")]
pub mod views;
