//! Which records answer a request: one for each record that the statement speaks of, such that
//! linked values agree.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use records::{EncodedRecord, Fr};
use statements::{LinkSource, Program, Unsatisfied};

use crate::record::EntryId;

/// Most records looked at in the search for a combination. Pruning makes a search that goes this
/// far a very unusual one.
const MAX_STEPS: usize = 1_000_000;

/// Records that the holder picks by hand, by their names in the statement. The wallet picks the
/// others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection(BTreeMap<String, EntryId>);

/// A record of the right schema, and what is in the way of using it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The record.
    pub id: EntryId,
    /// The holder's own name for it.
    pub label: String,
    /// Why it cannot be used; nothing where it can.
    pub mismatch: Option<Mismatch>,
}

/// Why a record of the right schema cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Mismatch {
    /// Not in a ledger that the statement accepts.
    #[error("it is in a ledger that the statement does not accept")]
    OtherLedger,
    /// Revoked when the wallet last looked.
    #[error("it was revoked")]
    Revoked,
    /// Amended when the wallet last looked.
    #[error("it was amended by the department and the wallet lacks the new version")]
    Amended,
    /// Does not satisfy the statement.
    #[error(transparent)]
    Unsatisfied(#[from] Unsatisfied),
}

/// Why no records were chosen.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ChoiceError {
    /// The selection names a record that the statement does not speak of.
    #[error("the statement speaks of no record named {0:?}")]
    UnknownName(String),
    /// The selected record is of another schema or not in the wallet.
    #[error("record {id} is no {schema}, which {record} of the statement is")]
    OtherSchema {
        /// Name in the statement.
        record: String,
        /// Schema that the statement asks for.
        schema: String,
        /// Record selected.
        id: EntryId,
    },
    /// The selected record cannot be used.
    #[error("record {id} cannot serve as {record}: {mismatch}")]
    Selected {
        /// Name in the statement.
        record: String,
        /// Record selected.
        id: EntryId,
        /// Why.
        mismatch: Mismatch,
    },
    /// None of the records can be used.
    #[error("no record of the wallet can serve as {record} ({schema}){}", Reasons(.reasons))]
    None {
        /// Name in the statement.
        record: String,
        /// Schema that the statement asks for.
        schema: String,
        /// The records of that schema and what is in the way of each.
        reasons: Vec<(EntryId, Mismatch)>,
    },
    /// Each record has candidates, but no combination agrees in the linked values.
    #[error("the wallet has no {} that belong together", .records.join(" and "))]
    NotJoined {
        /// Names in the statement of the records that do not agree.
        records: Vec<String>,
    },
    /// The search was given up.
    #[error("there are too many combinations of records to try; select the records by hand")]
    TooMany,
}

struct Reasons<'a>(&'a [(EntryId, Mismatch)]);

impl fmt::Display for Reasons<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, (id, mismatch)) in self.0.iter().enumerate() {
            write!(f, "{} record {id}: {mismatch}", if i == 0 { ":" } else { ";" })?;
        }
        Ok(())
    }
}

impl Selection {
    /// The wallet picks all records.
    pub fn automatic() -> Self {
        Self::default()
    }

    /// Picks a record by its name in the statement.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, id: EntryId) -> Self {
        self.0.insert(name.into(), id);
        self
    }

    pub(crate) fn get(&self, name: &str) -> Option<EntryId> {
        self.0.get(name).copied()
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &String> {
        self.0.keys()
    }
}

impl FromIterator<(String, EntryId)> for Selection {
    fn from_iter<I: IntoIterator<Item = (String, EntryId)>>(picked: I) -> Self {
        Self(picked.into_iter().collect())
    }
}

/// A record that can be used, and its values by link class. Links of the holder's secret are
/// left out: all records of a wallet agree in it.
#[derive(Clone)]
pub(crate) struct Usable {
    pub(crate) id: EntryId,
    links: BTreeMap<usize, Fr>,
}

