//! What the tests of keys share: DER and PEM written by hand, and a key in a line.

#![allow(clippy::panic, clippy::unwrap_used, reason = "the helpers of tests are tests too")]
#![allow(dead_code, reason = "every test of keys compiles this file, and uses a part of it")]

use tokenscope::jose::base64url;
use tokenscope::key::Key;

/// The bytes of hexadecimal digits.
pub fn hex(digits: &str) -> Vec<u8> {
    let pairs = digits.as_bytes().chunks(2);
    pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

/// One DER element.
pub fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let mut bytes = vec![tag];
    match length {
        0..=127 => bytes.push(length as u8),
        128..=255 => bytes.extend([0x81, length as u8]),
        _ => bytes.extend([0x82, (length >> 8) as u8, length as u8]),
    }
    bytes.extend(content);
    bytes
}

/// DER between BEGIN and END lines.
pub fn pem(label: &str, der: &[u8]) -> String {
    let text = base64url::encode(der).replace('-', "+").replace('_', "/");
    let lines: Vec<&str> = text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    let padding = "=".repeat((4 - text.len() % 4) % 4);
    format!("-----BEGIN {label}-----\n{}{padding}\n-----END {label}-----\n", lines.join("\n"))
}

/// The bytes between BEGIN and END lines.
pub fn inside(pem: &str) -> Vec<u8> {
    let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    base64url::decode_standard(&body).bytes
}

/// Type, size and thumbprint of a key, as the corpus has them.
pub fn line(key: &Key) -> String {
    key.material.description() + " " + &key.thumbprint().unwrap()
}
