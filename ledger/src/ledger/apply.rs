//! The rules of the state tree: an issued leaf takes the next free index; only what is issued
//! and not revoked is amended or revoked; revoking empties the leaf for good.

use std::collections::BTreeSet;

use records::Leaf;
use records::domain::{BUCKET, CAPACITY};

use crate::error::{EventRefusal, LedgerError};
use crate::event::Event;
use crate::state::Draft;

/// What a batch counts on.
pub(super) struct Counts {
    pub(super) issued: u64,
    pub(super) active: u64,
}

/// The buckets of the leaves that a batch may change. Nothing is refused here: [`apply`] names
/// the first event that is wrong.
pub(super) fn touched_buckets(events: &[Event], mut issued: u64) -> BTreeSet<u64> {
    let indices = events.iter().map(|event| match event {
        Event::Issue { .. } => {
            let index = issued;
            issued = issued.saturating_add(1);
            index
        }
        Event::Amend { index, .. } | Event::Revoke { index } => *index,
    });
    indices.filter(|index| *index < CAPACITY).map(|index| index / BUCKET as u64).collect()
}

/// Applies events to a draft, in order; returns the indices of the issued leaves. After an
/// error the draft is good for nothing.
pub(super) fn apply(
    events: &[Event],
    draft: &mut Draft,
    counts: &mut Counts,
) -> Result<Vec<Option<u64>>, LedgerError> {
    let mut indices = Vec::with_capacity(events.len());
    for (position, event) in events.iter().enumerate() {
        let issued = apply_one(event, draft, counts);
        indices.push(issued.map_err(|reason| LedgerError::Refused { position, reason })?);
    }
    Ok(indices)
}

fn apply_one(
    event: &Event,
    draft: &mut Draft,
    counts: &mut Counts,
) -> Result<Option<u64>, EventRefusal> {
    let require_active = |draft: &Draft, index| match draft.leaf(index) {
        _ if index >= counts.issued => Err(EventRefusal::NeverIssued { index }),
        // The draft has all buckets that the batch may touch.
        Some(leaf) if !leaf.is_empty() => Ok(()),
        _ => Err(EventRefusal::Revoked { index }),
    };
    match *event {
        Event::Issue { leaf } | Event::Amend { leaf, .. } if leaf.is_empty() => {
            Err(EventRefusal::EmptyLeaf)
        }
        Event::Issue { .. } if counts.issued >= CAPACITY => Err(EventRefusal::Full),
        Event::Issue { leaf } => {
            let index = counts.issued;
            draft.set(index, leaf);
            counts.issued += 1;
            counts.active += 1;
            Ok(Some(index))
        }
        Event::Amend { index, leaf } => {
            require_active(draft, index)?;
            draft.set(index, leaf);
            Ok(None)
        }
        Event::Revoke { index } => {
            require_active(draft, index)?;
            draft.set(index, Leaf::EMPTY);
            counts.active = counts.active.saturating_sub(1);
            Ok(None)
        }
    }
}
