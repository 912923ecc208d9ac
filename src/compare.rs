//! Compare: a token that works beside one that does not, and the difference that explains the failure.
//!
//! Nobody has to say which one works: what was found about the two says it. A check that only one of them fails points
//! at the difference that explains it; where neither fails, the differences stand in the order in which verifiers look.

use crate::finding::{Certainty, Code, Fact, Finding};
use crate::messages::{self, Prose};
use crate::order;
use crate::report::{Token, TokenKind};
use crate::text;
use crate::time::Time;
use crate::why::{Explained, WORDS};

mod members;
mod rows;
mod table;
mod verdict;

use members::{Found, How};
use table::{Row, table};
use verdict::{Ground, Judged};

/// The codes of this room. Each is one conclusion, and the first finding of a comparison says which was drawn.
pub mod code {
    crate::codes! {
        /// Nothing differs that tells them apart for a verifier.
        ALIKE = "compare.alike";
        /// Both fail, each for a reason of its own.
        EACH_FOR_ITSELF = "compare.each-for-itself";
        /// One has expired, and the other fails for another reason.
        EXPIRED_SINCE = "compare.expired-since";
        /// One fails, and a difference explains it.
        EXPLAINED = "compare.explained";
        /// The two are one and the same token.
        IDENTICAL = "compare.identical";
        /// The signature of one is valid, and there is no key for the other's.
        NO_KEY = "compare.no-key";
        /// Both fail, and one of them for one more reason.
        ONE_MORE = "compare.one-more";
        /// Neither fails, and these differences may matter to a verifier.
        POSSIBLE = "compare.possible";
        /// The same claims in other bytes.
        SAME_CLAIMS = "compare.same-claims";
        /// Both fail for the same reason.
        SAME_FAILURE = "compare.same-failure";
        /// More differs than is listed.
        TOO_MANY = "compare.too-many";
        /// One fails, and no difference between the two explains it.
        UNEXPLAINED = "compare.unexplained";
        /// Neither can be read.
        UNREADABLE = "compare.unreadable";
    }
}

/// What differs between two tokens.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Comparison {
    /// Which difference explains that one works and the other does not, in one sentence.
    pub headline: Prose,
    /// The differences, those that explain the failure first.
    pub differences: Vec<Difference>,
    /// The names of the claims that are the same in both.
    pub same: Vec<String>,
    /// What was concluded, with codes `compare.…`.
    pub findings: Vec<Finding>,
    /// The one that works, or worked; `None` where that cannot be told.
    pub works: Option<Which>,
}

/// One of two tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// The one of the text.
    First,
    /// The one beside it.
    Second,
}

/// One thing that differs.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// What kind of thing: `header`, `claim`, `key`, `lifetime`, `scopes`, `profile`, `provider`, `signature`, and `token`
    /// for its form.
    pub area: &'static str,
    /// Its name, such as `aud`; a JSON pointer for what lies deeper, such as `/realm_access/roles`.
    pub name: String,
    /// The first token's value as received; `None` where it has none.
    pub first: Option<String>,
    /// The second token's.
    pub second: Option<String>,
    /// What the difference means.
    pub meaning: Prose,
    /// How it bears on the failure.
    pub bearing: Bearing,
}

/// How a difference bears on the failure of one of the tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bearing {
    /// It explains the failure.
    Explains,
    /// It may.
    Possible,
    /// Tokens of one kind always differ in it, such as `jti` and `iat`.
    Expected,
    /// It changes nothing for a verifier.
    None,
}

/// Of the differences that may matter the first ones are named in the headline.
const MOST_NAMED: usize = 3;

