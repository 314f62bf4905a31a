//! Check characters of the numbers that documents carry.
//!
//! | scheme | number | form | check character |
//! |---|---|---|---|
//! | `gb11643` | resident identity number | 17 digits + check | ISO 7064 MOD 11-2 (GB 11643-1999, section 4 and annex) |
//! | `gb32100` | unified social credit code | 17 of 31 characters + check | weights 3^i mod 31 (GB 32100-2015, section 4.3) |
//! | `awb` | air waybill number | 3-digit airline prefix + 7 digits + check | serial mod 7 (IATA Resolution 600a) |
//! | `iso6346` | freight container number | 4 letters + 6 digits + check | weights 2^i mod 11 mod 10 (ISO 6346:1995, annex A) |
//!
//! Each number has one canonical form: no spaces, no dashes, upper-case letters. Errors give
//! positions, never characters of the number: they may be logged.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Date;

/// Characters of a unified social credit code, in the order of their values 0 to 30.
const GB32100_ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

/// A scheme of check characters; named in a schema as `check = "gb11643"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CheckDigit {
    /// Resident identity number of 18 characters, GB 11643; the last may be `X`.
    Gb11643,
    /// Unified social credit code of 18 characters, GB 32100.
    Gb32100,
    /// Air waybill number of 11 digits, without the dash it is printed with.
    Awb,
    /// Freight container number of 11 characters, ISO 6346.
    Iso6346,
}

/// What is wrong with a number. Positions count characters from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CheckDigitError {
    /// Too short or too long.
    #[error("the number has {found} characters, not {expected}")]
    Length {
        /// Characters that there should be.
        expected: usize,
        /// Characters that there are.
        found: usize,
    },
    /// A character that cannot stand at its place.
    #[error("character {position} of the number cannot stand there")]
    Character {
        /// Place of the character, from 1.
        position: usize,
    },
    /// The birth date inside a resident identity number is not in the calendar.
    #[error("the birth date inside the number does not exist in the calendar")]
    BirthDate,
    /// The last character does not follow from the others.
    #[error("the check digit does not match the number")]
    Mismatch,
}

impl CheckDigit {
    /// Characters of a whole number, check character included.
    pub const fn length(self) -> usize {
        match self {
            Self::Gb11643 | Self::Gb32100 => 18,
            Self::Awb | Self::Iso6346 => 11,
        }
    }

