//! What goes on besides requests: renewing checkpoints, forgetting what has expired.

use std::future::Future;
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval};

use crate::clock::now;
use crate::state::AppState;

/// How often expired requests are forgotten.
const PURGE: Duration = Duration::from_secs(30);

/// How often the buffers of metrics are emptied.
const UPKEEP: Duration = Duration::from_secs(10);

/// Starts the tasks; whoever has the handles ends them.
pub(crate) fn start(state: &AppState) -> Vec<JoinHandle<()>> {
    let mut tasks = vec![
        every(PURGE, state, |state| async move { purge(state).await }),
        every(UPKEEP, state, |state| async move { state.metrics().upkeep() }),
    ];
    let seconds = state.config().checkpoint_refresh_seconds;
    if seconds > 0 {
        let period = Duration::from_secs(seconds);
        tasks.push(every(period, state, |state| async move { refresh(state).await }));
    }
    tasks
}

fn every<F: Future<Output = ()> + Send>(
    period: Duration,
    state: &AppState,
    task: impl Fn(AppState) -> F + Send + 'static,
) -> JoinHandle<()> {
    let state = state.clone();
    tokio::spawn(async move {
        let mut ticks = interval(period);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            task(state.clone()).await;
        }
    })
}

async fn purge(state: AppState) {
    let purge = move || state.counter().purge(now());
    match tokio::task::spawn_blocking(purge).await {
        Ok(Ok(count)) => tracing::debug!(count, "expired requests forgotten"),
        Ok(Err(error)) => tracing::error!(%error, "expired requests not forgotten"),
        Err(_) => tracing::error!("the purge panicked"),
    }
}

async fn refresh(state: AppState) {
    let refreshed = tokio::task::spawn_blocking(move || refresh_all(&state)).await;
    if refreshed.is_err() {
        tracing::error!("the renewal of checkpoints panicked");
    }
}

/// Renews each checkpoint; one ledger's trouble is not another's.
fn refresh_all(state: &AppState) {
    let origins = match state.ledgers().list() {
        Ok(origins) => origins,
        Err(error) => return tracing::error!(%error, "ledgers not listed"),
    };
    for origin in origins {
        let renewed = state
            .ledgers()
            .get(&origin)
            .and_then(|ledger| ledger.map(|ledger| ledger.publish(now())).transpose());
        match renewed {
            Ok(_) => tracing::debug!(%origin, "checkpoint renewed"),
            Err(error) => tracing::error!(%origin, %error, "checkpoint not renewed"),
        }
    }
}
