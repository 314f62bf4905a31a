//! Tokens of a condition.
//!
//! The condition is split into tokens before it goes to the CEL parser: to say plainly what is
//! not part of the language, to bound what the parser sees, and to store conditions in one
//! form.

use super::error::CompileErrorKind::{Syntax, TooComplex, Unsupported};
use super::error::{CompileError, Span};

/// Longest condition, in bytes.
pub(super) const MAX_CONDITION_BYTES: usize = 4096;

/// Kinds of token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Name or keyword.
    Name,
    /// Number without sign.
    Number,
    /// Text in quotes.
    Text,
    /// `==`, `!=`, `<`, `<=`, `>`, `>=`, `in`.
    Relation,
    /// `&&` or `||`.
    Logic,
    /// `!`
    Not,
    /// `-`
    Minus,
    /// `.`
    Dot,
    /// `,`
    Comma,
    /// `(` or `[`
    Open,
    /// `)` or `]`
    Close,
}

/// A token and where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub(super) kind: Kind,
    pub(super) text: &'a str,
    pub(super) span: Span,
}

const OPERATORS: [(&str, Kind); 16] = [
    ("==", Kind::Relation),
    ("!=", Kind::Relation),
    ("<=", Kind::Relation),
    (">=", Kind::Relation),
    ("&&", Kind::Logic),
    ("||", Kind::Logic),
    ("<", Kind::Relation),
    (">", Kind::Relation),
    ("!", Kind::Not),
    ("-", Kind::Minus),
    (".", Kind::Dot),
    (",", Kind::Comma),
    ("(", Kind::Open),
    ("[", Kind::Open),
    (")", Kind::Close),
    ("]", Kind::Close),
];

/// What people may write that the language does not have, and what to say about it.
const FOREIGN: [(&str, &str); 12] = [
    ("?", "there is no conditional operator; write (a && b) || (!a && c)"),
    (":", "there is no conditional operator; write (a && b) || (!a && c)"),
    ("=", "write == to compare"),
    ("&", "write && for and"),
    ("|", "write || for or"),
    ("{", "there are no maps; a list is written [a, b]"),
    ("}", "there are no maps; a list is written [a, b]"),
    ("+", "there is no arithmetic; dates are moved by years_after(today, 1) and the like"),
    ("*", "there is no arithmetic"),
    ("/", "there is no arithmetic"),
    ("%", "there is no arithmetic"),
    ("`", "names are written without quotes"),
];

/// Splits a condition into tokens; comments and white space are not among them.
pub(super) fn tokens(condition: &str) -> Result<Vec<Token<'_>>, CompileError> {
    if condition.len() > MAX_CONDITION_BYTES {
        let start = Span { start: 0, end: 0 };
        let message = format!(
            "the condition has {} bytes; at most {MAX_CONDITION_BYTES} are possible",
            condition.len()
        );
        return Err(CompileError::new(TooComplex, start, message));
    }
    let mut tokens = Vec::new();
    let mut rest = condition;
    loop {
        rest = skip_blanks(rest);
        if rest.is_empty() {
            return Ok(tokens);
        }
        let start = condition.len() - rest.len();
        let (kind, length) = token(rest, start)?;
        let (text, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        tokens.push(Token { kind, text, span: Span { start, end: start + text.len() } });
        rest = after;
    }
}

fn skip_blanks(mut text: &str) -> &str {
    loop {
        text = text.trim_start_matches([' ', '\t', '\r', '\n']);
        match text.strip_prefix("//") {
            Some(comment) => text = comment.split_once('\n').map_or("", |(_, rest)| rest),
            None => return text,
        }
    }
}

/// Kind and length of the token that `rest` starts with.
fn token(rest: &str, start: usize) -> Result<(Kind, usize), CompileError> {
    let first = rest.chars().next().unwrap_or(' ');
    let here = Span { start, end: start + first.len_utf8() };
    if first.is_ascii_alphabetic() || first == '_' {
        return name(rest, start);
    }
    if first.is_ascii_digit() {
        return number(rest, start);
    }
    if first == '\'' || first == '"' {
        return text(rest, start, first);
    }
    if let Some((operator, kind)) = OPERATORS.iter().find(|(text, _)| rest.starts_with(text)) {
        return Ok((*kind, operator.len()));
    }
    if let Some((text, help)) = FOREIGN.iter().find(|(text, _)| rest.starts_with(text)) {
        let message = format!("{text} is no operator of conditions");
        return Err(CompileError::new(Unsupported, here, message).help(*help));
    }
    let message = format!("the character {first:?} cannot stand here");
    Err(CompileError::new(Syntax, here, message).help("texts are written in 'quotes'"))
}

