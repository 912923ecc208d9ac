//! Carries out what the core asks, until it asks nothing more.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;

use super::{clock, fetch, operate, subtle};
use crate::discovery::{Request, Response};
use crate::inspect::{Answers, Ask, Options, inspect};
use crate::report::Report;
use crate::signature_doctor;
use crate::time::Time;
use crate::why::{self, Choices, Explained};

/// More rounds than any inspection needs: metadata in three places, each asked twice, then keys twice, then signatures.
const MOST_ROUNDS: usize = 20;

/// Inspects a text, carrying out every ask. `as_of` is the time to check claims for; `None` for the clock's. Calls
/// `on_progress` with each report on the way, the first one at once; returns the last one.
///
/// `answers` is borrowed for moments only, so that the page can inspect other text with the same answers meanwhile.
///
/// The future is boxed so that the page and the JavaScript API share one copy of its code, which is 8 KB.
pub fn settle<'a>(
    text: &'a str,
    options: &'a Options,
    as_of: Option<Time>,
    answers: &'a RefCell<Answers>,
    on_progress: &'a mut dyn FnMut(&Report),
) -> Pin<Box<dyn Future<Output = Report> + 'a>> {
    Box::pin(carry_out(text, options, as_of, answers, on_progress))
}

async fn carry_out(
    text: &str,
    options: &Options,
    as_of: Option<Time>,
    answers: &RefCell<Answers>,
    on_progress: &mut dyn FnMut(&Report),
) -> Report {
    let mut rounds = 0;
    loop {
        let now = clock::now();
        let (report, asks) = inspect(text, options, as_of.unwrap_or(now), now, &answers.borrow());
        rounds += 1;
        if asks.is_empty() || rounds >= MOST_ROUNDS {
            return report;
        }
        on_progress(&report);
        for ask in asks {
            match ask {
                Ask::Fetch(request) => {
                    let response = fetch::public(&request).await;
                    answers.borrow_mut().respond(request, response);
                }
                Ask::Verify(plan) => {
                    let verification = subtle::verify(&plan).await;
                    answers.borrow_mut().verify(plan, verification);
                }
            }
        }
    }
}

/// How long work is carried out before others may run, in milliseconds: a fifth of what is felt as a delay.
const SLICE: f64 = 10.0;

/// The same between the steps of an explanation, which may take a while each.
const LOOK: f64 = 4.0;

/// What a request goes through. Whoever has none fetches nothing, and its module imports no `fetch`.
pub type Door = for<'a> fn(&'a Request) -> Pin<Box<dyn Future<Output = Response> + 'a>>;

/// The one door that leads to the network.
pub fn door(request: &Request) -> Pin<Box<dyn Future<Output = Response> + '_>> {
    Box::pin(fetch::public(request))
}

/// How often it is told how many tests were made, in milliseconds.
const STEP: f64 = 200.0;

/// Who hears of an explanation on its way.
pub struct Listeners<'a> {
    /// Whether to go on.
    pub keep_going: &'a dyn Fn() -> bool,
    /// How many tests of a round were made, now and then.
    pub step: &'a dyn Fn(usize),
    /// Each result on the way.
    pub progress: &'a mut dyn FnMut(Explained),
}

/// Explains a text, carrying out every ask but for those of the network, which need a door: [`why::explain`] in slices that
/// leave the page room to breathe. `None` once `keep_going` says no.
pub fn explain<'a>(
    text: &'a str,
    options: &'a Options,
    choices: &'a Choices,
    as_of: Option<Time>,
    answers: &'a RefCell<why::Answers>,
    door: Option<Door>,
    told: Listeners<'a>,
) -> Pin<Box<dyn Future<Output = Option<Explained>> + 'a>> {
    Box::pin(async move {
        let mut rounds = 0;
        loop {
            let (explained, mut asks) = look(text, options, choices, as_of, answers, told.keep_going).await?;
            if door.is_none() {
                asks.retain(|ask| !matches!(ask, why::Ask::Inspect(Ask::Fetch(_))));
            }
            rounds += 1;
            if asks.is_empty() || rounds >= MOST_ROUNDS {
                return Some(explained);
            }
            (told.progress)(explained);
            carry_out_all(asks, answers, door, &told).await;
            if !(told.keep_going)() {
                return None;
            }
        }
    })
}

/// Explains a text with the answers so far, and carries out nothing. Others run between two of its steps where the ones
/// before took long. `None` once `keep_going` says no.
pub async fn look(
    text: &str,
    options: &Options,
    choices: &Choices,
    as_of: Option<Time>,
    answers: &RefCell<why::Answers>,
    keep_going: &dyn Fn() -> bool,
) -> Option<(Explained, Vec<why::Ask>)> {
    let now = clock::now();
    let mut slice = clock::milliseconds();
    let mut explanation = why::Explanation::begin(text, options, choices, as_of.unwrap_or(now), now, &answers.borrow());
    loop {
        if clock::milliseconds() - slice >= LOOK {
            clock::breathe().await;
            slice = clock::milliseconds();
        }
        if !keep_going() {
            return None;
        }
        if !explanation.step(&answers.borrow()) {
            return Some(explanation.end());
        }
    }
}

async fn carry_out_all(asks: Vec<why::Ask>, answers: &RefCell<why::Answers>, door: Option<Door>, told: &Listeners<'_>) {
    let mut pace = Pace { slice: clock::milliseconds(), told: clock::milliseconds(), made: 0 };
    for ask in asks {
        match ask {
            why::Ask::Inspect(Ask::Fetch(request)) => {
                if let Some(door) = door {
                    let response = door(&request).await;
                    answers.borrow_mut().inspect.respond(request, response);
                }
            }
            why::Ask::Inspect(Ask::Verify(plan)) => {
                let verification = operate::verify(&plan).await;
                answers.borrow_mut().inspect.verify(plan, verification);
            }
            why::Ask::Operate(operation) => {
                let outcome = operate::carry_out(&operation).await;
                answers.borrow_mut().operations.answer(*operation, outcome);
                pace.made(told).await;
            }
            why::Ask::VerifyMany(plans) => {
                let mut verified = Vec::with_capacity(plans.len());
                for plan in plans {
                    if !(told.keep_going)() {
                        break;
                    }
                    let verification = operate::verify(&plan).await;
                    verified.push((plan, verification));
                    pace.made(told).await;
                }
                answers.borrow_mut().inspect.verify_many(verified);
            }
            why::Ask::Open(openings) => {
                for opening in openings {
                    if !(told.keep_going)() {
                        break;
                    }
                    let opened = signature_doctor::open(&opening);
                    answers.borrow_mut().open(opening, opened);
                    pace.made(told).await;
                }
            }
        }
    }
}

/// When others ran last and when they were told, and how many tests of this round were made.
struct Pace {
    slice: f64,
    told: f64,
    made: usize,
}

impl Pace {
    /// One more test was made. Lets others run once the slice is over: by a timer, because promises alone never let the
    /// page paint.
    async fn made(&mut self, told: &Listeners<'_>) {
        self.made += 1;
        let now = clock::milliseconds();
        if now - self.slice <= SLICE {
            return;
        }
        if now - self.told > STEP {
            (told.step)(self.made);
            self.told = now;
        }
        clock::breathe().await;
        self.slice = clock::milliseconds();
    }
}
