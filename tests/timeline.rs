//! The times of a token on one line.

#![allow(clippy::unwrap_used, clippy::panic, reason = "the helpers of tests are tests too")]
#![cfg(not(target_arch = "wasm32"))]

use proptest::prelude::*;
use tokenscope::inspect::Options;
use tokenscope::jose::base64url;
use tokenscope::time::Time;
use tokenscope::timeline::{Anchor, Mark, Timeline};
use tokenscope::why::{Answers, Choices, explain};

const NOW: i64 = 1_795_183_392;

fn drawn(header: &str, payload: &str, now: i64, leeway: i64) -> Option<Timeline> {
    let token =
        [base64url::encode(header.as_bytes()), base64url::encode(payload.as_bytes()), "AAAA".to_owned()].join(".");
    let mut options = Options::default();
    options.expectations.leeway = leeway;
    let now = Time::from_seconds(now);
    let (explained, _) = explain(&token, &options, &Choices::default(), now, now, &Answers::default());
    explained.whys.into_iter().next().and_then(|why| why.timeline)
}

fn timeline(payload: &str, now: i64, leeway: i64) -> Timeline {
    drawn(r#"{"alg":"RS256"}"#, payload, now, leeway).unwrap()
}

fn mark<'a>(timeline: &'a Timeline, name: &str) -> &'a Mark {
    timeline.marks.iter().find(|mark| mark.name == name).unwrap()
}

/// The token of the design: expired 3 min 12 s ago.
const DESIGN: &str = r#"{"auth_time":1795179521,"iat":1795179600,"exp":1795183200}"#;

#[test]
fn the_drawing_of_the_design() {
    let timeline = timeline(DESIGN, NOW, 60);
    assert_eq!(
        timeline.description,
        "Timeline of Fri 20 Nov 2026, UTC: auth_time 12:58:41, iat 13:00:00, exp 14:00:00, now 14:03:12. \
         Now is 3 min 12 s after exp, outside the leeway of 1 min."
    );
    assert_eq!(timeline.caption, "valid for 1 h");
    assert_eq!(timeline.relation, "3 min 12 s late");
    assert_eq!(
        timeline.note.to_string(),
        "Fri 20 Nov 2026, UTC. Hatched: the 1 min of leeway. No nbf: usable from iat."
    );
    let names: Vec<&str> = timeline.marks.iter().map(|mark| mark.name).collect();
    assert_eq!(names, ["auth_time", "iat", "exp", "now"]);
    assert_eq!(timeline.life, (mark(&timeline, "iat").position, mark(&timeline, "exp").position));
    assert_eq!(timeline.leeway.len(), 2);
    assert_eq!(timeline.late, Some((timeline.leeway[1].1, mark(&timeline, "now").position)));
    assert!(timeline.breaks.is_empty());
    let rows: Vec<u8> = timeline.marks.iter().map(|mark| mark.row).collect();
    assert_eq!(rows, [1, 0, 0, 1], "the limits above the bar, the rest below it");
    let accepting: Vec<(&str, bool)> =
        timeline.verifiers.iter().map(|verifier| (verifier.name, verifier.accepts)).collect();
    assert_eq!(
        accepting,
        [
            ("A verifier without leeway", false),
            ("Spring Security", false),
            ("Envoy and Istio", false),
            ("ASP.NET Core", true)
        ]
    );
}

