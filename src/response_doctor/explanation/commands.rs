//! Commands that would confirm a reading. Templates and notes stand in `src/data/response_commands.json`. What was pasted
//! stands in them in quotes, addresses are taken apart and put together again, and a secret is asked for when the command
//! runs, so that it gets neither into the command nor into the list of processes.

use std::sync::OnceLock;

use super::headline::next_phrase;
use super::phrases::{facts, holds, is_about};
use super::places::{self, Places};
use super::private::Mask;
use super::scene::{Scene, address};
use super::shell::{filled, quoted};
use super::{Command, advice};
use crate::finding::{Certainty, Finding};
use crate::json::{self, Document, Value};
use crate::messages::fill;
use crate::response_doctor::evidence::Kind;
use crate::response_doctor::json::kind_name;
use crate::response_doctor::token::{TokenFacts, TokenWhat};

static COMMANDS: OnceLock<Document> = OnceLock::new();

fn table() -> &'static Document {
    COMMANDS.get_or_init(|| json::read(include_bytes!("../../data/response_commands.json").to_vec()))
}

/// More than these would be a manual.
const MOST_COMMANDS: usize = 5;

/// Longer than any method: what is longer is something else.
const LONGEST_METHOD: usize = 20;

/// Longer than the ids of clients, keys and requests: a client id may be an address.
const LONGEST_ID: usize = 300;

/// How long before and after an answer the System Log is searched, in seconds.
const WINDOW: i64 = 300;

/// The commands that would confirm what is found: those that the findings name, in their order, then those that suit the
/// answer.
pub(super) fn commands(scene: &Scene) -> Vec<Command> {
    let mut keys: Vec<&'static str> = Vec::new();
    if scene.evidence.kind != Kind::Nothing || scene.is_led {
        let of_findings = scene.findings.iter().filter(|finding| super::is_fault(finding));
        keys.extend(of_findings.flat_map(|finding| advice::of(finding.code.0, scene.catalogue).commands));
        let rows = table().member("confirm").map(Value::items).unwrap_or_default();
        keys.extend(rows.iter().filter(|row| suits(scene, row)).filter_map(|row| row.member("command")?.as_str()));
    }
    let mut commands: Vec<Command> = Vec::new();
    for key in keys {
        if commands.len() < MOST_COMMANDS && !commands.iter().any(|command| command.key == key) {
            commands.extend(command(scene, key, false));
        }
    }
    commands
}

/// Whether a row of the table suits the answer.
fn suits(scene: &Scene, row: &Value) -> bool {
    let list = |name: &str| row.member(name).map(Value::items).unwrap_or_default();
    let has = |name: &str, text: &str| row.member(name).is_some_and(|list| holds(list, text));
    let lead = scene.lead();
    let unless = row.member("unless").and_then(Value::as_str).unwrap_or_default();
    if lead.is_some_and(|lead| scene.advice(lead).excludes.contains(&unless)) {
        return false;
    }
    // What is proved needs nobody's word.
    let is_proved = lead.is_some_and(|lead| lead.certainty == Certainty::Proved);
    if is_proved && row.member("unproved").is_some() {
        return false;
    }
    let status = scene.evidence.status.map(|status| status.to_string()).unwrap_or_default();
    let fault = scene.is_led || scene.evidence.status.is_some_and(|status| status >= 400);
    let says = |finding: &Finding| scene.catalogue.row(finding.code.0).map(|row| row.says).unwrap_or_default();
    let about =
        |code: &str| list("about").iter().filter_map(Value::as_str).any(|what| is_about(what, code, scene.catalogue));
    fault
        && (list("statuses").iter().any(|value| table().raw(value) == status)
            || has("kinds", kind_name(scene.evidence.kind))
            || lead.is_some_and(|lead| {
                has("codes", lead.code.0)
                    || has("says", says(lead))
                    || about(lead.code.0)
                    || has("next", next_phrase(scene, lead, scene.advice(lead).next))
            }))
}

