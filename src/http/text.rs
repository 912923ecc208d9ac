//! HTTP messages in pasted text: `curl -i`, `curl -v`, raw heads, and the header tables of the Network panels.
//!
//! Nothing here refuses a text. What looks like the head of a message is read, line by line and in one pass, and
//! everything else is passed over: prompts, progress, chatter. Names and values are kept as they stand, in order and
//! with their repetitions; a value that was folded over several lines is joined by single spaces
//! ([RFC 9112 §5.2](https://www.rfc-editor.org/rfc/rfc9112#section-5.2)).

use std::ops::Range;

mod grammar;
mod lines;

pub(crate) use grammar::is_command;
use grammar::{Direction, direction, first_number, header, start_line};
pub(crate) use lines::without_colours;
use lines::{Line, Stream, lines};

use super::{Headers, is_token};

/// A message that a text holds, or the head of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// How it begins.
    pub start: Start,
    /// Its headers.
    pub headers: Headers,
    /// Where start line and headers stand in the text, in bytes, from the first of these lines to the last. With
    /// `curl -v` other lines may stand between them.
    pub head: Range<usize>,
    /// Where the lines behind the head stand, in bytes: the body, as far as it was printed. Empty when there is none.
    pub body: Range<usize>,
    /// Whether the answer is not the final one: a status below 200, or a proxy's leave to connect.
    pub interim: bool,
}

/// How a message begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Start {
    /// A request.
    Request {
        /// The method; empty where the text does not show it.
        method: String,
        /// The target as it stands there: a path, or a whole URL. Empty where the text does not show it.
        target: String,
    },
    /// A response.
    Response {
        /// The status; `None` where the text shows headers alone.
        status: Option<u16>,
        /// The words behind the status.
        reason: String,
    },
}

impl Message {
    /// Whether it is a response.
    pub fn is_response(&self) -> bool {
        matches!(self.start, Start::Response { .. })
    }

    /// The status of a response, where it is known.
    pub fn status(&self) -> Option<u16> {
        match self.start {
            Start::Response { status, .. } => status,
            Start::Request { .. } => None,
        }
    }
}

/// The messages in a text, in order.
///
/// ```
/// use tokenscope::http::text::{self, Start};
/// let messages = text::messages("$ curl -i https://api.example/\nHTTP/2 401\nvary: Origin\nvary: Accept\n\n{}");
/// assert_eq!(messages[0].start, Start::Response { status: Some(401), reason: String::new() });
/// assert_eq!(messages[0].headers.combined("Vary").as_deref(), Some("Origin, Accept"));
/// assert_eq!(messages[0].body, 69..71);
/// ```
pub fn messages(text: &str) -> Vec<Message> {
    let mut reader = Reader::default();
    for line in lines(text) {
        reader.line(&line);
    }
    reader.finish()
}

/// What is being read, apart for each of the two directions of `curl -v` and for what has no mark.
#[derive(Clone, Debug, Default)]
enum State {
    /// Nothing.
    #[default]
    Idle,
    /// The head of a message, and how far its lines are indented.
    Head { message: usize, indent: usize },
    /// A table of the Network panel: `name: value`, or name and value on lines of their own.
    Table { message: usize, name: Option<String> },
    /// The general part of such a table.
    General { name: Option<&'static str> },
}

#[derive(Default)]
struct Reader {
    messages: Vec<(Origin, Message)>,
    states: [State; 3],
    /// The response that the lines without a mark belong to.
    body: Option<usize>,
    general: General,
    /// The request before was a `CONNECT` to a proxy.
    connecting: bool,
}

/// Where a message came from; tables without a label or start line are judged when they are whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Origin {
    Raw,
    Sent,
    Received,
    Bare,
}

/// What the general part of a table says.
#[derive(Clone, Debug, Default)]
struct General {
    url: String,
    method: String,
    status: Option<u16>,
    reason: String,
}

/// The names in the general part of a table: Chromium's and Safari's.
const GENERAL: &[&str] = &["Request URL", "Request Method", "Status Code", "Remote Address", "Referrer Policy"];

/// The names that Safari's summary has instead.
const SUMMARY: &[(&str, &str)] =
    &[("URL", "Request URL"), ("Status", "Status Code"), ("Source", ""), ("Address", ""), ("Initiator", "")];

