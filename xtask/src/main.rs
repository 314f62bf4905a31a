//! Maintenance commands: `cargo run --release -p xtask -- --help`.

mod mutate;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// Maintenance commands of Vouch.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Removes each enforcement from the circuit's source in turn, and reports which tests
    /// object. Takes minutes. Exits with 1 where a mutant survives.
    MutateCircuit,
}

fn main() -> Result<()> {
    match Arguments::parse().command {
        Command::MutateCircuit => mutate::circuit(),
    }
}
