//! Keys whose private halves everybody knows.

use std::sync::OnceLock;

use super::code;
use crate::finding::Finding;
use crate::json::{self, Document, Value};
use crate::key::{Material, thumbprint};

/// Says where a key is known from.
pub(super) fn known(material: &Material) -> Option<Finding> {
    let thumbprint = thumbprint::of(material)?;
    let groups = table().member("groups").map_or(&[][..], Value::items);
    let has = |group: &&Value| {
        let all = group.member("thumbprints").map_or(&[][..], Value::items);
        all.iter().any(|one| one.as_str() == Some(&thumbprint))
    };
    let known = groups.iter().find(has)?.member("known")?.as_str()?;
    Some(Finding::warning(code::KNOWN, "/keys").with("place", crate::finding::Fact::Words(known)))
}

fn table() -> &'static Document {
    static TABLE: OnceLock<Document> = OnceLock::new();
    TABLE.get_or_init(|| json::read(include_bytes!("../../data/known_keys.json").to_vec()))
}
