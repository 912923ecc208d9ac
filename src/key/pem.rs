//! PEM ([RFC 7468](https://www.rfc-editor.org/rfc/rfc7468)), in the states in which it survives environment variables,
//! JSON, YAML and chat windows. What is repaired is said: other programs will not repair it.

use super::der::{self, Refusal, Structure};
use super::{Key, Material, Place, Reader, code, secret, ssh};
use crate::finding::{Fact, Finding};
use crate::jose::algorithm::Curve;
use crate::jose::base64url::{self, FaultKind};
use crate::text;

/// Whether a text has a PEM block.
pub(super) fn has_armour(text: &str) -> bool {
    blocks(text).next().is_some()
}

/// The bytes of the blocks of EC parameters in a text.
pub(super) fn parameters(text: &str) -> impl Iterator<Item = Vec<u8>> {
    let blocks = blocks(text).filter(|block| block.label == "EC PARAMETERS");
    blocks.map(|block| base64url::decode_standard(&plain(block.body)).bytes)
}

/// Reads every block of a text, or the whole of it as the inside of one.
pub(super) fn read(reader: &mut Reader, text: &str) {
    let mut any = false;
    for block in blocks(text) {
        any = true;
        if !reader.has_room() {
            return;
        }
        // OpenSSL writes the curve's name before the key, which has it inside.
        if !block.label.ends_with("PARAMETERS") {
            read_block(reader, &block);
        }
    }
    if any {
        return;
    }
    // Without its BEGIN line, a block is base64 that starts like DER and is one of the structures we know.
    let body = text::split_once(text, "-----").map_or(text, |(body, _)| body);
    let bytes = match secret::hexadecimal_octets(body) {
        Ok(octets) if octets.first() == Some(&der::SEQUENCE) => octets,
        _ => Some(base64url::decode_standard(&plain(body)))
            .filter(base64url::Decoded::is_unambiguous)
            .map_or_else(Vec::new, |decoded| decoded.bytes),
    };
    match der::recognise(&bytes) {
        Ok(structure) => {
            let (name, subject) = announce(reader);
            if structure.label != ssh::PUBLIC {
                let finding = Finding::warning(code::PEM_NO_ARMOUR, subject.clone());
                reader.findings.push(finding.text("label", structure.label));
            }
            return take(reader, structure, &bytes, name, subject);
        }
        Err(refusal @ Refusal::Cut(..)) if bytes.len() > 16 && bytes.first() == Some(&der::SEQUENCE) => {
            let (name, subject) = announce(reader);
            return refuse(reader, refusal, name, subject);
        }
        Err(_) => {}
    }
    reader.findings.push(Finding::error(code::NOT_RECOGNISED, "/keys"));
}

/// Takes the key out of bytes that have no armour, or another.
pub(super) fn take_recognised(reader: &mut Reader, bytes: &[u8]) {
    let (name, subject) = announce(reader);
    match der::recognise(bytes) {
        Ok(structure) => take(reader, structure, bytes, name, subject),
        Err(refusal) => refuse(reader, refusal, name, subject),
    }
}

/// A BEGIN line, and what follows it.
struct Block<'a> {
    label: &'a str,
    /// The label of its END line.
    end: &'a str,
    body: &'a str,
    /// Whether the hyphens around BEGIN are five each.
    is_framed: bool,
}

