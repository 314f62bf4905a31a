//! The public inputs of the presentation circuit, in their order (specification:
//! docs/protocol/circuit.md, "Public inputs").
//!
//! Positions count from 0; the constant one that Groth16 puts before the first public input is
//! not among them.

/// Accepted state roots.
pub const ROOTS: usize = 16;
/// Predicates of a program.
pub const PREDICATES: usize = 8;
/// What a predicate can select: 16 attributes, `valid_from`, `valid_until`.
pub const SELECTABLE: usize = 18;
/// Members of a predicate's set.
pub const MEMBERS: usize = 8;
/// Clauses of a program.
pub const CLAUSES: usize = 8;
/// Attributes that can be revealed.
pub const REVEALABLE: usize = 16;
/// Links of a program.
pub const LINKS: usize = 2;
/// What a link can select: 16 attributes and the holder's secret.
pub const LINKABLE: usize = 17;

/// Position of `valid_from` among what a predicate can select.
pub const SELECT_VALID_FROM: usize = 16;
/// Position of `valid_until` among what a predicate can select.
pub const SELECT_VALID_UNTIL: usize = 17;
/// Position of the holder's secret among what a link can select.
pub const SELECT_SECRET: usize = 16;

/// Binds the proof to one request.
pub const CHALLENGE: usize = 0;
/// Schema id of the record.
pub const SCHEMA: usize = 1;
/// Accepted state roots.
pub const ROOT: usize = 2;
/// The day the statement is about.
pub const TODAY: usize = ROOT + ROOTS;
/// 1 enforces validity on that day.
pub const CURRENT: usize = TODAY + 1;
/// Scope of the nullifier.
pub const SCOPE: usize = CURRENT + 1;
/// 1 shows the nullifier.
pub const NULLIFY: usize = SCOPE + 1;
/// The nullifier, or 0.
pub const NULLIFIER: usize = NULLIFY + 1;
/// First predicate.
pub const PREDICATE: usize = NULLIFIER + 1;
/// Inputs of one predicate: SELECT[18], ORDERED, LOW, HIGH, SET[8].
pub const PREDICATE_SIZE: usize = SELECTABLE + 3 + MEMBERS;
/// First clause.
pub const CLAUSE: usize = PREDICATE + PREDICATES * PREDICATE_SIZE;
/// Inputs of one clause: POSITIVE[8], NEGATIVE[8], TRUE.
pub const CLAUSE_SIZE: usize = 2 * PREDICATES + 1;
/// Which attributes are revealed.
pub const REVEAL: usize = CLAUSE + CLAUSES * CLAUSE_SIZE;
/// The revealed attributes, or 0.
pub const REVEALED: usize = REVEAL + REVEALABLE;
/// First link.
pub const LINK: usize = REVEALED + REVEALABLE;
/// Inputs of one link: SELECT[17], TAG.
pub const LINK_SIZE: usize = LINKABLE + 1;
/// Number of public inputs.
pub const COUNT: usize = LINK + LINKS * LINK_SIZE;

/// Inputs of one predicate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PredicateInputs<T> {
    /// One-hot choice of the value; all 0 in an unused predicate.
    pub select: [T; SELECTABLE],
    /// 1: the literal is LOW ≤ v ≤ HIGH; 0: v is in the set.
    pub ordered: T,
    /// Least value.
    pub low: T,
    /// Greatest value.
    pub high: T,
    /// The set; shorter ones repeat a member.
    pub set: [T; MEMBERS],
}

/// Inputs of one clause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClauseInputs<T> {
    /// Which literals satisfy it when true.
    pub positive: [T; PREDICATES],
    /// Which literals satisfy it when false.
    pub negative: [T; PREDICATES],
    /// 1 in an unused clause.
    pub always: T,
}

/// Inputs of one link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkInputs<T> {
    /// One-hot choice of the value; all 0 in an unused link.
    pub select: [T; LINKABLE],
    /// The tag, or 0.
    pub tag: T,
}

/// All public inputs, by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicInputs<T = records::Fr> {
    /// [`CHALLENGE`].
    pub challenge: T,
    /// [`SCHEMA`].
    pub schema: T,
    /// [`ROOT`].
    pub roots: [T; ROOTS],
    /// [`TODAY`].
    pub today: T,
    /// [`CURRENT`].
    pub current: T,
    /// [`SCOPE`].
    pub scope: T,
    /// [`NULLIFY`].
    pub nullify: T,
    /// [`NULLIFIER`].
    pub nullifier: T,
    /// [`PREDICATE`].
    pub predicates: [PredicateInputs<T>; PREDICATES],
    /// [`CLAUSE`].
    pub clauses: [ClauseInputs<T>; CLAUSES],
    /// [`REVEAL`].
    pub reveal: [T; REVEALABLE],
    /// [`REVEALED`].
    pub revealed: [T; REVEALABLE],
    /// [`LINK`].
    pub links: [LinkInputs<T>; LINKS],
}

