//! Blocking work, off the threads that serve connections.

use super::problem::Problem;
use crate::gate::{Full, Gate};

/// Runs what reads a disk or computes for long. Once begun it runs to its end, also when the
/// client has gone: what it records is recorded.
///
/// # Errors
/// 500 where it panicked.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Problem> {
    let span = tracing::Span::current();
    let task = tokio::task::spawn_blocking(move || span.in_scope(work));
    // The panic's message may hold what it worked on; its place is in the log already.
    task.await.map_err(|_| Problem::internal("a task panicked"))
}

/// The same, through a gate. The permit is held until the work ends, not until the client
/// leaves.
///
/// # Errors
/// 429 where too many wait; 500 as for [`blocking`].
pub(super) async fn gated<T: Send + 'static>(
    gate: &Gate,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Problem> {
    let permit = gate.enter().await.map_err(busy)?;
    blocking(move || {
        let _permit = permit;
        work()
    })
    .await
}

/// Jobs take parts of a second: a client comes back after roughly those before it are done.
fn busy(full: Full) -> Problem {
    Problem::busy(1 + full.waiting as u64 / 4)
}
