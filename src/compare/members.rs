//! The members of two JSON objects side by side, however deep: which differ, and in which way.
//!
//! Everything is sorted before it is compared, so that a hundred thousand members cost their sorting and no more.

use crate::json::{self, Document, Kind, Member, Value};
use crate::order;

/// A member that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its name; a JSON pointer ([RFC 6901](https://www.rfc-editor.org/rfc/rfc6901)) below the outermost object.
    pub name: String,
    /// The first one's text as received.
    pub first: Option<String>,
    /// The second one's.
    pub second: Option<String>,
    /// In which way they differ.
    pub how: How,
}

/// In which way two values differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum How {
    /// They are two values, or one side has none.
    Value,
    /// They are of two types, named as a sentence says it.
    Type(&'static str, &'static str),
    /// They are the same number in two spellings.
    Number,
    /// They are the same value in two spellings.
    Written,
    /// They are lists of the same items, in another order or repeated.
    Order,
    /// They are lists, with these items only in the first, and these only in the second.
    Items(Vec<String>, Vec<String>),
    /// The member is there so many times.
    Repeated(u64, u64),
    /// The same scopes stand in another claim.
    Place,
}

/// What differs between two objects.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Members {
    /// The members that differ.
    pub found: Vec<Found>,
    /// The names of the outermost members that are the same.
    pub same: Vec<String>,
    /// How many more differ.
    pub left: u64,
}

/// So many differences are listed, and so many names of what is the same.
const MOST: usize = 200;

/// Objects that are nested deeper, or whose pointer is longer, are compared as one value.
const DEEPEST: usize = 8;
const LONGEST: usize = 512;

/// Compares two documents' outermost objects. Those members come first whose names are `known`.
pub fn compare(first: &Document, second: &Document, known: &dyn Fn(&str) -> bool) -> Members {
    let mut walk = Walk { first, second, members: Members::default() };
    let (one, other) = (root(first), root(second));
    walk.object(&one, &other, "", 0, &|name| known(name));
    walk.object(&one, &other, "", 0, &|name| !known(name));
    walk.members
}

/// Whether two documents are equal as JSON: the order of members and the spelling of values aside.
pub fn equal(first: &Document, second: &Document) -> bool {
    match (&first.root, &second.root) {
        (Some(one), Some(other)) => normal(first, one) == normal(second, other),
        _ => false,
    }
}

/// The type of a value, as a sentence says it.
pub fn type_name(value: &Value) -> &'static str {
    match value.kind {
        Kind::Null => "null",
        Kind::Bool(_) => "a boolean",
        Kind::Number => "a number",
        Kind::String(_) => "a string",
        Kind::Array(_) => "a list",
        Kind::Object(_) => "an object",
    }
}

/// What only one of two lists has, each item once, both lists in order.
pub fn apart(mut first: Vec<String>, mut second: Vec<String>) -> (Vec<String>, Vec<String>) {
    let (mut removed, mut added) = (Vec::new(), Vec::new());
    for items in [&mut first, &mut second] {
        order::sort(items, |one, other| one < other);
        items.dedup();
    }
    let (mut first, mut second) = (first.into_iter().peekable(), second.into_iter().peekable());
    loop {
        match (first.peek(), second.peek()) {
            (Some(one), Some(other)) if one == other => {
                first.next();
                second.next();
            }
            (Some(one), Some(other)) if one < other => removed.extend(first.next()),
            (Some(_), None) => removed.extend(first.next()),
            (_, Some(_)) => added.extend(second.next()),
            (None, None) => return (removed, added),
        }
    }
}

/// All members of one name: the last one counts.
struct Group<'a> {
    name: &'a str,
    value: &'a Value,
    /// Those before it.
    others: Vec<&'a Value>,
}

impl Group<'_> {
    fn count(&self) -> u64 {
        self.others.len() as u64 + 1
    }
}

fn root(document: &Document) -> Vec<Group<'_>> {
    document.root.as_ref().map(grouped).unwrap_or_default()
}

fn grouped(value: &Value) -> Vec<Group<'_>> {
    let mut members: Vec<&Member> = value.members().iter().collect();
    order::sort(&mut members, |one, other| one.name < other.name);
    let mut groups: Vec<Group> = Vec::with_capacity(members.len());
    for member in members {
        match groups.last_mut().filter(|group| group.name == member.name) {
            Some(group) => {
                group.others.push(group.value);
                group.value = &member.value;
            }
            None => groups.push(Group { name: &member.name, value: &member.value, others: Vec::new() }),
        }
    }
    groups
}

struct Walk<'a> {
    first: &'a Document,
    second: &'a Document,
    members: Members,
}

