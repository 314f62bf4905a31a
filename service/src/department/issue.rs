//! Issuing many records: none of them is lost on the way, whatever fails.

use std::io;

use ledger::Event;
use records::{Origin, Record, RecordBundle, Schema};

use super::{Channel, ChannelError};

/// An issue in several appends.
///
/// The secret part of each record is handed to `keep` *before* its leaf is sent, with the index
/// that it will most likely get: if this process dies after the append, the records are not
/// lost. Where the index turns out to be another one (someone else appended meanwhile), `keep`
/// is called again with the right one.
pub struct Issue<'a> {
    channel: &'a Channel,
    schema: &'a Schema,
    origin: Origin,
    next: u64,
}

/// Records that are in the ledger.
pub struct Issued {
    /// What their holders get.
    pub bundles: Vec<RecordBundle>,
}

/// Why an append of an issue failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IssueError {
    /// The bundles could not be kept, so nothing was sent.
    #[error("the record bundles cannot be kept: {0}")]
    Keep(#[source] io::Error),
    /// The ledger.
    #[error(transparent)]
    Channel(#[from] ChannelError),
    /// The ledger did not say where each leaf is.
    #[error("the ledger's answer does not say where each record is")]
    Indices,
}

impl<'a> Issue<'a> {
    /// Begins an issue.
    ///
    /// # Errors
    /// [`ChannelError`] where the ledger does not answer.
    pub fn begin(channel: &'a Channel, schema: &'a Schema) -> Result<Self, ChannelError> {
        let entry = channel.entry()?;
        Ok(Self { channel, schema, origin: entry.origin, next: entry.issued })
    }

    /// Most records of one append.
    pub fn most_records(&self) -> usize {
        self.channel.most_events()
    }

    /// Issues records in one append, all or none.
    ///
    /// # Errors
    /// [`IssueError`]; none is issued, except where a [`ChannelError`] is not certain.
    pub fn append(
        &mut self,
        records: &[Record],
        mut keep: impl FnMut(&[RecordBundle]) -> io::Result<()>,
    ) -> Result<Issued, IssueError> {
        let expected = (0..).map(|offset| self.next + offset).take(records.len()).collect();
        let bundles = self.bundles(records, expected);
        keep(&bundles).map_err(IssueError::Keep)?;
        let events: Vec<_> =
            records.iter().map(|record| Event::Issue { leaf: record.leaf() }).collect();
        let response = self.channel.append(&events)?;
        let indices: Option<Vec<u64>> = response.indices.into_iter().collect();
        let indices =
            indices.filter(|indices| indices.len() == records.len()).ok_or(IssueError::Indices)?;
        self.next = indices.last().map_or(self.next, |last| last + 1);
        let issued = self.bundles(records, indices);
        if issued != bundles {
            keep(&issued).map_err(IssueError::Keep)?;
        }
        Ok(Issued { bundles: issued })
    }

    fn bundles(&self, records: &[Record], indices: Vec<u64>) -> Vec<RecordBundle> {
        records
            .iter()
            .zip(indices)
            .map(|(record, index)| {
                RecordBundle::new(self.origin.clone(), index, self.schema, record)
            })
            .collect()
    }
}
