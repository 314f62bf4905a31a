//! The presentation circuit (docs/protocol/circuit.md): a list of clauses.
//!
//! Not enforced here, because the verifier makes these public inputs itself from a statement
//! that it knows: that the SELECTs are one-hot or zero, that flags are 0 or 1, that LOW and HIGH
//! are of 64 bits, that TODAY is a day.

use ark_ff::{AdditiveGroup, Field};
use ark_r1cs_std::GR1CSVar;
use ark_r1cs_std::alloc::AllocVar;
use ark_r1cs_std::eq::EqGadget;
use ark_r1cs_std::fields::FieldVar;
use ark_relations::gr1cs::{ConstraintSynthesizer, ConstraintSystemRef, Namespace, SynthesisError};
use records::Fr;
use records::domain::{ARITY, DEPTH};
use statements::PublicInputs;
use statements::layout::{COUNT, ClauseInputs, LINKS, LinkInputs, PREDICATES, PredicateInputs};

use crate::gadgets::Var;
use crate::gadgets::commitment::{self, RecordVar, commit_record, hash_node, link_tag};
use crate::gadgets::number::{DAY_BITS, enforce_bits, is_non_negative};
use crate::gadgets::set::{enforce_one_of, is_one_of};
use crate::{Clause, Inputs};

/// The circuit, with inputs for one proof or without for the set-up.
#[derive(Debug, Clone, Copy)]
pub struct PresentationCircuit<'a> {
    inputs: Option<&'a Inputs>,
}

/// The private inputs as wires, in this order.
struct PrivateInputsVar {
    secret: Var,
    blind: Var,
    record: RecordVar,
    path: [[Var; ARITY]; DEPTH],
    link_blinds: [Var; LINKS],
}

/// Where in the list of constraints each clause ends.
pub(crate) type ClauseEnds = Vec<(Clause, usize)>;

impl<'a> PresentationCircuit<'a> {
    /// Without inputs: for the set-up.
    pub fn blank() -> Self {
        Self { inputs: None }
    }

    /// With inputs. Proofs do not need it: see [`crate::witness`].
    pub fn new(inputs: &'a Inputs) -> Self {
        Self { inputs: Some(inputs) }
    }

    pub(crate) fn synthesize(
        &self,
        cs: &ConstraintSystemRef<Fr>,
    ) -> Result<ClauseEnds, SynthesisError> {
        let public = self.public_inputs(cs)?;
        let private = self.private_inputs(cs, &public)?;
        let mut ends = Vec::new();
        let mut end = |clause| ends.push((clause, cs.num_constraints()));

        holder(&private)?;
        end(Clause::Holder);
        let leaf = commit_record(&private.record)?;
        end(Clause::Record);
        membership(&public, &private, leaf)?;
        end(Clause::Membership);
        currency(cs, &public, &private)?;
        end(Clause::Currency);
        let literals = predicates(cs, &public, &private)?;
        end(Clause::Predicates);
        public.clauses.iter().try_for_each(|clause| policy(cs, clause, &literals))?;
        end(Clause::Policy);
        disclosure(&public, &private)?;
        end(Clause::Disclosure);
        nullifier(&public, &private)?;
        end(Clause::Nullifier);
        links(&public, &private)?;
        end(Clause::Links);
        challenge(&public);
        end(Clause::Challenge);
        Ok(ends)
    }

    /// Allocates the public inputs in the order of `statements::layout`.
    fn public_inputs(
        &self,
        cs: &ConstraintSystemRef<Fr>,
    ) -> Result<PublicInputs<Var>, SynthesisError> {
        let flat = self.inputs.map(|inputs| inputs.public.flatten());
        let value = |i: usize| {
            flat.as_ref()
                .and_then(|flat| flat.get(i).copied())
                .ok_or(SynthesisError::AssignmentMissing)
        };
        let wires: Vec<Var> = (0..COUNT)
            .map(|i| Var::new_input(cs.clone(), || value(i)))
            .collect::<Result<_, _>>()?;
        let wires: &[Var; COUNT] =
            wires.as_slice().try_into().map_err(|_| SynthesisError::Unsatisfiable)?;
        Ok(PublicInputs::from_flat(wires))
    }

    fn private_inputs(
        &self,
        cs: &ConstraintSystemRef<Fr>,
        public: &PublicInputs<Var>,
    ) -> Result<PrivateInputsVar, SynthesisError> {
        let values = self.inputs.map(|inputs| crate::witness::private_wires(&inputs.private));
        let mut next = 0..;
        let mut wire = || -> Result<Var, SynthesisError> {
            let i = next.next();
            Var::new_witness(Namespace::new(cs.clone(), None), || {
                let value = i.zip(values.as_ref()).and_then(|(i, values)| values.get(i));
                value.copied().ok_or(SynthesisError::AssignmentMissing)
            })
        };
        Ok(PrivateInputsVar {
            secret: wire()?,
            blind: wire()?,
            record: RecordVar {
                schema: public.schema.clone(),
                holder_tag: wire()?,
                record_id: wire()?,
                salt: wire()?,
                valid_from: wire()?,
                valid_until: wire()?,
                attributes: try_array(&mut wire)?,
            },
            path: try_array(|| try_array(&mut wire))?,
            link_blinds: try_array(&mut wire)?,
        })
    }
}

impl ConstraintSynthesizer<Fr> for PresentationCircuit<'_> {
    fn generate_constraints(self, cs: ConstraintSystemRef<Fr>) -> Result<(), SynthesisError> {
        self.synthesize(&cs).map(|_| ())
    }
}

/// Clause 1, *holder*: holder_tag opens to (secret, blind).
fn holder(private: &PrivateInputsVar) -> Result<(), SynthesisError> {
    let tag = commitment::holder_tag(&private.secret, &private.blind)?;
    tag.enforce_equal(&private.record.holder_tag)
}