    /// The name that schemas use: `gb11643`, `gb32100`, `awb` or `iso6346`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Gb11643 => "gb11643",
            Self::Gb32100 => "gb32100",
            Self::Awb => "awb",
            Self::Iso6346 => "iso6346",
        }
    }

    /// Whether the number consists of digits alone, so that an attribute of type `digits` can
    /// carry it.
    pub const fn is_numeric(self) -> bool {
        matches!(self, Self::Awb)
    }

    /// Checks a whole number in its canonical form.
    ///
    /// Not checked: whether the region or the owner code in it was ever assigned, and the inner
    /// check character of the organisation code (GB 11714) in a unified social credit code,
    /// which older registrations do not always carry.
    ///
    /// # Errors
    /// [`CheckDigitError`], in the order length, characters, birth date, check digit.
    pub fn verify(self, text: &str) -> Result<(), CheckDigitError> {
        let number = self.shape(text, self.length())?;
        let (body, last) = number.split_at(self.length() - 1);
        if [self.digit(body)?] == last { Ok(()) } else { Err(CheckDigitError::Mismatch) }
    }

    /// The whole number: `body`, which is a number without its last character, and the check
    /// character that follows from it.
    ///
    /// # Errors
    /// [`CheckDigitError`] for a body of another length, with a character out of place, or with
    /// a birth date that does not exist.
    pub fn append(self, body: &str) -> Result<String, CheckDigitError> {
        let digit = self.digit(self.shape(body, self.length() - 1)?)?;
        Ok(format!("{body}{}", char::from(digit)))
    }

    /// The bytes of `text`, if it has `length` characters and each may stand where it stands.
    fn shape(self, text: &str, length: usize) -> Result<&[u8], CheckDigitError> {
        let found = text.chars().count();
        if found != length {
            return Err(CheckDigitError::Length { expected: length, found });
        }
        let misplaced =
            text.chars().enumerate().position(|(index, character)| !self.allows(index, character));
        match misplaced {
            Some(index) => Err(CheckDigitError::Character { position: index + 1 }),
            // All characters are ASCII, so bytes are characters.
            None => Ok(text.as_bytes()),
        }
    }

    /// Whether `character` may stand at `index`, from 0.
    fn allows(self, index: usize, character: char) -> bool {
        let digit = character.is_ascii_digit();
        match (self, index) {
            (Self::Gb11643, 17) => digit || character == 'X',
            (Self::Gb32100, 2..8) | (Self::Gb11643 | Self::Awb, _) => digit,
            (Self::Gb32100, _) => {
                u8::try_from(character).is_ok_and(|byte| GB32100_ALPHABET.contains(&byte))
            }
            (Self::Iso6346, 0..3) => character.is_ascii_uppercase(),
            // U: containers, J: detachable equipment, Z: trailers and chassis.
            (Self::Iso6346, 3) => matches!(character, 'U' | 'J' | 'Z'),
            (Self::Iso6346, _) => digit,
        }
    }

    /// The check character of a body whose shape is right.
    fn digit(self, body: &[u8]) -> Result<u8, CheckDigitError> {
        match self {
            Self::Gb11643 => gb11643(body),
            Self::Gb32100 => Ok(gb32100(body)),
            Self::Awb => Ok(b'0' + remainder(&body[3..], 7)),
            Self::Iso6346 => Ok(iso6346(body)),
        }
    }
}

impl fmt::Display for CheckDigit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Region (6 digits), birth date (YYYYMMDD), sequence (3 digits); odd sequences are men's.
/// ISO 7064 MOD 11-2: with its check value the number, read in base 2, is 1 modulo 11.
fn gb11643(body: &[u8]) -> Result<u8, CheckDigitError> {
    let date: Vec<u32> = body[6..14].iter().map(|byte| u32::from(byte - b'0')).collect();
    let number = |digits: &[u32]| digits.iter().fold(0, |sum, digit| 10 * sum + digit);
    let part = |digits: &[u32]| u8::try_from(number(digits)).unwrap_or(u8::MAX);
    Date::from_ymd(number(&date[..4]), part(&date[4..6]), part(&date[6..]))
        .map_err(|_| CheckDigitError::BirthDate)?;

    let sum = body.iter().fold(0, |sum, byte| 2 * (sum + u32::from(byte - b'0')) % 11);
    Ok(match (12 - sum) % 11 {
        10 => b'X',
        value => b"0123456789"[value as usize],
    })
}

/// Registering department, kind of organisation, region (6 digits), organisation code (9
/// characters): 31 minus the sum of values times 3^i, modulo 31.
fn gb32100(body: &[u8]) -> u8 {
    let value = |byte: &u8| GB32100_ALPHABET.iter().position(|letter| letter == byte).unwrap_or(0);
    let (sum, _) = body
        .iter()
        .fold((0, 1), |(sum, weight), byte| ((sum + value(byte) * weight) % 31, weight * 3 % 31));
    GB32100_ALPHABET[(31 - sum) % 31]
}

/// Owner (3 letters), category, serial (6 digits): the sum of values times 2^i, modulo 11, where
/// 10 is written 0. Letters count from 10 and skip the multiples of 11.
fn iso6346(body: &[u8]) -> u8 {
    let value = |byte: u8| match byte {
        b'A'..=b'Z' => {
            let index = u32::from(byte - b'A');
            10 + index + index.div_ceil(10)
        }
        _ => u32::from(byte - b'0'),
    };
    let sum: u32 = body.iter().enumerate().map(|(i, byte)| value(*byte) << i).sum();
    b"01234567890"[(sum % 11) as usize]
}

