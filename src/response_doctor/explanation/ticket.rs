//! A text for a support ticket: what was refused, when, and by which ids the operators find it. It holds no secret.

use super::commands::command;
use super::phrases::{phrase, row};
use super::private::Mask;
use super::report::sure;
use super::scene::Scene;
use crate::finding::Severity;
use crate::json::Value;
use crate::messages::{Prose, Span, visible};
use crate::response_doctor::evidence::{Body, Kind};
use crate::response_doctor::token::TokenFacts;
use crate::time::Time;

/// The text, as Markdown; `None` where nothing was refused.
pub(super) fn ticket(scene: &Scene, headline: &Prose) -> Option<String> {
    let evidence = scene.evidence;
    let is_refused = scene.lead().is_some_and(|lead| lead.severity == Severity::Error)
        || evidence.status.is_some_and(|status| status >= 400);
    if !is_refused || matches!(evidence.kind, Kind::Nothing | Kind::AuthorizationRequest) {
        return None;
    }
    let mut ticket = Ticket { mask: Mask::new(evidence.token.as_ref()), markdown: String::new() };
    let title = crate::text::replace(phrase("ticket", "title"), "{headline}", &ticket.prose(headline).markdown());
    ticket.add(&["# ", &title, "\n\n"]);
    ticket.what_and_when(scene);
    ticket.errors(scene);
    if let Some(token) = &scene.joined.token {
        ticket.token(token);
    }
    ticket.checked(scene);
    ticket.answer(scene);
    if let Some(command) = command(scene, "repeat-form", false).or_else(|| command(scene, "repeat", false)) {
        ticket.section("repeat");
        ticket.block(&command.text);
    }
    Some(ticket.markdown)
}

struct Ticket<'a> {
    mask: Mask<'a>,
    markdown: String,
}

