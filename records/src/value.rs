//! Attribute values and their encoding in field elements (specification:
//! docs/protocol/records.md, "Encoding").

use std::fmt;

use ark_bn254::Fr;
use unicode_normalization::is_nfc;
use zeroize::Zeroize;

use crate::check_digit::CheckDigitError;
use crate::domain::{DOMAIN_CODE, DOMAIN_DIGEST, DOMAIN_TEXT};
use crate::{AttributeType, Date, DateError, decode_hex, hash_to_field};

/// A value of an attribute. It does not print with `Debug`: values are personal data, and must
/// not reach a log.
#[derive(Clone, PartialEq, Eq, Zeroize)]
pub enum Value {
    /// Of type `text`.
    Text(String),
    /// Of type `code`.
    Code(String),
    /// Of type `digits`.
    Digits(String),
    /// Of type `integer`.
    Integer(i64),
    /// Of type `decimal`.
    Decimal {
        /// The number times 10^scale.
        units: i64,
        /// Decimal places.
        scale: u32,
    },
    /// Of type `date`.
    Date(#[zeroize(skip)] Date),
    /// Of type `boolean`.
    Boolean(bool),
    /// Of type `digest`: SHA-256.
    Digest([u8; 32]),
}

/// Why something is no value of its attribute. The text never holds the value itself.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ValueError {
    /// Nothing there.
    #[error("the value is empty")]
    Empty,
    /// Another type.
    #[error("the value is not of type {0}")]
    Type(&'static str),
    /// Text that is not in Unicode normal form C, or has control characters.
    #[error("the text is not in Unicode normalization form C without control characters")]
    NotNormal,
    /// Text beyond the longest allowed.
    #[error("the text has more than {0} characters")]
    TooLong(u32),
    /// Code that the schema does not list.
    #[error("the code is not in the schema's list")]
    UnknownCode,
    /// Digit code of another length.
    #[error("the digit code does not have {0} digits")]
    DigitCount(u32),
    /// Number beyond its bounds.
    #[error("the number is outside the schema's bounds")]
    OutOfBounds,
    /// More decimal places than the type has.
    #[error("the number has more than {0} decimal places")]
    Scale(u32),
    /// No date.
    #[error(transparent)]
    Date(#[from] DateError),
    /// The number's own check fails.
    #[error(transparent)]
    CheckDigit(#[from] CheckDigitError),
}

impl Value {
    /// Reads a value from text, as CSV files and command lines have it. Dates are YYYY-MM-DD,
    /// booleans `true` and `false`, digests 64 lower-case hexadecimal digits.
    ///
    /// # Errors
    /// [`ValueError`] where the text is no value of that type.
    pub fn parse(kind: &AttributeType, text: &str) -> Result<Self, ValueError> {
        if text.is_empty() {
            return Err(ValueError::Empty);
        }
        let value = match kind {
            AttributeType::Text { .. } => Self::Text(text.to_owned()),
            AttributeType::Code { .. } => Self::Code(text.to_owned()),
            AttributeType::Digits { .. } => Self::Digits(text.to_owned()),
            AttributeType::Integer { .. } => {
                Self::Integer(parse_units(text, 0).map_err(|_| ValueError::Type("integer"))?)
            }
            AttributeType::Decimal { scale, .. } => {
                Self::Decimal { units: parse_units(text, *scale)?, scale: *scale }
            }
            AttributeType::Date => Self::Date(Date::parse(text)?),
            AttributeType::Boolean => Self::Boolean(match text {
                "true" => true,
                "false" => false,
                _ => return Err(ValueError::Type("boolean")),
            }),
            AttributeType::Digest => {
                Self::Digest(decode_hex(text).ok_or(ValueError::Type("digest"))?)
            }
        };
        value.check(kind)?;
        Ok(value)
    }

    /// Reads a value from JSON: integers as numbers, booleans as booleans, all else (decimals
    /// too) as strings.
    ///
    /// # Errors
    /// [`ValueError`] where the JSON is no value of that type.
    pub fn from_json(kind: &AttributeType, json: &serde_json::Value) -> Result<Self, ValueError> {
        use serde_json::Value as Json;
        match (kind, json) {
            (AttributeType::Integer { .. }, Json::Number(number)) => {
                let value = Self::Integer(number.as_i64().ok_or(ValueError::Type("integer"))?);
                value.check(kind)?;
                Ok(value)
            }
            (AttributeType::Boolean, Json::Bool(value)) => Ok(Self::Boolean(*value)),
            (AttributeType::Integer { .. } | AttributeType::Boolean, _) => {
                Err(ValueError::Type(kind.name()))
            }
            (_, Json::String(text)) => Self::parse(kind, text),
            _ => Err(ValueError::Type(kind.name())),
        }
    }

    /// The value as JSON, in the form [`Value::from_json`] reads.
    pub fn to_json(&self) -> serde_json::Value {
        match self {
            Self::Integer(number) => (*number).into(),
            Self::Boolean(value) => (*value).into(),
            other => other.to_string().into(),
        }
    }

    /// Whether this is a value of that type.
    ///
    /// # Errors
    /// [`ValueError`] naming what is wrong.
    pub fn check(&self, kind: &AttributeType) -> Result<(), ValueError> {
        match (self, kind) {
            (Self::Text(text), AttributeType::Text { max_length, check }) => {
                if text.is_empty() {
                    return Err(ValueError::Empty);
                }
                if !is_nfc(text) || text.chars().any(char::is_control) {
                    return Err(ValueError::NotNormal);
                }
                if let Some(most) = max_length.filter(|most| text.chars().count() > *most as usize)
                {
                    return Err(ValueError::TooLong(most));
                }
                check.map_or(Ok(()), |check| check.verify(text)).map_err(Into::into)
            }
            (Self::Code(code), AttributeType::Code { codes }) => {
                let known = codes.iter().any(|known| known.code == *code);
                known.then_some(()).ok_or(ValueError::UnknownCode)
            }
            (Self::Digits(digits), AttributeType::Digits { length, check }) => {
                let good = digits.len() == *length as usize
                    && digits.bytes().all(|byte| byte.is_ascii_digit());
                good.then_some(()).ok_or(ValueError::DigitCount(*length))?;
                check.map_or(Ok(()), |check| check.verify(digits)).map_err(Into::into)
            }
            (Self::Integer(number), AttributeType::Integer { min, max }) => {
                within(*number, *min, *max)
            }
            (
                Self::Decimal { units, scale },
                AttributeType::Decimal { scale: expected, min, max },
            ) => {
                if scale != expected {
                    return Err(ValueError::Scale(*expected));
                }
                let bound = |text: &Option<String>| {
                    text.as_deref().and_then(|text| parse_units(text, *expected).ok())
                };
                within(*units, bound(min), bound(max))
            }
            (Self::Date(_), AttributeType::Date)
            | (Self::Boolean(_), AttributeType::Boolean)
            | (Self::Digest(_), AttributeType::Digest) => Ok(()),
            _ => Err(ValueError::Type(kind.name())),
        }
    }

    /// The field element that a record commits to for this value of an attribute of type `kind`.
    /// Ordered types give integers below 2^64, in the order of the values.
    pub fn encode(&self, kind: &AttributeType) -> Fr {
        match self.encode_ordered(kind) {
            Some(number) => Fr::from(number),
            None => match self {
                Self::Text(text) => hash_to_field(DOMAIN_TEXT, text.as_bytes()),
                Self::Code(code) => hash_to_field(DOMAIN_CODE, code.as_bytes()),
                Self::Digest(digest) => hash_to_field(DOMAIN_DIGEST, digest),
                // Ordered types have been encoded above.
                _ => Fr::from(0_u64),
            },
        }
    }

    /// The integer that an ordered value is encoded as; nothing for the other types.
    pub fn encode_ordered(&self, kind: &AttributeType) -> Option<u64> {
        match self {
            Self::Integer(number) | Self::Decimal { units: number, .. } => {
                // With the offset the sign bit flips, which keeps the order; without it the
                // schema's bound makes the number non-negative.
                Some((*number).cast_unsigned().wrapping_add(kind.offset()))
            }
            Self::Date(date) => Some(date.days()),
            Self::Boolean(value) => Some(u64::from(*value)),
            // At most 18 digits, so below 2^64.
            Self::Digits(digits) => digits.parse().ok(),
            Self::Text(_) | Self::Code(_) | Self::Digest(_) => None,
        }
    }
}

fn within(number: i64, min: Option<i64>, max: Option<i64>) -> Result<(), ValueError> {
    let good = min.is_none_or(|min| min <= number) && max.is_none_or(|max| number <= max);
    good.then_some(()).ok_or(ValueError::OutOfBounds)
}

/// Reads a decimal number as an integer count of 10^-scale. No exponent, no leading `+`, no
/// empty part, no superfluous leading zero.
pub(crate) fn parse_units(text: &str, scale: u32) -> Result<i64, ValueError> {
    const WRONG: ValueError = ValueError::Type("decimal");
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, places) = match digits.split_once('.') {
        Some((whole, places)) if !places.is_empty() => (whole, places),
        Some(_) => return Err(WRONG),
        None => (digits, ""),
    };
    let numeric = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !numeric(whole) || !numeric(places) {
        return Err(WRONG);
    }
    if whole.len() > 1 && whole.starts_with('0') {
        return Err(WRONG);
    }
    if places.len() > scale as usize {
        return Err(ValueError::Scale(scale));
    }
    let padded = format!("{whole}{places:0<width$}", width = scale as usize);
    let units: i128 = padded.parse().map_err(|_| ValueError::OutOfBounds)?;
    i64::try_from(if negative { -units } else { units }).map_err(|_| ValueError::OutOfBounds)
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) | Self::Code(text) | Self::Digits(text) => f.write_str(text),
            Self::Integer(number) => write!(f, "{number}"),
            Self::Decimal { units, scale: 0 } => write!(f, "{units}"),
            Self::Decimal { units, scale } => {
                let sign = if *units < 0 { "-" } else { "" };
                let unit = 10_u64.pow((*scale).min(18));
                let (whole, places) = (units.unsigned_abs() / unit, units.unsigned_abs() % unit);
                write!(f, "{sign}{whole}.{places:0width$}", width = *scale as usize)
            }
            Self::Date(date) => write!(f, "{date}"),
            Self::Boolean(value) => write!(f, "{value}"),
            Self::Digest(digest) => f.write_str(&hex::encode(digest)),
        }
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Value(private)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SIGNED: AttributeType = AttributeType::Integer { min: None, max: None };
    const COUNT: AttributeType = AttributeType::Integer { min: Some(0), max: None };

