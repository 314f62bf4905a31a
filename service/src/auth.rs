//! Tokens of departments: each lets its bearer append to one ledger.
//!
//! A token is `vouch_` and 32 random bytes in base64url. Only its SHA-256 is kept. A slow
//! password hash such as argon2 would add nothing: it makes guessing expensive where secrets are
//! guessable, and 256 random bits are not. It would add a lever for exhausting the server.
//!
//! Each token is a file `<id>.json` in one folder, and its id the first 8 bytes of its hash. So
//! a request costs one small read, and a token that another process issues or revokes is known
//! to the running service with the next request. The id says nothing about the token.

mod files;
mod token;

use std::path::{Path, PathBuf};

use records::Origin;
use serde::{Deserialize, Serialize};

pub use token::{Token, TokenId};

/// The tokens in one folder.
#[derive(Debug, Clone)]
pub struct TokenStore {
    folder: PathBuf,
}

/// What is kept of a token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenRecord {
    /// Names the token in lists and in `revoke`.
    pub id: TokenId,
    /// The only ledger that it is good for.
    pub ledger: Origin,
    /// What the operator called it.
    pub label: String,
    /// When it was issued, in seconds since 1970.
    pub created_at: u64,
    /// When it ends, in seconds since 1970; never where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<u64>,
    /// When it was revoked, in seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<u64>,
    /// SHA-256 of the token, in hexadecimal.
    hash: String,
}

/// Why a bearer is not let in. Outside all but [`Denied::OtherLedger`] look alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Denied {
    /// Not a token that was issued here.
    #[error("the token is unknown")]
    Unknown,
    /// Revoked.
    #[error("the token is revoked")]
    Revoked,
    /// Past its end.
    #[error("the token has expired")]
    Expired,
    /// A good token, for another ledger.
    #[error("the token is for another ledger")]
    OtherLedger,
}

/// What went wrong with the folder of tokens.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TokenError {
    /// The file system failed.
    #[error("the token folder: {0}")]
    Io(#[from] std::io::Error),
    /// A file is not what was written.
    #[error("the token file {0} is damaged")]
    Damaged(PathBuf),
    /// There is no such token.
    #[error("there is no token {0}")]
    Missing(TokenId),
}

impl TokenStore {
    /// Opens a folder, or makes one that only its owner can read.
    ///
    /// # Errors
    /// [`TokenError::Io`].
    pub fn open(folder: &Path) -> Result<Self, TokenError> {
        files::make_folder(folder)?;
        Ok(Self { folder: folder.to_owned() })
    }

    /// Issues a token for a ledger. It is shown now and never again.
    ///
    /// *Durability*: the token is durable when it returns.
    ///
    /// # Errors
    /// [`TokenError::Io`].
    pub fn issue(
        &self,
        ledger: &Origin,
        label: &str,
        now: u64,
        expires_at: Option<u64>,
    ) -> Result<(Token, TokenRecord), TokenError> {
        let token = Token::generate();
        let record = TokenRecord {
            id: token.id(),
            ledger: ledger.clone(),
            label: label.to_owned(),
            created_at: now,
            expires_at,
            revoked_at: None,
            hash: hex::encode(token.hash()),
        };
        self.write(&record)?;
        Ok((token, record))
    }

    /// All tokens ever issued, oldest first.
    ///
    /// # Errors
    /// [`TokenError`].
    pub fn list(&self) -> Result<Vec<TokenRecord>, TokenError> {
        let mut records = Vec::new();
        for path in files::list(&self.folder)? {
            let bytes = std::fs::read(&path)?;
            records.push(serde_json::from_slice(&bytes).map_err(|_| TokenError::Damaged(path))?);
        }
        records.sort_by_key(|record: &TokenRecord| (record.created_at, record.id));
        Ok(records)
    }

    /// Ends a token. It stays in the list. Revoking again changes nothing.
    ///
    /// *Durability*: it is durable when it returns; the next request with the token is refused.
    ///
    /// # Errors
    /// [`TokenError::Missing`], [`TokenError`].
    pub fn revoke(&self, id: TokenId, now: u64) -> Result<TokenRecord, TokenError> {
        let mut record = self.read(id)?.ok_or(TokenError::Missing(id))?;
        if record.revoked_at.is_none() {
            record.revoked_at = Some(now);
            self.write(&record)?;
        }
        Ok(record)
    }

    /// Whether the bearer of `presented` may append to `ledger`.
    ///
    /// # Errors
    /// [`TokenError`] where the folder cannot be read; the inner [`Denied`] where it may not.
    pub fn authorize(
        &self,
        presented: &str,
        ledger: &Origin,
        now: u64,
    ) -> Result<Result<TokenId, Denied>, TokenError> {
        let Some(token) = Token::parse(presented) else { return Ok(Err(Denied::Unknown)) };
        let Some(record) = self.read(token.id())? else { return Ok(Err(Denied::Unknown)) };
        Ok(record.admit(&token, ledger, now))
    }

    fn read(&self, id: TokenId) -> Result<Option<TokenRecord>, TokenError> {
        let path = self.path(id);
        match std::fs::read(&path) {
            Ok(bytes) => match serde_json::from_slice::<TokenRecord>(&bytes) {
                Ok(record) if record.id == id => Ok(Some(record)),
                _ => Err(TokenError::Damaged(path)),
            },
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    fn write(&self, record: &TokenRecord) -> Result<(), TokenError> {
        // Strings and numbers: serialisation has no failing case.
        let bytes = serde_json::to_vec_pretty(record).unwrap_or_default();
        Ok(files::replace(&self.path(record.id), &bytes)?)
    }

    fn path(&self, id: TokenId) -> PathBuf {
        self.folder.join(format!("{id}.json"))
    }
}

impl TokenRecord {
    fn admit(&self, token: &Token, ledger: &Origin, now: u64) -> Result<TokenId, Denied> {
        if !token.is_of(&hex::decode(&self.hash).unwrap_or_default()) {
            return Err(Denied::Unknown);
        }
        if self.revoked_at.is_some() {
            return Err(Denied::Revoked);
        }
        if self.expires_at.is_some_and(|end| now >= end) {
            return Err(Denied::Expired);
        }
        if self.ledger != *ledger {
            return Err(Denied::OtherLedger);
        }
        Ok(self.id)
    }
}

#[cfg(test)]
mod tests;
