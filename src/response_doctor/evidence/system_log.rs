//! An event of Okta's System Log: as JSON, in a list, as a table, or as the console shows it.

use super::Event;
use crate::json::{Document, Kind, Value};
use crate::time::Time;

/// How deep a list of events may stand in an object.
const DEPTH: usize = 4;

/// More rows than anybody pastes.
const MOST_ROWS: usize = 10_000;

/// More columns than any export has.
const MOST_COLUMNS: usize = 400;

/// The event of a JSON text: of several the newest failure, or else the newest.
pub(super) fn of_json(document: &Document) -> Option<Event> {
    let mut events = Vec::new();
    collect(document.root.as_ref()?, DEPTH, &mut events);
    newest(events.iter().map(|value| event(document, value)).collect())
}

fn collect<'a>(value: &'a Value, depth: usize, events: &mut Vec<&'a Value>) {
    let is_event = value.member("eventType").and_then(Value::as_str).is_some();
    if is_event && (value.member("outcome").is_some() || value.member("published").is_some()) {
        events.push(value);
    } else if depth > 0 {
        value.items().iter().for_each(|item| collect(item, depth - 1, events));
        value.members().iter().for_each(|member| collect(&member.value, depth - 1, events));
    }
}

/// The newest event that is a failure, or else the newest.
fn newest(events: Vec<Event>) -> Option<Event> {
    let mut best: Option<Event> = None;
    for event in events {
        let rank = |event: &Event| (is_failure(event), event.published);
        if best.as_ref().is_none_or(|best| rank(&event) > rank(best)) {
            best = Some(event);
        }
    }
    best
}

fn is_failure(event: &Event) -> bool {
    ["FAILURE", "DENY", "CHALLENGE_FAILURE", "UNANSWERED", "RATE_LIMIT"]
        .iter()
        .any(|result| result.eq_ignore_ascii_case(&event.result))
}

fn event(document: &Document, value: &Value) -> Event {
    let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
    let outcome = value.member("outcome");
    let mut event = Event {
        event_type: text(value.member("eventType")),
        result: text(outcome.and_then(|outcome| outcome.member("result"))),
        reason: text(outcome.and_then(|outcome| outcome.member("reason"))),
        published: value.member("published").and_then(Value::as_str).and_then(time),
        transaction: text(value.member("transaction").and_then(|transaction| transaction.member("id"))),
        ..Event::default()
    };
    for target in value.member("target").map(Value::items).unwrap_or_default() {
        let name = ["displayName", "alternateId", "id"]
            .iter()
            .map(|name| text(target.member(name)))
            .find(|name| !name.is_empty());
        event.targets.push((name.unwrap_or_default(), text(target.member("type"))));
    }
    let debug = value.member("debugContext").and_then(|debug| debug.member("debugData"));
    for member in debug.map(Value::members).unwrap_or_default() {
        let value = match &member.value.kind {
            Kind::String(text) => text.clone(),
            Kind::Null => continue,
            _ => document.raw(&member.value),
        };
        event.debug.push((member.name.clone(), value));
    }
    event
}

/// The event of a text that is no JSON: lines of name and value, or a table with commas or tabs.
pub(super) fn of_text(text: &str) -> Option<Event> {
    let plain = |name: &str| name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let mut rows = text.lines().filter(|line| !line.trim().is_empty());
    let head = rows.next()?;
    let separator = if head.contains('\t') { '\t' } else { ',' };
    let columns = cells(head, separator);
    let names: Vec<String> = columns.iter().map(|name| plain(name)).collect();
    if columns.len() >= 3 && names.iter().any(|name| name == "eventtype") {
        let events = rows.take(MOST_ROWS).map(|row| {
            let cells = cells(row, separator);
            let mut event = Event::default();
            columns
                .iter()
                .zip(&names)
                .zip(cells)
                .for_each(|((column, name), cell)| take(&mut event, column, name, &cell));
            event
        });
        return newest(events.collect());
    }
    let mut event = Event::default();
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty()).peekable();
    while let Some(line) = lines.next() {
        let split = line.find([':', '=', '\t']).map(|at| (line.get(..at), line.get(at + 1..)));
        let Some((Some(name), Some(value))) = split else {
            // The console has the value on a line of its own.
            let name = plain(line);
            if KNOWN.contains(&name.as_str())
                && let Some(value) = lines.next()
            {
                take(&mut event, line, &name, value);
            }
            continue;
        };
        let name = name.trim_matches(['"', '\'', ' ', '-', '*']);
        let value = value.trim().trim_end_matches(',').trim_matches(['"', '\'']);
        take(&mut event, name, &plain(name), value);
    }
    let has_more = !event.result.is_empty() || !event.reason.is_empty() || event.published.is_some();
    (event.event_type.contains('.') && has_more).then_some(event)
}

/// Names that may stand on a line of their own, in lower case and without signs.
const KNOWN: &[&str] =
    &["eventtype", "outcomeresult", "outcomereason", "published", "transactionid", "requestid", "requesturi"];

/// Takes a member by its name in the exports: `outcome.reason`, `outcome_reason`, `Outcome Reason`.
fn take(event: &mut Event, name: &str, plain: &str, value: &str) {
    let field = match plain {
        "eventtype" => &mut event.event_type,
        "outcomeresult" | "result" => &mut event.result,
        "outcomereason" | "reason" => &mut event.reason,
        "transactionid" => &mut event.transaction,
        "published" | "timestamp" | "time" => {
            event.published = event.published.or_else(|| time(value));
            return;
        }
        other => {
            let debug = other.strip_prefix("debugcontextdebugdata").or_else(|| other.strip_prefix("debugdata"));
            let own = [
                "requestid",
                "requesturi",
                "url",
                "granttype",
                "requestedscopes",
                "grantedscopes",
                "dthash",
                "authnrequestid",
            ];
            if let Some(known) = debug.or(own.contains(&other).then_some(other)).filter(|_| !value.is_empty()) {
                let last = name.rsplit(['.', ' ']).next().unwrap_or(known);
                event.debug.push((last.to_owned(), value.to_owned()));
            }
            return;
        }
    };
    if field.is_empty() {
        *field = value.trim().to_owned();
    }
}

/// The cells of a row; quoted ones may hold the separator.
fn cells(row: &str, separator: char) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    let mut characters = row.chars().peekable();
    while let Some(character) = characters.next() {
        let Some(cell) = cells.last_mut() else { break };
        match character {
            '"' if quoted && characters.next_if_eq(&'"').is_some() => cell.push('"'),
            '"' => quoted = !quoted,
            other if other == separator && !quoted => {
                if cells.len() == MOST_COLUMNS {
                    break;
                }
                cells.push(String::new());
            }
            other => cell.push(other),
        }
    }
    cells
}

/// The time of an event, to the second.
fn time(text: &str) -> Option<Time> {
    let text = text.trim();
    let whole = text.split('.').next().unwrap_or(text);
    Time::from_typed(whole)
}
