//! Field elements with a meaning.
//!
//! No bare field element crosses a crate's boundary: each one is of a type that says what it
//! is. All have one codec: 32 bytes, big-endian, canonical (below r; anything else is refused),
//! written as 64 lower-case hexadecimal digits in text formats.

use std::fmt;
use std::str::FromStr;

use ark_bn254::Fr;
use ark_ff::{AdditiveGroup, BigInteger, PrimeField, Zero};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest, Sha256};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Why bytes or a text are not a field element.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FieldError {
    /// Not 32 bytes long.
    #[error("a field element is not 32 bytes long")]
    Length,
    /// Not below the order of the field: another name of a smaller value.
    #[error("a field element is not canonical: it is at least the order of the field")]
    NotCanonical,
    /// Not lower-case hexadecimal.
    #[error("a field element is not written in lower-case hexadecimal")]
    NotHex,
}

/// Canonical big-endian bytes of a field element.
pub fn field_to_bytes(field: Fr) -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes.copy_from_slice(&field.into_bigint().to_bytes_be());
    bytes
}

/// Reads canonical big-endian bytes.
///
/// # Errors
/// [`FieldError`] for another length, or a value that is not below the order of the field.
pub fn field_from_bytes(bytes: &[u8]) -> Result<Fr, FieldError> {
    let bytes: [u8; 32] = bytes.try_into().map_err(|_| FieldError::Length)?;
    let field = Fr::from_be_bytes_mod_order(&bytes);
    if field_to_bytes(field) == bytes { Ok(field) } else { Err(FieldError::NotCanonical) }
}

/// Hashes bytes to the field: SHA-256(length of domain ‖ domain ‖ bytes) with the top three
/// bits cleared, read as a big-endian integer (253 bits, so always canonical). The length is one
/// byte, so that no domain is a prefix of another.
pub fn hash_to_field(domain: &str, bytes: &[u8]) -> Fr {
    let length = u8::try_from(domain.len()).unwrap_or(u8::MAX);
    let mut digest: [u8; 32] = Sha256::new()
        .chain_update([length])
        .chain_update(domain)
        .chain_update(bytes)
        .finalize()
        .into();
    digest[0] &= 0b0001_1111;
    Fr::from_be_bytes_mod_order(&digest)
}

/// Reads exactly N bytes of lower-case hexadecimal: the one way that all identifiers and digests
/// are written in. Nothing for any other text.
pub fn decode_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return None;
    }
    let mut bytes = [0; N];
    hex::decode_to_slice(text, &mut bytes).ok()?;
    Some(bytes)
}

fn parse_hex(text: &str) -> Result<Fr, FieldError> {
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Err(FieldError::NotHex);
    }
    field_from_bytes(&hex::decode(text).map_err(|_| FieldError::NotHex)?)
}

/// What public and secret field types share.
macro_rules! field_codec {
    ($name:ident) => {
        impl $name {
            /// Wraps a field element.
            pub const fn from_field(field: Fr) -> Self {
                Self(field)
            }

            /// The field element.
            pub const fn field(&self) -> Fr {
                self.0
            }

            /// Reads canonical big-endian bytes.
            ///
            /// # Errors
            /// [`FieldError`] for another length or a value not below the field's order.
            pub fn from_bytes(bytes: &[u8]) -> Result<Self, FieldError> {
                field_from_bytes(bytes).map(Self)
            }

            /// Canonical big-endian bytes.
            pub fn to_bytes(&self) -> [u8; 32] {
                field_to_bytes(self.0)
            }
        }

        impl FromStr for $name {
            type Err = FieldError;

            fn from_str(text: &str) -> Result<Self, FieldError> {
                parse_hex(text).map(Self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                if serializer.is_human_readable() {
                    serializer.serialize_str(&hex::encode(self.to_bytes()))
                } else {
                    serializer.serialize_bytes(&self.to_bytes())
                }
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserialize_field(deserializer).map(Self)
            }
        }
    };
}

fn deserialize_field<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Fr, D::Error> {
    struct Visitor;

    impl de::Visitor<'_> for Visitor {
        type Value = Fr;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("32 canonical big-endian bytes, or 64 lower-case hexadecimal digits")
        }

        fn visit_str<E: de::Error>(self, text: &str) -> Result<Fr, E> {
            parse_hex(text).map_err(E::custom)
        }

        fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Fr, E> {
            field_from_bytes(bytes).map_err(E::custom)
        }
    }

    if deserializer.is_human_readable() {
        deserializer.deserialize_str(Visitor)
    } else {
        deserializer.deserialize_bytes(Visitor)
    }
}

