//! Errors of the compiler: what is wrong, and where in the condition.

use std::fmt;

/// A range of bytes in the condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
}

/// What kind of error it is. The names are stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum CompileErrorKind {
    /// The document around the condition.
    Document,
    /// The condition is too long or nested too deeply.
    TooComplex,
    /// The condition is no expression of the language.
    Syntax,
    /// CEL, but nothing that a statement can prove.
    Unsupported,
    /// A name that nothing has.
    UnknownName,
    /// An attribute that the schema does not have.
    UnknownAttribute,
    /// A code that the dictionary does not list.
    UnknownCode,
    /// Operands of types that do not go together.
    Type,
    /// A literal that is no value of the type it is compared with.
    Value,
    /// A comparison of two private values other than a join.
    PrivateComparison,
    /// A join below `||` or `!`.
    ConditionalJoin,
    /// Alternatives that belong to different records.
    MixedRecords,
    /// More predicates than the circuit has room for.
    TooManyPredicates,
    /// More clauses than the circuit has room for.
    TooManyClauses,
    /// More joins of one record than the circuit has room for.
    TooManyLinks,
    /// Something that no record satisfies.
    NeverTrue,
    /// Something that every record satisfies.
    AlwaysTrue,
    /// A record or parameter that the condition does not use.
    Unused,
    /// Records that may belong to different holders.
    Unjoined,
    /// More is revealed than the statement says.
    Reveals,
}

/// One error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompileError {
    /// What kind of error it is.
    pub kind: CompileErrorKind,
    /// What is wrong.
    pub message: String,
    /// What could be done about it.
    pub help: Option<String>,
    /// Where in the condition, unless the error is in the rest of the document.
    pub span: Option<Span>,
}

/// Why a document is not compiled: one error or more, in the order of the condition.
///
/// `Display` shows each with the line of the condition it is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompileErrors {
    name: String,
    condition: String,
    errors: Vec<CompileError>,
}

/// A place in the condition, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// Line.
    pub line: usize,
    /// Column, in characters.
    pub column: usize,
}

impl Span {
    /// The least span that has both.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

impl CompileErrorKind {
    /// Its stable name.
    pub fn code(self) -> &'static str {
        match self {
            Self::Document => "document",
            Self::TooComplex => "too_complex",
            Self::Syntax => "syntax",
            Self::Unsupported => "unsupported",
            Self::UnknownName => "unknown_name",
            Self::UnknownAttribute => "unknown_attribute",
            Self::UnknownCode => "unknown_code",
            Self::Type => "type",
            Self::Value => "value",
            Self::PrivateComparison => "private_comparison",
            Self::ConditionalJoin => "conditional_join",
            Self::MixedRecords => "mixed_records",
            Self::TooManyPredicates => "too_many_predicates",
            Self::TooManyClauses => "too_many_clauses",
            Self::TooManyLinks => "too_many_links",
            Self::NeverTrue => "never_true",
            Self::AlwaysTrue => "always_true",
            Self::Unused => "unused",
            Self::Unjoined => "unjoined",
            Self::Reveals => "reveals",
        }
    }
}

impl CompileError {
    pub(super) fn new(kind: CompileErrorKind, span: Span, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), help: None, span: Some(span) }
    }

    /// An error outside the condition.
    pub(super) fn document(kind: CompileErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), help: None, span: None }
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl CompileErrors {
    pub(super) fn new(name: &str, condition: &str, mut errors: Vec<CompileError>) -> Self {
        errors.sort_by_key(|error| error.span);
        errors.dedup();
        Self { name: name.to_owned(), condition: condition.to_owned(), errors }
    }

    /// The errors, those of the document around the condition first.
    pub fn errors(&self) -> &[CompileError] {
        &self.errors
    }

    /// Where a span starts.
    pub fn position(&self, span: Span) -> Position {
        let before = self.condition.get(..span.start).unwrap_or(&self.condition);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let column = before.get(line_start..).unwrap_or_default().chars().count() + 1;
        Position { line: before.matches('\n').count() + 1, column }
    }

    /// The line of a span with the span underlined, as far as that line goes.
    fn excerpt(&self, f: &mut fmt::Formatter<'_>, span: Span) -> fmt::Result {
        let Position { line, column } = self.position(span);
        let text = self.condition.split('\n').nth(line - 1).unwrap_or_default();
        let text = text.trim_end_matches('\r');
        let spanned = self.condition.get(span.start..span.end).unwrap_or_default();
        let length = spanned.split('\n').next().unwrap_or_default().chars().count().max(1);
        let margin = " ".repeat(line.to_string().len());
        let pad: String = text.chars().take(column - 1).map(blank).collect();
        let carets: String =
            text.chars().skip(column - 1).take(length).map(|c| "^".repeat(width(c))).collect();
        let carets = if carets.is_empty() { "^" } else { carets.as_str() };
        writeln!(f, "{margin}--> {}:{line}:{column}", self.name)?;
        writeln!(f, "{margin} |")?;
        writeln!(f, "{line} | {text}")?;
        write!(f, "{margin} | {pad}{carets}")
    }
}

/// White space as wide as a character.
fn blank(c: char) -> &'static str {
    match c {
        '\t' => "\t",
        c if width(c) == 2 => "  ",
        _ => " ",
    }
}

/// Columns that a terminal gives a character: 2 for East Asian wide and fullwidth ones.
fn width(c: char) -> usize {
    match u32::from(c) {
        0x1100..=0x115f | 0x2e80..=0xa4cf | 0xac00..=0xd7a3 | 0xf900..=0xfaff => 2,
        0xfe30..=0xfe6f | 0xff00..=0xff60 | 0xffe0..=0xffe6 | 0x2_0000..=0x3_fffd => 2,
        _ => 1,
    }
}

impl fmt::Display for CompileErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, error) in self.errors.iter().enumerate() {
            if i > 0 {
                f.write_str("\n\n")?;
            }
            write!(f, "error[{}]: {}", error.kind.code(), error.message)?;
            if let Some(span) = error.span {
                writeln!(f)?;
                self.excerpt(f, span)?;
            }
            if let Some(help) = &error.help {
                write!(f, "\n  = help: {help}")?;
            }
        }
        Ok(())
    }
}

impl std::error::Error for CompileErrors {}
