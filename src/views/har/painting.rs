//! How a recording is shown: the verdict, the causes with their requests, the tokens.

use js_sys::Array;
use wasm_bindgen::JsCast;
use web_sys::Element;

use super::result::{Cause, Exchange, Outcome, Token};
use super::{FIRST_ROWS, MORE_ROWS, Recording};
use crate::page::checks::chip;
use crate::page::dom::{self, Template};
use crate::time::Time;
use crate::views::cors::View;

/// Requests of each cause that the report lists.
const REPORTED: usize = 10;

/// The class of a severity, which is also its icon, and its word.
fn state(severity: &str) -> (&'static str, &'static str) {
    match severity {
        "error" => ("fail", "Fail"),
        "warning" => ("warn", "Warn"),
        "ok" => ("pass", "Pass"),
        _ => ("note", "Note"),
    }
}

fn counted(count: f64, one: &str, many: &str) -> String {
    let noun = if count == 1.0 { one } else { many };
    [(count as u64).to_string().as_str(), " ", noun].concat()
}

fn requests(count: f64) -> String {
    counted(count, "request", "requests")
}

fn strings(list: &Array) -> Vec<String> {
    list.iter().filter_map(|item| item.as_string()).collect()
}

/// The causes that are problems, and how many requests they have, by severity.
fn sums(causes: &Array, severity: &str) -> (f64, f64) {
    let mut sum = (0.0, 0.0);
    for cause in causes.iter().map(JsCast::unchecked_into::<Cause>).filter(|cause| cause.severity() == severity) {
        sum = (sum.0 + 1.0, sum.1 + cause.count());
    }
    sum
}

impl View {
    pub(in crate::views) fn paint_recording(&self) {
        let shown = self.shows_recording();
        let view: Element = dom::find("cors");
        let _ = view.toggle_attribute_with_force("data-recording", shown);
        let results = if shown { "har" } else { "cors-results" };
        dom::set(&view, "data-results", results);
        if dom::in_view("cors") {
            dom::set(&dom::find("skip"), "href", &["#", results].concat());
        }
        dom::show("har", shown);
        dom::show("cors-back", self.recording.is_some() && !shown);
        if let Some(recording) = self.recording.as_ref().filter(|_| shown) {
            recording.paint();
        }
    }
}

impl Recording {
    fn paint(&self) {
        let reading = self.is_reading();
        let (mut icon, mut verdict) = ("file", "none");
        let (headline, support) = match (&self.failure, &self.result) {
            (Some(why), _) => {
                (icon, verdict) = ("fail", "rejected");
                let why = if why.is_empty() { "The worker that reads files did not start." } else { why };
                (["The file ", &self.name, " could not be read"].concat(), why.to_owned())
            }
            (None, Some(result)) => {
                let counts = result.counts();
                (icon, verdict) = match (sums(&result.causes(), "error").0, counts.with_problem()) {
                    (errors, _) if errors > 0.0 => ("fail", "rejected"),
                    (_, problems) if problems > 0.0 => ("warn", "warned"),
                    _ if counts.entries() == 0.0 => ("skip", "undecided"),
                    _ => ("pass", "accepted"),
                };
                (headline(result), self.support(result))
            }
            (None, None) => {
                let size = self.file.size();
                let support = [&megabytes(size), ", on this machine. The other view can be used meanwhile."].concat();
                (["Reading ", &self.name].concat(), support)
            }
        };
        dom::set(&dom::find("har-verdict"), "data-verdict", verdict);
        dom::set_icon("har-icon", icon);
        dom::set_text("har-headline", &headline);
        dom::set_text("har-support", &support);
        let title = [&headline, " · CORS · Tokenscope"].concat();
        if dom::in_view("cors") && dom::document().title() != title {
            dom::document().set_title(&title);
        }
        dom::show("har-sec-progress", reading);
        dom::show("har-ghosts", reading);
        let causes = match (&self.result, &self.progress) {
            (Some(result), _) => result.causes(),
            (None, Some(progress)) => progress.causes(),
            (None, None) => Array::new(),
        };
        if let Some(progress) = &self.progress {
            let bar: Element = dom::find("har-progress");
            dom::set(&bar, "max", &(progress.total() as u64).to_string());
            dom::set(&bar, "value", &(progress.read() as u64).to_string());
            let text = [
                &requests(progress.entries()),
                " in ",
                &megabytes(progress.read()),
                " of ",
                &megabytes(progress.total()),
                ", ",
                &counted(f64::from(causes.length()), "cause so far", "causes so far"),
            ]
            .concat();
            dom::set_text("har-progress-text", &text);
        } else if reading {
            dom::set_text("har-progress-text", "Starting");
        }
        dom::set(&dom::find("har-sec-causes"), "aria-busy", if reading { "true" } else { "false" });
        let groups: Vec<Element> = causes
            .iter()
            .enumerate()
            .map(|(number, cause)| self.cause(&cause.unchecked_into(), number == 0 && !reading))
            .collect();
        dom::show("har-sec-causes", reading || !groups.is_empty());
        dom::update("har-causes", &groups);
        let done = self.result.is_some();
        for id in ["har-copy", "har-all"] {
            dom::show(id, done);
        }
        self.paint_result();
    }

