//! The service in this process, with a log of everything that any crate says.

use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use service::config::Config;
use service::state::AppState;
use tests::city::City;
use tests::test_keys;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;

use crate::story::{Told, tell};

/// What all crates of this process log.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Tells the stories to a service in this process; gives the log of all sides.
pub(crate) fn everything(city: &City) -> (Told, Vec<u8>) {
    let log = Log::default();
    let writer = log.clone();
    tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .init();
    let config = Config { data_dir: city.data(), keys_dir: Some(test_keys()), ..Config::default() };
    let state = AppState::open(config, &mut |_| {}).unwrap();
    let runtime = Runtime::new().unwrap();
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (stop, stopped) = oneshot::channel::<()>();
    let task = runtime.spawn(service::serve(listener, state, async {
        let _ = stopped.await;
    }));
    let told = tell(city, &url);
    drop(stop);
    runtime.block_on(task).unwrap().unwrap();
    runtime.shutdown_timeout(Duration::from_secs(10));
    let log = log.0.lock().unwrap().clone();
    (told, log)
}
