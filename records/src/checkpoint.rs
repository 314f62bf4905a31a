//! Checkpoints: what a ledger signs. A C2SP tlog-checkpoint in a C2SP signed note (Ed25519),
//! with two extension lines:
//!
//! ```text
//! traffic.vouch.example
//! 1000
//! Yl4tYBCEkDHMbTfH0Rq4e5lMKMhWYBWYpMpmPcvm9yY=
//! state 1f0b…64 hexadecimal digits…
//! time 1767225600
//!
//! — traffic.vouch.example rS5uYm9…
//! ```

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use signed_note::{Note, StandardVerifier, Verifier, VerifierList, is_key_name_valid};

use crate::{FieldError, StateRoot};

/// Most bytes of a signed checkpoint: enough for a score of witnesses.
pub const MAX_CHECKPOINT_BYTES: usize = 8_192;

/// Name of a ledger, unique in the world: the first line of its checkpoints and the name of its
/// key (C2SP tlog-checkpoint, "origin"). Without white space, `+` and `/`; at most 100 bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin(String);

/// Public key of a ledger, in the note format: `name+hash+key` (C2SP signed-note,
/// "verifier keys").
#[derive(Clone)]
pub struct LedgerKey {
    text: String,
    origin: Origin,
    verifier: StandardVerifier,
}

/// What a ledger states of itself at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Name of the ledger.
    pub origin: Origin,
    /// Number of events in the log.
    pub size: u64,
    /// RFC 6962 tree hash of the log.
    pub log_root: [u8; 32],
    /// Root of the state tree after those events.
    pub state_root: StateRoot,
    /// When it was made, in seconds since 1970-01-01T00:00:00Z.
    pub time: u64,
}

/// A checkpoint with signatures, as bytes; not yet verified.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SignedCheckpoint(String);

