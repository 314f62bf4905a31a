//! The presentation relation in plain Rust: what the circuit enforces, clause by clause, in the
//! circuit's order. It decides on field elements exactly as the circuit does, also on values
//! that no honest record has.

use ark_ff::{AdditiveGroup, BigInteger, Field, PrimeField};
use records::commitment::{commit_record, hash_node, holder_tag, link_tag, nullifier};
use records::{Fr, Scope};
use statements::PublicInputs;
use statements::layout::{ClauseInputs, PREDICATES, PredicateInputs};

use crate::gadgets::number::{DAY_BITS, NUMBER_BITS, power_of_two};
use crate::{Clause, PrivateInputs};

/// The first clause that inputs break.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ClauseError {
    /// See [`Clause::Holder`].
    #[error("the holder tag does not open to the secret and the blind")]
    Holder,
    /// See [`Clause::Record`].
    #[error("the record is of another schema")]
    Record,
    /// See [`Clause::Membership`].
    #[error("the leaf is not in a tree with an accepted root: not issued, revoked or amended")]
    Membership,
    /// See [`Clause::Currency`].
    #[error("the record is not valid today")]
    Currency,
    /// See [`Clause::Predicates`].
    #[error("predicate {0} compares a value that is no number")]
    Predicates(usize),
    /// See [`Clause::Policy`].
    #[error("the record does not satisfy clause {0} of the condition")]
    Policy(usize),
    /// See [`Clause::Disclosure`].
    #[error("the revealed value of attribute slot {0} is not the record's")]
    Disclosure(usize),
    /// See [`Clause::Nullifier`].
    #[error("the nullifier is not that of the record in the scope")]
    Nullifier,
    /// See [`Clause::Links`].
    #[error("the tag of link {0} does not commit to the selected value")]
    Links(usize),
}

impl ClauseError {
    /// The clause.
    pub fn clause(&self) -> Clause {
        match self {
            Self::Holder => Clause::Holder,
            Self::Record => Clause::Record,
            Self::Membership => Clause::Membership,
            Self::Currency => Clause::Currency,
            Self::Predicates(_) => Clause::Predicates,
            Self::Policy(_) => Clause::Policy,
            Self::Disclosure(_) => Clause::Disclosure,
            Self::Nullifier => Clause::Nullifier,
            Self::Links(_) => Clause::Links,
        }
    }
}

/// Decides the relation.
///
/// # Errors
/// [`ClauseError`] for the first clause, in the circuit's order, that the inputs break.
pub fn check(public: &PublicInputs, private: &PrivateInputs) -> Result<(), ClauseError> {
    let record = &private.record;
    // 1. holder
    if holder_tag(&private.secret, &private.blind) != record.holder_tag {
        return Err(ClauseError::Holder);
    }
    // 2. record: the circuit hashes SCHEMA itself into the leaf.
    if record.schema.field() != public.schema {
        return Err(ClauseError::Record);
    }
    // 3. membership
    let path = &private.path;
    if !path.contains(commit_record(record))
        || !public.roots.contains(&hash_node(&path.levels[path.levels.len() - 1]))
    {
        return Err(ClauseError::Membership);
    }
    // 4. currency
    let (from, until) = (days(record.valid_from), days(record.valid_until));
    let elapsed = public.current * (public.today - from);
    let remaining = public.current * (until - public.today);
    if !has_bits(elapsed, DAY_BITS) || !has_bits(remaining, DAY_BITS) {
        return Err(ClauseError::Currency);
    }
    // 5. predicates
    let mut values = record.attributes.to_vec();
    values.extend([from, until]);
    let mut literals = [Fr::ZERO; PREDICATES];
    for (k, (inputs, result)) in public.predicates.iter().zip(&mut literals).enumerate() {
        *result = literal(inputs, &values).ok_or(ClauseError::Predicates(k))?;
    }
    // 6. policy
    let broken = |clause: &ClauseInputs<Fr>| satisfied(clause, &literals) == Fr::ZERO;
    if let Some(c) = public.clauses.iter().position(broken) {
        return Err(ClauseError::Policy(c));
    }
    // 7. disclosure
    let shown = public.reveal.iter().zip(&public.revealed);
    for (j, ((reveal, revealed), attribute)) in shown.zip(&record.attributes).enumerate() {
        if *reveal * attribute != *revealed {
            return Err(ClauseError::Disclosure(j));
        }
    }
    // 8. nullifier
    let scope = Scope::from_field(public.scope);
    let expected = nullifier(&private.secret, record.record_id, scope);
    if public.nullify * expected.field() != public.nullifier {
        return Err(ClauseError::Nullifier);
    }
    // 9. links
    let mut values = record.attributes.to_vec();
    values.push(private.secret.field());
    for (i, (link, blind)) in public.links.iter().zip(&private.link_blinds).enumerate() {
        let selected: Fr = link.select.iter().sum();
        let tag = link_tag(select(&link.select, &values), blind);
        if selected * tag.field() != link.tag {
            return Err(ClauseError::Links(i));
        }
    }
    // 10. challenge: any value; the constraint only binds it.
    Ok(())
}

fn literal(inputs: &PredicateInputs<Fr>, values: &[Fr]) -> Option<Fr> {
    let value = select(&inputs.select, values);
    let above = is_non_negative(inputs.ordered * (value - inputs.low))?;
    let below = is_non_negative(inputs.ordered * (inputs.high - value))?;
    let in_range = Fr::from(above && below);
    let in_set = Fr::from(inputs.set.contains(&value));
    Some(in_set + inputs.ordered * (in_range - in_set))
}

/// Sign of a difference between -2^64 and 2^64 - 1; nothing for others, which the circuit
/// cannot decompose.
fn is_non_negative(difference: Fr) -> Option<bool> {
    let shifted = difference + power_of_two(NUMBER_BITS);
    has_bits(shifted, NUMBER_BITS + 1).then(|| shifted.into_bigint().get_bit(NUMBER_BITS))
}

fn satisfied(clause: &ClauseInputs<Fr>, literals: &[Fr; PREDICATES]) -> Fr {
    let signs = clause.positive.iter().zip(&clause.negative);
    let terms = signs.zip(literals).map(|((positive, negative), literal)| {
        *positive * literal + *negative * (Fr::ONE - literal)
    });
    terms.sum::<Fr>() + clause.always
}

fn has_bits(number: Fr, bits: usize) -> bool {
    number.into_bigint().num_bits() as usize <= bits
}

fn select(choice: &[Fr], values: &[Fr]) -> Fr {
    choice.iter().zip(values).map(|(chosen, value)| *chosen * value).sum()
}

fn days(date: records::Date) -> Fr {
    Fr::from(date.days())
}