impl Reader {
    fn line(&mut self, line: &Line) {
        let stream = match line.stream {
            Stream::Raw => 0,
            Stream::Sent => 1,
            Stream::Received => 2,
            Stream::Remark => return,
        };
        let text = line.text.as_ref();
        let indent = text.len() - text.trim_start_matches([' ', '\t']).len();
        let trimmed = text.trim();
        if let Some(start) = start_line(trimmed) {
            self.begin(line, stream, start, indent);
            return;
        }
        if stream == 0 && self.label(trimmed, line) {
            return;
        }
        let state = self.states.get_mut(stream).map(std::mem::take).unwrap_or_default();
        let next = match state {
            State::Head { message, indent: own } => self.head_line(line, message, own, indent),
            State::Table { message, name } if stream == 0 => self.table_line(line, message, name),
            State::General { name } if stream == 0 => self.general_line(line, name),
            _ if stream == 0 => self.idle_line(line),
            _ => State::Idle,
        };
        if let Some(state) = self.states.get_mut(stream) {
            *state = next;
        }
    }

    /// A message begins.
    fn begin(&mut self, line: &Line, stream: usize, start: Start, indent: usize) {
        // The raw head inside a table gives the table its start line.
        if let Some(State::Table { message, .. }) = self.states.first()
            && let Some((_, open)) = self.messages.get_mut(*message).filter(|_| stream == 0)
            && open.headers.0.is_empty()
            && open.is_response() == matches!(start, Start::Response { .. })
        {
            let message = *message;
            open.start = start;
            open.head.end = line.range.end;
            if let Some(state) = self.states.first_mut() {
                *state = State::Head { message, indent };
            }
            return;
        }
        let interim = match &start {
            Start::Response { status, reason } => {
                let connected = self.connecting && reason.to_ascii_lowercase().starts_with("connection established");
                connected || status.is_some_and(|status| status < 200)
            }
            Start::Request { method, .. } => {
                self.connecting = method == "CONNECT";
                false
            }
        };
        let from = match stream {
            0 => Origin::Raw,
            1 => Origin::Sent,
            _ => Origin::Received,
        };
        let message = self.messages.len();
        let (head, body) = (line.range.clone(), line.range.end..line.range.end);
        self.messages.push((from, Message { start, headers: Headers::default(), head, body, interim }));
        self.body = None;
        if let Some(state) = self.states.get_mut(stream) {
            *state = State::Head { message, indent };
        }
    }

    /// A line of a head: a header, the rest of one, or the end.
    fn head_line(&mut self, line: &Line, message: usize, own: usize, indent: usize) -> State {
        let Some((_, open)) = self.messages.get_mut(message) else { return State::Idle };
        let trimmed = line.text.trim();
        if trimmed.is_empty() {
            self.body = Some(message).filter(|_| open.is_response());
            return State::Idle;
        }
        if indent > own
            && let Some((_, value)) = open.headers.0.last_mut()
        {
            if !value.is_empty() {
                value.push(' ');
            }
            value.push_str(trimmed);
        } else if let Some((name, value)) = header(trimmed) {
            open.take(name, value);
        } else {
            // A head without an empty line behind it.
            self.body = Some(message).filter(|_| open.is_response());
            return self.idle_line(line);
        }
        open.head.end = line.range.end;
        State::Head { message, indent: own }
    }

    /// A line of a table.
    fn table_line(&mut self, line: &Line, message: usize, name: Option<String>) -> State {
        let trimmed = line.text.trim();
        let Some((from, open)) = self.messages.get_mut(message) else { return State::Idle };
        if trimmed.is_empty() {
            return State::Table { message, name };
        }
        let pseudo = trimmed.starts_with(':');
        // Where the panel's labels were not copied, the request begins with its own fields or headers.
        let field = header(trimmed).map_or(trimmed, |(name, _)| name);
        let other_way = match field.strip_prefix(':') {
            Some(field) => field != "status",
            None => *from == Origin::Bare && direction(field) == Some(Direction::Request),
        };
        // Its first headers say what a table is; a field of the other direction in it is where the next one begins.
        let mut first = open.headers.0.iter().take(8);
        let response = first.any(|(name, _)| direction(name) == Some(Direction::Response));
        if other_way && name.is_none() && open.is_response() && response {
            return self.request_table(line);
        }
        match (name, header(trimmed)) {
            (Some(name), _) => open.take(&name, trimmed),
            (None, Some((name, value))) if !value.is_empty() => open.take(name, value),
            (None, Some((name, _))) => {
                open.head.end = line.range.end;
                return State::Table { message, name: Some(name.to_owned()) };
            }
            (None, None) if is_token(trimmed.strip_prefix(':').unwrap_or(trimmed)) => {
                open.head.end = line.range.end;
                return State::Table { message, name: Some(trimmed.to_owned()) };
            }
            // Remarks such as "Provisional headers are shown" belong to the panel; without a panel the table ends here.
            (None, None) if *from == Origin::Bare && !pseudo => return State::Idle,
            (None, None) => return State::Table { message, name: None },
        }
        open.head.end = line.range.end;
        State::Table { message, name: None }
    }

