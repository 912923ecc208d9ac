//! How to ask an issuer whether its token is still good.

use super::table::{self, list, text};
use super::{Reading, Revocation, pattern};
use crate::json::Value;

/// The row of the provider, or of the one whose issuer it is; without one, what holds for any authorization server.
pub fn revocation(reading: Option<&Reading>, issuer: &str) -> Revocation {
    let provider = match reading {
        Some(reading) => table::provider(reading.id),
        None => table::providers().find(|row| is_issuer_of(row, issuer)),
    };
    let variant = reading.and_then(|reading| reading.variant);
    let rows = provider.map(|row| list(row, "revocation")).unwrap_or_default();
    let general = table::table().member("revocation").map(Value::items).unwrap_or_default();
    let row = rows.iter().chain(general).find(|row| fits(row, variant, issuer));
    let Some(row) = row else { return Revocation::default() };
    // Endpoints stand below the issuer, whether that ends in a slash or not.
    let base = issuer.strip_suffix('/').unwrap_or(issuer);
    let filled = |name: &str| {
        let template = text(row, name);
        if template.is_empty() || (base.is_empty() && template.starts_with('{')) {
            return None;
        }
        Some(match template.strip_prefix("{iss}") {
            Some(path) => [base, path].concat(),
            None => template.to_owned(),
        })
    };
    Revocation {
        introspection: filled("introspection"),
        userinfo: filled("userinfo"),
        explanation: table::words(text(row, "explanation"), issuer),
        alternative: table::words(text(row, "alternative"), issuer),
        reference: text(row, "reference"),
    }
}

/// Whether a row is for this variant, or for issuers of this form where the variant is not known.
fn fits(row: &'static Value, variant: Option<&str>, issuer: &str) -> bool {
    let wanted = text(row, "variant");
    let is_variant = wanted.is_empty() || variant == Some(wanted);
    let patterns = list(row, "issuer");
    let is_form = patterns.is_empty() || is_one_of(patterns, issuer);
    match variant {
        Some(_) => is_variant && is_form,
        None => (wanted.is_empty() || !patterns.is_empty()) && is_form,
    }
}

fn is_issuer_of(row: &'static Value, issuer: &str) -> bool {
    list(row, "issuers").iter().any(|pattern| is_one_of(list(pattern, "is"), issuer))
}

fn is_one_of(patterns: &'static [Value], issuer: &str) -> bool {
    patterns.iter().filter_map(Value::as_str).any(|pattern| pattern::fits(pattern, issuer))
}
