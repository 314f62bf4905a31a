//! Sets of constant values of one attribute: what comparisons with constants allow.
//!
//! Comparisons of one attribute are combined as sets before they become predicates, so
//! `x >= 1 && x <= 5` is one range, and a condition that nothing satisfies shows itself.

use std::collections::BTreeSet;

use records::AttributeType;

use crate::encoding::integers;
use crate::layout::MEMBERS;
use crate::{Operand, Predicate, Term};

/// The values that an attribute type has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Domain {
    /// Integers from the first to the second.
    Integers(u64, u64),
    /// The codes of a dictionary.
    Codes(BTreeSet<Term>),
    /// Any text or digest.
    Open,
}

/// A set of values within a domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ValueSet {
    /// Intervals, ascending, with gaps between them.
    Integers { domain: (u64, u64), intervals: Vec<(u64, u64)> },
    /// The members, or all but the members. With a dictionary always the members.
    Named { dictionary: Option<BTreeSet<Term>>, members: BTreeSet<Term>, complement: bool },
}

/// Predicates that together make a set: their union, or the complement of their union.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cover {
    pub(super) predicates: Vec<Predicate>,
    pub(super) complement: bool,
}

impl Domain {
    pub(super) fn of(kind: &AttributeType) -> Self {
        match (integers(kind), kind) {
            (Some((low, high)), _) => Self::Integers(low, high),
            (None, AttributeType::Code { codes }) => {
                Self::Codes(codes.iter().map(|code| Term::Code(code.code.clone())).collect())
            }
            (None, _) => Self::Open,
        }
    }

    /// The integers it has, where it has integers.
    pub(super) fn integers(&self) -> Option<(u64, u64)> {
        match self {
            Self::Integers(low, high) => Some((*low, *high)),
            Self::Codes(_) | Self::Open => None,
        }
    }

    /// The set of the given terms.
    pub(super) fn set(&self, terms: impl IntoIterator<Item = Term>) -> ValueSet {
        match self {
            Self::Integers(low, high) => {
                let values = terms.into_iter().filter_map(|term| term.as_integer());
                ValueSet::integers((*low, *high), values.map(|value| (value, value)).collect())
            }
            Self::Codes(codes) => ValueSet::Named {
                dictionary: Some(codes.clone()),
                members: terms.into_iter().collect(),
                complement: false,
            },
            Self::Open => ValueSet::Named {
                dictionary: None,
                members: terms.into_iter().collect(),
                complement: false,
            },
        }
    }
}

impl ValueSet {
    /// The union of intervals, as far as they are within the domain.
    pub(super) fn integers(domain: (u64, u64), mut intervals: Vec<(u64, u64)>) -> Self {
        for interval in &mut intervals {
            *interval = (interval.0.max(domain.0), interval.1.min(domain.1));
        }
        intervals.retain(|(low, high)| low <= high);
        intervals.sort_unstable();
        let mut merged: Vec<(u64, u64)> = Vec::new();
        for (low, high) in intervals {
            match merged.last_mut() {
                Some(last) if low <= last.1.saturating_add(1) => last.1 = last.1.max(high),
                _ => merged.push((low, high)),
            }
        }
        Self::Integers { domain, intervals: merged }
    }

    pub(super) fn is_empty(&self) -> bool {
        match self {
            Self::Integers { intervals, .. } => intervals.is_empty(),
            Self::Named { members, complement, .. } => members.is_empty() && !complement,
        }
    }

    pub(super) fn is_full(&self) -> bool {
        self.complement().is_empty()
    }

    #[must_use]
    pub(super) fn complement(&self) -> Self {
        match self {
            Self::Integers { domain, intervals } => {
                Self::Integers { domain: *domain, intervals: gaps(*domain, intervals) }
            }
            Self::Named { dictionary: Some(dictionary), members, .. } => Self::Named {
                dictionary: Some(dictionary.clone()),
                members: dictionary.difference(members).cloned().collect(),
                complement: false,
            },
            Self::Named { dictionary: None, members, complement } => {
                Self::Named { dictionary: None, members: members.clone(), complement: !complement }
            }
        }
    }

    /// What both have; they are sets of one domain.
    #[must_use]
    pub(super) fn intersection(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Integers { domain, intervals: a }, Self::Integers { intervals: b, .. }) => {
                let overlaps = a.iter().flat_map(|(low, high)| {
                    b.iter().map(move |(from, to)| (*low.max(from), *high.min(to)))
                });
                Self::integers(*domain, overlaps.collect())
            }
            (
                Self::Named { dictionary, members: a, complement: not_a },
                Self::Named { members: b, complement: not_b, .. },
            ) => {
                let members = match (not_a, not_b) {
                    (false, false) => a.intersection(b).cloned().collect(),
                    (false, true) => a.difference(b).cloned().collect(),
                    (true, false) => b.difference(a).cloned().collect(),
                    (true, true) => a.union(b).cloned().collect(),
                };
                let complement = *not_a && *not_b;
                Self::Named { dictionary: dictionary.clone(), members, complement }
            }
            // Sets of different domains have nothing in common.
            _ => Self::Named { dictionary: None, members: BTreeSet::new(), complement: false },
        }
    }

    /// The ways to make the set of predicates: directly, and by what it lacks.
    pub(super) fn covers(&self, operand: Operand) -> Vec<Cover> {
        let cover = |predicates, complement| Cover { predicates, complement };
        match self {
            Self::Integers { domain, intervals } => vec![
                cover(interval_predicates(operand, intervals), false),
                cover(interval_predicates(operand, &gaps(*domain, intervals)), true),
            ],
            Self::Named { dictionary: Some(dictionary), members, .. } => {
                let others: Vec<Term> = dictionary.difference(members).cloned().collect();
                let members: Vec<Term> = members.iter().cloned().collect();
                vec![
                    cover(set_predicates(operand, &members), false),
                    cover(set_predicates(operand, &others), true),
                ]
            }
            Self::Named { dictionary: None, members, complement } => {
                let members: Vec<Term> = members.iter().cloned().collect();
                vec![cover(set_predicates(operand, &members), *complement)]
            }
        }
    }
}

