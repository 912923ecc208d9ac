//! The short words of this view, by what they stand for.

use crate::browser::file::FileFault;
use crate::finding::Severity;
use crate::messages::{Prose, Span, Words};

/// The template that the view begins with.
pub const FIRST_TEMPLATE: &str = "plain";

/// The header of the first encrypted token.
pub const ENCRYPTED_HEADER: &str = "{\n  \"alg\": \"RSA-OAEP-256\",\n  \"enc\": \"A256GCM\"\n}";

/// What signs: the value of each choice and its name.
pub const CHOICES: [(&str, &str); 6] = [
    ("HS256", "HS256 secret"),
    ("RS256", "RS256"),
    ("ES256", "ES256"),
    ("EdDSA", "EdDSA"),
    ("other", "Other"),
    ("paste", "Paste key"),
];

/// The header of a token that holds a signed one.
pub const NESTED_HEADER: &str = "{\n  \"alg\": \"RSA-OAEP-256\",\n  \"enc\": \"A256GCM\",\n  \"cty\": \"JWT\"\n}";

/// Over that header, over the token inside, and over the key that decrypts.
pub const OUTER_HEADER: &str = "Header of the encrypted token";
/// See [`OUTER_HEADER`].
pub const INNER_TOKEN: &str = "The signed token inside ";
/// See [`OUTER_HEADER`].
pub const OUTER_KEY: &str = "The key of the encryption ";

/// What the copied regions are called.
pub const REGIONS: [(&str, &str); 4] = [
    ("inner-token", "Signed token inside"),
    ("inner-legend", "Parts of the signed token inside"),
    ("outer-public", "Key of the encryption"),
    ("outer-private", "Private key of the encryption"),
];

/// The forms of a public key.
pub const FORMS: [(&str, &str); 3] = [("jwks", "JWKS"), ("jwk", "JWK"), ("pem", "PEM")];

/// How the text of a secret stands for its bytes.
pub const ENCODINGS: [(&str, &str); 4] =
    [("utf8", "Text (UTF-8)"), ("base64", "Base64"), ("base64url", "Base64url"), ("hex", "Hexadecimal")];

/// What sets a member of the payload: the name with the seconds after now, and what the button says.
pub const HELPERS: [(&str, &str); 5] = [
    ("iat+0", "iat = now"),
    ("nbf+0", "nbf = now"),
    ("exp+300", "exp + 5 min"),
    ("exp+3600", "exp + 1 h"),
    ("jti", "random jti"),
];

/// The button that opens the list of templates.
pub const EXAMPLES: &str = "Start from an example";

/// The button that brings back what was cleared.
pub const UNDO: &str = "Undo clear";

/// The button that writes the public key into the header.
pub const JWK: &str = "jwk = key";

/// The buttons of the verdict.
pub const SIGN: &str = "Sign";
/// See [`SIGN`].
pub const COPY_TOKEN: &str = "Copy token";
/// See [`SIGN`].
pub const INSPECT: &str = "Open in Inspect";
/// See [`SIGN`].
pub const COPY: &str = "Copy";
/// The button of the private key.
pub const COPY_PRIVATE: &str = "Copy the private key";

/// The button that copies the token as a line of HTTP.
pub fn copy_header(is_proof: bool) -> &'static str {
    if is_proof { "Copy as DPoP header" } else { "Copy as Authorization header" }
}

/// What stands before a token in a header of HTTP.
pub fn field(is_proof: bool) -> &'static str {
    if is_proof { "DPoP: " } else { "Authorization: Bearer " }
}

/// Beside the counts of the verdict.
pub const NOTE: &str = "Updates as you type. Keys stay in memory and vanish with the tab.";

/// Over the key, and the label of its field.
pub struct Making {
    pub heading: &'static str,
    pub key: &'static str,
}

/// See [`Making`].
pub const SIGNING: Making = Making { heading: "Sign with", key: "Private key: JWK or PEM" };

/// See [`Making`].
pub const ENCRYPTING: Making =
    Making { heading: "Encrypt for", key: "The recipient’s public key: JWK, PEM or certificate" };

