//! Sealing at rest: the age file format (age-encryption.org/v1, C2SP `age`) with one scrypt
//! recipient. A wallet can be opened with any age tool and its passphrase.

use std::io::{Read, Write};
use std::iter::once;

use age::secrecy::SecretString;
use age::{DecryptError, Decryptor, Encryptor, scrypt};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// Largest cost that opening accepts: 2^22 takes about 16 seconds and 4 GiB. It bounds what a
/// file of somebody else's making can cost.
const MAX_WORK_FACTOR: u8 = 22;

/// Cost of one try at a passphrase: scrypt with N = 2^factor, r = 8, p = 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct WorkFactor(u8);

impl WorkFactor {
    /// 2^18, age's own choice for passphrases that people remember: about a second and 256 MiB.
    pub const STRONG: Self = Self(18);

    /// 2^`log_n`, from 1 to 22; nothing outside. Below [`WorkFactor::STRONG`] only where the
    /// passphrase is long and random, or nothing is at stake.
    pub const fn new(log_n: u8) -> Option<Self> {
        if log_n >= 1 && log_n <= MAX_WORK_FACTOR { Some(Self(log_n)) } else { None }
    }
}

impl Default for WorkFactor {
    fn default() -> Self {
        Self::STRONG
    }
}

impl From<WorkFactor> for u8 {
    fn from(factor: WorkFactor) -> Self {
        factor.0
    }
}

impl TryFrom<u8> for WorkFactor {
    type Error = &'static str;

    fn try_from(log_n: u8) -> Result<Self, Self::Error> {
        Self::new(log_n).ok_or("a work factor is from 1 to 22")
    }
}

/// Why sealed bytes do not open. No text of a dependency is passed on: it could repeat content.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SealError {
    /// The passphrase is another one.
    #[error("the passphrase is wrong; nothing was changed")]
    WrongPassphrase,
    /// A passphrase without any character.
    #[error("the passphrase is empty")]
    EmptyPassphrase,
    /// The file demands more work than a wallet of ours ever does.
    #[error("the wallet's work factor {0} is higher than {MAX_WORK_FACTOR}")]
    ExcessiveWork(u8),
    /// Not an age file with a passphrase, or damaged.
    #[error("the wallet file is damaged, or no age file sealed with a passphrase")]
    Damaged,
    /// The cipher failed, which it does not on memory.
    #[error("sealing failed")]
    Failed,
}

/// Seals `plaintext` with fresh randomness.
pub(crate) fn seal(
    plaintext: &[u8],
    passphrase: &SecretString,
    factor: WorkFactor,
) -> Result<Vec<u8>, SealError> {
    let mut recipient = scrypt::Recipient::new(passphrase.clone());
    // From 1 to 22 by construction, so age takes it.
    recipient.set_work_factor(factor.0);
    let encryptor =
        Encryptor::with_recipients(once(&recipient as _)).map_err(|_| SealError::Failed)?;
    let mut sealed = Vec::new();
    let mut writer = encryptor.wrap_output(&mut sealed).map_err(|_| SealError::Failed)?;
    writer.write_all(plaintext).map_err(|_| SealError::Failed)?;
    writer.finish().map_err(|_| SealError::Failed)?;
    Ok(sealed)
}

/// Opens what [`seal`] made.
pub(crate) fn open(
    sealed: &[u8],
    passphrase: &SecretString,
) -> Result<Zeroizing<Vec<u8>>, SealError> {
    let mut identity = scrypt::Identity::new(passphrase.clone());
    identity.set_max_work_factor(MAX_WORK_FACTOR);
    let decryptor = Decryptor::new_buffered(sealed).map_err(|_| SealError::Damaged)?;
    let mut reader = decryptor.decrypt(once(&identity as _)).map_err(reason)?;
    // The plaintext is shorter than the file, so the buffer never moves and leaves no copy.
    let mut plaintext = Zeroizing::new(Vec::with_capacity(sealed.len()));
    reader.read_to_end(&mut plaintext).map_err(|_| SealError::Damaged)?;
    Ok(plaintext)
}

fn reason(error: DecryptError) -> SealError {
    match error {
        // The stanza does not open: age has no better sign of a wrong passphrase.
        DecryptError::DecryptionFailed | DecryptError::KeyDecryptionFailed => {
            SealError::WrongPassphrase
        }
        DecryptError::ExcessiveWork { required, .. } => SealError::ExcessiveWork(required),
        _ => SealError::Damaged,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIGHT: WorkFactor = WorkFactor(2);

    fn passphrase(text: &str) -> SecretString {
        SecretString::from(text.to_owned())
    }

    #[test]
    fn opens_with_its_passphrase_only() {
        let sealed = seal(b"plain words", &passphrase("right"), LIGHT).unwrap();
        assert_eq!(open(&sealed, &passphrase("right")).unwrap().as_slice(), b"plain words");
        assert_eq!(open(&sealed, &passphrase("wrong")), Err(SealError::WrongPassphrase));
        assert!(sealed.starts_with(b"age-encryption.org/v1\n-> scrypt "));
        assert!(!sealed.windows(5).any(|window| window == b"plain"));
    }

    #[test]
    fn damage_is_noticed_wherever_it_is() {
        let sealed = seal(&[7; 300], &passphrase("right"), LIGHT).unwrap();
        for position in 0..sealed.len() {
            let mut bad = sealed.clone();
            bad[position] ^= 1;
            assert!(open(&bad, &passphrase("right")).is_err(), "byte {position}");
        }
        assert_eq!(
            open(&sealed[..sealed.len() - 1], &passphrase("right")),
            Err(SealError::Damaged)
        );
        assert_eq!(open(b"", &passphrase("right")), Err(SealError::Damaged));
    }

    #[test]
    fn another_files_cost_is_bounded() {
        let sealed = seal(b"", &passphrase("right"), LIGHT).unwrap();
        let end = sealed.windows(4).position(|window| window == b"\n---").unwrap();
        let head = std::str::from_utf8(&sealed[..end]).unwrap();
        let costly = head.replacen(" 2\n", " 40\n", 1);
        assert_ne!(head, costly);
        let bad = [costly.as_bytes(), &sealed[end..]].concat();
        assert_eq!(open(&bad, &passphrase("right")), Err(SealError::ExcessiveWork(40)));
    }

    #[test]
    fn work_factors_are_bounded() {
        assert_eq!(WorkFactor::new(0), None);
        assert_eq!(WorkFactor::new(23), None);
        assert_eq!(WorkFactor::default(), WorkFactor::new(18).unwrap());
    }
}
