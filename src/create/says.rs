//! What a token that is being written says: each claim in words, and what the kind of token lacks.
//!
//! The sentences are those of the rooms that read tokens: [`claims`] and [`profile`]. Nothing here is said a second time.

use super::{code, signing_input};
use crate::claims::{self, Expectations, explanation, wording};
use crate::finding::{Fact, Finding, Severity};
use crate::jose::pointer;
use crate::json::{self, Document, Kind, Member};
use crate::messages::{Prose, Span, visible};
use crate::profile::{self, Level, Status};
use crate::report::{InputKind, Signature, SignatureStatus, Token, TokenKind, Verdict};
use crate::time::Time;
use crate::why::{Choices, Companions, Subject};

/// Longer payloads are not read at each key: the Inspect view shows what they say.
const LONGEST: usize = 100_000;

/// Of more claims the first ones are listed.
const MOST_LINES: usize = 200;

/// Of a claim that stands there more often the first values are shown.
const MOST_VALUES: usize = 4;

/// A longer value, in characters, is cut at its end.
const LONGEST_VALUE: usize = 160;

/// What a token says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Saying {
    /// The name of the kind of token that it is held against; `None` where nothing tells what kind it is.
    pub kind: Option<&'static str>,
    /// Each claim, in order, and behind them what is missing.
    pub lines: Vec<Line>,
}

/// One claim, or what stands in the place of one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Line {
    /// Its name as it is written; of what is missing the name of the requirement.
    pub name: String,
    /// Its value as it is written, or its values; empty for what is missing.
    pub value: String,
    /// How grave it is, where something is to be said against it.
    pub severity: Option<Severity>,
    /// What it says, or what is wrong with it.
    pub meaning: Prose,
}

/// Reads what a payload says as of `now`, held against the kind of token of that `id`, or against the one that it is
/// recognised as. A token that is only encrypted has no header of a signed one. `None` for what is no JSON object, and
/// for very long texts.
///
/// ```
/// use tokenscope::{create, time::Time};
/// let says = create::says(Some(r#"{"alg":"HS256"}"#), r#"{"exp":60}"#, None, Time::from_seconds(0)).unwrap();
/// assert_eq!(says.lines[0].meaning.to_string(), "Expires: from this second on it must be refused. \
///     Thu 1 Jan 1970, 00:01:00 UTC, in 1 min.");
/// ```
pub fn says(header: Option<&str>, payload: &str, profile: Option<&str>, now: Time) -> Option<Saying> {
    if payload.len() + header.map_or(0, str::len) > LONGEST {
        return None;
    }
    let document = json::read(payload.as_bytes().to_vec());
    let is_object = document.root.as_ref().is_some_and(|root| matches!(root.kind, Kind::Object(_)));
    if !is_object || !document.is_json() {
        return None;
    }
    let head = header.map(|header| json::read(header.as_bytes().to_vec())).filter(Document::is_json);
    let findings = claims::check(head.as_ref(), &document, &Expectations::default(), now);
    let token = token(signing_input(header.unwrap_or_default(), payload), head, document, findings);
    let (choices, companions) =
        (Choices { profile: profile.map(str::to_owned), ..Choices::default() }, Companions::default());
    let (options, places) = (Default::default(), []);
    let subject = Subject {
        text: &token.text,
        token: &token,
        companions: &companions,
        options: &options,
        choices: &choices,
        places: &places,
        now,
    };
    let reading = profile::read(&subject, None);
    let mut lines = written(&token, now);
    let first = lines.len();
    for broken in reading.iter().flat_map(|reading| &reading.requirements).filter(|one| one.status == Status::Broken) {
        let mut meaning = broken.note.clone();
        meaning.push_text(". ");
        meaning.append(marked(broken.rule));
        let severity = if broken.level == Level::Recommended { Severity::Info } else { Severity::Warning };
        let (name, value) = (broken.item.to_owned(), String::new());
        lines.push(Line { name, value, severity: Some(severity), meaning });
    }
    // What no claim is there for, unless the kind of token says the same.
    for finding in warnings(&token) {
        let name = finding.subject.strip_prefix("/payload/").unwrap_or_default();
        let is_known = token.payload.as_ref().is_none_or(|payload| payload.member(name).is_some());
        let is_said = lines.iter().skip(first).any(|line| line.name == name);
        let lives_on = reading.as_ref().is_some_and(profile::Reading::lives_without_expiry);
        let is_lifeless = lives_on && finding.code == claims::code::NO_EXPIRY;
        if !(is_known || is_said || is_lifeless || name.is_empty()) {
            let meaning = said(finding, now);
            let (name, value) = (name.to_owned(), String::new());
            lines.push(Line { name, value, severity: Some(Severity::Warning), meaning });
        }
    }
    Some(Saying { kind: reading.map(|reading| reading.name), lines })
}

