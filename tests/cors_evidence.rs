//! What a pasted text is: every kind of evidence, in the forms that people paste.

#![allow(clippy::panic, clippy::unwrap_used, reason = "helpers of tests are tests too")]

use proptest::prelude::*;
use tokenscope::cors::evidence::{Evidence, Says, recognise};
use tokenscope::cors::{Credentials, Request, probe};
use tokenscope::http::Headers;
use tokenscope::http::text;

#[path = "support/corpus.rs"]
mod corpus;

fn headers(headers: &Headers) -> String {
    headers.0.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<String>>().join("; ")
}

fn request(request: &Request, origin: Option<&str>) -> String {
    let credentials = match request.credentials {
        Credentials::Omit => "omit",
        Credentials::SameOrigin => "same-origin",
        Credentials::Include => "include",
    };
    format!(
        "request {} {} {credentials} from {} [{}]",
        request.method,
        request.url,
        origin.unwrap_or("?"),
        headers(&request.headers)
    )
}

/// What a text was recognised as, in lines.
fn described(evidence: &Evidence) -> Vec<String> {
    match evidence {
        Evidence::Nothing => vec!["nothing".to_owned()],
        Evidence::Har => vec!["har".to_owned()],
        Evidence::Unrecognised => vec!["unrecognised".to_owned()],
        Evidence::Console(messages) => messages
            .iter()
            .map(|message| format!("console {:?} {}", message.says, message.url.as_deref().unwrap_or("?")))
            .collect(),
        Evidence::Answers(answers) => {
            let line = |answered: &tokenscope::cors::evidence::Answered| {
                let unknown = || "?".to_owned();
                format!(
                    "answer {} {} -> {}{} [{}] sent [{}]",
                    answered.method.clone().unwrap_or_else(unknown),
                    answered.url.clone().unwrap_or_else(unknown),
                    answered.answer.status,
                    if answered.status_known { "" } else { " assumed" },
                    headers(&answered.answer.headers),
                    answered.request_headers.as_ref().map_or_else(unknown, headers),
                )
            };
            answers.iter().map(line).collect()
        }
        Evidence::Exchange(exchange) => vec![
            format!("exchange of {}, {} hops", exchange.origin, exchange.hops.len()),
            request(&exchange.request, None),
        ],
        Evidence::Request(of, origin) => vec![request(of, origin.as_deref())],
        Evidence::Probes(run) => {
            let mut lines = vec![format!(
                "probes from {} of {} by {:?}{}{}",
                run.origin,
                run.url,
                run.engine,
                if run.own { " own" } else { "" },
                if run.offline { " offline" } else { "" }
            )];
            lines.extend(run.probes.iter().map(|probe| format!("probe {:?} {:?}", probe.kind, probe.result)));
            lines
        }
        Evidence::TrustedOrigins(list) => {
            let word = |flag: Option<bool>, name: &str| match flag {
                Some(true) => format!(" {name}"),
                Some(false) => format!(" no-{name}"),
                None => String::new(),
            };
            list.iter()
                .map(|entry| {
                    format!(
                        "trusted {} ({}){}{}{}",
                        entry.origin,
                        entry.name.as_deref().unwrap_or("?"),
                        word(entry.cors, "cors"),
                        word(entry.redirect, "redirect"),
                        word(entry.active, "active")
                    )
                })
                .collect()
        }
    }
}

