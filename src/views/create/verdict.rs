//! The headline, and the token in its three colours.

use web_sys::Element;

use super::key::Read;
use super::{Mode, View, buttons, words, words_of};
use crate::create::code;
use crate::finding::{Finding, Severity};
use crate::jose::{self, role_name};
use crate::page::checks::chip;
use crate::page::dom::{self, Template};
use crate::report::SegmentRole;

impl View {
    pub(super) fn paint_verdict(&self) {
        let encrypts = self.mode == Mode::Encrypt || self.nested && self.read.fault.is_none() && !self.draft;
        let warnings: Vec<&Finding> = self.warnings();
        let (severity, headline, support) = match (&self.made, self.fault()) {
            (_, Some(fault)) | (Some(Err(fault)), None) => {
                let words = words_of(fault);
                let headline = words::not_made(encrypts, words::clause(&words));
                let support = words::joined(words.explanation.into_iter().chain(words.remedy));
                (fault.severity, headline, support)
            }
            // While the first one is made there is nothing to say of it; of later ones what is said of the one before.
            (None, None) => return,
            (Some(Ok(_)), None) => {
                let done = words_of(&self.done());
                match warnings.first() {
                    Some(first) => {
                        let words = words_of(first);
                        let headline = match first.code {
                            code::UNSECURED => words.problem.clone(),
                            _ => words::but(&done.problem, words::clause(&words)),
                        };
                        // Where the headline says it in other words, what it is in full stands below.
                        let problem = words.brief.is_some() && first.code != code::UNSECURED;
                        let problem = problem.then(|| words::sentence(&words.problem));
                        let support = problem.into_iter().chain(words.explanation);
                        (Severity::Warning, headline, words::joined(support))
                    }
                    None => (Severity::Ok, done.problem.clone(), done.explanation.unwrap_or_default()),
                }
            }
        };
        let (icon, verdict) = words::verdict(severity);
        dom::set_icon("create-verdict-icon", icon);
        dom::set(&dom::find("create-verdict"), "data-verdict", verdict);
        for (id, prose) in [("create-headline", &headline), ("create-support", &support)] {
            let holder = dom::element("div");
            dom::push_prose(&holder, prose);
            dom::update_from(id, &holder);
        }
        let mut counts = Vec::new();
        if !warnings.is_empty() {
            counts.push(chip("warn", &words::warnings(warnings.len())));
        }
        counts.push(dom::span("span", "muted small", words::NOTE));
        dom::update("create-counts", &counts);
        let is_made = matches!(self.made, Some(Ok(_)));
        buttons::show("[data-create=sign]", self.draft);
        buttons::enable("[data-create=sign]", self.sides().all(|side| self.read_of(side).fault.is_none()));
        for what in ["copy", "inspect", "copy-header"] {
            buttons::show(&["[data-create=", what, "]"].concat(), is_made);
        }
        buttons::say("[data-create=copy-header]", words::copy_header(self.is_proof()));
        dom::show("create-actions", is_made || self.draft);
    }

    /// Why there is no token and none is being made.
    fn fault(&self) -> Option<&Finding> {
        if self.draft {
            return self.draft_finding.as_ref();
        }
        // A key that is being opened is no reason yet.
        let is_opening = !self.read.asked.is_empty();
        self.sides().find_map(|side| self.read_of(side).fault.as_ref()).filter(|_| !is_opening)
    }

    /// What there is against the token, what bears on the key first.
    pub(super) fn warnings(&self) -> Vec<&Finding> {
        let warns = |finding: &&Finding| finding.severity == Severity::Warning;
        let of_key = |finding: &&Finding| finding.subject.starts_with("/keys") || finding.subject == "/secret";
        let all = || self.sides().flat_map(|side| &self.read_of(side).findings).filter(warns);
        all().filter(of_key).chain(all().filter(|finding| !of_key(finding))).collect()
    }

    /// What was made.
    fn done(&self) -> Finding {
        let encrypted = |read: &Read, code| {
            let name = |member| read.header(member).unwrap_or_default();
            Finding::ok(code, "/header").text("algorithm", name("alg")).text("encryption", name("enc"))
        };
        match self.read.algorithm {
            Some(algorithm) if self.nested => encrypted(&self.outer, code::NESTED).text("signature", algorithm.name),
            Some(algorithm) => Finding::ok(code::SIGNED, "/signature").text("algorithm", algorithm.name),
            None => encrypted(&self.read, code::ENCRYPTED),
        }
    }

    pub(super) fn paint_token(&self) {
        let made = match &self.made {
            Some(Ok(made)) => Some(made),
            _ => None,
        };
        self.paint_text("create", made.map(|made| made.token.as_str()).unwrap_or_default());
        self.paint_text("inner", made.and_then(|made| made.inside.as_deref()).unwrap_or_default());
    }

    /// A token that is being made takes the place of the one before.
    fn paint_text(&self, prefix: &str, token: &str) {
        let id = |name: &str| [prefix, "-", name].concat();
        dom::show(&id("sec-token"), !token.is_empty());
        let place: Element = dom::find(&id("token"));
        dom::set(&place, "aria-busy", if self.pending { "true" } else { "false" });
        dom::set_text(&id("length"), &words::length(token.len()));
        let holder = dom::element("pre");
        let mut legend = Vec::new();
        let read = jose::read(token);
        for (number, segment) in read.segments.iter().enumerate() {
            if number > 0 {
                dom::push_text(&holder, ".");
            }
            let class = match segment.role {
                SegmentRole::Header => "sh",
                SegmentRole::Signature | SegmentRole::AuthenticationTag => "ss",
                _ => "sp",
            };
            let text = token.get(segment.span.clone()).unwrap_or_default();
            let _ = holder.append_child(&dom::span("span", class, text));
            let entry = Template::fill("part");
            entry.slot("swatch").set_class_name(&["sw ", class].concat());
            let mut name = role_name(segment.role).to_owned();
            if let Some(first) = name.get_mut(..1) {
                first.make_ascii_uppercase();
            }
            entry.text("text", &[&name, " ", &segment.span.len().to_string()].concat());
            legend.push(entry.done());
        }
        dom::update_from(&id("token"), &holder);
        dom::update(&id("legend"), &legend);
    }
}
