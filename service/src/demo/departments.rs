//! Departments: each with its ledger, its token, and the records that it issues.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use ledger::Event;
use rand::rngs::OsRng;
use rayon::prelude::*;
use records::import::Row;
use records::{HolderTag, Origin, Record, RecordBundle, Schema};
use service::department::{self, Channel, Issue};
use zeroize::Zeroizing;

use super::server::Server;
use crate::cli::now;

/// A department.
pub(super) struct Department {
    pub(super) schema: &'static Schema,
    pub(super) origin: Origin,
    channel: Channel,
}

/// What came of an issue.
pub(super) struct Issued {
    /// Bundles of the records that somebody waits for.
    pub(super) bundles: Vec<RecordBundle>,
    /// Time of making commitments, in the department.
    pub(super) committing: Duration,
    /// Time of the appends, over HTTP.
    pub(super) appending: Duration,
}

impl Department {
    /// Founds the department's ledger, and gives the department a token for it.
    pub(super) fn found(server: &Server, schema: &'static Schema) -> anyhow::Result<Self> {
        let origin = Origin::new(format!("{}.vouch.example", schema.department()))?;
        server.state().found_ledger(&origin)?;
        let (token, _) = server.state().tokens().issue(&origin, "demonstration", now(), None)?;
        let token = Zeroizing::new(token.expose().to_owned());
        let client = Box::new(server.client()?.with_token(token)?);
        let channel = Channel::Http { client, origin: origin.clone() };
        Ok(Self { schema, origin, channel })
    }

    /// Makes records of rows and commits them. Only leaves are sent.
    pub(super) fn issue(
        &self,
        mut rows: Vec<Row>,
        awaited: &BTreeSet<HolderTag>,
    ) -> anyhow::Result<Issued> {
        let started = Instant::now();
        for row in &mut rows {
            if row.holder_tag.is_none() {
                row.holder_tag = Some(department::unclaimed_tag(&mut OsRng)?);
            }
        }
        let records: Vec<Record> = rows
            .par_iter()
            .map(|row| department::commit_row(self.schema, row, &mut OsRng))
            .collect::<Result<_, _>>()?;
        let committing = started.elapsed();
        let started = Instant::now();
        let mut issue = Issue::begin(&self.channel, self.schema)?;
        let mut bundles = Vec::new();
        for chunk in records.chunks(issue.most_records()) {
            // Made-up people wait for nothing: only the bundles of the actors are kept.
            let issued = issue
                .append(chunk, |_| Ok(()))
                .with_context(|| format!("{} cannot issue", self.origin))?;
            let claimed = issued.bundles.into_iter();
            bundles.extend(claimed.filter(|bundle| awaited.contains(&bundle.header.holder_tag)));
        }
        Ok(Issued { bundles, committing, appending: started.elapsed() })
    }

    /// Revokes a record.
    pub(super) fn revoke(&self, index: u64) -> anyhow::Result<()> {
        self.channel.append(&[Event::Revoke { index }])?;
        Ok(())
    }
}
