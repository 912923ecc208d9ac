//! What is worth knowing about a token before it is made: the texts, and how header and key agree.

use super::code;
use super::edit::place;
use crate::finding::{Code, Fact, Finding};
use crate::jose::algorithm::{Algorithm, Kind as Computation};
use crate::jose::pointer;
use crate::json::{self, Document, Fault, FaultKind, Kind, Value};
use crate::key::{Material, PrivateKey};
use crate::order;

/// Of more repeated names the first ones are told.
const MOST_REPEATED: usize = 20;

/// A secret of fewer bytes falls to whoever tries them all: eight printable characters are found in hours.
const GUESSABLE: usize = 9;

/// What is worth knowing about the two texts: `algorithm` is what will be signed with, where that is known.
///
/// Nothing of this keeps a token from being signed. What is no JSON is signed as it is, and said.
pub fn check(header: &str, payload: &str, algorithm: Option<&Algorithm>) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Some(document) = part(header, "header", &mut findings) {
        check_header(&document, algorithm, &mut findings);
    }
    part(payload, "payload", &mut findings);
    findings
}

/// What is worth knowing about the two texts of an encrypted token: its content may be anything.
pub fn check_encryption(header: &str, content: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Some(document) = part(header, "header", &mut findings).filter(Document::is_json) {
        for (name, code) in [("alg", code::ALGORITHM_MISSING), ("enc", code::ENCRYPTION_MISSING)] {
            if document.string(name).is_none() {
                findings.push(Finding::warning(code, ["/header/", name].concat()));
            }
        }
    }
    // A token inside is no JSON, and good.
    if content.bytes().filter(|byte| *byte == b'.').count() < 2 || content.trim_start().starts_with('{') {
        part(content, "payload", &mut findings);
    }
    findings
}

/// What is worth knowing about the header of an encrypted token with a signed one inside.
pub fn check_nested(header: &str) -> Vec<Finding> {
    let mut findings = check_encryption(header, "..");
    let document = json::read(header.as_bytes().to_vec());
    let is_said = document.string("cty").is_some_and(|said| said.eq_ignore_ascii_case("JWT"));
    if document.root.is_some() && !is_said {
        findings.push(Finding::warning(code::CONTENT_TYPE_MISSING, "/header/cty"));
    }
    findings
}

/// What is worth knowing about a key that signs with an algorithm.
pub fn check_key(key: &PrivateKey, algorithm: &Algorithm, header: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let named = |code| Finding::warning(code, "/keys").text("algorithm", algorithm.name);
    match &key.public {
        Material::Octets(octets) if octets.len() * 8 < algorithm.minimum_key_bits => {
            let code = if octets.len() < GUESSABLE { code::SECRET_GUESSABLE } else { code::SECRET_SHORT };
            let needed = (algorithm.minimum_key_bits / 8) as u64;
            let finding = named(code).with("bytes", Fact::Count(octets.len() as u64));
            findings.push(finding.with("needed", Fact::Count(needed)));
        }
        Material::Rsa { .. } if key.public.bits() < algorithm.minimum_key_bits => {
            findings.push(named(code::RSA_SHORT).with("bits", Fact::Count(key.public.bits() as u64)));
        }
        _ => {}
    }
    // `EdDSA` is the wider name of what the key says, or the other way round.
    let is_same = |own: &str| {
        let wider = Algorithm::named(own).and_then(|row| row.also);
        own == algorithm.name || algorithm.also == Some(own) || wider == Some(algorithm.name)
    };
    if let Some(own) = key.algorithm.as_deref().filter(|own| !is_same(own)) {
        findings.push(named(code::KEY_OTHER_ALGORITHM).text("own", own));
    }
    if key.public_key_use.as_deref() == Some("enc") {
        findings.push(Finding::warning(code::KEY_FOR_ENCRYPTION, "/keys"));
    }
    let document = json::read(header.as_bytes().to_vec());
    if let Some(embedded) = document.member("jwk").filter(|embedded| !embedded.members().is_empty()) {
        let is_same = |(name, value): (&str, String)| embedded.member(name).and_then(Value::as_str) == Some(&value);
        if !matches!(key.public, Material::Octets(_)) && !key.public.members().into_iter().all(is_same) {
            findings.push(Finding::warning(code::JWK_OTHER, "/header/jwk"));
        }
    }
    findings
}

