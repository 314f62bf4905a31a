//! `vouch demo`: the whole of it, in one command.

use std::net::SocketAddr;
use std::path::PathBuf;

use service::config::LogLevel;

use super::args::KeyDirectory;
use super::{Outcome, Result};
use crate::demo;

/// See the whole of it: nine ledgers, two stories, and what is refused
///
/// Founds the ledgers of nine departments with made-up records, and plays over real HTTP how a
/// citizen and a customs broker prove facts about theirs, and how what is wrong is refused.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  vouch demo\n  vouch demo --records 20000 --json\n  vouch demo --keep-running --listen 127.0.0.1:8750"
)]
pub(super) struct Args {
    /// Records of each ledger
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(u32).range(10..=1_000_000))]
    records: u32,
    /// Print what happened as JSON
    #[arg(long)]
    json: bool,
    /// Keep the service running afterwards, until it is interrupted
    #[arg(long)]
    keep_running: bool,
    /// Address of the service [default: a free port of this machine]
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<SocketAddr>,
    /// Folder of the demonstration: ledgers, wallets, bundles; emptied first
    #[arg(long, value_name = "DIR", default_value = "data/demo")]
    data: PathBuf,
    #[command(flatten)]
    keys: KeyDirectory,
    /// From which severity on the service logs, to standard error [default: not at all]
    #[arg(long, env = "VOUCH_LOG_LEVEL", hide_env_values = true, value_name = "LEVEL")]
    log_level: Option<LogLevel>,
}

pub(super) fn run(args: &Args) -> Result {
    let settings = demo::Settings {
        records: args.records,
        json: args.json,
        keep_running: args.keep_running,
        listen: args.listen,
        data: args.data.clone(),
        keys: args.keys.path(),
        log_level: args.log_level,
    };
    Ok(if demo::run(&settings)? { Outcome::Done } else { Outcome::Refused })
}
