//! Amending and revoking records, and checkpoints.

use std::path::PathBuf;

use anyhow::anyhow;
use ledger::Event;
use rand::rngs::OsRng;
use records::schema::builtin;
use records::{Origin, RecordBundle, Value};
use serde_json::json;
use service::department;

use super::super::error::{Advise as _, usage};
use super::super::output::{counted, print, print_json, print_line};
use super::super::{Outcome, Result, args, files, schema, wallet};
use super::place::{Place, origin};

#[derive(Debug, clap::Args)]
pub(in super::super) struct Amend {
    /// The record's bundle: a file with one line
    bundle: PathBuf,
    /// A new value, as name=value; may be repeated. Also valid_from and valid_until
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = args::pair, required = true)]
    values: Vec<(String, String)>,
    /// Schema file of the record, where the schema does not ship
    #[arg(long, value_name = "FILE")]
    schema: Option<String>,
    /// File to write the new bundle to; personal data, readable by its owner only
    #[arg(long, value_name = "FILE")]
    bundles: PathBuf,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, clap::Args)]
pub(in super::super) struct Revoke {
    /// Name of the ledger
    #[arg(value_parser = origin)]
    ledger: Origin,
    /// Index of a record; may be repeated
    #[arg(long = "index", value_name = "INDEX")]
    indices: Vec<u64>,
    /// File with the bundles of the records
    #[arg(long, value_name = "FILE")]
    bundle: Option<PathBuf>,
    #[command(flatten)]
    place: Place,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub(in super::super) struct Checkpoint {
    /// Name of the ledger
    #[arg(value_parser = origin)]
    ledger: Origin,
    /// Publish a fresh one first, so that the ledger is current as of now
    #[arg(long)]
    publish: bool,
    #[command(flatten)]
    place: Place,
}

pub(super) fn amend(args: &Amend) -> Result {
    let bundles = wallet::read_bundles(&args.bundle)?;
    let [bundle] = bundles.as_slice() else {
        return Err(usage("the file does not hold exactly one record bundle"));
    };
    let schema = match &args.schema {
        Some(name) => schema::find(name)?,
        None => builtin::by_id(bundle.header.schema)
            .cloned()
            .ok_or_else(|| anyhow!("the record is of a schema that does not ship"))
            .advise("name the schema's file with --schema")?,
    };
    let old = bundle.record(&schema)?;
    let mut header = old.header().clone();
    let mut values = old.values().to_vec();
    for (name, text) in &args.values {
        match name.as_str() {
            "valid_from" => header.valid_from = text.parse()?,
            "valid_until" => header.valid_until = text.parse()?,
            name => {
                let (slot, attribute) = schema
                    .attribute(name)
                    .ok_or_else(|| usage(format!("the schema has no attribute {name}")))?;
                let value = Value::parse(attribute.kind(), text)
                    .map_err(|error| anyhow!("attribute {name}: {error}"))?;
                if let Some(old) = values.get_mut(slot) {
                    *old = value;
                }
            }
        }
    }
    let record = department::amend_record(&schema, &header, values, &mut OsRng)?;
    let channel = args.place.channel(&bundle.ledger)?;
    let mut file = files::private_file(&args.bundles)?;
    let amended = RecordBundle::new(bundle.ledger.clone(), bundle.index, &schema, &record);
    let mut line = serde_json::to_vec(&amended)?;
    line.push(b'\n');
    // The new salt is on disk before the ledger has the leaf.
    file.append(&line)?;
    let appended = channel.append(&[Event::Amend { index: bundle.index, leaf: record.leaf() }]);
    match appended {
        Ok(_) => file.finish()?,
        Err(error) if error.is_certain() => return Err(error.into()),
        Err(error) => {
            let kept = file.keep()?;
            return Err(error).advise(format!(
                "the record may be amended or not; the new bundle is in {}",
                kept.display()
            ));
        }
    }
    print_line(format_args!("record {} of {} amended", bundle.index, bundle.ledger))?;
    eprintln!("the new bundle is in {}: hand it to the holder", args.bundles.display());
    Ok(Outcome::Done)
}

pub(super) fn revoke(args: &Revoke) -> Result {
    let mut indices = args.indices.clone();
    if let Some(path) = &args.bundle {
        for bundle in wallet::read_bundles(path)? {
            if bundle.ledger != args.ledger {
                return Err(usage(format!("a bundle is of ledger {}", bundle.ledger)));
            }
            indices.push(bundle.index);
        }
    }
    if indices.is_empty() {
        return Err(usage("no record is named")).advise("give --index or --bundle");
    }
    let events: Vec<_> = indices.iter().map(|index| Event::Revoke { index: *index }).collect();
    let response = args.place.channel(&args.ledger)?.append(&events)?;
    if args.json {
        let checkpoint = response.checkpoint.unverified()?;
        print_json(&json!({ "revoked": indices, "size": checkpoint.size }))?;
    } else {
        print_line(format_args!("{} revoked", counted(indices.len(), "record")))?;
    }
    Ok(Outcome::Done)
}

pub(super) fn checkpoint(args: &Checkpoint) -> Result {
    let channel = args.place.channel(&args.ledger)?;
    let checkpoint = if args.publish { channel.publish()? } else { channel.checkpoint()? };
    print(checkpoint.as_str())?;
    Ok(Outcome::Done)
}
