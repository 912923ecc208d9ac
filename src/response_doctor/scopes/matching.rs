//! Which operation of Okta's table a method and a path are.

use super::{Needed, Source};
use crate::response_doctor::Catalogue;
use crate::response_doctor::catalogue::Operation;

/// No path of Okta's has as many parts.
const MOST_SEGMENTS: usize = 32;

pub(super) fn needed<'a>(method: &str, path: &str, catalogue: &'a Catalogue) -> Needed<'a> {
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).take(MOST_SEGMENTS).collect();
    let is_own = matches!(segments.as_slice(), ["api", "v1", "users", "me", ..] | ["idp", "myaccount", ..]);
    // HEAD reads as GET does.
    let method = if method.eq_ignore_ascii_case("HEAD") { "GET" } else { method };
    let unknown = Needed { is_own, ..Needed::default() };
    if method.is_empty() || segments.is_empty() {
        return unknown;
    }
    if let Some(operation) = exact(method, &segments, catalogue) {
        let scopes = operation.scopes.iter().map(|scope| (*scope).to_owned()).collect();
        return Needed { scopes, operation: Some(operation), source: Source::Table, is_own };
    }
    match by_rule(method, &segments, catalogue) {
        Some(scope) => Needed { scopes: vec![scope], source: Source::Rule, ..unknown },
        None => unknown,
    }
}

/// The operation of that method and path. Where several templates fit, the one with the most literal parts is meant.
fn exact<'a>(method: &str, segments: &[&str], catalogue: &'a Catalogue) -> Option<&'a Operation> {
    let mut best: Option<(usize, &Operation)> = None;
    for operation in &catalogue.operations {
        if !operation.method.eq_ignore_ascii_case(method) {
            continue;
        }
        let Some(literals) = literals(operation.path, segments) else { continue };
        if best.is_none_or(|(most, _)| literals > most) {
            best = Some((literals, operation));
        }
    }
    best.map(|(_, operation)| operation)
}

/// How many parts of a template a path has literally; `None` where it does not fit.
fn literals(template: &str, segments: &[&str]) -> Option<usize> {
    let mut parts = template.split('/').filter(|part| !part.is_empty());
    let mut literals = 0;
    for segment in segments {
        let part = parts.next()?;
        if part == *segment {
            literals += 1;
        } else if !fits(part, segment) {
            return None;
        }
    }
    parts.next().is_none().then_some(literals)
}

/// Whether a part with a parameter in it fits: `{userId}`, and text around it.
fn fits(part: &str, segment: &str) -> bool {
    let Some((before, rest)) = part.split_once('{') else { return false };
    let Some((_, after)) = rest.split_once('}') else { return false };
    segment.len() > before.len() + after.len() && segment.starts_with(before) && segment.ends_with(after)
}

/// The scope by the rule, from the operation that shares most of the path: the base of a scope is often not the word in
/// the path, so it is taken from where the table has it. The resource itself, `/api/v1/users`, must be shared.
fn by_rule(method: &str, segments: &[&str], catalogue: &Catalogue) -> Option<String> {
    let least = match segments {
        ["api", "v1", _, ..] | ["idp", "myaccount", _, ..] => 3,
        [
            "governance" | "attack-protection" | "integrations" | "privileged-access" | "webauthn-registration",
            "api",
            _,
            _,
            ..,
        ] => 4,
        _ => return None,
    };
    let mut best: Option<(usize, &'static str)> = None;
    for operation in &catalogue.operations {
        let Some(scope) = operation.scopes.first() else { continue };
        let shared = shared(operation.path, segments);
        if shared >= least && best.is_none_or(|(most, _)| shared > most) {
            best = Some((shared, scope));
        }
    }
    let (_, scope) = best?;
    let base = scope.strip_suffix(".read").or_else(|| scope.strip_suffix(".manage"))?;
    Some([base, if method.eq_ignore_ascii_case("GET") { ".read" } else { ".manage" }].concat())
}

/// How many parts a path and a template share from the beginning.
fn shared(template: &str, segments: &[&str]) -> usize {
    let parts = template.split('/').filter(|part| !part.is_empty());
    parts.zip(segments).take_while(|(part, segment)| *part == **segment || fits(part, segment)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn catalogue() -> Catalogue {
        let rows: [(&str, &str, &[&str]); 10] = [
            ("GET", "/api/v1/users", &["okta.users.read"]),
            ("POST", "/api/v1/users", &["okta.users.manage"]),
            ("GET", "/api/v1/users/{userId}", &["okta.users.read"]),
            ("GET", "/api/v1/users/{userId}/roles", &["okta.roles.read"]),
            ("GET", "/api/v1/users/{userId}/factors/questions", &[]),
            ("GET", "/api/v1/users/{userId}/factors/{factorId}", &["okta.users.read"]),
            ("POST", "/api/v1/policies/simulate", &["okta.policies.read"]),
            ("GET", "/api/v1/zones", &["okta.networkZones.read"]),
            ("GET", "/api/v1/apps/{appId}/group-push/mappings", &["okta.apps.read", "okta.groups.read"]),
            ("GET", "/oauth2/v1/userinfo", &["openid"]),
        ];
        let operations = rows.map(|(method, path, scopes)| Operation {
            method,
            path,
            scopes: scopes.to_vec(),
            flags: 0,
            roles: Vec::new(),
        });
        let mut catalogue = Catalogue::default();
        catalogue.operations.extend(operations);
        catalogue
    }

    fn check(method: &str, path: &str, source: Source, scopes: &[&str]) {
        let catalogue = catalogue();
        let needed = needed(method, path, &catalogue);
        assert_eq!(
            (needed.source, needed.scopes.iter().map(String::as_str).collect::<Vec<_>>().as_slice()),
            (source, scopes),
            "{method} {path}"
        );
    }

    #[test]
    fn the_most_literal_template_is_meant() {
        check("GET", "/api/v1/users/00u1/factors/questions", Source::Table, &[]);
        check("GET", "/api/v1/users/00u1/factors/f1", Source::Table, &["okta.users.read"]);
        check("get", "/api/v1/users/", Source::Table, &["okta.users.read"]);
        check("HEAD", "/api/v1/users/jane%2Fdoe@example.com", Source::Table, &["okta.users.read"]);
        check("GET", "/api/v1/users/00u1/roles", Source::Table, &["okta.roles.read"]);
        check("GET", "/api/v1/apps/0oa1/group-push/mappings", Source::Table, &["okta.apps.read", "okta.groups.read"]);
        check("GET", "/oauth2/v1/userinfo", Source::Table, &["openid"]);
    }

    #[test]
    fn what_the_table_has_not_follows_the_rule_with_the_base_of_its_neighbours() {
        check("DELETE", "/api/v1/zones/nzo1", Source::Rule, &["okta.networkZones.manage"]);
        check("PUT", "/api/v1/users/00u1/roles", Source::Rule, &["okta.roles.manage"]);
        check("GET", "/api/v1/policies/simulate", Source::Rule, &["okta.policies.read"]);
        check("GET", "/api/v1/unheard-of", Source::Unknown, &[]);
        check("GET", "/v1/orders", Source::Unknown, &[]);
        check("", "/api/v1/users", Source::Unknown, &[]);
    }

    #[test]
    fn the_users_own_paths_are_told() {
        assert!(super::needed("GET", "/api/v1/users/me/groups", &catalogue()).is_own);
        assert!(!super::needed("GET", "/api/v1/users/00u1", &catalogue()).is_own);
    }
}
