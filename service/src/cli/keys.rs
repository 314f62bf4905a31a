//! `vouch keys`: proving and verification keys.

use std::path::PathBuf;
use std::time::Instant;

use anyhow::anyhow;
use circuits::Relation;
use indicatif::ProgressBar;
use prover::{KeyStore, Provenance, Prover};
use verifier::KeyDigest;

use super::args::KeyDirectory;
use super::error::Advise as _;
use super::output::{print_json, print_line, progress, table};
use super::{Outcome, Result, files};

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// List the keys
    #[command(after_help = "Example:\n  vouch keys list")]
    List {
        #[command(flatten)]
        folder: KeyDirectory,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Make the development key of this program's circuit, where it is missing
    ///
    /// For first runs and tests: whoever runs the set-up alone can forge proofs. Production keys
    /// come from a ceremony.
    #[command(after_help = "Example:\n  vouch keys setup")]
    Setup {
        #[command(flatten)]
        folder: KeyDirectory,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Show where a key comes from
    #[command(after_help = "Example:\n  vouch keys show")]
    Show {
        #[command(flatten)]
        choice: KeyChoice,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Write a verification key to a file
    #[command(after_help = "Example:\n  vouch keys export --out verification.key")]
    Export {
        #[command(flatten)]
        choice: KeyChoice,
        /// File to write
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
}

/// Which key to use.
#[derive(Debug, clap::Args)]
pub(super) struct KeyChoice {
    #[command(flatten)]
    folder: KeyDirectory,
    /// Digest of the key [default: the newest from a ceremony, or else the development key]
    #[arg(long = "key", value_name = "DIGEST")]
    digest: Option<KeyDigest>,
}

pub(super) fn run(command: &Command) -> Result {
    match command {
        Command::List { folder, json } => list(folder, *json),
        Command::Setup { folder, json } => {
            let prover = development(&KeyStore::open(&folder.path())?)?;
            show(prover.provenance(), *json)
        }
        Command::Show { choice, json } => show(choice.load()?.provenance(), *json),
        Command::Export { choice, out } => {
            let prover = choice.load()?;
            files::write(Some(out), &prover.key().to_bytes())?;
            print_line(prover.key().digest())?;
            warn_of_development(&prover);
            Ok(Outcome::Done)
        }
    }
}

impl KeyChoice {
    /// Loads the key.
    pub(super) fn load(&self) -> anyhow::Result<Prover> {
        let path = self.folder.path();
        let advice = "`vouch keys setup` makes a development key; --keys names another folder";
        if !path.exists() {
            return Err(anyhow!("there are no keys in {}", path.display())).advise(advice);
        }
        let store = KeyStore::open(&path)?;
        let circuit = Relation::get().digest();
        let chosen = match self.digest {
            Some(digest) => Some(digest),
            None => store
                .list()?
                .into_iter()
                .filter(|provenance| provenance.circuit == circuit)
                .max_by_key(|provenance| (!provenance.development, provenance.created_at))
                .map(|provenance| provenance.key),
        };
        let digest = chosen
            .ok_or_else(|| anyhow!("there is no key of this circuit in {}", path.display()))
            .advise(advice)?;
        store.load(digest).advise("`vouch keys list` shows the keys that there are")
    }

    /// Loads the key; where there is none at all, makes the development key.
    pub(super) fn load_or_setup(&self) -> anyhow::Result<Prover> {
        let store = KeyStore::open(&self.folder.path())?;
        let circuit = Relation::get().digest();
        let any = store.list()?.iter().any(|provenance| provenance.circuit == circuit);
        if any || self.digest.is_some() { self.load() } else { development(&store) }
    }
}

/// Says that a key is no production key.
pub(super) fn warn_of_development(prover: &Prover) {
    if prover.provenance().development {
        eprintln!("this is a development key: whoever made it can forge proofs");
    }
}

/// The development key; made first where it is missing, with progress.
pub(crate) fn development(store: &KeyStore) -> anyhow::Result<Prover> {
    let started = Instant::now();
    let mut bar: Option<ProgressBar> = None;
    let prover = store.development(&mut |stage| {
        let bar = bar.get_or_insert_with(|| progress(u64::from(stage.of), stage.name));
        bar.set_position(u64::from(stage.number.saturating_sub(1)));
        bar.set_message(stage.name);
    })?;
    if let Some(bar) = bar {
        bar.finish_and_clear();
        eprintln!("made the development key in {:.1} s", started.elapsed().as_secs_f64());
    }
    Ok(prover)
}

fn list(folder: &KeyDirectory, json: bool) -> Result {
    let path = folder.path();
    let keys = if path.exists() { KeyStore::open(&path)?.list()? } else { Vec::new() };
    if json {
        print_json(&keys)?;
        return Ok(Outcome::Done);
    }
    if keys.is_empty() {
        print_line(format_args!("no keys in {}; `vouch keys setup` makes one", path.display()))?;
        return Ok(Outcome::Done);
    }
    let current = Relation::get().digest();
    let rows: Vec<_> = keys
        .iter()
        .map(|key| {
            let made = records::Date::from_unix_seconds(key.created_at).to_string();
            let circuit = if key.circuit == current { "this program's" } else { "another" };
            [key.key.to_string(), kind(key).to_owned(), circuit.to_owned(), made]
        })
        .collect();
    print_line(table(["key", "kind", "circuit", "made"], &rows).trim_end())?;
    Ok(Outcome::Done)
}

fn show(provenance: &Provenance, json: bool) -> Result {
    if json {
        print_json(provenance)?;
        return Ok(Outcome::Done);
    }
    for (name, value) in [
        ("key", provenance.key.to_string()),
        ("circuit", provenance.circuit.to_string()),
        ("kind", kind(provenance).to_owned()),
        ("made", records::Date::from_unix_seconds(provenance.created_at).to_string()),
        ("note", provenance.note.clone()),
    ] {
        print_line(format_args!("{name:<8} {value}"))?;
    }
    Ok(Outcome::Done)
}

fn kind(provenance: &Provenance) -> &'static str {
    if provenance.development { "development" } else { "ceremony" }
}
