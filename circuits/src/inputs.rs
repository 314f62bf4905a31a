//! What the circuit takes.

use std::fmt;

use records::domain::{ARITY, ATTRIBUTES, DEPTH};
use records::tree::StatePath;
use records::{
    Blind, Date, Encoded, EncodedRecord, Fr, HolderSecret, HolderTag, LinkBlind, RecordId, Salt,
    SchemaId,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use statements::PublicInputs;
use statements::layout::LINKS;
use zeroize::Zeroize;

/// The witness of a presentation: what only the holder, and a prover it trusts, may know.
/// Zeroized on drop; does not print.
#[derive(Clone, PartialEq, Eq)]
pub struct PrivateInputs {
    /// The holder's secret.
    pub secret: HolderSecret,
    /// Opens the record's holder tag.
    pub blind: Blind,
    /// The record.
    pub record: EncodedRecord,
    /// The path of its leaf.
    pub path: StatePath,
    /// Blinds of the link tags; any value where a link is unused.
    pub link_blinds: [LinkBlind; LINKS],
}

/// Public and private inputs of one proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inputs {
    /// The public inputs.
    pub public: PublicInputs,
    /// The private inputs.
    pub private: PrivateInputs,
}

impl fmt::Debug for PrivateInputs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PrivateInputs(secret)")
    }
}

/// Secret, blinds and salt zeroize themselves; this wipes what identifies the record.
impl Drop for PrivateInputs {
    fn drop(&mut self) {
        self.record.attributes.zeroize();
        self.path.levels.zeroize();
    }
}

/// The wire form, for a prover service in the holder's own trust domain.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    secret: HolderSecret,
    blind: Blind,
    schema: SchemaId,
    holder_tag: HolderTag,
    record_id: RecordId,
    salt: Salt,
    valid_from: Date,
    valid_until: Date,
    attributes: Vec<String>,
    path: Vec<Vec<String>>,
    link_blinds: [LinkBlind; LINKS],
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.attributes.zeroize();
        self.path.zeroize();
    }
}

fn to_hex(field: &Fr) -> String {
    Encoded::from_field(*field).to_string()
}

fn from_hex<E: de::Error>(text: &str) -> Result<Fr, E> {
    text.parse().map(|encoded: Encoded| encoded.field()).map_err(E::custom)
}

fn array<E: de::Error, const N: usize>(texts: &[String]) -> Result<[Fr; N], E> {
    let fields: Vec<Fr> = texts.iter().map(|text| from_hex(text)).collect::<Result<_, E>>()?;
    fields.try_into().map_err(|_| E::custom(format!("not {N} field elements")))
}

impl Serialize for PrivateInputs {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let record = &self.record;
        Wire {
            secret: self.secret.clone(),
            blind: self.blind.clone(),
            schema: record.schema,
            holder_tag: record.holder_tag,
            record_id: record.record_id,
            salt: record.salt.clone(),
            valid_from: record.valid_from,
            valid_until: record.valid_until,
            attributes: record.attributes.iter().map(to_hex).collect(),
            path: self.path.levels.iter().map(|l| l.iter().map(to_hex).collect()).collect(),
            link_blinds: self.link_blinds.clone(),
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for PrivateInputs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let wire = Wire::deserialize(deserializer)?;
        let levels: Vec<[Fr; ARITY]> =
            wire.path.iter().map(|level| array(level)).collect::<Result<_, D::Error>>()?;
        let levels: [[Fr; ARITY]; DEPTH] =
            levels.try_into().map_err(|_| de::Error::custom("not a path of 11 levels"))?;
        Ok(Self {
            secret: wire.secret.clone(),
            blind: wire.blind.clone(),
            record: EncodedRecord {
                schema: wire.schema,
                holder_tag: wire.holder_tag,
                record_id: wire.record_id,
                salt: wire.salt.clone(),
                valid_from: wire.valid_from,
                valid_until: wire.valid_until,
                attributes: array::<D::Error, ATTRIBUTES>(&wire.attributes)?,
            },
            path: StatePath { levels },
            link_blinds: wire.link_blinds.clone(),
        })
    }
}
