//! What the page shows of what stands behind a verdict, as JSON text, from the module that has the tables to the page, which
//! has one list for all: findings with their words, and whole tokens where the second look knows more than they.

use std::cell::RefCell;
use std::rc::Rc;

use super::Explained;
use crate::beyond::code;
use crate::finding::{Certainty, Code, Finding, Severity};
use crate::jose::{self, base64url};
use crate::json::{self, Document, Value};
use crate::key::details;
use crate::messages::{self, Prose, Section, Span, Words};
use crate::report::json::{Node, write as write_node};
use crate::report::{
    Beyond, InputKind, KeySet, KeySource, KeySummary, Signature, SignatureStatus, Token, TokenKind, UsedKey, Verdict,
};
use crate::time::Time;

/// What stands behind the verdicts of one text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Carried {
    /// Which input of the page it belongs to.
    pub generation: u32,
    /// The findings of each token.
    pub tokens: Vec<Vec<Finding>>,
    /// The tokens that the page shows instead of its own, and those that stand inside others.
    pub whole: Vec<Whole>,
    /// What the second look made of the pasted keys, as far as the page says it.
    pub pasted: Option<Pasted>,
}

/// The pasted keys as the second look has them: what was opened, computed or mended is a key, and no fault any more.
#[derive(Clone, Debug, PartialEq)]
pub struct Pasted {
    /// The keys.
    pub keys: Vec<KeySummary>,
    /// What the list of places says of them; what is said of them elsewhere is not here.
    pub findings: Vec<Finding>,
}

impl Pasted {
    /// Puts them into the place of the page's own.
    pub fn put(&self, sets: &mut [KeySet]) {
        if let Some(set) = sets.iter_mut().find(|set| set.source == KeySource::Pasted) {
            set.keys.clone_from(&self.keys);
            set.findings.clone_from(&self.findings);
        }
    }
}

/// A larger set is none that anybody mended by hand.
const MOST_KEYS: usize = 100;

/// A token as the second look has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Whole {
    /// Where it is among the tokens.
    pub at: usize,
    /// Its text, where it stands inside another one.
    pub text: Option<String>,
    /// Its header.
    pub header: Option<Vec<u8>>,
    /// Its payload, decrypted or pasted beside where it is.
    pub payload: Option<Vec<u8>>,
    /// Whether its signature is good.
    pub signature: Signature,
    /// Its verdict.
    pub verdict: Verdict,
    /// Everything known about it.
    pub findings: Vec<Finding>,
    /// The token that it stands inside.
    pub inside: Option<usize>,
    /// What stands below its headline.
    pub support: Option<Prose>,
}

impl Whole {
    /// Puts it into the place of the page's own. Where it is about other settings it accepts nothing.
    pub fn put(&self, tokens: &mut Vec<Token>, is_current: bool) {
        if let Some(text) = self.text.as_ref().filter(|_| tokens.len() == self.at) {
            let jose = jose::read(text);
            tokens.push(Token {
                kind: jose.kind,
                name: None,
                found_in: InputKind::Text,
                pieces: Vec::new(),
                text: text.clone(),
                segments: jose.segments,
                header: None,
                payload: None,
                signature: self.signature.clone(),
                verdict: self.verdict,
                findings: Vec::new(),
                beyond: None,
            });
        }
        let Some(token) = tokens.get_mut(self.at) else { return };
        let document = |bytes: &Option<Vec<u8>>| bytes.clone().map(json::read);
        (token.header, token.payload) = (document(&self.header), document(&self.payload));
        token.signature = self.signature.clone();
        if token.kind == TokenKind::Unsecured && self.signature.status != SignatureStatus::None {
            // Of several signatures the first is none, and a later one is the one that counts.
            token.kind = TokenKind::Jws;
        }
        token.findings.clone_from(&self.findings);
        token.verdict = match self.verdict {
            Verdict::Accepted if !is_current => Verdict::Undecided,
            verdict => verdict,
        };
        let beyond = Beyond { inside: self.inside, support: self.support.clone(), ..Beyond::default() };
        token.beyond = Some(Box::new(beyond));
    }
}

