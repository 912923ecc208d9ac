//! Where two texts differ.

/// Splits two texts into what they begin with in common, their differing middles, and what they end with in common.
pub fn split<'a>(one: &'a str, other: &'a str) -> (&'a str, &'a str, &'a str, &'a str) {
    let start: usize = one.chars().zip(other.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
    let (same, one) = one.split_at_checked(start).unwrap_or((one, ""));
    let other = other.get(start..).unwrap_or_default();
    let end: usize =
        one.chars().rev().zip(other.chars().rev()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
    let (middle, rest) = one.split_at_checked(one.len() - end).unwrap_or((one, ""));
    (same, middle, other.get(..other.len() - end).unwrap_or_default(), rest)
}
