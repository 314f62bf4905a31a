//! Compares verification with a folded key to ark-groth16's verification of a circuit that
//! really has that many public inputs.
//!
//! Both sides run in turn in one process, on proofs that have been verified first:
//! `cargo run --release -p benches --bin verify -- --json`

use anyhow::{Context, Result, ensure};
use ark_bn254::{Bn254, Fr};
use ark_ff::{Field, UniformRand};
use ark_groth16::{Groth16, prepare_verifying_key};
use ark_relations::gr1cs::{
    ConstraintSynthesizer, ConstraintSystemRef, LinearCombination, SynthesisError,
};
use ark_serialize::CanonicalDeserialize;
use benches::{fold_map, inputs, interleaved};
use clap::Parser;
use prover::KeyStore;
use rand::rngs::OsRng;

/// Measures verification with folded keys.
#[derive(Parser)]
struct Arguments {
    /// Parameters of the folded key: public inputs of the circuit it is compared with, 1 to 8.
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u8).range(1..=8))]
    parameters: u8,
    /// Runs of each side; the median counts.
    #[arg(long, default_value_t = 101)]
    runs: usize,
    /// Folder of the development key.
    #[arg(long, default_value = "target/test-keys")]
    keys: std::path::PathBuf,
    /// Prints JSON.
    #[arg(long)]
    json: bool,
}

/// A circuit with as many public inputs as asked for: the squares of its witnesses.
struct Squares(Vec<Fr>);

impl ConstraintSynthesizer<Fr> for Squares {
    fn generate_constraints(self, cs: ConstraintSystemRef<Fr>) -> Result<(), SynthesisError> {
        for root in self.0 {
            let square = cs.new_input_variable(|| Ok(root.square()))?;
            let root = cs.new_witness_variable(|| Ok(root))?;
            let lc = |variable| LinearCombination::from(variable);
            cs.enforce_r1cs_constraint(|| lc(root), || lc(root), || lc(square))?;
        }
        Ok(())
    }
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let parameters = usize::from(arguments.parameters);
    let prover = KeyStore::open(&arguments.keys)?
        .development(&mut |stage| eprintln!("{}/{}: {}", stage.number, stage.of, stage.name))?;
    let inputs = inputs(1);
    let proof = prover.prove(&inputs)?;
    let (map, values) = fold_map(&inputs, parameters);
    let folded = prover.key().fold(&map)?;
    folded.verify(&proof, &values).context("the folded key refuses a good proof")?;

    let roots: Vec<Fr> = (0..parameters).map(|_| Fr::rand(&mut OsRng)).collect();
    let squares: Vec<Fr> = roots.iter().map(|root| root.square()).collect();
    let circuit = || Squares(roots.clone());
    let key = Groth16::<Bn254>::generate_random_parameters_with_reduction(circuit(), &mut OsRng)?;
    let ark = Groth16::<Bn254>::create_random_proof_with_reduction(circuit(), &key, &mut OsRng)?;
    let mut bytes = Vec::new();
    ark_serialize::CanonicalSerialize::serialize_compressed(&ark, &mut bytes)?;
    let prepared = prepare_verifying_key(&key.vk);
    // Both sides start from bytes, and check that they are points of the groups.
    let verify_ark = || -> Result<bool> {
        let proof = ark_groth16::Proof::deserialize_compressed(bytes.as_slice())?;
        Ok(Groth16::<Bn254>::verify_proof(&prepared, &proof, &squares)?)
    };
    ensure!(verify_ark()?, "ark-groth16 refuses a good proof");

    let mut good = true;
    let (ours, theirs) = {
        let (mut ours_good, mut theirs_good) = (true, true);
        let times = interleaved(
            arguments.runs,
            || ours_good &= folded.verify(&proof, &values).is_ok(),
            || theirs_good &= verify_ark().unwrap_or(false),
        );
        good &= ours_good && theirs_good;
        times
    };
    ensure!(good, "a verification failed while it was timed");
    let ratio = ours.as_secs_f64() / theirs.as_secs_f64();
    let micros = |time: std::time::Duration| time.as_secs_f64() * 1e6;
    if arguments.json {
        println!(
            "{}",
            serde_json::json!({
                "parameters": parameters,
                "runs": arguments.runs,
                "folded_us": micros(ours),
                "ark_groth16_us": micros(theirs),
                "folded_over_ark_ratio": ratio,
            })
        );
    } else {
        println!("{parameters} parameters, {} runs of each, medians", arguments.runs);
        println!("folded key   {:>8.0} µs", micros(ours));
        println!("ark-groth16  {:>8.0} µs", micros(theirs));
        println!("ratio        {ratio:>8.2}");
    }
    Ok(())
}