fn prefix_length(text: &str, accepts: impl Fn(char) -> bool) -> usize {
    text.find(|c| !accepts(c)).unwrap_or(text.len())
}

fn is_name_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

fn name(rest: &str, start: usize) -> Result<(Kind, usize), CompileError> {
    let length = prefix_length(rest, is_name_char);
    if rest[length..].starts_with(['\'', '"']) {
        let span = Span { start, end: start + length };
        return Err(CompileError::new(Unsupported, span, "texts in quotes have no prefix"));
    }
    let kind = if &rest[..length] == "in" { Kind::Relation } else { Kind::Name };
    Ok((kind, length))
}

fn number(rest: &str, start: usize) -> Result<(Kind, usize), CompileError> {
    let whole = prefix_length(rest, |c| c.is_ascii_digit());
    let mut length = whole;
    if let Some(places) = rest[whole..].strip_prefix('.') {
        length += 1 + prefix_length(places, |c| c.is_ascii_digit());
    }
    let bad = length == whole + 1 || rest[length..].starts_with(is_name_char);
    if bad {
        let end = start + length + prefix_length(&rest[length..], is_name_char);
        return Err(CompileError::new(Syntax, Span { start, end }, "this is no decimal number")
            .help("numbers are written like 12 or 12.50; text and digit codes in 'quotes'"));
    }
    Ok((Kind::Number, length))
}

fn text(rest: &str, start: usize, quote: char) -> Result<(Kind, usize), CompileError> {
    let inside = &rest[1..];
    let length = prefix_length(inside, |c| c != quote && c != '\\' && !c.is_control());
    let end = start + 1 + length;
    let after = &inside[length..];
    if !after.starts_with(quote) {
        let (kind, message) = match after.chars().next() {
            Some('\\') => (Unsupported, "texts have no escapes"),
            _ => (Syntax, "the text does not end on its line"),
        };
        return Err(CompileError::new(kind, Span { start, end }, message));
    }
    if length == 0 && after[1..].starts_with(quote) {
        let span = Span { start, end: end + 2 };
        return Err(CompileError::new(Unsupported, span, "there are no triple quotes"));
    }
    Ok((Kind::Text, length + 2))
}

/// The condition in its one form: single blanks, single quotes, no comments.
pub(super) fn canonical(tokens: &[Token<'_>]) -> String {
    let mut text = String::new();
    let mut previous: Option<Kind> = None;
    for token in tokens {
        let tight = matches!(
            (previous, token.kind),
            (None | Some(Kind::Open | Kind::Not | Kind::Minus | Kind::Dot), _)
                | (_, Kind::Comma | Kind::Close | Kind::Dot)
                | (Some(Kind::Name), Kind::Open)
        );
        if !tight {
            text.push(' ');
        }
        match token.text.strip_prefix('"').and_then(|inner| inner.strip_suffix('"')) {
            Some(inner) if !inner.contains('\'') => {
                text.extend(["'", inner, "'"]);
            }
            _ => text.push_str(token.text),
        }
        previous = Some(token.kind);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn formatting_has_one_form() {
        let expected = "a.x in ['A', 'B'] && !(b.y <= -5) || f(today, 18) // it's";
        let expected = expected.split(" //").next().unwrap();
        for text in [
            "a.x in ['A','B']&&!(b.y<= -5)||f(today,18)",
            " a . x in [ \"A\" , 'B' ]\n\t&& ! ( b.y <= - 5 ) // why\n || f ( today , 18 ) ",
        ] {
            assert_eq!(canonical(&tokens(text).unwrap()), expected);
        }
    }

    #[test]
    fn strangers_are_named() {
        for (text, expected) in [
            ("a ? b : c", "no operator"),
            ("a = b", "no operator"),
            ("a == 5u", "no decimal number"),
            ("a == 5.", "no decimal number"),
            ("a == 'b", "does not end"),
            ("a == 'b\\'", "no escapes"),
            ("a == r'b'", "no prefix"),
            ("a == '''b'''", "triple"),
            ("a == 京", "cannot stand here"),
        ] {
            let error = tokens(text).unwrap_err();
            assert!(error.message.contains(expected), "{text}: {}", error.message);
        }
    }

    proptest! {
        #[test]
        fn never_panics_and_is_stable(text in "[ -~京'\n]{0,60}") {
            if let Ok(found) = tokens(&text) {
                let once = canonical(&found);
                let again = canonical(&tokens(&once).unwrap());
                prop_assert_eq!(once, again);
            }
        }
    }
}
