//! The command line. Every command has a file of its own.
//!
//! Exit codes: 0 where what was asked is done or valid, 1 where it is refused or failed (the
//! reason is on standard error), 2 for wrong usage. Results go to standard output, everything
//! said about them to standard error.

mod args;
mod audit;
mod completions;
mod demo;
mod error;
mod files;
mod keys;
mod ledger;
mod output;
mod present;
mod request;
mod sample;
mod schema;
mod serve;
mod statement;
mod verify;
mod wallet;

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

pub(crate) use args::now;
pub(crate) use output::{Paint, grouped, print_json, print_line, progress};

/// What a command came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Done, or valid.
    Done,
    /// Refused; the reason is printed.
    Refused,
}

pub(crate) type Result<T = Outcome, E = anyhow::Error> = std::result::Result<T, E>;

/// Prove facts about government records without showing the records.
///
/// Departments commit records to ledgers, holders keep them in a wallet, relying parties ask
/// for statements and verify presentations.
#[derive(Debug, Parser)]
#[command(name = "vouch", version, arg_required_else_help = true)]
#[command(
    after_help = "Example:\n  vouch demo\n\nExit codes: 0 done or valid, 1 refused or failed, 2 wrong usage"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// See the whole of it: nine ledgers, two stories, and what is refused
    Demo(demo::Args),
    /// Run the service
    Serve(Box<serve::Args>),
    /// Data dictionaries of the document types
    #[command(subcommand)]
    Schema(schema::Command),
    /// What can be asked of a holder
    #[command(subcommand)]
    Statement(statement::Command),
    /// Make up records that look real
    Sample(sample::Args),
    /// A department's ledger: commit, amend and revoke records
    #[command(subcommand)]
    Ledger(ledger::Command),
    /// A holder's wallet: secrets and records
    #[command(subcommand)]
    Wallet(wallet::Command),
    /// Ask for a presentation
    #[command(subcommand)]
    Request(request::Command),
    /// Answer a request with a presentation
    Present(present::Args),
    /// Check a presentation
    Verify(verify::Args),
    /// Proving and verification keys
    #[command(subcommand)]
    Keys(keys::Command),
    /// Inspect the circuit and what a statement makes of it
    #[command(subcommand)]
    Audit(audit::Command),
    /// Completions for a shell
    Completions(completions::Args),
}

/// Runs the command of this process.
pub(crate) fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Refused) => ExitCode::from(1),
        Err(error) => error::report(&error),
    }
}

fn run(command: Command) -> Result {
    match command {
        Command::Demo(args) => demo::run(&args),
        Command::Serve(args) => serve::run(*args),
        Command::Schema(command) => schema::run(&command),
        Command::Statement(command) => statement::run(&command),
        Command::Sample(args) => sample::run(&args),
        Command::Ledger(command) => ledger::run(&command),
        Command::Wallet(command) => wallet::run(&command),
        Command::Request(command) => request::run(&command),
        Command::Present(args) => present::run(&args),
        Command::Verify(args) => verify::run(&args),
        Command::Keys(command) => keys::run(&command),
        Command::Audit(command) => audit::run(&command),
        Command::Completions(args) => completions::run(&args, &mut Cli::command()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn definition_is_consistent() {
        Cli::command().debug_assert();
    }

    /// Every command says by example how it is used.
    #[test]
    fn every_command_has_an_example() {
        fn walk(command: &clap::Command, path: &str, missing: &mut Vec<String>) {
            let path = format!("{path} {}", command.get_name());
            if command.get_name() == "help" {
                return;
            }
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            if command.get_subcommands().next().is_none() && !help.contains("vouch ") {
                missing.push(path.clone());
            }
            for sub in command.get_subcommands() {
                walk(sub, &path, missing);
            }
        }
        let mut missing = Vec::new();
        walk(&Cli::command(), "", &mut missing);
        assert_eq!(missing, Vec::<String>::new());
    }
}