/// What the intervals leave out of the domain.
fn gaps(domain: (u64, u64), intervals: &[(u64, u64)]) -> Vec<(u64, u64)> {
    let mut found = Vec::new();
    let mut next = Some(domain.0);
    for (low, high) in intervals {
        if let Some(from) = next.filter(|from| from < low) {
            found.push((from, low - 1));
        }
        next = high.checked_add(1);
    }
    if let Some(from) = next.filter(|from| *from <= domain.1) {
        found.push((from, domain.1));
    }
    found
}

/// Predicates of a finite set, eight members each.
pub(super) fn set_predicates(operand: Operand, members: &[Term]) -> Vec<Predicate> {
    let set = |members: &[Term]| Predicate::Set { operand, members: members.to_vec() };
    members.chunks(MEMBERS).map(set).collect()
}

/// The fewest predicates for a union of intervals: the shortest as members of sets, the others
/// as ranges.
fn interval_predicates(operand: Operand, intervals: &[(u64, u64)]) -> Vec<Predicate> {
    let size = |(low, high): &(u64, u64)| (high - low).saturating_add(1);
    let mut by_size = intervals.to_vec();
    by_size.sort_by_key(size);
    let cost = |in_sets: usize| {
        let members = by_size.iter().take(in_sets).map(size).fold(0, u64::saturating_add);
        let sets = members.div_ceil(MEMBERS as u64);
        sets.saturating_add((by_size.len() - in_sets) as u64)
    };
    let in_sets = (0..=by_size.len()).min_by_key(|count| cost(*count)).unwrap_or(0);
    let (sets, ranges) = by_size.split_at_checked(in_sets).unwrap_or((&[], &by_size));
    let mut ranges = ranges.to_vec();
    ranges.sort_unstable();
    let mut members: Vec<u64> = sets.iter().flat_map(|(low, high)| *low..=*high).collect();
    members.sort_unstable();
    let members: Vec<Term> = members.into_iter().map(Term::integer).collect();
    let range = |(low, high): &(u64, u64)| Predicate::Range {
        operand,
        low: Term::integer(*low),
        high: Term::integer(*high),
    };
    ranges.iter().map(range).chain(set_predicates(operand, &members)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const OPERAND: Operand = Operand::Attribute(0);

    fn set(values: &[u64]) -> ValueSet {
        ValueSet::integers((0, 40), values.iter().map(|v| (*v, *v)).collect())
    }

    fn holds(predicate: &Predicate, value: u64) -> bool {
        match predicate {
            Predicate::Range { low, high, .. } => {
                (low.as_integer().unwrap()..=high.as_integer().unwrap()).contains(&value)
            }
            Predicate::Set { members, .. } => members.contains(&Term::integer(value)),
        }
    }

    #[test]
    fn few_predicates() {
        for (values, direct, lacking) in [
            (vec![5], 1, 2),
            (vec![1, 2, 3], 1, 2),
            (vec![1, 3, 5, 7, 9], 1, 2),
            ((0..20).collect(), 1, 1),
            ((0..10).map(|v| v * 3).collect(), 2, 4),
        ] {
            let covers = set(&values).covers(OPERAND);
            assert_eq!(covers[0].predicates.len(), direct, "{values:?}");
            assert_eq!(covers[1].predicates.len(), lacking, "{values:?}");
        }
    }

    #[test]
    fn whole_64_bits() {
        let all = ValueSet::integers((0, u64::MAX), vec![(0, u64::MAX)]);
        assert!(all.is_full() && !all.is_empty());
        assert_eq!(all.covers(OPERAND)[0].predicates.len(), 1);
    }

    proptest! {
        #[test]
        fn covers_are_the_set(a in prop::collection::btree_set(0..=40_u64, 0..30), b in prop::collection::btree_set(0..=40_u64, 0..30)) {
            let (left, right) = (set(&a.iter().copied().collect::<Vec<_>>()), set(&b.iter().copied().collect::<Vec<_>>()));
            let both = left.intersection(&right.complement());
            for value in 0..=40 {
                let expected = a.contains(&value) && !b.contains(&value);
                for cover in both.covers(OPERAND) {
                    let covered = cover.predicates.iter().any(|p| holds(p, value));
                    prop_assert_eq!(covered != cover.complement, expected);
                }
            }
        }
    }
}
