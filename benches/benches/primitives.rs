//! The steps that proofs and ledgers are made of. Each result is verified before it is timed.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests panic")]
#![allow(missing_docs, reason = "criterion's macros make undocumented functions")]

use std::hint::black_box;

use benches::{fold_map, inputs};
use circuits::{Relation, check, witness};
use criterion::{Criterion, criterion_group, criterion_main};
use prover::KeyStore;
use records::Fr;
use records::poseidon2::compress;

fn hashing(c: &mut Criterion) {
    let children: [Fr; 8] = std::array::from_fn(|i| Fr::from(i as u64));
    let attributes: [Fr; 16] = std::array::from_fn(|i| Fr::from(i as u64));
    c.bench_function("poseidon2/compress_8", |b| b.iter(|| compress(black_box(&children))));
    c.bench_function("poseidon2/compress_16", |b| b.iter(|| compress(black_box(&attributes))));
}

fn proving(c: &mut Criterion) {
    let inputs = inputs(1);
    assert_eq!(check(&inputs.public, &inputs.private), Ok(()));
    assert_eq!(Relation::get().satisfied(&witness::assign(&inputs)), Ok(()));
    c.bench_function("circuit/check", |b| b.iter(|| check(&inputs.public, &inputs.private)));
    c.bench_function("circuit/witness", |b| b.iter(|| witness::assign(black_box(&inputs))));

    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/test-keys");
    let store = KeyStore::open(folder.as_ref()).expect("the key store");
    let prover = store.development(&mut |_| ()).expect("the development key");
    let proof = prover.prove(&inputs).expect("a proof");
    let (map, values) = fold_map(&inputs, 8);
    let folded = prover.key().fold(&map).expect("a folded key");
    assert_eq!(folded.verify(&proof, &values), Ok(()));
    c.bench_function("verifier/fold", |b| b.iter(|| prover.key().fold(black_box(&map))));
    c.bench_function("verifier/verify", |b| b.iter(|| folded.verify(&proof, &values)));
    let mut group = c.benchmark_group("prover");
    group.sample_size(10);
    group.bench_function("prove", |b| b.iter(|| prover.prove(black_box(&inputs))));
    group.finish();
}

criterion_group!(benches, hashing, proving);
criterion_main!(benches);
