//! The fields of one line of CSV (RFC 4180).
//!
//! A field cannot go on in the next line: no value of an attribute holds a line break. So a
//! quote that someone forgot spoils its own line, and not the rest of the file.

use super::LineErrorKind;

/// Splits a line at its commas and undoes quotes.
///
/// # Errors
/// [`LineErrorKind::MalformedCsv`] for a quote inside a field without quotes, text after a
/// closing quote, or a quote that is not closed.
pub(super) fn split(line: &str) -> Result<Vec<String>, LineErrorKind> {
    let mut fields = Vec::new();
    let mut rest = line;
    loop {
        let malformed = LineErrorKind::MalformedCsv { field: fields.len() + 1 };
        let (field, after) = match rest.strip_prefix('"') {
            Some(quoted) => unquote(quoted).ok_or(malformed.clone())?,
            None => {
                let (field, after) = rest.split_at(rest.find(',').unwrap_or(rest.len()));
                if field.contains('"') {
                    return Err(malformed);
                }
                (field.to_owned(), after)
            }
        };
        fields.push(field);
        if after.is_empty() {
            return Ok(fields);
        }
        rest = after.strip_prefix(',').ok_or(malformed)?;
    }
}

/// The text up to the closing quote, and what follows it. A doubled quote stands for one.
fn unquote(text: &str) -> Option<(String, &str)> {
    let mut field = String::new();
    let mut rest = text;
    loop {
        let (part, after) = rest.split_once('"')?;
        field.push_str(part);
        match after.strip_prefix('"') {
            Some(after) => {
                field.push('"');
                rest = after;
            }
            None => return Some((field, after)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn splits_and_unquotes() {
        for (line, fields) in [
            ("a,b", vec!["a", "b"]),
            ("a,,", vec!["a", "", ""]),
            ("\"a,b\",\"say \"\"so\"\"\"", vec!["a,b", "say \"so\""]),
            ("\"\",王", vec!["", "王"]),
        ] {
            assert_eq!(split(line).unwrap(), fields, "{line}");
        }
    }

    #[test]
    fn names_the_field_with_wrong_quotes() {
        for (line, field) in [("a,b\"c", 2), ("\"a\"b", 1), ("a,b,\"c", 3), ("\"", 1)] {
            assert_eq!(split(line), Err(LineErrorKind::MalformedCsv { field }), "{line}");
        }
    }

    proptest! {
        /// What the `csv` crate writes is read back.
        #[test]
        fn reads_what_another_writes(fields in prop::collection::vec("[a\",王 ]{0,6}", 2..6)) {
            let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
            writer.write_record(&fields).unwrap();
            let line = String::from_utf8(writer.into_inner().unwrap()).unwrap();
            prop_assert_eq!(split(line.trim_end_matches('\n')).unwrap(), fields);
        }
    }
}
