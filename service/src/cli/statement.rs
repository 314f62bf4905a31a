//! `vouch statement`: what can be asked of a holder.

use std::path::{Path, PathBuf};

use anyhow::anyhow;
use records::Schema;
use records::schema::builtin;
use serde_json::{Value as Json, json};
use statements::{Statement, StatementId, catalogue, compiler, explain};

use super::error::{Advise as _, usage};
use super::output::{print, print_json, print_line, table};
use super::{Outcome, Result, args, files, keys};

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// List the statements of the catalogue
    #[command(after_help = "Example:\n  vouch statement list")]
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Show a statement in its canonical form
    #[command(after_help = "Example:\n  vouch statement show valid_driving_licence_c1")]
    Show {
        /// Name or id in the catalogue, or a .toml or .json file
        statement: String,
        /// Print the canonical JSON on one line: what the id is the hash of
        #[arg(long)]
        canonical: bool,
    },
    /// Say what a relying party learns from a statement, and what not
    #[command(after_help = "Example:\n  vouch statement explain over_18 --language zh")]
    Explain {
        /// Name or id in the catalogue, or a .toml or .json file
        statement: String,
        /// Language of the explanation
        #[arg(long, value_enum, default_value_t)]
        language: args::Language,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Compile a statement document to its canonical JSON
    #[command(
        after_help = "Example:\n  vouch statement compile night_bus_driver.toml --out night_bus_driver.json"
    )]
    Compile(Compile),
    /// Export a statement's own verification key
    #[command(
        after_help = "Example:\n  vouch statement verification-key over_18 --record card --format snarkjs --out key.json"
    )]
    VerificationKey(VerificationKey),
}

#[derive(Debug, clap::Args)]
pub(super) struct Compile {
    /// The document, in TOML with a condition in CEL
    file: PathBuf,
    /// Schema file that the document refers to, beside those that ship; may be repeated
    #[arg(long = "schema", value_name = "FILE")]
    schemas: Vec<PathBuf>,
    /// File to write [default: standard output]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(super) struct VerificationKey {
    /// Name or id in the catalogue, or a .toml or .json file
    statement: String,
    /// Record of the statement [default: its only one]
    #[arg(long, value_name = "NAME")]
    record: Option<String>,
    /// Form of the key
    #[arg(long, value_enum, default_value_t)]
    format: KeyFormat,
    /// File to write [default: standard output]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    key: keys::KeyChoice,
}

/// Form of an exported key.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
enum KeyFormat {
    /// JSON as snarkjs, rapidsnark and others read it
    #[default]
    Snarkjs,
}

pub(super) fn run(command: &Command) -> Result {
    match command {
        Command::List { json } => list(*json),
        Command::Show { statement, canonical } => show(&find(statement)?, *canonical),
        Command::Explain { statement, language, json } => {
            let explanation = explain(&find(statement)?, builtin::all(), (*language).into())?;
            if *json {
                print_json(&explanation)?
            } else {
                print(explanation)?
            }
            Ok(Outcome::Done)
        }
        Command::Compile(args) => compile(args),
        Command::VerificationKey(args) => verification_key(args),
    }
}

/// The statement of a name or id in the catalogue, or in a file.
pub(super) fn find(name: &str) -> Result<Statement> {
    if let Some(statement) = catalogue::by_name(name) {
        return Ok(statement.clone());
    }
    let id: Option<StatementId> = name.parse().ok();
    if let Some(statement) = id.and_then(catalogue::by_id) {
        return Ok(statement.clone());
    }
    match Path::new(name).extension().and_then(|extension| extension.to_str()) {
        Some("toml") => compile_file(Path::new(name), builtin::all()),
        Some("json") => Ok(Statement::from_json(&files::read_text(Path::new(name))?)?),
        _ => Err(anyhow!("there is no statement {name} in the catalogue"))
            .advise("`vouch statement list` shows the catalogue; a file ends with .toml or .json"),
    }
}

fn list(json: bool) -> Result {
    if json {
        let all: Vec<_> = catalogue::all().iter().map(summary).collect();
        print_json(&all)?;
        return Ok(Outcome::Done);
    }
    let rows: Vec<_> = catalogue::all()
        .iter()
        .map(|statement| {
            let records: Vec<_> =
                statement.records().iter().map(|record| record.schema.as_str()).collect();
            [
                statement.name().to_owned(),
                records.join(" + "),
                statement.title().en.clone(),
                statement.title().zh.clone(),
            ]
        })
        .collect();
    print_line(table(["name", "records", "title", "标题"], &rows).trim_end())?;
    Ok(Outcome::Done)
}

fn summary(statement: &Statement) -> Json {
    let records: Vec<_> = statement
        .records()
        .iter()
        .map(|record| {
            json!({
                "name": record.name,
                "schema": record.schema,
                "ledgers": record.program.ledgers,
            })
        })
        .collect();
    json!({
        "id": statement.id(),
        "name": statement.name(),
        "version": statement.version(),
        "title": statement.title(),
        "parameters": statement.parameters(),
        "records": records,
    })
}

fn show(statement: &Statement, canonical: bool) -> Result {
    if canonical {
        print_line(statement.canonical_json())?;
    } else {
        print_json(&json!({ "id": statement.id(), "statement": statement }))?;
    }
    Ok(Outcome::Done)
}

fn compile(args: &Compile) -> Result {
    let mut schemas = builtin::all().to_vec();
    for path in &args.schemas {
        schemas.push(Schema::parse(&files::read_text(path)?)?);
    }
    let statement = compile_file(&args.file, &schemas)?;
    let mut json = statement.canonical_json();
    json.push('\n');
    files::write(args.out.as_deref(), json.as_bytes())?;
    eprintln!("{} version {}, id {}", statement.name(), statement.version(), statement.id());
    Ok(Outcome::Done)
}

fn compile_file(path: &Path, schemas: &[Schema]) -> Result<Statement> {
    let document = files::read_text(path)?;
    compiler::compile(&document, schemas)
        .map_err(|errors| anyhow!("{} does not compile\n{errors}", path.display()))
        .advise("`vouch schema show NAME` lists the attributes of a document type")
}

fn verification_key(args: &VerificationKey) -> Result {
    let statement = find(&args.statement)?;
    let records = statement.records();
    let names: Vec<_> = records.iter().map(|record| record.name.as_str()).collect();
    let record = match (&args.record, records) {
        (Some(name), _) => records.iter().find(|record| record.name == *name),
        (None, [only]) => Some(only),
        (None, _) => None,
    };
    let Some(record) = record else {
        return Err(usage("the statement has no such record, or several"))
            .advise(format!("name one with --record: {}", names.join(", ")));
    };
    let prover = args.key.load()?;
    let folded = prover.key().fold(&record.program.affine_map())?;
    let KeyFormat::Snarkjs = args.format;
    let mut text = serde_json::to_string_pretty(&folded.to_snarkjs())?;
    text.push('\n');
    files::write(args.out.as_deref(), text.as_bytes())?;
    keys::warn_of_development(&prover);
    Ok(Outcome::Done)
}
