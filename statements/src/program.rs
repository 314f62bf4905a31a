//! Programs: what a statement says of one record, in the terms of the circuit.

use std::collections::BTreeSet;

use records::domain::ATTRIBUTES;
use records::{Origin, SchemaId};
use serde::{Deserialize, Serialize};

use crate::layout::{
    CLAUSES, LINKS, MEMBERS, PREDICATES, ROOTS, SELECT_SECRET, SELECT_VALID_FROM,
    SELECT_VALID_UNTIL,
};
use crate::term::check_bound;
use crate::{Expression, Term};

/// The constants of the presentation circuit for one record of a statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Program {
    /// Schema of the record.
    pub schema: SchemaId,
    /// Ledgers that may hold it, 1 to 16; the proof hides which.
    pub ledgers: Vec<Origin>,
    /// Whether the record must be valid on the day of the request.
    pub current: bool,
    /// Whether a nullifier is shown.
    pub nullify: bool,
    /// Predicates, at most 8.
    pub predicates: Vec<Predicate>,
    /// Clauses, at most 8; all must hold.
    pub clauses: Vec<Clause>,
    /// Slots of the attributes that are revealed, ascending.
    pub reveal: Vec<usize>,
    /// Links, at most 2.
    pub links: Vec<Link>,
}

/// A value of the record that predicates can be about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operand {
    /// The attribute in a slot.
    Attribute(usize),
    /// First day of validity.
    ValidFrom,
    /// Last day of validity.
    ValidUntil,
}

/// A predicate over one value. Its truth is a literal of the clauses.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Predicate {
    /// low ≤ value ≤ high, as integers.
    Range {
        /// The value.
        operand: Operand,
        /// Least value.
        low: Term,
        /// Greatest value.
        high: Term,
    },
    /// The value is a member of a set of 1 to 8.
    Set {
        /// The value.
        operand: Operand,
        /// The set.
        members: Vec<Term>,
    },
}

/// A disjunction of literals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clause {
    /// Its literals; at least one.
    pub literals: Vec<Literal>,
}

/// A predicate or its negation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Literal {
    /// Index of the predicate.
    pub predicate: usize,
    /// Whether the predicate must be false.
    pub negated: bool,
}

/// What a link commits to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkSource {
    /// The attribute in a slot.
    Attribute(usize),
    /// The holder's secret: records with equal tags have the same holder.
    Holder,
}

/// A value that is equal in all records that link to the same class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// What is linked.
    pub source: LinkSource,
    /// Class of equal values, counted over the whole statement from 0.
    pub class: usize,
}