    /// The request begins inside a table without labels.
    fn request_table(&mut self, line: &Line) -> State {
        let message = self.messages.len();
        let (head, body) = (line.range.clone(), line.range.end..line.range.end);
        let start = Start::Request { method: self.general.method.clone(), target: self.general.url.clone() };
        self.messages.push((Origin::Bare, Message { start, headers: Headers::default(), head, body, interim: false }));
        self.table_line(line, message, None)
    }

    /// A line of the general part of a table.
    fn general_line(&mut self, line: &Line, name: Option<&'static str>) -> State {
        let trimmed = line.text.trim();
        match name {
            Some(name) if !trimmed.is_empty() => {
                self.general.take(name, trimmed);
                State::General { name: None }
            }
            Some(name) => State::General { name: Some(name) },
            None if trimmed.is_empty() => State::General { name: None },
            None if SUMMARY.iter().any(|(name, _)| header(trimmed).is_some_and(|(other, _)| other == *name)) => {
                let (name, value) = header(trimmed).unwrap_or_default();
                if let Some((_, known)) = SUMMARY.iter().find(|(other, _)| *other == name) {
                    self.general.take(known, value);
                }
                State::General { name: None }
            }
            None => self.idle_line(line),
        }
    }

    /// A line that belongs to nothing yet: the beginning of a table, or a line of a body.
    fn idle_line(&mut self, line: &Line) -> State {
        let trimmed = line.text.trim();
        if let Some(body) = self.body {
            if is_command(trimmed) {
                self.body = None;
            } else if let Some((_, owner)) = self.messages.get_mut(body).filter(|_| !trimmed.is_empty()) {
                if owner.body.is_empty() {
                    owner.body.start = line.range.start;
                }
                owner.body.end = line.range.end;
            }
            return State::Idle;
        }
        if trimmed.is_empty() {
            return State::Idle;
        }
        let name = header(trimmed).map_or(trimmed, |(name, _)| name);
        let colon = header(trimmed).is_some();
        if name.starts_with(':') || direction(name).is_some() || (colon && is_token(name)) {
            let message = self.messages.len();
            let (head, body) = (line.range.clone(), line.range.end..line.range.end);
            let start = Start::Response { status: self.general.status, reason: self.general.reason.clone() };
            let bare = Message { start, headers: Headers::default(), head, body, interim: false };
            self.messages.push((Origin::Bare, bare));
            return self.table_line(line, message, None);
        }
        State::Idle
    }

    /// A label of the Network panel.
    fn label(&mut self, trimmed: &str, line: &Line) -> bool {
        let in_head = matches!(self.states.first(), Some(State::Head { .. }));
        if in_head && !trimmed.contains(' ') {
            return false;
        }
        if let Some(name) = GENERAL.iter().copied().find(|name| {
            let rest = trimmed.strip_prefix(name);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
        }) {
            // The next request of the panel.
            if name == "Request URL" {
                self.general = General::default();
            }
            let value = trimmed.get(name.len()..).unwrap_or_default().trim_start_matches(':').trim();
            self.general.take(name, value);
            self.set(State::General { name: value.is_empty().then_some(name) });
            return true;
        }
        let label = trimmed.split('(').next().unwrap_or_default().trim_end_matches([' ', ':']);
        let label = label.strip_suffix("view source").or(label.strip_suffix("Raw")).unwrap_or(label).trim_end();
        let panel = |one: &str| label.eq_ignore_ascii_case(one);
        let inside = matches!(self.states.first(), Some(State::Table { .. } | State::General { .. }));
        let start = if panel("Response Headers") || (inside && panel("Response")) {
            Start::Response { status: self.general.status, reason: self.general.reason.clone() }
        } else if panel("Request Headers") || (inside && panel("Request")) {
            Start::Request { method: self.general.method.clone(), target: self.general.url.clone() }
        } else if (panel("General") || panel("Summary")) && !in_head && self.body.is_none() {
            self.general = General::default();
            self.set(State::General { name: None });
            return true;
        } else {
            return false;
        };
        let message = self.messages.len();
        let (head, body) = (line.range.clone(), line.range.end..line.range.end);
        self.messages.push((Origin::Raw, Message { start, headers: Headers::default(), head, body, interim: false }));
        self.body = None;
        self.set(State::Table { message, name: None });
        true
    }

    fn set(&mut self, state: State) {
        if let Some(raw) = self.states.first_mut() {
            *raw = state;
        }
    }

