//! HTTP messages as values: header lists with the operations of the Fetch standard, and answers.
//!
//! A header value is text here. Where it came as bytes, each byte is the character of that number ("isomorphic decode",
//! [Infra](https://infra.spec.whatwg.org/#isomorphic-decode)), so that nothing is lost and lengths are lengths in bytes.

pub mod text;

/// A list of headers as received: order, spelling and repetitions are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headers(pub Vec<(String, String)>);

impl Headers {
    /// The combined value of every header of that name, joined by `, `: the Fetch standard's
    /// [get](https://fetch.spec.whatwg.org/#concept-header-list-get). Names are compared without regard to case.
    ///
    /// ```
    /// let mut headers = tokenscope::http::Headers::default();
    /// headers.push("Vary", "Origin");
    /// headers.push("vary", "Accept");
    /// assert_eq!(headers.combined("VARY").as_deref(), Some("Origin, Accept"));
    /// assert_eq!(headers.combined("Age"), None);
    /// ```
    pub fn combined(&self, name: &str) -> Option<String> {
        let mut combined: Option<String> = None;
        for value in self.values(name) {
            match &mut combined {
                None => combined = Some(value.to_owned()),
                Some(text) => {
                    text.push_str(", ");
                    text.push_str(value);
                }
            }
        }
        combined
    }

    /// Every value of that name, in order.
    pub fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let named = self.0.iter().filter(move |(other, _)| other.eq_ignore_ascii_case(name));
        named.map(|(_, value)| value.as_str())
    }

    /// Whether there is a header of that name.
    pub fn has(&self, name: &str) -> bool {
        self.values(name).next().is_some()
    }

    /// Adds a header behind the others.
    pub fn push(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.push((name.into(), value.into()));
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Headers {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(headers: I) -> Headers {
        Headers(headers.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}

/// The status and the headers of an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// Its headers.
    pub headers: Headers,
}

/// A token: what methods and names of headers are made of ([RFC 9110 §5.6.2](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2)).
pub fn is_token(text: &str) -> bool {
    let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(token)
}
