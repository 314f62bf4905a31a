//! `vouch wallet`: a holder's secrets and records.

mod passphrase;
mod records;
mod trust;

use std::path::PathBuf;

use ::wallet::{FileError, Wallet, WalletError, WorkFactor};

use super::error::{Advise as _, advised};
use super::output::{print_json, print_line, table};
use super::{Outcome, Result};

use passphrase::PassphraseArgs;

pub(super) use self::records::{find as find_record, read_bundles};
pub(super) use trust::read_keys;

/// The wallet of a command.
#[derive(Debug, clap::Args)]
pub(super) struct WalletArgs {
    /// The wallet's file
    #[arg(
        long,
        value_name = "FILE",
        env = "VOUCH_WALLET",
        hide_env_values = true,
        default_value = "wallet.age"
    )]
    wallet: PathBuf,
    #[command(flatten)]
    passphrase: PassphraseArgs,
}

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Make a wallet with a new secret
    #[command(
        after_help = "Examples:\n  vouch wallet create\n  vouch wallet create --wallet broker.age --passphrase-file passphrase.txt"
    )]
    Create {
        #[command(flatten)]
        wallet: WalletArgs,
    },
    /// Draw holder tags, one for each record to come; a department gets the tag
    #[command(after_help = "Example:\n  vouch wallet tag --label 'my licence'")]
    Tag {
        #[command(flatten)]
        wallet: WalletArgs,
        /// Your own name for the record to come; may be repeated, for several tags
        #[arg(long = "label", value_name = "TEXT", default_value = "")]
        labels: Vec<String>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Take record bundles that departments issued to tags of this wallet: all, or none
    #[command(after_help = "Example:\n  vouch wallet add bundles.jsonl")]
    Add(records::Add),
    /// List the records, and the tags that wait for theirs
    #[command(after_help = "Example:\n  vouch wallet list --json")]
    List(records::List),
    /// Show a record with its attributes
    #[command(after_help = "Example:\n  vouch wallet show 1")]
    Show(records::Show),
    /// Remove a record
    #[command(after_help = "Example:\n  vouch wallet remove 1")]
    Remove(records::Remove),
    /// Fetch the newest state of the ledgers, ahead of need, and see what became of the records
    #[command(after_help = "Example:\n  vouch wallet refresh --url http://127.0.0.1:8750")]
    Refresh(records::Refresh),
    /// Trust a ledger's key; without one, list those that are trusted
    #[command(after_help = "Example:\n  vouch wallet trust 'traffic.vouch.example+3a5b…+AX…'")]
    Trust(trust::Args),
    /// Trust a ledger no longer
    #[command(after_help = "Example:\n  vouch wallet distrust traffic.vouch.example")]
    Distrust(trust::Distrust),
    /// Change the passphrase
    #[command(after_help = "Example:\n  vouch wallet passphrase")]
    Passphrase(passphrase::Change),
    /// List what was shown, when and to whom
    #[command(after_help = "Example:\n  vouch wallet history")]
    History {
        #[command(flatten)]
        wallet: WalletArgs,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

pub(super) fn run(command: &Command) -> Result {
    match command {
        Command::Create { wallet } => create(wallet),
        Command::Tag { wallet, labels, json } => tag(wallet, labels, *json),
        Command::Add(args) => records::add(args),
        Command::List(args) => records::list(args),
        Command::Show(args) => records::show(args),
        Command::Remove(args) => records::remove(args),
        Command::Refresh(args) => records::refresh(args),
        Command::Trust(args) => trust::trust(args),
        Command::Distrust(args) => trust::distrust(args),
        Command::Passphrase(args) => passphrase::change(args),
        Command::History { wallet, json } => history(wallet, *json),
    }
}

impl WalletArgs {
    /// Opens the wallet.
    pub(super) fn open(&self) -> anyhow::Result<Wallet> {
        let passphrase = self.passphrase.read("Passphrase of the wallet: ")?;
        let (error, advice) = match Wallet::open(&self.wallet, &passphrase) {
            Ok(wallet) => return Ok(wallet),
            Err(error @ WalletError::File(FileError::Missing(_))) => {
                (error, "name the file with --wallet; `vouch wallet create` makes a wallet")
            }
            Err(error @ WalletError::File(FileError::Locked(_))) => {
                (error, "wait for the other command, or end it")
            }
            Err(other) => return Err(other.into()),
        };
        Err(advised(error, advice))
    }
}

fn create(args: &WalletArgs) -> Result {
    let passphrase = args.passphrase.read_new()?;
    let wallet = Wallet::create_with(&args.wallet, &passphrase, WorkFactor::STRONG)
        .advise("name another file with --wallet, or move that one away")?;
    print_line(wallet.path().display())?;
    eprintln!(
        "keep a copy of this file, and its passphrase: there is no other way to your records"
    );
    Ok(Outcome::Done)
}

fn tag(args: &WalletArgs, labels: &[String], json: bool) -> Result {
    let mut wallet = args.open()?;
    let tags = wallet.new_tags(labels)?;
    if json {
        let all: Vec<_> = tags
            .iter()
            .zip(labels)
            .map(|(tag, label)| serde_json::json!({ "tag": tag, "label": label }))
            .collect();
        print_json(&all)?;
        return Ok(Outcome::Done);
    }
    for tag in tags {
        print_line(tag)?;
    }
    Ok(Outcome::Done)
}

fn history(args: &WalletArgs, json: bool) -> Result {
    let wallet = args.open()?;
    let history = wallet.history();
    if json {
        print_json(&history)?;
        return Ok(Outcome::Done);
    }
    if history.is_empty() {
        print_line("nothing was shown to anyone yet")?;
        return Ok(Outcome::Done);
    }
    let rows: Vec<_> = history
        .iter()
        .map(|shown| {
            [
                ::records::Date::from_unix_seconds(shown.at).to_string(),
                shown.audience.clone(),
                shown.name.clone(),
            ]
        })
        .collect();
    print_line(table(["day", "to", "statement"], &rows).trim_end())?;
    Ok(Outcome::Done)
}
