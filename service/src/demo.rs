//! The demonstration: a small country of nine departments, its ledgers behind one service, a
//! citizen, a customs broker, and those who try what must not work. Everything that the actors
//! say to each other goes over HTTP.

mod country;
mod departments;
mod folder;
mod narrator;
mod people;
mod refusals;
mod report;
mod server;
mod story;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Instant;

use service::config::LogLevel;

use country::Country;
use folder::Folder;
use narrator::Narrator;
use report::Report;

/// How the demonstration runs.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    /// Records of each ledger.
    pub(crate) records: u32,
    /// Print JSON, and nothing else, to standard output.
    pub(crate) json: bool,
    /// Go on serving afterwards.
    pub(crate) keep_running: bool,
    /// Address of the service; a free port where none is given.
    pub(crate) listen: Option<SocketAddr>,
    /// Folder of the demonstration.
    pub(crate) data: PathBuf,
    /// Folder of the keys, which other runs share.
    pub(crate) keys: PathBuf,
    /// From which severity on the service logs; not at all where there is none.
    pub(crate) log_level: Option<LogLevel>,
}

/// Runs it. Whether everything that should be verified was, and everything that should be
/// refused was, for the reason expected.
pub(crate) fn run(settings: &Settings) -> anyhow::Result<bool> {
    let started = Instant::now();
    let narrator = Narrator::new(settings.json);
    let folder = Folder::prepare(&settings.data)?;
    let (country, mut people, founding) = Country::found(settings, &folder, &narrator)?;
    let stories = [
        story::citizen(&country, &mut people.citizen, &narrator)?,
        story::broker(&country, &mut people.broker, &narrator)?,
    ];
    let refusals = refusals::all(&country, &mut people, &stories, &folder, &narrator)?;
    let report = Report::new(founding, &stories, refusals, started.elapsed());
    if settings.json {
        crate::cli::print_json(&report)?;
    } else {
        narrator.closing(&report);
    }
    if settings.keep_running {
        let wallet = people.citizen.wallet.path().to_owned();
        // Closed, so that other commands can open them.
        drop(people);
        narrator.keep_running(&country, &wallet);
        country.server.wait()?;
    } else {
        country.server.stop()?;
    }
    Ok(report.passed)
}
