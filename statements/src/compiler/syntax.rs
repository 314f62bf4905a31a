//! From text to a tree: the CEL parser's tree, reduced to what conditions are made of, with the
//! place of every part.

use cel::IdedExpr;
use cel::common::ast::{CallExpr, Expr as Cel, LiteralValue, SourceInfo, operators};

use super::error::CompileErrorKind::{Syntax, Unsupported};
use super::error::{CompileError, Span};
use super::{lexer, shape};

/// A part of a condition.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Expr {
    pub(super) span: Span,
    pub(super) node: Node,
}

/// What a part is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node {
    Boolean(bool),
    /// A number as written.
    Number(String),
    Text(String),
    Name(String),
    /// `record.attribute`, and the place of the attribute's name.
    Field(Box<Expr>, String, Span),
    List(Vec<Expr>),
    Call(String, Vec<Expr>),
    Method(Box<Expr>, String, Vec<Expr>),
    Not(Box<Expr>),
    And(Vec<Expr>),
    Or(Vec<Expr>),
    Compare(Comparison, Box<Expr>, Box<Expr>),
    In(Box<Expr>, Box<Expr>),
}

/// An operator of comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Comparison {
    /// The operator with its sides exchanged.
    pub(super) fn mirrored(self) -> Self {
        match self {
            Self::Less => Self::Greater,
            Self::LessOrEqual => Self::GreaterOrEqual,
            Self::Greater => Self::Less,
            Self::GreaterOrEqual => Self::LessOrEqual,
            same => same,
        }
    }
}

/// Parses a condition; gives its tree and its canonical text.
pub(super) fn parse(condition: &str) -> Result<(Expr, String), CompileError> {
    let tokens = lexer::tokens(condition)?;
    shape::check(&tokens)?;
    let (expr, source) = cel::parser::Parser::new()
        .parse_with_source_info(condition)
        .map_err(|errors| parser_error(condition, &errors))?;
    let tree = Reader { condition, source: &source }.expr(&expr)?;
    Ok((tree, lexer::canonical(&tokens)))
}

/// What the CEL parser does not like although the shape is right: reserved words, and numbers
/// beyond 64 bits.
fn parser_error(condition: &str, errors: &cel::ParseErrors) -> CompileError {
    let first = errors.errors.first();
    let (line, column) = first.map_or((1, 1), |error| error.pos);
    let line = usize::try_from(line).unwrap_or(1).saturating_sub(1);
    let before: usize = condition.split_inclusive('\n').take(line).map(str::len).sum();
    // The parser counts columns in characters.
    let column = usize::try_from(column).unwrap_or(1).saturating_sub(1);
    let rest = condition.get(before..).unwrap_or_default();
    let start = before + rest.chars().take(column).map(char::len_utf8).sum::<usize>();
    let message = first.map_or("the condition cannot be read", |error| error.msg.as_str());
    CompileError::new(Syntax, Span { start, end: start }, message)
}

struct Reader<'a> {
    condition: &'a str,
    source: &'a SourceInfo,
}

