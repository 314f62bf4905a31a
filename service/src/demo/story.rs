//! A holder proves something to the counter.

use std::time::Instant;

use anyhow::Context as _;
use rand::rngs::OsRng;
use records::schema::{Language, builtin};
use service::client::{Client, Encoding, RequestDraft};
use statements::{Presentation, Request, Statement, catalogue, explain};
use verifier::Context;
use wallet::{LedgerSource, Selection, Wallet};

use super::country::Country;
use super::narrator::Narrator;
use super::people::Holder;
use super::report::{StoryReport, millis};
use super::server::AUDIENCE;
use crate::cli::now;

/// Statement of the citizen's story.
pub(super) const CITIZEN: &str = "valid_driving_licence";

/// Statement of the broker's story.
pub(super) const BROKER: &str = "consignment_cleared_and_taxed";

/// A statement that reveals attributes of one of the broker's records.
pub(super) const REVEALING: &str = "port_arrival_by_air";

/// A story that was told, and what was sent in it.
pub(super) struct Story {
    pub(super) report: StoryReport,
    pub(super) request: Request,
    pub(super) presentation: Presentation,
}

/// A presentation, and the time that its proofs took.
pub(super) struct Made {
    pub(super) presentation: Presentation,
    pub(super) prove_ms: f64,
}

/// A citizen proves a driving licence.
pub(super) fn citizen(
    country: &Country,
    holder: &mut Holder,
    narrator: &Narrator,
) -> anyhow::Result<Story> {
    narrator.heading("A citizen proves: I hold a valid driving licence of class C1 or higher");
    tell(country, holder, CITIZEN, "citizen", narrator)
}

/// A customs broker proves that a consignment may leave.
pub(super) fn broker(
    country: &Country,
    holder: &mut Holder,
    narrator: &Narrator,
) -> anyhow::Result<Story> {
    narrator.heading("A customs broker proves: this consignment is cleared and its tax is paid");
    tell(country, holder, BROKER, "customs-broker", narrator)
}

/// The statement of a name.
pub(super) fn statement(name: &str) -> anyhow::Result<Statement> {
    let found = catalogue::by_name(name);
    found.cloned().with_context(|| format!("the catalogue has no statement {name}"))
}

fn tell(
    country: &Country,
    holder: &mut Holder,
    statement_name: &str,
    name: &'static str,
    narrator: &Narrator,
) -> anyhow::Result<Story> {
    let statement = statement(statement_name)?;
    let client = country.client()?;
    // Ahead of need, so that the fetch and the presentation do not coincide.
    holder.wallet.refresh(&client, now())?;
    let request = ask(&client, &statement, |_| {})?;
    let fetched = client.fetch_request(&request.nonce)?;
    let made = answer(country, &mut holder.wallet, &client, &fetched, &statement, now())?;
    let presentation = made.presentation;
    let sent = Instant::now();
    let reply = client.present(&request.nonce, &presentation, Encoding::Cbor)?;
    let round_trip_ms = millis(sent.elapsed());
    let report = StoryReport {
        name,
        statement: statement.name().to_owned(),
        verified: reply.valid && client.result(&request.nonce, None)?["status"] == "valid",
        proofs: presentation.proofs.len(),
        prove_ms: made.prove_ms,
        verify_ms: verify_offline(country, &request, &presentation)?,
        round_trip_ms,
        presentation_bytes: presentation.to_compact().len(),
        presentation_json_bytes: serde_json::to_vec(&presentation)?.len(),
        revealed: presentation.proofs.iter().map(|proof| proof.revealed.len()).sum(),
    };
    let explanation = explain(&statement, builtin::all(), Language::En)?;
    narrator.story(&report, &explanation, &reply);
    Ok(Story { report, request, presentation })
}

/// The counter asks, over HTTP.
pub(super) fn ask(
    client: &Client,
    statement: &Statement,
    change: impl FnOnce(&mut RequestDraft),
) -> anyhow::Result<Request> {
    let mut draft =
        RequestDraft { statement: statement.id().to_string(), ..RequestDraft::default() };
    if statement.needs_scope() {
        draft.scope = Some(AUDIENCE.to_owned());
    }
    change(&mut draft);
    Ok(client.create_request(&draft)?.request)
}

/// A wallet answers, as of `now` by its own clock.
pub(super) fn answer(
    country: &Country,
    wallet: &mut Wallet,
    source: &dyn LedgerSource,
    request: &Request,
    statement: &Statement,
    now: u64,
) -> anyhow::Result<Made> {
    let plan = wallet.plan(request, statement, &Selection::automatic(), now)?;
    let prover = &country.prover;
    let mut prove_ms = 0.0;
    let presentation = wallet.present_with(&plan, source, prover.key(), &mut OsRng, |inputs| {
        let started = Instant::now();
        let proofs = prover.prove_all(inputs);
        prove_ms = millis(started.elapsed());
        proofs
    })?;
    Ok(Made { presentation, prove_ms })
}

/// A relying party without a network verifies the same; the time it takes, in milliseconds.
fn verify_offline(
    country: &Country,
    request: &Request,
    presentation: &Presentation,
) -> anyhow::Result<f64> {
    let context = Context { audience: AUDIENCE, now: now(), allow_development: true };
    let started = Instant::now();
    let verified = country.verifier.verify(request, presentation, &context)?;
    let elapsed = millis(started.elapsed());
    // Of its own, it has not seen this request before.
    let _verdict = verified.claim(true)?;
    Ok(elapsed)
}
