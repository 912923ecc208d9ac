//! What is said of an answer beside its text: the second argument of `explainResponse`.

use super::{Given, OptionFault, fault, number, text};
use crate::response_doctor::Case;
use crate::time::Time;

const NAMES: &str = "token, request, registered and now";

/// What stands beside an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Beside {
    /// The token that was sent.
    pub token: String,
    /// The request: its line, a curl command, or its head.
    pub request: String,
    /// The redirect URIs that are registered, one a line.
    pub registered: String,
    /// The time to explain it for; `None` for the clock's.
    pub now: Option<Time>,
}

impl Beside {
    /// The case of an answer and of what stands beside it.
    pub fn case(self, answer: String) -> Case {
        Case { answer, request: self.request, token: self.token, registered: self.registered }
    }
}

/// Why such options can't be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormFault(OptionFault);

impl std::fmt::Display for FormFault {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.0 {
            OptionFault::Unknown(name) => ["there is no option ", name, "; the options are ", NAMES]
                .iter()
                .try_for_each(|part| formatter.write_str(part)),
            other => other.fmt(formatter),
        }
    }
}

/// Reads what stands beside an answer. Nothing leaves everything open.
///
/// # Errors
///
/// The first option that is unknown or of the wrong type.
///
/// ```
/// use tokenscope::options::{Given, response_form::read};
/// let given = Given::Object(vec![("tokn".to_owned(), Given::Text("eyJ".to_owned()))]);
/// let fault = read(&given).unwrap_err().to_string();
/// assert_eq!(fault, "there is no option tokn; the options are token, request, registered and now");
/// ```
pub fn read(given: &Given) -> Result<Beside, FormFault> {
    let members = match given {
        Given::Nothing => return Ok(Beside::default()),
        Given::Object(members) => members,
        _ => return Err(FormFault(OptionFault::NotAnObject)),
    };
    let mut beside = Beside::default();
    for (name, value) in members.iter().filter(|(_, value)| *value != Given::Nothing) {
        take(&mut beside, name, value).map_err(FormFault)?;
    }
    Ok(beside)
}

fn take(beside: &mut Beside, name: &str, value: &Given) -> Result<(), OptionFault> {
    match name {
        "token" => beside.token = text(name, value)?,
        "request" => beside.request = text(name, value)?,
        "registered" => beside.registered = lines(name, value)?,
        "now" => beside.now = Some(Time::from_milliseconds((number(name, value)? * 1000.0) as i64)),
        unknown => return Err(OptionFault::Unknown(unknown.to_owned())),
    }
    Ok(())
}

/// A text, or a list of its lines.
fn lines(option: &str, value: &Given) -> Result<String, OptionFault> {
    let expected = "a string or a list of strings";
    match value {
        Given::List(items) => {
            let items: Result<Vec<String>, OptionFault> =
                items.iter().map(|item| text(option, item).map_err(|_| fault(option, expected))).collect();
            Ok(items?.join("\n"))
        }
        value => text(option, value).map_err(|_| fault(option, expected)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(name: &str, value: Given) -> Given {
        Given::Object(vec![(name.to_owned(), value)])
    }

    fn text(text: &str) -> Given {
        Given::Text(text.to_owned())
    }

    #[test]
    fn what_stands_beside_an_answer_is_read() {
        let given = Given::Object(vec![
            ("token".to_owned(), text("eyJ")),
            ("request".to_owned(), text("GET /")),
            ("registered".to_owned(), Given::List(vec![text("https://a.example"), text("https://b.example")])),
            ("now".to_owned(), Given::Number(1_795_183_200.5)),
        ]);
        let beside = read(&given).unwrap();
        assert_eq!(beside.now, Some(Time::from_milliseconds(1_795_183_200_500)));
        let case = beside.case("HTTP/1.1 401".to_owned());
        assert_eq!((case.token.as_str(), case.request.as_str()), ("eyJ", "GET /"));
        assert_eq!(case.registered, "https://a.example\nhttps://b.example");
        assert_eq!(case.answer, "HTTP/1.1 401");
        assert_eq!(read(&Given::Nothing), Ok(Beside::default()));
    }

    #[test]
    fn a_wrong_option_is_named() {
        let check = |value: Given, expected: &str| {
            assert_eq!(read(&value).map_err(|fault| fault.to_string()), Err(expected.to_owned()));
        };
        check(
            given("Token", text("x")),
            "there is no option Token; the options are token, request, registered and now",
        );
        check(given("token", Given::Number(1.0)), "expected the option token to be a string");
        check(given("now", text("x")), "expected the option now to be a number of seconds");
        let expected = "expected the option registered to be a string or a list of strings";
        check(given("registered", Given::List(vec![Given::Bool(true)])), expected);
        check(given("registered", Given::Bool(true)), expected);
        check(text("x"), "expected the options to be an object");
    }
}