    fn money() -> AttributeType {
        AttributeType::Decimal { scale: 2, min: Some("0".to_owned()), max: None }
    }

    #[test]
    fn numbers_are_written_one_way() {
        for (text, good) in [
            ("0", true),
            ("12.30", true),
            ("12.3", true),
            ("12.345", false),
            ("012", false),
            ("1e3", false),
            (".5", false),
            ("5.", false),
            ("+5", false),
            ("--5", false),
            ("-5", false),
            ("99999999999999999999", false),
            ("٣", false),
        ] {
            assert_eq!(Value::parse(&money(), text).is_ok(), good, "{text}");
        }
        assert_eq!(Value::parse(&money(), "12.3").unwrap().to_string(), "12.30");
    }

    #[test]
    fn text_is_normal() {
        let text = AttributeType::Text { max_length: Some(3), check: None };
        assert!(Value::parse(&text, "王小明").is_ok());
        assert_eq!(Value::parse(&text, "e\u{301}"), Err(ValueError::NotNormal));
        assert_eq!(Value::parse(&text, "a\nb"), Err(ValueError::NotNormal));
        assert_eq!(Value::parse(&text, "abcd"), Err(ValueError::TooLong(3)));
        assert_eq!(Value::parse(&text, ""), Err(ValueError::Empty));
    }

