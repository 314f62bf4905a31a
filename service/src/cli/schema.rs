//! `vouch schema`: the data dictionaries of the document types.

use std::path::PathBuf;

use records::schema::{Language, builtin};
use records::{AttributeType, Schema};
use serde_json::json;

use super::error::Advise as _;
use super::output::{print_json, print_line, table};
use super::{Outcome, Result, args, files};

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// List the document types that ship
    #[command(after_help = "Example:\n  vouch schema list")]
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Show one document type: its attributes, types and codes
    #[command(
        after_help = "Examples:\n  vouch schema show driving_licence\n  vouch schema show ./permit.toml --language zh"
    )]
    Show {
        /// Name of a document type that ships, or a schema file
        schema: String,
        /// Language of the titles
        #[arg(long, value_enum, default_value_t)]
        language: args::Language,
        /// Print the canonical JSON and the schema's id
        #[arg(long)]
        json: bool,
    },
    /// Check a schema file
    #[command(after_help = "Example:\n  vouch schema validate permit.toml")]
    Validate {
        /// The file, in TOML
        file: PathBuf,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

pub(super) fn run(command: &Command) -> Result {
    match command {
        Command::List { json } => list(*json),
        Command::Show { schema, language, json } => show(&find(schema)?, (*language).into(), *json),
        Command::Validate { file, json } => validate(file, *json),
    }
}

/// The schema of a name, or in a TOML file.
pub(super) fn find(name: &str) -> Result<Schema> {
    if let Some(schema) = builtin::by_name(name) {
        return Ok(schema.clone());
    }
    if !name.contains('.') {
        let names: Vec<_> = builtin::all().iter().map(Schema::name).collect();
        return Err(anyhow::anyhow!("there is no schema {name}"))
            .advise(format!("use one of {}, or the path of a .toml file", names.join(", ")));
    }
    Ok(Schema::parse(&files::read_text(name.as_ref())?)?)
}

fn list(json: bool) -> Result {
    if json {
        let all: Vec<_> = builtin::all().iter().map(summary).collect();
        print_json(&all)?;
        return Ok(Outcome::Done);
    }
    let rows: Vec<_> = builtin::all()
        .iter()
        .map(|schema| {
            [
                schema.name().to_owned(),
                schema.department().to_owned(),
                schema.system().to_owned(),
                schema.title().en.clone(),
                schema.title().zh.clone(),
            ]
        })
        .collect();
    print_line(table(["name", "department", "system", "title", "标题"], &rows).trim_end())?;
    Ok(Outcome::Done)
}

fn summary(schema: &Schema) -> serde_json::Value {
    json!({
        "name": schema.name(),
        "version": schema.version(),
        "id": schema.id(),
        "title": schema.title(),
        "department": schema.department(),
        "system": schema.system(),
    })
}

fn show(schema: &Schema, language: Language, json: bool) -> Result {
    if json {
        print_json(&json!({ "id": schema.id(), "schema": schema }))?;
        return Ok(Outcome::Done);
    }
    print_line(format_args!(
        "{schema}: {}\n{}\nid {}\nkey {}\n",
        schema.title().get(language),
        schema.description().get(language),
        schema.id(),
        schema.key().join(", ")
    ))?;
    let rows: Vec<_> = schema
        .attributes()
        .iter()
        .enumerate()
        .map(|(slot, attribute)| {
            [
                slot.to_string(),
                attribute.name().to_owned(),
                describe(attribute.kind()),
                attribute.title().get(language).to_owned(),
                attribute.description().get(language).to_owned(),
            ]
        })
        .collect();
    print_line(table(["slot", "name", "type", "title", "description"], &rows).trim_end())?;
    for attribute in schema.attributes() {
        if let AttributeType::Code { codes } = attribute.kind() {
            print_line(format_args!("\ncodes of {}", attribute.name()))?;
            let longest = codes.iter().map(|code| code.code.len()).max().unwrap_or(0);
            for code in codes {
                print_line(format_args!("  {:longest$}  {}", code.code, code.title.get(language)))?;
            }
        }
    }
    Ok(Outcome::Done)
}

/// A type with its bounds, in one cell of a table.
fn describe(kind: &AttributeType) -> String {
    let name = kind.name();
    match kind {
        AttributeType::Text { max_length: Some(length), .. } => format!("{name}, at most {length}"),
        AttributeType::Digits { length, .. } => format!("{name}, {length}"),
        AttributeType::Decimal { scale, .. } => format!("{name}, {scale} places"),
        AttributeType::Code { codes } => format!("{name}, one of {}", codes.len()),
        _ => name.to_owned(),
    }
}

fn validate(file: &std::path::Path, json: bool) -> Result {
    let text = files::read_text(file)?;
    let parsed = Schema::parse(&text);
    if json {
        print_json(&match &parsed {
            Ok(schema) => json!({ "valid": true, "schema": summary(schema) }),
            Err(error) => json!({ "valid": false, "error": error.to_string() }),
        })?;
        return Ok(if parsed.is_ok() { Outcome::Done } else { Outcome::Refused });
    }
    let schema =
        parsed.advise("correct the file; `vouch schema show` prints ones that are good")?;
    print_line(format_args!("{schema} is valid\nid {}", schema.id()))?;
    Ok(Outcome::Done)
}
