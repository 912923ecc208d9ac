//! The search itself: from source to address to answer, one step at a time, as far as the answers reach.

use super::failure::{self, What};
use super::metadata::{self, Metadata};
use super::{
    Answered, FailureCause, Fetch, Guard, Look, PublicUrl, RedirectMode, Request, Response, Sources, cache, code,
    is_fresh, public_url,
};
use crate::finding::{Certainty, Fact, Finding};
use crate::key::{self, Key};
use crate::report::{KeySet, KeySource};
use crate::time::Time;

/// See [`super::look`].
pub(super) fn search(
    sources: Sources,
    responses: &[(Request, Response)],
    wanted_kid: Option<&str>,
    fetch: &Fetch,
    guard: &Guard,
    now: Time,
) -> Look {
    let mut search = Search { responses, wanted_kid, fetch, now, look: Look::default() };
    if let Some(issuer) = sources.issuer {
        search.issuer(issuer.trim(), guard);
    }
    if let Some(url) = sources.jwks_url {
        search.jwks_url(url.trim(), guard);
    }
    search.look
}

struct Search<'a> {
    responses: &'a [(Request, Response)],
    wanted_kid: Option<&'a str>,
    fetch: &'a Fetch,
    now: Time,
    look: Look,
}

/// What is known about an address.
enum Got<'a> {
    /// An answer that script may read, and the request, in its plain form, that brought it.
    Answer(&'a Answered, Request),
    /// No answer yet; whether it is being asked for.
    Waiting { asked: bool },
    /// No answer to be had.
    Failed,
}

impl<'a> Search<'a> {
    /// Looks for an issuer's metadata and then for its keys.
    fn issuer(&mut self, issuer: &str, guard: &Guard) {
        let mut set = empty(KeySource::Issuer);
        match metadata::places(issuer, guard) {
            Ok(places) => {
                if let Some((jwks_uri, place)) = self.metadata(issuer, &places, &mut set) {
                    let mut guard = guard.clone();
                    guard.allowed.push(issuer);
                    guard.allowed.extend(places.iter().map(PublicUrl::as_str));
                    match public_url(&jwks_uri, &guard) {
                        Ok(url) => self.keys(url, Some(&place), &mut set),
                        Err(fault) => set.findings.push(metadata::refused("jwks_uri", &jwks_uri, fault)),
                    }
                }
            }
            Err(finding) => set.findings.push(finding),
        }
        self.look.key_sets.push(set);
    }

    /// Looks for the keys at an address that the user typed. The button names its host, so that may be sent to it.
    fn jwks_url(&mut self, text: &str, guard: &Guard) {
        let mut set = empty(KeySource::JwksUrl);
        let origin = public_url(text, &Guard::default()).map(|url| [url.origin(), "/"].concat()).unwrap_or_default();
        let mut guard = guard.clone();
        guard.allowed.push(&origin);
        match public_url(text, &guard) {
            Ok(url) => self.keys(url, None, &mut set),
            Err(fault) => set.findings.push(metadata::refused("key set address", text, fault)),
        }
        self.look.key_sets.push(set);
    }

    /// Goes through the places of an issuer's metadata, up to the first that has it; the `jwks_uri` and the place.
    fn metadata(&mut self, issuer: &str, places: &[PublicUrl], set: &mut KeySet) -> Option<(String, PublicUrl)> {
        let mut missed: Vec<String> = Vec::new();
        for place in places {
            if missed.is_empty() {
                set.url = Some(place.as_str().to_owned());
            }
            let (answered, _) = self.obtain(What::Metadata, place, set)?;
            let fault = match failure::object(What::Metadata, place, answered) {
                Ok((document, notes)) => match metadata::check(&document, place, issuer) {
                    Metadata::Fits(jwks_uri, finding) => {
                        if let Some(first) = missed.first() {
                            // What the other places said no longer matters.
                            let elsewhere = Finding::info(code::FOUND_ELSEWHERE, What::Metadata.subject());
                            set.findings = vec![elsewhere.text("first", first).text("url", place.as_str())];
                        }
                        set.url = Some(place.as_str().to_owned());
                        set.findings.push(finding);
                        set.findings.extend(notes);
                        return Some((jwks_uri, place.clone()));
                    }
                    Metadata::None(finding) => finding,
                    Metadata::Unusable(finding) => {
                        set.findings.push(finding);
                        return None;
                    }
                },
                Err(finding) => finding,
            };
            // One of a kind is enough: three places with the same 404 are one piece of news.
            if !set.findings.iter().any(|other| other.code == fault.code) {
                set.findings.push(fault);
            }
            if !failure::says_not_here(answered) {
                return None;
            }
            missed.push(place.as_str().to_owned());
        }
        let finding = Finding::warning(code::NO_METADATA, What::Metadata.subject());
        set.findings.push(finding.with("places", Fact::List(missed)));
        None
    }