    #[test]
    fn values_do_not_print_by_accident() {
        assert_eq!(format!("{:?}", Value::Text("Zhang".into())), "Value(private)");
    }

    #[test]
    fn types_do_not_collide() {
        let text =
            Value::Text("1".into()).encode(&AttributeType::Text { max_length: None, check: None });
        let code = Value::Code("1".into()).encode(&AttributeType::Code { codes: vec![] });
        assert_ne!(text, code);
    }

    proptest! {
        #[test]
        fn encoding_keeps_the_order(a: i64, b: i64) {
            let encode = |n| Value::Integer(n).encode_ordered(&SIGNED).unwrap();
            prop_assert_eq!(a.cmp(&b), encode(a).cmp(&encode(b)));
            if a >= 0 {
                let count = Value::Integer(a).encode_ordered(&COUNT).unwrap();
                prop_assert_eq!(count, a.unsigned_abs());
            }
        }

        #[test]
        fn text_and_json_round_trip(units in 0..i64::MAX, number: i64, flag: bool, digest: [u8; 32]) {
            for (value, kind) in [
                (Value::Decimal { units, scale: 2 }, money()),
                (Value::Integer(number), SIGNED),
                (Value::Boolean(flag), AttributeType::Boolean),
                (Value::Digest(digest), AttributeType::Digest),
            ] {
                prop_assert_eq!(&Value::parse(&kind, &value.to_string()).unwrap(), &value);
                prop_assert_eq!(&Value::from_json(&kind, &value.to_json()).unwrap(), &value);
            }
        }

        #[test]
        fn never_panics(text in ".{0,40}") {
            for kind in [money(), SIGNED, AttributeType::Date, AttributeType::Digest, AttributeType::Boolean] {
                let _ = Value::parse(&kind, &text);
            }
        }
    }
}
