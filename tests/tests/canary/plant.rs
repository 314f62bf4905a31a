//! Records with values that occur nowhere else.

use records::import::Row;
use records::{AttributeType, Date, RecordBundle, Schema, Value};
use tests::schema;

use crate::needle::Needle;

/// Letters that are written differently in nearly every encoding.
const STRANGE: &str = "Quillon-Zéphyrine æther 龘靐齉";

/// Plants unusual values in a row: in each attribute whose type leaves room for one. The other
/// values stay what the sampler drew.
pub(crate) fn plant(schema: &Schema, mut row: Row, seed: u32) -> Row {
    for (slot, attribute) in schema.attributes().iter().enumerate() {
        let number = 100 * seed + u32::try_from(slot).unwrap();
        if let Some(value) = unusual(attribute.kind(), number) {
            row.values[slot] = value;
        }
    }
    row.valid_from = Date::parse("2003-02-01").unwrap().plus_days(seed.into());
    row.valid_until = Date::parse("2089-07-17").unwrap().plus_days(seed.into());
    row
}

fn unusual(kind: &AttributeType, number: u32) -> Option<Value> {
    let candidates = match kind {
        AttributeType::Text { check: None, .. } => {
            vec![format!("{STRANGE} {number}"), format!("龘{number}Zéphyr")]
        }
        AttributeType::Decimal { .. } => {
            let places = number % 10;
            vec![format!("27182{number:05}.{places}"), format!("8182{number:03}.{places}")]
        }
        AttributeType::Date => {
            let first = Date::parse("1911-03-05").unwrap();
            vec![first.plus_days(i64::from(number)).to_string()]
        }
        AttributeType::Digits { length, check: None } if *length >= 10 => {
            vec![format!(
                "{:0>width$}",
                31_415_900_000_u64 + u64::from(number),
                width = *length as usize
            )]
        }
        _ => vec![],
    };
    candidates.into_iter().find_map(|text| Value::parse(kind, &text).ok())
}

/// The values of a record, and what else about it only its holder and its department know.
pub(crate) fn needles(name: &str, bundle: &RecordBundle) -> Vec<Needle> {
    let schema = schema(name);
    let record = bundle.record(schema).unwrap();
    let values = schema.attributes().iter().zip(record.values());
    let mut needles: Vec<_> = values
        .filter_map(|(attribute, value)| {
            let name = format!("{name}.{}", attribute.name());
            Needle::value(&name, attribute.kind(), value)
        })
        .collect();
    let header = record.header();
    for (part, field) in [
        ("record id", header.record_id.field()),
        ("salt", header.salt.field()),
        ("holder tag", header.holder_tag.field()),
    ] {
        needles.push(Needle::field(format!("{name}: {part}"), field));
    }
    for (part, date) in [("valid from", header.valid_from), ("valid until", header.valid_until)] {
        needles.push(Needle::text(format!("{name}: {part}"), &date.to_string()));
    }
    needles
}