impl Ticket<'_> {
    fn add(&mut self, parts: &[&str]) {
        parts.iter().for_each(|part| self.markdown.push_str(part));
    }

    fn section(&mut self, name: &str) {
        self.add(&["\n## ", phrase("ticket", name), "\n\n"]);
    }

    /// A line of the list, when there is something to say.
    fn line(&mut self, name: &str, value: &str) {
        self.named(phrase("ticket", name), value);
    }

    fn named(&mut self, label: &str, value: &str) {
        if !value.is_empty() {
            let value = Prose(vec![Span::Code(visible(value))]).markdown();
            self.add(&["- ", label, ": ", &value, "\n"]);
        }
    }

    fn time(&mut self, name: &str, time: Option<Time>) {
        if let Some(time) = time {
            self.line(name, &time.rfc3339());
        }
    }

    /// Text that stands as it is, each line behind four spaces: it can't end the block.
    fn block(&mut self, text: &str) {
        for line in text.split('\n') {
            self.add(&["    ", &visible(line.trim_end_matches('\r')), "\n"]);
        }
    }

    fn prose(&self, prose: &Prose) -> Prose {
        let spans = prose.0.iter().map(|span| match span {
            Span::Text(text) => Span::Text(text.clone()),
            Span::Code(code) => Span::Code(self.mask.short(&without_query(code))),
        });
        Prose(spans.collect())
    }

    fn what_and_when(&mut self, scene: &Scene) {
        let evidence = scene.evidence;
        self.time("when", scene.said.date);
        if let Some(event) = &evidence.event {
            self.time("when-event", event.published);
            self.line("event", &self.mask.text(&event.event_type));
            let outcome = [event.result.as_str(), " ", &event.reason].concat();
            self.line("outcome", &self.mask.text(outcome.trim()));
            self.line("transaction", &self.mask.text(&event.transaction));
        }
        if let Some(status) = evidence.status {
            let status = [&status.to_string(), " ", &self.mask.text(&evidence.reason)].concat();
            self.line("status", status.trim());
        }
        if let Some(code) = evidence.curl {
            self.line("curl", &code.to_string());
        }
        if let Some(request) = &evidence.request {
            let line = [self.mask.text(&request.method).as_str(), " ", &self.mask.address(&request.url)].concat();
            self.line("request", line.trim());
        }
        for (name, id) in &scene.said.request_ids {
            let (name, id) = (visible(&self.mask.text(name)), self.mask.short(id));
            self.named(&Prose(vec![Span::Code(name)]).markdown(), &id);
        }
        if let Some(sender) = scene.said.sender {
            self.line("sender", sender);
        }
    }

    fn errors(&mut self, scene: &Scene) {
        if let Some(envelope) = &scene.said.envelope {
            self.line("error-code", &self.mask.text(&envelope.code));
            self.line("error-id", &self.mask.short(&envelope.id));
            self.line("error-summary", &self.mask.text(&envelope.summary));
            self.line("error-causes", &self.mask.text(&envelope.causes.join("; ")));
        }
        if let Some(oauth) = &scene.said.oauth {
            self.line("oauth-error", &self.mask.text(&oauth.error));
            self.line("oauth-description", &self.mask.text(&oauth.description));
            self.line("oauth-scopes", &self.mask.text(&oauth.scopes.join(" ")));
        }
    }

    /// Of a token what says nothing about a person.
    fn token(&mut self, token: &TokenFacts) {
        self.section("token");
        self.line("issuer", &self.mask.address(&token.issuer));
        self.line(
            "audience",
            &self.mask.short(&token.audiences.iter().map(|one| without_query(one)).collect::<Vec<_>>().join(" ")),
        );
        self.line("client", &self.mask.short(&token.client));
        self.line("scopes", &self.mask.short(&token.scopes.as_deref().unwrap_or_default().join(" ")));
        self.line("key-id", &self.mask.short(&token.key_id));
        self.time("issued", token.issued);
        self.time("expires", token.expires);
    }

    fn checked(&mut self, scene: &Scene) {
        self.section("checked");
        for finding in scene.findings {
            let problem = self.prose(&scene.catalogue.words(finding, scene.now).problem).markdown();
            self.add(&["- ", &problem, " (", sure(finding), ", `", finding.code.0, "`)\n"]);
        }
    }

    /// The headers that tell something, and the body.
    fn answer(&mut self, scene: &Scene) {
        let listed = row("ticket", "headers").map(Value::items).unwrap_or_default();
        let is_listed =
            |name: &str| listed.iter().filter_map(Value::as_str).any(|listed| listed.eq_ignore_ascii_case(name));
        let headers = scene.evidence.headers.0.iter().filter(|(name, _)| is_listed(name));
        let headers: Vec<String> =
            headers.take(MOST_HEADERS).map(|(name, value)| self.mask.header(name, value)).collect();
        let body = match &scene.evidence.body {
            Body::Unknown | Body::Empty => String::new(),
            Body::Json(document) => self.mask.json(document),
            Body::Html { title, .. } => self.mask.text(title),
            Body::Text(text) => self.mask.text(text),
        };
        if headers.is_empty() && body.is_empty() {
            return;
        }
        self.section("answer");
        headers.iter().for_each(|header| self.block(header));
        if !body.is_empty() {
            if !headers.is_empty() {
                self.add(&["    \n"]);
            }
            let (shown, rest) = body.split_at_checked(cut(&body)).unwrap_or((&body, ""));
            self.block(shown);
            if !rest.is_empty() {
                self.block(phrase("ticket", "clipped"));
            }
        }
    }
}

/// More headers than these tell nothing more.
const MOST_HEADERS: usize = 40;

/// A body is cut behind so many characters.
const LONGEST_BODY: usize = 2000;

fn cut(body: &str) -> usize {
    body.char_indices().nth(LONGEST_BODY).map_or(body.len(), |(at, _)| at)
}

/// An address without its query and fragment; what is no address stays.
pub(super) fn without_query(text: &str) -> String {
    let is_address = crate::text::contains(text, "://") || text.starts_with('/');
    match text.find(['?', '#']).filter(|_| is_address) {
        Some(end) => [text.get(..end).unwrap_or_default(), "?…"].concat(),
        None => text.to_owned(),
    }
}