/// The findings that the first verdict does not have, and the tokens that it does not have like that, as JSON.
pub fn write(explained: &Explained, generation: u32) -> String {
    let now = explained.report.now;
    let findings = |findings: &[Finding]| Node::List(findings.iter().map(|one| finding_node(one, now)).collect());
    let tokens = || explained.report.tokens.iter().enumerate();
    let is_whole = |at: usize| explained.report.tokens.get(at).is_some_and(|token| token.beyond.is_some());
    let behind = explained.whys.iter().enumerate();
    let behind = behind.map(|(at, why)| if is_whole(at) { Node::List(Vec::new()) } else { findings(&why.findings) });
    let whole = tokens().filter_map(|(at, token)| {
        let beyond = token.beyond.as_ref()?;
        let document = |document: &Option<Document>| {
            document.as_ref().map_or(Node::Null, |document| Node::Text(base64url::encode(&document.bytes)))
        };
        Some(Node::List(vec![
            Node::Number(at as i64),
            beyond.inside.map_or(Node::Null, |_| Node::Text(token.text.clone())),
            document(&token.header),
            document(&token.payload),
            signature_node(&used(token)),
            number(&VERDICTS, token.verdict),
            findings(&token.findings),
            beyond.inside.map_or(Node::Null, |at| Node::Number(at as i64)),
            beyond.support.as_ref().map_or(Node::Null, prose_node),
        ]))
    });
    let sets = &explained.report.key_sets;
    let pasted = sets.iter().find(|set| set.source == KeySource::Pasted && set.keys.len() <= MOST_KEYS);
    let parts = vec![
        Node::Number(i64::from(generation)),
        Node::List(behind.collect()),
        Node::List(whole.collect()),
        pasted.map_or(Node::Null, |set| pasted_node(set, now)),
    ];
    let mut json = String::new();
    write_node(&Node::List(parts), &mut json);
    json
}

fn number<T: PartialEq>(table: &[T], value: T) -> Node {
    Node::Number(table.iter().position(|one| *one == value).unwrap_or(0) as i64)
}

/// The signature, with the key of the ones at hand that was used: of an encrypted token it is what opened it, and a key that
/// came with the token is none of them.
fn used(token: &Token) -> Signature {
    let decryption = token.beyond.as_ref().and_then(|beyond| beyond.decryption.as_ref());
    let opened = decryption.filter(|decryption| decryption.plaintext.is_some());
    let key = opened.and_then(|decryption| decryption.key.clone()).or(token.signature.key.clone());
    Signature { key: key.filter(|key| key.source != KeySource::Token), ..token.signature.clone() }
}

fn signature_node(signature: &Signature) -> Node {
    let text = |text: &Option<String>| text.as_ref().map_or(Node::Null, |text| Node::Text(text.clone()));
    let key = |key: &UsedKey| Node::List(vec![number(&SOURCES, key.source), text(&key.kid), text(&key.thumbprint)]);
    Node::List(vec![
        number(&STATUSES, signature.status),
        text(&signature.algorithm),
        signature.key.as_ref().map_or(Node::Null, key),
    ])
}

fn pasted_node(set: &KeySet, now: Time) -> Node {
    let text = |text: &Option<String>| text.as_ref().map_or(Node::Null, |text| Node::Text(text.clone()));
    let key =
        |key: &KeySummary| Node::List(vec![text(&key.kid), Node::Text(key.description.clone()), text(&key.thumbprint)]);
    // What a close look found has a list of its own.
    let is_apart = |finding: &&Finding| details::code::ALL.contains(&finding.code) || finding.code == code::KEYS_MIXED;
    let findings = set.findings.iter().filter(|finding| !is_apart(finding)).take(MOST_KEYS);
    Node::List(vec![
        Node::List(set.keys.iter().map(key).collect()),
        Node::List(findings.map(|finding| finding_node(finding, now)).collect()),
    ])
}