impl Walk<'_> {
    fn object(&mut self, first: &[Group], second: &[Group], path: &str, depth: usize, wanted: &dyn Fn(&str) -> bool) {
        let (mut ones, mut others) = (first.iter().peekable(), second.iter().peekable());
        loop {
            let (one, other) = match (ones.peek(), others.peek()) {
                (Some(one), Some(other)) if one.name == other.name => (ones.next(), others.next()),
                (Some(one), Some(other)) if one.name < other.name => (ones.next(), None),
                (Some(_), None) => (ones.next(), None),
                (_, Some(_)) => (None, others.next()),
                (None, None) => return,
            };
            let Some(name) = one.or(other).map(|group| group.name).filter(|name| wanted(name)) else { continue };
            self.pair(one, other, name, path, depth);
        }
    }

    fn pair(&mut self, one: Option<&Group>, other: Option<&Group>, name: &str, path: &str, depth: usize) {
        let (Some(one), Some(other)) = (one, other) else {
            return self.push(one, other, name, path, depth, How::Value);
        };
        let how = match self.how(one.value, other.value) {
            Some(How::Value) if is_object(one.value) && depth < DEEPEST && path.len() + name.len() < LONGEST => {
                let path = pointer(path, name);
                let before = self.members.found.len() as u64 + self.members.left;
                self.object(&grouped(one.value), &grouped(other.value), &path, depth + 1, &|_| true);
                if before == self.members.found.len() as u64 + self.members.left {
                    self.same(name, depth);
                }
                return;
            }
            Some(how) => how,
            None if !self.repeated_alike(one, other) => How::Repeated(one.count(), other.count()),
            None => return self.same(name, depth),
        };
        self.push(Some(one), Some(other), name, path, depth, how);
    }

    /// Whether the values before the last ones are the same.
    fn repeated_alike(&self, one: &Group, other: &Group) -> bool {
        one.others.len() == other.others.len()
            && one
                .others
                .iter()
                .zip(&other.others)
                .all(|(one, other)| self.first.bytes.get(one.span.clone()) == self.second.bytes.get(other.span.clone()))
    }

    fn same(&mut self, name: &str, depth: usize) {
        if depth == 0 && self.members.same.len() < MOST {
            self.members.same.push(name.to_owned());
        }
    }

    fn push(&mut self, one: Option<&Group>, other: Option<&Group>, name: &str, path: &str, depth: usize, how: How) {
        if self.members.found.len() == MOST {
            self.members.left += 1;
            return;
        }
        self.members.found.push(Found {
            name: if depth == 0 { name.to_owned() } else { pointer(path, name) },
            first: one.map(|group| self.first.raw(group.value)),
            second: other.map(|group| self.second.raw(group.value)),
            how,
        });
    }

    /// In which way two values differ; `None` where they are the same text, white space aside. Two objects differ as a
    /// `Value` unless their bytes are equal: their members say the rest.
    fn how(&self, one: &Value, other: &Value) -> Option<How> {
        if self.first.bytes.get(one.span.clone()) == self.second.bytes.get(other.span.clone()) {
            return None;
        }
        match (&one.kind, &other.kind) {
            (Kind::Object(_), Kind::Object(_)) => {}
            (Kind::Number, Kind::Number) => {
                let equal = normal(self.first, one) == normal(self.second, other);
                return Some(if equal { How::Number } else { How::Value });
            }
            (Kind::String(one), Kind::String(other)) => {
                return Some(if one == other { How::Written } else { How::Value });
            }
            (Kind::Array(ones), Kind::Array(others)) => return self.lists(one, other, ones, others),
            _ if type_name(one) != type_name(other) => return Some(How::Type(type_name(one), type_name(other))),
            _ => {}
        }
        Some(How::Value)
    }

    fn lists(&self, one: &Value, other: &Value, ones: &[Value], others: &[Value]) -> Option<How> {
        if compact(self.first, one) == compact(self.second, other) {
            return None;
        }
        if normal(self.first, one) == normal(self.second, other) {
            return Some(How::Written);
        }
        let items = |document: &Document, items: &[Value]| items.iter().map(|item| normal(document, item)).collect();
        let (removed, added) = apart(items(self.first, ones), items(self.second, others));
        Some(if removed.is_empty() && added.is_empty() { How::Order } else { How::Items(removed, added) })
    }
}

fn is_object(value: &Value) -> bool {
    matches!(value.kind, Kind::Object(_))
}

fn pointer(path: &str, name: &str) -> String {
    let mut pointer = String::with_capacity(path.len() + name.len() + 2);
    // The outermost name stands without a slash until something follows it.
    pointer.push_str(path);
    pointer.push('/');
    for character in name.chars() {
        match character {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            other => pointer.push(other),
        }
    }
    pointer
}

/// The text of a value without white space.
fn compact(document: &Document, value: &Value) -> String {
    let mut text = String::new();
    write(document, value, true, &mut text);
    text
}

/// The one text that stands for all spellings of a value: members in order, numbers and strings in one form.
fn normal(document: &Document, value: &Value) -> String {
    let mut text = String::new();
    write(document, value, false, &mut text);
    text
}

