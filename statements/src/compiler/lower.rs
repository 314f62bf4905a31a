//! From the formula of one record to predicates, and a truth table over them.

use crate::layout::PREDICATES;
use crate::{Literal, Operand, Predicate};

use super::formula::{Formula, Leaf, Test};
use super::values::Cover;

/// The predicates of one record so far, each once.
#[derive(Debug, Default)]
pub(super) struct Lowering {
    predicates: Vec<Predicate>,
}

/// A formula over predicates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Logic {
    Constant(bool),
    Literal(Literal),
    All(Vec<Logic>),
    Any(Vec<Logic>),
}

impl Lowering {
    /// The predicates; formulas name them by their index.
    pub(super) fn into_predicates(self) -> Vec<Predicate> {
        self.predicates
    }

    /// Lowers a formula.
    pub(super) fn lower(&mut self, formula: &Formula) -> Logic {
        match formula {
            Formula::Constant(value) => Logic::Constant(*value),
            Formula::Leaf(leaf) => self.leaf(leaf),
            Formula::All(parts) => Logic::All(parts.iter().map(|part| self.lower(part)).collect()),
            Formula::Any(parts) => Logic::Any(parts.iter().map(|part| self.lower(part)).collect()),
        }
    }

    fn leaf(&mut self, leaf: &Leaf) -> Logic {
        let covers = match &leaf.test {
            Test::Values(values) => values.covers(leaf.operand),
            Test::Range(range) => {
                let cover = |low: &_, high: &_, complement| Cover {
                    predicates: vec![Predicate::Range {
                        operand: leaf.operand,
                        low: Clone::clone(low),
                        high: Clone::clone(high),
                    }],
                    complement,
                };
                let mut covers = vec![cover(&range.low, &range.high, range.negated)];
                covers.extend(range.opposite().map(|o| cover(&o.low, &o.high, true)));
                covers
            }
            Test::Members { members, negated } => {
                vec![Cover { predicates: vec![set(leaf.operand, members)], complement: *negated }]
            }
        };
        // The cover that adds the fewest predicates to those there are, then the smallest. What
        // a value is reads better than what it is not, unless that is much longer.
        let new = |cover: &Cover| {
            cover.predicates.iter().filter(|p| !self.predicates.contains(p)).count()
        };
        let length = |cover: &Cover| {
            let terms: usize = cover.predicates.iter().map(|p| p.terms().len()).sum();
            if cover.complement { 2 * terms } else { terms }
        };
        let best = covers
            .into_iter()
            .min_by_key(|cover| (new(cover), cover.predicates.len(), length(cover)));
        best.map_or(Logic::Constant(false), |cover| self.cover(cover))
    }

    fn cover(&mut self, cover: Cover) -> Logic {
        let Cover { predicates, complement } = cover;
        let mut literals: Vec<Logic> = predicates
            .into_iter()
            .map(|predicate| {
                let predicate = self.register(predicate);
                Logic::Literal(Literal { predicate, negated: complement })
            })
            .collect();
        match (literals.len(), complement) {
            (1, _) => literals.remove(0),
            (_, true) => Logic::All(literals),
            (_, false) => Logic::Any(literals),
        }
    }

    fn register(&mut self, predicate: Predicate) -> usize {
        if let Some(index) = self.predicates.iter().position(|known| *known == predicate) {
            return index;
        }
        self.predicates.push(predicate);
        self.predicates.len() - 1
    }
}

fn set(operand: Operand, members: &[crate::Term]) -> Predicate {
    Predicate::Set { operand, members: members.to_vec() }
}

impl Logic {
    /// Its truth in each of the 2^count rows of truth values of `count` predicates; bit k of a
    /// row's number is the truth of predicate k. At most 2^[`PREDICATES`] rows.
    pub(super) fn table(&self, count: usize) -> Vec<bool> {
        (0..1_usize << count.min(PREDICATES)).map(|row| self.holds(row)).collect()
    }

    fn holds(&self, row: usize) -> bool {
        match self {
            Self::Constant(value) => *value,
            Self::Literal(literal) => ((row >> literal.predicate) & 1 == 1) != literal.negated,
            Self::All(parts) => parts.iter().all(|part| part.holds(row)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(row)),
        }
    }
}
