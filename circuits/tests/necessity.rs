//! Every constraint is needed: for each there is an assignment that breaks it and no other, so
//! removing any one lets something false pass.
//!
//! The assignments are found by putting a fault into one wire and computing all later wires
//! from the faulty value, as a cheating prover would; what the prover may choose itself (its
//! private inputs) and what the fault is to change (the public outputs) follows the fault.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests panic")]

mod common;

use std::collections::BTreeSet;

use ark_ff::{AdditiveGroup, Field};
use circuits::witness::{Computed, Wires, fill, private_wires};
use circuits::{Assignment, Clause, Inputs, Relation};
use common::{scene, set};
use rand::SeedableRng;
use rand::rngs::StdRng;
use records::Fr;
use records::commitment::hash_node;
use records::domain::{ARITY, DEPTH};
use statements::PublicInputs;

const HOLDER_TAG: usize = 2;
const ATTRIBUTES: usize = 7;
const PATH: usize = ATTRIBUTES + 16;

/// What a fault does to the honest value of a wire.
#[derive(Clone, Copy)]
enum Fault {
    Add(Fr),
    Set(Fr),
}

#[derive(Default)]
struct Faulty<'a> {
    faults: &'a [(usize, Fault)],
    wires: Vec<Fr>,
    bits: BTreeSet<usize>,
}

impl Wires for Faulty<'_> {
    fn push(&mut self, value: Fr) -> Fr {
        let at = self.wires.len();
        let fault = self.faults.iter().find(|(wire, _)| *wire == at);
        let value = match fault {
            Some((_, Fault::Add(delta))) => value + delta,
            Some((_, Fault::Set(other))) => *other,
            None => value,
        };
        self.wires.push(value);
        value
    }

    fn push_bit(&mut self, bit: bool) -> Fr {
        self.bits.insert(self.wires.len());
        self.push(Fr::from(bit))
    }
}

/// A cheating prover: inputs that follow the faults where it may choose them.
struct Cheat {
    public: PublicInputs,
    private: Vec<Fr>,
}

impl Cheat {
    fn new(inputs: &Inputs) -> Self {
        Self { public: inputs.public.clone(), private: private_wires(&inputs.private) }
    }

    fn run(&self, faults: &[(usize, Fault)]) -> (Computed, Vec<Fr>) {
        let mut wires = Faulty { faults, ..Faulty::default() };
        let computed = fill(&self.public, &self.private, &mut wires);
        (computed, wires.wires)
    }

    /// Lets the holder tag, the path, the root, the nullifier, the tags and the revealed values
    /// follow the faults.
    fn follow(mut self, faults: &[(usize, Fault)]) -> Assignment {
        let (computed, _) = self.run(faults);
        self.private[HOLDER_TAG] = computed.holder_tag;
        let (computed, _) = self.run(faults);
        self.lift(&computed);
        self.public.nullifier = self.public.nullify * computed.nullifier;
        for (link, tag) in self.public.links.iter_mut().zip(&computed.tags) {
            link.tag = *tag;
        }
        self.reveal();
        self.finish(faults)
    }

    fn finish(self, faults: &[(usize, Fault)]) -> Assignment {
        let (_, wires) = self.run(faults);
        Assignment::new(&self.public, wires)
    }

    fn reveal(&mut self) {
        for slot in 0..16 {
            self.public.revealed[slot] = self.public.reveal[slot] * self.private[ATTRIBUTES + slot];
        }
    }

    fn hash_level(&self, level: usize) -> Fr {
        let from = PATH + level * ARITY;
        hash_node(&self.private[from..from + ARITY].try_into().unwrap())
    }

    /// Puts what the circuit computed below into the path above.
    fn lift(&mut self, computed: &Computed) {
        let mut current = computed.leaf;
        let mut changed = false;
        for level in 0..DEPTH {
            let from = PATH + level * ARITY;
            let children = &mut self.private[from..from + ARITY];
            if !children.contains(&current) {
                children[ARITY - 1] = current;
                changed = true;
            }
            current = if changed { self.hash_level(level) } else { computed.nodes[level] };
        }
        if !self.public.roots.contains(&current) {
            self.public.roots[15] = current;
        }
    }
}

/// The scene of this test: no predicate's set holds its value, so that every inverse is bound,
/// and every clause also holds by itself, so that literals may change.
fn stage() -> Inputs {
    let mut inputs = scene(11);
    let mut rng = StdRng::seed_from_u64(12);
    for k in [3, 7] {
        set(&mut inputs.public, k, 4, Fr::ONE, &mut rng);
    }
    for clause in &mut inputs.public.clauses {
        clause.always = Fr::ONE;
    }
    inputs
}

/// The wires that hold bits of a number.
fn bit_wires(inputs: &Inputs) -> BTreeSet<usize> {
    let mut wires = Faulty::default();
    fill(&inputs.public, &private_wires(&inputs.private), &mut wires);
    wires.bits
}

/// Makes the assignment of an attack; there are too many to hold them all at once.
type Attack<'a> = Box<dyn Fn() -> Assignment + Sync + 'a>;

fn following<'a>(inputs: &'a Inputs, faults: &[(usize, Fault)]) -> Attack<'a> {
    let faults = faults.to_vec();
    Box::new(move || Cheat::new(inputs).follow(&faults))
}

