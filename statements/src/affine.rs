//! From a program and what a request and a presentation say to the circuit's public inputs.
//!
//! The map is affine, with coefficients 0 and 1: each position is a constant of the program or
//! repeats one parameter. Groth16's sum over the public inputs is linear, so a verifier composes
//! it with this map once, and gets a short verification key of the statement's own.

use std::fmt;

use records::{Challenge, Date, Encoded, Fr, LinkTag, Nullifier, Scope, StateRoot};

use crate::layout::{
    self, CHALLENGE, CLAUSE, CLAUSE_SIZE, COUNT, CURRENT, LINK, LINK_SIZE, LINKABLE, MEMBERS,
    NULLIFIER, NULLIFY, PREDICATE, PREDICATE_SIZE, PREDICATES, PublicInputs, REVEAL, REVEALED,
    ROOT, ROOTS, SCHEMA, SCOPE, SELECTABLE, TODAY,
};
use crate::{Predicate, Program, Term};

/// A parameter of a program's affine map: a public input of the folded key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Parameter {
    /// Hash of the request.
    Challenge,
    /// State root of the ledger with this index.
    Root(usize),
    /// Day of the request.
    Today,
    /// Scope of the nullifier.
    Scope,
    /// The nullifier.
    Nullifier,
    /// Value of the expression with this index.
    Expression(usize),
    /// Encoded attribute that is revealed, by slot.
    Revealed(usize),
    /// Tag of the link with this index.
    Tag(usize),
}

/// Where a parameter goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The parameter.
    pub parameter: Parameter,
    /// Positions among the public inputs that repeat it.
    pub positions: Vec<usize>,
}

/// The affine map of a program: `inputs = constants + Σ parameter_d · (1 at its positions)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AffineMap {
    /// The constants, [`COUNT`] of them; 0 where a parameter goes.
    pub constants: Vec<Fr>,
    /// The parameters, in the order of the folded key.
    pub rows: Vec<Row>,
}

/// The values that a request and a presentation give to a program's parameters. What is
/// revealed does not print with `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Instance {
    /// Hash of the request.
    pub challenge: Challenge,
    /// State roots, one for each ledger of the program.
    pub roots: Vec<StateRoot>,
    /// Day of the request.
    pub today: Date,
    /// Scope of the nullifier, where the program shows one.
    pub scope: Option<Scope>,
    /// The nullifier, where the program shows one.
    pub nullifier: Option<Nullifier>,
    /// Values of the program's expressions.
    pub expressions: Vec<Encoded>,
    /// Revealed attributes, in slot order.
    pub revealed: Vec<Encoded>,
    /// Tags of the program's links.
    pub tags: Vec<LinkTag>,
}

/// An instance that lacks a value its program has a parameter for, or has one too many.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the values given do not match the parameters of the program")]
pub struct InstanceError;

impl Program {
    /// The parameters of its affine map, in the order of the folded key.
    pub fn parameters(&self) -> Vec<Parameter> {
        let mut parameters = vec![Parameter::Challenge];
        parameters.extend((0..self.ledgers.len()).map(Parameter::Root));
        if self.current {
            parameters.push(Parameter::Today);
        }
        if self.nullify {
            parameters.extend([Parameter::Scope, Parameter::Nullifier]);
        }
        parameters.extend((0..self.expressions().len()).map(Parameter::Expression));
        parameters.extend(self.reveal.iter().copied().map(Parameter::Revealed));
        parameters.extend((0..self.links.len()).map(Parameter::Tag));
        parameters
    }

    /// The affine map from the parameters to the public inputs.
    pub fn affine_map(&self) -> AffineMap {
        let mut map = Builder::new(self);
        map.parameter(Parameter::Challenge, CHALLENGE);
        map.constant(SCHEMA, self.schema.field());
        for i in 0..ROOTS {
            // Unused roots repeat the first.
            let ledger = if i < self.ledgers.len() { i } else { 0 };
            map.parameter(Parameter::Root(ledger), ROOT + i);
        }
        if self.current {
            map.parameter(Parameter::Today, TODAY);
            map.flag(CURRENT);
        }
        if self.nullify {
            map.parameter(Parameter::Scope, SCOPE);
            map.flag(NULLIFY);
            map.parameter(Parameter::Nullifier, NULLIFIER);
        }
        for (k, predicate) in self.predicates.iter().enumerate() {
            map.predicate(PREDICATE + k * PREDICATE_SIZE, predicate);
        }
        for c in 0..layout::CLAUSES {
            let first = CLAUSE + c * CLAUSE_SIZE;
            match self.clauses.get(c) {
                Some(clause) => {
                    for literal in &clause.literals {
                        let group = if literal.negated { PREDICATES } else { 0 };
                        map.flag(first + group + literal.predicate);
                    }
                }
                None => map.flag(first + 2 * PREDICATES),
            }
        }
        for slot in &self.reveal {
            map.flag(REVEAL + slot);
            map.parameter(Parameter::Revealed(*slot), REVEALED + slot);
        }
        for (i, link) in self.links.iter().enumerate() {
            let first = LINK + i * LINK_SIZE;
            map.flag(first + link.source.position());
            map.parameter(Parameter::Tag(i), first + LINKABLE);
        }
        map.finish()
    }

