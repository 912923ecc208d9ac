//! Carries out what the core asks, until it asks nothing more.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;

use super::{clock, fetch, subtle};
use crate::inspect::{Answers, Ask, Options, inspect};
use crate::report::Report;
use crate::time::Time;

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
