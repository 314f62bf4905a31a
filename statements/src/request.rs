//! Requests: a relying party asks a holder for a presentation of a statement.

use std::fmt;
use std::str::FromStr;

use records::domain::DOMAIN_CHALLENGE;
use records::{Challenge, Date, Scope, decode_hex, hash_to_field};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::{Map, Value as Json};

use crate::StatementId;
use crate::presentation::is_object;

/// Largest integer that every JSON implementation reads alike (RFC 8785, section 3.2.2.3).
const MAX_JSON_INTEGER: u64 = (1 << 53) - 1;

/// Most bytes of a request's canonical JSON.
pub const MAX_REQUEST_BYTES: usize = 16 * 1024;

/// Longest audience and scope, in bytes.
pub const MAX_NAME_BYTES: usize = 200;

/// What a relying party asks for. Its hash is the challenge that the proofs are bound to, so no
/// part of it can be changed after the fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Request {
    /// Version of the request format: 1.
    pub version: u32,
    /// The statement to prove.
    pub statement: StatementId,
    /// Values of the statement's parameters.
    pub parameters: Map<String, Json>,
    /// Name of the relying party.
    pub audience: String,
    /// Makes this request unlike any other.
    pub nonce: Nonce,
    /// Name of the scope in which the nullifier is unique, where the statement shows one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// The day the statement is about.
    pub today: Date,
    /// When the request ends, in seconds since 1970-01-01T00:00:00Z.
    pub expires_at: u64,
    /// How old a checkpoint may be, in seconds.
    pub max_checkpoint_age: u64,
}

/// 16 random bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Nonce([u8; 16]);

/// Why something is no request.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RequestError {
    /// Not the JSON form of a request.
    #[error("the request cannot be read: {0}")]
    Json(String),
    /// A version that this program does not know.
    #[error("request version {0} is not known; this is version 1")]
    Version(u32),
    /// An audience or scope that is empty or too long.
    #[error("the {0} is empty or longer than {MAX_NAME_BYTES} bytes")]
    Name(&'static str),
    /// A number beyond what JSON implementations agree on.
    #[error("the number {0} is larger than 2^53 - 1")]
    Number(&'static str),
    /// Longer than any request needs to be.
    #[error("the request has more than {MAX_REQUEST_BYTES} bytes")]
    TooLong,
    /// Not 32 lower-case hexadecimal digits.
    #[error("a nonce is 32 lower-case hexadecimal digits")]
    Nonce,
}

/// The fields of a request as JSON has them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields {
    version: u32,
    statement: StatementId,
    parameters: Map<String, Json>,
    audience: String,
    nonce: Nonce,
    #[serde(default)]
    scope: Option<String>,
    today: Date,
    expires_at: u64,
    max_checkpoint_age: u64,
}

impl Request {
    /// Reads a request's JSON.
    ///
    /// # Errors
    /// [`RequestError`] for JSON of another form, or a field out of its bounds.
    pub fn from_json(json: &str) -> Result<Self, RequestError> {
        if !is_object(json) {
            return Err(RequestError::Json("it is no JSON object".to_owned()));
        }
        serde_json::from_str(json).map_err(|error| RequestError::Json(error.to_string()))
    }

    /// Whether all fields are within their bounds.
    ///
    /// # Errors
    /// [`RequestError`] naming the first that is not.
    pub fn check(&self) -> Result<(), RequestError> {
        if self.version != 1 {
            return Err(RequestError::Version(self.version));
        }
        check_name("audience", &self.audience)?;
        if let Some(scope) = &self.scope {
            check_name("scope", scope)?;
        }
        for (name, number) in
            [("expires_at", self.expires_at), ("max_checkpoint_age", self.max_checkpoint_age)]
        {
            if number > MAX_JSON_INTEGER {
                return Err(RequestError::Number(name));
            }
        }
        let large = |json: &Json| match json {
            Json::Number(number) => {
                number.as_i64().is_none_or(|n| n.unsigned_abs() > MAX_JSON_INTEGER)
            }
            _ => false,
        };
        if self.parameters.values().any(large) {
            return Err(RequestError::Number("in the parameters"));
        }
        if self.canonical_json().len() > MAX_REQUEST_BYTES {
            return Err(RequestError::TooLong);
        }
        Ok(())
    }