/// A corpus file is a text, and a line `is: …` for each thing that it holds.
#[test]
fn the_corpus_is_recognised() {
    let cases = corpus::cases("cors_evidence");
    assert!(cases.len() > 30, "{}", cases.len());
    let mut wrong = Vec::new();
    for case in cases {
        let read = described(&recognise(&case.text));
        let expected: Vec<&str> = case.values("is").collect();
        if read != expected {
            let lines: Vec<String> = read.iter().map(|line| format!("is: {line}")).collect();
            wrong.push(format!("{}\n{}\n", case.name, lines.join("\n")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What the snippet printed in Chromium and Firefox in each situation, and what is concluded from it.
#[test]
fn the_snippets_results_are_concluded() {
    let cases = corpus::cases("cors_probes");
    assert!(cases.len() >= 28, "{}", cases.len());
    let mut wrong = Vec::new();
    for case in cases {
        let Evidence::Probes(run) = recognise(&case.text) else { panic!("{}", case.name) };
        let conclusion = probe::conclude(&run);
        let candidates: Vec<String> = conclusion.candidates.iter().map(|candidate| format!("{candidate:?}")).collect();
        let next = conclusion.next.map_or("none".to_owned(), |next| format!("{next:?}"));
        let read = format!("{:?}, {next}: {}", conclusion.says, candidates.join(" "));
        let read = read.trim();
        if case.value("concludes") != Some(read) {
            wrong.push(format!("{}\nconcludes: {read}\n", case.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What surrounds evidence, and how lines end, makes no difference to what it says.
#[test]
fn windows_line_ends_and_colours_change_nothing() {
    for case in corpus::cases("cors_evidence") {
        let plain = described(&recognise(&case.text));
        let windows = described(&recognise(&case.text.replace('\n', "\r\n")));
        assert_eq!(windows, plain, "{}", case.name);
        let marked = described(&recognise(&format!("\u{feff}{}", case.text)));
        assert_eq!(marked, plain, "{}", case.name);
        let padded = described(&recognise(&format!("\n\n{}\n\n", case.text)));
        assert_eq!(padded, plain, "{}", case.name);
    }
}

/// A text that ends anywhere gives what could be read, and never more messages than the whole.
#[test]
fn every_beginning_of_a_text_is_read() {
    for case in corpus::cases("cors_evidence") {
        for at in (0..case.text.len()).filter(|at| case.text.is_char_boundary(*at)) {
            let _ = recognise(&case.text[..at]);
        }
    }
}

proptest! {
    #![proptest_config(corpus::config())]

    /// A head that is written is read as it was written: every name, every value, in order.
    #[test]
    fn heads_are_read_without_loss(
        status in 200_u16..600,
        list in proptest::collection::vec(("[A-Za-z][A-Za-z0-9-]{0,10}", "([!-~]([ -~]{0,20}[!-~])?)?"), 0..8),
        mark in prop_oneof![Just(""), Just("< "), Just("    ")],
        end in prop_oneof![Just("\n"), Just("\r\n")],
    ) {
        let mut head = format!("{mark}HTTP/1.1 {status} Words of its own{end}");
        for (name, value) in &list {
            head.push_str(&format!("{mark}{name}: {value}{end}"));
        }
        head.push_str(&format!("{mark}{end}"));
        let messages = text::messages(&head);
        prop_assert_eq!(messages.len(), 1, "{}", head);
        prop_assert_eq!(messages[0].status(), Some(status));
        // A name and a value of slashes are a URL, and no header.
        prop_assume!(!list.iter().any(|(_, value)| value.starts_with("//")));
        prop_assert_eq!(&messages[0].headers.0, &list, "{}", head);
    }

    /// No text makes the recognisers panic, and what they point at lies inside it.
    #[test]
    fn any_text_is_recognised(
        parts in proptest::collection::vec(prop_oneof![
            Just("HTTP/1.1 200 OK\n".to_owned()),
            Just("> GET / HTTP/1.1\n".to_owned()),
            Just("< ".to_owned()),
            Just("\n\n".to_owned()),
            Just("Response Headers\n".to_owned()),
            Just("Request URL:\n".to_owned()),
            Just("access-control-allow-origin: *\n".to_owned()),
            Just(":path\n".to_owned()),
            Just(":authority: a.example\n".to_owned()),
            Just("curl -H 'a: b' \\\n".to_owned()),
            Just("fetch(\"https://a.example\", {".to_owned()),
            Just("{\"tokenscope\":\"cors-probe\",\"probes\":[".to_owned()),
            Just("[{\"origin\":\"https://a.example\",\"scopes\":[".to_owned()),
            Just("https://a.example\n".to_owned()),
            "\\PC{0,8}",
            "[\u{1b}\\[m\r\n\t :{}\"'\\\\^é]{0,6}",
        ], 0..16),
    ) {
        let whole = parts.concat();
        if let Evidence::Console(messages) = recognise(&whole) {
            prop_assert!(messages.iter().all(|message| whole.get(message.span.clone()).is_some()));
            prop_assert!(messages.iter().all(|message| message.says != Says::Cors(Vec::new()) || message.engine.is_some()));
        }
        for message in text::messages(&whole) {
            prop_assert!(whole.get(message.head.clone()).is_some());
            prop_assert!(whole.get(message.body.clone()).is_some());
        }
    }
}

/// Long texts that are made to be slow are not.
#[test]
fn hostile_texts_take_time_in_proportion() {
    let started = std::time::Instant::now();
    let length = 1 << 18;
    for part in [
        "HTTP/1.1 200 OK\n",
        "HTTP/1.1 200 OK\na: b\n\n",
        "< HTTP/1.1 200 OK\n",
        "> GET / HTTP/1.1\nHost: a\n\nHTTP/1.1 302\nlocation: /\n\n",
        "a: b\n",
        "vary: a\n",
        " folded\n",
        "Response Headers\n",
        "curl https://a.example\n",
        "curl 'a\\\n",
        "fetch(\"https://a.example\",{",
        "[",
        "{\"log\":",
        "https://a.example\n",
        "\u{1b}[1m",
        "{\"origin\":\"a\",",
    ] {
        let _ = recognise(&part.repeat(length / part.len()));
        let _ = recognise(&["vary: Origin\n", &part.repeat(length / part.len())].concat());
    }
    let elapsed = started.elapsed();
    assert!(elapsed.as_secs() < 120, "{elapsed:?}");
}