/// The command of that key for a case; `None` where the case does not tell what belongs into it. With `placeholders` an org
/// that is not known gives way to one.
pub(super) fn command(scene: &Scene, key: &str, placeholders: bool) -> Option<Command> {
    let places = places::of(scene);
    let token = scene.joined.token.as_ref();
    if key == "status" && scene.is_elsewhere() {
        return None;
    }
    // A token whose payload has been read here needs no decoding elsewhere.
    if key == "token-decode" && token.is_some_and(|token| !token.claims.is_empty()) {
        return None;
    }
    let mut values = Vec::new();
    let mut put = |name: &'static str, value: Option<String>| values.extend(value.map(|value| (name, value)));
    let word = |text: &str| quoted(text);

    let placeholder = table().member("placeholders");
    let placeholder =
        |name: &str| placeholder.and_then(|row| row.member(name)).and_then(Value::as_str).unwrap_or_default();
    let known_org = places::org(scene);
    let is_okta = scene.said.sender == Some("okta") || scene.evidence.event.is_some() || placeholders;
    let org = known_org.clone().or_else(|| is_okta.then(|| placeholder("org").to_owned()));
    let client = client(scene);

    // Behind a colon curl would read a password.
    let user = client.as_deref().filter(|client| !client.contains(':')).unwrap_or(placeholder("client"));
    put("client", word(user));
    let method = if scene.method().is_empty() { "GET" } else { scene.method() };
    put("method", word(method).filter(|_| crate::http::is_token(method) && method.len() <= LONGEST_METHOD));
    put("address", address(scene.url()).and_then(|url| word(&Mask::new(scene.evidence.token.as_ref()).address(&url))));
    put("fields", fields(scene));
    put("scheme", scheme(token));
    put("introspection", places.as_ref().and_then(|places| places.introspection.as_deref()).and_then(word));
    put("jwks", places.as_ref().and_then(|places| places.jwks.as_deref()).and_then(word));
    put("kid", token.and_then(kid));
    put(
        "url",
        limited_url(scene)
            .or(if placeholders { org.as_deref().map(users_me) } else { None })
            .and_then(|url| word(&url)),
    );
    put("logs", org.as_deref().and_then(|org| word(&[org, "/api/v1/logs"].concat())));
    put("discovery", discovery(scene, places.as_ref(), key, org.as_deref()).and_then(|url| word(&url)));
    put("whoami", who_am_i(token, places.as_ref(), known_org.as_deref()).and_then(|url| word(&url)));
    let of_app = |before: &str, behind: &str| {
        let client = client.as_deref().filter(|client| is_id(client))?;
        word(&[known_org.as_deref()?, before, client, behind].concat())
    };
    put("grants", of_app("/api/v1/apps/", "/grants"));
    put("roles", of_app("/oauth2/v1/clients/", "/roles"));
    put("filter", filter(scene).and_then(|filter| word(&filter)));
    put("query", error_id(scene).and_then(|id| word(&["q=", &id].concat())));
    if let Some(date) = scene.said.date.or(scene.evidence.event.as_ref().and_then(|event| event.published)) {
        put("since", word(&["since=", &date.plus(-WINDOW).rfc3339()].concat()));
        put("until", word(&["until=", &date.plus(WINDOW).rfc3339()].concat()));
    }

    // What holds a secret where none belongs is not written into a command. The fields of a form are masked one by one.
    let mask = Mask::new(scene.evidence.token.as_ref());
    values.retain(|(name, value)| *name == "fields" || mask.value(value) == *value);

    let variant = variant(key, token, places.as_ref());
    let rows = table().member("commands")?;
    let (name, row) =
        rows.members().iter().find(|row| row.name == variant).map(|row| (row.name.as_str(), &row.value))?;
    let own_key = rows.members().iter().map(|row| row.name.as_str()).find(|name| *name == key).unwrap_or(name);
    let any = row.member("any").map(Value::items).unwrap_or_default();
    let is_put = |wanted: &Value| values.iter().any(|(name, _)| wanted.as_str() == Some(name));
    if !any.is_empty() && !any.iter().any(is_put) {
        return None;
    }
    let mut text = String::new();
    for line in row.member("text")?.items().iter().filter_map(Value::as_str) {
        let (line, is_optional) = line.strip_prefix('?').map_or((line, false), |line| (line, true));
        match filled(line, &values) {
            Some(line) => {
                text.push_str(if text.is_empty() { "" } else { "\n" });
                text.push_str(&line);
            }
            None if is_optional => {}
            None => return None,
        }
    }
    let host = host(&text);
    let facts = facts().text("host", host);
    let words = |name: &str| fill(row.member(name).and_then(Value::as_str).unwrap_or_default(), &facts, scene.now);
    let mut note = words("note");
    if crate::text::contains(&text, placeholder("org")) {
        note.push_text(" ");
        note.append(fill(placeholder("note"), &facts, scene.now));
    }
    Some(Command { key: own_key, title: words("title"), text, note })
}

