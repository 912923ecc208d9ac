//! The codes of what follows from answer, token and request together.

crate::codes! {
    /// The token had expired when the server answered, by the server's own clock.
    TOKEN_EXPIRED = "response.token-expired";
    /// The token had not expired when the server answered.
    TOKEN_VALID_THEN = "response.token-valid-then";
    /// The token was good when the server answered, and has expired since.
    TOKEN_EXPIRED_SINCE = "response.token-expired-since";
    /// The token has expired by the reader's clock; the answer has no `Date`.
    EXPIRED_BY_OWN_CLOCK = "response.expired-by-own-clock";
    /// The token has not expired by the reader's clock; the answer has no `Date`.
    VALID_BY_OWN_CLOCK = "response.valid-by-own-clock";
    /// The token never expires: it has no `exp`.
    NO_EXPIRY = "response.no-expiry";
    /// The server says that the token has expired, and it had not by the server's own clock.
    SAYS_EXPIRED = "response.says-expired";
    /// `nbf` lay in the server's future.
    NOT_YET_VALID = "response.not-yet-valid";
    /// `iat` lay in the server's future.
    CLOCK_SKEW = "response.clock-skew";
    /// A time is in milliseconds.
    TIME_IN_MILLISECONDS = "response.time-in-milliseconds";
    /// How long the token lives.
    LIFETIME = "response.lifetime";
    /// How long an ID token lives.
    ID_TOKEN_LIFETIME = "response.id-token-lifetime";
    /// A length of life that Okta does not give.
    LIFETIME_NOT_OKTAS = "response.lifetime-not-oktas";
    /// When the user signed in: policies were evaluated then.
    POLICY_OF_SIGN_IN = "response.policy-of-sign-in";

    /// The server names scopes that the token lacks.
    SCOPE_MISSING = "response.scope-missing";
    /// Okta's table names scopes that the token lacks.
    SCOPE_MISSING_BY_TABLE = "response.scope-missing-by-table";
    /// By the rule that Okta's operations follow, scopes are needed that the token lacks.
    SCOPE_MISSING_BY_RULE = "response.scope-missing-by-rule";
    /// The scopes of the token, where nobody says which are needed.
    SCOPES_LISTED = "response.scopes-listed";
    /// The token has every scope that is needed.
    SCOPES_PRESENT = "response.scopes-present";
    /// The server says that a scope is missing, and the token has all that it names.
    SAYS_SCOPE_MISSING = "response.says-scope-missing";
    /// The scopes are there; an admin role is not.
    ROLE_MISSING = "response.role-missing";
    /// The owner of the API token lacks an admin role.
    ROLE_OF_OWNER_MISSING = "response.role-of-owner-missing";
    /// The roles that Okta's specification names for the operation.
    ROLES_KNOWN = "response.roles-known";
    /// A scope of the token is nearly the needed one.
    SCOPE_NEAR = "response.scope-near";
    /// A scope of the token is for the signed-in user's own data alone.
    SCOPE_SELF_ONLY = "response.scope-self-only";
    /// A scope of the token reads, where managing is needed.
    SCOPE_READ_NOT_MANAGE = "response.scope-read-not-manage";
    /// The request was made with `HEAD`, which the endpoint does not take.
    HEAD_REQUEST = "response.head-request";
    /// The token has no claim for scopes.
    NO_SCOPES = "response.no-scopes";
    /// The scope stands in `roles` or `permissions`.
    SCOPE_IN_ROLES = "response.scope-in-roles";
    /// A scope was asked for at a server that does not have it.
    SCOPES_NOT_ON_SERVER = "response.scopes-not-on-server";
    /// Custom scopes were asked for at an org server.
    CUSTOM_SCOPES_AT_ORG_SERVER = "response.custom-scopes-at-org-server";
    /// The operation takes no OAuth scope.
    OPERATION_WITHOUT_SCOPE = "response.operation-without-scope";
    /// The operation takes no API token.
    OPERATION_WITHOUT_API_TOKEN = "response.operation-without-api-token";
    /// UserInfo leaves out claims whose scopes the token lacks.
    USERINFO_SCOPES = "response.userinfo-scopes";

    /// A token of a custom authorization server at an Okta API.
    CUSTOM_SERVER_TOKEN_AT_OKTA_API = "response.custom-server-token-at-okta-api";
    /// A token of an org server at another API than Okta's.
    ORG_SERVER_TOKEN_AT_OWN_API = "response.org-server-token-at-own-api";
    /// A token of another org.
    OTHER_ORG = "response.other-org";
    /// The hosts of the token's issuer and of the URL differ; it may be a custom domain.
    OTHER_HOST = "response.other-host";
    /// A token of another authorization server than the one asked.
    OTHER_SERVER = "response.other-server";
    /// The host of the admin console.
    ISSUER_ADMIN_HOST = "response.issuer-admin-host";
    /// Two issuers differ by a slash at the end.
    ISSUER_TRAILING_SLASH = "response.issuer-trailing-slash";
    /// The server names another issuer than the token's.
    ISSUER_DIFFERS = "response.issuer-differs";
    /// The server refuses the issuer and does not say which it expects.
    ISSUER_REFUSED = "response.issuer-refused";
    /// The server names another audience than the token's.
    AUDIENCE_DIFFERS = "response.audience-differs";
    /// The server refuses the audience and does not say which it expects.
    AUDIENCE_REFUSED = "response.audience-refused";
    /// The audience is a client.
    AUDIENCE_IS_CLIENT_ID = "response.audience-is-client-id";
    /// One authorization server for several APIs.
    TWO_AUDIENCES = "response.two-audiences";

    /// An ID token was sent.
    ID_TOKEN_SENT = "response.id-token-sent";
    /// Another JWT was sent: a client assertion, a logout token, a DPoP proof.
    OTHER_JWT_SENT = "response.other-jwt-sent";
    /// A refresh token was sent.
    REFRESH_TOKEN_SENT = "response.refresh-token-sent";
    /// An opaque token was sent: perhaps a refresh token.
    REFRESH_OR_OPAQUE_TOKEN = "response.refresh-or-opaque-token";
    /// An encrypted token was sent.
    ENCRYPTED_TOKEN = "response.encrypted-token";
    /// The token is cut off or damaged.
    TOKEN_DAMAGED = "response.token-damaged";
    /// An API token was sent as Bearer.
    API_TOKEN_AS_BEARER = "response.api-token-as-bearer";
    /// A JWT was sent as SSWS.
    BEARER_AS_SSWS = "response.bearer-as-ssws";
    /// The header is not what it should be around the token.
    HEADER_WRITTEN_ODD = "response.header-written-odd";
    /// A placeholder was sent.
    TOKEN_NOT_REPLACED = "response.token-not-replaced";
    /// The request has no `Authorization`.
    HEADER_NOT_SENT = "response.header-not-sent";
    /// The server asks for credentials as if none had come.
    HEADER_NOT_ARRIVED = "response.header-not-arrived";
    /// The server asks for credentials of another scheme, and for no token.
    OTHER_SCHEME_ASKED = "response.other-scheme-asked";
    /// A redirect to another host, where clients drop `Authorization`.
    HEADER_DROPPED = "response.header-dropped";
    /// A DPoP-bound token was sent as Bearer.
    DPOP_BOUND_AS_BEARER = "response.dpop-bound-as-bearer";
    /// A token that is not bound was sent as DPoP.
    BEARER_AS_DPOP = "response.bearer-as-dpop";
    /// `Authorization: DPoP` without the proof.
    DPOP_PROOF_MISSING = "response.dpop-proof-missing";
    /// The token speaks for no user.
    MACHINE_TOKEN = "response.machine-token";
    /// A request for a user with a token that speaks for none.
    MACHINE_TOKEN_FOR_USER = "response.machine-token-for-user";
    /// The token has no `groups`.
    GROUPS_MISSING = "response.groups-missing";

    /// All that can be checked is well: revocation or the resource is left.
    REVOKED_OR_RESOURCE = "response.revoked-or-resource";
    /// What an API must check.
    VALIDATION_LIST = "response.validation-list";

    /// Introspection says `active: false`.
    INTROSPECTION_INACTIVE = "response.introspection-inactive";
    /// Introspection says `active: true`.
    INTROSPECTION_ACTIVE = "response.introspection-active";
    /// Another server than the token's was asked.
    INTROSPECTION_WRONG_SERVER = "response.introspection-wrong-server";
    /// The token had expired when it was introspected.
    INTROSPECTION_EXPIRED = "response.introspection-expired";
    /// The token had not expired, and the right server was asked: it is revoked.
    INTROSPECTION_REVOKED = "response.introspection-revoked";
    /// The key set of another server.
    KEYS_WRONG_SET = "response.keys-wrong-set";
    /// The token's key is not in the set.
    KEY_ID_NOT_IN_SET = "response.key-id-not-in-set";
    /// The token's key is in the set.
    KEY_ID_IN_SET = "response.key-id-in-set";
    /// How long a key set may be kept.
    KEYS_CACHE = "response.keys-cache";
    /// There is no discovery document at the URL.
    DISCOVERY_NOT_FOUND = "response.discovery-not-found";

    /// The redirect URI is none of the registered ones.
    REDIRECT_URI_DIFFERS = "response.redirect-uri-differs";
    /// The redirect URI is registered.
    REDIRECT_URI_REGISTERED = "response.redirect-uri-registered";
    /// A redirect URI was sent, and none is there to compare with.
    REDIRECT_URI_UNCHECKED = "response.redirect-uri-unchecked";
    /// The redirect URI is `http:`.
    REDIRECT_URI_HTTP = "response.redirect-uri-http";
    /// A registered redirect URI has a wildcard.
    REDIRECT_URI_WILDCARD = "response.redirect-uri-wildcard";
    /// The difference is the scheme.
    REDIRECT_URI_SCHEME = "response.redirect-uri-scheme";
    /// The difference is the host.
    REDIRECT_URI_HOST = "response.redirect-uri-host";
    /// The difference is `www.`.
    REDIRECT_URI_WWW = "response.redirect-uri-www";
    /// The difference is `localhost` and `127.0.0.1`.
    REDIRECT_URI_LOOPBACK = "response.redirect-uri-loopback";
    /// The difference is the port.
    REDIRECT_URI_PORT = "response.redirect-uri-port";
    /// The difference is a slash at the end.
    REDIRECT_URI_SLASH = "response.redirect-uri-slash";
    /// The difference is upper and lower case.
    REDIRECT_URI_CASE = "response.redirect-uri-case";
    /// The difference is the path.
    REDIRECT_URI_PATH = "response.redirect-uri-path";
    /// The difference is the query.
    REDIRECT_URI_QUERY = "response.redirect-uri-query";
    /// The difference is a fragment.
    REDIRECT_URI_FRAGMENT = "response.redirect-uri-fragment";
    /// The difference is percent-encoding.
    REDIRECT_URI_ENCODING = "response.redirect-uri-encoding";
    /// The difference is not seen: white space, characters without width.
    REDIRECT_URI_INVISIBLE = "response.redirect-uri-invisible";
    /// The difference looks like none: characters of another script.
    REDIRECT_URI_LOOKALIKE = "response.redirect-uri-lookalike";

    /// Parameters that an authorization request must have are missing.
    REQUEST_INCOMPLETE = "response.request-incomplete";
    /// OpenID scopes without `openid`.
    OPENID_MISSING = "response.openid-missing";
    /// Tokens are asked for in the URL.
    IMPLICIT_FLOW = "response.implicit-flow";
    /// An ID token is asked for in the URL without `nonce`.
    NONCE_MISSING = "response.nonce-missing";
    /// No `state`.
    STATE_MISSING = "response.state-missing";
    /// No `code_challenge`.
    PKCE_MISSING = "response.pkce-missing";
    /// A `code_challenge` that is not hashed.
    PKCE_PLAIN = "response.pkce-plain";
    /// A `code_challenge` that no hash has.
    PKCE_CHALLENGE_FORM = "response.pkce-challenge-form";
    /// A parameter twice.
    PARAMETER_TWICE = "response.parameter-twice";
    /// Scopes of OpenID beside others, which is allowed.
    SCOPES_MIXED = "response.scopes-mixed";
    /// Scopes of OpenID need a policy and a rule on a custom server.
    OPENID_SCOPES_NEED_A_RULE = "response.openid-scopes-need-a-rule";
    /// A silent request without a session, which browsers' cookie rules bring about.
    SILENT_SIGN_IN = "response.silent-sign-in";

    /// A token request without `grant_type`.
    GRANT_TYPE_MISSING = "response.grant-type-missing";
    /// A token request in JSON.
    TOKEN_REQUEST_JSON = "response.token-request-json";
    /// A token request with another method than `POST`.
    TOKEN_REQUEST_METHOD = "response.token-request-method";
    /// Scopes of users asked for without a user.
    CLIENT_CREDENTIALS_OPENID = "response.client-credentials-openid";
    /// A code is redeemed without `redirect_uri`.
    TOKEN_REDIRECT_URI_MISSING = "response.token-redirect-uri-missing";
    /// A code is redeemed without `code_verifier`.
    VERIFIER_MISSING = "response.verifier-missing";
    /// A secret where an org server wants a signed assertion.
    SERVICE_APP_SECRET = "response.service-app-secret";
    /// A refresh token may have lain idle.
    REFRESH_TOKEN_IDLE = "response.refresh-token-idle";
    /// A refresh token may have been used twice.
    REFRESH_REUSED = "response.refresh-reused";
    /// A token response has a refresh token.
    REFRESH_TOKEN_IN_PAGE = "response.refresh-token-in-page";
}
