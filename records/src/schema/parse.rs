//! From a TOML document to a schema that holds to the rules.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::{Attribute, AttributeType, Code, Schema, Titles, is_name, is_plain_text};
use crate::domain::ATTRIBUTES;
use crate::value::parse_units;

/// Why a document is not a schema.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SchemaError {
    /// Not TOML, or not of the schema's form.
    #[error("the schema document cannot be read: {0}")]
    Document(String),
    /// A name that is not snake case.
    #[error("{0:?} is not a name: names have 1 to 64 characters of a-z, 0-9 and _, a letter first")]
    Name(String),
    /// No attribute, or more than a record has slots.
    #[error("the schema has {0} attributes; a record has 1 to {ATTRIBUTES}")]
    AttributeCount(usize),
    /// Two attributes of one name.
    #[error("attribute {0} is defined twice")]
    Duplicate(String),
    /// An attribute of a name that the header of every record has.
    #[error("{0} is part of every record's header, and no name for an attribute")]
    Reserved(String),
    /// A text with characters that steer a terminal or turn the direction of writing.
    #[error("a title, description or code has control characters or is too long")]
    Text,
    /// The key names no attribute, or is empty.
    #[error("the key names {0:?}, which is no attribute")]
    Key(String),
    /// A type's settings contradict themselves.
    #[error("attribute {attribute}: {problem}")]
    Type {
        /// The attribute.
        attribute: String,
        /// What is wrong.
        problem: String,
    },
}

/// Names that conditions and imported files use for the header.
const RESERVED: [&str; 3] = ["holder_tag", "valid_from", "valid_until"];

/// The document as written. Attributes are checked for unknown fields by their type.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    name: String,
    version: u32,
    title: Titles,
    description: Titles,
    system: String,
    department: String,
    key: Vec<String>,
    attributes: Vec<Attribute>,
}

pub(super) fn parse(document: &str) -> Result<Schema, SchemaError> {
    let document: Document =
        toml::from_str(document).map_err(|error| SchemaError::Document(error.to_string()))?;
    let Document { name, version, title, description, system, department, key, attributes } =
        document;
    for name in [&name, &department].into_iter().chain(attributes.iter().map(|a| &a.name)) {
        check_name(name)?;
    }
    if let Some(taken) = attributes.iter().find(|a| RESERVED.contains(&a.name.as_str())) {
        return Err(SchemaError::Reserved(taken.name.clone()));
    }
    let plain = title.are_plain()
        && description.are_plain()
        && is_plain_text(&system)
        && attributes.iter().all(is_plain);
    if !plain {
        return Err(SchemaError::Text);
    }
    if attributes.is_empty() || attributes.len() > ATTRIBUTES {
        return Err(SchemaError::AttributeCount(attributes.len()));
    }
    let mut names = BTreeSet::new();
    for attribute in &attributes {
        if !names.insert(attribute.name.as_str()) {
            return Err(SchemaError::Duplicate(attribute.name.clone()));
        }
        attribute
            .kind
            .check()
            .map_err(|problem| SchemaError::Type { attribute: attribute.name.clone(), problem })?;
    }
    if key.is_empty() {
        return Err(SchemaError::Key(String::new()));
    }
    if let Some(unknown) = key.iter().find(|name| !names.contains(name.as_str())) {
        return Err(SchemaError::Key(unknown.clone()));
    }
    Ok(Schema { name, version, title, description, system, department, key, attributes })
}

fn check_name(name: &str) -> Result<(), SchemaError> {
    if is_name(name) { Ok(()) } else { Err(SchemaError::Name(name.to_owned())) }
}

fn is_plain(attribute: &Attribute) -> bool {
    let codes = match &attribute.kind {
        AttributeType::Code { codes } => codes.as_slice(),
        _ => &[],
    };
    attribute.title.are_plain()
        && attribute.description.are_plain()
        && codes.iter().all(|code| is_plain_text(&code.code) && code.title.are_plain())
}

