//! The scopes that a request needs, and those that the token has.
//!
//! Okta publishes the scope of every operation; [`Catalogue::operations`] has them. What is not among them follows the
//! rule that nearly all of them follow: `GET` needs `<base>.read`, every other method `<base>.manage`, and `manage`
//! includes `read`. Scopes of other APIs follow no such rule, and none is put on them.

mod matching;
mod near;

use super::Catalogue;
use super::catalogue::Operation;
use super::endpoint;

pub use near::{Nearness, nearest};

/// A row of the table of scopes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopeRow {
    /// The scope.
    pub scope: String,
    /// Whether the token has it; `None` where there is no token to read, or it has no claim for scopes.
    pub in_token: Option<bool>,
    /// Whether the request needs it.
    pub needed: bool,
    /// The scope of the token that stands for it: `okta.users.manage` for `okta.users.read`.
    pub covered_by: Option<String>,
}

/// What a request at Okta needs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needed<'a> {
    /// The scopes, all of them.
    pub scopes: Vec<String>,
    /// The operation of the table.
    pub operation: Option<&'a Operation>,
    /// How that is known.
    pub source: Source,
    /// Whether the path asks for the user who signed in, `/users/me`, for whom a scope that ends in `.self` is enough.
    pub is_own: bool,
}

/// How it is known which scopes a request needs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Source {
    /// It is not known.
    #[default]
    Unknown,
    /// Okta's table has the operation.
    Table,
    /// The table has other operations of the same resource, and the rule says the rest.
    Rule,
}

/// The scopes that a request needs, from its method and its URL or path. Query and a slash at the end do not count.
///
/// ```
/// use tokenscope::response_doctor::{Catalogue, catalogue::Operation, scopes};
/// let path = "/api/v1/users/{id}";
/// let operation = Operation { method: "GET", path, scopes: vec!["okta.users.read"], flags: 1, roles: vec![] };
/// let mut catalogue = Catalogue::default();
/// catalogue.operations.push(operation);
/// let needed = scopes::needed("GET", "https://dev-1234.okta.com/api/v1/users/00u1?expand=x", &catalogue);
/// assert_eq!(needed.scopes, ["okta.users.read"]);
/// ```
pub fn needed<'a>(method: &str, url: &str, catalogue: &'a Catalogue) -> Needed<'a> {
    let (_, path) = endpoint::origin_and_path(url);
    matching::needed(method, &path, catalogue)
}

/// Whether a scope of the token is enough for a needed one.
///
/// ```
/// use tokenscope::response_doctor::scopes::covers;
/// assert!(covers("okta.users.manage", "okta.users.read", false));
/// assert!(!covers("okta.users.read.self", "okta.users.read", false), "only for the user who signed in");
/// assert!(!covers("orders.manage", "orders.read", false), "only Okta's scopes follow the rule");
/// ```
pub fn covers(has: &str, needed: &str, is_own: bool) -> bool {
    if has == needed {
        return true;
    }
    if !is_okta(needed) {
        return false;
    }
    let has = if is_own { has.strip_suffix(".self").unwrap_or(has) } else { has };
    has == needed
        || needed
            .strip_suffix(".read")
            .is_some_and(|base| has.strip_suffix(".manage").is_some_and(|managed| managed == base))
}

/// Whether a scope is one of Okta's API scopes, by its name.
pub fn is_okta(scope: &str) -> bool {
    scope.starts_with("okta.") || scope.starts_with("ssf.")
}

/// Whether a scope is one that OpenID Connect and Okta define for every authorization server: `openid`, `profile`, `email`, `address`,
/// `phone`, `offline_access`, and Okta's `groups` and `device_sso`.
pub fn is_openid(scope: &str) -> bool {
    ["openid", "profile", "email", "address", "phone", "offline_access", "groups", "device_sso"].contains(&scope)
}

/// Of longer lists only the beginning is shown and compared: nobody has so many scopes.
const MOST_NEEDED: usize = 64;
const MOST_GRANTED: usize = 1000;

/// The table of scopes: those that are missing first, then the others that are needed, then the rest of the token's.
pub fn rows(needed: &[String], granted: Option<&[String]>, is_own: bool) -> Vec<ScopeRow> {
    let all = granted.unwrap_or_default();
    let all = all.get(..MOST_GRANTED.min(all.len())).unwrap_or_default();
    let (mut missing, mut present) = (Vec::new(), Vec::new());
    for scope in needed.iter().take(MOST_NEEDED) {
        let has = all.iter().any(|has| has == scope);
        let covered_by = all.iter().find(|has| covers(has, scope, is_own)).filter(|_| !has).cloned();
        let is_missing = !has && covered_by.is_none();
        let row = ScopeRow { scope: scope.clone(), in_token: granted.map(|_| has), needed: true, covered_by };
        if is_missing { missing.push(row) } else { present.push(row) }
    }
    let others = all.iter().filter(|scope| !needed.contains(scope));
    missing.extend(present);
    missing.extend(others.map(|scope| ScopeRow {
        scope: scope.clone(),
        in_token: Some(true),
        needed: false,
        covered_by: None,
    }));
    missing
}

/// The needed scopes that none of the token's is enough for.
pub fn missing(needed: &[String], granted: &[String], is_own: bool) -> Vec<String> {
    let granted = granted.get(..MOST_GRANTED.min(granted.len())).unwrap_or_default();
    let is_missing = |scope: &&String| !granted.iter().any(|has| covers(has, scope, is_own));
    needed.iter().take(MOST_NEEDED).filter(is_missing).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(scopes: &[&str]) -> Vec<String> {
        scopes.iter().map(|scope| (*scope).to_owned()).collect()
    }

    #[test]
    fn rows_begin_with_what_is_missing() {
        let needed = texts(&["okta.users.read", "okta.groups.manage"]);
        let granted = texts(&["openid", "okta.users.manage"]);
        let rows = rows(&needed, Some(&granted), false);
        let found: Vec<_> =
            rows.iter().map(|row| (row.scope.as_str(), row.in_token, row.needed, row.covered_by.as_deref())).collect();
        let expected = [
            ("okta.groups.manage", Some(false), true, None),
            ("okta.users.read", Some(false), true, Some("okta.users.manage")),
            ("openid", Some(true), false, None),
            ("okta.users.manage", Some(true), false, None),
        ];
        assert_eq!(found, expected);
        assert_eq!(super::rows(&needed, None, false)[0].in_token, None);
    }

    #[test]
    fn manage_includes_read_and_nothing_else_is_included() {
        let check = |has: &str, needed: &str, is_own: bool, expected: bool| {
            assert_eq!(covers(has, needed, is_own), expected, "{has} for {needed}");
        };
        check("okta.users.read", "okta.users.manage", false, false);
        check("okta.users.manage", "okta.groups.read", false, false);
        check("okta.users.read.self", "okta.users.read", true, true);
        check("okta.users.manage.self", "okta.users.read", true, true);
        check("okta.users.read.self", "okta.users.manage", true, false);
        check("ssf.manage", "ssf.read", false, true);
        check("orders.read", "orders.read", false, true);
        check("Orders.read", "orders.read", false, false);
    }
}