/// The blocks of a text. Dashes that an editor made of the hyphens, or hyphens that were lost, do not hide one.
fn blocks(text: &str) -> impl Iterator<Item = Block<'_>> {
    let is_label = |character: char| character.is_ascii_uppercase() || character.is_ascii_digit() || character == ' ';
    let is_dash = |character: char| matches!(character, '-' | '\u{2010}'..='\u{2015}');
    let mut rest = text;
    std::iter::from_fn(move || {
        loop {
            let (before, after) = text::split_once(rest, "BEGIN ")?;
            let label = after.split(|character| !is_label(character)).next()?.trim_end();
            let behind = after.get(label.len()..)?.trim_start_matches(' ');
            let body = behind.trim_start_matches(is_dash);
            rest = body;
            let is_framed = before.ends_with("-----")
                && !before.ends_with("------")
                && behind.starts_with("-----")
                && behind.len() - body.len() == 5;
            if !["KEY", "CERTIFICATE", "PARAMETERS", "BLOCK"].iter().any(|word| label.ends_with(word)) {
                continue;
            }
            let before_next = text::split_once(body, "BEGIN ").map_or(body, |(before, _)| before);
            let (body, behind) = text::split_once(before_next, "END ").unwrap_or((before_next, ""));
            let end = behind.split(|character| !is_label(character)).next()?.trim_end();
            return Some(Block { label, end, body: body.trim_end_matches(is_dash), is_framed });
        }
    })
}

fn read_block(reader: &mut Reader, block: &Block) {
    let (name, subject) = announce(reader);
    let mut warn = |code, needed: bool| {
        if needed {
            let finding = Finding::warning(code, subject.clone()).text("key", name.clone());
            reader.findings.push(finding.text("label", block.label));
        }
    };
    let escaped = text::contains(block.body, "\\n") || text::contains(block.body, "\\r");
    warn(code::PEM_ESCAPED, escaped);
    warn(code::PEM_ONE_LINE, !escaped && !block.body.trim_end().contains(['\n', '\r']));
    // RFC 4716 has four hyphens and a space, and lines with a colon before the key.
    let is_ssh = block.label == ssh::PUBLIC;
    warn(code::PEM_FRAME, !block.is_framed && !is_ssh);
    warn(code::PEM_NO_END, block.end.is_empty());
    let mut body = plain(block.body);
    if is_ssh {
        body.clear();
        block.body.lines().filter(|line| !line.contains(':')).for_each(|line| body.push_str(line.trim()));
    }
    // RFC 1421 §4.6: encrypted keys of the old kind say so in lines with a colon.
    if text::contains(block.body, "ENCRYPTED") {
        return refuse(reader, Refusal::Encrypted, name, subject);
    }
    let decoded = base64url::decode_standard(&body);
    if !decoded.is_unambiguous() {
        let fatal = |kind: &FaultKind| matches!(kind, FaultKind::NotBase64(_) | FaultKind::ImpossibleLength);
        let fault = decoded.faults.iter().find(|fault| fatal(&fault.kind));
        let mut finding = Finding::error(code::PEM_NOT_BASE64, subject).text("key", name).text("label", block.label);
        if let Some(FaultKind::NotBase64(character)) = fault.map(|fault| fault.kind) {
            finding.code = code::PEM_CHARACTER;
            finding = finding.text("character", character.to_string());
        }
        reader.findings.push(finding);
        return;
    }
    match der::recognise(&decoded.bytes) {
        Err(refusal) => refuse(reader, refusal, name, subject),
        Ok(structure) => {
            // OpenSSL also writes "X509 CERTIFICATE" and "TRUSTED CERTIFICATE".
            let is_certificate = structure.certificate.is_some() && block.label.ends_with(structure.label);
            let begins_wrong = block.label != structure.label && !is_certificate;
            let ends_wrong = !block.end.is_empty() && block.end != block.label;
            if begins_wrong || ends_wrong {
                let label = if begins_wrong { block.label } else { block.end };
                let finding = Finding::warning(code::PEM_LABEL, subject.clone()).text("key", name.clone());
                reader.findings.push(finding.text("found", label).text("expected", structure.label));
            }
            take(reader, structure, &decoded.bytes, name, subject);
        }
    }
}

fn announce(reader: &mut Reader) -> (String, String) {
    let subject = reader.next_subject();
    (reader.next_name(), subject)
}

