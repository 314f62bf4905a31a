//! The compact form of presentations: CBOR (RFC 8949), arrays instead of named fields, bytes
//! instead of hexadecimal text.
//!
//! ```text
//! [1, request, [checkpoint text …], [[proof, nullifier / null, {name: value …}] …], [tag …]]
//! ```
//!
//! The bytes of a presentation are not unique (CBOR has several encodings of one value); its
//! meaning is. Nothing depends on the bytes.

use ciborium::Value as Cbor;
use records::{Challenge, LinkTag, Nullifier, SignedCheckpoint};
use serde_json::{Map, Value as Json};

use crate::presentation::{MAX_PRESENTATION_BYTES, ProofBytes};
use crate::{Presentation, RecordProof};

/// Why bytes or a text are no presentation.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CompactError {
    /// Longer than any presentation.
    #[error("a presentation has at most {MAX_PRESENTATION_BYTES} bytes")]
    TooLong,
    /// Not the JSON form.
    #[error("the presentation is malformed at line {line}, column {column}")]
    Json {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
    },
    /// Not CBOR, or with bytes after its end.
    #[error("the presentation is not one CBOR item")]
    Cbor,
    /// Of another version.
    #[error("the presentation is not of version 1")]
    Version,
    /// A part that is missing or of another form.
    #[error("the presentation is malformed: {0}")]
    Part(&'static str),
}

pub(crate) fn encode(presentation: &Presentation) -> Vec<u8> {
    let checkpoints = presentation.checkpoints.iter();
    let item = Cbor::Array(vec![
        Cbor::from(presentation.version),
        Cbor::Bytes(presentation.request.to_bytes().to_vec()),
        Cbor::Array(checkpoints.map(|c| Cbor::from(c.as_str())).collect()),
        Cbor::Array(presentation.proofs.iter().map(encode_proof).collect()),
        Cbor::Array(
            presentation.links.iter().map(|tag| Cbor::Bytes(tag.to_bytes().to_vec())).collect(),
        ),
    ]);
    let mut bytes = Vec::new();
    // Writing to a vector does not fail.
    let _ = ciborium::into_writer(&item, &mut bytes);
    bytes
}

fn encode_proof(proof: &RecordProof) -> Cbor {
    let nullifier = proof.nullifier.map(|nullifier| nullifier.to_bytes().to_vec());
    let revealed = proof.revealed.iter();
    Cbor::Array(vec![
        Cbor::Bytes(proof.proof.as_bytes().to_vec()),
        nullifier.map_or(Cbor::Null, Cbor::Bytes),
        Cbor::Map(revealed.map(|(name, json)| (Cbor::from(name.as_str()), scalar(json))).collect()),
    ])
}

/// Revealed values are strings, integers and booleans.
fn scalar(json: &Json) -> Cbor {
    match json {
        Json::String(text) => Cbor::from(text.as_str()),
        Json::Bool(value) => Cbor::from(*value),
        Json::Number(number) => number.as_i64().map_or(Cbor::Null, Cbor::from),
        _ => Cbor::Null,
    }
}

pub(crate) fn decode(bytes: &[u8]) -> Result<Presentation, CompactError> {
    if bytes.len() > MAX_PRESENTATION_BYTES {
        return Err(CompactError::TooLong);
    }
    let mut rest = bytes;
    let item: Cbor = ciborium::de::from_reader_with_recursion_limit(&mut rest, 8)
        .map_err(|_| CompactError::Cbor)?;
    if !rest.is_empty() {
        return Err(CompactError::Cbor);
    }
    let [version, request, checkpoints, proofs, links] = array(item, "the whole")?;
    if version != Cbor::from(1) {
        return Err(CompactError::Version);
    }
    Ok(Presentation {
        version: 1,
        request: field(request, Challenge::from_bytes, "request")?,
        checkpoints: each(checkpoints, "checkpoints", decode_checkpoint)?,
        proofs: each(proofs, "proofs", decode_proof)?,
        links: each(links, "links", |tag| field(tag, LinkTag::from_bytes, "link"))?,
    })
}

fn decode_checkpoint(item: Cbor) -> Result<SignedCheckpoint, CompactError> {
    let text = item.into_text().map_err(|_| CompactError::Part("checkpoint"))?;
    SignedCheckpoint::from_bytes(text.as_bytes()).map_err(|_| CompactError::Part("checkpoint"))
}