    /// What is there once everything was read.
    fn paint_result(&self) {
        let (mut chips, mut stats, mut tokens, mut findings) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        if let Some(result) = &self.result {
            let counts = result.counts();
            for severity in ["error", "warning"] {
                let (causes, count) = sums(&result.causes(), severity);
                if causes > 0.0 {
                    // A request with two problems is one request.
                    let count = count.min(counts.with_problem());
                    let text = [&counted(causes, "cause", "causes"), ", ", &requests(count)].concat();
                    chips.push(chip(state(severity).0, &text));
                }
            }
            let fine = counts.entries() - counts.with_problem();
            chips.push(chip("pass", &[&requests(fine), " fine"].concat()));
            for (count, one, many) in [
                (f64::from(result.tokens().length()), "different token", "different tokens"),
                (counts.hosts(), "host", "hosts"),
                (counts.preflights(), "preflight", "preflights"),
            ] {
                stats.push(dom::span("span", "", &counted(count, one, many)));
            }
            tokens = result.tokens().iter().map(|token| self.token(&token.unchecked_into())).collect();
            findings = result.findings().iter().map(|finding| finding_line(&finding.unchecked_into())).collect();
            let (open, all) = (self.all > 0, dom::find::<Element>("har-all"));
            dom::set(&all, "aria-expanded", if open { "true" } else { "false" });
            let verb = if open { "Hide all " } else { "Show all " };
            all.set_text_content(Some(&[verb, &requests(f64::from(result.exchanges().length()))].concat()));
            dom::show("har-sec-all", open);
            let table = open.then(|| {
                let numbers: Array =
                    (1..=result.exchanges().length()).map(f64::from).map(wasm_bindgen::JsValue::from_f64).collect();
                self.table("All requests", &numbers, self.all, "har-more-all", "", &[])
            });
            dom::update("har-requests", &table.into_iter().collect::<Vec<_>>());
        } else {
            dom::show("har-sec-all", false);
        }
        dom::show("har-sec-tokens", !tokens.is_empty());
        dom::show("har-sec-findings", !findings.is_empty());
        dom::update("har-counts", &chips);
        dom::update("har-stats", &stats);
        dom::update("har-tokens", &tokens);
        dom::update("har-findings", &findings);
    }

    fn support(&self, result: &Outcome) -> String {
        let mut support = [&self.name, ", ", &megabytes(result.bytes())].concat();
        let moment = |milliseconds: f64| Time::from_seconds((milliseconds / 1000.0) as i64);
        if let (Some(from), Some(to)) = (result.recorded().from(), result.recorded().to()) {
            let to = moment(to).time_of_day();
            support.push_str(&[", recorded ", &moment(from).date_and_time(), " to ", &to].concat());
        }
        let recorder = result.recorder();
        if !recorder.name().is_empty() {
            support.push_str(&[" by ", &recorder.name(), " ", &recorder.version()].concat());
        }
        support.push_str(if result.stopped() {
            ". Reading was stopped: what follows is about the part that was read."
        } else {
            ". Read on this machine."
        });
        support
    }