/// The token as the rooms that read tokens want it: it has no signature yet.
fn token(text: String, header: Option<Document>, payload: Document, findings: Vec<Finding>) -> Token {
    Token {
        kind: TokenKind::Jws,
        name: None,
        found_in: InputKind::Text,
        pieces: Vec::new(),
        text,
        segments: Vec::new(),
        signature: Signature {
            status: SignatureStatus::NotChecked,
            algorithm: header.as_ref().and_then(|header| header.string("alg")).map(str::to_owned),
            key: None,
        },
        header,
        payload: Some(payload),
        verdict: Verdict::Undecided,
        findings,
        beyond: None,
    }
}

fn warnings(token: &Token) -> impl Iterator<Item = &Finding> {
    token.findings.iter().filter(|finding| finding.severity <= Severity::Warning)
}

/// The claims that are written, each name once.
fn written(token: &Token, now: Time) -> Vec<Line> {
    let Some(payload) = &token.payload else { return Vec::new() };
    let members = payload.root.as_ref().map(|root| root.members()).unwrap_or_default();
    let mut lines: Vec<Line> = Vec::new();
    for (number, member) in members.iter().take(MOST_LINES).enumerate() {
        let is_same = |other: &&Member| other.name == member.name;
        if members.iter().take(number).any(|other| is_same(&other)) {
            continue;
        }
        let same: Vec<&Member> = members.iter().filter(is_same).collect();
        let values: Vec<String> = same.iter().take(MOST_VALUES).map(|member| shown(payload, member)).collect();
        let (severity, meaning) = meaning(token, payload, &same, now);
        lines.push(Line {
            name: visible(&payload.text(&member.name_span)),
            value: values.join(", "),
            severity,
            meaning,
        });
    }
    lines
}

/// The value as it is written, on one line.
fn shown(payload: &Document, member: &Member) -> String {
    let text = visible(&payload.raw(&member.value));
    match text.char_indices().nth(LONGEST_VALUE) {
        Some((at, _)) => [text.get(..at).unwrap_or_default(), "…"].concat(),
        None => text,
    }
}

/// What a claim says, or what is wrong with it.
fn meaning(token: &Token, payload: &Document, same: &[&Member], now: Time) -> (Option<Severity>, Prose) {
    // The last one counts for most readers.
    let Some(member) = same.last() else { return Default::default() };
    if same.len() > 1 {
        let finding = Finding::warning(code::WRITTEN_OFTEN, "/payload").with("count", Fact::Count(same.len() as u64));
        return (Some(Severity::Warning), said(&finding, now));
    }
    let subject = pointer("/payload", &member.name);
    if let Some(finding) = warnings(token).find(|finding| finding.subject == subject) {
        return (Some(Severity::Warning), said(finding, now));
    }
    let Some(explained) = explanation(&member.name) else {
        let finding = Finding::info(code::CUSTOM_CLAIM, subject);
        return (None, said(&finding, now));
    };
    let mut meaning = marked(explained.explanation);
    if let Some(wording) = wording(explained.meaning, payload, &member.value, now) {
        meaning.push_text(" ");
        meaning.push_text(&wording);
    }
    (None, meaning)
}

/// What a finding says, as sentences: that of a claim needs no more than what is the case, and of our own why.
fn said(finding: &Finding, now: Time) -> Prose {
    let words = super::words(finding, now);
    let mut said = words.problem;
    said.push_text(".");
    if let Some(explanation) = words.explanation.filter(|_| code::ALL.contains(&finding.code)) {
        said.push_text(" ");
        said.append(explanation);
    }
    said
}

