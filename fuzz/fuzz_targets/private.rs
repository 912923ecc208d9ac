//! Any text as private keys, in every form: what is read is written so that it is read again, and what is under a
//! password ends, whatever its primitives come to.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tokenscope::crypto::operation::{Operations, Outcome};
use tokenscope::key::{details, encrypted, export, private};
use tokenscope::time::Time;

fuzz_target!(|input: (&str, &[u8], u8)| {
    let (text, outcome, choice) = input;
    for key in private::read(text).keys {
        let again = private::read(&export::private_jwk(&key)).keys;
        assert!(again.len() <= 1);
        let _ = export::private_pem(&key);
        let _ = export::public_pem(&key.public);
    }
    details::of(text, Time::from_seconds(1_795_183_392));
    let mut operations = Operations::default();
    for _ in 0..4 {
        let (_, asks, _) = encrypted::open(text, "password", &operations);
        if asks.is_empty() {
            return;
        }
        for ask in asks {
            let outcome = if choice & 1 > 0 { Outcome::Bytes(outcome.to_vec()) } else { Outcome::Failed };
            operations.answer(ask, outcome);
        }
    }
    panic!("asks without end");
});