fn write(document: &Document, value: &Value, exact: bool, text: &mut String) {
    match &value.kind {
        Kind::Number if !exact => text.push_str(&number(&document.raw(value))),
        Kind::String(string) if !exact => text.push_str(&json::quoted(string)),
        Kind::Array(items) => {
            text.push('[');
            for item in items {
                write(document, item, exact, text);
                text.push(',');
            }
            text.push(']');
        }
        Kind::Object(members) => {
            let mut members: Vec<&Member> = members.iter().collect();
            if !exact {
                order::sort(&mut members, |one, other| one.name < other.name);
            }
            text.push('{');
            for member in members {
                text.push_str(&if exact { document.text(&member.name_span) } else { json::quoted(&member.name) });
                text.push(':');
                write(document, &member.value, exact, text);
                text.push(',');
            }
            text.push('}');
        }
        _ => text.push_str(&document.raw(value)),
    }
}

/// A number in one form: sign, digits without zeros at the ends, exponent. One that is no JSON number stays as it is.
fn number(raw: &str) -> String {
    let (mantissa, exponent) = raw.split_once(['e', 'E']).unwrap_or((raw, "0"));
    let (sign, mantissa) = mantissa.strip_prefix('-').map_or(("", mantissa), |mantissa| ("-", mantissa));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let Ok(exponent) = exponent.strip_prefix('+').unwrap_or(exponent).parse::<i64>() else { return raw.to_owned() };
    let mut digits = String::with_capacity(raw.len());
    digits.push_str(whole);
    digits.push_str(fraction);
    let trimmed = digits.trim_end_matches('0');
    let zeros = (digits.len() - trimmed.len()) as i64;
    let exponent = exponent.saturating_sub(fraction.len() as i64).saturating_add(zeros);
    match trimmed.trim_start_matches('0') {
        "" => "0".to_owned(),
        digits => [sign, digits, "e", &exponent.to_string()].concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(first: &str, second: &str, expected: &[(&str, How)]) {
        let read = |text: &str| json::read(text.as_bytes().to_vec());
        let members = compare(&read(first), &read(second), &|_| false);
        let found: Vec<(&str, How)> =
            members.found.iter().map(|found| (found.name.as_str(), found.how.clone())).collect();
        assert_eq!(found, expected, "{first} {second}");
    }

    #[test]
    fn every_way_to_differ_has_its_name() {
        let items = |removed: &[&str], added: &[&str]| {
            let owned = |items: &[&str]| items.iter().map(|item| (*item).to_owned()).collect();
            How::Items(owned(removed), owned(added))
        };
        check(r#"{"a":1,"b":2}"#, r#"{ "b" : 2 , "a" : 1 }"#, &[]);
        check(r#"{"a":1}"#, r#"{"a":2}"#, &[("a", How::Value)]);
        check(r#"{"a":1}"#, "{}", &[("a", How::Value)]);
        check(r#"{"a":1}"#, r#"{"a":1.0}"#, &[("a", How::Number)]);
        check(r#"{"a":1200}"#, r#"{"a":1.2e3}"#, &[("a", How::Number)]);
        check(r#"{"a":-0}"#, r#"{"a":0.0}"#, &[("a", How::Number)]);
        check(r#"{"a":9007199254740993}"#, r#"{"a":9007199254740992}"#, &[("a", How::Value)]);
        check(r#"{"a":"x"}"#, r#"{"a":"\u0078"}"#, &[("a", How::Written)]);
        check(r#"{"a":"x"}"#, r#"{"a":["x"]}"#, &[("a", How::Type("a string", "a list"))]);
        check(r#"{"a":[1,2]}"#, r#"{"a":[2,1]}"#, &[("a", How::Order)]);
        check(r#"{"a":[1,2]}"#, r#"{"a":[1, 2]}"#, &[]);
        check(r#"{"a":[1,2]}"#, r#"{"a":[1.0,2]}"#, &[("a", How::Written)]);
        check(r#"{"a":["x","y"]}"#, r#"{"a":["y","z"]}"#, &[("a", items(&["\"x\""], &["\"z\""]))]);
        check(r#"{"a":1,"a":1}"#, r#"{"a":1}"#, &[("a", How::Repeated(2, 1))]);
        check(r#"{"a":1,"a":3}"#, r#"{"a":2,"a":3}"#, &[("a", How::Repeated(2, 2))]);
        check(r#"{"a":{"b":{"c":1}}}"#, r#"{"a":{"b":{"c":2}}}"#, &[("/a/b/c", How::Value)]);
        check(r#"{"x/y":{"b~":1}}"#, r#"{"x/y":{}}"#, &[("/x~1y/b~0", How::Value)]);
        check(r#"{"a":{"b":1,"c":2}}"#, r#"{"a":{"c":2,"b":1}}"#, &[]);
        check(r#"{"a":true}"#, r#"{"a":false}"#, &[("a", How::Value)]);
    }

    #[test]
    fn numbers_have_one_form() {
        for (one, other) in [("1", "1.0"), ("10", "1e1"), ("0.10", "1E-1"), ("0e9", "-0"), ("100", "1e+2")] {
            assert_eq!(number(one), number(other));
        }
        for (one, other) in [("1", "-1"), ("1", "10"), ("1e99999999999999999999", "1e99999999999999999998")] {
            assert_ne!(number(one), number(other));
        }
    }
}
