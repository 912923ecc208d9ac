//! The JavaScript API: `inspect(text, options)`. Values cross as plain objects; everything behind it is the same core
//! that the page uses.

use std::cell::RefCell;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeSeq, SerializeStruct, Serializer};
use wasm_bindgen::prelude::{JsError, JsValue, wasm_bindgen};

use crate::browser::driver;
use crate::inspect::Answers;
use crate::options::{self, Given};
use crate::report::json::{self, Node};

/// Inspects a text and resolves with its report (`docs/report.md`).
///
/// # Errors
///
/// Rejects with an `Error` that names the option, when there is no such option or it has another type. Nothing in the
/// text makes it reject.
#[wasm_bindgen(js_name = inspect)]
pub async fn inspect(text: String, options: JsValue) -> Result<JsValue, JsError> {
    let given: Given =
        serde_wasm_bindgen::from_value(options).map_err(|_| JsError::new("expected the options to be plain values"))?;
    let asked = options::read(&given).map_err(|fault| JsError::new(&fault.to_string()))?;
    let answers = RefCell::new(Answers::default());
    let report = driver::settle(&text, &asked.options, asked.now, &answers, &mut |_| {}).await;
    // What is absent is `null`, as the report is described, and as it is in JSON; by default it would be `undefined`.
    let serializer = serde_wasm_bindgen::Serializer::new().serialize_missing_as_null(true);
    json::node(&report, &text).serialize(&serializer).map_err(|_| JsError::new("the report could not be handed over"))
}

impl Serialize for Node {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Node::Null => serializer.serialize_none(),
            Node::Bool(flag) => serializer.serialize_bool(*flag),
            // JavaScript has no other number; positions, counts and seconds are all exact in it.
            Node::Number(number) => serializer.serialize_f64(*number as f64),
            Node::Text(text) => serializer.serialize_str(text),
            Node::List(items) => {
                let mut list = serializer.serialize_seq(Some(items.len()))?;
                for item in items {
                    list.serialize_element(item)?;
                }
                list.end()
            }
            Node::Object(members) => {
                let mut object = serializer.serialize_struct("", members.len())?;
                for (name, value) in members {
                    object.serialize_field(name, value)?;
                }
                object.end()
            }
        }
    }
}

impl<'de> Deserialize<'de> for Given {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Given, D::Error> {
        deserializer.deserialize_any(GivenVisitor)
    }
}

struct GivenVisitor;

impl<'de> Visitor<'de> for GivenVisitor {
    type Value = Given;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a plain value")
    }

    fn visit_unit<E>(self) -> Result<Given, E> {
        Ok(Given::Nothing)
    }

    fn visit_none<E>(self) -> Result<Given, E> {
        Ok(Given::Nothing)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Given, E> {
        Ok(Given::Bool(flag))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Given, E> {
        Ok(Given::Number(number))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Given, E> {
        Ok(Given::Number(number as f64))
    }

    fn visit_str<E>(self, text: &str) -> Result<Given, E> {
        Ok(Given::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Given, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Given::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Given, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = object.next_entry()? {
            members.push(member);
        }
        Ok(Given::Object(members))
    }
}
