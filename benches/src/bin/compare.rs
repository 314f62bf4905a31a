//! Compares the prover to ark-groth16 with the same key, circuit and witness.
//!
//! Both sides run in turn in one process, from inputs to a proof, witness generation included;
//! proofs of both have been verified first. Ours also checks the relation and the proof's points.
//! It runs with the arithmetic that fits the processor, and with the portable one:
//! `cargo run --release -p benches --bin compare -- --json`

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use ark_bn254::{Bn254, Fr};
use ark_ff::UniformRand;
use ark_groth16::{Groth16, ProvingKey};
use ark_serialize::CanonicalDeserialize;
use benches::{fold_map, inputs, interleaved};
use circuits::{Inputs, Relation, witness};
use clap::Parser;
use prover::{KeyStore, OddCoset, Prover};
use rand::rngs::OsRng;
use verifier::Proof;

/// Measures the prover against ark-groth16.
#[derive(Parser)]
struct Arguments {
    /// Runs of each side; the median counts.
    #[arg(long, default_value_t = 21)]
    runs: usize,
    /// Folder of the development key.
    #[arg(long, default_value = "target/test-keys")]
    keys: std::path::PathBuf,
    /// Prints JSON.
    #[arg(long)]
    json: bool,
}

/// One comparison: medians of both sides.
struct Comparison {
    name: &'static str,
    ours: Duration,
    ark: Duration,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let open = || -> Result<Prover> {
        Ok(KeyStore::open(&arguments.keys)?
            .development(&mut |stage| eprintln!("{}/{}: {}", stage.number, stage.of, stage.name))?)
    };
    let (prover, portable) = (open()?, open()?.portable());
    prover.prepare()?;
    let start = Instant::now();
    open()?.prepare()?;
    let load = start.elapsed();
    let key = proving_key(&arguments.keys, &prover)?;
    let inputs = inputs(1);
    verify(&prover, &key, &inputs)?;
    verify(&portable, &key, &inputs)?;

    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build()?;
    let all = rayon::ThreadPoolBuilder::new().build()?;
    let compare = |name, prover: &Prover, pool: &rayon::ThreadPool| -> Result<Comparison> {
        let (mut ours_good, mut ark_good) = (true, true);
        let (ours, ark) = pool.install(|| {
            let ours = || ours_good &= prover.prove(&inputs).is_ok();
            interleaved(arguments.runs, ours, || ark_good &= prove_ark(&key, &inputs).is_ok())
        });
        anyhow::ensure!(ours_good && ark_good, "a proof failed while it was timed");
        Ok(Comparison { name, ours, ark })
    };
    let comparisons = [
        compare("prove_one_thread", &prover, &one)?,
        compare("prove_all_cores", &prover, &all)?,
        compare("portable_one_thread", &portable, &one)?,
    ];
    print(&comparisons, &prover, all.current_num_threads(), load, &arguments);
    Ok(())
}

/// The key's file, as its provenance names it.
fn proving_key(folder: &Path, prover: &Prover) -> Result<ProvingKey<Bn254>> {
    let provenance = prover.provenance();
    let folder = folder.join(provenance.circuit.to_string()).join(provenance.key.to_string());
    let bytes = std::fs::read(folder.join("proving.key"))?;
    Ok(ProvingKey::deserialize_uncompressed_unchecked(bytes.as_slice())?)
}

/// The same steps with ark-groth16.
fn prove_ark(key: &ProvingKey<Bn254>, inputs: &Inputs) -> Result<ark_groth16::Proof<Bn254>> {
    let relation = Relation::get();
    let assignment = witness::assign(inputs);
    Ok(Groth16::<Bn254, OddCoset>::create_proof_with_reduction_and_matrices(
        key,
        Fr::rand(&mut OsRng),
        Fr::rand(&mut OsRng),
        relation.matrices(),
        relation.public_inputs(),
        relation.constraints(),
        assignment.values(),
    )?)
}

/// Both proofs hold.
fn verify(prover: &Prover, key: &ProvingKey<Bn254>, inputs: &Inputs) -> Result<()> {
    let (map, values) = fold_map(inputs, 8);
    let folded = prover.key().fold(&map)?;
    folded.verify(&prover.prove(inputs)?, &values).context("our proof does not hold")?;
    let ark_groth16::Proof { a, b, c } = prove_ark(key, inputs)?;
    let proof = Proof::new(a, b, c)?.to_bytes();
    folded.verify(&proof, &values).context("the proof of ark-groth16 does not hold")
}

fn print(
    comparisons: &[Comparison],
    prover: &Prover,
    cores: usize,
    load: Duration,
    arguments: &Arguments,
) {
    let millis = |time: Duration| time.as_secs_f64() * 1e3;
    let ratio = |c: &Comparison| c.ark.as_secs_f64() / c.ours.as_secs_f64();
    if arguments.json {
        let mut json = serde_json::json!({
            "arithmetic": prover.arithmetic(),
            "runs": arguments.runs,
            "cores": cores,
            "load_ms": millis(load),
        });
        for c in comparisons {
            json[format!("{}_ratio", c.name)] = ratio(c).into();
            json[format!("{}_ms", c.name)] = millis(c.ours).into();
            json[format!("{}_ark_groth16_ms", c.name)] = millis(c.ark).into();
        }
        println!("{json}");
        return;
    }
    let arithmetic = prover.arithmetic();
    println!("{arithmetic}, {cores} cores, {} runs of each, medians in ms", arguments.runs);
    println!("key and tables loaded in {:.0} ms", millis(load));
    println!("{:<22}{:>8}{:>14}{:>8}", "", "ours", "ark-groth16", "ratio");
    for c in comparisons {
        let name = c.name.replace('_', " ");
        println!("{name:<22}{:>8.1}{:>14.1}{:>8.2}", millis(c.ours), millis(c.ark), ratio(c));
    }
}
