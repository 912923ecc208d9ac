//! The codes of the claim checks.

crate::codes! {
    /// The payload is no JSON object, so it has no claims.
    NOT_AN_OBJECT = "claims.not-an-object";
    /// A claim that is checked when present is absent.
    ABSENT = "claims.absent";
    /// A claim that would be checked is not in what could be read of a damaged payload.
    UNREAD = "claims.unread";
    /// A checked claim stands in the payload more than once.
    DUPLICATE = "claims.duplicate";

    /// `exp` has passed.
    EXPIRED = "claims.expired";
    /// `exp` has passed, by less than the leeway.
    EXPIRED_WITHIN_LEEWAY = "claims.expired-within-leeway";
    /// `exp` lies ahead.
    NOT_EXPIRED = "claims.not-expired";
    /// There is no `exp`.
    NO_EXPIRY = "claims.no-expiry";
    /// `exp` is not after `iat` or `nbf`.
    NO_LIFETIME = "claims.no-lifetime";
    /// `nbf` lies ahead.
    NOT_YET_VALID = "claims.not-yet-valid";
    /// `nbf` lies ahead, by no more than the leeway.
    NOT_YET_VALID_WITHIN_LEEWAY = "claims.not-yet-valid-within-leeway";
    /// `nbf` has passed.
    STARTED = "claims.started";
    /// `iat` lies ahead.
    ISSUED_IN_FUTURE = "claims.issued-in-future";
    /// `iat` lies ahead, by no more than the leeway.
    ISSUED_IN_FUTURE_WITHIN_LEEWAY = "claims.issued-in-future-within-leeway";
    /// `iat` has passed.
    ISSUED = "claims.issued";
    /// `auth_time` lies ahead.
    SIGNED_IN_IN_FUTURE = "claims.signed-in-in-future";
    /// `auth_time` has passed.
    SIGNED_IN = "claims.signed-in";
    /// A time counts milliseconds or less, not seconds.
    TIME_MILLISECONDS = "claims.time-milliseconds";
    /// A time lies outside the years 1 to 9999.
    TIME_OUT_OF_RANGE = "claims.time-out-of-range";
    /// A time is text that can be read as one.
    TIME_AS_TEXT = "claims.time-as-text";
    /// A time is no number.
    TIME_TYPE = "claims.time-type";

    /// `iss` is an accepted one.
    ISSUER = "claims.issuer";
    /// No issuer is expected.
    ISSUER_NOT_COMPARED = "claims.issuer-not-compared";
    /// `iss` is none of the accepted ones.
    ISSUER_MISMATCH = "claims.issuer-mismatch";
    /// There is no `iss`.
    ISSUER_MISSING = "claims.issuer-missing";
    /// `iss` is no string.
    ISSUER_TYPE = "claims.issuer-type";
    /// White space around one of the two issuers.
    ISSUER_WHITESPACE = "claims.issuer-whitespace";
    /// The expected issuer lacks the slash that every Auth0 issuer ends with.
    ISSUER_AUTH0_SLASH = "claims.issuer-auth0-slash";
    /// The expected issuer is the address of the metadata.
    ISSUER_METADATA_URL = "claims.issuer-metadata-url";
    /// One of the two issuers ends with a slash.
    ISSUER_TRAILING_SLASH = "claims.issuer-trailing-slash";
    /// One issuer begins with `http`, the other with `https`.
    ISSUER_SCHEME = "claims.issuer-scheme";
    /// One issuer is a URL, the other the same without `https://`.
    ISSUER_NO_SCHEME = "claims.issuer-no-scheme";
    /// The issuers differ in upper and lower case alone.
    ISSUER_CASE = "claims.issuer-case";
    /// The expected issuer is the host of Okta's admin console.
    ISSUER_OKTA_ADMIN = "claims.issuer-okta-admin";
    /// The token comes from the Okta org server, a custom server is expected.
    ISSUER_OKTA_ORG = "claims.issuer-okta-org";
    /// The token comes from a custom Okta server, the org server is expected.
    ISSUER_OKTA_CUSTOM = "claims.issuer-okta-custom";
    /// The token comes from another custom server of the same Okta org.
    ISSUER_OKTA_SERVER = "claims.issuer-okta-server";
    /// An Entra v1 token where a v2 token is expected, or the reverse.
    ISSUER_ENTRA_VERSION = "claims.issuer-entra-version";
    /// The expected Entra issuer has a placeholder where the tenant belongs.
    ISSUER_ENTRA_PLACEHOLDER = "claims.issuer-entra-placeholder";
    /// Another Entra tenant.
    ISSUER_ENTRA_TENANT = "claims.issuer-entra-tenant";
    /// Keycloak's `/auth` before `/realms` on one side alone.
    ISSUER_KEYCLOAK_AUTH = "claims.issuer-keycloak-auth";
    /// Another realm of the same Keycloak server.
    ISSUER_KEYCLOAK_REALM = "claims.issuer-keycloak-realm";
    /// The same host with another port.
    ISSUER_PORT = "claims.issuer-port";
    /// The same path on another host.
    ISSUER_HOST = "claims.issuer-host";

    /// `aud` names an accepted audience.
    AUDIENCE = "claims.audience";
    /// No audience is expected.
    AUDIENCE_NOT_COMPARED = "claims.audience-not-compared";
    /// `aud` names none of the accepted audiences.
    AUDIENCE_MISMATCH = "claims.audience-mismatch";
    /// There is no `aud`.
    AUDIENCE_MISSING = "claims.audience-missing";
    /// `aud` is an empty array.
    AUDIENCE_EMPTY = "claims.audience-empty";
    /// `aud` is neither a string nor an array.
    AUDIENCE_TYPE = "claims.audience-type";
    /// An item of `aud` is no string.
    AUDIENCE_ITEM_TYPE = "claims.audience-item-type";
    /// An ID token where an access token belongs.
    AUDIENCE_ID_TOKEN = "claims.audience-id-token";
    /// White space around one of the two audiences.
    AUDIENCE_WHITESPACE = "claims.audience-whitespace";
    /// One of the two audiences ends with a slash.
    AUDIENCE_TRAILING_SLASH = "claims.audience-trailing-slash";
    /// The audiences differ in upper and lower case alone.
    AUDIENCE_CASE = "claims.audience-case";
    /// One audience begins with `http`, the other with `https`.
    AUDIENCE_SCHEME = "claims.audience-scheme";
    /// One of the two audiences begins with `api://`.
    AUDIENCE_API_PREFIX = "claims.audience-api-prefix";
    /// The audience of Okta's ready-made server.
    AUDIENCE_OKTA_DEFAULT = "claims.audience-okta-default";
    /// The audience of tokens for Okta's own API.
    AUDIENCE_OKTA_ORG = "claims.audience-okta-org";
    /// Keycloak's `account`.
    AUDIENCE_KEYCLOAK_ACCOUNT = "claims.audience-keycloak-account";
    /// Auth0's `/userinfo` and no API.
    AUDIENCE_AUTH0_USERINFO = "claims.audience-auth0-userinfo";
    /// A token for Microsoft Graph.
    AUDIENCE_GRAPH = "claims.audience-graph";
    /// An application's GUID on one side, its URI on the other.
    AUDIENCE_URI_OR_ID = "claims.audience-uri-or-id";
    /// Cognito access tokens have no `aud`.
    AUDIENCE_COGNITO = "claims.audience-cognito";

    /// The token was issued to the expected client.
    CLIENT = "claims.client";
    /// No client id is expected.
    CLIENT_NOT_COMPARED = "claims.client-not-compared";
    /// The token was issued to another client.
    CLIENT_MISMATCH = "claims.client-mismatch";
    /// The claims that name the client contradict each other.
    CLIENT_CONFLICT = "claims.client-conflict";
    /// No claim names the client.
    CLIENT_MISSING = "claims.client-missing";
    /// A claim that names the client is no string.
    CLIENT_TYPE = "claims.client-type";
    /// An ID token for several audiences without `azp`.
    CLIENT_AZP_MISSING = "claims.client-azp-missing";

    /// `nonce` is the expected one.
    NONCE = "claims.nonce";
    /// No nonce is expected.
    NONCE_NOT_COMPARED = "claims.nonce-not-compared";
    /// `nonce` is another one.
    NONCE_MISMATCH = "claims.nonce-mismatch";
    /// There is no `nonce`.
    NONCE_MISSING = "claims.nonce-missing";
    /// `nonce` is no string.
    NONCE_TYPE = "claims.nonce-type";
    /// `nonce` is the SHA-256 hash of the expected one.
    NONCE_HASHED = "claims.nonce-hashed";

    /// All required scopes are granted.
    SCOPES = "claims.scopes";
    /// No scope is required.
    SCOPES_NOT_COMPARED = "claims.scopes-not-compared";
    /// A required scope is not granted.
    SCOPE_MISSING = "claims.scope-missing";
    /// No claim lists scopes.
    SCOPE_ABSENT = "claims.scope-absent";
    /// A claim that lists scopes is neither text nor a list of texts.
    SCOPE_TYPE = "claims.scope-type";
    /// `scope` is an array.
    SCOPE_ARRAY = "claims.scope-array";
    /// Scopes are separated by commas.
    SCOPE_COMMAS = "claims.scope-commas";
    /// A required scope is granted in other upper and lower case.
    SCOPE_CASE = "claims.scope-case";
    /// A required scope is granted without the resource's address before it, or with it.
    SCOPE_PREFIX = "claims.scope-prefix";
    /// A required scope stands among the roles or permissions.
    SCOPE_IN_ROLES = "claims.scope-in-roles";
    /// An ID token, which grants no scopes.
    SCOPE_ID_TOKEN = "claims.scope-id-token";

    /// A required claim is as expected.
    REQUIRED = "claims.required";
    /// A required claim is absent.
    REQUIRED_MISSING = "claims.required-missing";
    /// A required claim has another value.
    REQUIRED_VALUE = "claims.required-value";
    /// A required claim does not contain the value.
    REQUIRED_CONTAINS = "claims.required-contains";
    /// A required value is there in other upper and lower case.
    REQUIRED_CASE = "claims.required-case";
    /// The groups were too many for the token.
    REQUIRED_OVERAGE = "claims.required-overage";

    /// Nothing in a token says whether it was revoked.
    REVOCATION_UNKNOWN = "claims.revocation-unknown";
}
