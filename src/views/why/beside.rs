//! What is chosen in the input pane: whose eyes the token is looked at with, and what came with it.

use web_sys::{HtmlDetailsElement, HtmlInputElement};

use super::{View, given};
use crate::finding::{Code, Finding};
use crate::page::dom;
use crate::page::expectations::{WIDE, grow, set_value};
use crate::profile::Status;
use crate::report::KeySet;
use crate::role::Role;
use crate::why::Choices;
use crate::{jose, key};

/// The fields for what came with a token: the field, its name in the summary, and the requirements that take it.
const FIELDS: [(&str, &str, &[&str]); 6] = [
    ("beside-access-token", "an access token", &["at_hash", "ath"]),
    ("beside-code", "a code", &["c_hash"]),
    ("beside-state", "a state", &["s_hash"]),
    ("beside-certificate", "a certificate", &["cnf.x5t#S256"]),
    (PAYLOAD, "a payload", &[]),
    (PASSWORD, "a password", &[]),
];

/// The field for the payload of a detached signature.
const PAYLOAD: &str = "beside-payload";

/// What is said of a key that waits for a password.
const PASSWORD_CODES: [Code; 2] = [key::details::code::PASSWORD_MISSING, key::details::code::PASSWORD_WRONG];

/// The field for the password of an encrypted private key.
const PASSWORD: &str = "beside-password";

/// The choices of the input pane.
pub fn choices() -> Choices {
    Choices {
        role: role(),
        access_token: given("beside-access-token"),
        code: given("beside-code"),
        state: given("beside-state"),
        client_certificate: given("beside-certificate"),
        detached_payload: given(PAYLOAD),
        key_password: given(PASSWORD),
        ..Choices::default()
    }
}

/// Empties the fields, and looks at tokens with nobody's eyes.
pub fn forget() {
    for (id, _, _) in FIELDS {
        set_value(id, "");
    }
    grow();
    dom::find::<HtmlInputElement>("role-looking").set_checked(true);
}

/// On a narrow window the group folds to one line; the user's folding holds until the width changes.
pub fn fold() {
    let wide = dom::window().match_media(WIDE).ok().flatten().is_none_or(|query| query.matches());
    dom::find::<HtmlDetailsElement>("beside").set_open(wide);
}

/// Whose eyes the token is looked at with.
pub fn role() -> Role {
    let chosen = |id| dom::find::<HtmlInputElement>(id).checked();
    if chosen("role-api") {
        Role::Api
    } else if chosen("role-client") {
        Role::Client
    } else {
        Role::Looking
    }
}

impl View {
    /// Whether the token, or a key, can't be looked at without what the field holds.
    fn asks_for(&self, id: &str) -> bool {
        let has = |findings: &[Finding], code: Code| findings.iter().any(|finding| finding.code == code);
        match id {
            PAYLOAD => self.token().is_some_and(|token| has(&token.findings, jose::code::PAYLOAD_DETACHED)),
            PASSWORD => {
                let lacks = |set: &KeySet| PASSWORD_CODES.iter().any(|code| has(&set.findings, *code));
                self.explained.report.key_sets.iter().any(lacks)
            }
            _ => false,
        }
    }

    /// A field is there when a requirement could be checked with it, or when it holds something.
    pub(super) fn paint_beside(&self) {
        let profile = self.why().and_then(|why| why.profile.as_ref());
        let payload = self.token().and_then(|token| token.payload.as_ref());
        // The token has what would be held against the field: the claim, or the claim that it stands in.
        let has = |item: &str| {
            let claim = item.split('.').next().unwrap_or_default();
            payload.is_some_and(|payload| payload.member(claim).is_some())
        };
        let wanted = |items: &[&str]| {
            profile.is_some_and(|profile| {
                let open = profile.requirements.iter().filter(|one| one.status == Status::NotChecked);
                open.map(|one| one.item).any(|item| items.contains(&item) && has(item))
            })
        };
        let mut held = Vec::new();
        let mut any = false;
        for (id, name, items) in FIELDS {
            let holds = given(id).is_some();
            let shown = holds || wanted(items) || self.asks_for(id);
            dom::show(&[id, "-row"].concat(), shown);
            any |= shown;
            if holds {
                held.push(name);
            }
        }
        dom::show("beside", any);
        dom::set_text("beside-summary", &if held.is_empty() { "none given".to_owned() } else { held.join(", ") });
    }
}
