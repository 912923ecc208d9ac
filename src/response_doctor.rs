//! The response doctor: a failing answer, the request and the token that led to it, to what it means and what to do.
//!
//! The data flows down this list:
//!
//! 1. [`catalogue`]: the error codes, scopes, causes and pages that are known, as data that is loaded when it is needed.
//! 2. [`masking`]: what is secret in a pasted text.
//! 3. [`evidence`]: pasted text to an [`Evidence`]: request, status, headers, body, parameters, token.
//! 4. [`challenge`], [`answer`]: what the server says, as [`Said`], in whatever dialect it speaks.
//! 5. [`endpoint`], [`token`], [`scopes`], [`redirect_uri`], [`join`]: answer, token and request brought together.
//! 6. [`explanation`]: the findings in order, the headline, and what to do next: steps, commands, a ticket, the checkup.
//!
//! Everything here is pure. Nothing that a server wrote is taken for anything but text, no address in it is followed, and
//! no secret of the paste gets into an explanation.

pub mod answer;
pub mod catalogue;
pub mod challenge;
pub mod endpoint;
pub mod evidence;
pub mod explanation;
pub mod join;
pub mod json;
pub mod masking;
pub mod redirect_uri;
pub mod scopes;
pub mod token;

pub use catalogue::Catalogue;
pub use evidence::Evidence;
pub use explanation::{Explanation, explain};

pub use answer::Said;

use crate::messages;

/// The words of this room's own findings; those of error codes stand in the [`Catalogue`].
pub static WORDS: messages::Catalogue = messages::Catalogue::new(&[
    include_str!("data/messages/response_answer.json"),
    include_str!("data/messages/response_join.json"),
]);

/// What someone has: the answer, and perhaps what led to it. Every field may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Case {
    /// The answer, in any of the forms that [`evidence::Kind`] lists.
    pub answer: String,
    /// The request: `POST https://api.example.com/v1/orders`, a curl command, or the head of the request.
    pub request: String,
    /// The token that was sent, perhaps in whatever it stood in.
    pub token: String,
    /// The redirect URIs that are registered for the client, one a line.
    pub registered: String,
}
