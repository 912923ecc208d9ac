//! The token that was sent with the request: one line about it, and the token itself only when it is asked for.

use super::hiding::PASTED;
use super::{FIELDS, LONGEST, View, beginning, focus, now, words};
use crate::messages::visible;
use crate::page::dom;
use crate::page::expectations::{set_value, value};
use crate::response_doctor::token::{TokenFacts, TokenWhat};
use crate::time::{Time, duration, relative};

/// Of a longer token only this many characters are shown.
const LONGEST_SHOWN: usize = 20_000;

impl View {
    /// A token that came into its field as a whole is taken out of it and kept.
    pub(super) fn token_typed(&mut self, left: bool) {
        let text = value("response-token");
        // What is typed key by key waits until the field is left.
        if !left && text.len() < self.token_length + PASTED {
            self.token_length = text.len();
            return;
        }
        self.token_length = 0;
        if text.trim().is_empty() {
            return;
        }
        self.given_token = beginning(&text, LONGEST).to_owned();
        if self.given_token.len() < text.len() {
            dom::set_text("response-notice", words::TOO_LONG);
            dom::show("response-notice", true);
        }
        self.token_shown = false;
        let had_focus = dom::document().active_element().is_some_and(|focused| focused.id() == "response-token");
        set_value("response-token", "");
        if had_focus && !left {
            // The field is gone; who goes on by keyboard finds the buttons in its place.
            self.focus_token = true;
        }
    }

    pub(super) fn remove_token(&mut self) {
        if self.given_token.is_empty() {
            if let Some(token) = self.sent_token.take() {
                self.hidden.remove(&token.text, &FIELDS);
            }
        } else {
            self.given_token = String::new();
        }
        self.token_shown = false;
        self.refresh();
        focus(if self.sent_token.is_some() { "response-token-remove" } else { "response-token" });
    }

    pub(super) fn paint_token(&mut self) {
        let held = self.sent_token.is_some() || !self.given_token.is_empty();
        dom::show("response-token-held", held);
        dom::show("response-token-field", !held);
        if !held {
            dom::show("response-token-text", false);
            return;
        }
        let what = self.explanation.token.as_ref().map_or(TokenWhat::Opaque, |facts| facts.what);
        dom::set_text("response-token-what", words::token(what));
        dom::set_text("response-token-about", &self.about_token());
        dom::show("response-token-text", self.token_shown);
        dom::set_text("response-token-show-text", if self.token_shown { words::HIDE } else { words::SHOW });
        let text = self.sent_token.as_ref().map_or(self.given_token.as_str(), |token| token.text.as_str());
        dom::update("response-token-text", &if self.token_shown { segments(text) } else { Vec::new() });
        dom::show("response-token-inspect", self.sent_token.is_some());
        if std::mem::take(&mut self.focus_token) {
            focus("response-token-show");
        }
    }

    /// Issuer, scopes and expiry, and where the token is from.
    fn about_token(&self) -> String {
        let mut parts = Vec::new();
        if let Some(facts) = &self.explanation.token {
            parts.extend(about(facts, self.explanation.date));
        }
        if self.given_token.is_empty() {
            parts.push("found in what was pasted".to_owned());
        }
        parts.join(" · ")
    }
}

/// What is said of a token. Whether it was valid counts when the server answered: what this computer's clock says of it now
/// would look like the reason.
fn about(facts: &TokenFacts, answered: Option<Time>) -> Vec<String> {
    let mut parts = Vec::new();
    let host = facts.issuer.split_once("://").map_or(facts.issuer.as_str(), |(_, rest)| rest);
    let host = host.split('/').next().unwrap_or_default();
    if !host.is_empty() {
        parts.push(["from ", &visible(host).chars().take(80).collect::<String>()].concat());
    }
    if let Some(scopes) = &facts.scopes {
        let plural = if scopes.len() == 1 { " scope" } else { " scopes" };
        parts.push([&scopes.len().to_string(), plural].concat());
    }
    if let Some(expires) = facts.expires {
        let at = expires.date_and_time();
        parts.push(match answered {
            Some(answered) if expires <= answered => {
                ["expired ", &at, ", ", &duration(answered.since(expires)), " before the answer"].concat()
            }
            Some(answered) => ["expires ", &at, ", ", &duration(expires.since(answered)), " after the answer"].concat(),
            None => {
                let expired = if expires <= now() { "expired " } else { "expires " };
                [expired, &at, ", ", &relative(expires, now()), " by this computer’s clock"].concat()
            }
        });
    }
    parts
}

/// The token in the colours of its parts.
fn segments(token: &str) -> Vec<web_sys::Element> {
    let shown: String = token.chars().take(LONGEST_SHOWN).collect();
    let shown = visible(&shown);
    if shown.split('.').count() != 3 {
        return vec![dom::span("span", "other", &shown)];
    }
    let mut segments = Vec::new();
    for (part, class) in shown.split('.').zip(["sh", "sp", "ss"]) {
        if !segments.is_empty() {
            segments.push(dom::span("span", "dot", "."));
        }
        segments.push(dom::span("span", class, part));
    }
    segments
}
