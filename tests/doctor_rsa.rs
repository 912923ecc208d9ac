//! Opening RSA signatures and reading their padding, against an independent implementation that signs.

#![allow(clippy::unwrap_used, clippy::panic, reason = "the helpers of tests are tests too")]
#![cfg(not(target_arch = "wasm32"))]

#[path = "support/oracle.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod oracle;

use oracle::Signer;
use proptest::prelude::*;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use rsa::traits::{PrivateKeyParts, PublicKeyParts};
use rsa::{BigUint, RsaPrivateKey, pss};
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};
use tokenscope::signature_doctor::rsa::{OtherContent, Padding, bits, digest_matches, open, read};
use tokenscope::signature_doctor::{self, Opening};

const SIGNED: &[u8] = b"eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIn0";
const OTHER: &[u8] = b"eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJodHRwczovL290aGVyLmV4YW1wbGUifQ";

fn key(signer: &Signer) -> &RsaPrivateKey {
    match signer {
        Signer::Rsa(key) => key,
        _ => unreachable!("all keys here are RSA keys"),
    }
}

fn opening(signer: &Signer, signature: &[u8]) -> Opening {
    let key = key(signer);
    Opening { modulus: key.n().to_bytes_be(), exponent: key.e().to_bytes_be(), signature: signature.to_vec() }
}

/// Opens and reads a signature.
fn padding(signer: &Signer, signature: &[u8], signed: &[u8], hint: Option<&str>) -> Padding {
    let opening = opening(signer, signature);
    let opened = open(&opening).unwrap();
    assert_eq!(opened.len(), opening.modulus.len());
    assert_eq!(signature_doctor::open(&opening).as_ref(), Some(&opened));
    read(&opened, bits(&opening.modulus), signed, hint)
}

/// Raises a block to the private exponent, whatever is in it.
fn seal(signer: &Signer, block: &[u8]) -> Vec<u8> {
    let key = key(signer);
    let number = BigUint::from_bytes_be(block).modpow(key.d(), key.n()).to_bytes_be();
    [vec![0; block.len() - number.len()], number].concat()
}

/// A block of PKCS#1 v1.5 with that type and content.
fn block(length: usize, kind: u8, content: &[u8]) -> Vec<u8> {
    let padding = vec![if kind == 1 { 0xff } else { 0x5a }; length - 3 - content.len()];
    [&[0, kind], padding.as_slice(), &[0], content].concat()
}

fn keys() -> Vec<(usize, Signer)> {
    // 1025 bits: the block of PSS is a byte shorter. 1030 bits: other bits of its mask are unused.
    [512, 1024, 2048, 3072, 4096, 1025, 1030]
        .into_iter()
        .map(|bits| (bits, if bits == 2048 { Signer::rsa(0) } else { Signer::rsa_of(bits, 11) }))
        .collect()
}

#[test]
fn every_hash_of_pkcs1_is_read_with_its_digest() {
    for (size, signer) in keys() {
        for (algorithm, name, digest) in [
            ("RS256", "SHA-256", Sha256::digest(SIGNED).to_vec()),
            ("RS384", "SHA-384", Sha384::digest(SIGNED).to_vec()),
            ("RS512", "SHA-512", Sha512::digest(SIGNED).to_vec()),
        ] {
            if size == 512 && algorithm != "RS256" {
                continue;
            }
            let found = padding(&signer, &signer.sign(algorithm, SIGNED), OTHER, None);
            assert_eq!(found, Padding::Pkcs1 { hash: name, digest, has_parameters: true }, "{algorithm} {size}");
            assert!(found.is_proof() && found.is_comparable());
            assert!(digest_matches(&found, SIGNED));
            assert!(!digest_matches(&found, OTHER));
        }
    }
}

#[test]
fn pss_is_read_with_every_hash_and_length_of_salt() {
    for (size, signer) in keys() {
        for (hash, name, length) in [("256", "SHA-256", 32), ("384", "SHA-384", 48), ("512", "SHA-512", 64)] {
            let Some(most) = (size - 1).div_ceil(8).checked_sub(length + 2) else { continue };
            for salt in [0, 20, 32, length, most] {
                if salt > most {
                    continue;
                }
                let signature = signer.sign_with_salt(hash, salt, SIGNED);
                for (signed, altered) in [(SIGNED, OTHER), (OTHER, SIGNED)] {
                    let shown = format!("{size} bits, {name}, salt {salt}, {}", signed == SIGNED);
                    let found = padding(&signer, &signature, signed, Some(name));
                    let Padding::Pss { hash, mask_hash, salt_length, leading_zeros, message, .. } = &found else {
                        panic!("{shown}: {found:?}");
                    };
                    assert_eq!((*hash, *mask_hash, *salt_length), (name, name, salt), "{shown}");
                    assert_eq!(*leading_zeros, most - salt, "{shown}");
                    assert_eq!(*message, signed == SIGNED, "{shown}");
                    assert_eq!(found.is_proof(), *message || most - salt >= 8, "{shown}");
                    assert_eq!(digest_matches(&found, signed), *message, "{shown}");
                    assert_eq!(digest_matches(&found, altered), !*message, "{shown}");
                    // A hint makes nothing better or worse than it is.
                    if found.is_proof() {
                        for hint in [None, Some("SHA-1"), Some("SHA-256"), Some("SHA-512")] {
                            assert_eq!(padding(&signer, &signature, signed, hint), found, "{shown} {hint:?}");
                        }
                    }
                }
            }
        }
    }
}

