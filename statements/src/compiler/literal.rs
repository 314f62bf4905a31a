//! Literals as values of the attributes that they are compared with.

use records::{AttributeType, Value, ValueError};

use crate::Term;

use super::error::CompileErrorKind::{Type, UnknownCode, Value as BadValue};
use super::error::{CompileError, Span};
use super::scope::{Field, Literal};
use super::suggest::suggest;

/// A literal as a value of the field's type. Only equality asks for a right check digit.
pub(super) fn constant(
    field: &Field,
    literal: &Literal,
    place: Span,
    exact: bool,
) -> Result<Term, CompileError> {
    let kind = match &field.kind {
        AttributeType::Digits { length, .. } if !exact => {
            AttributeType::Digits { length: *length, check: None }
        }
        kind => kind.clone(),
    };
    let parsed = match (&kind, literal) {
        (AttributeType::Date, Literal::Date(date)) => Ok(Value::Date(*date)),
        (AttributeType::Boolean, Literal::Boolean(value)) => Ok(Value::Boolean(*value)),
        (AttributeType::Integer { .. } | AttributeType::Decimal { .. }, Literal::Number(text))
        | (
            AttributeType::Decimal { .. }
            | AttributeType::Text { .. }
            | AttributeType::Code { .. }
            | AttributeType::Digits { .. }
            | AttributeType::Digest,
            Literal::Text(text),
        ) => Value::parse(&kind, text),
        (_, _) => {
            let side = match literal {
                Literal::Boolean(_) => "a truth value",
                Literal::Number(_) => "a number",
                Literal::Text(_) => "a text",
                Literal::Date(_) => "a date",
            };
            return Err(mismatch_with(field, side, place));
        }
    };
    let value = parsed.map_err(|error| bad_value(field, literal, &error, place))?;
    Ok(match value.encode_ordered(&kind) {
        Some(number) => Term::integer(number),
        None => match value {
            Value::Code(code) => Term::Code(code),
            Value::Digest(digest) => Term::Digest(digest),
            other => Term::Text(other.to_string()),
        },
    })
}

fn bad_value(field: &Field, literal: &Literal, error: &ValueError, place: Span) -> CompileError {
    match (&field.kind, literal, error) {
        (AttributeType::Code { codes }, Literal::Text(text), ValueError::UnknownCode) => {
            let message = format!("'{text}' is no code of {}", field.name);
            let mut problem = CompileError::new(UnknownCode, place, message);
            problem.help = suggest(text, codes.iter().map(|code| code.code.as_str()));
            problem
        }
        (kind, ..) => {
            let message = format!("this is no value of {}: {error}", field.name);
            CompileError::new(BadValue, place, message).help(how_to_write(kind))
        }
    }
}

pub(super) fn mismatch_with(field: &Field, side: &str, place: Span) -> CompileError {
    let message = format!("{} is {}; this is {side}", field.name, kind_name(&field.kind));
    CompileError::new(Type, place, message).help(how_to_write(&field.kind))
}

/// A type with its article.
pub(super) fn kind_name(kind: &AttributeType) -> String {
    match kind {
        AttributeType::Integer { .. } => "an integer".to_owned(),
        AttributeType::Digits { length, .. } => format!("a code of {length} digits"),
        AttributeType::Decimal { scale, .. } => {
            format!("a decimal number with {scale} decimal places")
        }
        other => format!("a {}", other.name()),
    }
}

fn how_to_write(kind: &AttributeType) -> &'static str {
    match kind {
        AttributeType::Text { .. } => "texts are written in quotes, like '北京'",
        AttributeType::Code { .. } => "codes are written in quotes, like 'C1'",
        AttributeType::Digits { .. } => "digit codes are written in quotes, with all digits",
        AttributeType::Integer { .. } => "integers are written like 12",
        AttributeType::Decimal { .. } => "decimal numbers are written like 12.50 or '12.50'",
        AttributeType::Date => "dates are written like date('2026-01-31')",
        AttributeType::Boolean => "write true or false, or nothing: a.x",
        AttributeType::Digest => "digests are written as 64 hexadecimal digits in quotes",
    }
}