    fn cause(&self, cause: &Cause, first: bool) -> Element {
        let painted = Template::fill("cause");
        let key = key(cause);
        let (name, word) = state(&cause.severity());
        painted.set("item", "data-key", &key).set("item", "data-open", if first { "true" } else { "false" });
        if first {
            painted.set("item", "open", "");
        }
        let sentence = sentence(cause);
        painted.replace("state", &chip(name, word)).text("problem", &sentence);
        painted.text("count", &requests(cause.count()));
        match remedy(cause) {
            Some(remedy) => painted.text("fix", &remedy),
            None => painted.remove("fix"),
        };
        if self.result.is_some() {
            let shown = self.shown.iter().find(|(shown, _)| *shown == key).map_or(FIRST_ROWS, |(_, shown)| *shown);
            let mut buttons = Vec::new();
            let numbers = cause.entries();
            let walkable = numbers
                .iter()
                .take(shown as usize)
                .filter_map(|number| self.exchange(number.as_f64()? as u32))
                .find(|exchange| exchange.exchange().is_some());
            if let Some(exchange) = walkable {
                let number = (exchange.number() as u64).to_string();
                buttons.push(button("har-walk", &number, &["Walk through request ", &number].concat()));
            }
            let refusal = numbers.iter().take(shown as usize).find_map(|number| self.refusal(number.as_f64()? as u32));
            if let Some(refusal) = refusal {
                let number = (refusal.number() as u64).to_string();
                buttons.push(button("har-respond", &number, &["Say why request ", &number, " was refused"].concat()));
            }
            if let Some(letter) = cause.token() {
                buttons.push(button("har-inspect", &letter, &["Inspect token ", &letter].concat()));
            }
            painted.push("body", &self.table(&sentence, &numbers, shown, "har-more", &key, &buttons));
        }
        painted.done()
    }

    /// A table of requests: the first ones, a button for more, and other buttons.
    fn table(&self, caption: &str, numbers: &Array, shown: u32, more: &str, key: &str, buttons: &[Element]) -> Element {
        let table = Template::fill("requests");
        table.text("caption", caption);
        let mut rows = 0;
        for number in numbers.iter().take(shown as usize) {
            if let Some(exchange) = number.as_f64().and_then(|number| self.exchange(number as u32)) {
                table.push("rows", &row(&exchange));
                rows += 1;
            }
        }
        let rest = numbers.length().saturating_sub(rows);
        if rest > 0 {
            let text = ["Show ", &rest.min(MORE_ROWS).to_string(), " more"].concat();
            table.push("buttons", &button(more, key, &text));
        }
        for button in buttons {
            table.push("buttons", button);
        }
        if rest == 0 && buttons.is_empty() {
            table.remove("buttons");
        }
        table.done()
    }

    fn token(&self, token: &Token) -> Element {
        let line = Template::fill("har-token");
        let letter = token.letter();
        let (icon, word) = if token.expired() { ("warn", "Expired") } else { ("note", "Token") };
        line.set("item", "data-key", &letter).replace("state", &chip(icon, word));
        line.text("name", &[&letter, ". ", &token.headline()].concat());
        let about =
            ["In ", &requests(f64::from(token.entries().length())), ": ", &strings(&token.places()).join(", "), "."];
        line.text("about", &about.concat());
        let revealed = self.revealed.iter().find(|(shown, _)| *shown == letter).map(|(_, text)| text);
        line.text("masked", revealed.unwrap_or(&token.masked()));
        line.push("buttons", &button("har-inspect", &letter, &["Inspect token ", &letter].concat()));
        let verb = if revealed.is_some() { "Hide token " } else { "Show token " };
        line.push("buttons", &button("har-show", &letter, &[verb, &letter].concat()));
        line.done()
    }

    /// The result as Markdown. Tokens and query strings are masked in it already.
    pub(super) fn report(&self) -> String {
        let Some(result) = &self.result else { return String::new() };
        let mut report = ["# ", &headline(result), "\n\n", &self.support(result), "\n"].concat();
        for cause in result.causes().iter().map(JsCast::unchecked_into::<Cause>) {
            let count = requests(cause.count());
            report.push_str(
                &["\n## ", state(&cause.severity()).1, ": ", &sentence(&cause), " (", &count, ")\n\n"].concat(),
            );
            for text in [cause.explanation(), remedy(&cause)].into_iter().flatten() {
                report.push_str(&[&text, "\n\n"].concat());
            }
            let numbers = cause.entries();
            for exchange in numbers.iter().take(REPORTED).filter_map(|number| self.exchange(number.as_f64()? as u32)) {
                let (method, url) = (exchange.method(), exchange.url());
                let number = (exchange.number() as u64).to_string();
                report.push_str(&["- ", &number, ": `", &method, " ", &url, "` ", &status(&exchange), "\n"].concat());
            }
            let rest = numbers.length() as usize;
            if rest > REPORTED {
                report.push_str(&["- and ", &(rest - REPORTED).to_string(), " more\n"].concat());
            }
        }
        report
    }
}