/// SHA-1 for everything, and SHA-1 for the mask only.
#[test]
fn pss_with_sha1_is_read() {
    let signer = Signer::rsa(1);
    // The independent implementation has SHA-1 of another generation of the traits, so the block is written out here.
    let masked = |hash: fn(&[u8]) -> Vec<u8>, salt: &[u8]| {
        let digest = hash(&[&[0; 8], hash(SIGNED).as_slice(), salt].concat());
        let mut data = vec![0; 256 - digest.len() - 1];
        let at = data.len() - salt.len() - 1;
        data[at] = 1;
        data[at + 1..].copy_from_slice(salt);
        for (counter, chunk) in (0_u32..).zip(data.chunks_mut(20)) {
            let mask = Sha1::digest([digest.as_slice(), &counter.to_be_bytes()].concat());
            chunk.iter_mut().zip(mask).for_each(|(byte, mask)| *byte ^= mask);
        }
        data[0] &= 0x7f;
        [data, digest, vec![0xbc]].concat()
    };
    let sha1: fn(&[u8]) -> Vec<u8> = |bytes| Sha1::digest(bytes).to_vec();
    let sha256: fn(&[u8]) -> Vec<u8> = |bytes| Sha256::digest(bytes).to_vec();
    for (name, hash) in [("SHA-1", sha1), ("SHA-256", sha256)] {
        let found = padding(&signer, &seal(&signer, &masked(hash, &[7; 20])), SIGNED, Some("SHA-256"));
        let Padding::Pss { hash, mask_hash, salt_length, message, .. } = &found else { panic!("{found:?}") };
        assert_eq!((*hash, *mask_hash, *salt_length, *message), (name, "SHA-1", 20, true));
        assert!(found.is_proof() && digest_matches(&found, SIGNED));
    }
}

#[test]
fn other_contents_are_told_apart() {
    let signer = Signer::rsa(2);
    let digest = Sha256::digest(SIGNED);
    let info = |identifier: &[u8], parameters: &[u8], digest: &[u8]| {
        let algorithm = [
            &[0x30, (2 + identifier.len() + parameters.len()) as u8, 6, identifier.len() as u8],
            identifier,
            parameters,
        ]
        .concat();
        let digest = [&[4, digest.len() as u8], digest].concat();
        [vec![0x30, (algorithm.len() + digest.len()) as u8], algorithm, digest].concat()
    };
    let sha256 = b"\x60\x86\x48\x01\x65\x03\x04\x02\x01".as_slice();
    let sealed = |kind: u8, content: &[u8]| padding(&signer, &seal(&signer, &block(256, kind, content)), SIGNED, None);

    let strict = sealed(1, &info(sha256, &[5, 0], &digest));
    assert_eq!(strict, padding(&signer, &signer.sign("RS256", SIGNED), SIGNED, None));
    let found = sealed(1, &info(sha256, &[], &digest));
    assert_eq!(found, Padding::Pkcs1 { hash: "SHA-256", digest: digest.to_vec(), has_parameters: false });
    let found = sealed(1, &info(b"\x2b\x0e\x03\x02\x1a", &[5, 0], &Sha1::digest(SIGNED)));
    assert!(matches!(found, Padding::Pkcs1 { hash: "SHA-1", .. }) && digest_matches(&found, SIGNED));
    let found = sealed(1, &info(b"\x2a\x86\x48\x86\xf7\x0d\x02\x05", &[5, 0], &[1; 16]));
    assert!(matches!(found, Padding::Pkcs1 { hash: "MD5", .. }) && !found.is_comparable());

    for (expected, kind, content) in [
        (OtherContent::UnknownHash, 1, info(b"\x2a\x03", &[5, 0], &digest)),
        (OtherContent::Malformed, 1, info(sha256, &[5, 0], &digest[..31])),
        (OtherContent::Malformed, 1, info(sha256, &[4, 0], &digest)),
        // What stands behind the digest is what forgeries with the exponent 3 live on.
        (OtherContent::Malformed, 1, [info(sha256, &[5, 0], &digest), vec![9; 4]].concat()),
        (OtherContent::BareDigest, 1, digest.to_vec()),
        (OtherContent::Encryption, 2, digest.to_vec()),
    ] {
        let found = sealed(kind, &content);
        let Padding::OtherPkcs1 { content: named, bytes, .. } = &found else { panic!("{expected:?}: {found:?}") };
        assert_eq!((named, bytes), (&expected, &content));
        assert_eq!(found.is_proof(), expected != OtherContent::Encryption, "{expected:?}");
        assert_eq!(digest_matches(&found, SIGNED), expected == OtherContent::BareDigest, "{expected:?}");
        assert!(!digest_matches(&found, OTHER), "{expected:?}");
    }

    // Short padding with much behind it: a block that can be made without the private key.
    let short = [&[0, 1], [0xff; 8].as_slice(), &[0], &info(sha256, &[5, 0], &digest), &[7; 194]].concat();
    assert_eq!(short.len(), 256);
    assert!(!padding(&signer, &seal(&signer, &short), SIGNED, None).is_proof());
    // Padding that is too short or not closed is none.
    for wrong in [
        [&[0, 1], [0xff; 7].as_slice(), &[0], &[7; 246]].concat(),
        [&[0, 1], [0xff; 254].as_slice()].concat(),
        [&[0, 1], [0xff; 100].as_slice(), &[1], &[7; 153]].concat(),
    ] {
        assert_eq!(padding(&signer, &seal(&signer, &wrong), SIGNED, None), Padding::None);
    }
}

