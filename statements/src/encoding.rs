//! Encodings of ordered values, seen from the integers.

use records::{AttributeType, Date, Value};

/// The integers that the values of an ordered type are encoded as: the least and the greatest.
pub(crate) fn integers(kind: &AttributeType) -> Option<(u64, u64)> {
    let decimal = |text: &Option<String>, end: i64, scale: u32| {
        let bound = text.as_deref().and_then(|text| Value::parse(kind, text).ok());
        bound.unwrap_or(Value::Decimal { units: end, scale }).encode_ordered(kind)
    };
    match kind {
        AttributeType::Integer { min, max } => Some((
            Value::Integer(min.unwrap_or(i64::MIN)).encode_ordered(kind)?,
            Value::Integer(max.unwrap_or(i64::MAX)).encode_ordered(kind)?,
        )),
        AttributeType::Decimal { scale, min, max } => {
            Some((decimal(min, i64::MIN, *scale)?, decimal(max, i64::MAX, *scale)?))
        }
        AttributeType::Digits { length, .. } => {
            Some((0, 10_u64.saturating_pow(*length).saturating_sub(1)))
        }
        AttributeType::Date => Some((0, Date::MAX.days())),
        AttributeType::Boolean => Some((0, 1)),
        AttributeType::Text { .. } | AttributeType::Code { .. } | AttributeType::Digest => None,
    }
}

/// The value of an ordered type that is encoded as an integer, if there is one.
pub(crate) fn decode(kind: &AttributeType, integer: u64) -> Option<Value> {
    // What 0 is encoded as is the offset of the type.
    let number = |zero: Value| Some(integer.wrapping_sub(zero.encode_ordered(kind)?).cast_signed());
    match kind {
        AttributeType::Integer { .. } => number(Value::Integer(0)).map(Value::Integer),
        AttributeType::Decimal { scale, .. } => {
            let units = number(Value::Decimal { units: 0, scale: *scale })?;
            Some(Value::Decimal { units, scale: *scale })
        }
        AttributeType::Digits { length, .. } => {
            let digits = format!("{integer:0width$}", width = *length as usize);
            (digits.len() == *length as usize).then_some(Value::Digits(digits))
        }
        AttributeType::Date => Date::from_days(integer).map(Value::Date),
        AttributeType::Boolean if integer <= 1 => Some(Value::Boolean(integer == 1)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decoding_inverts_encoding() {
        for kind in [
            AttributeType::Integer { min: None, max: None },
            AttributeType::Integer { min: Some(-90), max: Some(60) },
            AttributeType::Integer { min: Some(3), max: Some(9) },
            AttributeType::Decimal { scale: 2, min: Some("0.00".into()), max: None },
            AttributeType::Decimal { scale: 1, min: None, max: Some("5.0".into()) },
            AttributeType::Digits { length: 6, check: None },
            AttributeType::Date,
            AttributeType::Boolean,
        ] {
            let (least, greatest) = integers(&kind).unwrap();
            assert!(least <= greatest);
            for integer in [least, greatest] {
                let value = decode(&kind, integer).unwrap();
                assert!(value.check(&kind).is_ok(), "{kind:?} {value}");
                assert_eq!(value.encode_ordered(&kind), Some(integer), "{kind:?}");
            }
        }
    }
}
