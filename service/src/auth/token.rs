//! A token and its id.

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use rand::RngCore;
use rand::rngs::OsRng;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// What tokens begin with, so that scanners for leaked secrets find them.
const PREFIX: &str = "vouch_";

/// A token: a secret. Not printable, zeroized on drop.
pub struct Token(Zeroizing<String>);

/// First 8 bytes of a token's SHA-256: names it, and says nothing about it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TokenId([u8; 8]);

/// Not 16 lower-case hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the token id is not of 16 lower-case hexadecimal digits")]
pub struct TokenIdError;

impl Token {
    /// A new one, from the system's randomness.
    pub(crate) fn generate() -> Self {
        let mut bytes = Zeroizing::new([0; 32]);
        OsRng.fill_bytes(&mut *bytes);
        let text = Zeroizing::new(BASE64.encode(*bytes));
        Self(Zeroizing::new([PREFIX, &text].concat()))
    }

    /// Reads a text of the form of tokens.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let random = text.strip_prefix(PREFIX)?;
        let bytes = Zeroizing::new(BASE64.decode(random).ok()?);
        (bytes.len() == 32).then(|| Self(Zeroizing::new(text.to_owned())))
    }

    /// The text to hand to whom it is for. A secret.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// SHA-256: what is kept of it.
    pub(crate) fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0.as_bytes()).into()
    }

    /// Whether `hash` is of this token. Takes the same time wherever they differ.
    pub(crate) fn is_of(&self, hash: &[u8]) -> bool {
        self.hash()[..].ct_eq(hash).into()
    }

    pub(super) fn id(&self) -> TokenId {
        let hash = self.hash();
        TokenId(std::array::from_fn(|i| hash[i]))
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Token({}, secret)", self.id())
    }
}

impl fmt::Display for TokenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for TokenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TokenId({self})")
    }
}

impl FromStr for TokenId {
    type Err = TokenIdError;

    fn from_str(text: &str) -> Result<Self, TokenIdError> {
        let lower = !text.bytes().any(|byte| byte.is_ascii_uppercase());
        let bytes = hex::decode(text).ok().filter(|_| lower).ok_or(TokenIdError)?;
        bytes.try_into().map(Self).map_err(|_| TokenIdError)
    }
}

impl Serialize for TokenId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for TokenId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}