/// Clause 3, *membership*: at each level the current node is one of the children; the last is one of
/// ROOT.
fn membership(
    public: &PublicInputs<Var>,
    private: &PrivateInputsVar,
    leaf: Var,
) -> Result<(), SynthesisError> {
    let mut current = leaf;
    for children in &private.path {
        enforce_one_of(&current, children)?;
        current = hash_node(children)?;
    }
    enforce_one_of(&current, &public.roots)
}

/// Clause 4, *currency*: CURRENT · (TODAY - valid_from) and CURRENT · (valid_until - TODAY) are days.
fn currency(
    cs: &ConstraintSystemRef<Fr>,
    public: &PublicInputs<Var>,
    private: &PrivateInputsVar,
) -> Result<(), SynthesisError> {
    let record = &private.record;
    let elapsed = &public.current * (&public.today - &record.valid_from);
    enforce_bits(cs, &elapsed, DAY_BITS)?;
    let remaining = &public.current * (&record.valid_until - &public.today);
    enforce_bits(cs, &remaining, DAY_BITS)?;
    Ok(())
}

/// Clause 5, *predicates*: literal_k = ORDERED ? (LOW ≤ v ≤ HIGH) : (v ∈ SET).
fn predicates(
    cs: &ConstraintSystemRef<Fr>,
    public: &PublicInputs<Var>,
    private: &PrivateInputsVar,
) -> Result<[Var; PREDICATES], SynthesisError> {
    let record = &private.record;
    let validity = [&record.valid_from, &record.valid_until];
    let values: Vec<&Var> = record.attributes.iter().chain(validity).collect();
    let mut inputs = public.predicates.iter();
    try_array(|| {
        let inputs = inputs.next().ok_or(SynthesisError::Unsatisfiable)?;
        literal(cs, inputs, &values)
    })
}

fn literal(
    cs: &ConstraintSystemRef<Fr>,
    inputs: &PredicateInputs<Var>,
    values: &[&Var],
) -> Result<Var, SynthesisError> {
    let value = select(&inputs.select, values);
    let above = is_non_negative(cs, &(&inputs.ordered * (&value - &inputs.low)))?;
    let below = is_non_negative(cs, &(&inputs.ordered * (&inputs.high - &value)))?;
    let in_range = above * below;
    let in_set = is_one_of(cs, &value, &inputs.set)?;
    Ok(&in_set + &inputs.ordered * (in_range - &in_set))
}

/// Clause 6, *policy*: TRUE + Σ POSITIVE_k · literal_k + NEGATIVE_k · (1 - literal_k) is not 0. The
/// sum is at most 17, so it cannot wrap around.
fn policy(
    cs: &ConstraintSystemRef<Fr>,
    clause: &ClauseInputs<Var>,
    literals: &[Var; PREDICATES],
) -> Result<(), SynthesisError> {
    let mut satisfied = clause.always.clone();
    for ((positive, negative), literal) in
        clause.positive.iter().zip(&clause.negative).zip(literals)
    {
        satisfied += negative + (positive - negative) * literal;
    }
    let inverse =
        Var::new_witness(cs.clone(), || Ok(satisfied.value()?.inverse().unwrap_or(Fr::ZERO)))?;
    satisfied.mul_equals(&inverse, &Var::one())
}

/// Clause 7, *disclosure*: REVEALED_j = REVEAL_j · a_j.
fn disclosure(
    public: &PublicInputs<Var>,
    private: &PrivateInputsVar,
) -> Result<(), SynthesisError> {
    let shown = public.reveal.iter().zip(&public.revealed);
    for ((reveal, revealed), attribute) in shown.zip(&private.record.attributes) {
        reveal.mul_equals(attribute, revealed)?;
    }
    Ok(())
}

/// Clause 8, *nullifier*: NULLIFIER = NULLIFY · compress_4(secret, record_id, SCOPE, DOMAIN_NULLIFIER).
fn nullifier(public: &PublicInputs<Var>, private: &PrivateInputsVar) -> Result<(), SynthesisError> {
    let nullifier =
        commitment::nullifier(&private.secret, &private.record.record_id, &public.scope)?;
    public.nullify.mul_equals(&nullifier, &public.nullifier)
}

/// Clause 9, *links*: TAG = [selected] · compress_3(selected value, link_blind, DOMAIN_LINK).
fn links(public: &PublicInputs<Var>, private: &PrivateInputsVar) -> Result<(), SynthesisError> {
    let mut values: Vec<&Var> = private.record.attributes.iter().collect();
    values.push(&private.secret);
    for (LinkInputs { select: choice, tag }, blind) in public.links.iter().zip(&private.link_blinds)
    {
        let value = select(choice, &values);
        let selected: Var = choice.iter().sum();
        selected.mul_equals(&link_tag(&value, blind)?, tag)?;
    }
    Ok(())
}

/// Clause 10, *challenge*: a public input in no constraint could be exchanged after the fact.
fn challenge(public: &PublicInputs<Var>) {
    let _square = &public.challenge * &public.challenge;
}

/// Σ SELECT_j · value_j.
fn select(choice: &[Var], values: &[&Var]) -> Var {
    choice.iter().zip(values).map(|(chosen, value)| chosen * *value).sum()
}

fn try_array<T, const N: usize>(
    mut next: impl FnMut() -> Result<T, SynthesisError>,
) -> Result<[T; N], SynthesisError> {
    let items: Vec<T> = (0..N).map(|_| next()).collect::<Result<_, _>>()?;
    items.try_into().map_err(|_| SynthesisError::Unsatisfiable)
}
