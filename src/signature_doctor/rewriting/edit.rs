//! What gateways and type systems do to members and values. Everything else keeps its bytes, so that an edit can be put
//! together with any style.

use std::ops::Range;

use crate::json::{Document, Kind, Member, Value, quoted};
use crate::order;

/// An edit of values: what it is called, and what it makes of a value; `None` where that stays.
pub struct Edit {
    /// Its key in the table of words.
    pub what: &'static str,
    reach: Reach,
    change: fn(&Document, &Value) -> Option<String>,
}

/// Which values an edit reaches.
#[derive(Clone, Copy, PartialEq)]
enum Reach {
    /// All of them.
    All,
    /// Those outermost members.
    Named(&'static [&'static str]),
}

const TIMES: Reach = Reach::Named(&["exp", "iat", "nbf", "auth_time", "updated_at"]);
const AUDIENCE: Reach = Reach::Named(&["aud"]);
const SCOPES: Reach = Reach::Named(&["scope", "scp", "scopes"]);

/// Every edit of values.
pub const EDITS: [Edit; 14] = [
    Edit { what: "numbers-plain", reach: Reach::All, change: plain },
    Edit { what: "times-text", reach: TIMES, change: number_as_text },
    Edit { what: "times-number", reach: TIMES, change: text_as_number },
    Edit { what: "times-float", reach: TIMES, change: float },
    Edit { what: "times-scientific", reach: TIMES, change: scientific },
    Edit { what: "numbers-float", reach: Reach::All, change: float },
    Edit { what: "numbers-scientific", reach: Reach::All, change: scientific },
    Edit { what: "numbers-text", reach: Reach::All, change: number_as_text },
    Edit { what: "booleans-text", reach: Reach::All, change: boolean_as_text },
    Edit { what: "booleans-plain", reach: Reach::All, change: text_as_boolean },
    Edit { what: "audience-list", reach: AUDIENCE, change: text_as_list },
    Edit { what: "audience-text", reach: AUDIENCE, change: single_as_text },
    Edit { what: "scopes-list", reach: SCOPES, change: words_as_list },
    Edit { what: "scopes-text", reach: SCOPES, change: list_as_words },
];

/// The document with an edit made wherever it applies; `None` where it applies nowhere.
pub fn edited(document: &Document, edit: &Edit) -> Option<Vec<u8>> {
    let root = document.root.as_ref()?;
    let mut changes = Vec::new();
    match edit.reach {
        Reach::All => collect(document, root, edit.change, &mut changes),
        Reach::Named(names) => {
            let members = root.members().iter().filter(|member| names.contains(&member.name.as_str()));
            changes.extend(
                members.filter_map(|member| Some((member.value.span.clone(), (edit.change)(document, &member.value)?))),
            );
        }
    }
    let mut text = Vec::with_capacity(document.bytes.len());
    let mut from = 0;
    for (span, by) in &changes {
        text.extend_from_slice(document.bytes.get(from..span.start)?);
        text.extend_from_slice(by.as_bytes());
        from = span.end;
    }
    text.extend_from_slice(document.bytes.get(from..)?);
    (!changes.is_empty()).then_some(text)
}

/// The changes of every value, in the order of their positions.
fn collect(
    document: &Document,
    value: &Value,
    change: fn(&Document, &Value) -> Option<String>,
    changes: &mut Vec<(Range<usize>, String)>,
) {
    if let Some(by) = change(document, value) {
        changes.push((value.span.clone(), by));
        return;
    }
    for item in value.items() {
        collect(document, item, change, changes);
    }
    for member in value.members() {
        collect(document, &member.value, change, changes);
    }
}

fn number(document: &Document, value: &Value) -> Option<String> {
    (value.kind == Kind::Number).then(|| document.raw(value))
}

fn whole(document: &Document, value: &Value) -> Option<String> {
    number(document, value).filter(|number| is_whole(number))
}

