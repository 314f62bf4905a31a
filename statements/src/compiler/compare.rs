//! Comparisons of one attribute with constants, parameters and dates of the request.

use records::AttributeType;

use crate::{Expression, Term};

use super::error::CompileErrorKind::{AlwaysTrue, NeverTrue, Type, Unsupported, Value as BadValue};
use super::error::{CompileError, Span};
use super::formula::{Formula, Leaf, Range, Test};
use super::literal::{constant, kind_name, mismatch_with};
use super::scope::{Field, Literal, Scope, Side};
use super::syntax::{Comparison, Expr};
use super::values::{Domain, ValueSet};

/// A part of a condition with what it stands for.
pub(super) struct Part<'a> {
    pub(super) expr: &'a Expr,
    pub(super) side: Side,
}

impl Scope<'_> {
    /// `field operator other`.
    pub(super) fn compare(
        &mut self,
        field: &Field,
        operator: Comparison,
        other: &Part<'_>,
        span: Span,
    ) -> Result<Formula, CompileError> {
        use Comparison::{Equal, NotEqual};
        let domain = Domain::of(&field.kind);
        if domain.integers().is_none() && !matches!(operator, Equal | NotEqual) {
            let message = format!("{} is {} and has no order", field.name, kind_name(&field.kind));
            return Err(CompileError::new(Type, span, message).help("write ==, != or in"));
        }
        let equal = match &other.side {
            Side::Literal(literal) => {
                let exact = matches!(operator, Equal | NotEqual);
                let term = constant(field, literal, other.expr.span, exact)?;
                return values(field, relation(&domain, operator, term), span);
            }
            side => match domain.integers() {
                Some(domain) => {
                    let bound = |by| self.bound(field, side, other.expr.span, by);
                    return computed_range(field, domain, operator, bound);
                }
                None => {
                    let member = self.member(field, side, other.expr.span)?;
                    Formula::members(field.record, field.operand, &[member])
                }
            },
        };
        Ok(if operator == NotEqual { equal.not() } else { equal })
    }

    /// `field in [items]`.
    pub(super) fn contains(
        &mut self,
        field: &Field,
        items: &[Part<'_>],
        span: Span,
    ) -> Result<Formula, CompileError> {
        let mut terms = Vec::new();
        for item in items {
            let place = item.expr.span;
            let term = match &item.side {
                Side::Literal(literal) => constant(field, literal, place, true)?,
                side => self.member(field, side, place)?,
            };
            if !terms.contains(&term) {
                terms.push(term);
            }
        }
        if terms.iter().any(|term| matches!(term, Term::Expression(_))) {
            return Ok(Formula::members(field.record, field.operand, &terms));
        }
        values(field, Domain::of(&field.kind).set(terms), span)
    }

    /// `field.startsWith(prefix)`.
    pub(super) fn starts_with(
        &mut self,
        field: &Field,
        prefix: &Part<'_>,
        span: Span,
    ) -> Result<Formula, CompileError> {
        let AttributeType::Digits { length, .. } = field.kind else {
            let message = format!("{} is {}, not digits", field.name, kind_name(&field.kind));
            return Err(CompileError::new(Type, span, message)
                .help("only digit codes can be compared by their first digits"));
        };
        let place = prefix.expr.span;
        let domain = (0, 10_u64.saturating_pow(length).saturating_sub(1));
        match &prefix.side {
            Side::Literal(Literal::Text(digits)) => {
                let bounds = prefix_bounds(digits, length).ok_or_else(|| {
                    let message = format!("{digits:?} is no beginning of {length} digits");
                    CompileError::new(BadValue, place, message)
                })?;
                values(field, ValueSet::integers(domain, vec![bounds]), span)
            }
            Side::Parameter(index) => {
                let declared = self.parameters.get(*index);
                let fits = |kind: &AttributeType| matches!(kind, AttributeType::Digits { length: given, .. } if *given <= length);
                let parameter = declared.filter(|p| fits(&p.kind)).map(|p| p.name.clone());
                let parameter = parameter.ok_or_else(|| {
                    let message = format!("the parameter is not of type digits, {length} at most");
                    CompileError::new(Type, place, message)
                })?;
                let low = Expression::PrefixLow { parameter: parameter.clone(), length };
                let high = Expression::PrefixHigh { parameter, length };
                Ok(range(field, domain, Term::Expression(low), Term::Expression(high)))
            }
            other => {
                let message = format!("digits in quotes are needed; this is {}", other.describe());
                Err(CompileError::new(Type, place, message))
            }
        }
    }

    /// A value of the request as a bound of a range, moved by `adjust`.
    fn bound(
        &mut self,
        field: &Field,
        side: &Side,
        place: Span,
        adjust: i8,
    ) -> Result<Term, CompileError> {
        let expression = match side {
            Side::Date { anchor, shift, unit } if field.kind == AttributeType::Date => {
                Side::date(anchor, *shift, *unit, adjust)
            }
            Side::Parameter(index) => {
                let parameter = self.parameter(*index, field, place)?;
                Expression::Number { parameter, adjust }
            }
            other => return Err(mismatch(field, other, place)),
        };
        Ok(Term::Expression(expression))
    }

    /// A value of the request as a member of a set.
    fn member(&mut self, field: &Field, side: &Side, place: Span) -> Result<Term, CompileError> {
        match side {
            Side::Parameter(index) => {
                let parameter = self.parameter(*index, field, place)?;
                Ok(Term::Expression(Expression::Member { parameter }))
            }
            other => self.bound(field, other, place, 0),
        }
    }

    /// Name of a parameter whose values are encoded like those of `field`. A number that is
    /// declared without a least value takes that of the first attribute it is compared with.
    fn parameter(
        &mut self,
        index: usize,
        field: &Field,
        place: Span,
    ) -> Result<String, CompileError> {
        let known = self.parameters.get_mut(index).zip(self.settled.get_mut(index));
        let Some((declared, settled)) = known else {
            return Err(CompileError::new(Type, place, "there is no such parameter"));
        };
        let settled = std::mem::replace(settled, true);
        match (&mut declared.kind, &field.kind) {
            (AttributeType::Integer { min, .. }, AttributeType::Integer { min: least, .. })
                if !settled && min.is_none() =>
            {
                *min = *least;
            }
            (
                AttributeType::Decimal { min, scale, .. },
                AttributeType::Decimal { min: least, scale: same, .. },
            ) if !settled && min.is_none() && scale == same => min.clone_from(least),
            _ => {}
        }
        if declared.kind.is_comparable_with(&field.kind) {
            return Ok(declared.name.clone());
        }
        let message = format!(
            "parameter {} is {}; {} is {}",
            declared.name,
            kind_name(&declared.kind),
            field.name,
            kind_name(&field.kind)
        );
        let help = "types, lengths, scales and the sign of the least value must be the same";
        Err(CompileError::new(Type, place, message).help(help))
    }
}

