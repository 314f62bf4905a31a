//! Founding ledgers, and looking at them.

use anyhow::anyhow;
use records::Origin;
use serde_json::json;
use service::client::LedgerEntry;

use super::super::error::Advise as _;
use super::super::output::{grouped, print_json, print_line, table};
use super::super::{Outcome, Result, args};
use super::place::{Folder, Place, origin};

#[derive(Debug, clap::Args)]
pub(in super::super) struct Create {
    /// Name of the ledger, unique in the world: a host name of the department
    #[arg(value_parser = origin)]
    ledger: Origin,
    #[command(flatten)]
    folder: Folder,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub(in super::super) struct List {
    #[command(flatten)]
    place: Place,
    /// Print only the keys: what verifiers and wallets trust
    #[arg(long, conflicts_with = "json")]
    keys_only: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub(in super::super) struct Status {
    /// Name of the ledger
    #[arg(value_parser = origin)]
    ledger: Origin,
    #[command(flatten)]
    place: Place,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn create(args: &Create) -> Result {
    let ledger = args
        .folder
        .make()?
        .create(&args.ledger, args::now())
        .advise("`vouch ledger list` shows the ledgers of the folder")?;
    if args.json {
        print_json(&json!({ "origin": args.ledger, "key": ledger.key() }))?;
    } else {
        print_line(ledger.key())?;
    }
    Ok(Outcome::Done)
}

pub(super) fn list(args: &List) -> Result {
    let entries = entries(&args.place)?;
    if args.json {
        print_json(&entries)?;
    } else if args.keys_only {
        for entry in &entries {
            print_line(&entry.key)?;
        }
    } else {
        let rows: Vec<_> = entries
            .iter()
            .map(|entry| {
                [
                    entry.origin.to_string(),
                    grouped(entry.size),
                    grouped(entry.issued),
                    grouped(entry.active),
                    entry.key.to_string(),
                ]
            })
            .collect();
        print_line(table(["ledger", "events", "issued", "active", "key"], &rows).trim_end())?;
    }
    Ok(Outcome::Done)
}

fn entries(place: &Place) -> anyhow::Result<Vec<LedgerEntry>> {
    if let Some(client) = place.client()? {
        return Ok(client.ledgers()?);
    }
    let ledgers = place.folder().open()?;
    ledgers
        .list()?
        .iter()
        .map(|origin| {
            let ledger = ledgers.get(origin)?.ok_or_else(|| anyhow!("{origin} is gone"))?;
            Ok(service::department::Channel::Local(ledger).entry()?)
        })
        .collect()
}

pub(super) fn status(args: &Status) -> Result {
    let channel = args.place.channel(&args.ledger)?;
    let entry = channel.entry()?;
    let checkpoint = channel.checkpoint()?.verify(&entry.key)?;
    let age = args::now().saturating_sub(checkpoint.time);
    if args.json {
        print_json(&json!({
            "ledger": entry,
            "checkpoint": {
                "size": checkpoint.size,
                "time": checkpoint.time,
                "age_seconds": age,
                "state_root": checkpoint.state_root,
            },
        }))?;
        return Ok(Outcome::Done);
    }
    for (name, value) in [
        ("ledger", entry.origin.to_string()),
        ("key", entry.key.to_string()),
        ("events", grouped(entry.size)),
        ("issued", grouped(entry.issued)),
        ("active", grouped(entry.active)),
        ("state root", checkpoint.state_root.to_string()),
        ("checkpoint", format!("of size {}, {age} s old", grouped(checkpoint.size))),
    ] {
        print_line(format_args!("{name:<11} {value}"))?;
    }
    Ok(Outcome::Done)
}
