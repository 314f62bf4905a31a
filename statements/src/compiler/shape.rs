//! The shape of a condition: which token can follow which.
//!
//! What passes is a well-formed CEL expression of bounded depth, so the CEL parser only has to
//! find its structure. Errors are found here, where they can be told in the words of the
//! language that conditions are written in.

use super::error::CompileErrorKind::{Syntax, TooComplex, Unsupported};
use super::error::{CompileError, Span};
use super::lexer::{Kind, Token};

/// Deepest nesting of parentheses and lists.
const MAX_DEPTH: usize = 16;

/// An open parenthesis or list.
struct Level<'a> {
    open: Token<'a>,
    /// A comparison has begun and no `&&`, `||` or `,` has ended it.
    compared: bool,
}

struct Shape<'a> {
    levels: Vec<Level<'a>>,
    /// The outermost level's `compared`.
    compared: bool,
    /// The last two tokens.
    previous: [Option<Token<'a>>; 2],
    /// Names joined by dots so far.
    path: usize,
}

/// Checks the order of the tokens.
pub(super) fn check(tokens: &[Token<'_>]) -> Result<(), CompileError> {
    let mut shape = Shape { levels: Vec::new(), compared: false, previous: [None, None], path: 0 };
    for (i, token) in tokens.iter().enumerate() {
        let next = tokens.get(i + 1).map(|next| next.kind);
        if shape.expects_operand() {
            shape.operand(*token, next)?;
        } else {
            shape.operator(*token, next)?;
        }
        shape.previous = [shape.previous[1], Some(*token)];
    }
    if let Some(level) = shape.levels.last() {
        let message = format!("this {} is not closed", level.open.text);
        return Err(CompileError::new(Syntax, level.open.span, message));
    }
    if shape.expects_operand() {
        let end = tokens.last().map_or(Span { start: 0, end: 0 }, |token| token.span);
        let message = if tokens.is_empty() {
            "the condition is empty"
        } else {
            "the condition ends too early"
        };
        return Err(CompileError::new(Syntax, end, message));
    }
    Ok(())
}

impl<'a> Shape<'a> {
    fn last(&self) -> Option<Token<'a>> {
        self.previous[1]
    }

    fn expects_operand(&self) -> bool {
        !matches!(
            self.last().map(|token| token.kind),
            Some(Kind::Name | Kind::Number | Kind::Text | Kind::Close)
        )
    }

    fn compared(&mut self) -> &mut bool {
        self.levels.last_mut().map_or(&mut self.compared, |level| &mut level.compared)
    }

    /// Where an operand should begin.
    fn operand(&mut self, token: Token<'a>, next: Option<Kind>) -> Result<(), CompileError> {
        let after_dot = self.last().is_some_and(|last| last.kind == Kind::Dot);
        let after_minus = self.last().is_some_and(|last| last.kind == Kind::Minus);
        match token.kind {
            Kind::Number if after_minus => Ok(()),
            _ if after_minus => Err(wrong(token, "only numbers have a sign")),
            Kind::Name if after_dot => {
                self.path += 1;
                if self.path > 2 && next != Some(Kind::Open) {
                    let message = "attributes have no fields of their own";
                    return Err(CompileError::new(Unsupported, token.span, message));
                }
                Ok(())
            }
            _ if after_dot => Err(wrong(token, "a name must follow the dot")),
            Kind::Name => {
                self.path = 1;
                Ok(())
            }
            Kind::Number | Kind::Text | Kind::Not | Kind::Minus => Ok(()),
            Kind::Open => self.open(token),
            // An empty list or call: what it means is judged later.
            Kind::Close if self.last().is_some_and(|last| last.kind == Kind::Open) => {
                self.close(token)
            }
            _ => Err(wrong(token, "something to compare is missing before this")),
        }
    }

    /// Where an operator should follow an operand.
    fn operator(&mut self, token: Token<'a>, next: Option<Kind>) -> Result<(), CompileError> {
        let after_name = self.last().is_some_and(|last| last.kind == Kind::Name);
        match token.kind {
            Kind::Relation if *self.compared() => {
                Err(CompileError::new(Unsupported, token.span, "comparisons cannot be chained")
                    .help("write a <= b && b <= c"))
            }
            Kind::Relation => {
                *self.compared() = true;
                Ok(())
            }
            Kind::Logic => {
                *self.compared() = false;
                Ok(())
            }
            Kind::Comma if self.levels.is_empty() => Err(wrong(token, "a comma outside of a list")),
            Kind::Comma if next == Some(Kind::Close) => {
                Err(wrong(token, "nothing follows the comma"))
            }
            Kind::Comma => {
                *self.compared() = false;
                Ok(())
            }
            Kind::Dot if after_name => Ok(()),
            Kind::Dot => {
                Err(CompileError::new(Unsupported, token.span, "only records have attributes"))
            }
            Kind::Open if token.text == "(" && after_name => self.open(token),
            Kind::Open if token.text == "[" => {
                Err(CompileError::new(Unsupported, token.span, "there is no indexing"))
            }
            Kind::Close => self.close(token),
            Kind::Minus => {
                Err(CompileError::new(Unsupported, token.span, "there is no arithmetic")
                    .help("dates are moved by days_before(today, 1) and the like"))
            }
            _ => Err(missing_operator(token)),
        }
    }

    fn open(&mut self, token: Token<'a>) -> Result<(), CompileError> {
        if self.levels.len() == MAX_DEPTH {
            let message = format!("the condition is nested more than {MAX_DEPTH} levels deep");
            return Err(CompileError::new(TooComplex, token.span, message));
        }
        self.levels.push(Level { open: token, compared: false });
        self.path = 0;
        Ok(())
    }

    fn close(&mut self, token: Token<'a>) -> Result<(), CompileError> {
        let matching = if token.text == ")" { "(" } else { "[" };
        match self.levels.pop() {
            Some(level) if level.open.text == matching => Ok(()),
            _ => Err(wrong(token, "this closes nothing")),
        }
    }
}

