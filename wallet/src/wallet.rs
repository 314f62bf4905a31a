//! The wallet itself: opened, changed, saved.

use std::fmt;
use std::path::Path;

use age::secrecy::SecretString;
use ark_ff::UniformRand;
use rand::rngs::OsRng;
use records::{Fr, HolderSecret};
use zeroize::Zeroize;

use crate::contents::Contents;
use crate::error::WalletError;
use crate::file::WalletFile;
use crate::seal::{self, SealError, WorkFactor};

/// A holder's wallet, open. No other process can open it meanwhile.
///
/// Every change is on disk when the method that makes it returns; after an error, nothing has
/// changed. Each save costs one passphrase derivation (about a second by default), so whatever
/// comes in numbers has a method of its own: [`Wallet::new_tags`], [`Wallet::add_all`].
pub struct Wallet {
    file: WalletFile,
    passphrase: SecretString,
    contents: Contents,
}

impl fmt::Debug for Wallet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Wallet(private)")
    }
}

impl Wallet {
    /// Makes a wallet with a new holder secret.
    ///
    /// # Errors
    /// [`WalletError::File`] where there is one already or the file cannot be written;
    /// [`SealError::EmptyPassphrase`].
    pub fn create(path: &Path, passphrase: &str) -> Result<Self, WalletError> {
        Self::create_with(path, passphrase, WorkFactor::STRONG)
    }

    /// As [`Wallet::create`], with another cost of a try at the passphrase. The wallet keeps it.
    ///
    /// # Errors
    /// As for [`Wallet::create`].
    pub fn create_with(
        path: &Path,
        passphrase: &str,
        work_factor: WorkFactor,
    ) -> Result<Self, WalletError> {
        let passphrase = parse_passphrase(passphrase)?;
        let file = WalletFile::create(path)?;
        let mut drawn = Fr::rand(&mut OsRng);
        let contents = Contents::new(HolderSecret::from_field(drawn), work_factor);
        drawn.zeroize();
        let wallet = Self { file, passphrase, contents };
        wallet.save(&wallet.contents)?;
        Ok(wallet)
    }

    /// Opens a wallet.
    ///
    /// # Errors
    /// [`WalletError::File`] where there is none, or another process has it open;
    /// [`SealError::WrongPassphrase`]; [`SealError::Damaged`]; [`WalletError::Contents`] for a
    /// wallet of another version.
    pub fn open(path: &Path, passphrase: &str) -> Result<Self, WalletError> {
        let passphrase = parse_passphrase(passphrase)?;
        let file = WalletFile::open(path)?;
        let opened = seal::open(&file.read()?, &passphrase)?;
        let contents = Contents::from_bytes(&opened)?;
        Ok(Self { file, passphrase, contents })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.file.path()
    }

    /// Seals the wallet with another passphrase, and its cost. Copies of the old file still
    /// open with the old one.
    ///
    /// # Errors
    /// [`SealError::EmptyPassphrase`], [`WalletError::File`].
    pub fn change_passphrase(
        &mut self,
        passphrase: &str,
        work_factor: WorkFactor,
    ) -> Result<(), WalletError> {
        let passphrase = parse_passphrase(passphrase)?;
        let old = std::mem::replace(&mut self.passphrase, passphrase);
        let changed = self.change(|contents| {
            contents.work_factor = work_factor;
            Ok(())
        });
        if changed.is_err() {
            self.passphrase = old;
        }
        changed
    }

    pub(crate) fn contents(&self) -> &Contents {
        &self.contents
    }

    /// Applies a change to a copy, saves it, and only then takes it: memory and file agree.
    pub(crate) fn change<T>(
        &mut self,
        edit: impl FnOnce(&mut Contents) -> Result<T, WalletError>,
    ) -> Result<T, WalletError> {
        let mut next = self.contents.clone();
        let result = edit(&mut next)?;
        self.commit(next)?;
        Ok(result)
    }

    /// Saves other contents and takes them.
    pub(crate) fn commit(&mut self, next: Contents) -> Result<(), WalletError> {
        self.save(&next)?;
        self.contents = next;
        Ok(())
    }

    fn save(&self, contents: &Contents) -> Result<(), WalletError> {
        let plaintext = contents.to_bytes()?;
        let sealed = seal::seal(&plaintext, &self.passphrase, contents.work_factor)?;
        Ok(self.file.replace(&sealed)?)
    }
}

fn parse_passphrase(text: &str) -> Result<SecretString, SealError> {
    if text.is_empty() {
        return Err(SealError::EmptyPassphrase);
    }
    Ok(SecretString::from(text.to_owned()))
}
