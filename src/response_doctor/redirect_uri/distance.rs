//! How far two texts are from each other: the least number of characters to add, take away or replace.

/// Of longer texts only the beginning is compared, and the rest counts by its length: the table grows with the square.
const LONGEST: usize = 256;

/// The Levenshtein distance, with one row of its table at a time.
pub(super) fn between(one: &str, other: &str) -> usize {
    let start = |text: &str| text.chars().take(LONGEST).collect::<Vec<char>>();
    let rest = |text: &str| text.len().saturating_sub(LONGEST);
    let (first, second) = (start(one), start(other));
    let mut row: Vec<usize> = (0..=second.len()).collect();
    for (line, character) in first.iter().enumerate() {
        let mut diagonal = line;
        let mut left = line + 1;
        let mut next = Vec::with_capacity(row.len());
        next.push(left);
        for (above, other) in row.iter().skip(1).zip(&second) {
            let replaced = diagonal + usize::from(character != other);
            left = replaced.min(left + 1).min(above + 1);
            diagonal = *above;
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or(0) + rest(one).abs_diff(rest(other))
}

#[cfg(test)]
mod tests {
    use super::between;

    #[test]
    fn distances_are_counted_in_characters() {
        let check = |one: &str, other: &str, expected: usize| {
            assert_eq!((between(one, other), between(other, one)), (expected, expected), "{one} {other}");
        };
        check("", "", 0);
        check("abc", "abc", 0);
        check("", "abc", 3);
        check("kitten", "sitting", 3);
        check("é", "e", 1);
        check("https://a/cb", "http://a/cb/", 2);
    }
}