impl AttributeType {
    /// Whether the settings of the type fit each other, so that each of its values has an
    /// encoding.
    ///
    /// # Errors
    /// A text that says what does not fit.
    pub fn check(&self) -> Result<(), String> {
        match self {
            Self::Text { check: Some(check), max_length: Some(most) }
                if check.length() > *most as usize =>
            {
                Err(format!("its numbers have {} characters", check.length()))
            }
            Self::Code { codes } => check_codes(codes),
            Self::Digits { length, .. } if !(1..=18).contains(length) => {
                Err(format!("a digit code of {length} digits; 1 to 18 can be encoded"))
            }
            Self::Digits { length, check: Some(check) }
                if !check.is_numeric() || check.length() != *length as usize =>
            {
                Err(format!("its check digit is for {} characters", check.length()))
            }
            Self::Integer { min: Some(min), max: Some(max) } if min > max => {
                Err("the least value is above the greatest".to_owned())
            }
            Self::Decimal { scale, .. } if *scale > 9 => {
                Err(format!("a scale of {scale}; at most 9"))
            }
            Self::Decimal { scale, min, max } => {
                let units = |bound: &Option<String>| {
                    bound.as_deref().map(|text| parse_units(text, *scale)).transpose()
                };
                match (units(min), units(max)) {
                    (Ok(Some(min)), Ok(Some(max))) if min > max => {
                        Err("the least value is above the greatest".to_owned())
                    }
                    (Ok(_), Ok(_)) => Ok(()),
                    _ => Err("a bound is not a number of that scale".to_owned()),
                }
            }
            _ => Ok(()),
        }
    }
}

fn check_codes(codes: &[Code]) -> Result<(), String> {
    let distinct: BTreeSet<_> = codes.iter().map(|code| &code.code).collect();
    if codes.is_empty() {
        return Err("the list of codes is empty".to_owned());
    }
    if distinct.len() != codes.len() {
        return Err("a code is listed twice".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const GOOD: &str = r#"
        name = "permit"
        version = 1
        title = { en = "Permit", zh = "许可证" }
        description = { en = "A permit", zh = "许可证" }
        system = "test"
        department = "permits"
        key = ["number"]
        [[attributes]]
        name = "number"
        type = "digits"
        length = 6
        title = { en = "Number", zh = "编号" }
        description = { en = "Number", zh = "编号" }
    "#;

    #[test]
    fn reads_a_schema() {
        let schema = Schema::parse(GOOD).unwrap();
        assert_eq!((schema.name(), schema.attributes().len()), ("permit", 1));
        assert_eq!(schema.attribute("number").map(|(slot, _)| slot), Some(0));
    }

    #[test]
    fn one_mutation_each_is_refused() {
        for (from, to, expected) in [
            ("name = \"permit\"", "name = \"Permit\"", "is not a name"),
            ("length = 6", "length = 19", "digit code of 19"),
            ("length = 6", "length = 6\nscale = 2", "cannot be read"),
            ("key = [\"number\"]", "key = [\"other\"]", "is no attribute"),
            ("key = [\"number\"]", "key = []", "is no attribute"),
            ("name = \"number\"", "name = \"valid_from\"", "header"),
            ("en = \"Permit\"", "en = \"\\u001b[2K\"", "control characters"),
            ("zh = \"编号\"", "zh = \"\\u202e\"", "control characters"),
            ("length = 6", "length = 6\ncheck = \"awb\"", "check digit"),
            ("length = 6", "length = 18\ncheck = \"gb32100\"", "check digit"),
            ("version = 1", "version = 1\ncolour = 3", "cannot be read"),
            ("type = \"digits\"", "type = \"blob\"", "cannot be read"),
        ] {
            let error = Schema::parse(&GOOD.replace(from, to)).unwrap_err().to_string();
            assert!(error.contains(expected), "{to}: {error}");
        }
    }

    #[test]
    fn every_change_changes_the_id() {
        let id = Schema::parse(GOOD).unwrap().id();
        for (from, to) in
            [("length = 6", "length = 7"), ("许可证\" }\n        s", "证\" }\n        s")]
        {
            assert_ne!(Schema::parse(&GOOD.replace(from, to)).unwrap().id(), id, "{to}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in ".{0,200}") {
            let _ = Schema::parse(&text);
        }
    }
}
