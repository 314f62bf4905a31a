//! When to forget what.

use statements::Nonce;

/// Time (8) ‖ kind (1) ‖ nonce (16).
const BYTES: usize = 25;

/// An entry of the deadlines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Deadline {
    /// Seconds since 1970.
    pub(super) time: u64,
    pub(super) kind: Kind,
    pub(super) nonce: Nonce,
}

/// What is forgotten.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Request,
    Claim,
}

impl Deadline {
    /// The greatest key of all deadlines at `time`.
    pub(super) fn last_of(time: u64) -> [u8; BYTES] {
        let mut bytes = [0xff; BYTES];
        bytes[..8].copy_from_slice(&time.to_be_bytes());
        bytes
    }

    pub(super) fn to_bytes(self) -> [u8; BYTES] {
        let mut bytes = [0; BYTES];
        bytes[..8].copy_from_slice(&self.time.to_be_bytes());
        bytes[8] = match self.kind {
            Kind::Request => 1,
            Kind::Claim => 2,
        };
        bytes[9..].copy_from_slice(self.nonce.as_bytes());
        bytes
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (time, rest) = bytes.split_first_chunk()?;
        let (kind, nonce) = rest.split_first()?;
        let kind = match kind {
            1 => Kind::Request,
            2 => Kind::Claim,
            _ => return None,
        };
        let nonce = Nonce::from_bytes(nonce.try_into().ok()?);
        Some(Self { time: u64::from_be_bytes(*time), kind, nonce })
    }
}
