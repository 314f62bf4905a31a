//! Forgeries.

use anyhow::Context as _;
use records::schema::builtin;
use records::{AttributeType, Value};
use serde_json::Value as Json;
use statements::{Presentation, Statement};

/// Changes the first revealed attribute to another value of its type.
pub(super) fn reveal(statement: &Statement, presentation: &mut Presentation) -> anyhow::Result<()> {
    for (record, proof) in statement.records().iter().zip(&mut presentation.proofs) {
        let schema = builtin::by_id(record.program.schema).context("an unknown schema")?;
        for (name, value) in &mut proof.revealed {
            let (_, attribute) = schema.attribute(name).context("an unknown attribute")?;
            if let Some(other) = other_value(attribute.kind(), value) {
                *value = other;
                return Ok(());
            }
        }
    }
    anyhow::bail!("nothing is revealed that could be changed")
}

/// Another value of the type, if one is easily found.
fn other_value(kind: &AttributeType, value: &Json) -> Option<Json> {
    let candidates: Vec<Json> = match (kind, value) {
        (AttributeType::Code { codes }, _) => {
            codes.iter().map(|code| code.code.clone().into()).collect()
        }
        (AttributeType::Boolean, Json::Bool(value)) => vec![(!value).into()],
        (AttributeType::Integer { .. }, Json::Number(number)) => {
            let number = number.as_i64()?;
            vec![(number + 1).into(), (number - 1).into()]
        }
        (AttributeType::Date, _) => vec!["2000-01-01".into(), "2000-01-02".into()],
        (AttributeType::Text { .. }, Json::String(text)) => {
            vec![format!("{text}2").into(), "某".into()]
        }
        (_, Json::String(text)) => text
            .char_indices()
            .filter(|(_, c)| c.is_ascii_digit())
            .flat_map(|(at, _)| {
                ["1", "2"].map(|digit| {
                    let (before, after) = (text.get(..at), text.get(at + 1..));
                    [before.unwrap_or_default(), digit, after.unwrap_or_default()].concat().into()
                })
            })
            .collect(),
        _ => Vec::new(),
    };
    candidates
        .into_iter()
        .find(|candidate| candidate != value && Value::from_json(kind, candidate).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use records::Date;
    use records::sample::Sampler;

    #[test]
    fn forged_values_are_of_their_type_and_other_values() {
        let mut sampler = Sampler::new(3, Date::parse("2026-01-31").unwrap());
        let mut forged = 0;
        for schema in builtin::all() {
            let row = sampler.row(schema).unwrap();
            for (attribute, value) in schema.attributes().iter().zip(&row.values) {
                let json = value.to_json();
                if let Some(other) = other_value(attribute.kind(), &json) {
                    assert_ne!(other, json);
                    assert!(Value::from_json(attribute.kind(), &other).is_ok());
                    forged += 1;
                }
            }
        }
        assert!(forged > 100, "{forged}");
    }
}
