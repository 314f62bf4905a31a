//! Domain constants and sizes, in one place.
//!
//! Poseidon2 domains are the ASCII letters of their names read as big-endian integers, so that
//! anyone can recompute them; SHA-256 domains are the byte strings themselves.

use ark_bn254::Fr;
use ark_ff::BigInt;

/// Attribute slots of a record; a schema has at most this many attributes.
pub const ATTRIBUTES: usize = 16;

/// Children of a node of the state tree.
pub const ARITY: usize = 8;

/// Levels of the state tree below its root: 8^11 = 8,589,934,592 leaves.
pub const DEPTH: usize = 11;

/// Levels of the state tree inside one witness bundle: 8^3 = 512 leaves.
pub const BUCKET_LEVELS: usize = 3;

/// Leaves in one witness bundle.
pub const BUCKET: usize = ARITY.pow(BUCKET_LEVELS as u32);

/// Leaves of a full state tree.
pub const CAPACITY: u64 = (ARITY as u64).pow(DEPTH as u32);

/// Last input of the hash that makes a record's leaf.
pub const DOMAIN_RECORD: Fr = ascii("vouch-record");

/// Last input of the hash that makes a holder tag.
pub const DOMAIN_HOLDER: Fr = ascii("vouch-holder");

/// Last input of the hash that makes a nullifier.
pub const DOMAIN_NULLIFIER: Fr = ascii("vouch-nullifier");

/// Last input of the hash that makes a link tag.
pub const DOMAIN_LINK: Fr = ascii("vouch-link");

/// SHA-256 domain of `text` values.
pub const DOMAIN_TEXT: &str = "vouch/v1/text";

/// SHA-256 domain of `code` values.
pub const DOMAIN_CODE: &str = "vouch/v1/code";

/// SHA-256 domain of `digest` values.
pub const DOMAIN_DIGEST: &str = "vouch/v1/digest";

/// SHA-256 domain of schema ids.
pub const DOMAIN_SCHEMA: &str = "vouch/v1/schema";

/// SHA-256 domain of scopes.
pub const DOMAIN_SCOPE: &str = "vouch/v1/scope";

/// SHA-256 domain of challenges.
pub const DOMAIN_CHALLENGE: &str = "vouch/v1/challenge";

/// SHA-256 domain of statement ids.
pub const DOMAIN_STATEMENT: &str = "vouch/v1/statement";

/// The ASCII bytes of `name` as a big-endian integer; at most 31 bytes, so always below r.
const fn ascii(name: &str) -> Fr {
    let bytes = name.as_bytes();
    assert!(bytes.len() <= 31, "a domain name of 31 bytes at most");
    let mut limbs = [0u64; 4];
    let mut i = 0;
    while i < bytes.len() {
        let from_end = bytes.len() - 1 - i;
        limbs[from_end / 8] |= (bytes[i] as u64) << (8 * (from_end % 8));
        i += 1;
    }
    Fr::new(BigInt::new(limbs))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ark_ff::PrimeField;

    #[test]
    fn domains_are_their_names() {
        for (domain, name) in [
            (DOMAIN_RECORD, "vouch-record"),
            (DOMAIN_HOLDER, "vouch-holder"),
            (DOMAIN_NULLIFIER, "vouch-nullifier"),
            (DOMAIN_LINK, "vouch-link"),
        ] {
            assert_eq!(domain, Fr::from_be_bytes_mod_order(name.as_bytes()), "{name}");
        }
    }
}
