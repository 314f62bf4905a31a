//! The ledgers that a wallet trusts.

use std::path::{Path, PathBuf};

use records::{LedgerKey, Origin};

use super::super::error::Advise as _;
use super::super::output::{print_json, print_line};
use super::super::{Outcome, Result, files};
use super::WalletArgs;

#[derive(Debug, clap::Args)]
pub(in super::super) struct Args {
    #[command(flatten)]
    wallet: WalletArgs,
    /// Keys of the form name+hash+key
    #[arg(value_name = "KEY", value_parser = LedgerKey::parse)]
    keys: Vec<LedgerKey>,
    /// File with one key in each line
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub(in super::super) struct Distrust {
    #[command(flatten)]
    wallet: WalletArgs,
    /// Name of the ledger
    #[arg(value_parser = |text: &str| Origin::new(text))]
    ledger: Origin,
}

pub(super) fn trust(args: &Args) -> Result {
    let mut wallet = args.wallet.open()?;
    let mut keys = args.keys.clone();
    if let Some(path) = &args.file {
        keys.extend(read_keys(path)?);
    }
    wallet.trust_ledgers(keys)?;
    let trusted = wallet.ledger_keys();
    if args.json {
        print_json(&trusted)?;
    } else {
        for key in trusted {
            print_line(key)?;
        }
    }
    Ok(Outcome::Done)
}

pub(super) fn distrust(args: &Distrust) -> Result {
    args.wallet.open()?.distrust_ledger(&args.ledger)?;
    Ok(Outcome::Done)
}

/// Reads ledger keys, one in each line; lines that start with # are comments.
pub(in super::super) fn read_keys(path: &Path) -> anyhow::Result<Vec<LedgerKey>> {
    let text = files::read_text(path)?;
    let lines = text.lines().map(str::trim);
    lines
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| {
            LedgerKey::parse(line)
                .advise("`vouch ledger list --keys-only` prints keys in this form")
        })
        .collect()
}