fn attacks<'a>(inputs: &'a Inputs, honest: &[Fr], bits: &BTreeSet<usize>) -> Vec<Attack<'a>> {
    let mut attacks = Vec::new();
    let follow = |faults: &[(usize, Fault)]| following(inputs, faults);
    let half = Fr::from(2_u64).inverse().unwrap();
    for wire in circuits::witness::PRIVATE_WIRES..honest.len() {
        if !bits.contains(&wire) {
            attacks.push(follow(&[(wire, Fault::Add(Fr::ONE))]));
            continue;
        }
        // A bit that is no bit, made up for by a neighbour that stays one.
        let step = |bit: Fr| if bit == Fr::ONE { -Fr::ONE } else { Fr::ONE };
        if bits.contains(&(wire + 1)) {
            let change = step(honest[wire + 1]);
            attacks.push(follow(&[
                (wire, Fault::Add(-change.double())),
                (wire + 1, Fault::Add(change)),
            ]));
        }
        if bits.contains(&(wire - 1)) {
            let change = step(honest[wire - 1]);
            attacks.push(follow(&[
                (wire, Fault::Add(-change * half)),
                (wire - 1, Fault::Add(change)),
            ]));
        } else {
            // The lowest bit of a sum: the sum is off by one.
            attacks.push(follow(&[(wire, Fault::Set(Fr::ONE - honest[wire]))]));
        }
    }
    attacks.extend(zero_tests(inputs, honest));
    attacks.extend(wrong_inputs(inputs));
    attacks
}

/// A value that is no member, shown as one: result 1 with inverse 0.
fn zero_tests<'a>(inputs: &'a Inputs, honest: &[Fr]) -> Vec<Attack<'a>> {
    // The pair (inverse, 0) comes before each predicate's literal; find it by its meaning: the
    // product of the differences times the wire is 1, and the next wire is 0.
    (circuits::witness::PRIVATE_WIRES..honest.len() - 1)
        .filter(|wire| honest[*wire] != Fr::ZERO && honest[wire - 1] * honest[*wire] == Fr::ONE)
        .map(|wire| {
            following(inputs, &[(wire, Fault::Set(Fr::ZERO)), (wire + 1, Fault::Set(Fr::ONE))])
        })
        .collect()
}

/// Wrong inputs with honest wires: what compares an input with what was computed objects.
fn wrong_inputs(inputs: &Inputs) -> Vec<Attack<'_>> {
    let mut attacks: Vec<Attack<'_>> = Vec::new();
    let mut attack = |change: Box<dyn Fn(&mut Cheat) + Sync>| {
        attacks.push(Box::new(move || {
            let mut cheat = Cheat::new(inputs);
            change(&mut cheat);
            cheat.finish(&[])
        }));
    };
    attack(Box::new(|cheat| cheat.public.nullifier += Fr::ONE));
    for i in 0..2 {
        attack(Box::new(move |cheat| cheat.public.links[i].tag += Fr::ONE));
    }
    for slot in 0..16 {
        attack(Box::new(move |cheat| cheat.public.revealed[slot] += Fr::ONE));
    }
    attack(Box::new(|cheat| cheat.public.roots[15] += Fr::ONE));
    // A holder tag that the secret does not open, in a record that is issued all the same.
    attack(Box::new(|cheat| {
        cheat.private[HOLDER_TAG] += Fr::ONE;
        let (computed, _) = cheat.run(&[]);
        cheat.lift(&computed);
    }));
    // A node that is none of the children, at each level; above it all is right.
    for level in 0..DEPTH {
        attack(Box::new(move |cheat| {
            cheat.private[PATH + level * ARITY + ARITY - 1] += Fr::ONE;
            let mut current = cheat.hash_level(level);
            for above in level + 1..DEPTH {
                cheat.private[PATH + above * ARITY + ARITY - 1] = current;
                current = cheat.hash_level(above);
            }
            cheat.public.roots[15] = current;
        }));
    }
    // A clause that does not hold.
    for c in 0..8 {
        attack(Box::new(move |cheat| {
            let clause = &mut cheat.public.clauses[c];
            clause.positive = [Fr::ZERO; 8];
            clause.negative = [Fr::ZERO; 8];
            clause.always = Fr::ZERO;
        }));
    }
    attacks
}

/// For each attack, the first two constraints that object to it.
fn objections(relation: &Relation, attacks: &[Attack<'_>]) -> Vec<Vec<usize>> {
    let object = |attack: &Attack<'_>| relation.broken(&attack()).take(2).collect();
    let (left, right) = attacks.split_at(attacks.len() / 2);
    std::thread::scope(|scope| {
        let left = scope.spawn(|| left.iter().map(object).collect::<Vec<_>>());
        let right: Vec<_> = right.iter().map(object).collect();
        let mut all = left.join().unwrap();
        all.extend(right);
        all
    })
}

#[test]
fn every_attack_is_refused_and_every_constraint_needed() {
    let relation = Relation::get();
    let inputs = stage();
    let (_, honest) = Cheat::new(&inputs).run(&[]);
    let attacks = attacks(&inputs, &honest, &bit_wires(&inputs));
    let objections = objections(relation, &attacks);
    let accepted = objections.iter().filter(|broken| broken.is_empty()).count();
    assert_eq!(accepted, 0, "of {} attacks", attacks.len());

    let alone: BTreeSet<usize> = objections
        .iter()
        .filter_map(|broken| match broken.as_slice() {
            [constraint] => Some(*constraint),
            _ => None,
        })
        .collect();
    let unneeded: Vec<(usize, Option<Clause>)> = (0..relation.constraints())
        .filter(|constraint| !alone.contains(constraint))
        .map(|constraint| (constraint, relation.clause_of(constraint)))
        .collect();
    assert!(unneeded.is_empty(), "{} constraints: {unneeded:?}", unneeded.len());
}