    /// The request as canonical JSON (RFC 8785).
    pub fn canonical_json(&self) -> String {
        // Strings and integers that JSON can hold: serialisation has no failing case.
        serde_json_canonicalizer::to_string(self).unwrap_or_default()
    }

    /// Hash of the canonical JSON: the proofs' first public input.
    pub fn challenge(&self) -> Challenge {
        let field = hash_to_field(DOMAIN_CHALLENGE, self.canonical_json().as_bytes());
        Challenge::from_field(field)
    }

    /// The scope as a public input.
    pub fn scope_field(&self) -> Option<Scope> {
        self.scope.as_deref().map(Scope::named)
    }
}

fn check_name(what: &'static str, name: &str) -> Result<(), RequestError> {
    let good = (1..=MAX_NAME_BYTES).contains(&name.len()) && !name.chars().any(char::is_control);
    if good { Ok(()) } else { Err(RequestError::Name(what)) }
}

impl<'de> Deserialize<'de> for Request {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let fields = Fields::deserialize(deserializer)?;
        let request = Self {
            version: fields.version,
            statement: fields.statement,
            parameters: fields.parameters,
            audience: fields.audience,
            nonce: fields.nonce,
            scope: fields.scope,
            today: fields.today,
            expires_at: fields.expires_at,
            max_checkpoint_age: fields.max_checkpoint_age,
        };
        request.check().map_err(de::Error::custom)?;
        Ok(request)
    }
}

impl Nonce {
    /// Wraps 16 bytes, which the caller draws at random.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The bytes.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl fmt::Display for Nonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Nonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Nonce({self})")
    }
}

impl FromStr for Nonce {
    type Err = RequestError;

    fn from_str(text: &str) -> Result<Self, RequestError> {
        decode_hex(text).map(Self).ok_or(RequestError::Nonce)
    }
}

impl Serialize for Nonce {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Nonce {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn json() -> String {
        let statement = "ab".repeat(32);
        let nonce = "0f".repeat(16);
        format!(
            r#"{{"version":1,"statement":"{statement}","parameters":{{}},"audience":"counter",
            "nonce":"{nonce}","today":"2026-01-31","expires_at":1767225600,
            "max_checkpoint_age":3600}}"#
        )
    }

    #[test]
    fn the_challenge_covers_every_field() {
        let request = Request::from_json(&json()).unwrap();
        for (from, to) in [
            ("abab", "abac"),
            ("{}", r#"{"a":1}"#),
            ("counter", "counter2"),
            ("0f0f", "0f0e"),
            ("\"today\"", "\"scope\":\"s\",\"today\""),
            ("01-31", "02-01"),
            ("1767225600", "1767225601"),
            ("3600}", "3601}"),
        ] {
            let other = Request::from_json(&json().replacen(from, to, 1)).unwrap();
            assert_ne!(other.challenge(), request.challenge(), "{to}");
        }
    }

    #[test]
    fn one_mutation_each_is_refused() {
        for (from, to) in [
            ("\"version\":1", "\"version\":2"),
            ("counter", ""),
            ("counter", "a\\nb"),
            ("1767225600", "9007199254740992"),
            ("{}", r#"{"a":9007199254740992}"#),
            ("{}", r#"{"a":1.5}"#),
            ("{}", &format!(r#"{{"a":"{}"}}"#, "x".repeat(MAX_REQUEST_BYTES))),
            ("\"today\"", "\"colour\":1,\"today\""),
            ("\"today\"", "\"audience\":\"other\",\"today\""),
            ("0f0f", "0F0f"),
            ("abab", "ABab"),
        ] {
            assert!(Request::from_json(&json().replacen(from, to, 1)).is_err(), "{to}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in ".{0,200}") {
            let _ = Request::from_json(&text);
        }
    }
}
