//! The clauses of a program in words, with the constants read back through the schema.

use records::{AttributeType, Value};

use crate::encoding::{decode, integers};
use crate::{Anchor, Expression, Literal, Operand, Predicate, Statement, Term};

use super::ExplainError;
use super::subject::Subject;
use super::words::{Bound, Relation, Words};

/// One sentence for each clause.
pub(super) fn conditions(
    subject: &Subject<'_>,
    statement: &Statement,
) -> Result<Vec<String>, ExplainError> {
    let reader = Reader { subject, statement, words: subject.words };
    let clauses = subject.program.clauses.iter();
    clauses
        .map(|clause| {
            let literals = clause.literals.iter().map(|literal| reader.literal(literal));
            Ok(reader.words.any_of(&literals.collect::<Result<Vec<_>, _>>()?))
        })
        .collect()
}

struct Reader<'a> {
    subject: &'a Subject<'a>,
    statement: &'a Statement,
    words: Words,
}

impl Reader<'_> {
    fn literal(&self, literal: &Literal) -> Result<String, ExplainError> {
        let wrong = || ExplainError::Predicate {
            record: self.subject.name.to_owned(),
            predicate: literal.predicate,
        };
        let predicate = self.subject.program.predicates.get(literal.predicate).ok_or_else(wrong)?;
        let (title, kind) = match predicate.operand() {
            Operand::Attribute(slot) => {
                let attribute = self.subject.attribute(slot)?;
                (attribute.title().get(self.words.0).to_owned(), attribute.kind().clone())
            }
            Operand::ValidFrom => (self.words.valid_from(), AttributeType::Date),
            Operand::ValidUntil => (self.words.valid_until(), AttributeType::Date),
        };
        let relation = match predicate {
            Predicate::Range { low, high, .. } => self.range(&kind, low, high),
            Predicate::Set { members, .. } => {
                let members = members.iter().map(|member| self.term(&kind, member));
                members.collect::<Option<Vec<_>>>().map(Relation::OneOf)
            }
        };
        let relation = relation.ok_or_else(wrong)?;
        let date = kind == AttributeType::Date;
        Ok(self.words.relation(&title, &relation, date, literal.negated))
    }

    fn range(&self, kind: &AttributeType, low: &Term, high: &Term) -> Option<Relation> {
        let (least, greatest) = integers(kind)?;
        if let Some(digits) = self.prefix(kind, low, high) {
            return Some(Relation::StartsWith(digits));
        }
        if low == high {
            return Some(Relation::OneOf(vec![self.term(kind, low)?]));
        }
        let open = |term: &Term, end: u64| term.as_integer() == Some(end);
        let low = if open(low, least) { None } else { Some(self.bound(kind, low, 1)?) };
        let high = if open(high, greatest) { None } else { Some(self.bound(kind, high, -1)?) };
        Some(match (low, high) {
            (None, None) => Relation::Anything,
            (Some(low), None) => Relation::From(low),
            (None, Some(high)) => Relation::To(high),
            (Some(low), Some(high)) => Relation::Between(low, high),
        })
    }

    /// The digits that all codes of a range start with, where it has all that do.
    fn prefix(&self, kind: &AttributeType, low: &Term, high: &Term) -> Option<String> {
        let AttributeType::Digits { length, .. } = kind else { return None };
        if let (
            Term::Expression(Expression::PrefixLow { parameter: a, length: first }),
            Term::Expression(Expression::PrefixHigh { parameter: b, length: second }),
        ) = (low, high)
        {
            return (a == b && first == length && second == length)
                .then(|| self.parameter(a, |kind| matches!(kind, AttributeType::Digits { .. })))?;
        }
        let (low, high) = (low.as_integer()?, high.as_integer()?);
        (1..*length).find_map(|rest| {
            let scale = 10_u64.checked_pow(rest)?;
            let whole = low.is_multiple_of(scale) && high.checked_sub(low)? == scale - 1;
            let width = (length - rest) as usize;
            whole.then(|| format!("{:0width$}", low / scale))
        })
    }

    /// A bound of a range. `strict` is the adjustment that makes a computed bound exclude the
    /// value itself.
    fn bound(&self, kind: &AttributeType, term: &Term, strict: i8) -> Option<Bound> {
        let inclusive = |adjust: i8| match adjust {
            0 => Some(true),
            adjust if adjust == strict => Some(false),
            _ => None,
        };
        let (term, inclusive) = match term {
            Term::Expression(Expression::Date { anchor, shift, unit, adjust }) => {
                let (anchor, shift, unit) = (anchor.clone(), *shift, *unit);
                let plain = Expression::Date { anchor, shift, unit, adjust: 0 };
                (Term::Expression(plain), inclusive(*adjust)?)
            }
            Term::Expression(Expression::Number { parameter, adjust }) => {
                let plain = Expression::Number { parameter: parameter.clone(), adjust: 0 };
                (Term::Expression(plain), inclusive(*adjust)?)
            }
            Term::Expression(_) => return None,
            constant => (constant.clone(), true),
        };
        Some(Bound { text: self.term(kind, &term)?, inclusive })
    }

    /// A value that an attribute of type `kind` is compared with; nothing where it is of
    /// another type.
    fn term(&self, kind: &AttributeType, term: &Term) -> Option<String> {
        match (term, kind) {
            (Term::Constant(_), _) => match decode(kind, term.as_integer()?)? {
                Value::Boolean(value) => Some(self.words.truth(value)),
                value => Some(value.to_string()),
            },
            (Term::Text(text), AttributeType::Text { .. }) => Some(self.words.quoted(text)),
            (Term::Digest(digest), AttributeType::Digest) => Some(hex::encode(digest)),
            (Term::Code(code), AttributeType::Code { codes }) => {
                let known = codes.iter().find(|known| known.code == *code);
                let title = known.map(|known| known.title.get(self.words.0));
                Some(
                    title.map_or_else(
                        || self.words.quoted(code),
                        |title| self.words.code(title, code),
                    ),
                )
            }
            (Term::Expression(expression), kind) => self.expression(kind, expression),
            _ => None,
        }
    }

    fn expression(&self, kind: &AttributeType, expression: &Expression) -> Option<String> {
        match expression {
            Expression::Date { anchor, shift, unit, adjust: 0 } if *kind == AttributeType::Date => {
                let start = match anchor {
                    Anchor::Today => self.words.today(),
                    Anchor::Parameter(name) => self.parameter(name, |given| given == kind)?,
                };
                Some(self.words.moved(&start, *shift, *unit))
            }
            Expression::Number { parameter, adjust: 0 } | Expression::Member { parameter } => {
                self.parameter(parameter, |given| given.is_comparable_with(kind))
            }
            _ => None,
        }
    }

    /// A parameter whose type is acceptable, in words.
    fn parameter(&self, name: &str, accepts: impl Fn(&AttributeType) -> bool) -> Option<String> {
        let declared = self.statement.parameters().iter().find(|p| p.name == name)?;
        accepts(&declared.kind).then(|| self.words.chosen(declared.title.get(self.words.0)))
    }
}
