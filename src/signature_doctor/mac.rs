//! HMAC in the core ([RFC 2104](https://www.rfc-editor.org/rfc/rfc2104)): hundreds of readings of a secret are tried
//! sooner than one could be handed to the browser. Nothing that it says makes a token valid.

use hmac::digest::KeyInit;
use hmac::{Hmac, Mac};
use sha2::{Sha256, Sha384, Sha512};

/// The authentication code of a text under a secret, with the hash whose length is `length`.
pub fn hmac(length: usize, secret: &[u8], text: &[u8]) -> Option<Vec<u8>> {
    match length {
        32 => with::<Hmac<Sha256>>(secret, text),
        48 => with::<Hmac<Sha384>>(secret, text),
        64 => with::<Hmac<Sha512>>(secret, text),
        _ => None,
    }
}

fn with<M: Mac + KeyInit>(secret: &[u8], text: &[u8]) -> Option<Vec<u8>> {
    let mac = <M as KeyInit>::new_from_slice(secret).ok()?;
    Some(mac.chain_update(text).finalize().into_bytes().to_vec())
}

#[cfg(test)]
mod tests {
    use super::hmac;

    /// RFC 4231 §4.2 and §4.7.
    #[test]
    fn it_gives_the_published_codes() {
        let start = |length, secret: &[u8], text: &[u8]| hmac(length, secret, text).unwrap()[..4].to_vec();
        assert_eq!(start(32, &[0x0b; 20], b"Hi There"), [0xb0, 0x34, 0x4c, 0x61]);
        assert_eq!(start(48, &[0x0b; 20], b"Hi There"), [0xaf, 0xd0, 0x39, 0x44]);
        assert_eq!(start(64, &[0x0b; 20], b"Hi There"), [0x87, 0xaa, 0x7c, 0xde]);
        let long = b"Test Using Larger Than Block-Size Key - Hash Key First";
        assert_eq!(start(32, &[0xaa; 131], long), [0x60, 0xe4, 0x31, 0x59]);
        assert_eq!(start(64, &[0xaa; 131], long), [0x80, 0xb2, 0x42, 0x63]);
    }
}
