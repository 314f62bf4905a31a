//! Reading JSON bodies strictly: no duplicate names at any depth (RFC 8259 leaves their meaning
//! open, so two parsers may see two different requests), limited depth, nothing after the end.

use std::collections::BTreeSet;
use std::fmt;

use serde::de::{DeserializeOwned, DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor};
use serde::{Deserializer, de};

use super::problem::{Code, Problem};

/// Deepest nesting of arrays and objects that a body may have. Ours have at most seven.
const MAX_DEPTH: usize = 32;

const DUPLICATE: &str = "a name occurs twice in one object";
const TOO_DEEP: &str = "arrays and objects are nested too deeply";

/// Reads a body: one JSON object.
///
/// # Errors
/// 400 with the place in the text. The detail does not repeat what stands there.
pub fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let text = std::str::from_utf8(bytes)
        .map_err(|error| malformed(format!("no UTF-8 at byte {}", error.valid_up_to())))?;
    // Serde would also read an object's members from an array, without their names.
    if !text.trim_start_matches([' ', '\t', '\r', '\n']).starts_with('{') {
        return Err(malformed("no JSON object".to_owned()));
    }
    let mut reader = serde_json::Deserializer::from_str(text);
    Strict { depth: 0 }.deserialize(&mut reader).map_err(|error| describe(&error))?;
    reader.end().map_err(|error| describe(&error))?;
    serde_json::from_str(text).map_err(|error| describe(&error))
}

fn malformed(detail: String) -> Problem {
    Problem::new(Code::MalformedBody, detail)
}

/// The place and the kind of an error. Only texts of our own are passed on: those of the
/// library repeat the values they complain about.
fn describe(error: &serde_json::Error) -> Problem {
    use serde_json::error::Category;
    let text = error.to_string();
    let what = match error.classify() {
        Category::Eof => "the JSON text ends too early",
        Category::Syntax => "no JSON",
        _ if text.starts_with(DUPLICATE) => DUPLICATE,
        _ if text.starts_with(TOO_DEEP) => TOO_DEEP,
        // Names of fields are our own: a body lacks them.
        _ if text.starts_with("missing field `") => text.split(" at line ").next().unwrap_or(""),
        _ if text.starts_with("unknown field `") => "a field is unknown",
        _ => "a value is not of the form that the interface defines",
    };
    malformed(format!("{what} at line {}, column {}", error.line(), error.column()))
}

/// Walks over any JSON and keeps nothing.
#[derive(Clone, Copy)]
struct Strict {
    depth: usize,
}

impl Strict {
    fn deeper<E: de::Error>(self) -> Result<Self, E> {
        if self.depth >= MAX_DEPTH {
            return Err(E::custom(TOO_DEEP));
        }
        Ok(Self { depth: self.depth + 1 })
    }
}

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let inner = self.deeper()?;
        while items.next_element_seed(inner)?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        let inner = self.deeper()?;
        let mut names = BTreeSet::new();
        while let Some(name) = entries.next_key::<String>()? {
            if !names.insert(name) {
                return Err(A::Error::custom(DUPLICATE));
            }
            entries.next_value_seed(inner)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::Value;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Small {
        #[expect(dead_code, reason = "only its form matters")]
        size: u8,
    }

    fn detail(text: &str) -> String {
        format!("{:?}", read::<Small>(text.as_bytes()).unwrap_err())
    }

    #[test]
    fn reads_what_is_good() {
        assert!(read::<Small>(br#" {"size": 7} "#).is_ok());
        let value: Value = read(br#"{"a":[1,-1,1.5,null,true,"x",{"a":{"a":1}}]}"#).unwrap();
        assert_eq!(value["a"][6]["a"]["a"], 1);
    }

    #[test]
    fn says_what_is_wrong() {
        for (text, expected) in [
            (r#"{"size":"#, "ends too early"),
            (r#"{"size":7"#, "ends too early"),
            (r#"[7]"#, "no JSON object"),
            ("", "no JSON object"),
            (r#"{"size":7}x"#, "no JSON"),
            (r#"{"size":7,}"#, "no JSON"),
            (r#"{}"#, "missing field `size`"),
            (r#"{"size":7,"size":7}"#, DUPLICATE),
            (r#"{"size":7,"colour":{"a":1,"a":1}}"#, DUPLICATE),
            (r#"{"size":7,"secret-name":1}"#, "a field is unknown"),
            (r#"{"size":"secret-value"}"#, "not of the form"),
            (r#"{"size":256}"#, "not of the form"),
        ] {
            let detail = detail(text);
            assert!(detail.contains(expected), "{text}: {detail}");
            assert!(!detail.contains("secret"), "{detail}");
        }
    }

    #[test]
    fn deep_nesting_is_refused() {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let inner = |depth| format!("{}1{}", open.repeat(depth), close.repeat(depth));
            let text = |depth| format!("{{\"a\":{}}}", inner(depth - 1));
            assert!(read::<Value>(text(MAX_DEPTH).as_bytes()).is_ok());
            for depth in [MAX_DEPTH + 1, 100_000] {
                assert!(read::<Value>(text(depth).as_bytes()).is_err());
            }
        }
    }

    #[test]
    fn other_encodings_are_refused() {
        assert!(read::<Value>(b"{\"a\":\"\xff\"}").is_err());
        assert!(read::<Value>(b"{\"a\":\"\\ud800\"}").is_err());
        assert!(read::<Value>(b"\xef\xbb\xbf{}").is_err());
        assert!(read::<Value>(b"{}").is_ok());
    }

    proptest! {
        #[test]
        fn never_panics(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = read::<Value>(&bytes);
        }
    }
}