    /// The values of the parameters, in the order of the folded key.
    ///
    /// # Errors
    /// [`InstanceError`] where the instance has more or fewer values than the program has
    /// parameters.
    pub fn values(&self, instance: &Instance) -> Result<Vec<Fr>, InstanceError> {
        let complete = instance.roots.len() == self.ledgers.len()
            && instance.scope.is_some() == self.nullify
            && instance.nullifier.is_some() == self.nullify
            && instance.expressions.len() == self.expressions().len()
            && instance.revealed.len() == self.reveal.len()
            && instance.tags.len() == self.links.len();
        if !complete {
            return Err(InstanceError);
        }
        let mut values = vec![instance.challenge.field()];
        values.extend(instance.roots.iter().map(StateRoot::field));
        if self.current {
            values.push(Fr::from(instance.today.days()));
        }
        values.extend(instance.scope.map(|scope| scope.field()));
        values.extend(instance.nullifier.map(|nullifier| nullifier.field()));
        values.extend(instance.expressions.iter().map(Encoded::field));
        values.extend(instance.revealed.iter().map(Encoded::field));
        values.extend(instance.tags.iter().map(LinkTag::field));
        Ok(values)
    }

    /// All public inputs of an instance.
    ///
    /// # Errors
    /// [`InstanceError`] as for [`Program::values`].
    pub fn public_inputs(&self, instance: &Instance) -> Result<PublicInputs, InstanceError> {
        self.affine_map().apply(&self.values(instance)?)
    }
}

impl AffineMap {
    /// The public inputs for `values`, one for each row.
    ///
    /// # Errors
    /// [`InstanceError`] for another number of values.
    pub fn apply(&self, values: &[Fr]) -> Result<PublicInputs, InstanceError> {
        if values.len() != self.rows.len() {
            return Err(InstanceError);
        }
        let mut flat: [Fr; COUNT] =
            self.constants.as_slice().try_into().map_err(|_| InstanceError)?;
        for (row, value) in self.rows.iter().zip(values) {
            for position in &row.positions {
                *flat.get_mut(*position).ok_or(InstanceError)? += value;
            }
        }
        Ok(PublicInputs::from_flat(&flat))
    }
}

/// Collects constants and positions.
struct Builder {
    constants: Vec<Fr>,
    rows: Vec<Row>,
    expressions: Vec<crate::Expression>,
}

impl Builder {
    fn new(program: &Program) -> Self {
        let row = |parameter| Row { parameter, positions: Vec::new() };
        Self {
            constants: vec![Fr::from(0_u64); COUNT],
            rows: program.parameters().into_iter().map(row).collect(),
            expressions: program.expressions().into_iter().cloned().collect(),
        }
    }

    fn constant(&mut self, position: usize, value: Fr) {
        if let Some(constant) = self.constants.get_mut(position) {
            *constant = value;
        }
    }

    fn flag(&mut self, position: usize) {
        self.constant(position, Fr::from(1_u64));
    }

    fn parameter(&mut self, parameter: Parameter, position: usize) {
        if let Some(row) = self.rows.iter_mut().find(|row| row.parameter == parameter) {
            row.positions.push(position);
        }
    }

    fn term(&mut self, position: usize, term: &Term) {
        if let Some(value) = term.encoded() {
            self.constant(position, value.field());
        }
        if let Term::Expression(expression) = term
            && let Some(index) = self.expressions.iter().position(|known| known == expression)
        {
            self.parameter(Parameter::Expression(index), position);
        }
    }

    fn predicate(&mut self, first: usize, predicate: &Predicate) {
        self.flag(first + predicate.operand().position());
        match predicate {
            Predicate::Range { low, high, .. } => {
                self.flag(first + SELECTABLE);
                self.term(first + SELECTABLE + 1, low);
                self.term(first + SELECTABLE + 2, high);
            }
            Predicate::Set { members, .. } => {
                for (i, member) in members.iter().cycle().take(MEMBERS).enumerate() {
                    self.term(first + SELECTABLE + 3 + i, member);
                }
            }
        }
    }

    fn finish(self) -> AffineMap {
        AffineMap { constants: self.constants, rows: self.rows }
    }
}

impl fmt::Debug for Instance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Instance").field("challenge", &self.challenge).finish_non_exhaustive()
    }
}

impl fmt::Display for Parameter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Challenge => f.write_str("challenge"),
            Self::Root(i) => write!(f, "root_{i}"),
            Self::Today => f.write_str("today"),
            Self::Scope => f.write_str("scope"),
            Self::Nullifier => f.write_str("nullifier"),
            Self::Expression(i) => write!(f, "expression_{i}"),
            Self::Revealed(slot) => write!(f, "revealed_{slot}"),
            Self::Tag(i) => write!(f, "link_{i}"),
        }
    }
}
