//! The key with which a ledger signs its checkpoints: Ed25519 in C2SP signed notes, kept as
//! note key text, `PRIVATE+KEY+name+hash+key`.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use ed25519_dalek::SigningKey;
use rand::rngs::OsRng;
use records::{Checkpoint, CheckpointError, LedgerKey, Origin, SignedCheckpoint};
use signed_note::{Note, StandardSigner};
use zeroize::Zeroizing;

/// A ledger's signing key.
///
/// Secret: not printable, zeroized on drop. The text that is read from and written to a key
/// file passes through `signed_note`, which may leave a copy of it in freed memory.
pub struct LedgerSigner {
    text: Zeroizing<String>,
    signer: StandardSigner,
    key: LedgerKey,
}

/// Why a text is no signing key, or a checkpoint was not signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignerError {
    /// Not a private note key of Ed25519. Says nothing about the text: it may be a secret.
    #[error("the signing key is not a private note key of Ed25519")]
    Key,
    /// The key is of another ledger than the checkpoint.
    #[error("the signing key is of {key}, the ledger is {ledger}")]
    OtherOrigin {
        /// Name in the key.
        key: Origin,
        /// Name in the checkpoint.
        ledger: Origin,
    },
    /// The checkpoint makes no signed note.
    #[error("the checkpoint makes no signed note")]
    Note,
    /// The name in the key is not one that ledgers have.
    #[error(transparent)]
    Name(#[from] CheckpointError),
}

impl LedgerSigner {
    /// A new key for the ledger of that name, from the system's randomness.
    ///
    /// # Errors
    /// [`SignerError::Key`]; not for a name that [`Origin`] accepts.
    pub fn generate(origin: &Origin) -> Result<Self, SignerError> {
        let (secret, _) = signed_note::generate_key(&mut OsRng, origin.as_str());
        Self::from_text(Zeroizing::new(secret))
    }

    /// Reads `PRIVATE+KEY+name+hash+key`.
    ///
    /// # Errors
    /// [`SignerError`] for any other text.
    pub fn from_text(text: Zeroizing<String>) -> Result<Self, SignerError> {
        let signer = StandardSigner::new(&text).map_err(|_| SignerError::Key)?;
        // Base64 has a plus sign of its own: the key is all that follows the fourth one.
        let mut parts = text.splitn(5, '+').skip(2);
        let (name, key) = (parts.next(), parts.nth(1));
        let (Some(name), Some(key)) = (name, key) else {
            return Err(SignerError::Key);
        };
        let bytes = Zeroizing::new(BASE64.decode(key).map_err(|_| SignerError::Key)?);
        // The first byte is the algorithm, which `StandardSigner` has checked.
        let seed = bytes.last_chunk().ok_or(SignerError::Key)?;
        let public = SigningKey::from_bytes(seed).verifying_key();
        let key = LedgerKey::parse(&signed_note::new_ed25519_verifier_key(name, &public))?;
        Ok(Self { text, signer, key })
    }

    /// The key as text: a secret.
    pub fn secret_text(&self) -> &str {
        &self.text
    }

    /// The public key.
    pub fn key(&self) -> &LedgerKey {
        &self.key
    }

    /// Name of the ledger.
    pub fn origin(&self) -> &Origin {
        self.key.origin()
    }

    /// Signs a checkpoint.
    ///
    /// # Errors
    /// [`SignerError::OtherOrigin`] for a checkpoint of another ledger.
    pub fn sign(&self, checkpoint: &Checkpoint) -> Result<SignedCheckpoint, SignerError> {
        if checkpoint.origin != *self.origin() {
            return Err(SignerError::OtherOrigin {
                key: self.origin().clone(),
                ledger: checkpoint.origin.clone(),
            });
        }
        let text = checkpoint.to_text();
        let mut note = Note::new(text.as_bytes(), &[]).map_err(|_| SignerError::Note)?;
        note.add_sigs(&[&self.signer]).map_err(|_| SignerError::Note)?;
        Ok(SignedCheckpoint::from_bytes(&note.to_bytes())?)
    }
}

impl fmt::Debug for LedgerSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LedgerSigner({}, secret)", self.origin())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use records::tree::empty_root;

    fn origin() -> Origin {
        Origin::new("traffic.vouch.example").unwrap()
    }

    fn checkpoint() -> Checkpoint {
        Checkpoint {
            origin: origin(),
            size: 3,
            log_root: [7; 32],
            state_root: empty_root(),
            time: 1_767_225_600,
        }
    }

    #[test]
    fn what_is_signed_verifies() {
        let signer = LedgerSigner::generate(&origin()).unwrap();
        let signed = signer.sign(&checkpoint()).unwrap();
        assert_eq!(signed.verify(signer.key()).unwrap(), checkpoint());
        let again = LedgerSigner::from_text(signer.secret_text().to_owned().into()).unwrap();
        assert_eq!(again.key(), signer.key());
        let stranger = LedgerSigner::generate(&origin()).unwrap();
        assert!(signed.verify(stranger.key()).is_err());
    }

    #[test]
    fn checkpoints_of_others_are_not_signed() {
        let signer = LedgerSigner::generate(&Origin::new("tax.vouch.example").unwrap()).unwrap();
        let refused = signer.sign(&checkpoint());
        assert!(matches!(refused, Err(SignerError::OtherOrigin { .. })));
    }

    #[test]
    fn malformed_keys_are_refused_and_not_repeated() {
        let good = LedgerSigner::generate(&origin()).unwrap().secret_text().to_owned();
        for bad in [
            String::new(),
            good.replace("PRIVATE", "PUBLIC"),
            good.replace("traffic", "customs"),
            format!("{good}AAAA"),
            good[..good.len() - 4].to_owned(),
        ] {
            let error = LedgerSigner::from_text(bad.into()).unwrap_err();
            assert_eq!(error, SignerError::Key);
        }
    }

    #[test]
    fn debug_prints_no_secret() {
        let signer = LedgerSigner::generate(&origin()).unwrap();
        assert_eq!(format!("{signer:?}"), "LedgerSigner(traffic.vouch.example, secret)");
    }
}