fn finding_node(finding: &Finding, now: Time) -> Node {
    Node::List(vec![
        Node::Text(finding.code.0.to_owned()),
        number(&SEVERITIES, finding.severity),
        number(&CERTAINTIES, finding.certainty),
        Node::Text(finding.subject.clone()),
        words_node(&messages::words(finding, now)),
    ])
}

fn words_node(words: &Words) -> Node {
    let optional = |prose: &Option<Prose>| prose.as_ref().map_or(Node::Null, prose_node);
    Node::List(vec![
        number(&SECTIONS, words.section),
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

const STATUSES: [SignatureStatus; 5] = [
    SignatureStatus::Valid,
    SignatureStatus::Invalid,
    SignatureStatus::NotChecked,
    SignatureStatus::Unsupported,
    SignatureStatus::None,
];
const VERDICTS: [Verdict; 3] = [Verdict::Undecided, Verdict::Accepted, Verdict::Rejected];
const SOURCES: [KeySource; 5] =
    [KeySource::Pasted, KeySource::Secret, KeySource::Issuer, KeySource::JwksUrl, KeySource::Token];

/// Reads what [`write`] wrote.
pub fn read(text: &str) -> Option<Carried> {
    let document = json::read(text.as_bytes().to_vec());
    let [generation, tokens, whole, pasted] = document.root.as_ref()?.items() else { return None };
    let reader = Reader { document: &document };
    let generation = u32::try_from(reader.number(generation)?).ok()?;
    let tokens = tokens.items().iter().map(|token| reader.findings(token)).collect();
    let whole = whole.items().iter().filter_map(|token| reader.whole(token)).collect();
    Some(Carried { generation, tokens, whole, pasted: reader.pasted(pasted) })
}

struct Reader<'a> {
    document: &'a Document,
}

impl Reader<'_> {
    fn number(&self, value: &Value) -> Option<i64> {
        self.document.raw(value).parse().ok()
    }

    fn pick<T: Copy>(&self, table: &[T], value: &Value) -> Option<T> {
        table.get(self.index(value)?).copied()
    }

    fn index(&self, value: &Value) -> Option<usize> {
        usize::try_from(self.number(value)?).ok()
    }

    fn findings(&self, value: &Value) -> Vec<Finding> {
        value.items().iter().filter_map(|one| self.finding(one)).collect()
    }

    fn pasted(&self, value: &Value) -> Option<Pasted> {
        let [keys, findings] = value.items() else { return None };
        let owned = |value: &Value| value.as_str().map(str::to_owned);
        let key = |key: &Value| {
            let [kid, description, thumbprint] = key.items() else { return None };
            Some(KeySummary { kid: owned(kid), description: owned(description)?, thumbprint: owned(thumbprint) })
        };
        Some(Pasted { keys: keys.items().iter().filter_map(key).collect(), findings: self.findings(findings) })
    }

    fn whole(&self, value: &Value) -> Option<Whole> {
        let [at, text, header, payload, signature, verdict, findings, inside, support] = value.items() else {
            return None;
        };
        let bytes = |value: &Value| value.as_str().map(|text| base64url::decode(text).bytes);
        let [status, algorithm, key] = signature.items() else { return None };
        let owned = |value: &Value| value.as_str().map(str::to_owned);
        let key = match key.items() {
            [source, kid, thumbprint] => {
                Some(UsedKey { source: self.pick(&SOURCES, source)?, kid: owned(kid), thumbprint: owned(thumbprint) })
            }
            _ => None,
        };
        Some(Whole {
            at: self.index(at)?,
            text: owned(text),
            header: bytes(header),
            payload: bytes(payload),
            signature: Signature { status: self.pick(&STATUSES, status)?, algorithm: owned(algorithm), key },
            verdict: self.pick(&VERDICTS, verdict)?,
            findings: self.findings(findings),
            inside: self.index(inside),
            support: (support.type_name() == "array").then(|| prose(support)),
        })
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