    /// The messages, without the tables that are none and without what curl printed twice.
    fn finish(mut self) -> Vec<Message> {
        for (from, message) in &mut self.messages {
            if *from == Origin::Bare {
                message.judge();
            }
        }
        let is_head = |(from, message): &(Origin, Message)| *from != Origin::Bare || message.is_worth_it();
        self.messages.retain(is_head);
        // `curl -iv` prints every answer twice, the marked lines between the others.
        let received = self.messages.iter().filter(|(from, _)| *from == Origin::Received);
        let received: Vec<(Start, Headers)> =
            received.map(|(_, message)| (message.start.clone(), message.headers.clone())).collect();
        let mut bodies: Vec<Option<Range<usize>>> = Vec::new();
        let mut twins = received.iter();
        self.messages.retain(|(from, message)| {
            if *from != Origin::Raw || !message.is_response() {
                return true;
            }
            let twin = twins.next().is_some_and(|(start, headers)| {
                *start == message.start && headers.0.len() == message.headers.0.len() && *headers == message.headers
            });
            bodies.push(twin.then(|| message.body.clone()).filter(|body| !body.is_empty()));
            !twin
        });
        let mut bodies = bodies.into_iter();
        let mut messages: Vec<Message> = Vec::with_capacity(self.messages.len());
        for (from, mut message) in self.messages {
            if from == Origin::Received
                && let Some(Some(body)) = bodies.next()
            {
                message.body = body;
            }
            messages.push(message);
        }
        messages
    }
}

impl General {
    fn take(&mut self, name: &str, value: &str) {
        match name {
            "Request URL" => self.url = value.to_owned(),
            "Request Method" => self.method = value.to_owned(),
            "Status Code" => {
                self.status = first_number(value);
                let reason = value.trim_start_matches(|one: char| !one.is_ascii_alphabetic());
                self.reason = reason.to_owned();
            }
            _ => {}
        }
    }
}

impl Message {
    /// Takes a header, or one of the fields that HTTP/2 has in the place of a start line
    /// ([RFC 9113 §8.3](https://www.rfc-editor.org/rfc/rfc9113#section-8.3)).
    fn take(&mut self, name: &str, value: &str) {
        let Some(field) = name.strip_prefix(':') else {
            self.headers.push(name, value);
            return;
        };
        if field == "status" {
            self.start = Start::Response { status: first_number(value), reason: String::new() };
            return;
        }
        if !matches!(self.start, Start::Request { .. }) {
            self.start = Start::Request { method: String::new(), target: String::new() };
        }
        let Start::Request { method, target } = &mut self.start else { return };
        match field {
            "method" if method.is_empty() => *method = value.to_owned(),
            // In a table the whole URL may be known already.
            _ if target.contains("://") && !target.ends_with("://") && field != "path" => {}
            "scheme" => {
                let rest = std::mem::take(target);
                target.push_str(value);
                target.push_str("://");
                target.push_str(&rest);
            }
            "authority" => {
                // The path may stand before it.
                let (scheme, path) = match target.rfind("://") {
                    Some(at) => (target.get(..at + 3).unwrap_or_default(), target.get(at + 3..).unwrap_or_default()),
                    None => ("", target.as_str()),
                };
                *target = [scheme, value, path].concat();
            }
            "path" if !target.contains("://") || target.ends_with("://") || !has_path(target) => target.push_str(value),
            _ => {}
        }
    }

    /// Says of a table without a start line what it is the head of.
    fn judge(&mut self) {
        if matches!(self.start, Start::Request { .. }) || self.status().is_some() {
            return;
        }
        let count =
            |wanted: Direction| self.headers.0.iter().filter(|(name, _)| direction(name) == Some(wanted)).count();
        if count(Direction::Request) > count(Direction::Response) {
            self.start = Start::Request { method: String::new(), target: String::new() };
        }
    }

    /// Whether a table without a start line is the head of a message at all: lines with colons stand in every text.
    fn is_worth_it(&self) -> bool {
        let known = self.headers.0.iter().filter(|(name, _)| direction(name).is_some()).count();
        if matches!(&self.start, Start::Request { method, target } if !method.is_empty() && !target.is_empty()) {
            return true;
        }
        let decisive =
            self.headers.0.iter().any(|(name, _)| {
                name.get(..15).is_some_and(|beginning| beginning.eq_ignore_ascii_case("access-control-"))
            });
        decisive || known >= 2 || self.status().is_some() || (known >= 1 && self.headers.0.len() == 1)
    }
}

fn has_path(target: &str) -> bool {
    crate::text::split_once(target, "://").is_some_and(|(_, rest)| rest.contains('/'))
}
