//! Groth16 proofs, parsed with all checks.

use ark_bn254::{G1Affine, G2Affine};
use ark_ec::AffineRepr;
use ark_serialize::{CanonicalDeserialize, CanonicalSerialize};
use statements::{PROOF_BYTES, ProofBytes};

/// A Groth16 proof whose points are on the curve, in the subgroup and not zero. It says nothing
/// yet about the equation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proof {
    pub(crate) a: G1Affine,
    pub(crate) b: G2Affine,
    pub(crate) c: G1Affine,
}

/// Why a proof is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProofError {
    /// The bytes are not three points of the groups.
    #[error("the proof is not made of points of the groups")]
    Malformed,
    /// Another number of values than the key has parameters.
    #[error("the number of public inputs is not that of the key")]
    Inputs,
    /// The pairing equation does not hold.
    #[error("the proof does not hold")]
    Invalid,
}

impl Proof {
    /// Takes the points A, B and C of the Groth16 paper.
    ///
    /// # Errors
    /// [`ProofError::Malformed`] where one is not of its group, or zero.
    pub fn new(a: G1Affine, b: G2Affine, c: G1Affine) -> Result<Self, ProofError> {
        let g1 = |point: G1Affine| {
            !point.is_zero()
                && point.is_on_curve()
                && point.is_in_correct_subgroup_assuming_on_curve()
        };
        let b_good =
            !b.is_zero() && b.is_on_curve() && b.is_in_correct_subgroup_assuming_on_curve();
        if g1(a) && b_good && g1(c) { Ok(Self { a, b, c }) } else { Err(ProofError::Malformed) }
    }

    /// Reads compressed points, each checked to be on the curve and in the subgroup.
    ///
    /// # Errors
    /// [`ProofError::Malformed`] for any other bytes, and for points that are zero.
    pub fn from_bytes(bytes: &ProofBytes) -> Result<Self, ProofError> {
        let mut rest = bytes.as_bytes().as_slice();
        let a = read(&mut rest)?;
        let b = read(&mut rest)?;
        let c = read(&mut rest)?;
        Self::new(a, b, c)
    }

    /// Compressed points.
    pub fn to_bytes(&self) -> ProofBytes {
        let mut bytes = Vec::with_capacity(PROOF_BYTES);
        // Writing to a vector does not fail; the three points have 32, 64 and 32 bytes.
        let _ = self.a.serialize_compressed(&mut bytes);
        let _ = self.b.serialize_compressed(&mut bytes);
        let _ = self.c.serialize_compressed(&mut bytes);
        ProofBytes::new(bytes.try_into().unwrap_or([0; PROOF_BYTES]))
    }
}

fn read<T: CanonicalDeserialize>(rest: &mut &[u8]) -> Result<T, ProofError> {
    T::deserialize_compressed(rest).map_err(|_| ProofError::Malformed)
}
