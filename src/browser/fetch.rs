//! The only fetch in the program: a GET of a public address, without body, credentials, referrer or headers of its own.
//! Two functions open this door: [`public`] reads an answer, [`probe`] only sees whether one may be read.
//!
//! It works in a page and in a worker alike, so everything is looked up on `globalThis`.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_events::EventListener;
use js_sys::{Array, Function, JSON, Promise, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortSignal, EventTarget, PerformanceEntry, ReadableStreamDefaultReader, ReadableStreamReadResult, RequestInit,
    SecurityPolicyViolationEvent,
};

use super::clock::now;
use crate::cors::evidence::{ProbeKind, ProbeResult, Traces};
use crate::discovery::{
    Answered, BODY_LIMIT, CacheMode, FailureCause, FetchFailure, PublicUrl, RedirectMode, Request, Response,
    TIMEOUT_MILLISECONDS,
};
use crate::time::Time;

/// How long the browser gets to tell what it knows of a failed request, in milliseconds: the event about a violated
/// policy and the entry in the performance timeline may come after the failure itself.
const AFTERMATH_MILLISECONDS: i32 = 50;

/// A request that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerEntry {
    /// Where to.
    pub url: PublicUrl,
    /// When.
    pub time: Time,
    /// What came of it.
    pub outcome: Outcome,
}

/// What came of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing yet.
    Pending,
    /// An answer with this status.
    Answered(u16),
    /// An answer that script can't look into, or a redirect that was not followed.
    Opaque,
    /// No answer that may be read.
    Failed,
    /// It never left: this page's policy forbade it, or the browser was offline.
    NotSent,
}

thread_local! {
    static LEDGER: RefCell<Vec<LedgerEntry>> = const { RefCell::new(Vec::new()) };
}

/// Every request that this module sent since the page was opened, in order: the page shows them.
pub fn ledger() -> Vec<LedgerEntry> {
    LEDGER.with_borrow(Clone::clone)
}

/// Sends a request and reads its answer, in at most [`TIMEOUT_MILLISECONDS`] and up to [`BODY_LIMIT`] bytes.
///
/// It never fails: what goes wrong is an answer of its own.
pub async fn public(request: &Request) -> Response {
    let place = note(&request.url);
    let signal = AbortSignal::timeout_with_u32(TIMEOUT_MILLISECONDS);
    let blocked = Blocked::watch();
    let response = match answer(request, &signal).await {
        Ok(answered) => Response::Answered(answered),
        Err(fault) => {
            let cause = match fault {
                _ if signal.aborted() => FailureCause::Timeout,
                Fault::Redirect => FailureCause::OpaqueRedirect,
                Fault::BrokenOff(status) => FailureCause::BrokenOff(status),
                Fault::Network => network(&request.url, &blocked).await,
            };
            Response::Failed(FetchFailure { cause, origin: origin(), received: now() })
        }
    };
    let outcome = match &response {
        Response::Answered(answered) => Outcome::Answered(answered.status),
        Response::Failed(failure) => match failure.cause {
            FailureCause::ContentSecurityPolicy | FailureCause::Offline => Outcome::NotSent,
            _ => Outcome::Failed,
        },
    };
    close(place, outcome);
    response
}

/// Sends a probe, and collects what there is to see of its outcome. The body of an answer is not read.
///
/// Redirects are never followed, but by the probes in mode `no-cors`, which can't do without: their button says so. The
/// kinds that need a header or credentials are for the snippet alone; here they are not sent.
pub async fn probe(url: &PublicUrl, kind: ProbeKind) -> ProbeResult {
    let (mode, cache, redirect) = match kind {
        ProbeKind::Plain => ("cors", "default", "error"),
        ProbeKind::Reload => ("cors", "reload", "error"),
        ProbeKind::Manual => ("cors", "no-store", "manual"),
        // Past the cache, and behind the others: an answer without the CORS header must not be stored for them.
        ProbeKind::NoCors | ProbeKind::NoCorsElsewhere => ("no-cors", "no-store", "follow"),
        ProbeKind::Custom | ProbeKind::Credentials => return ProbeResult::Failed(Traces::default()),
    };
    let place = note(url);
    let signal = AbortSignal::timeout_with_u32(TIMEOUT_MILLISECONDS);
    let blocked = Blocked::watch();
    let permission = permission(url).await;
    let started = PERFORMANCE.with(Performance::now);
    let fetched = match init(mode, cache, redirect, &signal) {
        Some(init) => JsFuture::from(global_fetch(url.as_str(), &init)).await.ok(),
        None => None,
    };
    let result = match fetched.map(JsCast::unchecked_into::<web_sys::Response>) {
        Some(response) => match &*response.unchecked_ref::<Received>().type_name() {
            "opaque" => ProbeResult::Opaque,
            "opaqueredirect" => ProbeResult::OpaqueRedirect,
            _ => ProbeResult::Read { status: response.status(), redirected: response.redirected() },
        },
        None => {
            let mut traces = traces(url, &blocked, started).await;
            traces.timed_out = signal.aborted();
            traces.permission = permission.zip(self::permission(url).await);
            ProbeResult::Failed(traces)
        }
    };
    let outcome = match &result {
        ProbeResult::Read { status, .. } => Outcome::Answered(*status),
        ProbeResult::Opaque | ProbeResult::OpaqueRedirect => Outcome::Opaque,
        ProbeResult::Failed(traces) if traces.policy.is_some() || is_offline() => Outcome::NotSent,
        ProbeResult::Failed(_) => Outcome::Failed,
    };
    close(place, outcome);
    result
}

