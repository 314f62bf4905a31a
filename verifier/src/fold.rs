//! Folded keys: the circuit's verification key composed with a statement's affine map
//! (docs/protocol/folding.md).
//!
//! `IC'_0 = IC_0 + Σ constant_i · IC_i` and `IC'_d = Σ_{i repeats d} IC_i`: a standard Groth16
//! key whose public inputs are the statement's parameters.

use ark_bn254::{Bn254, Fr, G1Affine, G1Projective, G2Affine};
use ark_ec::pairing::{Pairing, PairingOutput};
use ark_ec::{AffineRepr, CurveGroup};
use ark_ff::{AdditiveGroup, Field, PrimeField, Zero};
use statements::{AffineMap, ProofBytes};

use crate::key::{IC_LENGTH, KeyError};
use crate::{Proof, ProofError, VerificationKey};

/// Multiples of one point, 1 to 15: a window of four bits.
type Window = [G1Affine; 15];

/// A statement's own Groth16 key, prepared for verification.
#[derive(Debug, Clone)]
pub struct FoldedKey {
    pub(crate) alpha_g1: G1Affine,
    pub(crate) beta_g2: G2Affine,
    pub(crate) gamma_g2: G2Affine,
    pub(crate) delta_g2: G2Affine,
    pub(crate) ic: Vec<G1Affine>,
    alpha_beta: PairingOutput<Bn254>,
    pub(crate) minus_gamma: <Bn254 as Pairing>::G2Prepared,
    pub(crate) minus_delta: <Bn254 as Pairing>::G2Prepared,
    windows: Vec<Window>,
}

impl VerificationKey {
    /// Folds the key with an affine map.
    ///
    /// # Errors
    /// [`KeyError::PublicInputs`] for a map of another circuit.
    pub fn fold(&self, map: &AffineMap) -> Result<FoldedKey, KeyError> {
        if map.constants.len() + 1 != IC_LENGTH {
            return Err(KeyError::PublicInputs(map.constants.len()));
        }
        let (one, inputs) = self.ic.split_first().ok_or(KeyError::PublicInputs(0))?;
        let constants = inputs.iter().zip(&map.constants).filter(|(_, c)| !c.is_zero());
        let fixed = constants.fold(one.into_group(), |sum, (point, constant)| {
            if *constant == Fr::ONE { sum + point } else { sum + *point * constant }
        });
        let repeated = map.rows.iter().map(|row| {
            let points = row.positions.iter().filter_map(|position| inputs.get(*position));
            points.fold(G1Projective::zero(), |sum, point| sum + point)
        });
        let points: Vec<_> = std::iter::once(fixed).chain(repeated).collect();
        let ic = G1Projective::normalize_batch(&points);
        Ok(FoldedKey {
            alpha_g1: self.alpha_g1,
            beta_g2: self.beta_g2,
            gamma_g2: self.gamma_g2,
            delta_g2: self.delta_g2,
            alpha_beta: Bn254::pairing(self.alpha_g1, self.beta_g2),
            minus_gamma: (-self.gamma_g2).into(),
            minus_delta: (-self.delta_g2).into(),
            windows: ic.iter().skip(1).map(|point| window(*point)).collect(),
            ic,
        })
    }
}

impl FoldedKey {
    /// Number of parameters.
    pub fn parameters(&self) -> usize {
        self.windows.len()
    }

    /// Verifies one proof with the values of the parameters.
    ///
    /// # Errors
    /// [`ProofError`] where the bytes are no proof, the number of values is another, or the
    /// equation does not hold.
    pub fn verify(&self, proof: &ProofBytes, values: &[Fr]) -> Result<(), ProofError> {
        self.verify_proof(&Proof::from_bytes(proof)?, values)
    }

    /// Verifies one parsed proof: `e(A, B) = e(α, β) · e(Σ values_i · IC_i, γ) · e(C, δ)`.
    ///
    /// # Errors
    /// [`ProofError`] where the number of values is another or the equation does not hold.
    pub fn verify_proof(&self, proof: &Proof, values: &[Fr]) -> Result<(), ProofError> {
        let inputs = self.combine(Fr::ONE, values)?;
        let g1 = [proof.a, inputs.into_affine(), proof.c];
        let g2 = [proof.b.into(), self.minus_gamma.clone(), self.minus_delta.clone()];
        let product = Bn254::multi_miller_loop(g1, g2);
        match Bn254::final_exponentiation(product) {
            Some(result) if result == self.alpha_beta => Ok(()),
            _ => Err(ProofError::Invalid),
        }
    }

    /// `one · IC_0 + Σ values_i · IC_i`, all points sharing the doublings.
    pub(crate) fn combine(&self, one: Fr, values: &[Fr]) -> Result<G1Projective, ProofError> {
        if values.len() != self.windows.len() {
            return Err(ProofError::Inputs);
        }
        let digits: Vec<[u64; 4]> = values.iter().map(|value| value.into_bigint().0).collect();
        let mut sum = G1Projective::zero();
        for nibble in (0..64).rev() {
            for _ in 0..4 {
                sum.double_in_place();
            }
            for (limbs, window) in digits.iter().zip(&self.windows) {
                let digit = (limbs[nibble / 16] >> (4 * (nibble % 16))) & 15;
                if let Some(multiple) = (digit as usize).checked_sub(1).map(|i| window[i]) {
                    sum += multiple;
                }
            }
        }
        let first = self.ic.first().copied().unwrap_or_default();
        let first = if one == Fr::ONE { first.into_group() } else { first * one };
        Ok(sum + first)
    }
}

fn window(point: G1Affine) -> Window {
    let mut multiples = [point.into_group(); 15];
    for i in 1..15 {
        multiples[i] = multiples[i - 1] + point;
    }
    let affine = G1Projective::normalize_batch(&multiples);
    affine.try_into().unwrap_or([G1Affine::zero(); 15])
}
