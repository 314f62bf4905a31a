//! `vouch present`: a holder answers a request.

use std::io::{BufRead as _, IsTerminal as _, Write as _, stderr, stdin, stdout};
use std::path::{Path, PathBuf};

use anyhow::anyhow;
use prover::Prover;
use records::schema::builtin;
use service::client::{Client, Encoding};
use statements::{Presentation, Request, Statement};
use wallet::{LedgerSource, Offline, Selection, Wallet};

use super::error::{Advise as _, usage};
use super::keys::{KeyChoice, warn_of_development};
use super::wallet::{WalletArgs, find_record};
use super::{Outcome, Result, args, files, request, statement, verify};

/// Answer a request with a presentation
///
/// Says first what the relying party would learn, and asks for consent.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  vouch present http://127.0.0.1:8750/v1/requests/00112233445566778899aabbccddeeff --submit\n  vouch present request.json --url http://127.0.0.1:8750 --out presentation.json\n  vouch present request.json --select licence=2 --yes --format cbor --out presentation.cbor"
)]
pub(super) struct Args {
    /// The request: a file, - for standard input, or its URL
    request: String,
    #[command(flatten)]
    wallet: WalletArgs,
    /// Record to use, as name=record: name in the statement, record by number or label
    #[arg(long = "select", value_name = "NAME=RECORD", value_parser = args::pair)]
    select: Vec<(String, String)>,
    /// Statement file, where the catalogue does not have the statement
    #[arg(long, value_name = "FILE")]
    statement: Option<String>,
    /// Service to fetch the state of ledgers from [default: that of the request's URL; without
    /// one, only what the wallet has already is used]
    #[arg(long, value_name = "URL", env = "VOUCH_URL", hide_env_values = true)]
    url: Option<String>,
    #[command(flatten)]
    key: KeyChoice,
    /// Language of the consent text
    #[arg(long, value_enum, default_value_t)]
    language: args::Language,
    /// Consent without being asked
    #[arg(long)]
    yes: bool,
    /// File to write the presentation to [default: standard output, without --submit]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Form of the presentation
    #[arg(long, value_enum, default_value_t)]
    format: Form,
    /// Send the presentation to the service that keeps the request
    #[arg(long)]
    submit: bool,
}

/// Form of a presentation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    /// JSON
    #[default]
    Json,
    /// Compact CBOR: fits one QR code
    Cbor,
}

pub(super) fn run(args: &Args) -> Result {
    let found = request::find(&args.request)?;
    let service = match &args.url {
        Some(url) => Some(Client::new(url)?),
        None => found.service,
    };
    if args.submit && service.is_none() {
        return Err(usage("--submit needs the request's URL, or --url"));
    }
    let statement = find_statement(args, &found.request, service.as_ref())?;
    let mut wallet = args.wallet.open()?;
    let presentation = present(args, &mut wallet, &found.request, &statement, service.as_ref())?;
    if args.out.is_some() || !args.submit {
        write(args, &presentation)?;
    }
    match service {
        Some(client) if args.submit => {
            let encoding = match args.format {
                Form::Json => Encoding::Json,
                Form::Cbor => Encoding::Cbor,
            };
            let answer = client.present(&found.request.nonce, &presentation, encoding)?;
            verify::tell(&answer, false)
        }
        _ => Ok(Outcome::Done),
    }
}

/// The statement that a request asks for: from a file, the catalogue, or the service. Wherever
/// it comes from, its id must be the one asked for.
fn find_statement(
    args: &Args,
    request: &Request,
    service: Option<&Client>,
) -> anyhow::Result<Statement> {
    let id = request.statement.to_string();
    let statement = match (&args.statement, statement::find(&id), service) {
        (Some(file), ..) => statement::find(file)?,
        (None, Ok(statement), _) => statement,
        (None, Err(_), Some(client)) => client.statement(&id)?,
        (None, Err(error), None) => {
            return Err(error).advise("name the statement's file with --statement");
        }
    };
    if statement.id() == request.statement {
        Ok(statement)
    } else {
        Err(anyhow!("the statement is not the one that the request asks for"))
    }
}

fn present(
    args: &Args,
    wallet: &mut Wallet,
    request: &Request,
    statement: &Statement,
    service: Option<&Client>,
) -> anyhow::Result<Presentation> {
    let selection = args
        .select
        .iter()
        .map(|(name, record)| Ok((name.clone(), find_record(wallet, record)?)))
        .collect::<anyhow::Result<Selection>>()?;
    let plan = wallet
        .plan(request, statement, &selection, args::now())
        .advise("`vouch wallet list` shows the records; --select picks one by hand")?;
    let consent = wallet.consent(&plan, builtin::all(), args.language.into())?;
    eprintln!("{consent}");
    if !args.yes && !consents()? {
        return Err(anyhow!("you did not consent; nothing was made or sent"));
    }
    let prover = args.key.load_or_setup()?;
    warn_of_development(&prover);
    if let Some(client) = service {
        check_key(client, &prover)?;
    }
    let source: &dyn LedgerSource = match service {
        Some(client) => client,
        None => &Offline,
    };
    wallet.present(&plan, source, &prover).advise(match service {
        Some(_) => "`vouch wallet list` shows what the ledgers say of the records",
        None => "--url names a service that has the ledgers' state",
    })
}

/// Whether the service verifies with the key that we prove with: another one makes proofs that
/// it refuses.
fn check_key(client: &Client, prover: &Prover) -> anyhow::Result<()> {
    let digest = prover.key().digest().to_string();
    match client.keys()?["key"].as_str() {
        Some(theirs) if theirs != digest => {
            Err(anyhow!("the service verifies with key {theirs}, not with {digest}"))
                .advise("name the folder that has that key with --keys")
        }
        _ => Ok(()),
    }
}

fn consents() -> anyhow::Result<bool> {
    if !stdin().is_terminal() {
        return Err(usage("there is no terminal to ask for consent on"))
            .advise("read the text above; --yes consents");
    }
    eprint!("\nShow this? [y/N] ");
    stderr().flush()?;
    let mut answer = String::new();
    stdin().lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes" | "是"))
}

fn write(args: &Args, presentation: &Presentation) -> anyhow::Result<()> {
    let bytes = match args.format {
        Form::Json => {
            let mut text = serde_json::to_string_pretty(presentation)?;
            text.push('\n');
            text.into_bytes()
        }
        Form::Cbor => presentation.to_compact(),
    };
    let to_terminal = args.out.is_none() && stdout().is_terminal();
    if args.format == Form::Cbor && to_terminal {
        return Err(usage("CBOR is not written to a terminal")).advise("give --out FILE");
    }
    files::write(args.out.as_deref(), &bytes)?;
    if let Some(path) = args.out.as_deref().filter(|path| *path != Path::new("-")) {
        eprintln!("{} bytes in {}", bytes.len(), path.display());
    }
    Ok(())
}
