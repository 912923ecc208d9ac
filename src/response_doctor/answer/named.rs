//! The rows of the catalogue that an answer names: by a code of its own, or by its wording.

use std::ops::RangeInclusive;

use super::sender::Sender;
use super::texts::{Text, Texts, folded};
use super::wordings::Wordings;
use super::{Envelope, OauthError};
use crate::finding::Certainty;
use crate::json::{Kind, Value};
use crate::order;
use crate::response_doctor::Catalogue;
use crate::response_doctor::catalogue::Row;
use crate::response_doctor::endpoint;
use crate::response_doctor::evidence::{self, Body, Evidence};
use crate::text;

/// The number of rows that are named by their wording alone.
const MOST_BY_WORDING: usize = 3;

/// The number of codes that are taken from a text.
const MOST_CODES: usize = 10;

/// Words that a text about SAML has.
const SAML: [&str; 4] = ["saml", "assertion", "urn:oasis", "notonorafter"];

/// In a free text without a code only fragments from this length on name one of Okta's OAuth errors.
const TELLING: usize = 12;

/// A row that an answer names.
pub struct Found<'a> {
    /// The row.
    pub row: &'a Row,
    /// How sure that is.
    pub certainty: Certainty,
    /// The server's own words.
    pub text: String,
    /// Where they stand.
    pub subject: &'static str,
    /// Whether another row that was found says the same more exactly.
    pub is_general: bool,
    /// Whether the row is named by a code of its own, so that its status can be compared.
    pub by_code: bool,
}

/// A code that the catalogue does not have.
pub struct UnknownCode {
    /// The code.
    pub code: String,
    /// Where it stands.
    pub subject: &'static str,
}

/// What is looked for.
pub struct Sought<'a> {
    /// What the pasted texts tell.
    pub evidence: &'a Evidence,
    /// The error envelope.
    pub envelope: Option<&'a Envelope>,
    /// The OAuth error.
    pub oauth: Option<&'a OauthError>,
    /// What is said in words.
    pub texts: &'a Texts,
    /// Who answered.
    pub sender: Option<&'static Sender>,
}

/// The rows that an answer names, the surest and most specific first, and the codes that no row has.
pub fn find<'a>(sought: &Sought<'_>, catalogue: &'a Catalogue) -> (Vec<Found<'a>>, Vec<UnknownCode>) {
    let mut finder = Finder { catalogue, found: Vec::new(), unknown: Vec::new() };
    finder.codes(sought);
    finder.introspection(sought);
    finder.entra(sought);
    finder.event(sought);
    if let Some(exit) = sought.evidence.curl {
        finder.code("curl.", &exit.to_string(), &sought.evidence.text, "/answer");
    }
    finder.wordings(sought);
    finder.oauth(sought);
    finder.topics(sought);
    (finder.found, finder.unknown)
}

struct Finder<'a> {
    catalogue: &'a Catalogue,
    found: Vec<Found<'a>>,
    unknown: Vec<UnknownCode>,
}

impl<'a> Finder<'a> {
    fn add(&mut self, row: &'a Row, certainty: Certainty, text: &str, subject: &'static str) {
        if !self.found.iter().any(|found| found.row.code == row.code) {
            let text = clipped(text);
            self.found.push(Found { row, certainty, text, subject, is_general: false, by_code: false });
        }
    }

    /// Names the row of a code, or the code as unknown. Whether it is known.
    fn code(&mut self, prefix: &str, code: &str, text: &str, subject: &'static str) -> bool {
        match self.catalogue.row(&[prefix, code].concat()) {
            Some(row) => {
                self.add(row, Certainty::Stated, text, subject);
                if let Some(found) = self.found.iter_mut().find(|found| found.row.code == row.code) {
                    found.by_code = true;
                }
                true
            }
            None => {
                self.unknown(code, subject);
                false
            }
        }
    }

    fn unknown(&mut self, code: &str, subject: &'static str) {
        let code = code.chars().take(80).collect::<String>();
        if self.unknown.len() < MOST_CODES && !self.unknown.iter().any(|known| known.code == code) {
            self.unknown.push(UnknownCode { code, subject });
        }
    }