/// Whether the browser is sure to be offline; that it says "online" means nothing.
pub fn is_offline() -> bool {
    !NAVIGATOR.with(Navigator::on_line)
}

/// Opens an entry of the ledger.
fn note(url: &PublicUrl) -> usize {
    LEDGER.with_borrow_mut(|ledger| {
        ledger.push(LedgerEntry { url: url.clone(), time: now(), outcome: Outcome::Pending });
        ledger.len() - 1
    })
}

/// Says in the ledger what came of a request.
fn close(place: usize, outcome: Outcome) {
    LEDGER.with_borrow_mut(|ledger| {
        if let Some(entry) = ledger.get_mut(place) {
            entry.outcome = outcome;
        }
    });
}

/// All that a request says, in one text and through one import.
fn init(mode: &str, cache: &str, redirect: &str, signal: &AbortSignal) -> Option<RequestInit> {
    let init = [
        r#"{"method":"GET","credentials":"omit","referrerPolicy":"no-referrer","mode":""#,
        mode,
        r#"","cache":""#,
        cache,
        r#"","redirect":""#,
        redirect,
        r#""}"#,
    ]
    .concat();
    let init: RequestInit = JSON::parse(&init).ok()?.unchecked_into();
    init.set_signal(Some(signal));
    Some(init)
}

/// Where it went wrong.
enum Fault {
    Network,
    Redirect,
    BrokenOff(u16),
}

async fn answer(request: &Request, signal: &AbortSignal) -> Result<Answered, Fault> {
    let cache = match request.cache {
        CacheMode::Default => "default",
        CacheMode::Reload => "reload",
    };
    let redirect = match request.redirect {
        RedirectMode::Manual => "manual",
        RedirectMode::Follow => "follow",
    };
    let init = init("cors", cache, redirect, signal).ok_or(Fault::Network)?;
    let response = JsFuture::from(global_fetch(request.url.as_str(), &init)).await.map_err(|_| Fault::Network)?;
    let response: web_sys::Response = response.unchecked_into();
    if response.unchecked_ref::<Received>().type_name() == "opaqueredirect" {
        return Err(Fault::Redirect);
    }
    let headers = response.headers();
    let header = |name: &str| headers.get(name).ok().flatten();
    let mut answered = Answered {
        status: response.status(),
        url: response.url(),
        content_type: header("content-type"),
        cache_control: header("cache-control"),
        age: header("age"),
        ..Answered::default()
    };
    if let Some(body) = response.body() {
        let reader: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
        read_body(&reader, &mut answered).await.map_err(|_| Fault::BrokenOff(answered.status))?;
    }
    answered.received = now();
    Ok(answered)
}

/// Reads a body up to the limit, and closes the connection beyond it.
async fn read_body(reader: &ReadableStreamDefaultReader, answered: &mut Answered) -> Result<(), JsValue> {
    loop {
        let part: ReadableStreamReadResult = JsFuture::from(reader.read()).await?.unchecked_into();
        if part.get_done() == Some(true) {
            return Ok(());
        }
        let chunk: Uint8Array = part.get_value().unchecked_into();
        let room = BODY_LIMIT - answered.body.len();
        if chunk.length() as usize > room {
            answered.body.extend(chunk.subarray(0, room as u32).to_vec());
            answered.too_large = true;
            // The promise says when the connection is closed, which nobody waits for.
            let _ = reader.cancel();
            return Ok(());
        }
        answered.body.extend(chunk.to_vec());
    }
}

/// What can be known of a network error.
async fn network(url: &PublicUrl, blocked: &Blocked) -> FailureCause {
    if is_offline() {
        return FailureCause::Offline;
    }
    aftermath().await;
    if blocked.holds(url) {
        return FailureCause::ContentSecurityPolicy;
    }
    let entry = PERFORMANCE.with(|performance| performance.entries_by_name(url.as_str())).pop();
    let no_response = !entry.is_undefined() && entry.unchecked_into::<PerformanceEntry>().duration() == 0.0;
    FailureCause::Network { no_response }
}

/// Waits for what the browser tells of a failure after it.
async fn aftermath() {
    let pause = Promise::new(&mut |resolve, _| set_timeout(&resolve, AFTERMATH_MILLISECONDS));
    // Such a promise is never rejected.
    let _ = JsFuture::from(pause).await;
}