/// The form of a command that suits the token.
fn variant(key: &str, token: Option<&TokenFacts>, places: Option<&Places>) -> String {
    let known = |place: fn(&Places) -> bool| places.is_some_and(place);
    let behind = match key {
        "introspect" if !known(|places| places.introspection.is_some()) => "-metadata",
        "introspect" if token.is_some_and(|token| token.is_okta_org && token.is_machine) => "-assertion",
        "keys" if !known(|places| places.jwks.is_some()) => "-metadata",
        _ => "",
    };
    [key, behind].concat()
}

/// The fields of a form, with placeholders for what is secret or somebody's; `None` without a form.
fn fields(scene: &Scene) -> Option<String> {
    const HARMLESS: [&str; 7] = [
        "grant_type",
        "response_type",
        "scope",
        "client_id",
        "token_type_hint",
        "client_assertion_type",
        "requested_token_type",
    ];
    let form = scene.evidence.request.as_ref().map(|request| &request.form).filter(|form| !form.is_empty())?;
    let mask = Mask::new(scene.evidence.token.as_ref());
    let field = |(name, value): &(String, String)| {
        let value = if HARMLESS.contains(&name.as_str()) { mask.value(value) } else { "VALUE".to_owned() };
        Some(["-d ", &quoted(&[&mask.text(name), "=", &value].concat())?].concat())
    };
    form.iter().map(field).collect::<Option<Vec<_>>>().map(|fields| fields.join(" "))
}

/// The client of the token, or of the request.
fn client(scene: &Scene) -> Option<String> {
    let token = scene.joined.token.as_ref().map(|token| token.client.clone());
    let request = scene.evidence.request.as_ref();
    let form = request.map(|request| request.form.as_slice()).unwrap_or_default();
    let mut parameters = scene.evidence.parameters.iter().chain(form);
    let named = || parameters.find(|(name, _)| name == "client_id").map(|(_, value)| value.clone());
    let is_id = |client: &String| !client.is_empty() && client.len() <= LONGEST_ID;
    token.filter(is_id).or_else(named).filter(is_id)
}

/// The scheme that curl can send the token with. A token that is bound to a key needs a proof, which no command line makes.
fn scheme(token: Option<&TokenFacts>) -> Option<String> {
    match token {
        Some(token) if token.is_dpop_bound => None,
        Some(token) if token.what == TokenWhat::ApiToken => Some("SSWS".to_owned()),
        _ => Some("Bearer".to_owned()),
    }
}

/// The address of the request, when it is one to ask again.
fn limited_url(scene: &Scene) -> Option<String> {
    let is_get = scene.method().is_empty() || scene.method().eq_ignore_ascii_case("GET");
    address(scene.url()).filter(|_| is_get)
}

fn users_me(org: &str) -> String {
    [org, "/api/v1/users/me"].concat()
}

