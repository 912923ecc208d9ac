//! What floating point keeps of a whole number, worked out on its decimal digits: the standard library's reading and
//! writing of such numbers weighs more than the rest of this room.

/// Longer numbers are no identifiers; working on them would only cost time.
const LONGEST: usize = 40;

/// The number that a reader who uses floating point sees in the place of a whole one: the nearest with 53 significant
/// bits, of two the even one (IEEE 754 §4.3.1). `None` when that is the number itself, or when the text is none.
///
/// It halves the number until 53 bits are left, rounds by the bits that fell off, and doubles it as often again.
pub(super) fn rounded(digits: &str) -> Option<String> {
    let digits = digits.trim_start_matches('0');
    if digits.len() > LONGEST || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let mut number: Vec<u8> = digits.bytes().map(|byte| byte - b'0').collect();
    let mut halvings = 0;
    // The bit that fell off last, and whether any before it was set.
    let (mut half, mut more) = (false, false);
    let significand = loop {
        match small(&number) {
            Some(small) => break small,
            None => {
                more |= half;
                half = halve(&mut number);
                halvings += 1;
            }
        }
    };
    let up = half && (more || significand % 2 == 1);
    let mut kept = (significand + u64::from(up)).to_string().into_bytes();
    for _ in 0..halvings {
        double(&mut kept);
    }
    (halvings > 0 && kept != digits.as_bytes()).then(|| kept.into_iter().map(char::from).collect())
}

/// The number, when 53 bits hold it.
fn small(number: &[u8]) -> Option<u64> {
    // More digits might not fit into 64 bits either.
    let value = (number.len() <= 18).then(|| number.iter().fold(0, |sum, digit| sum * 10 + u64::from(*digit)))?;
    (value < 1 << 53).then_some(value)
}

/// Halves a number; whether a half is left over.
fn halve(number: &mut Vec<u8>) -> bool {
    let mut rest = 0;
    for digit in number.iter_mut() {
        let whole = rest * 10 + *digit;
        (*digit, rest) = (whole / 2, whole % 2);
    }
    if number.first() == Some(&0) {
        number.remove(0);
    }
    rest == 1
}

/// Doubles a number in ASCII digits.
fn double(digits: &mut Vec<u8>) {
    let mut carry = 0;
    for digit in digits.iter_mut().rev() {
        let doubled = (*digit - b'0') * 2 + carry;
        (*digit, carry) = (b'0' + doubled % 10, doubled / 10);
    }
    if carry > 0 {
        digits.insert(0, b'0' + carry);
    }
}

#[cfg(test)]
mod tests {
    use super::rounded;

    /// The machine's own floating point is the independent implementation.
    fn check(number: u128) {
        let kept = number as f64 as u128;
        assert_eq!(rounded(&number.to_string()), (kept != number).then(|| kept.to_string()), "{number}");
    }

    #[test]
    fn numbers_around_every_power_of_two_are_rounded_as_the_machine_does() {
        for exponent in 0..127 {
            for step in [0, exponent.max(53) - 53, exponent.max(54) - 54] {
                for count in 0..8_u128 {
                    check((1 << exponent) + (count << step));
                    check(((1 << exponent) + (count << step)).saturating_sub(1));
                }
            }
        }
    }

    #[test]
    fn numbers_of_all_lengths_are_rounded_as_the_machine_does() {
        let mut number = 0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835_u128;
        for round in 0..20_000 {
            number = number.wrapping_mul(0xda94_2042_e4dd_58b5_0000_0000_0000_0001).wrapping_add(0x1405_7b7e_f767_814f);
            check(number >> (1 + round % 120));
        }
    }

    #[test]
    fn what_is_no_whole_number_is_left_alone() {
        for text in ["", "0", "00", "1.5", "1e400", "-1", "9007199254740992"] {
            assert_eq!(rounded(text), None, "{text}");
        }
        assert_eq!(rounded("9007199254740993").as_deref(), Some("9007199254740992"));
    }
}