/// Holds one of the texts against JSON; gives what was read where it is an object.
fn part(text: &str, name: &'static str, findings: &mut Vec<Finding>) -> Option<Document> {
    let subject = ["/", name].concat();
    let about = |code: Code| Finding::warning(code, subject.clone()).with("part", Fact::Words(name));
    if text.trim().is_empty() {
        findings.push(about(code::EMPTY));
        return None;
    }
    let document = json::read(text.as_bytes().to_vec());
    let fatal = document.faults.iter().find(|fault| fault.kind.is_fatal());
    let surrogate = document.faults.iter().find(|fault| fault.kind == FaultKind::LoneSurrogate);
    if let Some(fault) = fatal.or(surrogate) {
        let (line, column) = place(text, fault.at);
        let finding = about(fault_code(fault)).with("line", Fact::Count(line as u64));
        let finding = finding.with("column", Fact::Count(column as u64));
        findings.push(match fault.kind {
            FaultKind::Expected(expected) => finding.with("expected", Fact::Words(expected)),
            _ => finding,
        });
    }
    let root = document.root.as_ref()?;
    if document.faults.iter().any(|fault| matches!(fault.kind, FaultKind::DuplicateMember(_))) {
        let first = findings.len();
        repeated(text, root, &subject, findings, first);
    }
    if fatal.is_none() && !matches!(root.kind, Kind::Object(_)) {
        findings.push(about(code::NOT_OBJECT).with("type", Fact::Words(root.type_name())));
        return None;
    }
    Some(document)
}

fn fault_code(fault: &Fault) -> Code {
    match fault.kind {
        FaultKind::Ended => code::JSON_ENDED,
        FaultKind::BadEscape => code::JSON_ESCAPE,
        FaultKind::BadNumber => code::JSON_NUMBER,
        FaultKind::ControlCharacter => code::JSON_CONTROL,
        FaultKind::TooDeep => code::JSON_DEEP,
        FaultKind::TrailingText => code::JSON_TRAILING,
        FaultKind::ByteOrderMark => code::JSON_BYTE_ORDER_MARK,
        FaultKind::LoneSurrogate => code::JSON_SURROGATE,
        FaultKind::Expected(_) | FaultKind::InvalidUtf8 | FaultKind::DuplicateMember(_) => code::JSON_SYNTAX,
    }
}

/// The names that stand several times in one object, in this value and all inside it.
fn repeated(text: &str, value: &Value, subject: &str, findings: &mut Vec<Finding>, first: usize) {
    for item in value.items() {
        repeated(text, item, subject, findings, first);
    }
    let mut members: Vec<(&str, usize)> =
        value.members().iter().map(|member| (member.name.as_str(), member.name_span.start)).collect();
    order::sort(&mut members, |one, other| one < other);
    for group in members.chunk_by(|(one, _), (other, _)| one == other) {
        let [(name, at), .., (_, last)] = group else { continue };
        if findings.len() - first >= MOST_REPEATED {
            return;
        }
        let (line, end) = (place(text, *at).0, place(text, *last).0);
        let code = if group.len() == 2 && line != end { code::REPEATED } else { code::REPEATED_OFTEN };
        let finding = Finding::warning(code, pointer(subject, name)).text("name", *name);
        let finding = finding.with("line", Fact::Count(line as u64)).with("last", Fact::Count(end as u64));
        findings.push(finding.with("count", Fact::Count(group.len() as u64)));
    }
    for member in value.members() {
        repeated(text, &member.value, subject, findings, first);
    }
}

fn check_header(header: &Document, algorithm: Option<&Algorithm>, findings: &mut Vec<Finding>) {
    if !header.is_json() {
        return;
    }
    match (header.string("alg"), algorithm) {
        (None, _) => findings.push(Finding::warning(code::ALGORITHM_MISSING, "/header/alg")),
        (Some(said), Some(algorithm)) if said != algorithm.name => {
            let code = if algorithm.kind == Computation::None { code::UNSECURED } else { code::ALGORITHM_CONTRADICTS };
            let finding = Finding::warning(code, "/header/alg").text("said", said);
            findings.push(finding.text("algorithm", algorithm.name));
        }
        (Some(_), Some(algorithm)) if algorithm.kind == Computation::None => {
            findings.push(Finding::warning(code::UNSECURED, "/header/alg").text("algorithm", algorithm.name));
        }
        _ => {}
    }
    if header.member("b64").is_some_and(|value| value.kind == Kind::Bool(false)) {
        findings.push(Finding::warning(code::UNENCODED, "/header/b64"));
    }
    if header.member("jwk").is_some_and(|jwk| PRIVATE.iter().any(|name| jwk.member(name).is_some())) {
        findings.push(Finding::warning(code::JWK_PRIVATE, "/header/jwk"));
    }
}

