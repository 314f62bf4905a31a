//! The members of one line of JSON, in their order and with repeated keys kept: a map would
//! silently keep the last of them.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value as Json;
use serde_json::error::Category;

use super::LineErrorKind;

/// Members of an object as written.
struct Members(Vec<(String, Json)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;

        impl<'de> Visitor<'de> for Object {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(Object)
    }
}

/// The members of the object that `line` is.
///
/// # Errors
/// [`LineErrorKind::MalformedJson`] or [`LineErrorKind::NotAnObject`]. The parser's own text is
/// dropped: it may quote the line.
pub(super) fn members(line: &str) -> Result<Vec<(String, Json)>, LineErrorKind> {
    match serde_json::from_str(line) {
        Ok(Members(members)) => Ok(members),
        Err(error) if error.classify() == Category::Data => Err(LineErrorKind::NotAnObject),
        Err(error) => Err(LineErrorKind::MalformedJson { position: error.column() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_repeated_keys() {
        let keys: Vec<_> = members(r#"{"b":1,"a":"x","b":null}"#)
            .unwrap()
            .into_iter()
            .map(|(key, _)| key)
            .collect();
        assert_eq!(keys, ["b", "a", "b"]);
    }

    #[test]
    fn tells_other_json_from_none() {
        assert_eq!(members("[1]"), Err(LineErrorKind::NotAnObject));
        assert_eq!(members("\"王小明\""), Err(LineErrorKind::NotAnObject));
        assert_eq!(members("{\"a\":}"), Err(LineErrorKind::MalformedJson { position: 6 }));
        assert_eq!(members("{} {}"), Err(LineErrorKind::MalformedJson { position: 4 }));
    }
}
