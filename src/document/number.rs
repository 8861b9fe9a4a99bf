//! Numbers as they are written, and what they are worth. No rounding: a value that doesn't fit is `None`.

use std::fmt;

/// A number in the spelling of its text: `1.50`, `+7`, `0xFF`, `1_000`, `#inf`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Number<'a>(&'a str);

impl<'a> Number<'a> {
    /// Wraps the spelling of a number, `None` if it isn't one.
    #[must_use]
    pub fn new(text: &'a str) -> Option<Self> {
        (matches!(text, "#inf" | "#-inf" | "#nan") || check(text).is_ok()).then_some(Self(text))
    }

    /// The spelling.
    #[must_use]
    pub fn as_str(self) -> &'a str {
        self.0
    }

    /// The value, if it is written as a whole number (`1.0` and `1e3` are not) and fits.
    #[must_use]
    pub fn as_i128(self) -> Option<i128> {
        let (negative, digits) = match self.0.as_bytes().first()? {
            b'-' => (true, &self.0[1..]),
            b'+' => (false, &self.0[1..]),
            _ => (false, self.0),
        };
        let (radix, digits) = match digits.get(..2) {
            Some("0x") => (16, &digits[2..]),
            Some("0o") => (8, &digits[2..]),
            Some("0b") => (2, &digits[2..]),
            _ => (10, digits),
        };
        let digits = digits.bytes().filter(|byte| *byte != b'_');
        digits.map(|byte| char::from(byte).to_digit(radix)).try_fold(0_i128, |sum, digit| {
            let (sum, digit) = (sum.checked_mul(i128::from(radix))?, i128::from(digit?));
            if negative { sum.checked_sub(digit) } else { sum.checked_add(digit) }
        })
    }

    /// As [`Self::as_i128`], in 64 bits.
    #[must_use]
    pub fn as_i64(self) -> Option<i64> {
        self.as_i128().and_then(|value| value.try_into().ok())
    }

    /// The nearest floating point number.
    #[must_use]
    pub fn as_f64(self) -> f64 {
        match self.0 {
            "#inf" => f64::INFINITY,
            "#-inf" => f64::NEG_INFINITY,
            "#nan" => f64::NAN,
            // Lossy on purpose; a number in another base that is beyond 128 bits is beyond use, too.
            text => {
                self.as_i128().map_or_else(|| plain(text).parse().unwrap_or(f64::NAN), |value| value as f64)
            }
        }
    }
}

impl fmt::Display for Number<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// The spelling without separators.
fn plain(text: &str) -> String {
    text.chars().filter(|character| *character != '_').collect()
}

/// Checks the spelling of a number that is not a keyword.
///
/// # Errors
/// Says what is wrong with it.
pub(super) fn check(text: &str) -> Result<(), &'static str> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    for (prefix, valid, error) in [
        ("0x", u8::is_ascii_hexdigit as fn(&u8) -> bool, "hexadecimal digits are expected after `0x`"),
        ("0o", |byte| matches!(byte, b'0'..=b'7'), "digits from 0 to 7 are expected after `0o`"),
        ("0b", |byte| matches!(byte, b'0' | b'1'), "zeros and ones are expected after `0b`"),
    ] {
        if let Some(digits) = unsigned.strip_prefix(prefix) {
            return if is_integer(digits, valid) { Ok(()) } else { Err(error) };
        }
    }
    let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
        Some(at) => (&unsigned[..at], Some(&unsigned[at + 1..])),
        None => (unsigned, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    if whole.is_empty() {
        return Err("a digit is expected before the point");
    }
    if !is_integer(whole, u8::is_ascii_digit) {
        return Err("words that begin with a digit are numbers");
    }
    if fraction.is_some_and(|fraction| !is_integer(fraction, u8::is_ascii_digit)) {
        return Err("digits are expected after the point");
    }
    let power = exponent.map(|exponent| exponent.strip_prefix(['+', '-']).unwrap_or(exponent));
    if power.is_some_and(|power| !is_integer(power, u8::is_ascii_digit)) {
        return Err("digits are expected in the exponent");
    }
    Ok(())
}

/// Whether a text is a digit, then digits and separators.
fn is_integer(text: &str, valid: fn(&u8) -> bool) -> bool {
    let bytes = text.as_bytes();
    bytes.first().is_some_and(valid) && bytes.iter().all(|byte| *byte == b'_' || valid(byte))
}