/// Compares the first tokens of two texts. `None` where one of them has none.
pub fn compare(first: &Explained, second: &Explained, now: Time) -> Option<Comparison> {
    let (one, other) = (first.report.tokens.first()?, second.report.tokens.first()?);
    let judged = verdict::judge(one, other);
    let mut ranked: Vec<Ranked> = Vec::new();
    let (mut same, mut left) = (Vec::new(), 0);
    if one.text != other.text {
        for (area, found) in rows::beside(first, second, one, other) {
            ranked.push(Ranked::of(area, found, &[area]));
        }
        if let (Some(header), Some(beside)) = (&one.header, &other.header) {
            let members = members::compare(header, beside, &|name| table().knows(name));
            left += members.left;
            ranked.extend(members.found.into_iter().map(|found| Ranked::of("header", found, &["header", "key"])));
        }
    }
    if let (Some(payload), Some(beside)) = (&one.payload, &other.payload) {
        let members = members::compare(payload, beside, &|name| table().knows(name));
        same = members.same;
        left += members.left;
        // Scopes have a row of their own, whichever claim they stand in.
        let claims = members.found.into_iter().filter(|found| table().row(&["scopes"], &found.name).is_none());
        ranked.extend(claims.map(|found| Ranked::of("claim", found, &["claim"])));
    }
    for row in &mut ranked {
        if judged
            .first
            .iter()
            .chain(&judged.second)
            .chain(&judged.hints)
            .any(|finding| explains(&row.difference, finding))
        {
            row.difference.bearing = Bearing::Explains;
        }
    }
    order::sort(&mut ranked, |one, other| one.key() < other.key());
    let mut differences: Vec<Difference> = ranked.into_iter().map(|row| row.difference).collect();
    if differences.len() > MOST {
        left += (differences.len() - MOST) as u64;
        differences.truncate(MOST);
    }
    let concluded = conclude(one, other, &judged, &differences, left, now);
    let (headline, findings) = (concluded.headline, concluded.findings);
    Some(Comparison { headline, differences, same, findings, works: judged.works })
}

/// Every code of this room.
pub fn codes() -> Vec<Code> {
    code::ALL.to_vec()
}

/// So many differences are shown.
const MOST: usize = 200;

/// A difference with its place in the order of verifiers.
struct Ranked {
    rank: usize,
    difference: Difference,
}

impl Ranked {
    fn of(area: &'static str, found: Found, areas: &[&str]) -> Ranked {
        // Two claims may hold the scopes, and then the name is both.
        let name = if area == "scopes" { found.name.split(',').next().unwrap_or_default() } else { &found.name };
        let known = table().row(areas, name);
        let (rank, row) = known.map_or((usize::MAX, None), |(rank, row)| (rank, Some(row)));
        let area = row.map_or(area, |row| row.area.as_str());
        let usual = row.map_or(if area == "header" { Bearing::None } else { Bearing::Possible }, |row| row.bearing);
        let one_sided = found.first.is_none() || found.second.is_none();
        let bearing = match &found.how {
            How::Order | How::Written => Bearing::None,
            How::Type(..) | How::Repeated(..) | How::Number | How::Place => Bearing::Possible,
            _ if one_sided && usual == Bearing::Expected => Bearing::Possible,
            How::Value | How::Items(..) => usual,
        };
        let meaning = meaning(area, row, &found);
        let Found { name, first, second, .. } = found;
        Ranked { rank, difference: Difference { area, name, first, second, meaning, bearing } }
    }

    fn key(&self) -> (Bearing, usize, &str, &str) {
        (self.difference.bearing, self.rank, self.difference.area, &self.difference.name)
    }
}

