//! Where a ledger stands: its latest checkpoint, and what an append needs to go on.

use records::SignedCheckpoint;

use crate::error::Corruption;
use crate::seal::{seal, unseal};

/// Layout of everything in a store; another number is another layout.
const FORMAT: u8 = 1;

const PLACE: &str = "the head of the ledger";

/// The newest state of a ledger. A store replaces it with each commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Number of commits before this one: 0 for the creation.
    pub sequence: u64,
    /// Events in the log.
    pub size: u64,
    /// Leaves ever issued: the next free index of the state tree.
    pub issued: u64,
    /// Leaves issued and not revoked.
    pub active: u64,
    /// The checkpoint over these events.
    pub checkpoint: SignedCheckpoint,
}

impl Head {
    /// Format (1) ‖ sequence (8) ‖ size (8) ‖ issued (8) ‖ active (8) ‖ checkpoint ‖ checksum.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![FORMAT];
        for number in [self.sequence, self.size, self.issued, self.active] {
            bytes.extend(number.to_be_bytes());
        }
        bytes.extend(self.checkpoint.as_str().as_bytes());
        seal(PLACE, bytes)
    }

    /// Reads what [`Head::to_bytes`] writes. The checkpoint's signature is not checked.
    ///
    /// # Errors
    /// [`Corruption`] for other bytes, or those of another layout.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Corruption> {
        let malformed = || Corruption::new(PLACE, "it is malformed");
        let (format, mut rest) = unseal(PLACE, bytes)?.split_first().ok_or_else(malformed)?;
        if *format != FORMAT {
            return Err(Corruption::new(PLACE, format!("its layout is number {format}")));
        }
        let mut number = || {
            let (number, after) = rest.split_first_chunk().ok_or_else(malformed)?;
            rest = after;
            Ok(u64::from_be_bytes(*number))
        };
        let (sequence, size, issued, active) = (number()?, number()?, number()?, number()?);
        let checkpoint = SignedCheckpoint::from_bytes(rest).map_err(|_| malformed())?;
        Ok(Self { sequence, size, issued, active, checkpoint })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_back_and_damage_is_seen() {
        let checkpoint = SignedCheckpoint::from_bytes(b"a note").unwrap();
        let head = Head { sequence: 9, size: 8, issued: 7, active: 6, checkpoint };
        let bytes = head.to_bytes();
        assert_eq!(Head::from_bytes(&bytes).unwrap(), head);
        for position in 0..bytes.len() {
            let mut bad = bytes.clone();
            bad[position] ^= 1;
            assert!(Head::from_bytes(&bad).is_err());
        }
        assert!(Head::from_bytes(&[]).is_err());
        let other = Head::from_bytes(&seal(PLACE, vec![2; 40])).unwrap_err();
        assert_eq!(other.to_string(), "the head of the ledger is damaged: its layout is number 2");
        assert!(Head::from_bytes(&seal(PLACE, vec![1; 40 - 16])).is_err());
    }
}
