//! How decrypting went: step by step, for each recipient, and what came out.

use web_sys::Element;

use super::words::{self, StepState};
use super::{fill, object};
use crate::decryption::{Decryption, Status, Step, Tried};
use crate::messages::visible;
use crate::page::checks::chip;
use crate::page::dom::{self, Template};
use crate::report::Token;

/// Recipients that are shown.
const MOST: usize = 100;

/// The steps, in order.
const STEPS: [Step; 4] = [Step::Header, Step::Key, Step::Tag, Step::Inflate];

/// Paints it for an encrypted token.
pub(super) fn paint(token: &Token, decryption: Option<&Decryption>, has_inner: bool) {
    dom::show("sec-decryption", decryption.is_some());
    let Some(decryption) = decryption else {
        dom::update("decryption-walk", &[]);
        dom::update("recipients", &[]);
        dom::update("decrypted", &[]);
        return;
    };
    dom::set_text("decryption-aside", words::decrypted(decryption.status).1);
    let header = |name: &str| token.header.as_ref().and_then(|header| header.string(name)).map(visible);
    let steps: Vec<Element> = STEPS
        .iter()
        .enumerate()
        .map(|(number, step)| {
            let state = state(decryption, *step, header("zip").is_some());
            let row = Template::fill("question");
            let (icon, word) = words::step_state(state);
            row.set("item", "class", icon).set("item", "data-key", &number.to_string());
            row.text("number", &(number + 1).to_string()).replace("state", &chip(icon, word));
            row.text("question", words::step(*step)).remove("more");
            match (step, state) {
                (Step::Header, StepState::Passed) => {
                    let names: Vec<String> = ["alg", "enc", "zip"].iter().filter_map(|name| header(name)).collect();
                    row.text("answer", &names.join(", "));
                }
                (Step::Key, StepState::Passed) => {
                    row.push("answer", &object::key(decryption.key.as_ref()));
                }
                _ => {
                    row.text("answer", words::step_answer(*step, state));
                }
            }
            row.done()
        })
        .collect();
    dom::update("decryption-walk", &steps);
    let several = decryption.recipients.len() > 1;
    let recipients = decryption.recipients.iter().take(if several { MOST } else { 0 }).enumerate().map(recipient);
    fill("recipients", "recipients-part", &recipients.collect::<Vec<_>>());
    // What is JSON stands below as the payload, and a token inside has a button.
    let plaintext = decryption.plaintext.as_deref().filter(|_| {
        let is_json = token.payload.as_ref().is_some_and(|payload| payload.is_json());
        !is_json && !has_inner
    });
    dom::show("decrypted-part", plaintext.is_some());
    dom::set_text("decrypted", &plaintext.map(text).unwrap_or_default());
}

/// How far a step went.
fn state(decryption: &Decryption, step: Step, has_zip: bool) -> StepState {
    let position = |step: Step| STEPS.iter().position(|other| *other == step).unwrap_or(0);
    let stopped = decryption.step.unwrap_or(match decryption.status {
        Status::Unsupported => Step::Header,
        _ => Step::Key,
    });
    match decryption.status {
        Status::Decrypted if step == Step::Inflate && !has_zip => StepState::NotNeeded,
        Status::Decrypted => StepState::Passed,
        _ if position(step) < position(stopped) => StepState::Passed,
        _ if position(step) > position(stopped) => StepState::NotReached,
        Status::Failed => StepState::Failed,
        Status::Waiting => StepState::Waiting,
        Status::NoKey => StepState::NoKey,
        Status::Unsupported => StepState::Unsupported,
    }
}

fn recipient((number, tried): (usize, &Tried)) -> Element {
    let row = Template::fill("signature");
    row.set("row", "data-key", &number.to_string()).text("number", &(number + 1).to_string());
    row.text("algorithm", &tried.algorithm.as_deref().map_or_else(|| words::NONE.to_owned(), visible));
    match &tried.kid {
        Some(kid) => row.push("key", &dom::span("code", "", &visible(kid))),
        None => row.text("key", words::NONE),
    };
    let (icon, word) = words::decrypted(tried.status);
    row.replace("state", &chip(icon, word));
    row.done()
}

/// The bytes as text; of what is none, hexadecimal digits.
fn text(bytes: &[u8]) -> String {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return object::shown(text);
    }
    let mut text = String::new();
    for byte in bytes.iter().take(object::MOST_SHOWN / 3) {
        for digit in [byte >> 4, byte & 15] {
            text.push(char::from_digit(u32::from(digit), 16).unwrap_or('0'));
        }
        text.push(' ');
    }
    if bytes.len() > object::MOST_SHOWN / 3 {
        text.push_str(words::CUT);
    }
    text
}
