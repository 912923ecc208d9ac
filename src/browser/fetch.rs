//! The only fetch in the program: a GET of a public address, without body, credentials, referrer or headers of its own.
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
    /// No answer that may be read.
    Failed,
    /// It never left: this page's policy forbade it, or the browser was offline.
    NotSent,
}

thread_local! {
    static LEDGER: RefCell<Vec<LedgerEntry>> = const { RefCell::new(Vec::new()) };
}

/// Every request that was sent since the page was opened, in order: the page shows them.
pub fn ledger() -> Vec<LedgerEntry> {
    LEDGER.with_borrow(Clone::clone)
}

/// Sends a request and reads its answer, in at most [`TIMEOUT_MILLISECONDS`] and up to [`BODY_LIMIT`] bytes.
///
/// It never fails: what goes wrong is an answer of its own.
pub async fn public(request: &Request) -> Response {
    let place = LEDGER.with_borrow_mut(|ledger| {
        ledger.push(LedgerEntry { url: request.url.clone(), time: now(), outcome: Outcome::Pending });
        ledger.len() - 1
    });
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
    LEDGER.with_borrow_mut(|ledger| {
        if let Some(entry) = ledger.get_mut(place) {
            entry.outcome = match &response {
                Response::Answered(answered) => Outcome::Answered(answered.status),
                Response::Failed(failure) => match failure.cause {
                    FailureCause::ContentSecurityPolicy | FailureCause::Offline => Outcome::NotSent,
                    _ => Outcome::Failed,
                },
            };
        }
    });
    response
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
    // All that a request says, in one text and through one import.
    let init = [
        r#"{"method":"GET","mode":"cors","credentials":"omit","referrerPolicy":"no-referrer","cache":""#,
        cache,
        r#"","redirect":""#,
        redirect,
        r#""}"#,
    ]
    .concat();
    let init: RequestInit = JSON::parse(&init).map_err(|_| Fault::Network)?.unchecked_into();
    init.set_signal(Some(signal));

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
    // Going offline is the one cause that `navigator.onLine` is sure of; "online" says nothing.
    if !NAVIGATOR.with(Navigator::on_line) {
        return FailureCause::Offline;
    }
    let pause = Promise::new(&mut |resolve, _| set_timeout(&resolve, AFTERMATH_MILLISECONDS));
    // Such a promise is never rejected.
    let _ = JsFuture::from(pause).await;
    if blocked.holds(url) {
        return FailureCause::ContentSecurityPolicy;
    }
    let entry = PERFORMANCE.with(|performance| performance.entries_by_name(url.as_str())).pop();
    let no_response = !entry.is_undefined() && entry.unchecked_into::<PerformanceEntry>().duration() == 0.0;
    FailureCause::Network { no_response }
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

    type Performance;

    #[wasm_bindgen(thread_local_v2, js_name = performance)]
    static PERFORMANCE: Performance;

    #[wasm_bindgen(method, js_name = getEntriesByName)]
    fn entries_by_name(this: &Performance, name: &str) -> Array;
}