/// What a failed probe that began at that time left behind.
async fn traces(url: &PublicUrl, blocked: &Blocked, started: f64) -> Traces {
    let elapsed = PERFORMANCE.with(Performance::now) - started;
    aftermath().await;
    let entry = PERFORMANCE.with(|performance| performance.entries_by_name(url.as_str())).pop();
    // An older entry is about an older request. Clocks are coarse on purpose.
    let entry = (!entry.is_undefined()).then(|| entry.unchecked_into::<Timing>());
    let entry = entry.filter(|entry| entry.start_time() >= started - 2.0);
    let status = entry.as_ref().and_then(|entry| entry.response_status().as_f64()).filter(|status| *status > 0.0);
    Traces {
        policy: blocked.holds(url).then(|| "connect-src".to_owned()),
        elapsed: elapsed as u32,
        no_response: entry.as_ref().is_some_and(|entry| entry.duration() == 0.0),
        responded: status.is_some() || entry.as_ref().is_some_and(|entry| entry.response_start() > 0.0),
        status: status.map(|status| status as u16),
        entry: Some(entry.is_some()),
        timed_out: false,
        permission: None,
    }
}

/// What the browser says of the page's leave to reach this machine or its network; `None` where it has no word for that.
/// The names are those of [Local Network Access](https://wicg.github.io/local-network-access/), the new and the old one.
async fn permission(url: &PublicUrl) -> Option<String> {
    let permissions = NAVIGATOR.with(Navigator::permissions)?;
    let name = if url.is_loopback() { "loopback-network" } else { "local-network" };
    for name in [name, "local-network-access"] {
        let descriptor = JSON::parse(&[r#"{"name":""#, name, r#""}"#].concat()).ok()?;
        if let Ok(status) = JsFuture::from(permissions.query(&descriptor)).await {
            return Some(status.unchecked_into::<PermissionStatus>().state());
        }
    }
    None
}

/// The addresses that this page's policy forbade while it is alive.
struct Blocked {
    addresses: Rc<RefCell<Vec<String>>>,
    _listener: EventListener,
}

impl Blocked {
    fn watch() -> Blocked {
        let addresses = Rc::new(RefCell::new(Vec::new()));
        let heard = Rc::clone(&addresses);
        let listener = GLOBAL.with(|global| {
            EventListener::new(global, "securitypolicyviolation", move |event| {
                let event: &SecurityPolicyViolationEvent = event.unchecked_ref();
                heard.borrow_mut().push(event.blocked_uri());
            })
        });
        Blocked { addresses, _listener: listener }
    }

    /// Whether an address was among them. Browsers report all of it or its origin alone.
    fn holds(&self, url: &PublicUrl) -> bool {
        self.addresses.borrow().iter().any(|blocked| blocked == url.as_str() || blocked == url.origin())
    }
}

fn origin() -> String {
    ORIGIN.with(JsValue::as_string).unwrap_or_default()
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = fetch)]
    fn global_fetch(url: &str, init: &RequestInit) -> Promise;

    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(handler: &Function, milliseconds: i32);

    #[wasm_bindgen(thread_local_v2, js_name = globalThis)]
    static GLOBAL: EventTarget;

    #[wasm_bindgen(thread_local_v2, js_name = origin)]
    static ORIGIN: JsValue;

    type Received;

    #[wasm_bindgen(method, getter, js_name = type)]
    fn type_name(this: &Received) -> String;

    type Navigator;

    #[wasm_bindgen(thread_local_v2, js_name = navigator)]
    static NAVIGATOR: Navigator;

    #[wasm_bindgen(method, getter, js_name = onLine)]
    fn on_line(this: &Navigator) -> bool;

    #[wasm_bindgen(method, getter)]
    fn permissions(this: &Navigator) -> Option<Permissions>;

    type Permissions;

    #[wasm_bindgen(method)]
    fn query(this: &Permissions, descriptor: &JsValue) -> Promise;

    type PermissionStatus;

    #[wasm_bindgen(method, getter)]
    fn state(this: &PermissionStatus) -> String;

    /// An entry of the performance timeline about a request.
    #[wasm_bindgen(extends = PerformanceEntry)]
    type Timing;

    #[wasm_bindgen(method, getter, js_name = startTime)]
    fn start_time(this: &Timing) -> f64;

    #[wasm_bindgen(method, getter, js_name = responseStart)]
    fn response_start(this: &Timing) -> f64;

    #[wasm_bindgen(method, getter, js_name = responseStatus)]
    fn response_status(this: &Timing) -> JsValue;

    type Performance;

    #[wasm_bindgen(thread_local_v2, js_name = performance)]
    static PERFORMANCE: Performance;

    #[wasm_bindgen(method, js_name = getEntriesByName)]
    fn entries_by_name(this: &Performance, name: &str) -> Array;

    #[wasm_bindgen(method)]
    fn now(this: &Performance) -> f64;
}
