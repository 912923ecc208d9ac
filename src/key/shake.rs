//! SHAKE256 ([FIPS 202](https://doi.org/10.6028/NIST.FIPS.202)), for the private key of an Ed448 key
//! ([RFC 8032 §5.2.5](https://www.rfc-editor.org/rfc/rfc8032#section-5.2.5)) and the hash in one of ML-DSA.

/// Bytes that go in and come out between two permutations.
const RATE: usize = 136;

/// The first `length` bytes, 136 at most, of SHAKE256 over a message.
pub(crate) fn shake256(message: &[u8], length: usize) -> Vec<u8> {
    let mut padded = message.to_vec();
    padded.push(0x1f);
    padded.resize(padded.len().next_multiple_of(RATE), 0);
    if let Some(last) = padded.last_mut() {
        *last ^= 0x80;
    }
    let mut state = [0_u64; 25];
    for block in padded.chunks(RATE) {
        for (lane, bytes) in state.iter_mut().zip(block.chunks(8)) {
            *lane ^= bytes.iter().rev().fold(0, |value, byte| value << 8 | u64::from(*byte));
        }
        permute(&mut state);
    }
    state.iter().flat_map(|lane| lane.to_le_bytes()).take(length.min(RATE)).collect()
}

/// Keccak-f\[1600\], with its constants computed (FIPS 202 §3.2).
fn permute(state: &mut [u64; 25]) {
    let at = |x: usize, y: usize| x % 5 + 5 * (y % 5);
    let mut register = 1_u8;
    for _ in 0..24 {
        // θ
        let old = *state;
        let lane = |x: usize, y: usize| old.get(at(x, y)).copied().unwrap_or(0);
        let column = |x: usize| (0..5).fold(0, |sum, y| sum ^ lane(x, y));
        let mut mixed = [0_u64; 25];
        for (index, to) in mixed.iter_mut().enumerate() {
            let (x, y) = (index % 5, index / 5);
            *to = lane(x, y) ^ column(x + 4) ^ column(x + 1).rotate_left(1);
        }
        // ρ and π
        let mut moved = mixed;
        let (mut x, mut y) = (1, 0);
        for step in 0..24_u32 {
            let lane = mixed.get(at(x, y)).copied().unwrap_or(0);
            (x, y) = (y, (2 * x + 3 * y) % 5);
            if let Some(to) = moved.get_mut(at(x, y)) {
                *to = lane.rotate_left((step + 1) * (step + 2) / 2 % 64);
            }
        }
        // χ
        let lane = |x: usize, y: usize| moved.get(at(x, y)).copied().unwrap_or(0);
        for (index, to) in state.iter_mut().enumerate() {
            let (x, y) = (index % 5, index / 5);
            *to = lane(x, y) ^ (!lane(x + 1, y) & lane(x + 2, y));
        }
        // ι
        for bit in 0..7 {
            if register & 1 == 1
                && let Some(first) = state.first_mut()
            {
                *first ^= 1 << ((1_u32 << bit) - 1);
            }
            register = register << 1 ^ if register & 0x80 == 0 { 0 } else { 0x71 };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Around the end of a block, as Python's `hashlib` has them.
    #[test]
    fn messages_of_several_blocks_have_their_digests() {
        for (length, expected) in
            [(135, "a637fc53815c777e"), (136, "d4f4ef7fbcb3d8ab"), (137, "939b9b6bc3be5f52"), (300, "940908bc7dc12117")]
        {
            let found: String = shake256(&vec![7; length], 8).iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(found, expected, "{length}");
        }
    }

    #[test]
    fn the_empty_message_has_its_published_digest() {
        // As NIST's example values have it.
        let expected = "46b9dd2b0ba88d13233b3feb743eeb243fcd52ea62b81b82b50c27646ed5762f";
        let found: String = shake256(b"", 32).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(found, expected);
    }
}