#[test]
fn a_wrong_key_proves_nothing() {
    let signatures: Vec<Vec<u8>> = ["RS256", "RS512", "PS256", "PS384", "PS512"]
        .into_iter()
        .map(|algorithm| Signer::rsa(0).sign(algorithm, SIGNED))
        .collect();
    let mut random = ChaCha20Rng::seed_from_u64(3);
    let mut opened = 0;
    for round in 0..200 {
        // Any odd number is as good as a key here: only its public numbers count.
        let mut modulus = vec![0; 256];
        random.fill_bytes(&mut modulus);
        modulus[0] |= 0x80;
        modulus[255] |= 1;
        let signature = signatures[round % signatures.len()].clone();
        let opening = Opening { modulus, exponent: vec![1, 0, 1], signature };
        let Some(block) = open(&opening) else { continue };
        opened += 1;
        assert!(!read(&block, 2048, SIGNED, None).is_proof());
    }
    assert!(opened > 100, "{opened}");
    for number in 1..4 {
        let found = padding(&Signer::rsa(number), &signatures[0][..], SIGNED, None);
        assert_eq!(found, Padding::None);
    }
}

#[test]
fn what_is_no_signature_of_the_key_is_not_opened() {
    let signer = Signer::rsa(0);
    let right = opening(&signer, &signer.sign("RS256", SIGNED));
    assert!(open(&right).is_some());
    // Leading zeros, which certificates have, mean nothing.
    let zeros = Opening { modulus: [&[0], right.modulus.as_slice()].concat(), ..right.clone() };
    assert_eq!(open(&zeros), open(&right));
    let mut even = right.modulus.clone();
    *even.last_mut().unwrap() &= 0xfe;
    let large = |bytes: usize| Opening {
        modulus: vec![0xff; bytes],
        exponent: vec![3],
        signature: [&[0], vec![1; bytes - 1].as_slice()].concat(),
    };
    let tiny = |modulus: Vec<u8>| Opening { signature: vec![1; modulus.len()], modulus, exponent: vec![3] };
    assert!(open(&large(2048)).is_some());
    assert!(open(&tiny(vec![0x81; 64])).is_some());
    for wrong in [
        Opening { modulus: even, ..right.clone() },
        Opening { modulus: Vec::new(), ..right.clone() },
        Opening { signature: right.signature[..255].to_vec(), ..right.clone() },
        Opening { signature: [right.signature.as_slice(), &[0]].concat(), ..right.clone() },
        Opening { signature: right.modulus.clone(), ..right.clone() },
        Opening { signature: vec![0xff; 256], ..right.clone() },
        Opening { exponent: Vec::new(), ..right.clone() },
        Opening { exponent: vec![1], ..right.clone() },
        Opening { exponent: vec![2], ..right.clone() },
        Opening { exponent: vec![1; 9], ..right.clone() },
        large(2049),
        tiny(vec![0x7f; 64]),
        tiny(vec![0x81; 63]),
        Opening { modulus: vec![0; 256], exponent: vec![3], signature: Vec::new() },
    ] {
        assert_eq!(open(&wrong), None, "{} {:?}", wrong.modulus.len(), wrong.exponent);
    }
    assert_eq!(read(&[], 0, SIGNED, None), Padding::None);
    assert_eq!(read(&[0xbc], 1, SIGNED, None), Padding::None);
    assert_eq!(read(&[0xbc], 8, SIGNED, None), Padding::None);
    assert_eq!(read(&open(&right).unwrap(), 2040, SIGNED, None), Padding::None);
}

