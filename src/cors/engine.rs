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
    /// Whether headers of one name are made one, `a, b`, before they are looked at.
    pub combines_request_headers: bool,
    /// Whether `*` in `Access-Control-Allow-Headers` covers `Authorization`, which the
    /// [standard](https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name) excepts.
    pub wildcard_covers_authorization: bool,
    /// The order in which the answer to a preflight is checked.
    pub preflight_order: &'static [StepName],
    /// By what several origins are told from another one.
    pub several_origins: SeveralOrigins,
    /// Whether a value that is no origin at all is told from another origin.
    pub tells_invalid_origin: bool,
    /// The lists that it can't read.
    pub list_syntax: ListSyntax,
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
    FormType,
    /// A single range with a start; in any case of letters, or as the standard writes it.
    SimpleRange {
        /// Whether `Bytes=` passes for `bytes=`.
        any_case: bool,
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
    /// More than one header line.
    Lines,
}

/// What a list of methods or header names may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListSyntax {
    /// [Tokens](https://httpwg.org/specs/rfc9110.html#tokens) alone.
    Tokens,
    /// Anything between commas.
    Anything,
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
    ("content-type", ValueRule::FormType),
    ("range", ValueRule::SimpleRange { any_case: false }),
];

static STANDARD: Rules = Rules {
    engine: Engine::Standard,
    safelisted: STANDARD_SAFELIST,
    combines_request_headers: false,
    wildcard_covers_authorization: false,
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
    list_syntax: ListSyntax::Tokens,
    default_max_age: 5,
    longest_max_age: u32::MAX,
    unreadable_max_age: 5,
    negative_max_age: 5,
};

static CHROMIUM: Rules = Rules {
    engine: Engine::Chromium,
    // Client hints of before they began with `Sec-CH-`, and two of its own. Source: services/network/public/cpp/cors/cors.cc
    // (BSD-3-Clause, The Chromium Authors), the names alone.
    safelisted: &[
        ("accept", ValueRule::NoUnsafeByte),
        ("accept-language", ValueRule::Language),
        ("content-language", ValueRule::Language),
        ("content-type", ValueRule::FormType),
        ("range", ValueRule::SimpleRange { any_case: true }),
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
    combines_request_headers: true,
    wildcard_covers_authorization: true,
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
    list_syntax: ListSyntax::Tokens,
    default_max_age: 5,
    longest_max_age: 7200,
    unreadable_max_age: 5,
    negative_max_age: 0,
};

static FIREFOX: Rules = Rules {
    engine: Engine::Firefox,
    safelisted: STANDARD_SAFELIST,
    combines_request_headers: true,
    wildcard_covers_authorization: true,
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
    list_syntax: ListSyntax::Tokens,
    default_max_age: 5,
    longest_max_age: 86_400,
    unreadable_max_age: 0,
    negative_max_age: 0,
};

static WEBKIT: Rules = Rules {
    engine: Engine::WebKit,
    safelisted: STANDARD_SAFELIST,
    combines_request_headers: true,
    wildcard_covers_authorization: true,
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
    list_syntax: ListSyntax::Tokens,
    default_max_age: 5,
    longest_max_age: 600,
    unreadable_max_age: 5,
    negative_max_age: 0,
};
