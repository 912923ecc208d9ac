//! Where Chromium, Firefox and WebKit depart from the standard, as data: a row an engine.
//!
//! What the rows of Chromium and Firefox say was measured by `tests/e2e/cors-differential.test.mjs` with Chromium 156 and
//! Firefox 153 ESR. WebKit's was read in its source and not run.

use super::{Engine, StepName};

/// What one engine does.
#[derive(Debug)]
pub struct Rules {
    /// Whose rules these are.
    pub engine: Engine,
    /// The request headers that need no preflight, names in lower case.
    pub safelisted: &'static [(&'static str, ValueRule)],
    /// Whether bytes beyond ASCII are unsafe in the value of a header that is safelisted.
    pub unsafe_beyond_ascii: bool,
    /// The most bytes that the values of all safelisted headers may have.
    pub most_safe_bytes: usize,
    /// Whether headers of one name are made one, `a, b`, before they are looked at.
    pub combines_request_headers: bool,
    /// Whether `Access-Control-Request-Headers` has a name as often as script set the header.
    pub repeats_names: bool,
    /// The request headers that script can't set either, names in lower case.
    pub also_forbidden: &'static [&'static str],
    /// The request headers that a redirect to another origin than the page's takes away, names in lower case.
    pub dropped_on_redirect: &'static [&'static str],
    /// Whether `*` in `Access-Control-Allow-Headers` covers `Authorization`, which the
    /// [standard](https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name) excepts.
    pub wildcard_covers_authorization: bool,
    /// Whether what made a preflight necessary does so for every later hop: a hop that was preflighted, or the headers as
    /// script set them, which each preflight names but for those that the very last redirect took away.
    pub preflight_sticks: bool,
    /// Whether any change of origin makes the origin `null` in mode `no-cors`.
    pub taints_without_cors: bool,
    /// Whether a preflight has the origin `null` too, once redirects made it that for the request. Otherwise it is a request
    /// of the page of its own: it keeps the page's origin, and at that origin needs no CORS check.
    pub taints_preflight: bool,
    /// The order in which the answer to a preflight is checked.
    pub preflight_order: &'static [StepName],
    /// By what several origins are told from another one.
    pub several_origins: SeveralOrigins,
    /// Whether a value that is no origin at all is told from another origin.
    pub tells_invalid_origin: bool,
    /// What it takes for the value of a header with several lines.
    pub empty_lines: EmptyLines,
    /// Whether `*` in `Access-Control-Expose-Headers` holds when something behind it can't be read.
    pub exposes_before_fault: bool,
    /// Whether a `Location` that can't be read fails before the CORS check, and whatever the redirect mode.
    pub reads_location_first: bool,
    /// Whether it looks where a redirect leads before it refuses redirects altogether.
    pub location_before_mode: bool,
    /// Whether a redirect without `Location` is one all the same for redirect mode `error`.
    pub redirects_without_location: bool,
    /// The schemes to which a redirect fails without a cause that CORS has to do with.
    pub unsafe_schemes: &'static [&'static str],
    /// Whether a redirect to another origin in mode `same-origin` has a cause that CORS has to do with.
    pub names_mode_on_redirect: bool,
    /// Whether a redirect to a URL with user name or password is followed in mode `no-cors`.
    pub follows_credentials: bool,
    /// Whether `%20` in a host does not make a URL invalid.
    pub space_in_host: bool,
    /// Whether it prints the item of a list that it can't read, and not the list.
    pub prints_unreadable_item: bool,
    /// For how many seconds the answer to a preflight counts unless it says so itself.
    pub default_max_age: u32,
    /// The most seconds that it counts, whatever it says; the standard leaves that open.
    pub longest_max_age: u32,
    /// How long it counts when `Access-Control-Max-Age` is no number.
    pub unreadable_max_age: u32,
    /// How long it counts when `Access-Control-Max-Age` is a negative number.
    pub negative_max_age: u32,
}

