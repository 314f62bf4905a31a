//! Where a passphrase comes from: a file, the environment, or a prompt. Never an argument: those
//! are seen by everyone on the machine.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow};
use wallet::WorkFactor;
use zeroize::Zeroizing;

use super::super::error::{Advise as _, usage};
use super::super::{Outcome, Result};
use super::WalletArgs;

/// Environment variable with the passphrase.
const VARIABLE: &str = "VOUCH_PASSPHRASE";

/// Fewest characters of a new passphrase.
const SHORTEST: usize = 8;

#[derive(Debug, clap::Args)]
pub(in super::super) struct PassphraseArgs {
    /// File whose first line is the passphrase [default: VOUCH_PASSPHRASE, or a prompt]
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(in super::super) struct Change {
    #[command(flatten)]
    wallet: WalletArgs,
    /// File whose first line is the new passphrase [default: a prompt]
    #[arg(long, value_name = "FILE")]
    new_passphrase_file: Option<PathBuf>,
}

impl PassphraseArgs {
    /// The passphrase of a wallet that exists.
    pub(super) fn read(&self, prompt: &str) -> anyhow::Result<Zeroizing<String>> {
        if let Some(path) = &self.passphrase_file {
            return first_line(path);
        }
        if let Some(value) = std::env::var_os(VARIABLE) {
            let text = value.into_string().map_err(|_| anyhow!("{VARIABLE} is not UTF-8"))?;
            return Ok(Zeroizing::new(text));
        }
        ask(prompt)
    }

    /// The passphrase of a new wallet: asked for twice, and not too short.
    fn is_prompted(&self) -> bool {
        self.passphrase_file.is_none() && std::env::var_os(VARIABLE).is_none()
    }

    /// The passphrase of a wallet to come.
    pub(super) fn read_new(&self) -> anyhow::Result<Zeroizing<String>> {
        let passphrase = self.read("Passphrase of the new wallet: ")?;
        confirm(&passphrase, self.is_prompted())?;
        Ok(passphrase)
    }
}

/// `vouch wallet passphrase`.
pub(super) fn change(args: &Change) -> Result {
    let mut wallet = args.wallet.open()?;
    let passphrase = match &args.new_passphrase_file {
        Some(path) => first_line(path)?,
        None => ask("New passphrase: ")?,
    };
    confirm(&passphrase, args.new_passphrase_file.is_none())?;
    wallet.change_passphrase(&passphrase, WorkFactor::STRONG)?;
    eprintln!("changed; copies of the old file still open with the old passphrase");
    Ok(Outcome::Done)
}

fn confirm(passphrase: &str, prompted: bool) -> anyhow::Result<()> {
    if passphrase.chars().count() < SHORTEST {
        return Err(usage(format!("the passphrase has fewer than {SHORTEST} characters")))
            .advise("take several words");
    }
    if prompted && *ask("The same again: ")? != *passphrase {
        return Err(usage("the two passphrases differ"));
    }
    Ok(())
}

fn first_line(path: &Path) -> anyhow::Result<Zeroizing<String>> {
    let text = Zeroizing::new(
        std::fs::read_to_string(path)
            .with_context(|| format!("the passphrase file {}", path.display()))?,
    );
    Ok(Zeroizing::new(text.lines().next().unwrap_or_default().to_owned()))
}

fn ask(prompt: &str) -> anyhow::Result<Zeroizing<String>> {
    if !std::io::stdin().is_terminal() {
        return Err(usage("there is no terminal to ask for a passphrase on"))
            .advise(format!("give --passphrase-file, or set {VARIABLE}"));
    }
    Ok(Zeroizing::new(rpassword::prompt_password(prompt)?))
}
