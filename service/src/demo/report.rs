//! What happened, as data.

use std::time::Duration;

use prover::Prover;
use serde::Serialize;

use super::story::Story;

/// All of it.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    /// Whether all stories were verified, and all refusals refused for the reason expected.
    pub(super) passed: bool,
    /// The beginning.
    #[serde(flatten)]
    pub(super) founding: Founding,
    /// What was proven.
    pub(super) stories: Vec<StoryReport>,
    /// What was refused.
    pub(super) refusals: Vec<RefusalReport>,
    /// Seconds of everything together.
    pub(super) seconds: f64,
}

/// Keys and ledgers.
#[derive(Debug, Serialize)]
pub(super) struct Founding {
    /// Digest of the verification key.
    pub(super) key: String,
    /// Whether it is a development key.
    pub(super) development_key: bool,
    /// The ledgers.
    pub(super) ledgers: Vec<LedgerReport>,
}

/// One ledger.
#[derive(Debug, Serialize)]
pub(super) struct LedgerReport {
    /// Its name.
    pub(super) origin: String,
    /// Document type of its records.
    pub(super) schema: String,
    /// Records issued.
    pub(super) records: usize,
    /// Time of making their commitments, in milliseconds.
    pub(super) commit_ms: f64,
    /// Time of the appends over HTTP, in milliseconds.
    pub(super) append_ms: f64,
}

/// One story.
#[derive(Debug, Clone, Serialize)]
pub(super) struct StoryReport {
    /// Its name.
    pub(super) name: &'static str,
    /// Name of the statement.
    pub(super) statement: String,
    /// Whether the service verified it.
    pub(super) verified: bool,
    /// Proofs: one for each record.
    pub(super) proofs: usize,
    /// Time of making the proofs, in milliseconds.
    pub(super) prove_ms: f64,
    /// Time of verifying the presentation, by a relying party without a network.
    pub(super) verify_ms: f64,
    /// Time from sending the presentation to the service's answer.
    pub(super) round_trip_ms: f64,
    /// Bytes of the compact presentation (CBOR).
    pub(super) presentation_bytes: usize,
    /// Bytes of the presentation as JSON.
    pub(super) presentation_json_bytes: usize,
    /// Attributes that were revealed.
    pub(super) revealed: usize,
}

/// One thing that must be refused.
#[derive(Debug, Clone, Serialize)]
pub(super) struct RefusalReport {
    /// Its name.
    pub(super) name: &'static str,
    /// What was tried.
    pub(super) attempt: &'static str,
    /// Whether the service refused it.
    pub(super) refused: bool,
    /// Code of the rule that it was refused by.
    pub(super) code: String,
    /// Code of the rule that it should be refused by.
    pub(super) expected: &'static str,
    /// Number of the rule.
    pub(super) rule: u8,
    /// What the service said.
    pub(super) message: String,
    /// What the honest wallet said before, where it refuses too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) wallet: Option<String>,
}

impl Report {
    pub(super) fn new(
        founding: Founding,
        stories: &[Story],
        refusals: Vec<RefusalReport>,
        elapsed: Duration,
    ) -> Self {
        let stories: Vec<_> = stories.iter().map(|story| story.report.clone()).collect();
        let passed = stories.iter().all(|story| story.verified)
            && refusals.iter().all(RefusalReport::is_as_expected);
        let seconds = (elapsed.as_secs_f64() * 10.0).round() / 10.0;
        Self { passed, founding, stories, refusals, seconds }
    }
}

impl RefusalReport {
    /// Whether it was refused for the right reason.
    pub(super) fn is_as_expected(&self) -> bool {
        self.refused && self.code == self.expected
    }
}

impl Founding {
    pub(super) fn new(prover: &Prover, ledgers: Vec<LedgerReport>) -> Self {
        let provenance = prover.provenance();
        Self { key: provenance.key.to_string(), development_key: provenance.development, ledgers }
    }
}

/// Milliseconds, to the hundredth.
pub(super) fn millis(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 100_000.0).round() / 100.0
}
