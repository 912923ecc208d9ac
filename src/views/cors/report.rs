//! The explanation as Markdown, for a ticket. Tokens are taken out of it, and so are the query strings of URLs.

use super::View;
use super::verdict::state;
use crate::cors::WORDS;
use crate::cors::explain::HeaderKind;
use crate::sniff::sniff;

impl View {
    pub(super) fn report(&self) -> String {
        let explanation = &self.explanation;
        let mut report =
            ["# ", &explanation.headline.markdown(), "\n\n", &explanation.support.markdown(), "\n"].concat();
        let mut push = |parts: &[&str]| parts.iter().for_each(|part| report.push_str(part));
        if let Some(fix) = &explanation.fix {
            push(&["\n## ", &fix.title.markdown(), "\n\n"]);
            if let Some(copy) = &fix.copy {
                push(&["    ", copy, "\n\n"]);
            }
            if !fix.path.is_empty() {
                push(&[&fix.path.join(" › "), "\n\n"]);
            }
            for note in &fix.notes {
                push(&["- ", &note.markdown(), "\n"]);
            }
        }
        if !explanation.walk.is_empty() {
            push(&["\n## What the browser did\n\n"]);
        }
        for (number, line) in explanation.walk.iter().enumerate() {
            push(&[&(number + 1).to_string(), ". ", state(line.state).1, ": ", &line.question.markdown(), "\n"]);
            if let Some(answer) = &line.answer {
                push(&["   ", &answer.markdown(), "\n"]);
            }
            if !line.headers.is_empty() {
                push(&["\n"]);
            }
            for header in &line.headers {
                let mark = match header.kind {
                    HeaderKind::Sent => "> ",
                    HeaderKind::Received => "< ",
                    HeaderKind::Missing => "- ",
                    HeaderKind::Needed => "+ ",
                };
                push(&["       ", mark, &header.text, "\n"]);
            }
        }
        if !explanation.findings.is_empty() {
            push(&["\n## Findings\n\n"]);
        }
        for finding in &explanation.findings {
            push(&["- ", &WORDS.words(finding, super::now()).problem.markdown(), "\n"]);
        }
        if let Some(confirm) = &explanation.confirm {
            push(&["\n## Confirm the fix\n\n    ", &crate::text::replace(confirm, "\n", "\n    "), "\n"]);
        }
        redacted(&report)
    }
}

/// The text without tokens and without the queries of URLs.
fn redacted(text: &str) -> String {
    let sniffed = sniff(text);
    let mut clean = String::new();
    let mut at = 0;
    for piece in sniffed.candidates.iter().flat_map(|candidate| &candidate.pieces) {
        clean.push_str(text.get(at..piece.start.max(at)).unwrap_or_default());
        clean.push_str("[token]");
        at = piece.end.max(at);
    }
    clean.push_str(text.get(at..).unwrap_or_default());
    let mut report = String::new();
    let mut rest = clean.as_str();
    while let Some((before, url)) = crate::text::split_once(rest, "://") {
        report.push_str(before);
        report.push_str("://");
        let end = url.find([' ', '\n', '`', '\'', '"', ')', '<', '>']).unwrap_or(url.len());
        let (url, behind) = url.split_at_checked(end).unwrap_or((url, ""));
        report.push_str(url.split(['?', '#']).next().unwrap_or_default());
        if url.contains('?') {
            report.push_str("?…");
        }
        rest = behind;
    }
    report.push_str(rest);
    report
}
