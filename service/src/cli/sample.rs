//! `vouch sample`: made-up records with the look of real ones.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use anyhow::Context as _;
use records::Date;
use records::import::{Format, RowWriter};
use records::sample::Sampler;

use super::output::progress;
use super::{Outcome, Result, args, schema};

/// Make up records that look real
///
/// Check digits are valid, codes are in their dictionaries, dates follow each other; nobody's
/// data is in them. The same seed and day give the same records.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  vouch sample driving_licence --count 1000 --seed 7 --format csv > licences.csv\n  vouch sample customs_declaration --format jsonl --today 2026-01-31"
)]
pub(super) struct Args {
    /// Name of a document type that ships, or a schema file
    schema: String,
    /// How many records
    #[arg(long, default_value_t = 10)]
    count: u64,
    /// Seed of the random numbers
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Form of the file: csv or jsonl
    #[arg(long, default_value = "csv")]
    format: Format,
    /// Day on which the records stand as they do [default: this day, in UTC]
    #[arg(long, value_name = "DATE")]
    today: Option<Date>,
    /// File to write [default: standard output]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

pub(super) fn run(args: &Args) -> Result {
    let schema = schema::find(&args.schema)?;
    let out: Box<dyn Write> = match &args.out {
        Some(path) => Box::new(
            File::create(path).with_context(|| format!("{} cannot be written", path.display()))?,
        ),
        None => Box::new(io::stdout().lock()),
    };
    let today = args.today.unwrap_or_else(args::today);
    let mut sampler = Sampler::new(args.seed, today);
    let mut writer = RowWriter::new(&schema, args.format, BufWriter::new(out))?;
    let bar = progress(args.count, "records");
    for _ in 0..args.count {
        writer.write(&sampler.row(&schema)?)?;
        bar.inc(1);
    }
    writer.finish()?.flush()?;
    bar.finish_and_clear();
    Ok(Outcome::Done)
}