fn is_whole(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    !digits.is_empty() && digits.len() < 20 && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// `1.7636E9` and `1763600000.0` as `1763600000`.
fn plain(document: &Document, value: &Value) -> Option<String> {
    let number = number(document, value)?;
    let (mantissa, exponent) = number.split_once(['e', 'E']).unwrap_or((&number, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if mantissa.len() == number.len() && fraction.is_empty() {
        return None;
    }
    let exponent: i32 = exponent.strip_prefix('+').unwrap_or(exponent).parse().ok()?;
    let fraction = fraction.trim_end_matches('0');
    let zeros = usize::try_from(exponent).ok()?.checked_sub(fraction.len()).filter(|zeros| *zeros < 20)?;
    let (sign, whole) = whole.strip_prefix('-').map_or(("", whole), |digits| ("-", digits));
    let digits = [whole, fraction].concat();
    let digits = digits.trim_start_matches('0');
    if digits.is_empty() {
        return Some("0".to_owned());
    }
    Some([sign, digits, &"0".repeat(zeros)].concat())
}

fn float(document: &Document, value: &Value) -> Option<String> {
    Some([whole(document, value)?.as_str(), ".0"].concat())
}

/// As Java writes a `double`: `1.7636E9`, and below ten million `1200.0`.
fn scientific(document: &Document, value: &Value) -> Option<String> {
    let number = whole(document, value)?;
    let (sign, digits) = number.strip_prefix('-').map_or(("", number.as_str()), |digits| ("-", digits));
    if digits.len() < 8 {
        return Some([&number, ".0"].concat());
    }
    let (first, rest) = digits.split_at_checked(1)?;
    let rest = rest.trim_end_matches('0');
    let rest = if rest.is_empty() { "0" } else { rest };
    Some([sign, first, ".", rest, "E", &(digits.len() - 1).to_string()].concat())
}

fn number_as_text(document: &Document, value: &Value) -> Option<String> {
    Some(quoted(&number(document, value)?))
}

fn text_as_number(_document: &Document, value: &Value) -> Option<String> {
    let text = value.as_str()?;
    (is_whole(text) && (text.len() == 1 || !text.starts_with('0'))).then(|| text.to_owned())
}

fn boolean_as_text(_document: &Document, value: &Value) -> Option<String> {
    match value.kind {
        Kind::Bool(true) => Some("\"true\"".to_owned()),
        Kind::Bool(false) => Some("\"false\"".to_owned()),
        _ => None,
    }
}

fn text_as_boolean(_document: &Document, value: &Value) -> Option<String> {
    match value.as_str()? {
        "true" | "True" => Some("true".to_owned()),
        "false" | "False" => Some("false".to_owned()),
        _ => None,
    }
}

fn text_as_list(document: &Document, value: &Value) -> Option<String> {
    value.as_str()?;
    Some(["[", &document.raw(value), "]"].concat())
}

fn single_as_text(document: &Document, value: &Value) -> Option<String> {
    match value.items() {
        [item] => Some(document.raw(item)),
        _ => None,
    }
}

fn words_as_list(_document: &Document, value: &Value) -> Option<String> {
    let words: Vec<String> = value.as_str()?.split(' ').map(quoted).collect();
    Some(["[", &words.join(","), "]"].concat())
}

fn list_as_words(_document: &Document, value: &Value) -> Option<String> {
    let Kind::Array(items) = &value.kind else { return None };
    let words: Option<Vec<&str>> = items.iter().map(Value::as_str).collect();
    Some(quoted(&words?.join(" ")))
}

/// Of objects with more members than this none is left out or moved alone.
const MOST_MEMBERS: usize = 64;

/// Objects with more members than this are not put into the orders of issuers.
const MOST_ORDERED: usize = 64;

/// Of objects with more members than this none is moved.
const MOST_MOVED: usize = 16;

/// Objects of so many members are written in every order.
const MOST_PERMUTED: usize = 4;

/// Every selection of the outermost members that may have been signed, with its key, the usual ones first. The numbers
/// are the positions of the members that are kept, in the order in which they are written. Of `orders` each is a list of
/// names.
pub fn selections(members: &[Member], orders: &[Value]) -> Vec<(&'static str, Vec<usize>)> {
    let all: Vec<usize> = (0..members.len()).collect();
    let mut selections: Vec<(&'static str, Vec<usize>)> = Vec::new();
    let kept = |keep: &dyn Fn(&Value) -> bool| -> Vec<usize> {
        members.iter().enumerate().filter(|(_, member)| keep(&member.value)).map(|(index, _)| index).collect()
    };
    if members.len() <= MOST_MEMBERS {
        // What is added usually comes last.
        for left_out in all.iter().rev() {
            selections.push(("without-member", all.iter().copied().filter(|index| index != left_out).collect()));
        }
        for count in 2..members.len().min(9) {
            selections.push(("without-last-members", all.iter().copied().take(members.len() - count).collect()));
        }
    }
    let (first, last) = without_duplicates(members);
    selections.push(("first-of-duplicates", first));
    selections.push(("last-of-duplicates", last));
    selections.push(("without-nulls", kept(&|value| value.kind != Kind::Null)));
    selections.push(("without-empty", kept(&|value| !is_empty(value))));
    selections.push(("reordered", all.iter().rev().copied().collect()));
    if members.len() <= MOST_PERMUTED {
        permute(&mut all.clone(), members.len(), &mut |order| selections.push(("reordered", order.to_vec())));
    } else if members.len() <= MOST_ORDERED {
        for order in orders {
            selections.push(("reordered", ordered(members, order.items())));
        }
        for times in exchanged(members) {
            selections.push(("reordered", times));
        }
    }
    if (MOST_PERMUTED + 1..=MOST_MOVED).contains(&members.len()) {
        for moved in &all {
            let others = || all.iter().copied().filter(|index| index != moved);
            selections.push(("reordered", others().chain([*moved]).collect()));
            selections.push(("reordered", [*moved].into_iter().chain(others()).collect()));
        }
    }
    selections.retain(|(_, kept)| *kept != all);
    selections
}

/// The positions of the members in an order of names, of which `*` stands for all others, as they were received.
fn ordered(members: &[Member], names: &[Value]) -> Vec<usize> {
    let names: Vec<&str> = names.iter().filter_map(Value::as_str).collect();
    let positions = || members.iter().enumerate();
    let mut order = Vec::with_capacity(members.len());
    for name in &names {
        match *name {
            "*" => order.extend(positions().filter(|one| !names.contains(&one.1.name.as_str())).map(|one| one.0)),
            name => order.extend(positions().filter(|one| one.1.name == name).map(|one| one.0)),
        }
    }
    order
}

/// The positions with two of the times exchanged, in every way.
fn exchanged(members: &[Member]) -> Vec<Vec<usize>> {
    let Reach::Named(names) = TIMES else { return Vec::new() };
    let is_time = |index: &usize| members.get(*index).is_some_and(|member| names.contains(&member.name.as_str()));
    let times: Vec<usize> = (0..members.len()).filter(is_time).take(MOST_PERMUTED).collect();
    let mut orders = Vec::new();
    for (number, one) in times.iter().enumerate() {
        for other in times.iter().skip(number + 1) {
            let mut order: Vec<usize> = (0..members.len()).collect();
            order.swap(*one, *other);
            orders.push(order);
        }
    }
    orders
}

fn is_empty(value: &Value) -> bool {
    match &value.kind {
        Kind::Null => true,
        Kind::String(text) => text.is_empty(),
        Kind::Array(items) => items.is_empty(),
        Kind::Object(members) => members.is_empty(),
        Kind::Bool(_) | Kind::Number => false,
    }
}

/// The positions of the first and of the last member of each name. Names are sorted, because comparing each with each
/// takes too long with a hundred thousand of them.
fn without_duplicates(members: &[Member]) -> (Vec<usize>, Vec<usize>) {
    let mut sorted: Vec<(usize, &Member)> = members.iter().enumerate().collect();
    order::sort(&mut sorted, |one, other| one.1.name < other.1.name);
    let same = |one: Option<&(usize, &Member)>, other: Option<&(usize, &Member)>| match (one, other) {
        (Some(one), Some(other)) => one.1.name == other.1.name,
        _ => false,
    };
    let (mut first, mut last) = (Vec::new(), Vec::new());
    for (at, member) in sorted.iter().enumerate() {
        if !same(at.checked_sub(1).and_then(|before| sorted.get(before)), Some(member)) {
            first.push(member.0);
        }
        if !same(sorted.get(at + 1), Some(member)) {
            last.push(member.0);
        }
    }
    order::sort(&mut first, |one, other| one < other);
    order::sort(&mut last, |one, other| one < other);
    (first, last)
}

/// Hands out every order of the first `count` items (Heap's algorithm).
fn permute(items: &mut Vec<usize>, count: usize, found: &mut dyn FnMut(&[usize])) {
    if count <= 1 {
        return found(items);
    }
    for index in 0..count {
        permute(items, count - 1, found);
        items.swap(if count.is_multiple_of(2) { index } else { 0 }, count - 1);
    }
}

/// The document with only these of its outermost members, in this order, in the layout that it has: what stands between
/// the first two members stays between the first two, and so on.
pub fn selected(document: &Document, selection: &[usize]) -> Option<Vec<u8>> {
    let members = document.root.as_ref()?.members();
    let (first, last) = (members.first()?, members.last()?);
    let mut text = Vec::with_capacity(document.bytes.len());
    text.extend_from_slice(document.bytes.get(..first.name_span.start)?);
    for (place, index) in selection.iter().enumerate() {
        if let Some(before) = place.checked_sub(1) {
            let gap = members.get(before)?.value.span.end..members.get(place)?.name_span.start;
            text.extend_from_slice(document.bytes.get(gap)?);
        }
        let member = members.get(*index)?;
        text.extend_from_slice(document.bytes.get(member.name_span.start..member.value.span.end)?);
    }
    text.extend_from_slice(document.bytes.get(last.value.span.end..)?);
    Some(text)
}
