//! The forms in which a value might be written somewhere.

use ark_ff::{BigInteger, PrimeField};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use records::{AttributeType, Fr, Value, field_to_bytes};

/// Shortest form that is searched for: shorter ones occur by chance.
pub(crate) const SHORTEST: usize = 8;

/// A value that must not be found, in all its forms.
#[derive(Clone)]
pub(crate) struct Needle {
    /// What it is, for people; not the value.
    pub(crate) name: String,
    /// The forms, each with its name.
    pub(crate) forms: Vec<(String, Vec<u8>)>,
}

impl Needle {
    /// Bytes as they are, or as text.
    pub(crate) fn bytes(name: impl Into<String>, bytes: &[u8]) -> Self {
        let mut needle = Self { name: name.into(), forms: Vec::new() };
        needle.add_bytes("", bytes);
        needle
    }

    /// Text.
    pub(crate) fn text(name: impl Into<String>, text: &str) -> Self {
        let mut needle = Self::bytes(name, text.as_bytes());
        needle.add_text(text);
        needle
    }

    /// A field element.
    pub(crate) fn field(name: impl Into<String>, field: Fr) -> Self {
        let mut needle = Self { name: name.into(), forms: Vec::new() };
        needle.add_field(field);
        needle
    }

    /// A value of an attribute; nothing where no form of it is long enough to be told from
    /// chance.
    pub(crate) fn value(name: &str, kind: &AttributeType, value: &Value) -> Option<Self> {
        let mut needle = match value {
            // Of a short list, and part of statements.
            Value::Code(_) | Value::Boolean(_) => return None,
            Value::Digest(digest) => {
                let mut needle = Self::bytes(name, digest);
                needle.add_field(value.encode(kind));
                needle
            }
            Value::Text(text) => {
                let mut needle = Self::text(name, text);
                needle.add_field(value.encode(kind));
                needle
            }
            other => Self::text(name, &other.to_string()),
        };
        if let Value::Digits(_) | Value::Integer(_) | Value::Decimal { .. } = value {
            needle.add_number(value.encode_ordered(kind).unwrap());
        }
        needle.forms.retain(|(_, form)| form.len() >= SHORTEST);
        (!needle.forms.is_empty()).then_some(needle)
    }

    fn add(&mut self, name: impl Into<String>, form: impl Into<Vec<u8>>) {
        self.forms.push((name.into(), form.into()));
    }

    fn add_bytes(&mut self, prefix: &str, bytes: &[u8]) {
        self.add(format!("{prefix}bytes"), bytes);
        self.add(format!("{prefix}hexadecimal"), hex::encode(bytes));
        self.add(format!("{prefix}hexadecimal, upper case"), hex::encode_upper(bytes));
        for (form, text) in base64_forms(bytes) {
            self.add(format!("{prefix}{form}"), text);
        }
        let numbers: Vec<String> = bytes.iter().map(u8::to_string).collect();
        self.add(format!("{prefix}list of numbers"), numbers.join(","));
        self.add(format!("{prefix}list of numbers, as Rust prints it"), numbers.join(", "));
    }

    fn add_text(&mut self, text: &str) {
        for upper in [false, true] {
            self.add("every byte percent-encoded", percent(text, upper, false));
            self.add("percent-encoded", percent(text, upper, true));
            self.add("JSON escapes", json_escapes(text, upper));
        }
        self.add("Rust escapes", text.escape_default().to_string());
        let utf16: Vec<u16> = text.encode_utf16().collect();
        self.add(
            "UTF-16, little-endian",
            utf16.iter().flat_map(|unit| unit.to_le_bytes()).collect::<Vec<_>>(),
        );
        self.add(
            "UTF-16, big-endian",
            utf16.iter().flat_map(|unit| unit.to_be_bytes()).collect::<Vec<_>>(),
        );
    }

    fn add_field(&mut self, field: Fr) {
        let big = field_to_bytes(field);
        let little: Vec<u8> = big.iter().rev().copied().collect();
        self.add_bytes("big-endian field element: ", &big);
        self.add_bytes("little-endian field element: ", &little);
        self.add("decimal field element", field.into_bigint().to_string());
        // As arkworks holds it in memory.
        self.add("Montgomery form", field.0.to_bytes_le());
        self.add("Montgomery form, decimal", field.0.to_string());
        self.add("limbs", format!("{:?}", field.into_bigint().0));
        self.add("Montgomery limbs", format!("{:?}", field.0.0));
    }

    fn add_number(&mut self, number: u64) {
        self.add("number", number.to_string());
        // Of smaller ones most bytes are zero, as bytes often are.
        if number >= 1 << 32 {
            self.add("big-endian number", number.to_be_bytes());
            self.add("little-endian number", number.to_le_bytes());
            self.add("hexadecimal number", format!("{number:016x}"));
        }
    }
}

/// Base64 of something that has the bytes in it, whatever stands before and behind: the
/// characters at the ends that depend on what does are left out.
fn base64_forms(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut forms = Vec::new();
    for offset in 0..3 {
        let padded = [&vec![0; offset][..], bytes].concat();
        // 6 bits a character: the first that no byte before reaches into, and the last whole one.
        let first = (8 * offset).div_ceil(6);
        let last = 8 * padded.len() / 6;
        for (name, engine) in [("base64", &STANDARD_NO_PAD), ("base64url", &URL_SAFE_NO_PAD)] {
            let text = engine.encode(&padded).into_bytes();
            forms.push((format!("{name} at offset {offset}"), text[first..last].to_vec()));
        }
    }
    forms
}

fn percent(text: &str, upper: bool, only_where_needed: bool) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        let unreserved = byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        match (only_where_needed && unreserved, upper) {
            (true, _) => encoded.push(char::from(byte)),
            (false, true) => encoded += &format!("%{byte:02X}"),
            (false, false) => encoded += &format!("%{byte:02x}"),
        }
    }
    encoded
}

fn json_escapes(text: &str, upper: bool) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        if character.is_ascii() {
            escaped.push(character);
            continue;
        }
        for unit in character.encode_utf16(&mut [0; 2]) {
            escaped += &if upper { format!("\\u{unit:04X}") } else { format!("\\u{unit:04x}") };
        }
    }
    escaped
}