    /// Okta's codes: that of the envelope, and those in texts.
    fn codes(&mut self, sought: &Sought<'_>) {
        if let Some(envelope) = sought.envelope {
            let standard = self.catalogue.row(&["oauth.", &envelope.code].concat());
            match standard {
                Some(row) => self.add(row, Certainty::Stated, &envelope.summary, "/answer/body/errorCode"),
                None => {
                    self.code("okta.", &envelope.code, &envelope.summary, "/answer/body/errorCode");
                }
            }
            return;
        }
        for text in sought.texts.all() {
            // Seven digits in all, of which the first four are zeros.
            for code in numbered(&text.folded, "e0000", 3..=3) {
                self.code("okta.", &code.to_ascii_uppercase(), &text.original, "/answer");
            }
        }
    }

    /// `active` is false: what an introspection says of a token that it does not take
    /// ([RFC 7662 §2.2](https://www.rfc-editor.org/rfc/rfc7662#section-2.2)).
    fn introspection(&mut self, sought: &Sought<'_>) {
        let Body::Json(document) = &sought.evidence.body else { return };
        let active = document.member("active").map(|value| &value.kind);
        if let (Some(Kind::Bool(false)), Some(row)) = (active, self.catalogue.row("oauth.inactive")) {
            self.add(row, Certainty::Stated, "active: false", "/answer/body/active");
        }
    }

    /// Microsoft's codes: in texts, and as numbers of `error_codes`.
    fn entra(&mut self, sought: &Sought<'_>) {
        let said = sought.oauth.map(|oauth| oauth.description.as_str()).filter(|text| !text.is_empty());
        for text in sought.texts.all() {
            for code in numbered(&text.folded, "aadsts", 2..=9) {
                self.code("entra.", &code.to_ascii_uppercase(), said.unwrap_or(&text.original), "/answer/body");
            }
        }
        let Body::Json(document) = &sought.evidence.body else { return };
        for number in document.member("error_codes").map(Value::items).unwrap_or_default().iter().take(MOST_CODES) {
            if matches!(number.kind, Kind::Number) {
                let code = ["AADSTS", &document.raw(number)].concat();
                self.code("entra.", &code, said.unwrap_or_default(), "/answer/body/error_codes");
            }
        }
    }

    /// The reason of an event of the System Log: an internal name, or words.
    fn event(&mut self, sought: &Sought<'_>) {
        let Some(event) = &sought.evidence.event else { return };
        let subject = "/answer/body/outcome/reason";
        let name = event.reason.to_ascii_lowercase();
        if let Some(row) = self.catalogue.row(&["okta.", &name].concat()) {
            return self.add(row, Certainty::Stated, &event.reason, subject);
        }
        let rows = self.catalogue.rows.iter().filter(|row| is_of(row, "okta.") && row.file == "okta_oauth");
        for (_, row) in longest(RowWordings::of(rows).within(&folded(&event.reason))) {
            self.add(row, Certainty::Likely, &event.reason, subject);
        }
        if self.found.is_empty() && super::oauth::is_error(&name) && name.contains('_') && event.result == "FAILURE" {
            self.unknown(&event.reason, subject);
        }
    }

    /// What is recognised by its wording alone: SAML, what curl says, and what gateways and libraries write.
    fn wordings(&mut self, sought: &Sought<'_>) {
        use evidence::Kind::{self, Curl, Html, Saml};
        let kind = sought.evidence.kind;
        // "The signature is invalid" is said of tokens too.
        let speaks_of_saml = |text: &Text| SAML.iter().any(|word| text::contains(&text.folded, word));
        if kind == Saml || (matches!(kind, Kind::Text | Html) && sought.texts.all().any(speaks_of_saml)) {
            self.worded("saml.", sought);
        }
        // Okta's own answers are told apart by codes and by the rows of its own texts.
        let is_okta = sought.sender.is_some_and(|sender| sender.key == "okta");
        if !is_okta && self.found.is_empty() {
            self.worded("gateway.", sought);
        }
        if matches!(kind, Curl | Kind::Text) && self.found.is_empty() {
            self.worded("curl.", sought);
        }
    }