/// Whether a failed check is about what differs here.
fn explains(difference: &Difference, finding: &Finding) -> bool {
    let name = difference.name.as_str();
    let first = if difference.area == "scopes" { name.split(',').next().unwrap_or_default() } else { name };
    if table().row(&[difference.area], first).is_some_and(|(_, row)| row.names_code(finding.code)) {
        return true;
    }
    let subject = finding.subject.as_str();
    let below = |part: &str| subject.strip_prefix(part).and_then(|rest| rest.strip_prefix('/'));
    // The check may be about the member itself, about what lies in it, or about what it lies in.
    let about = |pointer: &str| {
        let deep = name.strip_prefix('/').unwrap_or(name);
        let outer = |long: &str, short: &str| long.strip_prefix(short).is_some_and(|rest| rest.starts_with('/'));
        pointer == deep || outer(deep, pointer) || outer(pointer, deep) || unescaped(pointer) == name
    };
    match difference.area {
        "header" | "key" => below("/header").is_some_and(about),
        "claim" => below("/payload").is_some_and(about),
        "scopes" => below("/payload").is_some_and(|name| table().row(&["scopes"], name).is_some()),
        "signature" => name == "signature" && subject == "/signature",
        "token" => name == "kind" && subject == "/token",
        _ => false,
    }
}

fn unescaped(pointer: &str) -> String {
    text::replace(&text::replace(pointer, "~1", "/"), "~0", "~")
}