fn wrong(token: Token<'_>, message: &str) -> CompileError {
    CompileError::new(Syntax, token.span, message)
}

fn missing_operator(token: Token<'_>) -> CompileError {
    let error = wrong(token, "an operator is missing before this");
    match token.text {
        "and" | "AND" => error.help("write &&"),
        "or" | "OR" => error.help("write ||"),
        "is" => error.help("write =="),
        _ => error,
    }
}

#[cfg(test)]
mod tests {
    use super::super::lexer::tokens;
    use super::*;

    fn shape(text: &str) -> Result<(), CompileError> {
        check(&tokens(text).unwrap())
    }

    #[test]
    fn conditions_pass() {
        for text in [
            "a.x in ['A', 'B'] && !(b.y <= -5) || f(today, 18)",
            "a.x.startsWith('84')",
            "!!a.x",
            "f() == []",
            "((a.x))",
        ] {
            shape(text).unwrap_or_else(|error| panic!("{text}: {}", error.message));
        }
    }

    #[test]
    fn one_mistake_each() {
        for (text, expected) in [
            ("", "empty"),
            ("a.x ==", "too early"),
            ("a.x == 1 b.y", "operator is missing"),
            ("a.x and b.y", "operator is missing"),
            ("a.x < 1 < 2", "chained"),
            ("a.x.y", "no fields"),
            ("a.x.y.z('1')", "no fields"),
            ("'a'.startsWith('b')", "only records"),
            ("f(a).b", "only records"),
            ("a.x[0]", "indexing"),
            ("a.x - 1 == 2", "arithmetic"),
            ("-a.x == 2", "sign"),
            ("(a.x", "not closed"),
            ("a.x)", "closes nothing"),
            ("(a.x]", "closes nothing"),
            ("a.x in ['b',]", "nothing follows"),
            ("a.x, b.x", "outside of a list"),
            ("a.x == && b", "missing before"),
            ("a.'x'", "must follow the dot"),
        ] {
            let error = shape(text).unwrap_err();
            assert!(error.message.contains(expected), "{text}: {}", error.message);
        }
        assert_eq!(shape(&"(".repeat(17)).unwrap_err().kind, TooComplex);
    }
}
