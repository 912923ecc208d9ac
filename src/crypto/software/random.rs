//! Random bytes from a seed, as many as are needed.

use sha2::{Digest, Sha256};

/// SHA-256 of the seed and a counter: as random as the seed, which comes from the browser.
pub(super) struct Stream {
    seed: [u8; 32],
    counter: u64,
    rest: Vec<u8>,
}

impl Stream {
    pub(super) fn new(seed: &[u8; 32]) -> Stream {
        Stream { seed: *seed, counter: 0, rest: Vec::new() }
    }

    pub(super) fn bytes<const LENGTH: usize>(&mut self) -> [u8; LENGTH] {
        let mut bytes = [0; LENGTH];
        self.fill(&mut bytes);
        bytes
    }

    fn fill(&mut self, bytes: &mut [u8]) {
        for byte in bytes {
            if self.rest.is_empty() {
                let hash = Sha256::new().chain_update(self.seed).chain_update(self.counter.to_be_bytes());
                self.rest = hash.finalize().to_vec();
                self.counter += 1;
            }
            *byte = self.rest.pop().unwrap_or_default();
        }
    }
}

impl rsa::rand_core::RngCore for Stream {
    fn next_u32(&mut self) -> u32 {
        u32::from_le_bytes(self.bytes())
    }

    fn next_u64(&mut self) -> u64 {
        u64::from_le_bytes(self.bytes())
    }

    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        self.fill(bytes);
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), rsa::rand_core::Error> {
        self.fill(bytes);
        Ok(())
    }
}

impl rsa::rand_core::CryptoRng for Stream {}
