//! Which truth values the predicates of a record can have together.
//!
//! Predicates of one value depend on each other: x = 5 and x = 7 are never both true. Only rows
//! of the truth table that some value gives matter. Predicates with bounds from the request are
//! taken to be free.

use std::collections::BTreeSet;

use crate::{Operand, Predicate, Term};

use super::values::Domain;

/// A value that stands for all those which the predicates treat alike.
enum Sample {
    Integer(u64),
    Named(Term),
    /// A text or digest that no predicate names.
    Other,
}

/// For each row of the truth table of `predicates`, whether it can occur. `domain` tells the
/// values of an operand.
pub(super) fn rows(predicates: &[Predicate], domain: impl Fn(Operand) -> Domain) -> Vec<bool> {
    let operands: BTreeSet<Operand> = predicates.iter().map(Predicate::operand).collect();
    let patterns: Vec<(usize, BTreeSet<usize>)> = operands
        .into_iter()
        .map(|operand| {
            let fixed: Vec<(usize, &Predicate)> = predicates
                .iter()
                .enumerate()
                .filter(|(_, p)| p.operand() == operand && is_constant(p))
                .collect();
            let mask = fixed.iter().map(|(k, _)| 1 << k).sum();
            let samples = samples(&fixed, &domain(operand));
            let pattern = |sample: &Sample| {
                fixed.iter().filter(|(_, p)| holds(p, sample)).map(|(k, _)| 1_usize << k).sum()
            };
            (mask, samples.iter().map(pattern).collect())
        })
        .collect();
    let occurs = |row: usize| patterns.iter().all(|(mask, seen)| seen.contains(&(row & mask)));
    (0..1_usize << predicates.len()).map(occurs).collect()
}

fn is_constant(predicate: &Predicate) -> bool {
    !predicate.terms().iter().any(|term| matches!(term, Term::Expression(_)))
}

/// One value at least from each part that the predicates cut the domain into.
fn samples(predicates: &[(usize, &Predicate)], domain: &Domain) -> Vec<Sample> {
    let terms = predicates.iter().flat_map(|(_, predicate)| predicate.terms());
    match domain {
        Domain::Integers(least, greatest) => {
            let mut values = BTreeSet::from([*least, *greatest]);
            for value in terms.filter_map(Term::as_integer) {
                values.extend([value.saturating_sub(1), value, value.saturating_add(1)]);
            }
            values
                .into_iter()
                .filter(|value| (least..=greatest).contains(&value))
                .map(Sample::Integer)
                .collect()
        }
        Domain::Codes(codes) => codes.iter().cloned().map(Sample::Named).collect(),
        Domain::Open => terms.cloned().map(Sample::Named).chain([Sample::Other]).collect(),
    }
}

fn holds(predicate: &Predicate, sample: &Sample) -> bool {
    match (predicate, sample) {
        (Predicate::Range { low, high, .. }, Sample::Integer(value)) => {
            low.as_integer() <= Some(*value) && high.as_integer() >= Some(*value)
        }
        (Predicate::Set { members, .. }, Sample::Integer(value)) => {
            members.contains(&Term::integer(*value))
        }
        (Predicate::Set { members, .. }, Sample::Named(term)) => members.contains(term),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exclusive_values_are_not_true_together() {
        let operand = Operand::Attribute(0);
        let range = |low, high| Predicate::Range {
            operand,
            low: Term::integer(low),
            high: Term::integer(high),
        };
        let domain = |_| Domain::Integers(0, 9);
        // Disjoint, and together the whole domain: exactly one is true.
        assert_eq!(rows(&[range(0, 4), range(5, 9)], domain), [false, true, true, false]);
        // Nested: the inner one is never true alone.
        assert_eq!(rows(&[range(0, 4), range(2, 3)], domain), [true, true, false, true]);
        let named = |code: &str| Predicate::Set { operand, members: vec![Term::Text(code.into())] };
        assert_eq!(rows(&[named("a"), named("b")], |_| Domain::Open), [true, true, true, false]);
    }
}
