//! Certificates ([RFC 5280 §4.1](https://www.rfc-editor.org/rfc/rfc5280#section-4.1)), read only for the key inside.
//!
//! No signature, chain or validity is checked: a certificate proves nothing here, and the findings say so.

use super::Certificate;
use super::der::{self, Element, INTEGER, OBJECT_IDENTIFIER, SEQUENCE, SET, Structure};
use crate::time::Time;

/// `id-at-commonName`
const COMMON_NAME: &[u8] = b"\x55\x04\x03";
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;

/// Reads TBSCertificate: `[0] version` may be missing, then serial number, signature algorithm, issuer, validity,
/// subject and key follow.
pub(super) fn certificate(signed: &Element) -> Option<Structure> {
    let fields = der::elements(signed.content)?;
    let fields = match fields.as_slice() {
        [version, rest @ ..] if version.tag == 0xa0 => rest,
        all => all,
    };
    let [serial, _signature, _issuer, validity, subject, key, ..] = fields else { return None };
    if serial.tag != INTEGER || key.tag != SEQUENCE {
        return None;
    }
    let key = der::elements(key.content)?;
    let [algorithm, bits] = key.as_slice() else { return None };
    let times = der::elements(validity.content).unwrap_or_default();
    let certificate = Certificate {
        subject: attribute(subject, COMMON_NAME),
        not_before: times.first().and_then(time),
        not_after: times.get(1).and_then(time),
    };
    Some(Structure {
        label: "CERTIFICATE",
        is_private: false,
        key: der::subject_public_key(algorithm, der::bits(bits)),
        certificate: Some(certificate),
    })
}

/// A Name is a sequence of sets of pairs; the last one of a kind is the most specific.
pub(super) fn attribute(name: &Element, kind: &[u8]) -> Option<String> {
    let sets = der::elements(name.content)?;
    let pairs = sets.iter().filter(|set| set.tag == SET).filter_map(|set| der::elements(set.content)).flatten();
    let mut values = pairs.filter_map(|pair| match der::elements(pair.content)?.as_slice() {
        [identifier, value] if identifier.tag == OBJECT_IDENTIFIER && identifier.content == kind => {
            Some(String::from_utf8_lossy(value.content).into_owned())
        }
        _ => None,
    });
    values.next_back()
}

/// `YYMMDDHHMMSSZ`, where years from 50 on are 19YY, or `YYYYMMDDHHMMSSZ`.
pub(super) fn time(element: &Element) -> Option<Time> {
    let (century, rest) = match (element.tag, element.content) {
        (UTC_TIME, text) => (if *text.first()? < b'5' { 2000 } else { 1900 }, text),
        (GENERALIZED_TIME, text) => (digits(text.get(..2)?)? * 100, text.get(2..)?),
        _ => return None,
    };
    let pair = |index: usize| digits(rest.get(index * 2..index * 2 + 2)?);
    let (year, month, day) = (century + pair(0)?, pair(1)?, pair(2)?);
    if rest.get(12) != Some(&b'Z') || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    // Days since 1970-01-01, counted in years that begin in March, so that a leap day is the last of its year.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 719_469;
    Some(Time::from_seconds(days * 86_400 + pair(3)? * 3600 + pair(4)? * 60 + pair(5)?))
}

fn digits(text: &[u8]) -> Option<i64> {
    let digit = |number: i64, byte: &u8| byte.is_ascii_digit().then(|| number * 10 + i64::from(byte - b'0'));
    text.iter().try_fold(0, digit)
}
