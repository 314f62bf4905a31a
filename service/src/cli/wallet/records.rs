//! The records of a wallet.

use std::io::BufRead as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use records::RecordBundle;
use records::schema::builtin;
use serde_json::{Value as Json, json};
use service::client::Client;
use wallet::{EntryId, RecordSummary, Wallet};

use super::super::args::now;
use super::super::error::Advise as _;
use super::super::output::{print_json, print_line, table};
use super::super::{Outcome, Result, files, schema};
use super::WalletArgs;

#[derive(Debug, clap::Args)]
pub(in super::super) struct Add {
    #[command(flatten)]
    wallet: WalletArgs,
    /// File of record bundles, one JSON object in each line; - for standard input
    bundles: PathBuf,
    /// Schema file of the records, beside the schemas that ship; may be repeated
    #[arg(long = "schema", value_name = "FILE")]
    schemas: Vec<String>,
    /// Take only the bundles issued to tags of this wallet, and skip those of others
    #[arg(long)]
    mine: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub(in super::super) struct List {
    #[command(flatten)]
    wallet: WalletArgs,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub(in super::super) struct Show {
    #[command(flatten)]
    wallet: WalletArgs,
    /// The record's number in the wallet, or its label
    record: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub(in super::super) struct Remove {
    #[command(flatten)]
    wallet: WalletArgs,
    /// The record's number in the wallet, or its label
    record: String,
}

#[derive(Debug, clap::Args)]
pub(in super::super) struct Refresh {
    #[command(flatten)]
    wallet: WalletArgs,
    /// Address of the service that has the ledgers
    #[arg(long, value_name = "URL", env = "VOUCH_URL", hide_env_values = true)]
    url: String,
}

pub(super) fn refresh(args: &Refresh) -> Result {
    let mut wallet = args.wallet.open()?;
    let refreshed = wallet.refresh(&Client::new(&args.url)?, now())?;
    let failed = refreshed.iter().filter(|refreshed| refreshed.outcome.is_err()).count();
    for refreshed in &refreshed {
        match &refreshed.outcome {
            Ok(()) => print_line(format_args!("record {} is current", refreshed.id))?,
            Err(error) => print_line(format_args!("record {}: {error}", refreshed.id))?,
        }
    }
    Ok(if failed == 0 { Outcome::Done } else { Outcome::Refused })
}

pub(super) fn add(args: &Add) -> Result {
    let mut wallet = args.wallet.open()?;
    let mut schemas = builtin::all().to_vec();
    for path in &args.schemas {
        schemas.push(schema::find(path)?);
    }
    let mut bundles = read_bundles(&args.bundles)?;
    if args.mine {
        let tags: Vec<_> = wallet.pending_tags().into_iter().map(|pending| pending.tag).collect();
        bundles.retain(|bundle| tags.contains(&bundle.header.holder_tag));
    }
    let added = wallet
        .add_all(bundles, &schemas)
        .advise("nothing was added; --mine skips records of other holders")?;
    print_records(&added, args.json)?;
    Ok(Outcome::Done)
}

/// Reads record bundles. Errors name the line, and nothing of what stands there.
pub(in super::super) fn read_bundles(path: &Path) -> anyhow::Result<Vec<RecordBundle>> {
    let mut bundles = Vec::new();
    for (number, line) in (1..).zip(files::open(path)?.lines()) {
        let line = line.with_context(|| format!("{}, line {number}", path.display()))?;
        if line.trim().is_empty() {
            continue;
        }
        let bundle = serde_json::from_str(&line).map_err(|error| {
            let column = error.column();
            anyhow::anyhow!("line {number} is no record bundle (column {column})")
        })?;
        bundles.push(bundle);
    }
    Ok(bundles)
}

pub(super) fn list(args: &List) -> Result {
    let wallet = args.wallet.open()?;
    let pending = wallet.pending_tags();
    if args.json {
        print_json(&json!({ "records": wallet.records(), "pending_tags": pending }))?;
        return Ok(Outcome::Done);
    }
    print_records(&wallet.records(), false)?;
    if !pending.is_empty() {
        let rows: Vec<_> = pending
            .iter()
            .map(|pending| [pending.tag.to_string(), pending.label.clone()])
            .collect();
        print_line(format_args!(
            "\n{}",
            table(["tag waiting for a record", "label"], &rows).trim_end()
        ))?;
    }
    Ok(Outcome::Done)
}

fn print_records(records: &[RecordSummary], json: bool) -> anyhow::Result<()> {
    if json {
        return print_json(&records);
    }
    let rows: Vec<_> = records
        .iter()
        .map(|record| {
            [
                record.id.to_string(),
                record.label.clone(),
                record.schema.clone(),
                record.ledger.to_string(),
                format!("{} to {}", record.valid_from, record.valid_until),
                record.status.to_string(),
            ]
        })
        .collect();
    print_line(table(["record", "label", "schema", "ledger", "valid", "status"], &rows).trim_end())
}

pub(super) fn show(args: &Show) -> Result {
    let wallet = args.wallet.open()?;
    let detail = wallet.record(find(&wallet, &args.record)?)?;
    if args.json {
        print_json(&detail)?;
        return Ok(Outcome::Done);
    }
    print_records(std::slice::from_ref(&detail.summary), false)?;
    let text = |value: &Json| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let rows: Vec<_> =
        detail.attributes.iter().map(|(name, value)| [name.clone(), text(value)]).collect();
    print_line(format_args!("\n{}", table(["attribute", "value"], &rows).trim_end()))?;
    Ok(Outcome::Done)
}

pub(super) fn remove(args: &Remove) -> Result {
    let mut wallet = args.wallet.open()?;
    let id = find(&wallet, &args.record)?;
    wallet.remove(id)?;
    eprintln!("removed record {id}; its bundle can be added again");
    Ok(Outcome::Done)
}

/// The record that a person means.
pub(in super::super) fn find(wallet: &Wallet, name: &str) -> anyhow::Result<EntryId> {
    wallet
        .find(name)
        .ok_or_else(|| anyhow::anyhow!("the wallet has no record {name}, or several"))
        .advise("`vouch wallet list` shows their numbers")
}
