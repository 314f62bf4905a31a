//! Combines the comparisons of one value, so that a condition takes few predicates: sets of
//! constants by intersection and union, a lower and an upper bound to one range.

use super::formula::{Formula, Leaf, Range, Test};
use super::values::ValueSet;
use crate::Term;

/// A formula that is true of the same records, with fewer comparisons.
pub(super) fn fold(formula: Formula) -> Formula {
    match formula {
        Formula::All(parts) => all(parts.into_iter().map(fold).collect()),
        // By De Morgan's law.
        Formula::Any(parts) => all(parts.into_iter().map(|part| fold(part).not()).collect()).not(),
        Formula::Leaf(leaf) => constant(leaf),
        constant => constant,
    }
}

/// A comparison, or what it always is.
fn constant(leaf: Leaf) -> Formula {
    match &leaf.test {
        Test::Values(values) if values.is_empty() => Formula::Constant(false),
        Test::Values(values) if values.is_full() => Formula::Constant(true),
        _ => Formula::Leaf(leaf),
    }
}

fn all(parts: Vec<Formula>) -> Formula {
    let mut leaves: Vec<Leaf> = Vec::new();
    let mut others: Vec<Formula> = Vec::new();
    for part in parts.into_iter().flat_map(Formula::conjuncts) {
        match part {
            Formula::Constant(true) => {}
            Formula::Constant(false) => return Formula::Constant(false),
            Formula::Leaf(leaf) => add(&mut leaves, leaf),
            Formula::Any(parts) => {
                let part = Formula::Any(parts);
                if !others.contains(&part) {
                    others.push(part);
                }
            }
            Formula::All(_) => {}
        }
    }
    if leaves.iter().any(|leaf| leaves.contains(&leaf.clone().not())) {
        return Formula::Constant(false);
    }
    pair_bounds(&mut leaves);
    let mut parts: Vec<Formula> = leaves.into_iter().map(constant).collect();
    if parts.contains(&Formula::Constant(false)) {
        return Formula::Constant(false);
    }
    parts.retain(|part| *part != Formula::Constant(true));
    parts.extend(others);
    match <[Formula; 1]>::try_from(parts) {
        Ok([part]) => part,
        Err(parts) if parts.is_empty() => Formula::Constant(true),
        Err(parts) => Formula::All(parts),
    }
}

/// Adds a comparison; constants of one value are intersected.
fn add(leaves: &mut Vec<Leaf>, leaf: Leaf) {
    let same = |known: &&mut Leaf| (known.record, known.operand) == (leaf.record, leaf.operand);
    if let Test::Values(values) = &leaf.test {
        for known in leaves.iter_mut().filter(same) {
            if let Test::Values(earlier) = &mut known.test {
                *earlier = earlier.intersection(values);
                return;
            }
        }
    }
    if !leaves.contains(&leaf) {
        leaves.push(leaf);
    }
}

/// Makes one range of each lower and upper bound of one value, where one of them at least is
/// computed from the request.
fn pair_bounds(leaves: &mut Vec<Leaf>) {
    while let Some((low, high, range)) = find_pair(leaves) {
        if let Some(leaf) = leaves.get_mut(low.min(high)) {
            leaf.test = Test::Range(range);
        }
        leaves.remove(low.max(high));
    }
}

fn find_pair(leaves: &[Leaf]) -> Option<(usize, usize, Range)> {
    for (i, a) in leaves.iter().enumerate() {
        let Some((low, domain)) = lower_bound(a) else { continue };
        for (j, b) in leaves.iter().enumerate() {
            let same = (a.record, a.operand) == (b.record, b.operand) && i != j;
            let Some(high) = upper_bound(b).filter(|_| same) else { continue };
            let computed = |term: &Term| matches!(term, Term::Expression(_));
            if computed(&low) || computed(&high) {
                return Some((i, j, Range { low, high, domain, negated: false }));
            }
        }
    }
    None
}

/// The lower bound that is all a comparison says, and the domain.
fn lower_bound(leaf: &Leaf) -> Option<(Term, (u64, u64))> {
    match &leaf.test {
        Test::Range(range) if range.is_at_least() => Some((range.low.clone(), range.domain)),
        Test::Values(ValueSet::Integers { domain, intervals }) => match intervals.as_slice() {
            [(low, high)] if *high == domain.1 => Some((Term::integer(*low), *domain)),
            _ => None,
        },
        _ => None,
    }
}

/// The upper bound that is all a comparison says.
fn upper_bound(leaf: &Leaf) -> Option<Term> {
    match &leaf.test {
        Test::Range(range) if range.is_at_most() => Some(range.high.clone()),
        Test::Values(ValueSet::Integers { domain, intervals }) => match intervals.as_slice() {
            [(low, high)] if *low == domain.0 => Some(Term::integer(*high)),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Expression, Operand};

    const DOMAIN: (u64, u64) = (0, 99);

    fn leaf(slot: usize, test: Test) -> Formula {
        Formula::Leaf(Leaf { record: 0, operand: Operand::Attribute(slot), test })
    }

    fn between(slot: usize, low: u64, high: u64) -> Formula {
        leaf(slot, Test::Values(ValueSet::integers(DOMAIN, vec![(low, high)])))
    }

    fn symbol(adjust: i8) -> Term {
        Term::Expression(Expression::Number { parameter: "p".into(), adjust })
    }

    fn at_least(slot: usize, low: Term) -> Formula {
        let range = Range { low, high: Term::integer(99), domain: DOMAIN, negated: false };
        leaf(slot, Test::Range(range))
    }

    fn range(slot: usize, low: Term, high: Term, negated: bool) -> Formula {
        leaf(slot, Test::Range(Range { low, high, domain: DOMAIN, negated }))
    }

    #[test]
    fn constants_of_one_value_are_one_set() {
        let formula = Formula::All(vec![between(0, 5, 99), between(1, 1, 1), between(0, 0, 9)]);
        assert_eq!(fold(formula), Formula::All(vec![between(0, 5, 9), between(1, 1, 1)]));
        let formula = Formula::Any(vec![between(0, 0, 4), between(0, 5, 9)]);
        assert_eq!(fold(formula), between(0, 0, 9));
        let never = Formula::All(vec![between(0, 0, 4), between(0, 5, 9)]);
        assert_eq!(fold(never), Formula::Constant(false));
    }

    #[test]
    fn two_bounds_are_one_range() {
        let upper = at_least(0, symbol(0)).not();
        assert_eq!(
            fold(Formula::All(vec![upper.clone(), between(0, 7, 99)])),
            range(0, Term::integer(7), symbol(-1), false)
        );
        // x < p or x > 50 is: not p <= x <= 50.
        assert_eq!(
            fold(Formula::Any(vec![upper.clone(), between(0, 51, 99)])),
            range(0, symbol(0), Term::integer(50), true)
        );
        assert_eq!(
            fold(Formula::All(vec![upper, at_least(0, symbol(0))])),
            Formula::Constant(false)
        );
    }
}
