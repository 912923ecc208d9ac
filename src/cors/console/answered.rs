//! Lines of a console that tell of an error with its status, and of no failure of CORS.

use crate::cors::Engine;
use crate::cors::evidence::{ConsoleMessage, Says};
use crate::text;

/// Of a long text only so many lines are told of.
const MOST: usize = 16;

/// What stands before the status, and whose words those are: Chromium and Safari share the first.
const BEFORE: &[&str] = &["responded with a status of ", "Request failed with status code "];

const METHODS: &[&str] = &["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

/// Reads the lines that name an error's status. They are worth looking for where the console gives no reason: a browser
/// that keeps an answer from script prints one, and `net::ERR_FAILED` before the status.
///
/// ```
/// use tokenscope::cors::{console, evidence::Says};
/// let messages = console::answered("GET https://api.example/me 401 (Unauthorized)");
/// assert_eq!((messages[0].says.clone(), messages[0].status), (Says::Status, Some(401)));
/// assert_eq!(messages[0].url.as_deref(), Some("https://api.example/me"));
/// ```
pub fn answered(text: &str) -> Vec<ConsoleMessage> {
    let mut messages: Vec<ConsoleMessage> = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let span = start..start + line.trim_end().len();
        start += line.len();
        let Some((engine, url, status)) = of_request(line).or_else(|| of_words(line)) else { continue };
        let repeats = |other: &ConsoleMessage| other.status == Some(status) && (url.is_none() || other.url == url);
        if messages.iter().any(repeats) {
            continue;
        }
        messages.push(ConsoleMessage {
            engine,
            says: Says::Status,
            url,
            redirected_from: None,
            origin: None,
            parameter: None,
            status: Some(status),
            span,
        });
        if messages.len() == MOST {
            break;
        }
    }
    // A line that names the address says more.
    crate::order::sort(&mut messages, |one, other| one.url.is_some() && other.url.is_none());
    messages
}

/// `GET https://api.example/me 401 (Unauthorized)`, as Chromium prints it.
fn of_request(line: &str) -> Option<(Option<Engine>, Option<String>, u16)> {
    let (_, url, rest) = request_line(line)?;
    let (status, behind) = error_at(rest)?;
    behind.trim_start().starts_with('(').then(|| (Some(Engine::Chromium), Some(url.to_owned()), status))
}

fn of_words(line: &str) -> Option<(Option<Engine>, Option<String>, u16)> {
    BEFORE.iter().find_map(|before| {
        let at = text::find(line, before)?;
        error_at(line.get(at + before.len()..)?).map(|(status, _)| (None, None, status))
    })
}

/// The status of an error, and what stands behind it.
fn error_at(text: &str) -> Option<(u16, &str)> {
    let status: u16 = text.get(..3)?.parse().ok()?;
    let behind = text.get(3..)?;
    let whole = !behind.starts_with(|next: char| next.is_ascii_alphanumeric());
    (whole && (400..600).contains(&status)).then_some((status, behind))
}

/// The method and the URL in a line in which the two stand beside each other, and what stands behind them.
pub(crate) fn request_line(line: &str) -> Option<(&str, &str, &str)> {
    let mut words = line.split_whitespace().peekable();
    while let Some(method) = words.next() {
        let Some(url) = words.peek().copied().filter(|_| METHODS.contains(&method)) else { continue };
        if url.starts_with("https://") || url.starts_with("http://") {
            // Both are parts of the line, so their distance is known.
            let end = url.as_ptr() as usize - line.as_ptr() as usize + url.len();
            return Some((method, url, line.get(end..)?.trim_start()));
        }
    }
    None
}
