//! What challenges are made of: schemes, parameters, and the classes of characters.

/// Schemes that are taken for the beginning of a challenge even where no comma stands before them: those of the
/// [registry](https://www.iana.org/assignments/http-authschemes) and a few that are in use without it.
const SCHEMES: [&str; 14] = [
    "Basic",
    "Bearer",
    "Digest",
    "DPoP",
    "GNAP",
    "HOBA",
    "Kerberos",
    "MAC",
    "Mutual",
    "Negotiate",
    "NTLM",
    "OAuth",
    "PrivateToken",
    "SSWS",
];

/// Parameters by which a value that has lost its closing quote is told from one with quotes inside, and a parameter
/// without a value from a token68.
const PARAMETERS: [&str; 15] = [
    "acr_values",
    "algs",
    "authorization_uri",
    "claims",
    "client_id",
    "error",
    "error_description",
    "error_uri",
    "max_age",
    "realm",
    "resource",
    "resource_id",
    "resource_metadata",
    "scope",
    "trusted_issuers",
];

/// The length of the longest of them.
pub const LONGEST_PARAMETER: usize = 17;

/// Whether a word is one of these schemes.
pub fn is_scheme(word: &str) -> bool {
    SCHEMES.iter().any(|scheme| scheme.eq_ignore_ascii_case(word))
}

/// Whether a name is one of these parameters.
pub fn is_parameter(name: &str) -> bool {
    PARAMETERS.iter().any(|parameter| parameter.eq_ignore_ascii_case(name))
}

/// What tokens and token68 are made of, the padding aside.
pub fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~/".contains(&byte)
}

/// White space, line breaks included: a line that was folded is one.
pub fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

/// The typographic quotes that stand in the place of those of ASCII.
pub fn is_curly(quote: char) -> bool {
    matches!(quote, '“' | '”' | '„' | '‟' | '″')
}

/// A text with each fold of the line, and the space around it, made one space
/// ([RFC 9112 §5.2](https://www.rfc-editor.org/rfc/rfc9112#section-5.2)).
pub fn unfolded(text: &str) -> String {
    if !text.bytes().any(|byte| matches!(byte, b'\r' | b'\n')) {
        return text.to_owned();
    }
    let mut whole = String::with_capacity(text.len());
    for (number, line) in text.split(['\r', '\n']).enumerate() {
        let line = if number > 0 { line.trim_start_matches([' ', '\t']) } else { line };
        if number > 0 && !line.is_empty() {
            whole.truncate(whole.trim_end_matches([' ', '\t']).len());
            whole.push(' ');
        }
        whole.push_str(line);
    }
    whole
}
