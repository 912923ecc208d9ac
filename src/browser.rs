//! The doors out: the only code that reaches what lies outside the core.

pub mod clock;
pub mod driver;
pub mod fetch;
pub mod subtle;