/// What the value of a safelisted request header may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueRule {
    /// No [unsafe byte](https://fetch.spec.whatwg.org/#cors-unsafe-request-header-byte).
    NoUnsafeByte,
    /// Letters, digits, space and `*,-.;=`.
    Language,
    /// No unsafe byte, and a media type that forms can send.
    FormType {
        /// Whether its parameters must not hold a comma, nor end with a semicolon.
        strict: bool,
    },
    /// A single range with a start.
    SimpleRange {
        /// The greatest number that it can read; `None` when it reads any.
        greatest: Option<u64>,
    },
    /// Digits.
    Integer,
    /// Digits, and perhaps a point and more of them.
    Decimal,
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// `on`, in any case of letters.
    On,
    /// Anything.
    Anything,
}

/// By what several origins are told from another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SeveralOrigins {
    /// A space or a comma in the value.
    SpaceOrComma,
    /// A comma in the value.
    Comma,
    /// More than one header line with that name, capitals and all.
    Lines,
}

/// What empty lines of a header are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmptyLines {
    /// Values like others.
    Count,
    /// Nothing.
    Drop,
}

impl Engine {
    /// All of them, the standard first.
    pub const ALL: [Engine; 4] = [Engine::Standard, Engine::Chromium, Engine::Firefox, Engine::WebKit];

    /// Its row.
    pub fn rules(self) -> &'static Rules {
        match self {
            Engine::Standard => &STANDARD,
            Engine::Chromium => &CHROMIUM,
            Engine::Firefox => &FIREFOX,
            Engine::WebKit => &WEBKIT,
        }
    }
}

const STANDARD_SAFELIST: &[(&str, ValueRule)] = &[
    ("accept", ValueRule::NoUnsafeByte),
    ("accept-language", ValueRule::Language),
    ("content-language", ValueRule::Language),
    ("content-type", ValueRule::FormType { strict: false }),
    ("range", ValueRule::SimpleRange { greatest: None }),
];

static STANDARD: Rules = Rules {
    engine: Engine::Standard,
    safelisted: STANDARD_SAFELIST,
    unsafe_beyond_ascii: false,
    most_safe_bytes: 1024,
    combines_request_headers: false,
    repeats_names: false,
    also_forbidden: &[],
    dropped_on_redirect: &[],
    wildcard_covers_authorization: false,
    preflight_sticks: false,
    taints_without_cors: false,
    taints_preflight: true,
    preflight_order: &[
        StepName::PreflightOrigin,
        StepName::PreflightCredentials,
        StepName::PreflightRedirect,
        StepName::PreflightStatus,
        StepName::AllowMethodsSyntax,
        StepName::AllowHeadersSyntax,
        StepName::Method,
        StepName::RequestHeaders,
    ],
    several_origins: SeveralOrigins::SpaceOrComma,
    tells_invalid_origin: true,
    empty_lines: EmptyLines::Count,
    exposes_before_fault: false,
    prints_unreadable_item: false,
    reads_location_first: false,
    location_before_mode: false,
    redirects_without_location: true,
    unsafe_schemes: &[],
    names_mode_on_redirect: true,
    follows_credentials: true,
    space_in_host: false,
    default_max_age: 5,
    longest_max_age: u32::MAX,
    unreadable_max_age: 5,
    negative_max_age: 5,
};

/// Chromium sets these itself where a server asked for them, if the page's permissions policy lets that server have them.
/// By default that is the page's own origin alone, and a redirect to any other takes them away, whoever set them.
const CLIENT_HINTS: &[&str] = &["device-memory", "dpr", "width", "viewport-width", "rtt", "downlink", "ect"];

