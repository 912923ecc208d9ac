//! The codes of what an answer says beside the rows of the catalogue.

crate::codes! {
    /// The quota is used up, and how long to wait is known.
    RATE_LIMITED = "response.rate-limited";
    /// The quota is used up; when the window ends is known, but not what the server's clock shows.
    RATE_LIMITED_UNTIL = "response.rate-limited-until";
    /// Too many requests, and nothing tells how long to wait.
    RATE_LIMITED_UNTOLD = "response.rate-limited-untold";
    /// Too many requests at once.
    CONCURRENCY_LIMIT = "response.concurrency-limit";
    /// Few requests are left.
    RATE_LIMIT_LOW = "response.rate-limit-low";
    /// Enough requests are left.
    RATE_LIMIT_OK = "response.rate-limit-ok";
    /// The server tells how long to wait.
    RETRY_AFTER = "response.retry-after";
    /// A 429 although requests are left: another limit.
    OTHER_LIMIT = "response.other-limit";
    /// The told wait is longer than a window of Okta.
    LIMIT_ODD = "response.limit-odd";
    /// A challenge departs from the grammar.
    CHALLENGE_ODD = "response.challenge-odd";
    /// A gateway in front of the API answered.
    GATEWAY_ANSWERED = "response.gateway-answered";
    /// Who answered, and what is worth knowing about it.
    SENDER = "response.sender";
    /// No token arrived.
    NO_CREDENTIALS_ARRIVED = "response.no-credentials-arrived";
    /// Okta refused with an empty body, and the challenge is not in the paste.
    EMPTY_403 = "response.empty-403";
    /// Script on another origin cannot read Okta's challenge.
    SCRIPT_BLIND = "response.script-blind";
    /// An HTML page instead of JSON.
    HTML_PAGE = "response.html-page";
    /// The server failed.
    SERVER_ERROR = "response.server-error";
    /// What the causes of an envelope say.
    CAUSES = "response.causes";
    /// A new sign-in is asked for, stronger or fresher.
    STEP_UP = "response.step-up";
    /// A token with certain claims is asked for.
    CLAIMS_CHALLENGE = "response.claims-challenge";
    /// The nonce for the DPoP proof came with the answer.
    DPOP_NONCE = "response.dpop-nonce";
    /// The nonce for the DPoP proof did not come.
    DPOP_NONCE_MISSING = "response.dpop-nonce-missing";
    /// The scopes that the description lists.
    SCOPES_DENIED = "response.scopes-denied";
    /// The redirect URI that the description repeats.
    REDIRECT_URI_SENT = "response.redirect-uri-sent";
    /// A code that the catalogue does not have.
    UNKNOWN_CODE = "response.unknown-code";
    /// The status is another than the one that comes with the code.
    STATUS_DIFFERS = "response.status-differs";
    /// The token is not at fault.
    NOT_THE_TOKEN = "response.not-the-token";
    /// It is not about a scope.
    NOT_A_SCOPE = "response.not-a-scope";
    /// It is not about the number of API requests.
    NOT_A_QUOTA = "response.not-a-quota";
    /// The server says why in words of its own.
    OWN_WORDS = "response.own-words";
    /// The answer has a status, and nothing that says why.
    NO_REASON = "response.no-reason";
    /// Nothing in the answer is known.
    UNREAD = "response.unread";
}
