//! Scopes that are nearly the needed one: another case, another sign between the words, a letter more or less.

use super::{MOST_GRANTED, is_okta};
use crate::response_doctor::Catalogue;

/// How a scope of the token is near to a needed one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nearness {
    /// `.read` where `.manage` is needed.
    ReadNotManage,
    /// The same with `.self`, which is for the user who signed in.
    SelfOnly,
    /// Upper and lower case.
    Case,
    /// Other signs between the words, or none: `orders:read` for `orders.read`.
    Separator,
    /// The same words in another order: `read:orders` for `orders:read`.
    Order,
    /// A letter more, less or other: `order.read` for `orders.read`.
    Spelling,
}

/// The scope of the token that is nearest to a needed one, if any is near.
///
/// ```
/// use tokenscope::response_doctor::{Catalogue, scopes::{Nearness, nearest}};
/// let granted = ["openid".to_owned(), "Orders.Write".to_owned()];
/// let near = nearest("orders.write", &granted, &Catalogue::default());
/// assert_eq!(near, Some(("Orders.Write", Nearness::Case)));
/// ```
pub fn nearest<'a>(needed: &str, granted: &'a [String], catalogue: &Catalogue) -> Option<(&'a str, Nearness)> {
    let granted = granted.get(..MOST_GRANTED.min(granted.len())).unwrap_or_default();
    if needed.len() > LONGEST {
        return None;
    }
    let known = |scope: &str| catalogue.scopes.iter().any(|(name, _)| *name == scope);
    let mut best: Option<(&str, Nearness)> = None;
    for has in granted.iter().filter(|has| has.len() <= LONGEST && *has != needed) {
        let Some(nearness) = nearness(has, needed) else { continue };
        // A scope that exists is no misspelling of another: `okta.apps.read` and `okta.idps.read`.
        if nearness == Nearness::Spelling && known(has) {
            continue;
        }
        if best.is_none_or(|(_, other)| rank(nearness) < rank(other)) {
            best = Some((has, nearness));
        }
    }
    best
}

/// Longer texts are no scopes.
const LONGEST: usize = 120;

/// Shorter scopes differ by a letter without being meant for each other.
const SHORTEST: usize = 8;

fn rank(nearness: Nearness) -> usize {
    use Nearness::{Case, Order, ReadNotManage, SelfOnly, Separator, Spelling};
    [Case, SelfOnly, ReadNotManage, Separator, Order, Spelling].iter().position(|other| *other == nearness).unwrap_or(6)
}

fn nearness(has: &str, needed: &str) -> Option<Nearness> {
    if has.eq_ignore_ascii_case(needed) {
        return Some(Nearness::Case);
    }
    if is_okta(has) && is_okta(needed) {
        let (bare, is_self) = has.strip_suffix(".self").map_or((has, false), |bare| (bare, true));
        if is_self && (bare == needed || base(bare) == base(needed)) {
            return Some(Nearness::SelfOnly);
        }
        if needed.ends_with(".manage") && bare.ends_with(".read") && base(bare) == base(needed) {
            return Some(Nearness::ReadNotManage);
        }
    }
    let (mut one, mut other) = (words(has), words(needed));
    if one == other {
        return Some(Nearness::Separator);
    }
    if one.concat() == other.concat() {
        return Some(Nearness::Separator);
    }
    if one.len() == other.len() && one.len() > 1 {
        crate::order::sort(&mut one, |one, other| one < other);
        crate::order::sort(&mut other, |one, other| one < other);
        if one == other {
            return Some(Nearness::Order);
        }
    }
    (needed.len() >= SHORTEST && is_one_letter_off(has.as_bytes(), needed.as_bytes())).then_some(Nearness::Spelling)
}

fn base(scope: &str) -> &str {
    scope.strip_suffix(".read").or_else(|| scope.strip_suffix(".manage")).unwrap_or(scope)
}

/// The words of a scope in lower case, whatever stands between them.
fn words(scope: &str) -> Vec<String> {
    let between = |character: char| matches!(character, '.' | ':' | '/' | '-' | '_' | '+');
    scope.split(between).filter(|word| !word.is_empty()).map(str::to_ascii_lowercase).collect()
}

/// Whether one letter was added, left out or replaced, or two neighbours changed places.
fn is_one_letter_off(one: &[u8], other: &[u8]) -> bool {
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    let same = short.iter().zip(long).take_while(|(one, other)| one == other).count();
    let rest = |bytes: &[u8], from: usize| bytes.get(from..).unwrap_or_default().to_vec();
    match long.len() - short.len() {
        0 => {
            rest(short, same + 1) == rest(long, same + 1)
                || (rest(short, same + 2) == rest(long, same + 2)
                    && short.get(same) == long.get(same + 1)
                    && short.get(same + 1) == long.get(same))
        }
        1 => rest(short, same) == rest(long, same + 1),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_misses_are_told_by_kind() {
        let check = |has: &str, needed: &str, expected: Option<Nearness>| {
            assert_eq!(
                nearest(needed, &[has.to_owned()], &Catalogue::default()).map(|near| near.1),
                expected,
                "{has} for {needed}"
            );
        };
        check("okta.users.read", "okta.users.manage", Some(Nearness::ReadNotManage));
        check("okta.users.read.self", "okta.users.read", Some(Nearness::SelfOnly));
        check("OKTA.users.read", "okta.users.read", Some(Nearness::Case));
        check("orders:read", "orders.read", Some(Nearness::Separator));
        check("orders read", "orders.read", Some(Nearness::Spelling));
        check("read:orders", "orders:read", Some(Nearness::Order));
        check("order.read", "orders.read", Some(Nearness::Spelling));
        check("orders.raed", "orders.read", Some(Nearness::Spelling));
        check("orders.write", "orders.read", None);
        check("email", "mail", None);
        check("okta.groups.read", "okta.users.read", None);
    }

    #[test]
    fn a_scope_that_exists_is_no_misspelling() {
        let mut catalogue = Catalogue::default();
        catalogue.scopes.push(("okta.apps.read", ""));
        let near = |has: &str| nearest("okta.appz.read", &[has.to_owned()], &catalogue).map(|near| near.1);
        assert_eq!(near("okta.apps.read"), None);
        assert_eq!(near("okta.appx.read"), Some(Nearness::Spelling));
    }
}