static CHROMIUM: Rules = Rules {
    engine: Engine::Chromium,
    // Client hints of before they began with `Sec-CH-`, and two of its own. Source: services/network/public/cpp/cors/cors.cc
    // (BSD-3-Clause, The Chromium Authors), the names alone.
    safelisted: &[
        ("accept", ValueRule::NoUnsafeByte),
        ("accept-language", ValueRule::Language),
        ("content-language", ValueRule::Language),
        ("content-type", ValueRule::FormType { strict: false }),
        ("range", ValueRule::SimpleRange { greatest: Some(i64::MAX as u64 - 1) }),
        ("intervention", ValueRule::Anything),
        ("device-memory", ValueRule::Decimal),
        ("dpr", ValueRule::Decimal),
        ("width", ValueRule::Integer),
        ("viewport-width", ValueRule::Integer),
        ("rtt", ValueRule::Integer),
        ("downlink", ValueRule::Decimal),
        ("ect", ValueRule::OneOf(&["slow-2g", "2g", "3g", "4g"])),
        ("save-data", ValueRule::On),
    ],
    unsafe_beyond_ascii: false,
    most_safe_bytes: 1024,
    combines_request_headers: true,
    repeats_names: false,
    also_forbidden: &["user-agent"],
    dropped_on_redirect: CLIENT_HINTS,
    wildcard_covers_authorization: true,
    preflight_sticks: false,
    taints_without_cors: true,
    taints_preflight: true,
    preflight_order: &[
        StepName::PreflightRedirect,
        StepName::PreflightOrigin,
        StepName::PreflightCredentials,
        StepName::PreflightStatus,
        StepName::AllowMethodsSyntax,
        StepName::AllowHeadersSyntax,
        StepName::Method,
        StepName::RequestHeaders,
    ],
    several_origins: SeveralOrigins::SpaceOrComma,
    tells_invalid_origin: true,
    empty_lines: EmptyLines::Count,
    exposes_before_fault: false,
    prints_unreadable_item: false,
    reads_location_first: true,
    location_before_mode: true,
    redirects_without_location: false,
    unsafe_schemes: &["about", "data", "file"],
    names_mode_on_redirect: false,
    follows_credentials: false,
    space_in_host: true,
    default_max_age: 5,
    longest_max_age: 7200,
    unreadable_max_age: 5,
    negative_max_age: 0,
};

static FIREFOX: Rules = Rules {
    engine: Engine::Firefox,
    safelisted: &[
        ("accept", ValueRule::NoUnsafeByte),
        ("accept-language", ValueRule::Language),
        ("content-language", ValueRule::Language),
        ("content-type", ValueRule::FormType { strict: true }),
        ("range", ValueRule::SimpleRange { greatest: Some(u64::MAX) }),
    ],
    unsafe_beyond_ascii: true,
    most_safe_bytes: usize::MAX,
    combines_request_headers: false,
    repeats_names: true,
    also_forbidden: &[],
    dropped_on_redirect: &[],
    wildcard_covers_authorization: true,
    preflight_sticks: true,
    taints_without_cors: false,
    taints_preflight: false,
    preflight_order: &[
        StepName::PreflightOrigin,
        StepName::PreflightCredentials,
        StepName::PreflightRedirect,
        StepName::PreflightStatus,
        StepName::AllowMethodsSyntax,
        StepName::Method,
        StepName::AllowHeadersSyntax,
        StepName::RequestHeaders,
    ],
    several_origins: SeveralOrigins::Lines,
    tells_invalid_origin: false,
    empty_lines: EmptyLines::Drop,
    exposes_before_fault: true,
    prints_unreadable_item: true,
    reads_location_first: false,
    location_before_mode: false,
    redirects_without_location: true,
    unsafe_schemes: &[],
    names_mode_on_redirect: true,
    follows_credentials: true,
    space_in_host: false,
    default_max_age: 5,
    longest_max_age: 86_400,
    unreadable_max_age: 0,
    negative_max_age: 0,
};

static WEBKIT: Rules = Rules {
    engine: Engine::WebKit,
    safelisted: STANDARD_SAFELIST,
    unsafe_beyond_ascii: false,
    most_safe_bytes: 1024,
    combines_request_headers: true,
    repeats_names: false,
    also_forbidden: &[],
    dropped_on_redirect: &[],
    wildcard_covers_authorization: true,
    preflight_sticks: false,
    taints_without_cors: false,
    taints_preflight: true,
    preflight_order: &[
        StepName::PreflightRedirect,
        StepName::PreflightStatus,
        StepName::PreflightOrigin,
        StepName::PreflightCredentials,
        StepName::AllowMethodsSyntax,
        StepName::AllowHeadersSyntax,
        StepName::Method,
        StepName::RequestHeaders,
    ],
    several_origins: SeveralOrigins::Comma,
    tells_invalid_origin: false,
    empty_lines: EmptyLines::Count,
    exposes_before_fault: false,
    prints_unreadable_item: false,
    reads_location_first: false,
    location_before_mode: false,
    redirects_without_location: true,
    unsafe_schemes: &[],
    names_mode_on_redirect: true,
    follows_credentials: true,
    space_in_host: false,
    default_max_age: 5,
    longest_max_age: 600,
    unreadable_max_age: 5,
    negative_max_age: 0,
};
