//! Making tokens and keys: what is signed is exactly the bytes that are shown.
