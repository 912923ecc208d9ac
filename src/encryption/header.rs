//! The header of a token to be: what it says to do, and the parameters that are added to it.

use super::code;
use crate::finding::{Fact, Finding};
use crate::jose::encryption::{Compression, ContentEncryption, KeyManagement};
use crate::jose::{base64url, pointer};
use crate::json::{self, Document, Kind, quoted};

/// A header as it was written, read.
pub struct Header {
    document: Document,
    pub management: &'static KeyManagement,
    pub content: &'static ContentEncryption,
    pub compressed: bool,
}

impl Header {
    pub fn read(text: &str) -> Result<Header, Finding> {
        let document = json::read(text.as_bytes().to_vec());
        let is_object = document.root.as_ref().is_some_and(|root| matches!(root.kind, Kind::Object(_)));
        if !document.is_json() || !is_object {
            return Err(Finding::error(code::HEADER, "/header"));
        }
        let name = |parameter: &'static str| match document.string(parameter) {
            Some(name) => Ok(name),
            None => Err(about(code::PARAMETER_MISSING, parameter)),
        };
        let unknown = |parameter: &'static str, name: &str| about(code::NAME_UNKNOWN, parameter).text("found", name);
        let (algorithm, encryption) = (name("alg")?, name("enc")?);
        let management = KeyManagement::named(algorithm).ok_or_else(|| unknown("alg", algorithm))?;
        let content = ContentEncryption::named(encryption).ok_or_else(|| unknown("enc", encryption))?;
        let compressed = match document.member("zip") {
            None => false,
            Some(value) => {
                let found = value.as_str().map_or_else(|| document.raw(value), str::to_owned);
                Compression::named(&found).map(|_| true).ok_or_else(|| unknown("zip", &found))?
            }
        };
        Ok(Header { management, content, compressed, document })
    }

    /// The bytes of a parameter in base64url; `None` where it is absent.
    pub fn bytes(&self, parameter: &'static str) -> Result<Option<Vec<u8>>, Finding> {
        let Some(value) = self.document.member(parameter) else { return Ok(None) };
        let decoded = value.as_str().map(base64url::decode).filter(|decoded| decoded.faults.is_empty());
        decoded.map(|decoded| Some(decoded.bytes)).ok_or_else(|| about(code::PARAMETER_VALUE, parameter))
    }

    /// A positive number, of at most so much; `None` where it is absent.
    pub fn count(&self, parameter: &'static str, most: u32) -> Result<Option<u32>, Finding> {
        let Some(value) = self.document.member(parameter) else { return Ok(None) };
        let count = self.document.raw(value).parse().ok().filter(|count| (1..=most).contains(count));
        count.map(Some).ok_or_else(|| about(code::PARAMETER_VALUE, parameter))
    }

    /// Refuses a header that has what only encrypting can make.
    pub fn without(&self, parameters: &[&'static str]) -> Result<(), Finding> {
        match parameters.iter().find(|parameter| self.document.member(parameter).is_some()) {
            Some(parameter) => Err(about(code::PARAMETER_MADE, parameter)),
            None => Ok(()),
        }
    }

    /// The text with more members behind the last one, every other byte as it was.
    pub fn with(&self, added: &[(&str, String)]) -> Vec<u8> {
        let bytes = &self.document.bytes;
        let Some(root) = self.document.root.as_ref().filter(|_| !added.is_empty()) else { return bytes.clone() };
        let last = root.members().last().map(|member| member.value.span.end);
        let at = last.unwrap_or(root.span.start + 1);
        let (before, behind) = bytes.split_at_checked(at).unwrap_or((bytes, &[]));
        let mut text = before.to_vec();
        let mut comma = last.is_some();
        for (name, value) in added {
            if std::mem::replace(&mut comma, true) {
                text.push(b',');
            }
            text.extend_from_slice(quoted(name).as_bytes());
            text.push(b':');
            text.extend_from_slice(value.as_bytes());
        }
        text.extend_from_slice(behind);
        text
    }
}

fn about(code: crate::finding::Code, parameter: &str) -> Finding {
    Finding::error(code, pointer("/header", parameter)).with("parameter", Fact::Text(parameter.to_owned()))
}
