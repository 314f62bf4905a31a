//! The clauses of the relation, by name.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A clause of the presentation relation. The same name stands in the specification's heading,
/// the circuit's namespace, the native check's error and the tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Clause {
    /// The holder tag opens to the secret and the blind.
    Holder,
    /// The leaf is the commitment to header and attributes.
    Record,
    /// The leaf lies in a tree with one of the accepted roots.
    Membership,
    /// The record is valid today, where that is asked.
    Currency,
    /// Each literal is the truth of its predicate.
    Predicates,
    /// Each clause of the policy holds.
    Policy,
    /// The revealed attributes are the record's.
    Disclosure,
    /// The nullifier is that of secret, record and scope.
    Nullifier,
    /// The link tags commit to the selected values.
    Links,
    /// The challenge is bound.
    Challenge,
}

impl Clause {
    /// All clauses, in the circuit's order.
    pub const ALL: [Self; 10] = [
        Self::Holder,
        Self::Record,
        Self::Membership,
        Self::Currency,
        Self::Predicates,
        Self::Policy,
        Self::Disclosure,
        Self::Nullifier,
        Self::Links,
        Self::Challenge,
    ];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Holder => "holder",
            Self::Record => "record",
            Self::Membership => "membership",
            Self::Currency => "currency",
            Self::Predicates => "predicates",
            Self::Policy => "policy",
            Self::Disclosure => "disclosure",
            Self::Nullifier => "nullifier",
            Self::Links => "links",
            Self::Challenge => "challenge",
        }
    }
}

impl fmt::Display for Clause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