    /// Gets a key set and reads it. `issuer` is where the metadata is that named it.
    fn keys(&mut self, url: PublicUrl, issuer: Option<&PublicUrl>, set: &mut KeySet) {
        set.url = Some(url.as_str().to_owned());
        let before = set.findings.len();
        let offers = self.look.offers.len();
        let Some((answered, request)) = self.obtain(What::KeySet, &url, set) else {
            // The host that the metadata names is not always the one that the button named.
            let other = issuer.filter(|issuer| issuer.origin() != url.origin());
            if let Some(issuer) = other
                && self.look.offers.len() > offers
                && set.findings.get(before).is_some_and(|finding| finding.code == code::NOT_FETCHED)
            {
                set.findings.truncate(before);
                let finding = Finding::warning(code::OTHER_ORIGIN, "/keys").certainty(Certainty::Stated);
                let finding = finding.text("origin", url.origin()).text("url", url.as_str());
                set.findings.push(finding.text("issuer", issuer.origin()));
            }
            return;
        };
        let (document, notes) = match failure::object(What::KeySet, &url, answered) {
            Ok(read) => read,
            Err(finding) => return set.findings.push(finding),
        };
        set.fetched = Some(answered.received);
        let reading = key::read(&document.text(&(0..document.bytes.len())), set.source);
        let finding = match reading.keys.len() {
            0 => Finding::warning(code::NO_KEYS, "/keys"),
            count => Finding::ok(code::KEYS, "/keys").with("count", Fact::Count(count as u64)),
        };
        let finding = finding.text("url", url.as_str()).text("host", url.host());
        set.findings.push(finding.with("fetched", Fact::Time(answered.received)));
        set.findings.extend(notes);
        set.findings.extend(reading.findings);
        set.keys = reading.keys.iter().map(Key::summary).collect();

        let mut fresh = is_fresh(answered, self.now);
        if !fresh {
            let finding = Finding::info(code::STALE, "/keys").text("host", url.host());
            set.findings.push(finding.with("age", Fact::Duration(cache::age(answered, self.now))));
        }
        fresh &= self.wanted(&reading.keys, answered, &request, set);
        if set.source == KeySource::Issuer {
            // A key that could not be read might be the wanted one.
            let published = document.member("keys").map(|keys| keys.items().len());
            self.look.fresh = fresh && published == Some(reading.keys.len());
        }
        self.look.keys.extend(reading.keys);
    }

    /// Fetches the keys once more where the wanted one is not among them; whether nothing is left to ask.
    fn wanted(&mut self, keys: &[Key], answered: &Answered, request: &Request, set: &mut KeySet) -> bool {
        let Some(kid) = self.wanted_kid else {
            return true;
        };
        let found = keys.iter().any(|key| key.kid.as_deref() == Some(kid));
        let finding = |code| Finding::info(code, "/keys").text("kid", kid).text("host", request.url.host());
        let again = request.reload();
        match self.answer(&again) {
            None if found => return true,
            None => {
                if self.ask(&again) {
                    return false;
                }
                let age = cache::age(answered, self.now);
                set.findings.push(finding(code::KID_UNKNOWN).with("age", Fact::Duration(age)));
                return false;
            }
            Some(Response::Failed(failure)) => {
                set.findings.extend(failure::findings(What::KeySet, &again.url, failure, false));
                set.findings.push(finding(code::REFETCH_FAILED));
                return found;
            }
            Some(_) if !found => set.findings.push(finding(code::KID_UNKNOWN_REFETCHED)),
            Some(_) if matches!(self.answer(request), Some(Response::Answered(_))) => {
                set.findings.push(finding(code::REFETCHED));
            }
            // After a poisoned cache the second request was needed for another reason.
            Some(_) => {}
        }
        true
    }

