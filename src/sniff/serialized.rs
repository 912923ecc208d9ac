//! Tokens in a JSON serialisation: an object that has what only tokens have, alone or anywhere in other text.

use std::ops::Range;

use crate::jose::serialized::is_token;
use crate::json::{self, Document, Kind};
use crate::order;
use crate::text;

/// The names of members that such an object has at least one of.
const SIGNS: [&str; 3] = ["\"ciphertext\"", "\"protected\"", "\"signature"];

/// How many objects around such a name are looked at: an entry of a list, and the object that holds the list.
const MOST_AROUND: usize = 2;

/// Where these tokens stand, in order.
pub fn find(text: &str) -> Vec<Range<usize>> {
    let mut signs = Vec::new();
    for sign in SIGNS {
        signs.extend(text::positions(text, sign));
    }
    order::sort(&mut signs, |one, other| one < other);
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut patience = text.len().saturating_mul(4) + (1 << 16);
    for sign in signs {
        if found.last().is_some_and(|last| sign < last.end) || found.len() > super::MOST_TOKENS {
            continue;
        }
        let start = found.last().map_or(0, |last| last.end);
        found.extend(around(text, start, sign, &mut patience));
    }
    found
}

/// How far behind the place is read at first: few tokens are longer, and in a log of megabytes there may be many.
const NEAR: usize = 1 << 15;

/// Reads the object that a text begins with, which reaches at least as far as the place.
fn read(text: &str, place: usize, patience: &mut usize) -> Option<Document> {
    let near = text.as_bytes().get(..place + NEAR).unwrap_or(text.as_bytes());
    *patience = patience.checked_sub(near.len())?;
    let document = json::read(near.to_vec());
    let is_cut = document.faults.iter().any(|fault| fault.at == near.len());
    if !is_cut || near.len() == text.len() {
        return Some(document);
    }
    *patience = patience.checked_sub(text.len())?;
    Some(json::read(text.as_bytes().to_vec()))
}

/// The outermost of the nearest objects around a place that is a token. What is read in vain ends with the patience.
fn around(text: &str, start: usize, place: usize, patience: &mut usize) -> Option<Range<usize>> {
    let mut found = None;
    let mut depth = 0_usize;
    let mut objects = 0;
    for at in (start..place).rev() {
        *patience = patience.checked_sub(1)?;
        match text.as_bytes().get(at) {
            Some(b'}') => depth += 1,
            Some(b'{') if depth > 0 => depth -= 1,
            Some(b'{') => {
                let rest = text.get(at..)?;
                let document = read(rest, place - at, patience)?;
                let root = document.root.filter(|root| matches!(root.kind, Kind::Object(_)) && is_token(root));
                found = root.map(|root| at..at + root.span.end).filter(|range| range.end > place).or(found);
                objects += 1;
                if objects == MOST_AROUND {
                    break;
                }
            }
            _ => {}
        }
    }
    found
}