impl Reader<'_> {
    /// Place of the token that the parser gives a part's number to.
    fn token(&self, id: u64) -> Span {
        let (start, stop) = self.source.offset_for(id).unwrap_or_default();
        let start = usize::try_from(start).unwrap_or_default();
        Span { start, end: usize::try_from(stop).map_or(start, |stop| stop + 1) }
    }

    fn expr(&self, expr: &IdedExpr) -> Result<Expr, CompileError> {
        let token = self.token(expr.id);
        match &expr.expr {
            Cel::Literal(literal) => self.literal(literal, token),
            Cel::Ident(name) => Ok(Expr { span: token, node: Node::Name(name.clone()) }),
            Cel::Select(select) if !select.test => {
                let base = self.expr(&select.operand)?;
                let field = self.name_after(token, &select.field);
                let span = base.span.to(field);
                let node = Node::Field(Box::new(base), select.field.clone(), field);
                Ok(Expr { span, node })
            }
            Cel::List(list) => {
                let items = self.all(&list.elements)?;
                Ok(Expr { span: self.enclosing(token, &items), node: Node::List(items) })
            }
            Cel::Call(call) => self.call(call, token),
            _ => Err(unsupported(token, "this kind of expression")),
        }
    }

    fn all(&self, exprs: &[IdedExpr]) -> Result<Vec<Expr>, CompileError> {
        exprs.iter().map(|expr| self.expr(expr)).collect()
    }

    fn literal(&self, literal: &LiteralValue, token: Span) -> Result<Expr, CompileError> {
        let written = self.condition.get(token.start..token.end).unwrap_or_default();
        let node = match literal {
            LiteralValue::Boolean(value) => Node::Boolean(*value.inner()),
            LiteralValue::Int(value) => Node::Number(value.inner().to_string()),
            // The digits as written: the parser's own value is rounded.
            LiteralValue::Double(value) if value.inner().is_sign_negative() => {
                Node::Number(format!("-{written}"))
            }
            LiteralValue::Double(_) => Node::Number(written.to_owned()),
            LiteralValue::String(value) => Node::Text(value.inner().to_owned()),
            LiteralValue::Bytes(_) | LiteralValue::Null | LiteralValue::UInt(_) => {
                return Err(unsupported(token, written));
            }
        };
        Ok(Expr { span: token, node })
    }

    fn call(&self, call: &CallExpr, token: Span) -> Result<Expr, CompileError> {
        if let Some(target) = &call.target {
            let target = self.expr(target)?;
            let args = self.all(&call.args)?;
            let span = self.enclosing(token, &args).to(target.span);
            let node = Node::Method(Box::new(target), call.func_name.clone(), args);
            return Ok(Expr { span, node });
        }
        let args = self.all(&call.args)?;
        let around = args.iter().fold(token, |span, arg| span.to(arg.span));
        let node = match (call.func_name.as_str(), <[Expr; 2]>::try_from(args)) {
            (operators::LOGICAL_AND, Ok(sides)) => Node::And(flatten(sides, |node| match node {
                Node::And(parts) => Ok(parts),
                other => Err(other),
            })),
            (operators::LOGICAL_OR, Ok(sides)) => Node::Or(flatten(sides, |node| match node {
                Node::Or(parts) => Ok(parts),
                other => Err(other),
            })),
            (operators::IN, Ok([left, right])) => Node::In(Box::new(left), Box::new(right)),
            (name, Ok(sides)) => match comparison(name) {
                Some(operator) => {
                    let [left, right] = sides;
                    Node::Compare(operator, Box::new(left), Box::new(right))
                }
                None => return self.function(name, sides.into(), token),
            },
            (name, Err(args)) => return self.function(name, args, token),
        };
        Ok(Expr { span: around, node })
    }

    fn function(&self, name: &str, args: Vec<Expr>, token: Span) -> Result<Expr, CompileError> {
        let around = args.iter().fold(token, |span, arg| span.to(arg.span));
        match (name, <[Expr; 1]>::try_from(args)) {
            (operators::LOGICAL_NOT, Ok([inner])) => {
                Ok(Expr { span: around, node: Node::Not(Box::new(inner)) })
            }
            (operators::NEGATE, Ok([Expr { node: Node::Number(digits), .. }])) => {
                Ok(Expr { span: around, node: Node::Number(format!("-{digits}")) })
            }
            (operator, _) if !operator.starts_with(|c: char| c.is_ascii_alphabetic()) => {
                Err(unsupported(around, "this operator"))
            }
            (_, args) => {
                let args = args.map_or_else(|args| args, Vec::from);
                // The parser's token is the parenthesis; the name stands before it.
                let before = self.condition.get(..token.start).unwrap_or_default().trim_end();
                let start = before.len().saturating_sub(name.len());
                let span = Span { start, ..self.enclosing(token, &args) };
                Ok(Expr { span, node: Node::Call(name.to_owned(), args) })
            }
        }
    }

    /// Place of the name that follows the dot at `dot`.
    fn name_after(&self, dot: Span, name: &str) -> Span {
        let rest = self.condition.get(dot.end..).unwrap_or_default();
        let start = dot.end + rest.find(name).unwrap_or_default();
        Span { start, end: start + name.len() }
    }

    /// From an opening parenthesis to the one that closes it, after the last of `items`.
    fn enclosing(&self, open: Span, items: &[Expr]) -> Span {
        let end = items.last().map_or(open.end, |item| item.span.end);
        let rest = self.condition.get(end..).unwrap_or_default();
        let close = rest.find([')', ']']).map_or(end, |at| end + at + 1);
        Span { start: open.start, end: close }
    }
}

