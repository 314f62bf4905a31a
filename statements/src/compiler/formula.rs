//! Formulas over comparisons, without negation: it is pushed into the comparisons.

use crate::layout::MEMBERS;
use crate::{Expression, Operand, Term};

use super::values::ValueSet;

/// What a condition says of records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Formula {
    Constant(bool),
    Leaf(Leaf),
    All(Vec<Formula>),
    Any(Vec<Formula>),
}

/// A comparison of one value of one record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Leaf {
    pub(super) record: usize,
    pub(super) operand: Operand,
    pub(super) test: Test,
}

/// What the value is compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Test {
    /// Constants.
    Values(ValueSet),
    /// Bounds of which one at least is computed from the request.
    Range(Range),
    /// A set, at most eight, of which one member at least is computed from the request.
    Members { members: Vec<Term>, negated: bool },
}

/// low ≤ value ≤ high, or not. A bound at the end of the domain is no bound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Range {
    pub(super) low: Term,
    pub(super) high: Term,
    pub(super) domain: (u64, u64),
    pub(super) negated: bool,
}

impl Formula {
    pub(super) fn not(self) -> Self {
        match self {
            Self::Constant(value) => Self::Constant(!value),
            Self::Leaf(leaf) => Self::Leaf(leaf.not()),
            Self::All(parts) => Self::Any(parts.into_iter().map(Self::not).collect()),
            Self::Any(parts) => Self::All(parts.into_iter().map(Self::not).collect()),
        }
    }

    /// The comparisons in it.
    pub(super) fn leaves(&self) -> Vec<&Leaf> {
        match self {
            Self::Constant(_) => Vec::new(),
            Self::Leaf(leaf) => vec![leaf],
            Self::All(parts) | Self::Any(parts) => parts.iter().flat_map(Self::leaves).collect(),
        }
    }

    /// The parts that must all hold.
    pub(super) fn conjuncts(self) -> Vec<Self> {
        match self {
            Self::All(parts) => parts.into_iter().flat_map(Self::conjuncts).collect(),
            other => vec![other],
        }
    }

    /// A set of constants and of values computed from the request, in groups that fit.
    pub(super) fn members(record: usize, operand: Operand, members: &[Term]) -> Self {
        let group = |members: &[Term]| {
            let test = Test::Members { members: members.to_vec(), negated: false };
            Self::Leaf(Leaf { record, operand, test })
        };
        Self::Any(members.chunks(MEMBERS).map(group).collect())
    }
}

impl Leaf {
    pub(super) fn not(self) -> Self {
        let test = match self.test {
            Test::Values(values) => Test::Values(values.complement()),
            Test::Range(range) => Test::Range(range.not()),
            Test::Members { members, negated } => Test::Members { members, negated: !negated },
        };
        Self { test, ..self }
    }
}

impl Range {
    fn not(self) -> Self {
        self.opposite().unwrap_or(Self { negated: !self.negated, ..self })
    }

    /// The range that holds exactly where this one does not, if it has one bound only.
    pub(super) fn opposite(&self) -> Option<Self> {
        if self.negated {
            return None;
        }
        let (least, greatest) = (Term::integer(self.domain.0), Term::integer(self.domain.1));
        if self.is_at_least() {
            let high = moved(&self.low, -1)?;
            return Some(Self { low: least, high, ..*self });
        }
        if self.is_at_most() {
            let low = moved(&self.high, 1)?;
            return Some(Self { low, high: greatest, ..*self });
        }
        None
    }

    /// Whether it has a lower bound only.
    pub(super) fn is_at_least(&self) -> bool {
        !self.negated && self.high == Term::integer(self.domain.1)
    }

    /// Whether it has an upper bound only.
    pub(super) fn is_at_most(&self) -> bool {
        !self.negated && self.low == Term::integer(self.domain.0)
    }
}

/// A bound one higher or lower, where that can be written.
fn moved(term: &Term, by: i8) -> Option<Term> {
    match term {
        Term::Constant(_) => term.as_integer()?.checked_add_signed(by.into()).map(Term::integer),
        Term::Expression(Expression::Date { anchor, shift, unit, adjust }) => {
            Some(Term::Expression(Expression::Date {
                anchor: anchor.clone(),
                shift: *shift,
                unit: *unit,
                adjust: adjust.checked_add(by)?,
            }))
        }
        Term::Expression(Expression::Number { parameter, adjust }) => {
            Some(Term::Expression(Expression::Number {
                parameter: parameter.clone(),
                adjust: adjust.checked_add(by)?,
            }))
        }
        _ => None,
    }
}