/// Why a checkpoint is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CheckpointError {
    /// The name of a ledger has a form that keys cannot have.
    #[error("a ledger's name is empty, too long, or has white space, + or /")]
    Origin,
    /// Not a note key of Ed25519.
    #[error("the ledger key is not a note key of the form name+hash+key with Ed25519")]
    Key,
    /// Not a signed note, or too long.
    #[error("the checkpoint is not a signed note")]
    Note,
    /// The text of the note is not a checkpoint of ours.
    #[error("the checkpoint's text is malformed: {0}")]
    Text(&'static str),
    /// The state root is no field element.
    #[error("the checkpoint's state root is malformed: {0}")]
    StateRoot(#[from] FieldError),
    /// Not signed by the ledger's key.
    #[error("the checkpoint is not signed by the key of {0}")]
    Signature(Origin),
    /// Signed by the right key, but another ledger's name.
    #[error("the checkpoint is of {found}, not of {expected}")]
    OtherOrigin {
        /// Name in the checkpoint.
        found: Origin,
        /// Name of the key.
        expected: Origin,
    },
}

impl Origin {
    /// Checks a name.
    ///
    /// # Errors
    /// [`CheckpointError::Origin`] where keys cannot have that name.
    pub fn new(name: impl Into<String>) -> Result<Self, CheckpointError> {
        let name = name.into();
        let good = name.len() <= 100
            && is_key_name_valid(&name)
            && !name.contains('/')
            && !name.chars().any(char::is_control);
        if good { Ok(Self(name)) } else { Err(CheckpointError::Origin) }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl LedgerKey {
    /// Reads `name+hash+key`.
    ///
    /// # Errors
    /// [`CheckpointError::Key`] for another form, and [`CheckpointError::Origin`].
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        let verifier = StandardVerifier::new(text).map_err(|_| CheckpointError::Key)?;
        let origin = Origin::new(verifier.name())?;
        Ok(Self { text: text.to_owned(), origin, verifier })
    }

    /// Name of the ledger.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }
}

impl Checkpoint {
    /// The text that is signed.
    pub fn to_text(&self) -> String {
        format!(
            "{}\n{}\n{}\nstate {}\ntime {}\n",
            self.origin,
            self.size,
            BASE64.encode(self.log_root),
            self.state_root,
            self.time
        )
    }

    /// Reads the text of a note. Only the one form that [`Checkpoint::to_text`] writes is
    /// accepted.
    ///
    /// # Errors
    /// [`CheckpointError`] for anything else.
    pub fn from_text(text: &str) -> Result<Self, CheckpointError> {
        let mut lines = text.split('\n');
        let mut line = |what| lines.next().ok_or(CheckpointError::Text(what));
        let origin = Origin::new(line("no origin")?)?;
        let size = parse_decimal(line("no size")?).ok_or(CheckpointError::Text("size"))?;
        let log_root = BASE64
            .decode(line("no log root")?)
            .ok()
            .and_then(|bytes| bytes.try_into().ok())
            .ok_or(CheckpointError::Text("log root"))?;
        let state = line("no state root")?
            .strip_prefix("state ")
            .ok_or(CheckpointError::Text("state root line"))?;
        let state_root = StateRoot::from_str(state)?;
        let time = line("no time")?
            .strip_prefix("time ")
            .and_then(parse_decimal)
            .ok_or(CheckpointError::Text("time line"))?;
        if (lines.next(), lines.next()) != (Some(""), None) {
            return Err(CheckpointError::Text("lines after the time"));
        }
        Ok(Self { origin, size, log_root, state_root, time })
    }
}

/// A decimal number without sign or leading zeros.
fn parse_decimal(text: &str) -> Option<u64> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let canonical = text == "0" || !text.starts_with('0');
    (digits && canonical).then(|| text.parse().ok()).flatten()
}

impl SignedCheckpoint {
    /// Takes the bytes of a signed note.
    ///
    /// # Errors
    /// [`CheckpointError::Note`] where they are too many or not UTF-8.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, CheckpointError> {
        if bytes.len() > MAX_CHECKPOINT_BYTES {
            return Err(CheckpointError::Note);
        }
        let text = std::str::from_utf8(bytes).map_err(|_| CheckpointError::Note)?;
        Ok(Self(text.to_owned()))
    }

    /// The signed note.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What it states, without asking who signed it. For trust use [`SignedCheckpoint::verify`].
    ///
    /// # Errors
    /// [`CheckpointError`] where it is no checkpoint.
    pub fn unverified(&self) -> Result<Checkpoint, CheckpointError> {
        let note = Note::from_bytes(self.0.as_bytes()).map_err(|_| CheckpointError::Note)?;
        Self::checkpoint(&note)
    }

    /// What it states, after checking the ledger's signature.
    ///
    /// # Errors
    /// [`CheckpointError`] where it is no checkpoint of that ledger, or not signed by its key.
    pub fn verify(&self, key: &LedgerKey) -> Result<Checkpoint, CheckpointError> {
        let note = Note::from_bytes(self.0.as_bytes()).map_err(|_| CheckpointError::Note)?;
        note.verify(&VerifierList::new(vec![Box::new(key.verifier.clone())]))
            .map_err(|_| CheckpointError::Signature(key.origin.clone()))?;
        let checkpoint = Self::checkpoint(&note)?;
        if checkpoint.origin != key.origin {
            return Err(CheckpointError::OtherOrigin {
                found: checkpoint.origin,
                expected: key.origin.clone(),
            });
        }
        Ok(checkpoint)
    }

    fn checkpoint(note: &Note) -> Result<Checkpoint, CheckpointError> {
        let text = std::str::from_utf8(note.text()).map_err(|_| CheckpointError::Note)?;
        Checkpoint::from_text(text)
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for LedgerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for LedgerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LedgerKey({})", self.text)
    }
}

impl PartialEq for LedgerKey {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for LedgerKey {}

macro_rules! serde_text {
    ($name:ident, $write:expr, $parse:expr) => {
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&$write(self))
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                $parse(&text).map_err(de::Error::custom)
            }
        }
    };
}

serde_text!(Origin, |origin: &Origin| origin.0.clone(), |text: &str| Origin::new(text));
serde_text!(LedgerKey, |key: &LedgerKey| key.text.clone(), LedgerKey::parse);
serde_text!(SignedCheckpoint, |signed: &SignedCheckpoint| signed.0.clone(), |text: &str| {
    SignedCheckpoint::from_bytes(text.as_bytes())
});
