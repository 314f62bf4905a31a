//! Verification keys of the presentation circuit.

use std::fmt;
use std::str::FromStr;

use ark_bn254::{G1Affine, G2Affine};
use ark_ec::AffineRepr;
use ark_serialize::{CanonicalDeserialize, CanonicalSerialize};
use records::decode_hex;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest, Sha256};
use statements::layout::COUNT;

/// Elements IC of the circuit's key: the constant one and each public input.
pub(crate) const IC_LENGTH: usize = COUNT + 1;

/// Bytes of an encoded key: α (32), β, γ, δ (64 each), IC (32 each).
const KEY_BYTES: usize = 32 + 3 * 64 + IC_LENGTH * 32;

/// The Groth16 verification key of the presentation circuit. Only checked keys exist: all points
/// on the curve, in the subgroup and not zero where that would be unsound, and γ ≠ δ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerificationKey {
    pub(crate) alpha_g1: G1Affine,
    pub(crate) beta_g2: G2Affine,
    pub(crate) gamma_g2: G2Affine,
    pub(crate) delta_g2: G2Affine,
    pub(crate) ic: Vec<G1Affine>,
}

/// SHA-256 of an encoded verification key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyDigest([u8; 32]);

/// A key that a verifier trusts, and where it comes from. Never one that a caller brings.
#[derive(Debug, Clone)]
pub struct PinnedKey {
    /// The key.
    pub key: VerificationKey,
    /// Whether it comes from a development set-up, whose maker could forge proofs.
    pub development: bool,
}

/// Why bytes are no verification key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// Too few or too many bytes.
    #[error("the verification key has {0} bytes; a key of this circuit has {KEY_BYTES}")]
    Length(usize),
    /// Bytes that are no point of the group.
    #[error("{0} of the verification key is not a point of the group")]
    Point(&'static str),
    /// The zero of the group, with which everything would verify.
    #[error("{0} of the verification key is zero")]
    Zero(&'static str),
    /// γ = δ: the set-up's second phase was never run, and proofs can be forged.
    #[error("gamma and delta of the verification key are equal: its set-up is not finished")]
    GammaIsDelta,
    /// Another number of public inputs.
    #[error("the verification key is for {0} public inputs; the circuit has {COUNT}")]
    PublicInputs(usize),
}

impl VerificationKey {
    /// Makes a key of its parts, in the names of the Groth16 paper.
    ///
    /// # Errors
    /// [`KeyError`] where a part is not in its group, or zero, or γ = δ.
    pub fn new(
        alpha_g1: G1Affine,
        beta_g2: G2Affine,
        gamma_g2: G2Affine,
        delta_g2: G2Affine,
        ic: Vec<G1Affine>,
    ) -> Result<Self, KeyError> {
        if ic.len() != IC_LENGTH {
            return Err(KeyError::PublicInputs(ic.len().saturating_sub(1)));
        }
        check_g1("alpha", alpha_g1)?;
        check_g2("beta", beta_g2)?;
        check_g2("gamma", gamma_g2)?;
        check_g2("delta", delta_g2)?;
        // A public input that the circuit does not constrain would be zero here.
        ic.iter().try_for_each(|point| check_g1("IC", *point))?;
        if gamma_g2 == delta_g2 {
            return Err(KeyError::GammaIsDelta);
        }
        Ok(Self { alpha_g1, beta_g2, gamma_g2, delta_g2, ic })
    }

    /// Reads an encoded key with all checks.
    ///
    /// # Errors
    /// [`KeyError`] for anything but the bytes that [`VerificationKey::to_bytes`] writes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, KeyError> {
        if bytes.len() != KEY_BYTES {
            return Err(KeyError::Length(bytes.len()));
        }
        let mut rest = bytes;
        let alpha_g1 = read(&mut rest, "alpha")?;
        let beta_g2 = read(&mut rest, "beta")?;
        let gamma_g2 = read(&mut rest, "gamma")?;
        let delta_g2 = read(&mut rest, "delta")?;
        let ic = (0..IC_LENGTH).map(|_| read(&mut rest, "IC")).collect::<Result<_, _>>()?;
        Self::new(alpha_g1, beta_g2, gamma_g2, delta_g2, ic)
    }

    /// The encoded key: compressed points in the order α, β, γ, δ, IC.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(KEY_BYTES);
        // Writing to a vector does not fail.
        let _ = self.alpha_g1.serialize_compressed(&mut bytes);
        for point in [&self.beta_g2, &self.gamma_g2, &self.delta_g2] {
            let _ = point.serialize_compressed(&mut bytes);
        }
        for point in &self.ic {
            let _ = point.serialize_compressed(&mut bytes);
        }
        bytes
    }

    /// Hash of the encoded key.
    pub fn digest(&self) -> KeyDigest {
        KeyDigest(Sha256::digest(self.to_bytes()).into())
    }
}

fn read<T: CanonicalDeserialize>(rest: &mut &[u8], part: &'static str) -> Result<T, KeyError> {
    T::deserialize_compressed(rest).map_err(|_| KeyError::Point(part))
}

fn check_g1(part: &'static str, point: G1Affine) -> Result<(), KeyError> {
    if !point.is_on_curve() || !point.is_in_correct_subgroup_assuming_on_curve() {
        return Err(KeyError::Point(part));
    }
    if point.is_zero() { Err(KeyError::Zero(part)) } else { Ok(()) }
}

fn check_g2(part: &'static str, point: G2Affine) -> Result<(), KeyError> {
    if !point.is_on_curve() || !point.is_in_correct_subgroup_assuming_on_curve() {
        return Err(KeyError::Point(part));
    }
    if point.is_zero() { Err(KeyError::Zero(part)) } else { Ok(()) }
}

impl KeyDigest {
    /// The bytes of the hash.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for KeyDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for KeyDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyDigest({self})")
    }
}

/// A text that is no key digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a key digest is 64 lower-case hexadecimal digits")]
pub struct ParseKeyDigestError;

impl FromStr for KeyDigest {
    type Err = ParseKeyDigestError;

    fn from_str(text: &str) -> Result<Self, ParseKeyDigestError> {
        decode_hex(text).map(Self).ok_or(ParseKeyDigestError)
    }
}

impl Serialize for KeyDigest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for KeyDigest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}
