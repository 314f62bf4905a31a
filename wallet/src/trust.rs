//! Ledgers whose checkpoints the holder trusts, and what they were seen to sign.

use records::{Checkpoint, LedgerKey, Origin, SignedCheckpoint};

use crate::contents::{Contents, KnownLedger};
use crate::error::{LedgerTrouble, WalletError};
use crate::wallet::Wallet;

/// How far a ledger's clock may run ahead of this device's, in seconds; verifiers grant no more.
const CLOCK_SKEW: u64 = 60;

impl Wallet {
    /// Trusts a ledger's key. Where the key comes from is the holder's decision: a service that
    /// hands out both key and checkpoints can invent a ledger.
    ///
    /// # Errors
    /// [`WalletError::OtherKey`] where another key is trusted for that ledger.
    pub fn trust_ledger(&mut self, key: LedgerKey) -> Result<(), WalletError> {
        self.trust_ledgers([key])
    }

    /// Trusts several at the cost of one save; none at all where all are trusted already.
    ///
    /// # Errors
    /// As for [`Wallet::trust_ledger`]; then none is added.
    pub fn trust_ledgers(
        &mut self,
        keys: impl IntoIterator<Item = LedgerKey>,
    ) -> Result<(), WalletError> {
        let mut new = Vec::new();
        for key in keys {
            match self.contents().ledgers.get(key.origin()) {
                Some(known) if known.key == key => {}
                Some(_) => return Err(WalletError::OtherKey(key.origin().clone())),
                None => new.push(key),
            }
        }
        if new.is_empty() {
            return Ok(());
        }
        self.change(|contents| {
            for key in new {
                let origin = key.origin().clone();
                contents.ledgers.insert(origin, KnownLedger { key, checkpoint: None });
            }
            Ok(())
        })
    }

    /// Trusts a ledger no longer, and forgets what it was seen to sign.
    ///
    /// # Errors
    /// [`LedgerTrouble::Untrusted`] where it is not trusted.
    pub fn distrust_ledger(&mut self, origin: &Origin) -> Result<(), WalletError> {
        self.change(|contents| {
            let known = contents.ledgers.remove(origin);
            known.map(drop).ok_or_else(|| LedgerTrouble::Untrusted.of(origin))
        })
    }

    /// The keys of the ledgers that are trusted.
    pub fn ledger_keys(&self) -> Vec<LedgerKey> {
        self.contents().ledgers.values().map(|known| known.key.clone()).collect()
    }
}

impl LedgerTrouble {
    /// With the ledger's name.
    pub(crate) fn of(self, ledger: &Origin) -> WalletError {
        WalletError::Ledger { ledger: ledger.clone(), error: self }
    }
}

impl Contents {
    /// The newest checkpoint seen of a ledger.
    pub(crate) fn checkpoint(
        &self,
        origin: &Origin,
    ) -> Result<Option<(SignedCheckpoint, Checkpoint)>, LedgerTrouble> {
        let known = self.ledgers.get(origin).ok_or(LedgerTrouble::Untrusted)?;
        let Some(signed) = known.checkpoint.clone() else { return Ok(None) };
        let checkpoint = signed.verify(&known.key)?;
        Ok(Some((signed, checkpoint)))
    }

    /// Takes a checkpoint after checking its signature, its time, and that it does not
    /// contradict the newest one seen; returns the newer of the two.
    ///
    /// What is not enforced: that a longer log contains the shorter one; auditors check that
    /// with consistency proofs.
    pub(crate) fn accept(
        &mut self,
        origin: &Origin,
        signed: SignedCheckpoint,
        now: u64,
    ) -> Result<(SignedCheckpoint, Checkpoint), LedgerTrouble> {
        let seen = self.checkpoint(origin)?;
        let known = self.ledgers.get_mut(origin).ok_or(LedgerTrouble::Untrusted)?;
        let new = signed.verify(&known.key)?;
        if new.time > now.saturating_add(CLOCK_SKEW) {
            return Err(LedgerTrouble::Future);
        }
        if let Some((old_signed, old)) = seen {
            if contradict(&old, &new) {
                return Err(LedgerTrouble::Contradiction);
            }
            if (new.size, new.time) < (old.size, old.time) {
                return Ok((old_signed, old));
            }
        }
        known.checkpoint = Some(signed.clone());
        Ok((signed, new))
    }
}

/// Whether no append-only log can have both states.
fn contradict(a: &Checkpoint, b: &Checkpoint) -> bool {
    if a.size == b.size {
        return (a.log_root, a.state_root) != (b.log_root, b.state_root);
    }
    (a.size < b.size && a.time > b.time) || (b.size < a.size && b.time > a.time)
}