/// A sentence in which backticks mark literal code.
fn marked(sentence: &str) -> Prose {
    let part = |(number, part): (usize, &str)| match number % 2 {
        0 => Span::Text(part.to_owned()),
        _ => Span::Code(part.to_owned()),
    };
    Prose(sentence.split('`').enumerate().map(part).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::create::edit::member;
    use crate::create::template;

    const NOW: Time = Time::from_seconds(1_795_183_392);

    fn check(payload: &str, profile: Option<&str>, expected: &[(&str, bool, &str)]) {
        let says = says(Some(r#"{"alg":"ES256","kid":"a"}"#), payload, profile, NOW).unwrap();
        let lines: Vec<_> = says
            .lines
            .iter()
            .map(|line| (line.name.as_str(), line.severity.is_some(), line.meaning.to_string()))
            .collect();
        assert_eq!(lines.len(), expected.len(), "{lines:?}");
        for ((name, flagged, meaning), (expected_name, expected_flagged, beginning)) in lines.iter().zip(expected) {
            assert_eq!((name, flagged), (expected_name, expected_flagged), "{lines:?}");
            assert!(meaning.starts_with(beginning), "{meaning}");
        }
    }

    #[test]
    fn each_claim_is_said_in_words() {
        let payload = r#"{"aud":"api://orders","scp":["a","b"],"iat":1795183392,"exp":1795186992,"x":{"y":[1]}}"#;
        check(
            payload,
            None,
            &[
                ("\"aud\"", false, "Audience: who may accept the token."),
                ("\"scp\"", false, ""),
                ("\"iat\"", false, "Issued at: when the token was made. Fri 20 Nov 2026, 14:03:12 UTC, now"),
                (
                    "\"exp\"",
                    false,
                    "Expires: from this second on it must be refused. Fri 20 Nov 2026, 15:03:12 UTC, in 1 h",
                ),
                ("\"x\"", false, "Custom"),
                ("iss", true, "Missing"),
            ],
        );
    }

    #[test]
    fn what_is_wrong_with_a_claim_stands_in_its_line() {
        check(
            r#"{"role":"viewer","exp":1795183000,"role":"admin"}"#,
            None,
            &[("\"role\"", true, "Written 2 times"), ("\"exp\"", true, "Expired")],
        );
        let says = says(None, r#"{"role":"viewer","role":"admin","exp":1795186992}"#, None, NOW).unwrap();
        assert_eq!(says.lines[0].value, r#""viewer", "admin""#);
    }

    #[test]
    fn what_is_missing_is_named_once() {
        check(r#"{"sub":"a"}"#, None, &[("\"sub\"", false, ""), ("exp", true, "")]);
        let payload = r#"{"iss":"https://issuer.example","aud":"app","exp":1795186992,"iat":1795183392}"#;
        let claims = [("\"iss\"", false, ""), ("\"aud\"", false, ""), ("\"exp\"", false, ""), ("\"iat\"", false, "")];
        check(payload, Some("oidc-id-token"), &[&claims[..], &[("sub", true, "Missing")]].concat());
        let missing = says(Some(r#"{"alg":"ES256"}"#), r#"{"sub":"a"}"#, Some("oidc-id-token"), NOW).unwrap();
        let count = missing.lines.iter().filter(|line| line.name == "exp").count();
        assert_eq!(count, 1, "{missing:?}");
    }

    #[test]
    fn no_template_lacks_anything() {
        for template in template::all() {
            let filled = template.filled(NOW, "a-random-text-of-22-xxx");
            let header = member(&filled.header, "alg", "\"ES256\"").unwrap().applied(&filled.header);
            let jwk = r#"{"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}"#;
            let header = match template.text("id") {
                "dpop-proof" => member(&header, "jwk", jwk).unwrap().applied(&header),
                _ => header,
            };
            let profile = Some(template.text("profile")).filter(|profile| !profile.is_empty());
            let says = says(Some(&header), &filled.payload, profile, NOW).unwrap();
            let is_wrong = |line: &&Line| line.severity.is_some_and(|severity| severity <= Severity::Warning);
            let flagged: Vec<_> = says.lines.iter().filter(is_wrong).collect();
            assert!(flagged.is_empty(), "{}: {flagged:?}", template.text("id"));
            assert!(
                profile.is_none() || profile::all().any(|(id, name)| Some(id) == profile && Some(name) == says.kind)
            );
        }
    }

    #[test]
    fn what_is_no_object_says_nothing_and_hostile_texts_take_no_time() {
        for payload in ["", "[]", "1", "{", "eyJ.x.y"] {
            assert_eq!(says(Some("{}"), payload, None, NOW), None, "{payload}");
        }
        let many = ["{", &"\"a\":1,".repeat(14_000), "\"a\":1}"].concat();
        assert_eq!(says(None, &many, None, NOW).unwrap().lines.iter().filter(|line| line.name == "\"a\"").count(), 1);
        let names: Vec<String> = (0..9_000).map(|number| ["\"", &number.to_string(), "\":1"].concat()).collect();
        let long = ["{", &names.join(","), "}"].concat();
        assert!(says(None, &long, None, NOW).unwrap().lines.len() <= MOST_LINES + 20);
    }
}