impl Usable {
    /// The values of `record` that `program` links. No class links two values of one record.
    pub(crate) fn new(id: EntryId, program: &Program, record: &EncodedRecord) -> Self {
        let value = |slot: usize| record.attributes.get(slot).copied().unwrap_or_default();
        let links = program.links.iter().filter_map(|link| match link.source {
            LinkSource::Attribute(slot) => Some((link.class, value(slot))),
            LinkSource::Holder => None,
        });
        Self { id, links: links.collect() }
    }
}

/// Chooses one of each list such that values of one class agree. The first that fit in the
/// order of the lists, with different records where that is possible.
///
/// # Errors
/// [`ChoiceError::NotJoined`] and [`ChoiceError::TooMany`]; `names` are the lists' names.
pub(crate) fn join(
    mut lists: Vec<Vec<Usable>>,
    names: &[&str],
) -> Result<Vec<EntryId>, ChoiceError> {
    prune(&mut lists, names)?;
    if let Ok(Some(chosen)) = Search::new(&lists, true).run() {
        return Ok(chosen);
    }
    if let Some(chosen) = Search::new(&lists, false).run()? {
        return Ok(chosen);
    }
    let joined = |list: &[Usable]| list.iter().any(|usable| !usable.links.is_empty());
    let records = lists.iter().zip(names).filter(|(list, _)| joined(list));
    Err(ChoiceError::NotJoined { records: records.map(|(_, name)| (*name).to_owned()).collect() })
}

/// Leaves out, until nothing changes, whatever has a value that another list of the same class
/// does not have (arc consistency). Where joins form no circle, what stays can be chosen without
/// going back.
fn prune(lists: &mut [Vec<Usable>], names: &[&str]) -> Result<(), ChoiceError> {
    let classes: BTreeSet<usize> =
        lists.iter().flatten().flat_map(|usable| usable.links.keys().copied()).collect();
    loop {
        let before: usize = lists.iter().map(Vec::len).sum();
        for class in &classes {
            let uses = |list: &[Usable]| list.iter().any(|u| u.links.contains_key(class));
            let values = |list: &[Usable]| -> BTreeSet<Fr> {
                list.iter().filter_map(|usable| usable.links.get(class).copied()).collect()
            };
            let common = lists
                .iter()
                .filter(|list| uses(list))
                .map(|list| values(list))
                .reduce(|a, b| a.intersection(&b).copied().collect())
                .unwrap_or_default();
            if common.is_empty() {
                let records = lists.iter().zip(names).filter(|(list, _)| uses(list));
                let records = records.map(|(_, name)| (*name).to_owned()).collect();
                return Err(ChoiceError::NotJoined { records });
            }
            for list in &mut *lists {
                list.retain(|u| u.links.get(class).is_none_or(|value| common.contains(value)));
            }
        }
        if lists.iter().map(Vec::len).sum::<usize>() == before {
            return Ok(());
        }
    }
}

struct Search<'a> {
    lists: &'a [Vec<Usable>],
    /// Whether no record may serve twice.
    distinct: bool,
    bound: BTreeMap<usize, Fr>,
    chosen: Vec<EntryId>,
    steps: usize,
}

impl<'a> Search<'a> {
    fn new(lists: &'a [Vec<Usable>], distinct: bool) -> Self {
        Self { lists, distinct, bound: BTreeMap::new(), chosen: Vec::new(), steps: 0 }
    }

    fn run(mut self) -> Result<Option<Vec<EntryId>>, ChoiceError> {
        Ok(self.extend()?.then_some(self.chosen))
    }

