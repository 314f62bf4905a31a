//! Batch verification: one final exponentiation for many proofs.
//!
//! All folded keys of one circuit key share α, β, γ and δ, so proofs of different statements
//! go into one product. Each equation is weighted with a 128-bit number that depends on
//! everything in the batch, so that bad proofs cannot cancel each other except with probability
//! 2^-128 (Bellare, Garay, Rabin 1998, "small exponents").

use std::collections::BTreeMap;

use ark_bn254::{Bn254, Fr, G1Affine, G1Projective};
use ark_ec::CurveGroup;
use ark_ec::pairing::Pairing;
use ark_ff::{AdditiveGroup, PrimeField, Zero};
use ark_serialize::CanonicalSerialize;
use records::field_to_bytes;
use sha2::{Digest, Sha256};

use crate::{FoldedKey, Proof, ProofError};

/// One proof of a batch.
#[derive(Debug, Clone)]
pub struct BatchItem<'a> {
    /// Key of the statement's record.
    pub key: &'a FoldedKey,
    /// The proof.
    pub proof: Proof,
    /// Values of the key's parameters.
    pub values: &'a [Fr],
}

/// Verifies many proofs, whose keys are folded from one circuit key, and says of each whether
/// it holds. Where all do, it costs one Miller loop each and one final exponentiation; each bad
/// proof costs about log₂(n) further products.
pub fn verify_batch(items: &[BatchItem<'_>]) -> Vec<Result<(), ProofError>> {
    let mut results = vec![Ok(()); items.len()];
    let mut open: Vec<usize> = Vec::with_capacity(items.len());
    let circuit = items.first().map(|item| item.key);
    for (index, item) in items.iter().enumerate() {
        if item.values.len() != item.key.parameters() {
            results[index] = Err(ProofError::Inputs);
        } else if circuit.is_some_and(|first| !first.is_of_same_circuit(item.key)) {
            // Of another circuit key: cannot share the product.
            results[index] = item.key.verify_proof(&item.proof, item.values);
        } else {
            open.push(index);
        }
    }
    bisect(items, &open, &mut results);
    results
}

fn bisect(items: &[BatchItem<'_>], open: &[usize], results: &mut [Result<(), ProofError>]) {
    match open {
        [] => {}
        [index] => {
            results[*index] =
                items[*index].key.verify_proof(&items[*index].proof, items[*index].values)
        }
        _ if holds(items, open) => {}
        _ => {
            let (left, right) = open.split_at(open.len() / 2);
            bisect(items, left, results);
            bisect(items, right, results);
        }
    }
}

/// `Π e(w_j A_j, B_j) = e(α, β)^{Σ w_j} · e(Σ w_j IC_j, γ) · e(Σ w_j C_j, δ)`.
fn holds(items: &[BatchItem<'_>], open: &[usize]) -> bool {
    let Some(first) = open.first().map(|index| items[*index].key) else { return true };
    let weights = weights(items, open);
    let mut g1: Vec<G1Affine> = Vec::with_capacity(open.len() + 3);
    let mut g2: Vec<<Bn254 as Pairing>::G2Prepared> = Vec::with_capacity(open.len() + 3);
    let mut weighted = Vec::with_capacity(open.len());
    let mut c = G1Projective::zero();
    let mut total = Fr::ZERO;
    // For each key the weighted sum of its parameters: they are linear, so one combination a key.
    let mut sums: BTreeMap<*const FoldedKey, (&FoldedKey, Fr, Vec<Fr>)> = BTreeMap::new();
    for (index, weight) in open.iter().zip(&weights) {
        let item = &items[*index];
        weighted.push(item.proof.a * weight);
        g2.push(item.proof.b.into());
        c += item.proof.c * weight;
        total += weight;
        let empty = || (item.key, Fr::ZERO, vec![Fr::ZERO; item.values.len()]);
        let (_, one, values) = sums.entry(std::ptr::from_ref(item.key)).or_insert_with(empty);
        *one += weight;
        for (sum, value) in values.iter_mut().zip(item.values) {
            *sum += *value * weight;
        }
    }
    let mut inputs = G1Projective::zero();
    for (key, one, values) in sums.values() {
        let Ok(sum) = key.combine(*one, values) else { return false };
        inputs += sum;
    }
    g1.extend(G1Projective::normalize_batch(&weighted));
    g1.extend([(-(first.alpha_g1 * total)).into_affine(), inputs.into_affine(), c.into_affine()]);
    g2.extend([first.beta_g2.into(), first.minus_gamma.clone(), first.minus_delta.clone()]);
    let product = Bn254::multi_miller_loop(g1, g2);
    Bn254::final_exponentiation(product).is_some_and(|result| result.is_zero())
}

/// 128-bit weights from a hash of everything in the batch: whoever chooses the proofs cannot
/// choose the weights.
fn weights(items: &[BatchItem<'_>], open: &[usize]) -> Vec<Fr> {
    let mut transcript = Sha256::new();
    transcript.update("vouch/v1/batch\0");
    for index in open {
        let item = &items[*index];
        transcript.update(item.proof.to_bytes().as_bytes());
        let mut points = Vec::new();
        for point in &item.key.ic {
            // Writing to a vector does not fail.
            let _ = point.serialize_uncompressed(&mut points);
        }
        transcript.update(points);
        transcript.update((item.values.len() as u64).to_be_bytes());
        item.values.iter().for_each(|value| transcript.update(field_to_bytes(*value)));
    }
    let seed: [u8; 32] = transcript.finalize().into();
    let weight = |index: u64| {
        let hash = Sha256::new().chain_update(seed).chain_update(index.to_be_bytes()).finalize();
        Fr::from_be_bytes_mod_order(&hash[..16])
    };
    (0..open.len() as u64).map(weight).collect()
}

impl FoldedKey {
    fn is_of_same_circuit(&self, other: &Self) -> bool {
        self.alpha_g1 == other.alpha_g1
            && self.beta_g2 == other.beta_g2
            && self.gamma_g2 == other.gamma_g2
            && self.delta_g2 == other.delta_g2
    }
}