#[test]
fn each_time_may_be_missing() {
    let check = |payload: &str, caption: &str, relation: &str, description: &str, note: &str| {
        let timeline = timeline(payload, NOW, 0);
        assert_eq!(timeline.caption, caption, "{payload}");
        assert_eq!(timeline.relation, relation, "{payload}");
        assert!(timeline.description.ends_with(description), "{payload}: {}", timeline.description);
        assert_eq!(timeline.note.to_string(), format!("Fri 20 Nov 2026, UTC. {note}").trim_end(), "{payload}");
    };
    let no_exp = "No exp: it does not expire by itself.";
    check(
        r#"{"iat":1795180000,"nbf":1795180000,"exp":1795190000}"#,
        "valid for 2 h 46 min",
        "1 h 50 min left",
        "Now is between nbf and exp, 1 h 50 min before exp.",
        "",
    );
    check(
        r#"{"iat":1795180000,"exp":1795190000}"#,
        "valid for 2 h 46 min",
        "1 h 50 min left",
        "Now is between iat and exp, 1 h 50 min before exp.",
        "No nbf: usable from iat.",
    );
    check(
        r#"{"nbf":1795180000,"exp":1795190000}"#,
        "valid for 2 h 46 min",
        "1 h 50 min left",
        "Now is between nbf and exp, 1 h 50 min before exp.",
        "No iat: nothing says when it was issued.",
    );
    check(
        r#"{"exp":1795190000}"#,
        "valid until exp",
        "1 h 50 min left",
        "Now is 1 h 50 min before exp.",
        "Neither iat nor nbf: valid at once.",
    );
    check(
        r#"{"iat":1795183000}"#,
        "valid from iat on",
        "",
        "Now is 6 min 32 s after iat, and no exp ends it.",
        &format!("No nbf: usable from iat. {no_exp}"),
    );
    check(
        r#"{"auth_time":1795183000}"#,
        "no limits",
        "",
        "Neither a beginning nor an end is in it.",
        &format!("Neither iat nor nbf: valid at once. {no_exp}"),
    );
    check(
        r#"{"iat":1795183400,"exp":1795190000}"#,
        "valid for 1 h 50 min",
        "8 s early",
        "Now is 8 s before iat.",
        "No nbf: usable from iat.",
    );
    check(
        r#"{"iat":1795190000,"exp":1795180000}"#,
        "never valid",
        "",
        "exp is not after iat, so there is no moment at which it is valid.",
        "No nbf: usable from iat.",
    );
    check(
        r#"{"iat":1795180000,"exp":1795190000000}"#,
        "valid from iat on",
        "",
        "and no exp ends it.",
        "No nbf: usable from iat. Left out, because no time can be read there: exp.",
    );
    assert_eq!(drawn(r#"{"alg":"RS256"}"#, r#"{"sub":"x"}"#, NOW, 60), None);
    assert_eq!(drawn(r#"{"alg":"RS256"}"#, r#"{"exp":1e400,"iat":"now"}"#, NOW, 60), None);
}

#[test]
fn leeway_is_between_good_and_too_late() {
    let check = |payload: &str, leeway: i64, relation: &str, is_late: bool| {
        let timeline = timeline(payload, NOW, leeway);
        assert_eq!(timeline.relation, relation, "{payload}");
        assert_eq!(timeline.late.is_some(), is_late, "{payload}");
    };
    let ended = r#"{"iat":1795180000,"exp":1795183362}"#;
    check(ended, 31, "30 s late, within the leeway", false);
    check(ended, 30, "30 s late", true);
    check(ended, 0, "30 s late", true);
    let early = r#"{"iat":1795180000,"nbf":1795183422,"exp":1795190000}"#;
    check(early, 30, "30 s early, within the leeway", false);
    check(early, 29, "30 s early", true);
}

#[test]
fn what_lies_far_away_does_not_squash_the_rest() {
    let check = |payload: &str, now: i64, beyond: &[&str]| {
        let timeline = timeline(payload, now, 60);
        let found: Vec<&str> = timeline.marks.iter().filter(|mark| mark.beyond).map(|mark| mark.name).collect();
        assert_eq!(found, beyond, "{payload}");
        assert_eq!(timeline.breaks.is_empty(), beyond.is_empty(), "{payload}");
        assert_eq!(timeline.note.to_string().contains("The axis is broken"), !beyond.is_empty(), "{payload}");
        if timeline.life.0 < timeline.life.1 {
            assert!(timeline.life.1 - timeline.life.0 >= 200, "{payload}: {:?}", timeline.life);
        }
        timeline
    };
    let hour = 1_795_179_600;
    check(&format!(r#"{{"iat":{hour},"exp":{}}}"#, hour + 3600), NOW, &[]);
    // Signed in a month ago, and looked at years later.
    let month_ago = hour - 30 * 86_400;
    check(&format!(r#"{{"auth_time":{month_ago},"iat":{hour},"exp":{}}}"#, hour + 3600), NOW, &["auth_time"]);
    let far = format!(r#"{{"auth_time":{month_ago},"iat":{hour},"exp":{}}}"#, hour + 3600);
    check(&far, NOW + 100_000_000, &["auth_time", "now"]);
    check(&far, NOW - 100_000_000, &["now", "auth_time"]);
    // Ten years of life: what happens now would stand at one point.
    let ten_years = hour + 315_576_000;
    let timeline = check(&format!(r#"{{"auth_time":{},"iat":{hour},"exp":{ten_years}}}"#, hour - 600), NOW, &["exp"]);
    assert!(mark(&timeline, "now").position - mark(&timeline, "iat").position > 100);
    let timeline = check(&format!(r#"{{"iat":{hour},"exp":{ten_years}}}"#), ten_years + 600, &["iat"]);
    assert!(mark(&timeline, "now").position - mark(&timeline, "exp").position > 100);
    // A fresh token of an hour is drawn as it is.
    check(&format!(r#"{{"auth_time":{hour},"iat":{hour},"exp":{}}}"#, hour + 3600), hour + 3, &[]);
    // A year is drawn to scale while a good part of it has passed.
    check(&format!(r#"{{"iat":{hour},"exp":{}}}"#, hour + 31_536_000), hour + 2_000_000, &[]);
}

#[test]
fn labels_have_the_day_where_the_days_differ() {
    let check = |payload: &str, now: i64, labels: &[&str]| {
        let timeline = timeline(payload, now, 0);
        let found: Vec<&str> = timeline.marks.iter().map(|mark| mark.label.as_str()).collect();
        assert_eq!(found, labels, "{payload}");
    };
    check(DESIGN, NOW, &["12:58:41", "13:00:00", "14:00:00", "14:03:12"]);
    check(r#"{"iat":1795179600,"exp":1795219200}"#, NOW, &["20 Nov, 13:00", "20 Nov, 14:03", "21 Nov, 00:00"]);
    check(r#"{"iat":1795179600,"exp":1805179600}"#, NOW, &["20 Nov 2026", "20 Nov 2026", "16 Mar 2027"]);
}

#[test]
fn verifiers_are_those_of_the_kind_of_token() {
    let check = |header: &str, claims: &str, now: i64, expected: &[(&str, bool)]| {
        let payload = format!(r#"{{"iat":1795179600,"exp":1795183200{claims}}}"#);
        let timeline = drawn(header, &payload, now, 0).unwrap();
        let found: Vec<(&str, bool)> =
            timeline.verifiers.iter().map(|verifier| (verifier.name, verifier.accepts)).collect();
        assert_eq!(found, expected, "{header} {claims}");
        assert!(timeline.verifiers.windows(2).all(|pair| pair[0].skew <= pair[1].skew));
    };
    let plain = r#"{"alg":"RS256"}"#;
    let okta = r#","iss":"https://dev-1234.okta.com/oauth2/default""#;
    let exp = 1_795_183_200;
    let okta_access = format!(r#"{okta},"scp":["a"]"#);
    let okta_id = format!(r#"{okta},"nonce":"n""#);
    const GO: &str = "Okta’s JWT verifiers for Go and Python";
    check(
        plain,
        &okta_access,
        exp + 59,
        &[
            ("A verifier without leeway", false),
            ("Spring Security", true),
            ("Envoy and Istio", true),
            (GO, true),
            ("ASP.NET Core", true),
        ],
    );
    check(
        plain,
        &okta_access,
        exp + 60,
        &[
            ("A verifier without leeway", false),
            ("Spring Security", false),
            ("Envoy and Istio", false),
            (GO, true),
            ("ASP.NET Core", true),
        ],
    );
    // What Okta's own APIs do before `nbf` is not documented.
    check(
        plain,
        &format!(r#"{okta_access},"nbf":1795182000"#),
        1_795_182_000 - 90,
        &[
            ("A verifier without leeway", false),
            ("Spring Security", false),
            ("Envoy and Istio", false),
            (GO, true),
            ("ASP.NET Core", true),
        ],
    );
    check(
        plain,
        &okta_access,
        1_795_179_600 - 31,
        &[
            ("A verifier without leeway", true),
            ("Okta’s own APIs", false),
            ("Spring Security", true),
            ("Envoy and Istio", true),
            (GO, true),
            ("ASP.NET Core", true),
        ],
    );
    check(
        plain,
        &okta_id,
        exp + 300,
        &[
            ("A verifier without leeway", false),
            ("Spring Security", false),
            ("Envoy and Istio", false),
            (GO, false),
            ("okta-auth-js", false),
            ("ASP.NET Core", false),
        ],
    );
    check(r#"{"alg":"ES256","typ":"dpop+jwt"}"#, "", 1_795_179_600 + 300, &[("Okta’s token endpoint", true)]);
    check(r#"{"alg":"ES256","typ":"dpop+jwt"}"#, "", 1_795_179_600 + 301, &[("Okta’s token endpoint", false)]);
    check(r#"{"alg":"ES256","typ":"logout+jwt"}"#, "", exp, &[]);
    check(plain, r#","nbf":1795179600000"#, exp, &[]);
}

/// The width of a label as it is drawn on a phone: letters of 7 px in a drawing of 340 px.
fn span(mark: &Mark) -> (f64, f64) {
    let width = (mark.name.len() + 1 + mark.label.chars().count()) as f64 * 7.0;
    let at = f64::from(mark.position) * 0.34;
    match mark.anchor {
        Anchor::Start => (at, at + width),
        Anchor::End => (at - width, at),
    }
}

fn laws(timeline: &Timeline, payload: &str) {
    let marks = &timeline.marks;
    for pair in marks.windows(2) {
        assert!(pair[0].at <= pair[1].at && pair[0].position <= pair[1].position, "{payload}: {marks:?}");
    }
    for mark in marks {
        assert!(mark.position <= 1000 && mark.row <= 3, "{payload}: {mark:?}");
        let (from, to) = span(mark);
        assert!(from >= -0.5 && to <= 340.5, "{payload}: {mark:?}");
        assert!(timeline.description.contains(&[mark.name, " "].concat()), "{payload}: {}", timeline.description);
    }
    for (number, one) in marks.iter().enumerate() {
        for other in marks.iter().skip(number + 1).filter(|other| other.row == one.row) {
            let (one_span, other_span) = (span(one), span(other));
            assert!(one_span.1 < other_span.0 || other_span.1 < one_span.0, "{payload}: {one:?} {other:?}");
        }
    }
    let bars = [Some(timeline.life), timeline.late].into_iter().flatten().chain(timeline.leeway.iter().copied());
    for (from, to) in bars {
        assert!(from <= to && to <= 1000, "{payload}: {timeline:?}");
    }
    assert!(timeline.breaks.iter().all(|at| *at <= 1000), "{payload}");
    let words =
        [&timeline.caption, &timeline.relation, &timeline.description, &timeline.note.to_string()].map(String::clone);
    assert!(words.iter().all(|words| !words.contains('…') && !words.contains('{')), "{payload}: {words:?}");
    assert!(timeline.description.ends_with('.'), "{payload}");
}

fn instant() -> impl Strategy<Value = Option<i64>> {
    prop_oneof![
        1 => Just(None),
        6 => (-7200_i64..7200).prop_map(|offset| Some(NOW + offset)),
        2 => (-90_i64..90).prop_map(|offset| Some(NOW + offset * 86_400)),
        1 => (-20_i64..20).prop_map(|offset| Some(NOW + offset * 31_557_600)),
        1 => any::<i64>().prop_map(Some),
        1 => Just(Some(NOW)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn nothing_overlaps_and_time_runs_from_left_to_right(
        auth_time in instant(), iat in instant(), nbf in instant(), exp in instant(),
        now in instant(), leeway in prop_oneof![Just(0_i64), Just(60), Just(300), any::<i64>()],
    ) {
        let named = [("auth_time", auth_time), ("iat", iat), ("nbf", nbf), ("exp", exp)];
        let members: Vec<String> =
            named.iter().filter_map(|(name, time)| Some(format!(r#""{name}":{}"#, (*time)?))).collect();
        let payload = format!("{{{}}}", members.join(","));
        if let Some(timeline) = drawn(r#"{"alg":"RS256"}"#, &payload, now.unwrap_or(NOW), leeway) {
            laws(&timeline, &format!("{payload} at {now:?} with {leeway}"));
        }
    }
}
