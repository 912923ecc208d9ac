//! Sorting, written once.
//!
//! The standard library's sorts are compiled anew for every type, at 3 to 5 KB of WebAssembly each: measured, they were
//! 41 KB of the first module. Lists here are short, so one merge sort over positions serves them all.

/// Sorts a list so that no item comes after one that it is `before`; equal items keep their order. Takes time in
/// proportion to `n log n`.
///
/// ```
/// let mut words = vec!["pear", "fig", "apple", "date"];
/// tokenscope::order::sort(&mut words, |one, other| one.len() < other.len());
/// assert_eq!(words, ["fig", "pear", "date", "apple"]);
/// ```
pub fn sort<T>(items: &mut Vec<T>, before: impl Fn(&T, &T) -> bool) {
    let order = positions(items.len(), &|one, other| match (items.get(one), items.get(other)) {
        (Some(one), Some(other)) => before(one, other),
        _ => false,
    });
    let mut taken: Vec<Option<T>> = items.drain(..).map(Some).collect();
    items.extend(order.into_iter().filter_map(|at| taken.get_mut(at)?.take()));
}

/// The positions of `count` items in their order, by merging runs that double in length.
fn positions(count: usize, before: &dyn Fn(usize, usize) -> bool) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    let mut merged: Vec<usize> = Vec::with_capacity(count);
    let mut length = 1;
    while length < count {
        merged.clear();
        for run in order.chunks(length * 2) {
            let (mut left, mut right) = run.split_at(length.min(run.len()));
            // The right one goes first only when it is truly before: that keeps equal items in their order.
            while let ([one, left_rest @ ..], [other, right_rest @ ..]) = (left, right) {
                if before(*other, *one) {
                    merged.push(*other);
                    right = right_rest;
                } else {
                    merged.push(*one);
                    left = left_rest;
                }
            }
            merged.extend_from_slice(left);
            merged.extend_from_slice(right);
        }
        std::mem::swap(&mut order, &mut merged);
        length *= 2;
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_sorts_as_the_standard_library_does() {
        let mut seed = 1_u32;
        for count in 0..200 {
            let mut items: Vec<(u32, usize)> = (0..count)
                .map(|number| {
                    seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    (seed >> 28, number)
                })
                .collect();
            let mut expected = items.clone();
            expected.sort_by_key(|item| item.0);
            sort(&mut items, |one, other| one.0 < other.0);
            assert_eq!(items, expected);
        }
    }
}