impl<T: Clone> PublicInputs<T> {
    /// The inputs in their order, [`COUNT`] of them.
    pub fn flatten(&self) -> Vec<T> {
        let mut flat = Vec::with_capacity(COUNT);
        flat.extend([self.challenge.clone(), self.schema.clone()]);
        flat.extend_from_slice(&self.roots);
        flat.extend([self.today.clone(), self.current.clone()]);
        flat.extend([self.scope.clone(), self.nullify.clone(), self.nullifier.clone()]);
        for predicate in &self.predicates {
            flat.extend_from_slice(&predicate.select);
            flat.extend([predicate.ordered.clone(), predicate.low.clone(), predicate.high.clone()]);
            flat.extend_from_slice(&predicate.set);
        }
        for clause in &self.clauses {
            flat.extend_from_slice(&clause.positive);
            flat.extend_from_slice(&clause.negative);
            flat.push(clause.always.clone());
        }
        flat.extend_from_slice(&self.reveal);
        flat.extend_from_slice(&self.revealed);
        for link in &self.links {
            flat.extend_from_slice(&link.select);
            flat.push(link.tag.clone());
        }
        flat
    }

    /// The inputs by name, from their flat order.
    pub fn from_flat(flat: &[T; COUNT]) -> Self {
        fn part<T: Clone, const N: usize>(flat: &[T; COUNT], from: usize) -> [T; N] {
            std::array::from_fn(|i| flat[from + i].clone())
        }
        let at = |position: usize| flat[position].clone();
        Self {
            challenge: at(CHALLENGE),
            schema: at(SCHEMA),
            roots: part(flat, ROOT),
            today: at(TODAY),
            current: at(CURRENT),
            scope: at(SCOPE),
            nullify: at(NULLIFY),
            nullifier: at(NULLIFIER),
            predicates: std::array::from_fn(|k| {
                let first = PREDICATE + k * PREDICATE_SIZE;
                PredicateInputs {
                    select: part(flat, first),
                    ordered: at(first + SELECTABLE),
                    low: at(first + SELECTABLE + 1),
                    high: at(first + SELECTABLE + 2),
                    set: part(flat, first + SELECTABLE + 3),
                }
            }),
            clauses: std::array::from_fn(|c| {
                let first = CLAUSE + c * CLAUSE_SIZE;
                ClauseInputs {
                    positive: part(flat, first),
                    negative: part(flat, first + PREDICATES),
                    always: at(first + 2 * PREDICATES),
                }
            }),
            reveal: part(flat, REVEAL),
            revealed: part(flat, REVEALED),
            links: std::array::from_fn(|l| {
                let first = LINK + l * LINK_SIZE;
                LinkInputs { select: part(flat, first), tag: at(first + LINKABLE) }
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every position by name: what the circuit allocates, what statements fix and what the
    /// specification lists are the same order.
    #[test]
    fn positions_are_the_specification() {
        let named = [
            ("CHALLENGE", CHALLENGE, 0),
            ("SCHEMA", SCHEMA, 1),
            ("ROOT", ROOT, 2),
            ("TODAY", TODAY, 18),
            ("CURRENT", CURRENT, 19),
            ("SCOPE", SCOPE, 20),
            ("NULLIFY", NULLIFY, 21),
            ("NULLIFIER", NULLIFIER, 22),
            ("PREDICATE", PREDICATE, 23),
            ("CLAUSE", CLAUSE, 255),
            ("REVEAL", REVEAL, 391),
            ("REVEALED", REVEALED, 407),
            ("LINK", LINK, 423),
            ("COUNT", COUNT, 459),
        ];
        for (name, position, expected) in named {
            assert_eq!(position, expected, "{name}");
        }
    }

    #[test]
    fn flattening_follows_the_positions() {
        let flat: [usize; COUNT] = std::array::from_fn(|i| i);
        let inputs = PublicInputs::from_flat(&flat);
        assert_eq!(inputs.flatten(), flat);
        assert_eq!(inputs.roots[15], ROOT + 15);
        assert_eq!(inputs.predicates[7].set[7], PREDICATE + 8 * PREDICATE_SIZE - 1);
        assert_eq!(inputs.predicates[1].ordered, PREDICATE + PREDICATE_SIZE + 18);
        assert_eq!(inputs.clauses[7].always, REVEAL - 1);
        assert_eq!(inputs.links[1].tag, COUNT - 1);
        assert_eq!(inputs.revealed[0], REVEALED);
    }
}
