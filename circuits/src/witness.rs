//! The wires of the presentation circuit, filled natively: no constraint system, no linear
//! combinations. The order is that of synthesis; a test compares the two wire by wire.
//!
//! Inputs that break the relation still give wires, of which some constraint then fails: whoever
//! proves checks the relation first.

use ark_ff::{AdditiveGroup, BigInteger, Field, PrimeField};
use records::Fr;
use records::domain::{ARITY, DOMAIN_HOLDER, DOMAIN_LINK, DOMAIN_NULLIFIER, DOMAIN_RECORD};
use records::poseidon2::{FULL_ROUNDS, Parameters, Width};
use statements::PublicInputs;
use statements::layout::{ClauseInputs, PREDICATES, PredicateInputs};

use crate::gadgets::number::{DAY_BITS, NUMBER_BITS, power_of_two};
use crate::{Assignment, Inputs, PrivateInputs};

/// Number of wires that hold private inputs; they come before all others.
pub const PRIVATE_WIRES: usize = 2 + 5 + 16 + 88 + 2;

/// Where wires go. The tests put faults in between.
pub trait Wires {
    /// Takes the value of the next wire and gives the value that the wires after it are
    /// computed from.
    fn push(&mut self, value: Fr) -> Fr;

    /// As [`Wires::push`], for a wire that is 0 or 1.
    fn push_bit(&mut self, bit: bool) -> Fr {
        self.push(Fr::from(bit))
    }
}

impl Wires for Vec<Fr> {
    fn push(&mut self, value: Fr) -> Fr {
        Self::push(self, value);
        value
    }
}

/// The full assignment: one, the public inputs, the wires.
pub fn assign(inputs: &Inputs) -> Assignment {
    let mut wires = Vec::with_capacity(8_192);
    fill(&inputs.public, &private_wires(&inputs.private), &mut wires);
    Assignment::new(&inputs.public, wires)
}

/// The private inputs in the order of their wires.
pub fn private_wires(private: &PrivateInputs) -> Vec<Fr> {
    let record = &private.record;
    let mut wires = vec![
        private.secret.field(),
        private.blind.field(),
        record.holder_tag.field(),
        record.record_id.field(),
        record.salt.field(),
        Fr::from(record.valid_from.days()),
        Fr::from(record.valid_until.days()),
    ];
    wires.extend(record.attributes);
    wires.extend(private.path.levels.as_flattened());
    wires.extend(private.link_blinds.iter().map(|blind| blind.field()));
    wires
}

/// Fills all wires from the public inputs and the private ones (as [`private_wires`] gives
/// them), and returns what the circuit computed on the way.
pub fn fill(public: &PublicInputs, private: &[Fr], wires: &mut impl Wires) -> Computed {
    let private: Vec<Fr> = private.iter().map(|value| wires.push(*value)).collect();
    let (header, rest) = private.split_at(7);
    let (attributes, rest) = rest.split_at(16);
    let (path, link_blinds) = rest.split_at(88);
    let &[secret, blind, tag, record_id, salt, from, until] = header else {
        return Computed::default();
    };

    let holder_tag = compress(&[secret, blind, DOMAIN_HOLDER], wires);
    let hashed = attributes.try_into().map_or(Fr::ZERO, |a: &[Fr; 16]| compress(a, wires));
    let leaf =
        compress(&[public.schema, tag, record_id, salt, from, until, hashed, DOMAIN_RECORD], wires);
    let nodes = membership(public, leaf, path.as_chunks::<ARITY>().0, wires);
    currency(public, from, until, wires);
    let literals = predicates(public, attributes, [from, until], wires);
    public.clauses.iter().for_each(|clause| policy(clause, &literals, wires));
    let nullifier = compress(&[secret, record_id, public.scope, DOMAIN_NULLIFIER], wires);
    let tags = links(public, attributes, secret, link_blinds, wires);
    wires.push(public.challenge.square());
    Computed { holder_tag, leaf, nodes, nullifier, tags }
}

/// What the circuit computes and compares with inputs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Computed {
    /// Commitment to secret and blind.
    pub holder_tag: Fr,
    /// Commitment to the record.
    pub leaf: Fr,
    /// Hash of the children at each level, from below; the last is the root.
    pub nodes: Vec<Fr>,
    /// The nullifier, whether shown or not.
    pub nullifier: Fr,
    /// The link tags, 0 where unused.
    pub tags: Vec<Fr>,
}

fn membership(
    public: &PublicInputs,
    leaf: Fr,
    path: &[[Fr; ARITY]],
    wires: &mut impl Wires,
) -> Vec<Fr> {
    let mut current = leaf;
    let mut nodes = Vec::with_capacity(path.len());
    for children in path {
        differences(current, children, wires);
        current = compress(children, wires);
        nodes.push(current);
    }
    differences(current, &public.roots, wires);
    nodes
}

