//! The clock: the only place that says what time it is, and that waits.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use gloo_timers::callback::Timeout;

use crate::time::Time;

/// The time by this machine's clock.
pub fn now() -> Time {
    Time::from_milliseconds(js_sys::Date::now() as i64)
}

/// The same in milliseconds, to measure how long something takes.
pub fn milliseconds() -> f64 {
    js_sys::Date::now()
}

/// Lets everything else run that waits: other tasks, and the painting of the page. A timer, because promises alone come
/// before them.
pub fn breathe() -> Breath {
    Breath { timer: None, state: Rc::default() }
}

/// The future of [`breathe`].
pub struct Breath {
    timer: Option<Timeout>,
    state: Rc<RefCell<(bool, Option<Waker>)>>,
}

impl Future for Breath {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.state.borrow().0 {
            return Poll::Ready(());
        }
        self.state.borrow_mut().1 = Some(context.waker().clone());
        if self.timer.is_none() {
            let state = self.state.clone();
            self.timer = Some(Timeout::new(0, move || {
                let waker = {
                    let mut state = state.borrow_mut();
                    state.0 = true;
                    state.1.take()
                };
                if let Some(waker) = waker {
                    waker.wake();
                }
            }));
        }
        Poll::Pending
    }
}
