//! Examples, one for each kind of evidence.

use super::{View, source};
use crate::page::expectations::set_value;

struct Example {
    name: &'static str,
    text: &'static str,
    /// The form's values, in the order of [`source::FIELDS`].
    form: [&'static str; 5],
}

const EXAMPLES: [Example; 4] = [
    Example {
        name: "curl",
        text: include_str!("examples/curl.txt"),
        form: [
            "http://localhost:3000",
            "https://dev-1234.okta.com/api/v1/sessions/me",
            "GET",
            "include",
            "x-okta-user-agent-extended",
        ],
    },
    Example { name: "console", text: include_str!("examples/console.txt"), form: ["", "", "", "", ""] },
    Example {
        name: "origins",
        text: include_str!("examples/origins.txt"),
        form: ["https://app.example", "", "", "", ""],
    },
    Example {
        name: "allowed",
        text: include_str!("examples/allowed.txt"),
        form: ["https://app.example", "https://dev-1234.okta.com/oauth2/default/v1/keys", "GET", "", ""],
    },
];

impl View {
    pub(super) fn load_example(&mut self, name: &str) {
        let Some(example) = EXAMPLES.iter().find(|example| example.name == name) else { return };
        for (id, text) in source::FIELDS.into_iter().zip(example.form) {
            set_value(id, text);
        }
        source::choose(if name == "allowed" { "curl" } else { name });
        self.paint_source();
        self.replace_text(example.text.trim_end());
        // The button that was pressed is gone.
        super::focus("cors-headline");
    }
}