/// Why a program does not fit the circuit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProgramError {
    /// More of something than the circuit has room for.
    #[error("{count} {what}; the circuit has room for {most}")]
    TooMany {
        /// What there is too much of.
        what: &'static str,
        /// How many there are.
        count: usize,
        /// How many fit.
        most: usize,
    },
    /// Less of something than there must be.
    #[error("no {0}")]
    None(&'static str),
    /// A slot beyond the last attribute.
    #[error("attribute slot {0} does not exist")]
    Slot(usize),
    /// A literal of a predicate that does not exist.
    #[error("a clause names predicate {0}, which does not exist")]
    Predicate(usize),
    /// Revealed slots not in ascending order, or something named twice.
    #[error("{0} are not distinct and in order")]
    Order(&'static str),
    /// A range bound that the circuit's comparison cannot take, or a constant that nobody can
    /// read.
    #[error("a range bound or constant is not an integer below 2^64")]
    Bound,
    /// A text or code that no record can have, or that would not show as what it is.
    #[error("a constant is empty, has control characters, or is not in normalization form C")]
    Constant,
}

impl Operand {
    /// Position among what a predicate can select.
    pub fn position(self) -> usize {
        match self {
            Self::Attribute(slot) => slot,
            Self::ValidFrom => SELECT_VALID_FROM,
            Self::ValidUntil => SELECT_VALID_UNTIL,
        }
    }
}

impl LinkSource {
    /// Position among what a link can select.
    pub fn position(self) -> usize {
        match self {
            Self::Attribute(slot) => slot,
            Self::Holder => SELECT_SECRET,
        }
    }
}

impl Predicate {
    /// What it is about.
    pub fn operand(&self) -> Operand {
        match self {
            Self::Range { operand, .. } | Self::Set { operand, .. } => *operand,
        }
    }

    /// The values it compares with.
    pub fn terms(&self) -> Vec<&Term> {
        match self {
            Self::Range { low, high, .. } => vec![low, high],
            Self::Set { members, .. } => members.iter().collect(),
        }
    }
}

impl Program {
    /// The expressions of its predicates, each once, in order of first use.
    pub fn expressions(&self) -> Vec<&Expression> {
        let mut found: Vec<&Expression> = Vec::new();
        for term in self.predicates.iter().flat_map(Predicate::terms) {
            if let Term::Expression(expression) = term
                && !found.contains(&expression)
            {
                found.push(expression);
            }
        }
        found
    }

    /// Whether the program fits the circuit and is in its one canonical form.
    ///
    /// # Errors
    /// [`ProgramError`] naming the first thing that does not.
    pub fn check(&self) -> Result<(), ProgramError> {
        at_most("ledgers", self.ledgers.len(), ROOTS)?;
        at_most("predicates", self.predicates.len(), PREDICATES)?;
        at_most("clauses", self.clauses.len(), CLAUSES)?;
        at_most("links", self.links.len(), LINKS)?;
        if self.ledgers.is_empty() {
            return Err(ProgramError::None("ledger"));
        }
        if self.ledgers.iter().collect::<BTreeSet<_>>().len() != self.ledgers.len() {
            return Err(ProgramError::Order("ledgers"));
        }
        self.predicates.iter().try_for_each(check_predicate)?;
        self.clauses.iter().try_for_each(|clause| self.check_clause(clause))?;
        if !self.reveal.is_sorted_by(|a, b| a < b) {
            return Err(ProgramError::Order("revealed attributes"));
        }
        self.reveal.iter().try_for_each(|slot| check_slot(*slot))?;
        for link in &self.links {
            if let LinkSource::Attribute(slot) = link.source {
                check_slot(slot)?;
            }
        }
        Ok(())
    }

    fn check_clause(&self, clause: &Clause) -> Result<(), ProgramError> {
        if clause.literals.is_empty() {
            return Err(ProgramError::None("literal in a clause"));
        }
        let distinct: BTreeSet<_> = clause.literals.iter().map(|l| l.predicate).collect();
        if distinct.len() != clause.literals.len() {
            return Err(ProgramError::Order("literals of a clause"));
        }
        match distinct.into_iter().find(|index| *index >= self.predicates.len()) {
            Some(missing) => Err(ProgramError::Predicate(missing)),
            None => Ok(()),
        }
    }
}

fn at_most(what: &'static str, count: usize, most: usize) -> Result<(), ProgramError> {
    if count <= most { Ok(()) } else { Err(ProgramError::TooMany { what, count, most }) }
}

fn check_slot(slot: usize) -> Result<(), ProgramError> {
    if slot < ATTRIBUTES { Ok(()) } else { Err(ProgramError::Slot(slot)) }
}

fn check_predicate(predicate: &Predicate) -> Result<(), ProgramError> {
    if let Operand::Attribute(slot) = predicate.operand() {
        check_slot(slot)?;
    }
    predicate.terms().into_iter().try_for_each(Term::check)?;
    match predicate {
        Predicate::Range { low, high, .. } => [low, high].into_iter().try_for_each(check_bound),
        Predicate::Set { members, .. } if members.is_empty() => {
            Err(ProgramError::None("member in a set"))
        }
        Predicate::Set { members, .. } => at_most("set members", members.len(), MEMBERS),
    }
}