    /// The answer from an address, with findings about how it came; asks for it where there is none yet.
    fn obtain(&mut self, what: What, url: &PublicUrl, set: &mut KeySet) -> Option<(&'a Answered, Request)> {
        let plain = Request::new(url.clone());
        match self.follow(what, plain, set) {
            Got::Answer(answered, request) => Some((answered, request)),
            Got::Waiting { asked } => {
                if !asked {
                    let finding = Finding::info(code::NOT_FETCHED, what.subject()).with("what", what.words());
                    set.findings.push(finding.text("host", url.host()).text("url", url.as_str()));
                }
                None
            }
            Got::Failed => None,
        }
    }

    /// One request, the same past the cache where it failed, and the same with redirects followed where it was one.
    fn follow(&mut self, what: What, request: Request, set: &mut KeySet) -> Got<'a> {
        let followed = request.redirect == RedirectMode::Follow;
        let url = &request.url;
        let again = request.reload();
        let failure = match (self.answer(&request), self.answer(&again)) {
            (None, None) => return Got::Waiting { asked: self.ask(&request) },
            (first, Some(Response::Answered(answered))) => {
                if let Some(Response::Failed(failure)) = first {
                    let finding = Finding::warning(code::POISONED_CACHE, what.subject()).text("url", url.as_str());
                    set.findings.push(finding.with("what", what.words()).text("origin", failure.origin.as_str()));
                }
                self.note_redirect(what, &request, answered, set);
                return Got::Answer(answered, request);
            }
            (Some(Response::Answered(answered)), _) => {
                self.note_redirect(what, &request, answered, set);
                return Got::Answer(answered, request);
            }
            (Some(Response::Failed(failure)), None) => {
                // Only a network error may come from the browser's own cache. Redirects that lead nowhere are not followed
                // twice: a circle costs 20 requests each time.
                let again_helps = matches!(failure.cause, FailureCause::Network { .. }) && !followed;
                if again_helps && self.fetch.allows(&again) {
                    return Got::Waiting { asked: self.ask(&again) };
                }
                failure
            }
            (_, Some(Response::Failed(failure))) => failure,
        };
        if failure.cause == FailureCause::OpaqueRedirect && !followed {
            let next = request.follow();
            if self.fetch.allows(&next) || self.answer(&next).is_some() {
                return self.follow(what, next, set);
            }
            self.ask(&next);
        }
        set.findings.extend(failure::findings(what, url, failure, followed));
        Got::Failed
    }

    /// Names the address that answered in the end.
    fn note_redirect(&self, what: What, request: &Request, answered: &Answered, set: &mut KeySet) {
        if request.redirect == RedirectMode::Follow && answered.url != request.url.as_str() {
            let finding = Finding::info(code::REDIRECTED, what.subject()).text("url", request.url.as_str());
            set.findings.push(finding.text("target", answered.url.as_str()).with("what", what.words()));
        }
    }

    fn answer(&self, request: &Request) -> Option<&'a Response> {
        self.responses.iter().find(|(other, _)| other == request).map(|(_, response)| response)
    }

    /// Asks, or offers to ask; whether it is asked.
    fn ask(&mut self, request: &Request) -> bool {
        let allowed = self.fetch.allows(request);
        let list = if allowed { &mut self.look.requests } else { &mut self.look.offers };
        if !list.contains(request) {
            list.push(request.clone());
        }
        allowed
    }
}

fn empty(source: KeySource) -> KeySet {
    KeySet { source, url: None, fetched: None, keys: Vec::new(), findings: Vec::new() }
}
