//! The codes of the lint.

crate::codes! {
    /// `alg` is a registered name in other upper and lower case.
    ALGORITHM_CASE = "lint.algorithm-case";
    /// `alg` is `none` in another spelling.
    NONE_SPELLED = "lint.none-spelled";
    /// `alg` is `EdDSA`, which leaves the curve open.
    ALGORITHM_EDDSA = "lint.algorithm-eddsa";
    /// A token by an issuer that signs with private keys alone is signed with a secret.
    SECRET_ALGORITHM = "lint.secret-algorithm";
    /// The key that the token names is published for another algorithm.
    ALGORITHM_OF_KEY = "lint.algorithm-of-key";

    /// The header has the address of a key that nobody should follow.
    KEY_ADDRESS = "lint.key-address";
    /// The header has the address of a key on another host than the issuer's.
    KEY_ADDRESS_FOREIGN = "lint.key-address-foreign";
    /// The key in the header is a private one.
    PRIVATE_KEY = "lint.private-key";
    /// `kid` looks like a path.
    KID_PATH = "lint.kid-path";
    /// `kid` looks like a piece of SQL.
    KID_SQL = "lint.kid-sql";
    /// `kid` looks like a command or a template.
    KID_COMMAND = "lint.kid-command";
    /// `kid` is an address.
    KID_URL = "lint.kid-url";
    /// `kid` has a control character in it.
    KID_CONTROL = "lint.kid-control";
    /// `kid` is very long.
    KID_LONG = "lint.kid-long";
    /// `crit` lists a parameter that every reader knows.
    CRIT_REGISTERED = "lint.crit-registered";
    /// `crit` lists a parameter that is not there.
    CRIT_ABSENT = "lint.crit-absent";
    /// `b64` is there, and `crit` does not list it.
    B64_NOT_CRITICAL = "lint.b64-not-critical";
    /// Nothing but their use tells an access token from an ID token.
    TYPE_CONFUSABLE = "lint.type-confusable";

    /// The password of a JWE is hashed too often.
    ITERATIONS_MANY = "lint.iterations-many";
    /// The password of a JWE is hashed too rarely.
    ITERATIONS_FEW = "lint.iterations-few";
    /// A JWE whose key is encrypted with RSAES-PKCS1-v1_5.
    RSA1_5 = "lint.rsa1-5";
    /// A JWE with a compressed content.
    COMPRESSED = "lint.compressed";
    /// A JWE that anybody can make.
    ENCRYPTED_BY_ANYONE = "lint.encrypted-by-anyone";

    /// There is no `iss`.
    ISSUER_MISSING = "lint.issuer-missing";
    /// There is no `aud`.
    AUDIENCE_MISSING = "lint.audience-missing";
    /// `iss` is an http address.
    ISSUER_HTTP = "lint.issuer-http";
    /// `aud` has very many entries.
    AUDIENCE_MANY = "lint.audience-many";
    /// `aud` has a wildcard.
    AUDIENCE_WILDCARD = "lint.audience-wildcard";
    /// `sub` is longer than 255 characters.
    SUBJECT_LONG = "lint.subject-long";
    /// A scope is a wildcard.
    SCOPE_WILDCARD = "lint.scope-wildcard";
    /// Claims that identify something are empty.
    CLAIMS_EMPTY = "lint.claims-empty";
    /// The lifetime is longer than usual for the kind of token.
    LIFETIME_LONG = "lint.lifetime-long";
    /// The lifetime is a year or more.
    LIFETIME_YEARS = "lint.lifetime-years";

    /// Personal data in a payload that everybody can read.
    PERSONAL_DATA = "lint.personal-data";
    /// A number of an authority or a bank.
    OFFICIAL_NUMBER = "lint.official-number";
    /// What looks like the number of a payment card.
    CARD_NUMBER = "lint.card-number";
    /// A password.
    PASSWORD = "lint.password";
    /// A secret, an API key or a private key.
    SECRET = "lint.secret";
    /// Another token.
    TOKEN = "lint.token";

    /// Signed with a secret that everybody knows.
    WELL_KNOWN_SECRET = "lint.well-known-secret";
    /// The typed secret is easy to guess.
    SECRET_GUESSABLE = "lint.secret-guessable";

    /// What gateways refuse.
    GATEWAY_REFUSES = "lint.gateway-refuses";
    /// Larger than the headers that servers take.
    TOO_LARGE_FOR_HEADERS = "lint.too-large-for-headers";
}