/// The members of a JWK that only its owner may have ([RFC 7518 §6](https://www.rfc-editor.org/rfc/rfc7518#section-6)).
pub(super) const PRIVATE: [&str; 9] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"];

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = r#"{"alg":"HS256"}"#;

    fn check(header: &str, payload: &str, expected: &[(&str, u64, u64)]) {
        let findings = super::check(header, payload, Algorithm::named("HS256"));
        let number = |finding: &Finding, name: &str| match finding.fact(name) {
            Some(Fact::Count(count)) => *count,
            _ => 0,
        };
        let found: Vec<_> = findings
            .iter()
            .map(|finding| {
                let second = if finding.fact("last").is_some() { "last" } else { "column" };
                (finding.code.0, number(finding, "line"), number(finding, second))
            })
            .collect();
        assert_eq!(found, expected, "{header} {payload}");
    }

    #[test]
    fn good_texts_have_no_findings() {
        check(HEADER, "{}", &[]);
        check("{\"alg\":\"HS256\",\n\"typ\":\"JWT\"}", r#"{"a":{"b":1},"b":{"b":2}}"#, &[]);
    }

    #[test]
    fn faults_of_the_syntax_have_a_line_and_a_column() {
        check(HEADER, "{\n  \"a\": 01\n}", &[("create.json-number", 2, 10)]);
        check(HEADER, "{\n  \"ä\": 1,\n}", &[("create.json-syntax", 3, 1)]);
        check(HEADER, "{\"a\":1", &[("create.json-ended", 1, 7)]);
        check(HEADER, "{}\nx", &[("create.json-trailing", 2, 1)]);
        check("{\"alg\":\"HS256\",\"a\":\"\\ud800\"}", "{}", &[("create.json-surrogate", 1, 21)]);
        check("", "[]", &[("create.empty", 0, 0), ("create.not-object", 0, 0)]);
    }

    #[test]
    fn repeated_names_have_their_lines() {
        check(HEADER, "{\n\"role\":1,\n\"role\":2}", &[("create.repeated", 2, 3)]);
        check(HEADER, "{\"a\":1,\"a\":2}", &[("create.repeated-often", 1, 1)]);
        check(HEADER, "{\"a\":1,\n\"a\":2,\n\"a\":3}", &[("create.repeated-often", 1, 3)]);
        check(HEADER, "{\"x\":[{\n\"a\":1,\n\"\\u0061\":2}]}", &[("create.repeated", 2, 3)]);
    }

    #[test]
    fn the_header_is_held_against_what_is_signed_with() {
        check("{}", "{}", &[("create.algorithm-missing", 0, 0)]);
        check(r#"{"alg":256}"#, "{}", &[("create.algorithm-missing", 0, 0)]);
        check(r#"{"alg":"RS256"}"#, "{}", &[("create.algorithm-contradicts", 0, 0)]);
        check(r#"{"alg":"HS256","b64":false,"crit":["b64"]}"#, "{}", &[("create.unencoded", 0, 0)]);
        check(r#"{"alg":"HS256","jwk":{"kty":"OKP","d":"x"}}"#, "{}", &[("create.jwk-private", 0, 0)]);
    }

    #[test]
    fn hostile_texts_take_no_time() {
        let text = ["{", &"\"a\":1,\n".repeat(50_000), "\"a\":1}"].concat();
        assert_eq!(super::check(HEADER, &text, None).len(), 1);
        let nested = ["{\"a\":1,\"a\":".repeat(400), "1".to_owned(), "}".repeat(400)].concat();
        assert_eq!(super::check(HEADER, &nested, None).len(), MOST_REPEATED);
    }
}
