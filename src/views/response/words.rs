//! The short words of this view, by what they stand for.

use crate::browser::file::FileFault;
use crate::finding::Severity;
use crate::response_doctor::catalogue::Next;
use crate::response_doctor::catalogue::search::HitKind;
use crate::response_doctor::explanation::CheckState;
use crate::response_doctor::token::TokenWhat;

/// Beside the name of a part that was left empty and may be.
pub const OPTIONAL: &str = "optional";

/// Beside the name of a list that is empty.
pub const NONE: &str = "none yet";

/// The headline where a text was pasted and nothing is said of it.
pub const NOTHING_KNOWN: &str = "Nothing is known about this yet";

/// Where a text was too long to be kept whole.
pub const TOO_LONG: &str =
    "The text is longer than 512 KiB. Its beginning, up to there, is kept and looked at; the rest is left out";

/// Before the list of what is hidden.
pub const HIDDEN: &str = "Hidden";

/// The same while it is shown.
pub const SHOWN: &str = "Shown";

/// On the buttons that show what is hidden, or hide it.
pub const SHOW: &str = "Show";

/// See [`SHOW`].
pub const HIDE: &str = "Hide";

/// What a token is.
pub fn token(what: TokenWhat) -> &'static str {
    match what {
        TokenWhat::Access => "Access token",
        TokenWhat::Id => "ID token",
        TokenWhat::OtherJwt => "Another kind of JWT",
        TokenWhat::Encrypted => "Encrypted token",
        TokenWhat::ApiToken => "API token (SSWS)",
        TokenWhat::Opaque => "Opaque token",
    }
}

/// How the headline bears: its icon, the verdict that colours it, and its word.
pub fn verdict(severity: Severity) -> (&'static str, &'static str, &'static str) {
    match severity {
        Severity::Error => ("fail", "rejected", "Error"),
        Severity::Warning => ("warn", "warned", "Warning"),
        Severity::Info => ("note", "none", "Note"),
        Severity::Ok => ("pass", "accepted", "Good"),
    }
}

/// The state of a question: its class, which is also its icon, and its word.
pub fn check(state: CheckState) -> (&'static str, &'static str) {
    match state {
        CheckState::Pass => ("pass", "Good"),
        CheckState::Fail => ("fail", "Fault"),
        CheckState::Warn => ("warn", "Look"),
        CheckState::Unknown => ("skip", "Not known"),
    }
}

/// What makes the next attempt succeed.
pub fn next(next: Next) -> &'static str {
    match next {
        Next::Renew => "Get another access token, by refreshing",
        Next::SignIn => "A new sign-in or authorization request",
        Next::Request => "Change the request",
        Next::Setup => "Change the configuration, then try again",
        Next::Wait => "Wait for the time that the answer tells",
        Next::Retry => "Try again later",
        Next::Poll => "Keep polling: it is no fault",
        Next::Support => "Ask the provider",
        Next::None => "",
    }
}

/// What a row is often mistaken for.
pub fn excluded(name: &str) -> &'static str {
    match name {
        "token" => "a fault of the token: another one changes nothing",
        "scope" => "a missing scope",
        "quota" => "a rate limit of the API",
        "outage" => "an outage",
        _ => "",
    }
}

/// What kind of thing was found.
pub fn hit(kind: HitKind) -> &'static str {
    match kind {
        HitKind::Page => "page",
        HitKind::Row => "code or cause",
        HitKind::Scope => "scope",
        HitKind::Operation => "operation",
    }
}

/// The names of the rows of a card.
pub const CARD: Card = Card {
    status: "Status",
    error: "OAuth error",
    sender: "Sent by",
    why: "Why",
    remedy: "Fix",
    next: "Next attempt",
    excludes: "It is not",
    place: "Where",
    texts: "Texts",
    reference: "Spec",
    source: "Source",
    credential: "Takes",
    pages: "On the pages",
    operations: "Operations that need it",
    scopes: "Scopes that it needs, all of them",
    roles: "Standard roles that may do it",
    oauth_only: "OAuth access tokens",
    api_token_only: "API tokens (SSWS)",
    both: "OAuth access tokens and API tokens (SSWS)",
};

/// See [`CARD`].
pub struct Card {
    pub status: &'static str,
    pub error: &'static str,
    pub sender: &'static str,
    pub why: &'static str,
    pub remedy: &'static str,
    pub next: &'static str,
    pub excludes: &'static str,
    pub place: &'static str,
    pub texts: &'static str,
    pub reference: &'static str,
    pub source: &'static str,
    pub credential: &'static str,
    pub pages: &'static str,
    pub operations: &'static str,
    pub scopes: &'static str,
    pub roles: &'static str,
    pub oauth_only: &'static str,
    pub api_token_only: &'static str,
    pub both: &'static str,
}

/// Why a file was not read.
pub fn file_fault(fault: FileFault) -> &'static str {
    match fault {
        FileFault::TooLarge => "The file is larger than 16 MiB",
        FileFault::Unreadable => "The browser could not read the file",
    }
}