/// The metadata of the server that is asked: for connectivity that of the request's host comes first.
fn discovery(scene: &Scene, places: Option<&Places>, key: &str, org: Option<&str>) -> Option<String> {
    let of_issuer = || places.map(|places| places.discovery.clone());
    if key != "discovery" {
        return of_issuer();
    }
    // What has answered can be reached: then it is the issuer that the API may not reach.
    let has_answered = scene.evidence.status.is_some_and(|status| !matches!(status, 502..=504));
    if let Some(discovery) = of_issuer().filter(|_| has_answered) {
        return Some(discovery);
    }
    let origin = crate::cors::url::origin_of(scene.url()).and_then(|origin| address(&origin));
    if origin.is_none()
        && let Some(host) = named_host(scene)
    {
        return Some(["https://", host, "/"].concat());
    }
    let at_okta = scene.endpoint().is_some_and(|endpoint| endpoint.is_okta);
    match origin {
        Some(origin) if !at_okta => address(scene.url()).or(Some(origin)),
        Some(origin) => Some([&origin, "/.well-known/openid-configuration"].concat()),
        None => of_issuer().or_else(|| org.map(|org| [org, "/.well-known/openid-configuration"].concat())),
    }
}

/// The host that curl names: "Could not resolve host: api.example.com".
fn named_host<'a>(scene: &Scene<'a>) -> Option<&'a str> {
    let line = scene.evidence.text.lines().next().filter(|_| scene.evidence.kind == Kind::Curl)?;
    let words = line.split([' ', ',', '\'', '"']).map(|word| word.trim_end_matches([':', '.', ';']));
    let is_label =
        |label: &str| !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let is_host = |word: &&str| {
        let last = word.rsplit('.').next().unwrap_or_default();
        word.contains('.') && word.split('.').all(is_label) && last.bytes().all(|byte| byte.is_ascii_alphabetic())
    };
    words.into_iter().find(is_host)
}

/// Where a server says whom a token speaks for.
fn who_am_i(token: Option<&TokenFacts>, places: Option<&Places>, org: Option<&str>) -> Option<String> {
    let token = token?;
    if token.what == TokenWhat::ApiToken {
        return org.map(users_me);
    }
    let is_open_id = token.scopes.iter().flatten().any(|scope| scope == "openid");
    places?.user_info.clone().filter(|_| is_open_id && token.what == TokenWhat::Access)
}

/// What `grep` looks for in a key set.
fn kid(token: &TokenFacts) -> Option<String> {
    let is_plain = |character: char| character.is_ascii_alphanumeric() || "-._~:/+=@".contains(character);
    let kid = Some(&token.key_id).filter(|kid| !kid.is_empty() && kid.len() <= LONGEST_ID)?;
    let kid = Some(kid).filter(|kid| kid.chars().all(is_plain))?;
    quoted(&["\"kid\":\"", kid, "\""].concat())
}

/// Whether a text is what ids of Okta are made of, so that it can stand in an address and in a filter as it is.
fn is_id(text: &str) -> bool {
    let is_plain = |character: char| character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | '.');
    !text.is_empty() && text.len() <= LONGEST_ID && text.chars().all(is_plain)
}

/// The filter of the System Log that finds the request.
fn filter(scene: &Scene) -> Option<String> {
    let event = scene.evidence.event.as_ref();
    let transaction = event.map(|event| event.transaction.as_str()).filter(|id| is_id(id));
    let is_of_request = |name: &str| {
        let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
        let plain = plain.to_ascii_lowercase();
        matches!(plain.as_str(), "xoktarequestid" | "requestid" | "transactionid")
    };
    let request = scene.said.request_ids.iter().find(|(name, id)| is_of_request(name) && is_id(id));
    let id = transaction.or(request.map(|(_, id)| id.as_str()))?;
    Some(["filter=transaction.id eq \"", id, "\" or debugContext.debugData.requestId eq \"", id, "\""].concat())
}

/// The id of the error, when there is none of the request: the log finds it as a keyword.
fn error_id(scene: &Scene) -> Option<String> {
    let id = scene.said.envelope.as_ref().map(|envelope| envelope.id.clone()).filter(|id| is_id(id))?;
    if filter(scene).is_some() { None } else { Some(id) }
}

/// The host that a command asks.
fn host(command: &str) -> String {
    let from = crate::text::positions(command, "://").into_iter().next().map_or(0, |at| at + 3);
    let rest = command.get(from..).unwrap_or_default();
    rest.split(['/', '\'', ' ']).next().unwrap_or_default().to_owned()
}
