//! What is said of a request beside a text that tells of it: the second argument of `explainCors`.

use super::{Given, OptionFault, fault, text};
use crate::cors::Credentials;
use crate::cors::explain::Form;

const NAMES: &str = "origin, url, method, headers and credentials";

/// Why such a form can't be used.
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

/// Reads a form. Nothing leaves everything open.
///
/// # Errors
///
/// The first option that is unknown or of the wrong type.
///
/// ```
/// use tokenscope::options::{Given, cors_form::read};
/// let given = Given::Object(vec![("orign".to_owned(), Given::Text("https://app.example".to_owned()))]);
/// let fault = read(&given).unwrap_err().to_string();
/// assert_eq!(fault, "there is no option orign; the options are origin, url, method, headers and credentials");
/// ```
pub fn read(given: &Given) -> Result<Form, FormFault> {
    let members = match given {
        Given::Nothing => return Ok(Form::default()),
        Given::Object(members) => members,
        _ => return Err(FormFault(OptionFault::NotAnObject)),
    };
    let mut form = Form::default();
    for (name, value) in members.iter().filter(|(_, value)| *value != Given::Nothing) {
        take(&mut form, name, value).map_err(FormFault)?;
    }
    Ok(form)
}

fn take(form: &mut Form, name: &str, value: &Given) -> Result<(), OptionFault> {
    match name {
        "origin" => form.origin = text(name, value)?,
        "url" => form.url = text(name, value)?,
        "method" => form.method = text(name, value)?,
        "headers" => form.headers = text(name, value)?,
        "credentials" => {
            form.credentials = Some(match text(name, value)?.as_str() {
                "omit" => Credentials::Omit,
                "same-origin" => Credentials::SameOrigin,
                "include" => Credentials::Include,
                _ => return Err(fault(name, "\"omit\", \"same-origin\" or \"include\"")),
            });
        }
        unknown => return Err(OptionFault::Unknown(unknown.to_owned())),
    }
    Ok(())
}