/// The random salt of the independent implementation, as libraries take it.
#[test]
fn the_salt_is_the_one_that_was_taken() {
    use rsa::signature::{RandomizedSigner, SignatureEncoding};
    let signer = Signer::rsa(3);
    let mut random = ChaCha20Rng::seed_from_u64(21);
    let signature =
        pss::SigningKey::<rsa::sha2::Sha256>::new(key(&signer).clone()).sign_with_rng(&mut random, SIGNED).to_vec();
    let found = padding(&signer, &signature, SIGNED, Some("SHA-256"));
    let Padding::Pss { salt, digest, .. } = &found else { panic!("{found:?}") };
    let hashed = Sha256::digest([&[0; 8], Sha256::digest(SIGNED).as_slice(), salt].concat());
    assert_eq!(digest, hashed.as_slice());
}

#[test]
fn a_large_opening_is_quick() {
    let signer = Signer::rsa_of(4096, 11);
    let opening = opening(&signer, &signer.sign("RS256", SIGNED));
    let start = std::time::Instant::now();
    assert!(open(&opening).is_some());
    println!("4096 bits: {:?}", start.elapsed());
    let largest = Opening {
        modulus: vec![0xff; 2048],
        exponent: vec![0xff; 8],
        signature: [&[0x7f], vec![0xee; 2047].as_slice()].concat(),
    };
    let start = std::time::Instant::now();
    assert!(open(&largest).is_some());
    println!("16384 bits with an exponent of 64 bits: {:?}", start.elapsed());
    // Without optimisation, on a busy machine: this only catches what would take minutes.
    assert!(start.elapsed().as_secs() < 20);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// Noise is what a wrong key opens to. Its last byte is that of PSS and its first bit is clear, so that more than the
    /// first test is put to the proof.
    #[test]
    fn noise_proves_nothing(mut block in proptest::collection::vec(any::<u8>(), 256), front in 0_usize..3) {
        block[255] = 0xbc;
        block[0] &= 0x7f;
        if let Some(front) = [[0_u8, 1].as_slice(), &[0, 2]].get(front) {
            block[..2].copy_from_slice(front);
        }
        prop_assert!(!read(&block, 2048, SIGNED, Some("SHA-256")).is_proof());
    }

    #[test]
    fn nothing_panics(
        block in proptest::collection::vec(any::<u8>(), 0..300),
        bits in 0_usize..2500,
        modulus in proptest::collection::vec(any::<u8>(), 0..200),
        exponent in proptest::collection::vec(any::<u8>(), 0..10),
    ) {
        for bits in [bits, block.len() * 8, (block.len() * 8).saturating_sub(7)] {
            let found = read(&block, bits, SIGNED, None);
            digest_matches(&found, SIGNED);
        }
        let signature = block.iter().copied().cycle().take(if block.is_empty() { 0 } else { modulus.len() }).collect();
        open(&Opening { modulus, exponent, signature });
    }

    /// The independent implementation raises numbers as this one does.
    #[test]
    fn powers_are_right(
        mut modulus in proptest::collection::vec(any::<u8>(), 65..300),
        exponent in (1_u64..).prop_map(|exponent| exponent | 1),
        short in 0_u32..64,
        seed in any::<u64>(),
    ) {
        let exponent = (exponent >> short | 3).to_be_bytes().to_vec();
        modulus[0] |= 1;
        *modulus.last_mut().unwrap() |= 1;
        let mut signature = vec![0; modulus.len()];
        ChaCha20Rng::seed_from_u64(seed).fill_bytes(&mut signature);
        signature[0] = 0;
        let number = BigUint::from_bytes_be;
        let expected = number(&signature).modpow(&number(&exponent), &number(&modulus)).to_bytes_be();
        let opened = open(&Opening { modulus: modulus.clone(), exponent, signature }).unwrap();
        prop_assert_eq!(opened.len(), modulus.len());
        prop_assert_eq!(number(&opened), number(&expected));
    }
}
