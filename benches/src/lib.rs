//! What the benchmarks share: valid inputs of the circuit, and medians of interleaved runs.

use std::time::{Duration, Instant};

use ark_ff::{AdditiveGroup, Field, UniformRand};
use circuits::{Inputs, PrivateInputs};
use rand::SeedableRng;
use rand::rngs::StdRng;
use records::commitment::{commit_record, hash_node, holder_tag, nullifier};
use records::tree::StatePath;
use records::{
    Blind, Date, EncodedRecord, Fr, HolderSecret, LinkBlind, RecordId, Salt, SchemaId, Scope,
};
use statements::layout::COUNT;
use statements::{AffineMap, Parameter, PublicInputs, Row};

/// Inputs of a record that is revealed nothing of, with a range, a set and a nullifier.
pub fn inputs(seed: u64) -> Inputs {
    let mut rng = StdRng::seed_from_u64(seed);
    let secret = HolderSecret::from_field(Fr::rand(&mut rng));
    let blind = Blind::from_field(Fr::rand(&mut rng));
    let mut attributes: [Fr; 16] = std::array::from_fn(|_| Fr::rand(&mut rng));
    attributes[0] = Fr::from(730_000_u64);
    let record = EncodedRecord {
        schema: SchemaId::from_field(Fr::rand(&mut rng)),
        holder_tag: holder_tag(&secret, &blind),
        record_id: RecordId::from_field(Fr::rand(&mut rng)),
        salt: Salt::from_field(Fr::rand(&mut rng)),
        valid_from: Date::MIN,
        valid_until: Date::MAX,
        attributes,
    };
    let mut current = commit_record(&record).field();
    let levels = std::array::from_fn(|_| {
        let mut children: [Fr; 8] = std::array::from_fn(|_| Fr::rand(&mut rng));
        children[3] = current;
        current = hash_node(&children);
        children
    });
    let mut public = PublicInputs::from_flat(&[Fr::ZERO; COUNT]);
    public.challenge = Fr::rand(&mut rng);
    public.schema = record.schema.field();
    public.roots = [current; 16];
    public.today = Fr::from(739_000_u64);
    public.current = Fr::ONE;
    public.scope = Fr::rand(&mut rng);
    public.nullify = Fr::ONE;
    let scope = Scope::from_field(public.scope);
    public.nullifier = nullifier(&secret, record.record_id, scope).field();
    public.predicates[0].select[0] = Fr::ONE;
    public.predicates[0].ordered = Fr::ONE;
    public.predicates[0].high = Fr::from(735_000_u64);
    public.predicates[1].select[1] = Fr::ONE;
    public.predicates[1].set = [attributes[1]; 8];
    for (c, clause) in public.clauses.iter_mut().enumerate() {
        if c < 2 {
            clause.positive[c] = Fr::ONE;
        } else {
            clause.always = Fr::ONE;
        }
    }
    let link_blinds = [0, 1].map(|_| LinkBlind::from_field(Fr::rand(&mut rng)));
    let private = PrivateInputs { secret, blind, record, path: StatePath { levels }, link_blinds };
    Inputs { public, private }
}

/// An affine map in which the first `count` of challenge, root, today, scope, nullifier and
/// bounds are parameters, and their values.
pub fn fold_map(inputs: &Inputs, count: usize) -> (AffineMap, Vec<Fr>) {
    use statements::layout::{CHALLENGE, NULLIFIER, PREDICATE, ROOT, ROOTS, SCOPE, TODAY};
    let bound = |k: usize| PREDICATE + 19 + k;
    let groups: [(Parameter, Vec<usize>); 8] = [
        (Parameter::Challenge, vec![CHALLENGE]),
        (Parameter::Root(0), (ROOT..ROOT + ROOTS).collect()),
        (Parameter::Today, vec![TODAY]),
        (Parameter::Scope, vec![SCOPE]),
        (Parameter::Nullifier, vec![NULLIFIER]),
        (Parameter::Expression(0), vec![bound(0)]),
        (Parameter::Expression(1), vec![bound(1)]),
        (Parameter::Expression(2), vec![bound(2)]),
    ];
    let flat = inputs.public.flatten();
    let mut constants = flat.clone();
    let mut values = Vec::new();
    let mut rows = Vec::new();
    for (parameter, positions) in groups.into_iter().take(count) {
        for position in &positions {
            constants[*position] = Fr::ZERO;
        }
        values.push(flat[positions[0]]);
        rows.push(Row { parameter, positions });
    }
    (AffineMap { constants, rows }, values)
}

/// Median times of two pieces of work, run in turn so that both see the same machine.
pub fn interleaved(runs: usize, mut a: impl FnMut(), mut b: impl FnMut()) -> (Duration, Duration) {
    let (mut times_a, mut times_b) = (Vec::new(), Vec::new());
    let time = |work: &mut dyn FnMut()| {
        let start = Instant::now();
        work();
        start.elapsed()
    };
    for _ in 0..runs {
        times_a.push(time(&mut a));
        times_b.push(time(&mut b));
    }
    (median(times_a), median(times_b))
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