    /// Chooses from the lists that are left; depth is at most the records of a statement (8).
    fn extend(&mut self) -> Result<bool, ChoiceError> {
        let Some(list) = self.lists.get(self.chosen.len()) else { return Ok(true) };
        for usable in list {
            self.steps += 1;
            if self.steps > MAX_STEPS {
                return Err(ChoiceError::TooMany);
            }
            let again = self.distinct && self.chosen.contains(&usable.id);
            if !again && self.try_with(usable)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn try_with(&mut self, usable: &Usable) -> Result<bool, ChoiceError> {
        let agrees =
            |(class, value): (&usize, &Fr)| self.bound.get(class).is_none_or(|b| b == value);
        if !usable.links.iter().all(agrees) {
            return Ok(false);
        }
        let before = self.bound.clone();
        self.bound.extend(&usable.links);
        self.chosen.push(usable.id);
        if self.extend()? {
            return Ok(true);
        }
        self.chosen.pop();
        self.bound = before;
        Ok(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usable(id: u64, links: &[(usize, u64)]) -> Usable {
        let links = links.iter().map(|(class, value)| (*class, Fr::from(*value))).collect();
        Usable { id: EntryId(id), links }
    }

    fn chosen(lists: Vec<Vec<Usable>>) -> Result<Vec<u64>, ChoiceError> {
        let names = ["a", "b", "c", "d", "e", "f", "g", "h"];
        join(lists, &names).map(|ids| ids.into_iter().map(|id| id.0).collect())
    }

    #[test]
    fn joined_records_agree() {
        let customs = vec![usable(1, &[(0, 10)]), usable(2, &[(0, 11)]), usable(3, &[(0, 12)])];
        let tax = vec![usable(4, &[(0, 13)]), usable(5, &[(0, 12)]), usable(6, &[(0, 11)])];
        assert_eq!(chosen(vec![customs, tax]), Ok(vec![2, 6]));
    }

    #[test]
    fn chains_of_joins_agree_in_both_classes() {
        let a = vec![usable(1, &[(0, 1)]), usable(2, &[(0, 2)])];
        let b = vec![usable(3, &[(0, 1), (1, 7)]), usable(4, &[(0, 2), (1, 8)])];
        let c = vec![usable(5, &[(1, 8)])];
        assert_eq!(chosen(vec![a, b, c]), Ok(vec![2, 4, 5]));
    }

    #[test]
    fn circles_of_joins_are_searched() {
        // Every pair agrees somewhere, so nothing is pruned; only one triple agrees everywhere.
        let a = vec![
            usable(1, &[(0, 1), (2, 2)]),
            usable(2, &[(0, 2), (2, 1)]),
            usable(3, &[(0, 3), (2, 3)]),
        ];
        let b = vec![
            usable(4, &[(0, 1), (1, 1)]),
            usable(5, &[(0, 2), (1, 2)]),
            usable(6, &[(0, 3), (1, 3)]),
        ];
        let c = vec![
            usable(7, &[(1, 1), (2, 1)]),
            usable(8, &[(1, 2), (2, 2)]),
            usable(9, &[(1, 3), (2, 3)]),
        ];
        assert_eq!(chosen(vec![a, b, c]), Ok(vec![3, 6, 9]));
    }

    #[test]
    fn records_that_do_not_belong_together_are_named() {
        let lists =
            vec![vec![usable(1, &[(0, 1)])], vec![usable(2, &[])], vec![usable(3, &[(0, 2)])]];
        let error = chosen(lists).unwrap_err();
        assert_eq!(error.to_string(), "the wallet has no a and c that belong together");
    }

    #[test]
    fn one_record_serves_twice_only_where_it_must() {
        let both = || vec![usable(1, &[]), usable(2, &[])];
        assert_eq!(chosen(vec![both(), both()]), Ok(vec![1, 2]));
        let one = || vec![usable(1, &[])];
        assert_eq!(chosen(vec![one(), one()]), Ok(vec![1, 1]));
    }

    #[test]
    fn large_wallets_are_searched_quickly() {
        let list = |first: u64, shift: u64| {
            (0..2_000).map(|i| usable(first + i, &[(0, i + shift)])).collect::<Vec<_>>()
        };
        assert_eq!(chosen(vec![list(0, 0), list(2_000, 1_999)]), Ok(vec![1_999, 2_000]));
    }
}
