//! Findings with their words as JSON text, from the module that has the tables to the page, which has one list for all.

use std::cell::RefCell;
use std::rc::Rc;

use super::Explained;
use crate::finding::{Certainty, Code, Finding, Severity};
use crate::json::{self, Document, Value};
use crate::messages::{self, Prose, Section, Span, Words};
use crate::report::json::{Node, write as write_node};
use crate::time::Time;

/// What stands behind the verdicts of one text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Carried {
    /// Which input of the page it belongs to.
    pub generation: u32,
    /// The findings of each token.
    pub tokens: Vec<Vec<Finding>>,
}

/// The findings that the first verdict does not have, as JSON.
pub fn write(explained: &Explained, generation: u32) -> String {
    let now = explained.report.now;
    let token = |why: &super::Why| Node::List(why.findings.iter().map(|finding| finding_node(finding, now)).collect());
    let tokens = explained.whys.iter().map(token).collect();
    let mut json = String::new();
    write_node(&Node::List(vec![Node::Number(i64::from(generation)), Node::List(tokens)]), &mut json);
    json
}

fn finding_node(finding: &Finding, now: Time) -> Node {
    Node::List(vec![
        Node::Text(finding.code.0.to_owned()),
        Node::Number(SEVERITIES.iter().position(|one| *one == finding.severity).unwrap_or(0) as i64),
        Node::Number(CERTAINTIES.iter().position(|one| *one == finding.certainty).unwrap_or(0) as i64),
        Node::Text(finding.subject.clone()),
        words_node(&messages::words(finding, now)),
    ])
}

fn words_node(words: &Words) -> Node {
    let optional = |prose: &Option<Prose>| prose.as_ref().map_or(Node::Null, prose_node);
    Node::List(vec![
        Node::Number(SECTIONS.iter().position(|one| *one == words.section).unwrap_or(0) as i64),
        optional(&words.brief),
        prose_node(&words.problem),
        optional(&words.explanation),
        optional(&words.remedy),
        words.reference.map_or(Node::Null, |reference| Node::Text(reference.to_owned())),
    ])
}

/// Text and code take turns, text first.
fn prose_node(prose: &Prose) -> Node {
    let mut runs = Vec::new();
    for span in &prose.0 {
        let (is_code, text) = match span {
            Span::Text(text) => (false, text),
            Span::Code(text) => (true, text),
        };
        if (runs.len() % 2 == 1) != is_code {
            runs.push(Node::Text(String::new()));
        }
        runs.push(Node::Text(text.clone()));
    }
    Node::List(runs)
}

const SEVERITIES: [Severity; 4] = [Severity::Error, Severity::Warning, Severity::Info, Severity::Ok];
const CERTAINTIES: [Certainty; 3] = [Certainty::Proved, Certainty::Stated, Certainty::Likely];
const SECTIONS: [Section; 5] = [Section::Checks, Section::Lint, Section::Input, Section::Keys, Section::Verdict];

/// Reads what [`write`] wrote.
pub fn read(text: &str) -> Option<Carried> {
    let document = json::read(text.as_bytes().to_vec());
    let [generation, tokens] = document.root.as_ref()?.items() else { return None };
    let reader = Reader { document: &document };
    let generation = u32::try_from(reader.number(generation)?).ok()?;
    let tokens =
        tokens.items().iter().map(|token| token.items().iter().filter_map(|one| reader.finding(one)).collect());
    Some(Carried { generation, tokens: tokens.collect() })
}

struct Reader<'a> {
    document: &'a Document,
}

impl Reader<'_> {
    fn number(&self, value: &Value) -> Option<i64> {
        self.document.raw(value).parse().ok()
    }

    fn pick<T: Copy>(&self, table: &[T], value: &Value) -> Option<T> {
        table.get(usize::try_from(self.number(value)?).ok()?).copied()
    }

    fn finding(&self, value: &Value) -> Option<Finding> {
        let [code, severity, certainty, subject, words] = value.items() else { return None };
        Some(Finding {
            code: Code(kept(code.as_str()?)),
            severity: self.pick(&SEVERITIES, severity)?,
            certainty: self.pick(&CERTAINTIES, certainty)?,
            subject: subject.as_str()?.to_owned(),
            evidence: Vec::new(),
            ready: Some(Rc::new(self.words(words)?)),
        })
    }

    fn words(&self, value: &Value) -> Option<Words> {
        let [section, brief, problem, explanation, remedy, reference] = value.items() else { return None };
        let optional = |value: &Value| (value.type_name() == "array").then(|| prose(value));
        Some(Words {
            section: self.pick(&SECTIONS, section)?,
            brief: optional(brief),
            problem: prose(problem),
            explanation: optional(explanation),
            remedy: optional(remedy),
            reference: reference.as_str().map(kept),
        })
    }
}

fn prose(value: &Value) -> Prose {
    let runs = value.items().iter().filter_map(Value::as_str).enumerate();
    let span = |(number, text): (usize, &str)| {
        if number % 2 == 1 { Span::Code(text.to_owned()) } else { Span::Text(text.to_owned()) }
    };
    Prose(runs.filter(|(number, text)| number % 2 == 1 || !text.is_empty()).map(span).collect())
}

/// A text that lives as long as the program: codes and addresses come from tables, so there are only so many of them.
fn kept(text: &str) -> &'static str {
    thread_local! {
        static KEPT: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
    }
    KEPT.with_borrow_mut(|all| match all.iter().find(|one| **one == text) {
        Some(one) => one,
        None => {
            let one: &'static str = Box::leak(text.into());
            all.push(one);
            one
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Fact;
    use crate::report::{Report, Token};
    use crate::why::Why;

    #[test]
    fn words_arrive_as_they_left() {
        let now = Time::from_seconds(1_795_183_392);
        let finding = Finding::warning(crate::claims::code::EXPIRED, "/payload/exp")
            .certainty(Certainty::Likely)
            .with("exp", Fact::Time(Time::from_seconds(1_795_183_200)))
            .with("late", Fact::Duration(192));
        let report = crate::inspect::inspect(
            "eyJhbGciOiJub25lIn0.e30.",
            &crate::inspect::Options::default(),
            now,
            now,
            &crate::inspect::Answers::default(),
        );
        let tokens: Vec<Token> = report.0.tokens;
        let why = Why { findings: vec![finding.clone()], ..Why::default() };
        let report = Report { now, tokens, ..Report::default() };
        let explained = Explained { report, whys: vec![why], comparison: None };
        let carried = read(&write(&explained, 7)).unwrap();
        assert_eq!((carried.generation, carried.tokens.len()), (7, 1));
        let [arrived] = carried.tokens[0].as_slice() else { unreachable!("one finding") };
        assert_eq!(
            (arrived.code, arrived.severity, arrived.certainty),
            (finding.code, finding.severity, finding.certainty)
        );
        assert_eq!(messages::words(arrived, now), messages::words(&finding, now));
    }

    #[test]
    fn prose_that_begins_with_code_stays_so() {
        for prose in [vec![Span::Code("a".into())], vec![Span::Text("a ".into()), Span::Code("".into())], vec![]] {
            let mut json = String::new();
            write_node(&prose_node(&Prose(prose.clone())), &mut json);
            let document = json::read(json.into_bytes());
            assert_eq!(super::prose(document.root.as_ref().unwrap()), Prose(prose));
        }
    }

    #[test]
    fn what_cannot_be_read_is_nothing() {
        for text in ["", "[]", "[1]", "{}", "[-1,[]]"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