/// The product of the differences up to the last but one: the last product is enforced to be 0
/// and has no wire.
fn differences(value: Fr, set: &[Fr], wires: &mut impl Wires) {
    let [first, middle @ .., _] = set else { return };
    let mut product = value - first;
    for member in middle {
        product = wires.push(product * (value - member));
    }
}

fn currency(public: &PublicInputs, from: Fr, until: Fr, wires: &mut impl Wires) {
    let elapsed = wires.push(public.current * (public.today - from));
    bits(elapsed, DAY_BITS, wires);
    let remaining = wires.push(public.current * (until - public.today));
    bits(remaining, DAY_BITS, wires);
}

fn predicates(
    public: &PublicInputs,
    attributes: &[Fr],
    validity: [Fr; 2],
    wires: &mut impl Wires,
) -> [Fr; PREDICATES] {
    let mut values = attributes.to_vec();
    values.extend(validity);
    let mut literals = [Fr::ZERO; PREDICATES];
    for (inputs, result) in public.predicates.iter().zip(&mut literals) {
        *result = literal(inputs, &values, wires);
    }
    literals
}

fn literal(inputs: &PredicateInputs<Fr>, values: &[Fr], wires: &mut impl Wires) -> Fr {
    let value = select(&inputs.select, values, wires);
    let above = wires.push(inputs.ordered * (value - inputs.low));
    let above = sign(above, wires);
    let below = wires.push(inputs.ordered * (inputs.high - value));
    let below = sign(below, wires);
    let in_range = wires.push(above * below);
    let in_set = is_one_of(value, &inputs.set, wires);
    in_set + wires.push(inputs.ordered * (in_range - in_set))
}

fn sign(difference: Fr, wires: &mut impl Wires) -> Fr {
    bits(difference + power_of_two(NUMBER_BITS), NUMBER_BITS + 1, wires)
}

/// The low bits of a number; returns the top one of them.
fn bits(number: Fr, count: usize, wires: &mut impl Wires) -> Fr {
    let number = number.into_bigint();
    (0..count).map(|i| wires.push_bit(number.get_bit(i))).last().unwrap_or(Fr::ZERO)
}

fn is_one_of(value: Fr, set: &[Fr], wires: &mut impl Wires) -> Fr {
    let [first, rest @ ..] = set else { return Fr::ZERO };
    let mut product = value - first;
    for member in rest {
        product = wires.push(product * (value - member));
    }
    wires.push(product.inverse().unwrap_or(Fr::ZERO));
    wires.push(Fr::from(product == Fr::ZERO))
}

fn policy(clause: &ClauseInputs<Fr>, literals: &[Fr; PREDICATES], wires: &mut impl Wires) {
    let mut satisfied = clause.always;
    for ((positive, negative), literal) in
        clause.positive.iter().zip(&clause.negative).zip(literals)
    {
        satisfied += *negative + wires.push((*positive - negative) * literal);
    }
    wires.push(satisfied.inverse().unwrap_or(Fr::ZERO));
}

fn links(
    public: &PublicInputs,
    attributes: &[Fr],
    secret: Fr,
    blinds: &[Fr],
    wires: &mut impl Wires,
) -> Vec<Fr> {
    let mut values = attributes.to_vec();
    values.push(secret);
    let mut tags = Vec::with_capacity(blinds.len());
    for (link, blind) in public.links.iter().zip(blinds) {
        let value = select(&link.select, &values, wires);
        let selected: Fr = link.select.iter().sum();
        tags.push(selected * compress(&[value, *blind, DOMAIN_LINK], wires));
    }
    tags
}

fn select(choice: &[Fr], values: &[Fr], wires: &mut impl Wires) -> Fr {
    choice.iter().zip(values).map(|(chosen, value)| wires.push(*chosen * value)).sum()
}

/// `records::poseidon2::compress`, with its wires.
fn compress<const T: usize>(inputs: &[Fr; T], wires: &mut impl Wires) -> Fr
where
    Parameters<T>: Width,
{
    let parameters = Parameters::<T>::parameters();
    let half = FULL_ROUNDS / 2;
    let mut state = *inputs;
    records::poseidon2::external_matrix(&mut state);
    for constants in &parameters.full[..half] {
        full_round(&mut state, constants, wires);
    }
    for constant in &parameters.partial {
        state[0] = sbox(state[0] + constant, wires);
        records::poseidon2::internal_matrix(&mut state, &parameters.diagonal_minus_one);
    }
    for constants in &parameters.full[half..] {
        full_round(&mut state, constants, wires);
    }
    state[0] + inputs[0]
}

fn full_round<const T: usize>(state: &mut [Fr; T], constants: &[Fr; T], wires: &mut impl Wires) {
    for (element, constant) in state.iter_mut().zip(constants) {
        *element = sbox(*element + constant, wires);
    }
    records::poseidon2::external_matrix(state);
}

fn sbox(x: Fr, wires: &mut impl Wires) -> Fr {
    let x2 = wires.push(x.square());
    let x4 = wires.push(x2.square());
    wires.push(x4 * x)
}
