//! The second look at keys: what is worth knowing about them beyond what verifying needs.

pub mod code;
