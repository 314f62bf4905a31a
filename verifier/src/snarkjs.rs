//! Keys, proofs and public signals in the JSON forms of snarkjs 0.7, so that software which is
//! not ours can check them.

use ark_bn254::{Bn254, Fq, Fq2, Fq12, Fr, G1Affine, G2Affine};
use ark_ec::AffineRepr;
use ark_ec::pairing::Pairing;
use serde_json::{Value, json};
use statements::{Presentation, ProofBytes, Request};

use crate::{Context, FoldedKey, Proof, ProofError, Refusal, Verifier};

/// What other software needs to decide rule 15 for one record of a presentation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SnarkjsProof {
    /// Name of the record in the statement.
    pub record: String,
    /// The record's folded key: `verification_key.json`.
    pub verification_key: Value,
    /// The proof: `proof.json`.
    pub proof: Value,
    /// Values of the key's parameters: `public.json`.
    pub public_signals: Value,
}

impl Verifier {
    /// Applies rules 1 to 14, and gives what rule 15 is about in the forms of snarkjs: one for
    /// each record, in the statement's order. The presentation is accepted where all of them
    /// hold and rule 16 does too: neither is decided here.
    ///
    /// # Errors
    /// The [`Refusal`] of the first of those rules that the presentation breaks.
    pub fn to_snarkjs(
        &self,
        request: &Request,
        presentation: &Presentation,
        context: &Context<'_>,
    ) -> Result<Vec<SnarkjsProof>, Refusal> {
        let prepared = self.prepare(request, presentation, context)?;
        let records = prepared.entry.statement.records().iter().zip(&prepared.entry.keys);
        let exported =
            records.zip(&prepared.proofs).map(|((record, key), (proof, values))| SnarkjsProof {
                record: record.name.clone(),
                verification_key: key.to_snarkjs(),
                proof: proof.to_snarkjs(),
                public_signals: public_signals_to_snarkjs(values),
            });
        Ok(exported.collect())
    }
}

impl FoldedKey {
    /// The key as snarkjs's `verification_key.json`.
    pub fn to_snarkjs(&self) -> Value {
        json!({
            "protocol": "groth16",
            "curve": "bn128",
            "nPublic": self.parameters(),
            "vk_alpha_1": g1(&self.alpha_g1),
            "vk_beta_2": g2(&self.beta_g2),
            "vk_gamma_2": g2(&self.gamma_g2),
            "vk_delta_2": g2(&self.delta_g2),
            "vk_alphabeta_12": fq12(&Bn254::pairing(self.alpha_g1, self.beta_g2).0),
            "IC": self.ic.iter().map(g1).collect::<Vec<_>>(),
        })
    }
}

/// A proof as snarkjs's `proof.json`.
///
/// # Errors
/// [`ProofError::Malformed`] where the bytes are no proof.
pub fn proof_to_snarkjs(proof: &ProofBytes) -> Result<Value, ProofError> {
    Ok(Proof::from_bytes(proof)?.to_snarkjs())
}

impl Proof {
    fn to_snarkjs(self) -> Value {
        json!({
            "protocol": "groth16",
            "curve": "bn128",
            "pi_a": g1(&self.a),
            "pi_b": g2(&self.b),
            "pi_c": g1(&self.c),
        })
    }
}

/// Values of a folded key's parameters as snarkjs's `public.json`.
pub fn public_signals_to_snarkjs(values: &[Fr]) -> Value {
    values.iter().map(ToString::to_string).collect()
}

/// Projective coordinates in decimal; the zero point is (0, 1, 0).
fn g1(point: &G1Affine) -> Value {
    match point.xy() {
        Some((x, y)) => json!([fq(&x), fq(&y), "1"]),
        None => json!(["0", "1", "0"]),
    }
}

fn g2(point: &G2Affine) -> Value {
    match point.xy() {
        Some((x, y)) => json!([fq2(&x), fq2(&y), ["1", "0"]]),
        None => json!([["0", "0"], ["1", "0"], ["0", "0"]]),
    }
}

fn fq(element: &Fq) -> String {
    element.to_string()
}

fn fq2(element: &Fq2) -> Value {
    json!([fq(&element.c0), fq(&element.c1)])
}

fn fq12(element: &Fq12) -> Value {
    let sextic = |half: &ark_bn254::Fq6| json!([fq2(&half.c0), fq2(&half.c1), fq2(&half.c2)]);
    json!([sextic(&element.c0), sextic(&element.c1)])
}
