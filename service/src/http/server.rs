//! Connections: HTTP/1.1 with limits on headers, time and number, and an orderly end. TLS is the
//! business of a reverse proxy in front.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tower::ServiceExt;

use super::router::router;
use crate::background;
use crate::state::AppState;

/// Longest time for the headers of a request, and between two requests of a connection.
const HEADER_TIME: Duration = Duration::from_secs(15);

/// Most headers, and most bytes of them.
const MAX_HEADERS: usize = 64;
const MAX_HEADER_BYTES: usize = 16 * 1_024;

/// Pause after the system refused to accept a connection, e.g. for want of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Why the service ended.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServeError {
    /// The listener is not usable.
    #[error("the listener failed: {0}")]
    Listener(#[from] io::Error),
    /// What was kept could not be written at the end.
    #[error(transparent)]
    Store(#[from] crate::store::StoreError),
}

/// Serves until `shutdown` is ready, then lets answers that are under way finish, for at most
/// the time that the configuration grants, and writes what is in memory.
///
/// # Errors
/// [`ServeError`].
pub async fn serve(
    listener: TcpListener,
    state: AppState,
    shutdown: impl Future<Output = ()> + Send,
) -> Result<(), ServeError> {
    let address = listener.local_addr()?;
    let app = router(state.clone());
    let tasks = background::start(&state);
    tracing::info!(%address, audience = state.config().audience, "listening");
    let connections = GracefulShutdown::new();
    let free = Arc::new(Semaphore::new(state.config().max_connections));
    let accept = accept(&listener, &app, &connections, &free);
    tokio::select! {
        () = accept => {}
        () = shutdown => {}
    }
    drop(listener);
    tracing::info!("stopping");
    state.stop();
    let grace = Duration::from_secs(state.config().shutdown_grace_seconds);
    if tokio::time::timeout(grace, connections.shutdown()).await.is_err() {
        tracing::warn!("connections were cut off");
    }
    for task in tasks {
        task.abort();
        // Aborted, or ended before: both are its end.
        let _ = task.await;
    }
    let closing = state.clone();
    let flushed = tokio::task::spawn_blocking(move || closing.counter().store().flush()).await;
    flushed.map_err(io::Error::other)??;
    tracing::info!("stopped");
    Ok(())
}

async fn accept(
    listener: &TcpListener,
    app: &Router,
    connections: &GracefulShutdown,
    free: &Arc<Semaphore>,
) {
    // The semaphore is never closed.
    while let Ok(permit) = Arc::clone(free).acquire_owned().await {
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(error) => {
                tracing::warn!(%error, "no connection accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
                continue;
            }
        };
        // Only a matter of speed.
        let _ = stream.set_nodelay(true);
        let connection = connections.watch(connection(stream, app.clone()));
        tokio::spawn(async move {
            // Clients leave as they like: nothing to report.
            let _ = connection.await;
            drop(permit);
        });
    }
}

fn connection(
    stream: TcpStream,
    app: Router,
) -> http1::Connection<
    TokioIo<TcpStream>,
    impl hyper::service::Service<
        hyper::Request<Incoming>,
        Response = axum::response::Response,
        Error = Infallible,
        Future: Send,
    >,
> {
    let service = service_fn(move |request: Request<Incoming>| app.clone().oneshot(request));
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIME)
        .max_headers(MAX_HEADERS)
        .max_header_size(MAX_HEADER_BYTES)
        .serve_connection(TokioIo::new(stream), service)
}

/// Ready at the first SIGINT or SIGTERM.
pub async fn stop_signal() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}
