//! The texts that may have been signed.

use std::rc::Rc;

use super::Search;
use crate::finding::{Code, Fact};
use crate::jose::algorithm::{ALGORITHMS, Kind};
use crate::jose::{self, base64url};
use crate::report::SegmentRole;
use crate::signature_doctor::case::{Case, has};
use crate::signature_doctor::words::{self, Facts};
use crate::signature_doctor::{code, rewriting};

/// A text that may have been signed.
pub struct Text {
    pub bytes: Rc<[u8]>,
    /// The cause when it is, with its facts.
    pub deviation: Option<(Code, Facts)>,
}

impl Search<'_> {
    /// The texts that may have been signed, apart from rewritings.
    pub(super) fn bases(&self) -> Vec<Rc<[u8]>> {
        self.texts.iter().map(|text| text.bytes.clone()).collect()
    }

    /// The rewritings, with their facts; for an HMAC of another length, also with that algorithm in the header.
    pub(super) fn rewritten_texts(&mut self, length: Option<usize>) -> Vec<(Rc<[u8]>, Facts)> {
        if self.rewritings.is_none() {
            self.rewritings = Some(rewriting::rewritings(self.case.subject.token));
        }
        let named = length.and_then(|length| {
            ALGORITHMS.iter().find(|one| one.kind == Kind::Hmac && one.signature_length == Some(length))
        });
        let mut texts = match named {
            Some(actual) => self.renamed(Some(actual.name)),
            None => Vec::new(),
        };
        for rewriting in self.rewritings.iter().flatten() {
            let mut facts: Facts = vec![
                ("what", Fact::Words(rewriting.what)),
                ("rewriting", Fact::Words(rewriting.words)),
                ("part", Fact::Words(rewriting.part)),
            ];
            if let Some(shown) = rewriting.shown.as_ref().and_then(|shown| std::str::from_utf8(shown).ok()) {
                facts.push(("signed", Fact::Text(shown.to_owned())));
            }
            texts.push((Rc::from(rewriting.signed.as_slice()), facts));
        }
        texts
    }

    /// The token with another algorithm in its header: the one that it was signed with.
    pub(super) fn renamed(&self, actual: Option<&str>) -> Vec<(Rc<[u8]>, Facts)> {
        let (Some(actual), Some(header)) = (actual, self.case.header) else { return Vec::new() };
        if actual.is_empty() || actual == self.case.algorithm_name() {
            return Vec::new();
        }
        let value = header.member("alg").map(|value| value.span.clone());
        let Some(text) = value.and_then(|span| replaced(&header.bytes, span, actual)) else { return Vec::new() };
        let facts = vec![
            ("what", Fact::Words("header.alg")),
            ("rewriting", words::fact("rewritings", "alg")),
            ("part", Fact::Words("header")),
        ];
        vec![(joined(&text, self.case.part(1)), facts)]
    }
}

/// The texts that may have been signed: as received, as its bytes demand, and before Microsoft Graph's change.
pub(super) fn texts(case: &Case) -> Vec<Text> {
    let mut texts = vec![Text { bytes: case.signed.clone(), deviation: None }];
    let bytes = |role: SegmentRole| {
        let segments = &case.subject.token.segments;
        segments.iter().find(|segment| segment.role == role).map_or(&[][..], |segment| &segment.bytes)
    };
    if !case.is_canonical() {
        let standard = [jose::code::BASE64URL_STANDARD_ALPHABET, jose::code::BASE64URL_PADDING];
        let code = if has(case.subject, &standard) { code::STD_BASE64 } else { code::NONCANONICAL };
        let deviation = |how: &str| Some((code, words::spelling(how)));
        let payload = base64url::encode(bytes(SegmentRole::Payload));
        let canonical = joined(bytes(SegmentRole::Header), &payload);
        let differs = *canonical != *case.signed;
        if let Some(received) = texts.first_mut() {
            received.deviation = deviation(if differs { "received" } else { "signature" });
        }
        if differs {
            texts.push(Text { bytes: canonical, deviation: deviation("rewritten") });
        }
    }
    if let Some(text) = before_graph(case) {
        texts.push(Text { bytes: text, deviation: Some((code::GRAPH_NONCE, Vec::new())) });
    }
    texts
}

/// The text that Microsoft signed, when the token is one whose header was changed for Microsoft Graph: the value of
/// `nonce` was its hash.
fn before_graph(case: &Case) -> Option<Rc<[u8]>> {
    use sha2::{Digest, Sha256};
    let header = case.header?;
    let nonce = header.member("nonce")?;
    let hash = base64url::encode(&Sha256::digest(nonce.as_str()?.as_bytes()));
    let text = replaced(&header.bytes, nonce.span.clone(), &hash)?;
    Some(joined(&text, case.part(1)))
}

/// A JSON text with one value replaced by a string.
fn replaced(json: &[u8], span: std::ops::Range<usize>, by: &str) -> Option<Vec<u8>> {
    let (before, behind) = (json.get(..span.start)?, json.get(span.end..)?);
    Some([before, crate::json::quoted(by).as_bytes(), behind].concat())
}

fn joined(header: &[u8], payload: &str) -> Rc<[u8]> {
    let text = [base64url::encode(header).as_str(), ".", payload].concat();
    Rc::from(text.into_bytes())
}
