//! `vouch audit`: what privacy auditors look at.

mod names;

use records::schema::builtin;
use serde::Serialize;
use statements::{Parameter, StatementRecord};

use super::output::{grouped, print_json, print_line, table};
use super::{Outcome, Result, statement};

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Count the circuit's constraints, by clause
    #[command(after_help = "Example:\n  vouch audit circuit --json")]
    Circuit {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Show what a statement makes of the circuit's public inputs: parameters and constants
    #[command(after_help = "Example:\n  vouch audit statement over_18")]
    Statement {
        /// Name or id in the catalogue, or a .toml or .json file
        statement: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

/// The affine map of one record's program, by name.
#[derive(Debug, Serialize)]
struct Map {
    record: String,
    schema: String,
    parameters: Vec<Row>,
    constants: Vec<Constant>,
}

/// A parameter, and the public inputs that repeat it.
#[derive(Debug, Serialize)]
struct Row {
    parameter: String,
    inputs: Vec<String>,
}

/// A public input that is a constant other than 0.
#[derive(Debug, Serialize)]
struct Constant {
    input: String,
    position: usize,
    value: String,
}

pub(super) fn run(command: &Command) -> Result {
    match command {
        Command::Circuit { json } => circuit(*json),
        Command::Statement { statement, json } => audit_statement(statement, *json),
    }
}

fn circuit(json: bool) -> Result {
    let inspection = circuits::inspect();
    if json {
        print_json(&inspection)?;
        return Ok(Outcome::Done);
    }
    let count = |number: usize| grouped(number as u64);
    let rows: Vec<_> = inspection
        .ordered
        .iter()
        .map(|count_of| [count_of.clause.to_string(), count(count_of.constraints)])
        .collect();
    print_line(table(["clause", "constraints"], &rows))?;
    let sum = inspection.constraints + inspection.public_inputs;
    for (name, value) in [
        ("constraints", inspection.constraints),
        ("public inputs", inspection.public_inputs),
        ("sum", sum),
        ("domain", inspection.domain),
        ("wires", inspection.wires),
    ] {
        print_line(format_args!("{name:<14} {:>7}", count(value)))?;
    }
    print_line(format_args!("digest         {}", inspection.digest))?;
    Ok(Outcome::Done)
}

fn audit_statement(name: &str, json: bool) -> Result {
    let statement = statement::find(name)?;
    let maps: Vec<_> = statement.records().iter().map(map).collect();
    if json {
        print_json(&serde_json::json!({ "id": statement.id(), "records": maps }))?;
        return Ok(Outcome::Done);
    }
    print_line(format_args!("{}\nid {}", statement.name(), statement.id()))?;
    for map in &maps {
        print_line(format_args!("\nrecord {} of schema {}\n", map.record, map.schema))?;
        let rows: Vec<_> = map
            .parameters
            .iter()
            .map(|row| [row.parameter.clone(), row.inputs.join(" ")])
            .collect();
        print_line(table(["parameter", "public inputs that repeat it"], &rows))?;
        let rows: Vec<_> = map
            .constants
            .iter()
            .map(|constant| [constant.input.clone(), constant.value.clone()])
            .collect();
        print_line(table(["public input", "constant (all others are 0)"], &rows).trim_end())?;
    }
    Ok(Outcome::Done)
}

fn map(record: &StatementRecord) -> Map {
    let map = record.program.affine_map();
    let expressions = record.program.expressions();
    let describe = |parameter: Parameter| match parameter {
        Parameter::Root(index) => {
            let ledger = record.program.ledgers.get(index);
            format!("{parameter} ({})", ledger.map(ToString::to_string).unwrap_or_default())
        }
        Parameter::Expression(index) => {
            let expression = expressions.get(index);
            format!(
                "{parameter} ({})",
                expression.map(|expression| names::expression(expression)).unwrap_or_default()
            )
        }
        Parameter::Revealed(slot) => {
            let schema = builtin::by_id(record.program.schema);
            let attribute = schema.and_then(|schema| schema.attributes().get(slot));
            format!("{parameter} ({})", attribute.map_or("", |attribute| attribute.name()))
        }
        other => other.to_string(),
    };
    let zero = records::Fr::from(0_u64);
    Map {
        record: record.name.clone(),
        schema: record.schema.clone(),
        parameters: map
            .rows
            .iter()
            .map(|row| Row {
                parameter: describe(row.parameter),
                inputs: row.positions.iter().map(|at| names::input(*at)).collect(),
            })
            .collect(),
        constants: map
            .constants
            .iter()
            .enumerate()
            .filter(|(_, value)| **value != zero)
            .map(|(position, value)| Constant {
                input: names::input(position),
                position,
                value: value.to_string(),
            })
            .collect(),
    }
}