/// The body without what shells, JSON and source code put around and between its lines.
fn plain(body: &str) -> String {
    let mut plain = String::with_capacity(body.len());
    let mut characters = body.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' => {
                // `\n` and `\r`, or the backslash that ends a line of shell.
                characters.next_if(|next| matches!(next, 'n' | 'r'));
            }
            // Of source code and quoted messages.
            '"' | '\'' | ',' | '>' | '\u{200b}' | '\u{feff}' => {}
            other if other.is_whitespace() => {}
            other => plain.push(other),
        }
    }
    plain
}

/// Takes the key out of a structure.
fn take(reader: &mut Reader, structure: Structure, bytes: &[u8], name: String, subject: String) {
    if let Some(watcher) = reader.watcher.take() {
        let is_done = watcher.structure(&structure, bytes, &mut Place { name: &name, subject: &subject, reader });
        reader.watcher = Some(watcher);
        if is_done {
            return;
        }
    }
    let public = match structure.key {
        Ok(public) => public,
        Err(refusal) => return refuse(reader, refusal, name, subject),
    };
    if structure.is_private {
        reader.findings.push(Finding::warning(code::PRIVATE_KEY, subject.clone()).text("key", name.clone()));
    }
    if let Some(certificate) = &structure.certificate {
        let owner = certificate.subject.clone().map_or(Fact::Words("an owner without a name"), Fact::Text);
        let mut finding = Finding::info(code::CERTIFICATE, subject.clone()).text("key", name.clone());
        finding = finding.with("owner", owner);
        if let (Some(from), Some(until)) = (certificate.not_before, certificate.not_after) {
            finding.code = code::CERTIFICATE_DATED;
            finding = finding.with("from", Fact::Time(from)).with("until", Fact::Time(until));
        }
        reader.findings.push(finding);
    }
    if public.is_pss {
        reader.findings.push(Finding::info(code::RSA_PSS, subject.clone()).text("key", name.clone()));
    }
    let material = match public.material {
        Material::Rsa { modulus, exponent } => match reader.rsa(&name, &subject, modulus, exponent) {
            Some(material) => material,
            None => return,
        },
        other => other,
    };
    if let Some(curve) = material.curve().filter(|curve| !Curve::named(curve).is_some_and(|curve| curve.supported)) {
        let finding = Finding::info(code::CURVE_UNSUPPORTED, subject).text("key", name);
        reader.findings.push(finding.text("curve", curve));
    }
    reader.keys.push(Key {
        source: reader.source,
        kid: None,
        algorithm: public.algorithm.map(str::to_owned),
        public_key_use: None,
        key_operations: None,
        material,
        certificate: structure.certificate,
    });
}

fn refuse(reader: &mut Reader, refusal: Refusal, name: String, subject: String) {
    let count = |finding: Finding, found: usize, needed: usize| {
        finding.with("length", Fact::Count(found as u64)).with("needed", Fact::Count(needed as u64))
    };
    let finding = match refusal {
        Refusal::Cut(found, needed) => count(Finding::error(code::DER_CUT, subject), found, needed),
        Refusal::Unknown => Finding::error(code::DER_UNKNOWN, subject),
        Refusal::Ssh(label) => Finding::info(code::SSH, subject).text("type", label),
        Refusal::Algorithm(identifier) => Finding::info(code::DER_ALGORITHM, subject).text("identifier", identifier),
        Refusal::Explicit => Finding::error(code::CURVE_EXPLICIT, subject),
        Refusal::Curve(identifier) => Finding::info(code::CURVE_UNSUPPORTED, subject).text("curve", identifier),
        Refusal::Compressed(..) => Finding::warning(code::POINT_COMPRESSED, subject),
        Refusal::Length(found, needed) => count(Finding::error(code::POINT_LENGTH, subject), found, needed),
        Refusal::Encrypted => Finding::error(code::PRIVATE_ENCRYPTED, subject),
        Refusal::PrivateOnly => Finding::warning(code::PRIVATE_ONLY, subject),
    };
    reader.findings.push(finding.text("key", name));
}