/// The values that stand in a relation to a constant.
fn relation(domain: &Domain, operator: Comparison, term: Term) -> ValueSet {
    use Comparison::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
    if let (Some((least, greatest)), Some(value)) = (domain.integers(), term.as_integer()) {
        let intervals = match operator {
            Equal | NotEqual => Some((value, value)),
            Less => value.checked_sub(1).map(|below| (least, below)),
            LessOrEqual => Some((least, value)),
            Greater => value.checked_add(1).map(|above| (above, greatest)),
            GreaterOrEqual => Some((value, greatest)),
        };
        let set = ValueSet::integers((least, greatest), intervals.into_iter().collect());
        return if operator == NotEqual { set.complement() } else { set };
    }
    let set = domain.set([term]);
    if operator == NotEqual { set.complement() } else { set }
}

/// A comparison of an ordered attribute with a value of the request. `bound` gives that value,
/// moved.
fn computed_range(
    field: &Field,
    domain: (u64, u64),
    operator: Comparison,
    mut bound: impl FnMut(i8) -> Result<Term, CompileError>,
) -> Result<Formula, CompileError> {
    use Comparison::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
    let (least, greatest) = (Term::integer(domain.0), Term::integer(domain.1));
    let (low, high) = match operator {
        Equal | NotEqual => (bound(0)?, bound(0)?),
        Less => (least, bound(-1)?),
        LessOrEqual => (least, bound(0)?),
        Greater => (bound(1)?, greatest),
        GreaterOrEqual => (bound(0)?, greatest),
    };
    let formula = range(field, domain, low, high);
    Ok(if operator == NotEqual { formula.not() } else { formula })
}

fn range(field: &Field, domain: (u64, u64), low: Term, high: Term) -> Formula {
    let test = Test::Range(Range { low, high, domain, negated: false });
    Formula::Leaf(Leaf { record: field.record, operand: field.operand, test })
}

/// A comparison with constants, unless it is always true or never.
pub(super) fn values(field: &Field, set: ValueSet, span: Span) -> Result<Formula, CompileError> {
    if set.is_empty() {
        let message = format!("no value of {} satisfies this", field.name);
        return Err(CompileError::new(NeverTrue, span, message));
    }
    if set.is_full() {
        let message = format!("every value of {} satisfies this", field.name);
        return Err(CompileError::new(AlwaysTrue, span, message));
    }
    let test = Test::Values(set);
    Ok(Formula::Leaf(Leaf { record: field.record, operand: field.operand, test }))
}

fn mismatch(field: &Field, side: &Side, place: Span) -> CompileError {
    match side {
        Side::Field(_) => CompileError::new(Unsupported, place, "two attributes"),
        side => mismatch_with(field, side.describe(), place),
    }
}

/// Least and greatest code of `length` digits with a prefix.
fn prefix_bounds(digits: &str, length: u32) -> Option<(u64, u64)> {
    let given = u32::try_from(digits.len()).ok()?;
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let scale = 10_u64.checked_pow(length.checked_sub(given).filter(|_| plain)?)?;
    let low = digits.parse::<u64>().ok()?.checked_mul(scale)?;
    Some((low, low + (scale - 1)))
}