    fn worded(&mut self, prefix: &str, sought: &Sought<'_>) {
        let mut best: Vec<(usize, &'a Row, &Text)> = Vec::new();
        let wordings = RowWordings::of(self.catalogue.rows.iter().filter(|row| is_of(row, prefix)));
        for text in sought.texts.all() {
            for (length, row) in fitting(longest(wordings.within(&text.folded)), sought) {
                match best.iter_mut().find(|(_, known, _)| known.code == row.code) {
                    Some(known) if known.0 < length => *known = (length, row, text),
                    Some(_) => {}
                    None => best.push((length, row, text)),
                }
            }
        }
        order::sort(&mut best, |one, other| one.0 > other.0);
        for (_, row, text) in best.into_iter().take(MOST_BY_WORDING) {
            // The words of a sender that is known by its marks are its statement; else they may be those of another.
            let is_its_own = !row.sender.is_empty() && sought.sender.is_some_and(|sender| sender.is_named(row.sender));
            let certainty = if is_its_own { Certainty::Stated } else { Certainty::Likely };
            self.add(row, certainty, &text.original, "/answer");
        }
    }

    /// The OAuth error: Okta's row by the wording of the description, and the standard's by the error.
    fn oauth(&mut self, sought: &Sought<'_>) {
        let Some(oauth) = sought.oauth else { return self.okta_by_wording_alone(sought) };
        let subject = "/answer/error";
        let before = self.found.len();
        let key = sought.sender.map(|sender| sender.key.as_str());
        if before == 0 && may_be_okta(sought) {
            let rows =
                self.catalogue.rows.iter().filter(|row| row.file == "okta_oauth" && error_of(row) == oauth.error);
            let matching = longest(RowWordings::of(rows).within(&folded(&oauth.description)));
            // A wording that several share tells no more than that it is one of them.
            let alone = matching.len() == 1 && key.is_some();
            let certainty = if alone { Certainty::Stated } else { Certainty::Likely };
            for (_, row) in matching {
                self.add(row, certainty, &oauth.description, subject);
                if let Some(found) = self.found.last_mut().filter(|_| alone) {
                    found.by_code = true;
                }
            }
        }
        let is_specific = self.found.iter().any(|found| !is_of(found.row, "saml."));
        let text = if oauth.description.is_empty() { &oauth.error } else { &oauth.description };
        let general = self.catalogue.row(&["oauth.", &oauth.error].concat()).or_else(|| {
            let mut rows = self.catalogue.rows.iter().filter(|row| row.file == "okta_oauth");
            // An error that only one of Okta's rows has is named by it, whatever the text says.
            let row = rows.find(|row| error_of(row) == oauth.error)?;
            rows.all(|row| error_of(row) != oauth.error).then_some(row)
        });
        match general {
            Some(row) => {
                self.add(row, Certainty::Stated, text, subject);
                if let Some(found) = self.found.iter_mut().find(|found| found.row.code == row.code) {
                    found.is_general = is_specific && is_of(row, "oauth.");
                }
            }
            None if !is_specific => self.unknown(&oauth.error, subject),
            None => {}
        }
    }

    /// Words of Okta's errors in a text without the error or the code: a page, a line of a log.
    fn okta_by_wording_alone(&mut self, sought: &Sought<'_>) {
        if sought.envelope.is_some() || !self.found.is_empty() {
            return;
        }
        let wordings = RowWordings::of(self.catalogue.rows.iter().filter(|row| is_of(row, "okta.")));
        for text in sought.texts.all() {
            let matching = wordings.within(&text.folded);
            for (_, row) in longest(matching.into_iter().filter(|(length, _)| *length >= TELLING).collect()) {
                self.add(row, Certainty::Likely, &text.original, "/answer");
            }
        }
        self.found.truncate(MOST_BY_WORDING);
    }

    /// What someone writes about, where no error was recognised.
    fn topics(&mut self, sought: &Sought<'_>) {
        // The code of a refused request says only that; which member was refused stands in the causes.
        let causes = sought.envelope.map(|envelope| folded(&envelope.causes.join("\n"))).unwrap_or_default();
        let event = sought.evidence.event.as_ref().map(|event| folded(&event.event_type)).unwrap_or_default();
        let wordings = RowWordings::of(self.catalogue.rows.iter().filter(|row| is_of(row, "topic.")));
        let texts = match self.found.iter().any(|found| !is_of(found.row, "saml.")) {
            true => vec![&causes],
            false => vec![&causes, &sought.texts.free.folded, &sought.texts.page.folded, &event],
        };
        let mut matching: Vec<_> = texts.into_iter().flat_map(|text| wordings.within(text)).collect();
        order::sort(&mut matching, |one, other| one.0 > other.0);
        for (_, row) in matching.into_iter().take(MOST_BY_WORDING) {
            self.add(row, Certainty::Likely, &sought.evidence.text, "/answer");
        }
    }
}

/// Whether Okta may have answered: nothing says that somebody else did, neither marks nor the address that was asked.
fn may_be_okta(sought: &Sought<'_>) -> bool {
    match sought.sender {
        Some(sender) => sender.key == "okta",
        None => {
            let url = sought.evidence.request.as_ref().map_or("", |request| request.url.as_str());
            let endpoint = endpoint::read(url);
            endpoint.origin.is_empty() || endpoint.is_okta
        }
    }
}

/// Whether a row's code begins so.
fn is_of(row: &Row, prefix: &str) -> bool {
    row.code.0.starts_with(prefix)
}

/// The OAuth error of one of Okta's rows.
fn error_of(row: &Row) -> &'static str {
    if row.error.is_empty() { row.key } else { row.error }
}

