//! Values by type alone, for attributes about which nothing else is known.

use super::Sampler;
use super::document::Document;
use crate::check_digit::CheckDigit;
use crate::value::parse_units;
use crate::{AttributeType, Value};

/// Length of texts: long enough that few are drawn twice.
const LETTERS: u32 = 12;

/// Widest range of numbers where a schema sets no bounds.
const WIDEST: i64 = 1_000_000;

impl Sampler {
    /// A document of which only the validity is known.
    pub(super) fn anything(&mut self) -> Document {
        let valid_from = self.random.date(self.today.plus_years(-5), self.today);
        let years = self.random.number(1..=10);
        Document { valid_from, valid_until: valid_from.plus_years(years.into()), fields: vec![] }
    }

    /// The text of some value of a type.
    pub(super) fn any_text(&mut self, kind: &AttributeType) -> String {
        match kind {
            AttributeType::Text { check: Some(check), .. }
            | AttributeType::Digits { check: Some(check), .. } => self.checked_number(*check),
            AttributeType::Text { max_length, .. } => {
                let length = max_length.unwrap_or(LETTERS).clamp(1, LETTERS) as usize;
                self.random.text(b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789", length)
            }
            AttributeType::Code { codes } => self.random.weighted(codes, |_| 1).code.clone(),
            AttributeType::Digits { length, .. } => self.random.digits(*length as usize),
            AttributeType::Integer { min, max } => self.within(*min, *max).to_string(),
            AttributeType::Decimal { scale, min, max } => {
                let units = |bound: &Option<String>| {
                    bound.as_deref().and_then(|text| parse_units(text, *scale).ok())
                };
                let units = self.within(units(min), units(max));
                Value::Decimal { units, scale: *scale }.to_string()
            }
            AttributeType::Date => {
                self.random.date(self.today.plus_years(-30), self.today).to_string()
            }
            AttributeType::Boolean => self.random.chance(50.0).to_string(),
            AttributeType::Digest => self.random.digest(),
        }
    }

    fn checked_number(&mut self, check: CheckDigit) -> String {
        match check {
            CheckDigit::Gb11643 => self.person(0..=95).identity_number,
            CheckDigit::Gb32100 => self.company().credit_code,
            CheckDigit::Awb => self.air_waybill_number("999"),
            CheckDigit::Iso6346 => self.container_number(),
        }
    }

    fn within(&mut self, min: Option<i64>, max: Option<i64>) -> i64 {
        let (min, max) = match (min, max) {
            (Some(min), Some(max)) => (min, max),
            (Some(min), None) => (min, min.saturating_add(WIDEST)),
            (None, Some(max)) => (max.saturating_sub(WIDEST), max),
            (None, None) => (-WIDEST, WIDEST),
        };
        self.random.integer(min..=max)
    }
}