macro_rules! public_field {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Fr);

        field_codec!($name);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&hex::encode(self.to_bytes()))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({self})", stringify!($name))
            }
        }
    )*};
}

macro_rules! secret_field {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        ///
        /// Secret: not printable, zeroized on drop.
        #[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
        pub struct $name(Fr);

        field_codec!($name);

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}(secret)", stringify!($name))
            }
        }
    )*};
}

public_field! {
    /// Hash of a schema's canonical JSON.
    SchemaId;
    /// Commitment to a holder's secret, with a blind of its own for every record.
    HolderTag;
    /// Name of a record that stays when the record is amended.
    RecordId;
    /// Commitment to a whole record: the only thing of it that a ledger sees.
    Leaf;
    /// Inner node of a state tree.
    Node;
    /// Root of a state tree.
    StateRoot;
    /// An encoded attribute value, or a bound it is compared with.
    Encoded;
    /// Hash of a request, which its presentation is bound to.
    Challenge;
    /// Hash of the name of a scope, in which a record has one nullifier.
    Scope;
    /// One per record and scope: equal for two presentations of one record in one scope.
    Nullifier;
    /// Blinded commitment to one value: equal tags in one presentation mean equal values.
    LinkTag;
}

secret_field! {
    /// A holder's secret: known to the holder alone.
    HolderSecret;
    /// Opens one holder tag.
    Blind;
    /// Random part of a leaf, without which it could be found by guessing attributes.
    Salt;
    /// Blinds the link tags of one class in one presentation.
    LinkBlind;
}

impl Leaf {
    /// The empty leaf: nothing issued yet, or revoked.
    pub const EMPTY: Self = Self(Fr::ZERO);

    /// Whether nothing is issued here, or it is revoked.
    pub fn is_empty(&self) -> bool {
        self.0.is_zero()
    }
}

impl Scope {
    /// The scope of a name (NFC UTF-8 text, compared byte for byte).
    pub fn named(name: &str) -> Self {
        Self(hash_to_field(crate::domain::DOMAIN_SCOPE, name.as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ark_ff::UniformRand;

    #[test]
    fn bytes_and_text_are_canonical() {
        let mut rng = ark_std::test_rng();
        for _ in 0..50 {
            let leaf = Leaf::from_field(Fr::rand(&mut rng));
            assert_eq!(Leaf::from_bytes(&leaf.to_bytes()).unwrap(), leaf);
            assert_eq!(leaf.to_string().parse::<Leaf>().unwrap(), leaf);
        }
    }

    #[test]
    fn refuses_aliases() {
        let modulus = Fr::MODULUS.to_bytes_be();
        assert_eq!(Leaf::from_bytes(&modulus), Err(FieldError::NotCanonical));
        assert_eq!(Leaf::from_bytes(&[0xff; 32]), Err(FieldError::NotCanonical));
        assert_eq!(Leaf::from_bytes(&[0; 31]), Err(FieldError::Length));
        assert_eq!(Leaf::from_bytes(&[0; 33]), Err(FieldError::Length));
        let largest = Leaf::from_field(-Fr::from(1));
        assert_eq!(Leaf::from_bytes(&largest.to_bytes()).unwrap(), largest);
        assert_eq!("AB".repeat(32).parse::<Leaf>(), Err(FieldError::NotHex));
        assert_eq!("zz".repeat(32).parse::<Leaf>(), Err(FieldError::NotHex));
    }

    #[test]
    fn secrets_do_not_print() {
        let secret = HolderSecret::from_field(Fr::from(424_242_u64));
        assert_eq!(format!("{secret:?}"), "HolderSecret(secret)");
    }

    #[test]
    fn domains_separate() {
        assert_ne!(hash_to_field("a", b"bc"), hash_to_field("ab", b"c"));
    }
}