fn decode_proof(item: Cbor) -> Result<RecordProof, CompactError> {
    let [proof, nullifier, revealed] = array(item, "proof")?;
    let bytes = proof.into_bytes().map_err(|_| CompactError::Part("proof"))?;
    let nullifier = match nullifier {
        Cbor::Null => None,
        other => Some(field(other, Nullifier::from_bytes, "nullifier")?),
    };
    let entries = revealed.into_map().map_err(|_| CompactError::Part("revealed"))?;
    let mut revealed = Map::new();
    for (name, value) in entries {
        let name = name.into_text().map_err(|_| CompactError::Part("revealed"))?;
        if revealed.insert(name, decode_scalar(value)?).is_some() {
            return Err(CompactError::Part("revealed"));
        }
    }
    Ok(RecordProof {
        proof: ProofBytes::new(bytes.try_into().map_err(|_| CompactError::Part("proof"))?),
        nullifier,
        revealed,
    })
}

fn decode_scalar(value: Cbor) -> Result<Json, CompactError> {
    match value {
        Cbor::Text(text) => Ok(Json::String(text)),
        Cbor::Bool(value) => Ok(Json::Bool(value)),
        Cbor::Integer(number) => {
            i64::try_from(number).map(Json::from).map_err(|_| CompactError::Part("revealed"))
        }
        _ => Err(CompactError::Part("revealed")),
    }
}

fn array<const N: usize>(item: Cbor, part: &'static str) -> Result<[Cbor; N], CompactError> {
    let items = item.into_array().map_err(|_| CompactError::Part(part))?;
    items.try_into().map_err(|_| CompactError::Part(part))
}

fn each<T>(
    item: Cbor,
    part: &'static str,
    decode: impl Fn(Cbor) -> Result<T, CompactError>,
) -> Result<Vec<T>, CompactError> {
    let items = item.into_array().map_err(|_| CompactError::Part(part))?;
    items.into_iter().map(decode).collect()
}

fn field<T, E>(
    item: Cbor,
    parse: impl Fn(&[u8]) -> Result<T, E>,
    part: &'static str,
) -> Result<T, CompactError> {
    let bytes = item.into_bytes().map_err(|_| CompactError::Part(part))?;
    parse(&bytes).map_err(|_| CompactError::Part(part))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use records::Fr;

    fn presentation() -> Presentation {
        let mut revealed = Map::new();
        revealed.insert("class".into(), "C1".into());
        revealed.insert("pieces".into(), (-3).into());
        revealed.insert("sealed".into(), true.into());
        Presentation {
            version: 1,
            request: Challenge::from_field(Fr::from(7_u64)),
            checkpoints: vec![SignedCheckpoint::from_bytes(b"note").unwrap()],
            proofs: vec![
                RecordProof { proof: ProofBytes::new([9; 128]), nullifier: None, revealed },
                RecordProof {
                    proof: ProofBytes::new([8; 128]),
                    nullifier: Some(Nullifier::from_field(Fr::from(5_u64))),
                    revealed: Map::new(),
                },
            ],
            links: vec![LinkTag::from_field(Fr::from(3_u64))],
        }
    }

    #[test]
    fn both_forms_round_trip() {
        let presentation = presentation();
        assert_eq!(Presentation::from_compact(&presentation.to_compact()).unwrap(), presentation);
        let json = serde_json::to_string(&presentation).unwrap();
        assert_eq!(Presentation::from_json(&json).unwrap(), presentation);
    }

    #[test]
    fn left_over_and_missing_bytes_are_refused() {
        let mut bytes = presentation().to_compact();
        for length in 0..bytes.len() {
            assert!(Presentation::from_compact(&bytes[..length]).is_err(), "{length}");
        }
        bytes.push(0);
        assert_eq!(Presentation::from_compact(&bytes), Err(CompactError::Cbor));
        assert_eq!(
            Presentation::from_compact(&vec![0; MAX_PRESENTATION_BYTES + 1]),
            Err(CompactError::TooLong)
        );
    }

    #[test]
    fn aliases_of_field_elements_are_refused() {
        let good = presentation().to_compact();
        let seven = Challenge::from_field(Fr::from(7_u64)).to_bytes();
        let at = good.windows(32).position(|window| window == seven).unwrap();
        let mut bad = good;
        bad[at..at + 32].fill(0xff);
        assert_eq!(Presentation::from_compact(&bad), Err(CompactError::Part("request")));
    }

    proptest! {
        #[test]
        fn never_panics(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = Presentation::from_compact(&bytes);
        }

        #[test]
        fn mutations_never_panic(at in 0usize..400, byte: u8) {
            let mut bytes = presentation().to_compact();
            let at = at % bytes.len();
            bytes[at] = byte;
            let _ = Presentation::from_compact(&bytes);
        }
    }
}
