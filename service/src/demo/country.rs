//! The country: service and departments.

use std::collections::BTreeSet;
use std::time::Instant;

use anyhow::Context as _;
use prover::Prover;
use records::Date;
use records::schema::builtin;
use service::client::Client;
use verifier::Verifier;

use super::Settings;
use super::departments::Department;
use super::folder::Folder;
use super::narrator::Narrator;
use super::people::{self, People};
use super::report::{Founding, LedgerReport, millis};
use super::server::Server;
use crate::cli::now;

/// Everything but the people.
pub(super) struct Country {
    pub(super) server: Server,
    pub(super) departments: Vec<Department>,
    /// What holders prove with, on their own devices.
    pub(super) prover: Prover,
    /// A relying party without a network.
    pub(super) verifier: Verifier,
}

impl Country {
    /// Starts the service, founds the ledgers, issues the records, hands the actors theirs.
    pub(super) fn found(
        settings: &Settings,
        folder: &Folder,
        narrator: &Narrator,
    ) -> anyhow::Result<(Self, People, Founding)> {
        let started = Instant::now();
        let server = Server::start(settings, folder.server())?;
        let prover = server.prover(&settings.keys)?;
        let key_time = started.elapsed();
        let today = Date::from_unix_seconds(now());
        let departments = builtin::all()
            .iter()
            .map(|schema| Department::found(&server, schema))
            .collect::<anyhow::Result<Vec<_>>>()?;
        narrator.opening(&server, prover.provenance(), key_time);
        let count = usize::try_from(settings.records)?;
        let (mut people, mut rows, tags) = people::invent(folder, count, today)?;
        let awaited: BTreeSet<_> = tags.into_iter().collect();
        let mut bundles = Vec::new();
        let mut ledgers = Vec::new();
        for department in &departments {
            let rows = rows.remove(department.schema.name()).unwrap_or_default();
            let records = rows.len();
            let issued = department.issue(rows, &awaited)?;
            bundles.extend(issued.bundles);
            let report = LedgerReport {
                origin: department.origin.to_string(),
                schema: department.schema.name().to_owned(),
                records,
                commit_ms: millis(issued.committing),
                append_ms: millis(issued.appending),
            };
            narrator.ledger(&report);
            ledgers.push(report);
        }
        let keys = server.client()?.ledger_keys()?;
        let People { citizen, broker, suspended, lapsed } = &mut people;
        for holder in [citizen, broker, suspended, lapsed] {
            let tags: BTreeSet<_> =
                holder.wallet.pending_tags().into_iter().map(|pending| pending.tag).collect();
            let own = bundles.iter().filter(|bundle| tags.contains(&bundle.header.holder_tag));
            holder.wallet.add_all(own.cloned().collect(), builtin::all())?;
            holder.wallet.trust_ledgers(keys.clone())?;
            narrator.holder(holder);
        }
        let mut verifier = Verifier::new(prover.pinned(), builtin::all().to_vec());
        keys.into_iter().for_each(|key| verifier.trust_ledger(key));
        for statement in statements::catalogue::all() {
            verifier.add_statement(statement.clone())?;
        }
        let founding = Founding::new(&prover, ledgers);
        Ok((Self { server, departments, prover, verifier }, people, founding))
    }

    /// Somebody who talks to the service.
    pub(super) fn client(&self) -> anyhow::Result<Client> {
        self.server.client()
    }

    /// The department of a schema.
    pub(super) fn department(&self, schema: &str) -> anyhow::Result<&Department> {
        let mut departments = self.departments.iter();
        departments
            .find(|department| department.schema.name() == schema)
            .with_context(|| format!("no department issues {schema}"))
    }
}
