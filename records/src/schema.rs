//! Schemas: the data dictionary of one document type.

pub mod builtin;
mod parse;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::check_digit::CheckDigit;
use crate::domain::DOMAIN_SCHEMA;
use crate::{SchemaId, hash_to_field};

pub use parse::SchemaError;

/// A text in the languages of the people who read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Titles {
    /// English.
    pub en: String,
    /// Chinese (simplified).
    pub zh: String,
}

/// Most characters of a title or description.
pub const MAX_TEXT: usize = 2_000;

/// Whether a name is in snake case, of 1 to 64 characters, a letter first.
pub fn is_name(name: &str) -> bool {
    (1..=64).contains(&name.len())
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

/// Whether a text can be shown to people as it is: without control characters, which steer
/// terminals, and without those that turn the direction of writing and so show another text
/// than is there (Unicode Technical Report 36, section 2.5.1). Line breaks are allowed.
pub fn is_plain_text(text: &str) -> bool {
    let steers = |c: char| {
        (c.is_control() && c != '\n')
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.chars().count() <= MAX_TEXT && !text.chars().any(steers)
}

impl Titles {
    /// Whether both texts can be shown to people as they are.
    pub fn are_plain(&self) -> bool {
        is_plain_text(&self.en) && is_plain_text(&self.zh)
    }

    /// The text in `language`.
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::En => &self.en,
            Language::Zh => &self.zh,
        }
    }
}

/// A language of titles and explanations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    En,
    /// Chinese (simplified).
    Zh,
}

/// The data dictionary of one document type. Only [`Schema::parse`] makes one, so each one
/// holds to the rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Schema {
    name: String,
    version: u32,
    title: Titles,
    description: Titles,
    system: String,
    department: String,
    key: Vec<String>,
    attributes: Vec<Attribute>,
}

/// One attribute of a schema.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attribute {
    name: String,
    title: Titles,
    description: Titles,
    #[serde(flatten)]
    kind: AttributeType,
}

/// Type of an attribute: which values it has and how they are encoded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum AttributeType {
    /// NFC UTF-8 text.
    Text {
        /// Most characters (Unicode scalar values) it may have.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        max_length: Option<u32>,
        /// Check digit rule of its number.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        check: Option<CheckDigit>,
    },
    /// One of a list of codes.
    Code {
        /// The list.
        codes: Vec<Code>,
    },
    /// A digit code of fixed length: ordered, and comparable by prefix.
    Digits {
        /// Its length, 1 to 18 digits.
        length: u32,
        /// Check digit rule.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        check: Option<CheckDigit>,
    },
    /// A whole number.
    Integer {
        /// Least value; where it is negative or absent, values are encoded with an offset of 2^63.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        min: Option<i64>,
        /// Greatest value.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        max: Option<i64>,
    },
    /// A number with a fixed count of decimal places.
    Decimal {
        /// Decimal places, 0 to 9.
        scale: u32,
        /// Least value; where it is negative or absent, values are encoded with an offset of 2^63.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        min: Option<String>,
        /// Greatest value.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        max: Option<String>,
    },
    /// A calendar date.
    Date,
    /// True or false.
    Boolean,
    /// SHA-256 of a document or photograph.
    Digest,
}

/// One code of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Code {
    /// The code itself, as records carry it.
    pub code: String,
    /// What it means.
    pub title: Titles,
}

impl Schema {
    /// Reads a schema from its TOML document.
    ///
    /// # Errors
    /// [`SchemaError`] for a document that is not TOML, has unknown fields, or breaks a rule.
    pub fn parse(document: &str) -> Result<Self, SchemaError> {
        parse::parse(document)
    }

    /// Hash of the schema's canonical JSON (RFC 8785).
    pub fn id(&self) -> SchemaId {
        SchemaId::from_field(hash_to_field(DOMAIN_SCHEMA, self.canonical_json().as_bytes()))
    }

    /// The schema as canonical JSON (RFC 8785).
    pub fn canonical_json(&self) -> String {
        // Strings and integers of at most 64 bits: serialisation has no failing case.
        serde_json_canonicalizer::to_string(self).unwrap_or_default()
    }

    /// Its name, in snake case; unique among the schemas in use.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its version; another version is another schema.
    pub fn version(&self) -> u32 {
        self.version
    }

    /// Its title.
    pub fn title(&self) -> &Titles {
        &self.title
    }

    /// What it describes.
    pub fn description(&self) -> &Titles {
        &self.description
    }

    /// The system of departments it belongs to.
    pub fn system(&self) -> &str {
        &self.system
    }

    /// Short name of the department that issues it; its ledger is named after it.
    pub fn department(&self) -> &str {
        &self.department
    }

    /// Names of the attributes that together identify a record.
    pub fn key(&self) -> &[String] {
        &self.key
    }

    /// Its attributes, in slot order.
    pub fn attributes(&self) -> &[Attribute] {
        &self.attributes
    }

    /// Slot and attribute of a name.
    pub fn attribute(&self, name: &str) -> Option<(usize, &Attribute)> {
        self.attributes.iter().enumerate().find(|(_, attribute)| attribute.name == name)
    }
}

impl Attribute {
    /// Its name, in snake case; unique in its schema.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its title.
    pub fn title(&self) -> &Titles {
        &self.title
    }

    /// What it holds.
    pub fn description(&self) -> &Titles {
        &self.description
    }

    /// Its type.
    pub fn kind(&self) -> &AttributeType {
        &self.kind
    }
}

impl AttributeType {
    /// Whether values have an order: they are encoded as integers below 2^64.
    pub fn is_ordered(&self) -> bool {
        match self {
            Self::Digits { .. }
            | Self::Integer { .. }
            | Self::Decimal { .. }
            | Self::Date
            | Self::Boolean => true,
            Self::Text { .. } | Self::Code { .. } | Self::Digest => false,
        }
    }

    /// Name of the type, as schemas write it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Text { .. } => "text",
            Self::Code { .. } => "code",
            Self::Digits { .. } => "digits",
            Self::Integer { .. } => "integer",
            Self::Decimal { .. } => "decimal",
            Self::Date => "date",
            Self::Boolean => "boolean",
            Self::Digest => "digest",
        }
    }

    /// Whether values of both types that are equal have equal encodings, and others never: only
    /// then can a link compare them.
    pub fn is_comparable_with(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Digits { length: a, .. }, Self::Digits { length: b, .. }) => a == b,
            (Self::Decimal { scale: a, .. }, Self::Decimal { scale: b, .. }) => {
                a == b && self.offset() == other.offset()
            }
            (Self::Integer { .. }, Self::Integer { .. }) => self.offset() == other.offset(),
            _ => self.name() == other.name(),
        }
    }

    /// What is added to a number to encode it: 2^63 where it may be negative.
    pub(crate) fn offset(&self) -> u64 {
        let signed = match self {
            Self::Integer { min, .. } => min.is_none_or(|min| min < 0),
            Self::Decimal { scale, min, .. } => min
                .as_deref()
                .and_then(|min| crate::value::parse_units(min, *scale).ok())
                .is_none_or(|min| min < 0),
            _ => false,
        };
        if signed { 1 << 63 } else { 0 }
    }
}

impl fmt::Display for Schema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (version {})", self.name, self.version)
    }
}