/// What a difference means: what the table says of the name, or what is known of the claim, and in which way it differs.
fn meaning(area: &str, row: Option<&Row>, found: &Found) -> Prose {
    let table = table();
    let mut meaning = match row {
        Some(row) => table::filled(&row.meaning, Vec::new()),
        None => {
            let known = match area {
                "header" => crate::claims::header_explanation(&found.name),
                _ => crate::claims::explanation(&found.name),
            };
            match known {
                Some(known) => table::filled(known.explanation, Vec::new()),
                None => table.phrase(if area == "header" { "header" } else { "claim" }, Vec::new()),
            }
        }
    };
    let mut say = |name: &str, evidence: Vec<(&'static str, Fact)>| meaning.append(table.phrase(name, evidence));
    match (&found.first, &found.second) {
        (Some(_), None) => {
            return {
                say("first", Vec::new());
                meaning
            };
        }
        (None, Some(_)) => {
            return {
                say("second", Vec::new());
                meaning
            };
        }
        _ => {}
    }
    match &found.how {
        How::Value => {}
        How::Type(first, second) => {
            say("type", vec![("first_type", Fact::Words(first)), ("second_type", Fact::Words(second))]);
        }
        How::Number => say("number", Vec::new()),
        How::Written => say("written", Vec::new()),
        How::Order => say("order", Vec::new()),
        How::Place => say("place", Vec::new()),
        How::Repeated(first, second) => {
            say("repeated", vec![("first_count", Fact::Count(*first)), ("second_count", Fact::Count(*second))]);
        }
        How::Items(removed, added) => {
            for (name, items) in [("removed", removed), ("added", added)] {
                if !items.is_empty() {
                    // Longer lists are counted in a sentence, so no more than that is copied.
                    say(name, vec![(name, Fact::List(items.clone()))]);
                }
            }
        }
    }
    meaning
}

struct Concluded {
    headline: Prose,
    findings: Vec<Finding>,
}

fn conclude(
    one: &Token,
    other: &Token,
    judged: &Judged,
    differences: &[Difference],
    left: u64,
    now: Time,
) -> Concluded {
    let explaining = || differences.iter().filter(|difference| difference.bearing == Bearing::Explains);
    let possible = || differences.iter().filter(|difference| difference.bearing == Bearing::Possible);
    let readable = |token: &Token| token.payload.is_some() && token.kind != TokenKind::Opaque;
    let code = if one.text == other.text {
        code::IDENTICAL
    } else {
        match judged.ground {
            Ground::ExpiredSince => code::EXPIRED_SINCE,
            Ground::Alike => code::SAME_FAILURE,
            Ground::Each => code::EACH_FOR_ITSELF,
            Ground::NoKey => code::NO_KEY,
            Ground::One if explaining().next().is_some() => code::EXPLAINED,
            Ground::More if explaining().next().is_some() => code::ONE_MORE,
            Ground::One | Ground::More => code::UNEXPLAINED,
            Ground::Neither if rows::same_claims(one, other) => code::SAME_CLAIMS,
            Ground::Neither if possible().next().is_some() => code::POSSIBLE,
            Ground::Neither if !readable(one) && !readable(other) => code::UNREADABLE,
            Ground::Neither => code::ALIKE,
        }
    };
    let (working, failing, causes) = match judged.works {
        Some(Which::First) => ("first", "second", &judged.second),
        Some(Which::Second) => ("second", "first", &judged.first),
        None => ("first", "second", &judged.both),
    };
    let mut names: Vec<String> = explaining().map(|difference| difference.name.clone()).collect();
    if names.is_empty() {
        names = possible().map(|difference| difference.name.clone()).collect();
    }
    names.truncate(MOST_NAMED);
    let certain = matches!(code, code::EXPLAINED | code::ONE_MORE | code::IDENTICAL | code::SAME_CLAIMS);
    let certainty = if certain { Certainty::Proved } else { Certainty::Likely };
    let finding = Finding::info(code, "/token")
        .certainty(certainty)
        .with("working", Fact::Words(working))
        .with("failing", Fact::Words(failing))
        .with("names", Fact::List(names))
        .with("count", Fact::Count(differences.len() as u64));
    let words = WORDS.words(&finding, now);
    let mut headline = words.brief.unwrap_or(words.problem);
    let clause = |finding: &Finding| {
        let words = messages::words(finding, now);
        words.brief.unwrap_or(words.problem)
    };
    let causes = match code {
        code::EACH_FOR_ITSELF => {
            for (phrase, finding) in [("one", judged.first.first()), ("other", judged.second.first())] {
                let Some(finding) = finding else { continue };
                headline.append(table().phrase(phrase, Vec::new()));
                headline.append(clause(finding));
            }
            &[][..]
        }
        code::EXPLAINED
        | code::ONE_MORE
        | code::UNEXPLAINED
        | code::EXPIRED_SINCE
        | code::NO_KEY
        | code::SAME_FAILURE => causes.as_slice(),
        _ => &[],
    };
    if let Some(cause) = causes.first() {
        headline.append(clause(cause));
        // The values of what the first cause is about, where the cause does not say all there is to say.
        let key = || explaining().find(|difference| difference.area == "key" && cause.subject == "/signature");
        let about = key().or_else(|| explaining().find(|difference| explains(difference, cause)));
        if let (Some(works), Some(difference)) = (judged.works, about) {
            headline.append(values(difference, works));
        }
    }
    if causes.len() > 1 {
        headline.append(table().phrase("more", vec![("count", Fact::Count(causes.len() as u64 - 1))]));
    }
    let mut findings = vec![finding];
    if left > 0 {
        findings.push(Finding::info(code::TOO_MANY, "/token").with("count", Fact::Count(left)));
    }
    Concluded { headline, findings }
}

/// What the two have, in brackets. Nothing for times, of which the cause speaks already.
fn values(difference: &Difference, works: Which) -> Prose {
    if !matches!(difference.area, "header" | "claim" | "key" | "scopes") {
        return Prose::default();
    }
    let usual = table().row(&[difference.area], &difference.name).map(|(_, row)| row.bearing);
    if usual == Some(Bearing::Expected) {
        return Prose::default();
    }
    let (working, failing, which) = match works {
        Which::First => (&difference.first, &difference.second, "first"),
        Which::Second => (&difference.second, &difference.first, "second"),
    };
    let phrase = match (working, failing) {
        (Some(_), Some(_)) => "values",
        (None, Some(_)) => "has",
        (Some(_), None) => "lacks",
        (None, None) => return Prose::default(),
    };
    let mut facts = vec![("name", Fact::Text(difference.name.clone())), ("which", Fact::Words(which))];
    for (name, value) in [("working", working), ("failing", failing)] {
        facts.extend(value.iter().map(|value| (name, Fact::Text(value.clone()))));
    }
    table().phrase(phrase, facts)
}
