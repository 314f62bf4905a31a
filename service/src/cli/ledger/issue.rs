//! `vouch ledger issue`: from a department's file to leaves and record bundles.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow};
use rand::rngs::OsRng;
use records::import::{self, Format, ImportReport, LineError};
use records::{Origin, Record, RecordBundle, Schema};
use serde_json::json;
use service::department::{self, Channel, Issue, IssueError};

use super::super::error::{Advise as _, advised, usage};
use super::super::files::{self, PrivateFile};
use super::super::output::{Paint, counted, print_json, print_line, progress};
use super::super::{Outcome, Result, schema};
use super::place::{Place, origin};

/// Errors that are printed one by one; the rest is counted.
const SHOWN_ERRORS: usize = 50;

#[derive(Debug, clap::Args)]
pub(in super::super) struct Args {
    /// Name of the ledger
    #[arg(value_parser = origin)]
    ledger: Origin,
    /// File with the records: attributes, valid_from, valid_until and holder_tag; - for
    /// standard input
    file: PathBuf,
    /// Document type of the records: a name, or a schema file
    #[arg(long)]
    schema: String,
    /// Form of the file: csv or jsonl [default: by the file's ending]
    #[arg(long)]
    format: Option<Format>,
    /// Check the file only: nothing is committed
    #[arg(long)]
    check: bool,
    /// File to write the record bundles to; personal data, readable by its owner only
    #[arg(long, value_name = "FILE", required_unless_present = "check")]
    bundles: Option<PathBuf>,
    /// Draw a tag for records without a holder_tag: nobody can ever prove them
    #[arg(long)]
    unclaimed: bool,
    /// Skip the lines before this one: where an earlier run told to go on
    #[arg(long, value_name = "LINE", default_value_t = 0)]
    from_line: u64,
    #[command(flatten)]
    place: Place,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args) -> Result {
    let schema = schema::find(&args.schema)?;
    let mut report = import::import(&schema, format(args)?, files::open(&args.file)?);
    report.rows.retain(|row| row.line >= args.from_line);
    if args.unclaimed {
        for row in &mut report.rows {
            if row.holder_tag.is_none() {
                row.holder_tag = Some(department::unclaimed_tag(&mut OsRng)?);
            }
        }
    }
    if !report.errors.is_empty() {
        tell_errors(&report, args.json)?;
        return Ok(Outcome::Refused);
    }
    if args.check {
        if args.json {
            print_json(&json!({ "valid": true, "records": report.rows.len(), "errors": [] }))?;
        } else {
            print_line(format_args!("{}, all good", counted(report.rows.len(), "record")))?;
        }
        return Ok(Outcome::Done);
    }
    let Some(path) = &args.bundles else { return Err(usage("--bundles is missing")) };
    commit(args, &schema, &report, path)
}

fn format(args: &Args) -> anyhow::Result<Format> {
    if let Some(format) = args.format {
        return Ok(format);
    }
    let ending = args.file.extension().and_then(|ending| ending.to_str());
    ending
        .and_then(|ending| ending.parse().ok())
        .ok_or_else(|| usage("the file's ending does not tell its form"))
        .advise("give --format csv or --format jsonl")
}

fn tell_errors(report: &ImportReport, json: bool) -> anyhow::Result<()> {
    if json {
        let errors: Vec<_> = report.errors.iter().map(error_json).collect();
        return print_json(
            &json!({ "valid": false, "records": report.rows.len(), "errors": errors }),
        );
    }
    let paint = Paint::stderr();
    for error in report.errors.iter().take(SHOWN_ERRORS) {
        eprintln!("{}: {error} [{}]", paint.bad("error"), error.kind.code());
    }
    if report.errors.len() > SHOWN_ERRORS {
        eprintln!("and {} more", counted(report.errors.len() - SHOWN_ERRORS, "error"));
    }
    eprintln!(
        "{}, and {} without any; nothing was committed",
        counted(report.errors.len(), "error"),
        counted(report.rows.len(), "record")
    );
    eprintln!("{} correct the file and try again", paint.strong("next:"));
    Ok(())
}

fn error_json(error: &LineError) -> serde_json::Value {
    json!({
        "line": error.line,
        "column": error.column.as_ref().map(ToString::to_string),
        "code": error.kind.code(),
        "message": error.kind.to_string(),
    })
}

fn commit(args: &Args, schema: &Schema, report: &ImportReport, path: &Path) -> Result {
    let records: Vec<Record> = report
        .rows
        .iter()
        .map(|row| {
            department::commit_row(schema, row, &mut OsRng)
                .with_context(|| format!("line {}", row.line))
        })
        .collect::<anyhow::Result<_>>()
        .advise(
            "holders draw tags with `vouch wallet tag`; for records that nobody will prove, give --unclaimed",
        )?;
    let channel = args.place.channel(&args.ledger)?;
    let mut file = files::private_file(path)?;
    let issued = issue_all(&channel, schema, &records, &mut file);
    match issued {
        Ok(count) => {
            file.finish()?;
            if args.json {
                print_json(&json!({ "issued": count, "bundles": path }))?;
            } else {
                print_line(format_args!("{} issued", counted(count, "record")))?;
                eprintln!("bundles in {}: hand each to its holder", path.display());
            }
            Ok(Outcome::Done)
        }
        Err(Failure { error, done: 0, certain: true }) => Err(error),
        Err(Failure { error, done, certain }) => {
            let next_line = report.rows.get(done).map_or(0, |row| row.line);
            let kept = file.keep()?;
            let advice = if certain {
                format!(
                    "{done} records are issued, their bundles are in {}; go on with --from-line \
                     {next_line} and another --bundles file",
                    kept.display()
                )
            } else {
                format!(
                    "the records from line {next_line} on may be issued or not: compare with \
                     `vouch ledger status`; all bundles up to there are in {}",
                    kept.display()
                )
            };
            Err(advised(error, advice))
        }
    }
}

/// An issue that stopped on the way.
struct Failure {
    error: anyhow::Error,
    /// Records that are issued for certain.
    done: usize,
    /// Whether the others are not issued for certain.
    certain: bool,
}

fn issue_all(
    channel: &Channel,
    schema: &Schema,
    records: &[Record],
    file: &mut PrivateFile,
) -> Result<usize, Failure> {
    let fail = |error: anyhow::Error, done, certain| Failure { error, done, certain };
    let mut issue = Issue::begin(channel, schema).map_err(|error| fail(error.into(), 0, true))?;
    let bar = progress(records.len() as u64, "records");
    let mut done = 0;
    for chunk in records.chunks(issue.most_records()) {
        let start = file.len();
        let kept = issue.append(chunk, |bundles| {
            file.truncate(start)?;
            file.append(&lines(bundles)?)
        });
        if let Err(error) = kept {
            let certain = match &error {
                IssueError::Channel(error) => error.is_certain(),
                IssueError::Keep(_) => true,
                _ => false,
            };
            if certain {
                // What was not issued must not look like a record.
                file.truncate(start).map_err(|error| fail(error.into(), done, certain))?;
            }
            return Err(fail(anyhow!(error), done, certain));
        }
        done += chunk.len();
        bar.inc(chunk.len() as u64);
    }
    bar.finish_and_clear();
    Ok(done)
}

fn lines(bundles: &[RecordBundle]) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    for bundle in bundles {
        serde_json::to_writer(&mut bytes, bundle)?;
        bytes.push(b'\n');
    }
    Ok(bytes)
}
