//! A checksum around what only we read: a byte that decays on disk must never be hashed into
//! a new state root, nor be served.
//!
//! This is against accidents. Against an operator who rewrites its store there are the
//! checkpoints, and those who replay the log.

use sha2::{Digest, Sha256};

use crate::error::Corruption;

/// SHA-256 domain of the checksum.
const DOMAIN_STORED: &[u8] = b"vouch/v1/stored";

/// Bytes of the checksum: one accident in 2^64 passes.
const SEAL_BYTES: usize = 8;

/// Appends the checksum of `payload` in its place: a value that turns up under another key is
/// damage too.
pub(crate) fn seal(place: &str, mut payload: Vec<u8>) -> Vec<u8> {
    let seal = checksum(place, &payload);
    payload.extend(seal);
    payload
}

/// The payload of sealed bytes.
///
/// # Errors
/// [`Corruption`] where the checksum is not that of the payload in this place.
pub(crate) fn unseal<'a>(place: &str, bytes: &'a [u8]) -> Result<&'a [u8], Corruption> {
    bytes
        .split_last_chunk::<SEAL_BYTES>()
        .filter(|(payload, seal)| checksum(place, payload) == **seal)
        .map(|(payload, _)| payload)
        .ok_or_else(|| Corruption::new(place, "its checksum is wrong"))
}

fn checksum(place: &str, payload: &[u8]) -> [u8; SEAL_BYTES] {
    let digest: [u8; 32] = Sha256::new()
        .chain_update(DOMAIN_STORED)
        .chain_update((place.len() as u64).to_be_bytes())
        .chain_update(place)
        .chain_update(payload)
        .finalize()
        .into();
    std::array::from_fn(|i| digest[i])
}
