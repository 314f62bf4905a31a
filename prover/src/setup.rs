//! The development set-up: one party draws all the randomness, so it could forge proofs. For
//! first runs and tests; production keys come from a ceremony.

use ark_bn254::{Bn254, Fr, G1Projective, G2Projective};
use ark_ec::PrimeGroup;
use ark_ff::{Field, UniformRand};
use ark_groth16::{Groth16, ProvingKey};
use ark_relations::gr1cs::SynthesisError;
use circuits::PresentationCircuit;
use rand::{CryptoRng, RngCore};
use zeroize::Zeroize;

use crate::OddCoset;

/// A step of the set-up that has begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetupStage {
    /// Its number, from 1.
    pub number: u32,
    /// Number of all steps.
    pub of: u32,
    /// What it does.
    pub name: &'static str,
}

impl SetupStage {
    pub(crate) const COMPILE: Self = Self::new(1, "compiling the circuit");
    pub(crate) const GENERATE: Self = Self::new(2, "making the proving key");
    pub(crate) const TEST: Self = Self::new(3, "proving and verifying with the new key");
    pub(crate) const STORE: Self = Self::new(4, "storing the key");

    const fn new(number: u32, name: &'static str) -> Self {
        Self { number, of: 4, name }
    }
}

/// Makes a proving key with fresh randomness. Generators and γ = 1 are the ecosystem's, so that
/// the key has the form of a snarkjs key after a phase 2 with one contribution.
pub(crate) fn generate(
    rng: &mut (impl RngCore + CryptoRng),
) -> Result<ProvingKey<Bn254>, SynthesisError> {
    let mut alpha = Fr::rand(rng);
    let mut beta = Fr::rand(rng);
    let mut delta = Fr::rand(rng);
    let key = Groth16::<Bn254, OddCoset>::generate_parameters_with_qap(
        PresentationCircuit::blank(),
        alpha,
        beta,
        Fr::ONE,
        delta,
        G1Projective::generator(),
        G2Projective::generator(),
        rng,
    );
    [&mut alpha, &mut beta, &mut delta].into_iter().for_each(Zeroize::zeroize);
    key
}
