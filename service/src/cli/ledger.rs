//! `vouch ledger`: what a department does.

mod change;
mod found;
mod issue;
mod place;
mod token;

use super::Result;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Found a ledger, with a key of its own
    #[command(after_help = "Example:\n  vouch ledger create traffic.vouch.example")]
    Create(found::Create),
    /// List ledgers
    #[command(
        after_help = "Examples:\n  vouch ledger list\n  vouch ledger list --url https://vouch.example --keys-only > trusted-ledgers.txt"
    )]
    List(found::List),
    /// Say how much is in a ledger
    #[command(after_help = "Example:\n  vouch ledger status traffic.vouch.example")]
    Status(found::Status),
    /// Tokens with which departments reach their ledger over HTTP
    #[command(subcommand)]
    Token(token::Command),
    /// Commit the records of a file: their leaves go to the ledger, their bundles to a file
    ///
    /// Nothing is committed where any line of the file is wrong; every error is told with its
    /// line.
    #[command(visible_alias = "import")]
    #[command(
        after_help = "Examples:\n  vouch ledger issue traffic.vouch.example licences.csv --schema driving_licence --bundles bundles.jsonl\n  vouch ledger issue traffic.vouch.example licences.csv --schema driving_licence --check"
    )]
    Issue(issue::Args),
    /// Commit the next version of a record
    #[command(
        after_help = "Example:\n  vouch ledger amend bundle.jsonl --set class=B2 --bundles amended.jsonl"
    )]
    Amend(change::Amend),
    /// Revoke records
    #[command(
        after_help = "Examples:\n  vouch ledger revoke traffic.vouch.example --index 17\n  vouch ledger revoke traffic.vouch.example --bundle bundle.jsonl"
    )]
    Revoke(change::Revoke),
    /// Print a ledger's newest signed checkpoint
    #[command(after_help = "Example:\n  vouch ledger checkpoint traffic.vouch.example --publish")]
    Checkpoint(change::Checkpoint),
}

pub(super) fn run(command: &Command) -> Result {
    match command {
        Command::Create(args) => found::create(args),
        Command::List(args) => found::list(args),
        Command::Status(args) => found::status(args),
        Command::Token(command) => token::run(command),
        Command::Issue(args) => issue::run(args),
        Command::Amend(args) => change::amend(args),
        Command::Revoke(args) => change::revoke(args),
        Command::Checkpoint(args) => change::checkpoint(args),
    }
}
