//! The values that predicates compare with.

use records::domain::{DOMAIN_CODE, DOMAIN_DIGEST, DOMAIN_TEXT};
use records::{AttributeType, Encoded, Fr, Value, hash_to_field};
use serde::{Deserialize, Serialize};

use crate::{Expression, ProgramError};

/// A value that a predicate compares with. Constants are kept as people write them, and encoded
/// when the program is: what an explanation shows is what the circuit gets.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Term {
    /// A value of an ordered type: an integer below 2^64.
    Constant(Encoded),
    /// A value of type text.
    Text(String),
    /// A value of type code.
    Code(String),
    /// A value of type digest.
    #[serde(with = "digest_hex")]
    Digest([u8; 32]),
    /// Computed from the request.
    Expression(Expression),
}

impl Term {
    /// The term of an integer: the encoding of a value of an ordered type.
    pub fn integer(value: u64) -> Self {
        Self::Constant(Encoded::from_field(Fr::from(value)))
    }

    /// The integer, where the term is one.
    pub fn as_integer(&self) -> Option<u64> {
        match self {
            Self::Constant(value) => integer(value),
            _ => None,
        }
    }

    /// The encoding of a constant; nothing for an expression.
    pub fn encoded(&self) -> Option<Encoded> {
        let field = match self {
            Self::Constant(value) => return Some(*value),
            Self::Text(text) => hash_to_field(DOMAIN_TEXT, text.as_bytes()),
            Self::Code(code) => hash_to_field(DOMAIN_CODE, code.as_bytes()),
            Self::Digest(digest) => hash_to_field(DOMAIN_DIGEST, digest),
            Self::Expression(_) => return None,
        };
        Some(Encoded::from_field(field))
    }

    pub(crate) fn check(&self) -> Result<(), ProgramError> {
        match self {
            Self::Constant(value) => integer(value).map(drop).ok_or(ProgramError::Bound),
            Self::Text(text) | Self::Code(text) => Value::Text(text.clone())
                .check(&AttributeType::Text { max_length: None, check: None })
                .map_err(|_| ProgramError::Constant),
            Self::Digest(_) | Self::Expression(_) => Ok(()),
        }
    }
}

/// The integer below 2^64 that a field element is, if it is one.
pub(crate) fn integer(value: &Encoded) -> Option<u64> {
    let bytes = value.to_bytes();
    let (high, low) = bytes.split_at(24);
    let low = low.try_into().map(u64::from_be_bytes).ok()?;
    high.iter().all(|byte| *byte == 0).then_some(low)
}

/// Digests as hexadecimal digits.
mod digest_hex {
    use serde::{Deserialize, Deserializer, Serializer, de};

    pub(super) fn serialize<S: Serializer>(
        digest: &[u8; 32],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex::encode(digest))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<[u8; 32], D::Error> {
        let text = String::deserialize(deserializer)?;
        let lower = !text.bytes().any(|byte| byte.is_ascii_uppercase());
        let bytes = hex::decode(text).ok().filter(|_| lower);
        bytes
            .and_then(|bytes| bytes.try_into().ok())
            .ok_or_else(|| de::Error::custom("a digest is 64 lower-case hexadecimal digits"))
    }
}

/// The circuit's comparison is sound for bounds below 2^64 only: see docs/protocol/circuit.md,
/// clause 5. Expressions give such bounds, or -1 and 2^64, by construction.
pub(crate) fn check_bound(term: &Term) -> Result<(), ProgramError> {
    match term {
        Term::Constant(_) => Ok(()),
        Term::Expression(Expression::Member { .. })
        | Term::Text(_)
        | Term::Code(_)
        | Term::Digest(_) => Err(ProgramError::Bound),
        Term::Expression(_) => Ok(()),
    }
}