/// Both sides, with those that are of the same operator taken apart.
fn flatten(sides: [Expr; 2], parts: impl Fn(Node) -> Result<Vec<Expr>, Node>) -> Vec<Expr> {
    let part = |side: Expr| match parts(side.node) {
        Ok(inner) => inner,
        Err(node) => vec![Expr { span: side.span, node }],
    };
    sides.into_iter().flat_map(part).collect()
}

fn comparison(name: &str) -> Option<Comparison> {
    Some(match name {
        operators::EQUALS => Comparison::Equal,
        operators::NOT_EQUALS => Comparison::NotEqual,
        operators::LESS => Comparison::Less,
        operators::LESS_EQUALS => Comparison::LessOrEqual,
        operators::GREATER => Comparison::Greater,
        operators::GREATER_EQUALS => Comparison::GreaterOrEqual,
        _ => return None,
    })
}

fn unsupported(span: Span, what: &str) -> CompileError {
    CompileError::new(Unsupported, span, format!("{what} is not part of conditions"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The text of every part, outermost first.
    fn parts(text: &str) -> Vec<&str> {
        fn walk<'a>(expr: &Expr, text: &'a str, found: &mut Vec<&'a str>) {
            found.push(&text[expr.span.start..expr.span.end]);
            match &expr.node {
                Node::Field(a, ..) | Node::Not(a) => walk(a, text, found),
                Node::List(all) | Node::Call(_, all) | Node::And(all) | Node::Or(all) => {
                    all.iter().for_each(|part| walk(part, text, found));
                }
                Node::Method(a, _, all) => {
                    walk(a, text, found);
                    all.iter().for_each(|part| walk(part, text, found));
                }
                Node::Compare(_, a, b) | Node::In(a, b) => {
                    walk(a, text, found);
                    walk(b, text, found);
                }
                _ => {}
            }
        }
        let mut found = Vec::new();
        walk(&parse(text).unwrap().0, text, &mut found);
        found
    }

    #[test]
    fn every_part_has_its_place() {
        assert_eq!(
            parts("a . x in ['京', 'B'] && !b.y"),
            [
                "a . x in ['京', 'B'] && !b.y",
                "a . x in ['京', 'B']",
                "a . x",
                "a",
                "['京', 'B']",
                "'京'",
                "'B'",
                "!b.y",
                "b.y",
                "b"
            ]
        );
        assert_eq!(
            parts("a.x <= years_before (today, 18)")[3..],
            ["years_before (today, 18)", "today", "18"]
        );
        assert_eq!(parts("a.x.startsWith('84')"), ["a.x.startsWith('84')", "a.x", "a", "'84'"]);
    }

    #[test]
    fn numbers_stay_as_written() {
        for (text, expected) in [("-1.10", "-1.10"), ("- 5", "-5"), ("7", "7"), ("0.1", "0.1")] {
            let (expr, _) = parse(&format!("a.x == {text}")).unwrap();
            let Node::Compare(_, _, right) = expr.node else { panic!() };
            assert_eq!(right.node, Node::Number(expected.to_owned()), "{text}");
        }
    }

    #[test]
    fn reserved_words_are_errors() {
        let error = parse("  package.x == 1").unwrap_err();
        assert!(error.message.contains("reserved"), "{}", error.message);
        assert_eq!(error.span.unwrap().start, 2);
    }

    proptest! {
        #[test]
        fn never_panics(text in ".{0,80}") {
            let _ = parse(&text);
        }

        #[test]
        fn never_panics_on_tokens(parts in prop::collection::vec(prop::sample::select(&[
            "a", ".", "x", "(", ")", "[", "]", ",", "==", "<", "in", "&&", "||", "!", "-", "5",
            "1.5", "'京'", "today", "f", "has", "exists", "true", "null", "\n", "0", "map", "99999999999999999999",
        ][..]), 0..40)) {
            let _ = parse(&parts.concat());
            let _ = parse(&parts.join(" "));
        }

        #[test]
        fn deep_conditions_do_not_overflow(depth in 0..40_usize, width in 0..120_usize) {
            let text = format!("{}a.x{}{}", "!(".repeat(depth), ")".repeat(depth), " && a.x == 1".repeat(width));
            let _ = parse(&text);
        }
    }
}
