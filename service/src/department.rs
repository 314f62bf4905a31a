//! What a department does on its own premises: it makes records of the rows that it exports,
//! and commits them. Only leaves leave the house.

mod channel;
mod issue;

use rand::{CryptoRng, RngCore};
use records::import::Row;
use records::{FieldError, Header, HolderTag, Record, RecordError, RecordId, Salt, Schema, Value};

pub use channel::{Channel, ChannelError};
pub use issue::{Issue, IssueError, Issued};

/// Why a row makes no record.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CommitError {
    /// Nobody could ever prove it.
    #[error("the record has no holder tag")]
    NoTag,
    /// Not a record of the schema.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// A random number that is no field element; it always is one.
    #[error(transparent)]
    Random(#[from] FieldError),
}

/// Makes a record of a row, with a name and a salt of its own.
///
/// # Errors
/// [`CommitError::NoTag`] where the row has no holder tag; otherwise only where the row was
/// not read with `schema`.
pub fn commit_row<R: RngCore + CryptoRng>(
    schema: &Schema,
    row: &Row,
    rng: &mut R,
) -> Result<Record, CommitError> {
    let header = Header {
        schema: schema.id(),
        holder_tag: row.holder_tag.ok_or(CommitError::NoTag)?,
        record_id: RecordId::from_bytes(&random_field(rng))?,
        salt: Salt::from_bytes(&random_field(rng))?,
        valid_from: row.valid_from,
        valid_until: row.valid_until,
    };
    Ok(Record::new(schema, header, row.values.clone())?)
}

/// Makes the next version of a record: same name, same holder, new values, and a new salt, so
/// that leaves before and after cannot be compared by guessing.
///
/// # Errors
/// [`CommitError::Record`] where the values are not of `schema`.
pub fn amend_record<R: RngCore + CryptoRng>(
    schema: &Schema,
    header: &Header,
    values: Vec<Value>,
    rng: &mut R,
) -> Result<Record, CommitError> {
    let header = Header { salt: Salt::from_bytes(&random_field(rng))?, ..header.clone() };
    Ok(Record::new(schema, header, values)?)
}

/// A tag that opens to nothing anyone knows: for records that nobody will prove, in
/// demonstrations and tests of load.
///
/// # Errors
/// [`CommitError::Random`]; never in fact.
pub fn unclaimed_tag<R: RngCore + CryptoRng>(rng: &mut R) -> Result<HolderTag, CommitError> {
    Ok(HolderTag::from_bytes(&random_field(rng))?)
}

/// 253 random bits, which are a field element in 32 bytes: 2^253 is below the field's order.
fn random_field<R: RngCore + CryptoRng>(rng: &mut R) -> [u8; 32] {
    let mut bytes = [0; 32];
    rng.fill_bytes(&mut bytes);
    bytes[0] &= 0b0001_1111;
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::rngs::OsRng;
    use records::Date;
    use records::sample::Sampler;
    use records::schema::builtin;

    #[test]
    fn records_differ_where_their_rows_do_not() {
        let schema = builtin::by_name("driving_licence").unwrap();
        let today = Date::parse("2026-01-31").unwrap();
        let mut row = Sampler::new(1, today).row(schema).unwrap();
        assert_eq!(commit_row(schema, &row, &mut OsRng), Err(CommitError::NoTag));
        row.holder_tag = Some(unclaimed_tag(&mut OsRng).unwrap());
        let one = commit_row(schema, &row, &mut OsRng).unwrap();
        let other = commit_row(schema, &row, &mut OsRng).unwrap();
        assert_ne!(one.leaf(), other.leaf());
        assert_ne!(one.header().record_id, other.header().record_id);
    }

    #[test]
    fn amended_records_keep_name_and_holder() {
        let schema = builtin::by_name("driving_licence").unwrap();
        let today = Date::parse("2026-01-31").unwrap();
        let mut row = Sampler::new(1, today).row(schema).unwrap();
        row.holder_tag = Some(unclaimed_tag(&mut OsRng).unwrap());
        let one = commit_row(schema, &row, &mut OsRng).unwrap();
        let next = amend_record(schema, one.header(), row.values, &mut OsRng).unwrap();
        assert_eq!(next.header().record_id, one.header().record_id);
        assert_eq!(next.header().holder_tag, one.header().holder_tag);
        assert_ne!(next.leaf(), one.leaf());
    }
}
