//! The parts of a token.

pub mod algorithm;
pub mod base64url;
