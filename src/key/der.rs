//! DER.

pub(super) fn is_integer_pair(_bytes: &[u8]) -> bool {
    false
}
