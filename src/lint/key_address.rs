//! Keys, and addresses of keys, that the header brings along: whoever follows such an address asks what the maker of the
//! token wants asked ([RFC 8725 §2.7](https://www.rfc-editor.org/rfc/rfc8725#section-2.7)). That they are there is said
//! when the token is read; here it is what they hold.

use super::code;
use super::header::rules;
use super::look::{Look, beginning, strings};
use crate::discovery::{Guard, public_url};
use crate::finding::{Fact, Finding};
use crate::text;

const SHOWN: usize = 200;

impl Look<'_> {
    pub(super) fn key_addresses(&mut self) {
        let Some(header) = self.whole_header() else { return };
        for (name, subject) in [("jku", "/header/jku"), ("x5u", "/header/x5u")] {
            if let Some(address) = header.string(name) {
                self.key_address(name, subject, address);
            }
        }
        let key = header.member("jwk").map(|key| key.members()).unwrap_or_default();
        let is_private = |name: &str| strings(rules().member("private")).any(|private| private == name);
        let private = key.iter().find(|member| is_private(&member.name) && member.value.as_str().is_some());
        if let Some(member) = private
            && !self.is_said("/header/jwk")
        {
            self.push(Finding::warning(code::PRIVATE_KEY, "/header/jwk").text("member", member.name.clone()));
        }
    }

    fn key_address(&mut self, name: &'static str, subject: &str, address: &str) {
        let finding = |code| {
            let finding = Finding::warning(code, subject).with("parameter", Fact::Words(name));
            finding.text("address", beginning(address, SHOWN))
        };
        let url = match public_url(address, &Guard::default()) {
            Ok(url) => url,
            Err(fault) => {
                return self.push(finding(code::KEY_ADDRESS).with("reason", Fact::Words(fault.words())));
            }
        };
        let host = url.host().split(':').next().unwrap_or_default();
        if is_internal(host) {
            let reason = Fact::Words("leads into the network of whoever follows it");
            return self.push(finding(code::KEY_ADDRESS).with("reason", reason));
        }
        let issuer = self.payload_object().and_then(|payload| payload.string("iss"));
        let issuer = issuer.and_then(|issuer| text::split_once(beginning(issuer, 2048), "://"));
        let Some((_, issuer)) = issuer else { return };
        let issuer = issuer.split(['/', ':', '?', '#']).next().unwrap_or_default().to_ascii_lowercase();
        if !issuer.is_empty() && site(host) != site(&issuer) {
            self.push_likely(finding(code::KEY_ADDRESS_FOREIGN).text("issuer", issuer));
        }
    }
}

/// Whether a host belongs to a network of its own: by its name, or by an address that is routed nowhere else
/// ([RFC 6890 §2.2.2](https://www.rfc-editor.org/rfc/rfc6890#section-2.2.2)).
pub(super) fn is_internal(host: &str) -> bool {
    let is_address = host.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let fits = |mark: &str| match mark.strip_suffix('.') {
        Some(_) => is_address && host.starts_with(mark),
        None if mark.starts_with('.') => host.ends_with(mark),
        None => host == mark,
    };
    !host.contains('.') || strings(rules().member("internal")).any(fits)
}

/// The last two labels of a host, or all of an address: near enough to what one owner has.
fn site(host: &str) -> &str {
    let mut dots = host.rmatch_indices('.').map(|(at, _)| at);
    match (dots.next(), dots.next()) {
        (Some(_), Some(second)) if !host.ends_with(|last: char| last.is_ascii_digit()) => {
            host.get(second + 1..).unwrap_or(host)
        }
        _ => host,
    }
}