/// A decimal number modulo a small one.
fn remainder(digits: &[u8], modulus: u8) -> u8 {
    digits.iter().fold(0, |sum, byte| (10 * sum + (byte - b'0')) % modulus)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Published examples: GB 11643-1999 annex, a company in the public register, the Australian
    /// Border Force's air waybill page, and ISO 6346 annex A (the text of the standard).
    const GENUINE: [(CheckDigit, &str); 6] = [
        (CheckDigit::Gb11643, "11010519491231002X"),
        (CheckDigit::Gb11643, "440524188001010014"),
        (CheckDigit::Gb32100, "91110000600037341L"),
        (CheckDigit::Awb, "17612345675"),
        (CheckDigit::Awb, "02081140743"),
        (CheckDigit::Iso6346, "CSQU3054383"),
    ];

    #[test]
    fn accepts_published_numbers() {
        for (scheme, number) in GENUINE {
            assert_eq!(scheme.verify(number), Ok(()), "{number}");
            let body = &number[..number.len() - 1];
            assert_eq!(scheme.append(body).as_deref(), Ok(number));
        }
    }

    #[test]
    fn says_what_is_wrong() {
        use CheckDigitError::{BirthDate, Character, Length, Mismatch};
        for (scheme, number, error) in [
            (CheckDigit::Gb11643, "11010519491231002", Length { expected: 18, found: 17 }),
            (CheckDigit::Gb11643, "11010519491231002x", Character { position: 18 }),
            (CheckDigit::Gb11643, "1101051949123100二X", Character { position: 17 }),
            (CheckDigit::Gb11643, "110105194902310025", BirthDate),
            (CheckDigit::Gb11643, "110105194912310021", Mismatch),
            (CheckDigit::Gb32100, "9111000060003734IL", Character { position: 17 }),
            (CheckDigit::Gb32100, "91A10000600037341L", Character { position: 3 }),
            (CheckDigit::Gb32100, "91110000600037341K", Mismatch),
            (CheckDigit::Awb, "176-12345675", Length { expected: 11, found: 12 }),
            (CheckDigit::Awb, "17612345676", Mismatch),
            (CheckDigit::Iso6346, "CSQX3054383", Character { position: 4 }),
            (CheckDigit::Iso6346, "csqu3054383", Character { position: 1 }),
            (CheckDigit::Iso6346, "CSQU3054384", Mismatch),
        ] {
            assert_eq!(scheme.verify(number), Err(error), "{number}");
        }
    }

    #[test]
    fn finds_every_single_wrong_digit_of_identity_numbers_and_credit_codes() {
        for (scheme, number) in GENUINE {
            if !matches!(scheme, CheckDigit::Gb11643 | CheckDigit::Gb32100) {
                continue;
            }
            for (place, digit) in (0..number.len()).flat_map(|i| (0..10).map(move |d| (i, d))) {
                let mut changed = number.to_owned();
                changed.replace_range(place..=place, &digit.to_string());
                assert_eq!(scheme.verify(&changed).is_ok(), changed == number, "{changed}");
            }
        }
    }

    #[test]
    fn names_are_the_serialised_ones() {
        for scheme in
            [CheckDigit::Gb11643, CheckDigit::Gb32100, CheckDigit::Awb, CheckDigit::Iso6346]
        {
            let json = serde_json::to_string(&scheme).unwrap();
            assert_eq!(json, format!("\"{scheme}\""));
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in "\\PC{0,20}", digits in "[0-9A-Z]{11}|[0-9]{17}[0-9X]") {
            for (scheme, _) in GENUINE {
                let _ = (scheme.verify(&text), scheme.append(&text));
                let _ = (scheme.verify(&digits), scheme.append(&digits));
            }
        }
    }
}