/// Of rows with the same wording those of the sender that was recognised, and those of the status; all where none fits.
fn fitting<'a>(rows: Vec<(usize, &'a Row)>, sought: &Sought<'_>) -> Vec<(usize, &'a Row)> {
    let narrowed = |rows: Vec<(usize, &'a Row)>, fits: &dyn Fn(&Row) -> bool| {
        let some: Vec<_> = rows.iter().filter(|(_, row)| fits(row)).copied().collect();
        if some.is_empty() { rows } else { some }
    };
    let rows = match sought.sender {
        Some(sender) => narrowed(rows, &|row| !row.sender.is_empty() && sender.is_named(row.sender)),
        None => rows,
    };
    narrowed(rows, &|row| row.status.is_some() && row.status == sought.evidence.status)
}

/// The rows whose fragment is the longest.
fn longest(mut rows: Vec<(usize, &Row)>) -> Vec<(usize, &Row)> {
    let length = rows.iter().map(|(length, _)| *length).max().unwrap_or_default();
    rows.retain(|row| row.0 == length);
    rows
}

/// The fragments of some rows.
struct RowWordings<'a> {
    rows: Vec<&'a Row>,
    wordings: Wordings,
}

impl<'a> RowWordings<'a> {
    fn of(rows: impl Iterator<Item = &'a Row>) -> RowWordings<'a> {
        let rows: Vec<&Row> = rows.collect();
        let fragments = rows.iter().enumerate().flat_map(|(at, row)| row.fragments.iter().map(move |text| (at, *text)));
        let wordings = Wordings::new(rows.len(), fragments);
        RowWordings { rows, wordings }
    }

    /// The rows of which a fragment occurs in a folded text, with the length of the longest such.
    fn within(&self, text: &str) -> Vec<(usize, &'a Row)> {
        let lengths = self.wordings.within(text);
        lengths.into_iter().zip(self.rows.iter().copied()).filter(|(length, _)| *length > 0).collect()
    }
}

/// Codes of a prefix and digits in a folded text, each once: `aadsts50011`.
fn numbered<'a>(text: &'a str, prefix: &str, count: RangeInclusive<usize>) -> Vec<&'a str> {
    let mut codes: Vec<&str> = Vec::new();
    for at in text::positions(text, prefix) {
        let behind = text.as_bytes().get(at + prefix.len()..).unwrap_or_default();
        let digits = behind.iter().take(count.end() + 1).take_while(|byte| byte.is_ascii_digit()).count();
        let preceded = at.checked_sub(1).and_then(|before| text.as_bytes().get(before));
        let begins = preceded.is_none_or(|byte| !byte.is_ascii_alphanumeric());
        if let Some(code) = text.get(at..at + prefix.len() + digits)
            && begins
            && count.contains(&digits)
            && codes.len() < MOST_CODES
            && !codes.contains(&code)
        {
            codes.push(code);
        }
    }
    codes
}

/// The server's own words, cut at 300 characters.
pub fn clipped(text: &str) -> String {
    let text = text.trim();
    match text.char_indices().nth(300) {
        Some((end, _)) => [text.get(..end).unwrap_or_default(), "…"].concat(),
        None => text.to_owned(),
    }
}