/// See [`Making`].
pub const NESTING: Making = Making { heading: "Then encrypt for", key: ENCRYPTING.key };

/// The button that changes what is made.
pub fn mode(encrypts: bool) -> &'static str {
    if encrypts { "Sign instead" } else { "Encrypt instead" }
}

/// The button that adds encryption to a signature, or takes it away.
pub fn nest(nested: bool) -> &'static str {
    if nested { "Only sign" } else { "Then encrypt" }
}

/// Beside what a token says: by the rules of which kind it is read.
pub fn read_as(kind: &str) -> String {
    ["read as: ", kind].concat()
}

/// On the button that makes a key.
pub fn generate(secret: Option<usize>, again: bool) -> String {
    match secret {
        Some(bytes) => ["Generate ", &bytes.to_string(), "-byte secret"].concat(),
        None if again => "Generate another key pair".to_owned(),
        None => "Generate key pair".to_owned(),
    }
}

/// The same while it is made.
pub const GENERATING: &str = "Generating…";

/// What a finding says, as a clause of the headline.
pub fn clause(words: &Words) -> Prose {
    let mut clause = words.brief.as_ref().unwrap_or(&words.problem).clone();
    // A sentence begins with a capital letter, which a name of capitals keeps.
    if let Some(Span::Text(text)) = clause.0.first_mut()
        && text.chars().nth(1).is_some_and(|second| second.is_lowercase() || second == ' ')
        && let Some(first) = text.get_mut(..1)
    {
        first.make_ascii_lowercase();
    }
    clause
}

/// What is the case as a whole sentence.
pub fn sentence(problem: &Prose) -> Prose {
    let mut sentence = problem.clone();
    sentence.push_text(".");
    sentence
}

/// Sentences one behind the other.
pub fn joined(sentences: impl Iterator<Item = Prose>) -> Prose {
    sentences.fold(Prose::default(), |mut all, sentence| {
        if !all.0.is_empty() {
            all.push_text(" ");
        }
        all.append(sentence);
        all
    })
}

/// The headline where there is no token; `reason` is a clause.
pub fn not_made(encrypts: bool, reason: Prose) -> Prose {
    let mut prose = Prose::text(if encrypts { "Not encrypted: " } else { "Not signed: " });
    prose.append(reason);
    prose
}

/// The headline of a token that has something against it.
pub fn but(done: &Prose, reason: Prose) -> Prose {
    let mut prose = done.clone();
    prose.push_text(", but ");
    prose.append(reason);
    prose
}

/// The state of a verdict: its icon, and the verdict that colours it.
pub fn verdict(severity: Severity) -> (&'static str, &'static str) {
    match severity {
        Severity::Error => ("fail", "rejected"),
        Severity::Warning => ("warn", "warned"),
        Severity::Info => ("skip", "undecided"),
        Severity::Ok => ("pass", "accepted"),
    }
}

/// How many warnings there are.
pub fn warnings(count: usize) -> String {
    [&count.to_string(), " warn"].concat()
}

/// How long a token is.
pub fn length(characters: usize) -> String {
    [characters.to_string().as_str(), if characters == 1 { " character" } else { " characters" }].concat()
}

/// Below the key for the API.
pub fn give(encrypts: bool, shared: bool) -> &'static str {
    match (encrypts, shared) {
        (_, true) => "A shared secret: who holds it can make such tokens as well as read them.",
        (false, false) => "The public half. It verifies and can’t sign; the private half stands below.",
        (true, false) => "The public half, for whoever encrypts. The API decrypts with the private half.",
    }
}

/// In the place of PEM.
pub const NO_PEM: &str = "No form of PEM is registered for this kind of key.";

/// Over the private key.
pub fn private(encrypts: bool) -> &'static str {
    if encrypts {
        "Who holds it can read what is encrypted for it. It is in this tab only, and “Forget everything” drops it."
    } else {
        "Who holds it can sign as you do. It is in this tab only, and “Forget everything” drops it."
    }
}

/// Why a file was not read.
pub fn file_fault(fault: FileFault) -> &'static str {
    match fault {
        FileFault::TooLarge => "The file is larger than 16 MiB",
        FileFault::Unreadable => "The browser could not read the file",
    }
}