/// What is the case: as the CORS view would say it, where the provider may be known.
fn sentence(cause: &Cause) -> String {
    cause.headline().unwrap_or_else(|| cause.problem())
}

/// What to do: the place in the provider's console, where there is one.
fn remedy(cause: &Cause) -> Option<String> {
    let Some(fix) = cause.fix().filter(|fix| fix.path().length() > 0) else { return cause.remedy() };
    let mut remedy = fix.title();
    for (at, part) in fix.path().iter().filter_map(|part| part.as_string()).enumerate() {
        remedy.push_str(if at == 0 { ": " } else { " › " });
        remedy.push_str(&part);
    }
    Some(remedy)
}

fn headline(result: &Outcome) -> String {
    let counts = result.counts();
    let causes = sums(&result.causes(), "error").0 + sums(&result.causes(), "warning").0;
    match counts.with_problem() {
        _ if counts.entries() == 0.0 => "The file has no requests".to_owned(),
        0.0 => [&requests(counts.entries()), ", and nothing wrong was found"].concat(),
        problems => {
            let verb = if problems == 1.0 { " has a problem, from " } else { " have a problem, from " };
            let of = [&(problems as u64).to_string(), " of ", &requests(counts.entries())].concat();
            [&of, verb, &counted(causes, "cause", "causes")].concat()
        }
    }
}

/// What tells a cause from the others, so that it stays open while the file is read.
fn key(cause: &Cause) -> String {
    let token = cause.token().unwrap_or_default();
    [cause.code(), cause.origin(), cause.host(), cause.parameter(), token].join("|")
}

fn button(what: &str, value: &str, text: &str) -> Element {
    let button = Template::fill("har-button");
    button.set("button", "data-cors", what).set("button", "data-value", value).text("button", text);
    button.done()
}

fn row(exchange: &Exchange) -> Element {
    let row = Template::fill("har-row");
    let number = (exchange.number() as u64).to_string();
    row.set("row", "data-key", &number).text("number", &number);
    row.text("time", &exchange.time().map(clock).unwrap_or_default());
    row.text("method", &exchange.method()).text("url", &exchange.url()).text("status", &status(exchange));
    let tokens = strings(&exchange.tokens());
    let mut detail: Vec<String> = exchange.error().into_iter().collect();
    if !tokens.is_empty() {
        detail.push([if tokens.len() == 1 { "token " } else { "tokens " }, &tokens.join(", ")].concat());
    }
    row.text("detail", &detail.join(", "));
    row.done()
}

fn status(exchange: &Exchange) -> String {
    let blocked = exchange.outcome() == "blocked";
    match exchange.status().filter(|status| *status > 0.0) {
        Some(status) if blocked => [&(status as u64).to_string(), ", blocked"].concat(),
        Some(status) => (status as u64).to_string(),
        None if blocked => "blocked".to_owned(),
        None => "no answer".to_owned(),
    }
}

fn finding_line(finding: &Cause) -> Element {
    let line = Template::fill("lint");
    let (name, word) = state(&finding.severity());
    line.set("item", "data-code", &finding.code()).replace("state", &chip(name, word));
    line.text("problem", &[&finding.problem(), "."].concat());
    let more: Vec<String> = [finding.explanation(), finding.remedy()].into_iter().flatten().collect();
    line.text("more", &more.join(" ")).remove("link");
    line.done()
}

/// Milliseconds since the epoch as the time of day with its milliseconds, in UTC.
fn clock(milliseconds: f64) -> String {
    let day = (milliseconds as i64).rem_euclid(86_400_000);
    let part = |divisor: i64, modulus: i64, width: usize| {
        let digits = (day / divisor % modulus).to_string();
        ["0".repeat(width.saturating_sub(digits.len())), digits].concat()
    };
    [&part(3_600_000, 24, 2), ":", &part(60_000, 60, 2), ":", &part(1000, 60, 2), ".", &part(1, 1000, 3)].concat()
}

/// A size: "3.1 MB", or "12 KB".
fn megabytes(bytes: f64) -> String {
    let bytes = bytes as u64;
    if bytes < 1_000_000 {
        return [&bytes.div_ceil(1000).to_string(), " KB"].concat();
    }
    let tenths = bytes / 100_000;
    [&(tenths / 10).to_string(), ".", &(tenths % 10).to_string(), " MB"].concat()
}
