//! The doors out: the only code that reaches what lies outside the core.

pub mod clipboard;
pub mod clock;
pub mod driver;
pub mod fetch;
pub mod file;
pub mod har;
pub mod make;
pub mod operate;
pub mod storage;
pub mod subtle;
