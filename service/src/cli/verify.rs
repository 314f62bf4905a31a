//! `vouch verify`: a relying party checks a presentation, with or without a network.

mod export;
mod used;

use std::path::PathBuf;

use anyhow::anyhow;
use records::LedgerKey;
use records::schema::builtin;
use serde_json::Value as Json;
use service::client::{Answer, Client, RefusalAnswer};
use statements::{Presentation, Request, catalogue};
use verifier::{Context, Refusal, Verifier};

use super::error::Advise as _;
use super::keys::KeyChoice;
use super::output::{Paint, print_json, print_line};
use super::wallet::read_keys;
use super::{Outcome, Result, args, files, request, statement};

/// Check a presentation
///
/// Without --url nothing leaves this machine: the keys of the ledgers, the verification key and
/// the statement are here.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  vouch verify request.json presentation.cbor --audience kiosk.example --ledger-keys trusted.txt --used nonces.txt\n  vouch verify request.json presentation.cbor --audience kiosk.example --ledger-keys trusted.txt --export-snarkjs for-snarkjs\n  vouch verify request.json presentation.json --url http://127.0.0.1:8750 --json"
)]
pub(super) struct Args {
    /// The request: a file, - for standard input, or its URL
    request: String,
    /// The presentation, JSON or compact CBOR; - for standard input
    presentation: PathBuf,
    /// Name of this relying party: requests of others are refused
    #[arg(long, required_unless_present = "url")]
    audience: Option<String>,
    /// Key of a trusted ledger, of the form name+hash+key; may be repeated
    #[arg(long = "ledger-key", value_name = "KEY", value_parser = ledger_key)]
    ledger_keys: Vec<LedgerKey>,
    /// File with keys of trusted ledgers, one in each line
    #[arg(long = "ledger-keys", value_name = "FILE")]
    ledger_key_file: Option<PathBuf>,
    /// Statement file, where the catalogue does not have the statement
    #[arg(long, value_name = "FILE")]
    statement: Option<String>,
    /// File of used nonces: a second answer to one request is refused
    #[arg(long, value_name = "FILE")]
    used: Option<PathBuf>,
    /// Refuse proofs made with a development key
    #[arg(long)]
    production: bool,
    /// Folder to write keys, proofs and public signals to, for snarkjs and other Groth16
    /// verifiers; only where the rules before the proofs hold
    #[arg(long, value_name = "DIR", conflicts_with = "url")]
    export_snarkjs: Option<PathBuf>,
    #[command(flatten)]
    key: KeyChoice,
    /// Have a service verify it
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args) -> Result {
    let request = request::find(&args.request)?.request;
    let presentation = match read_presentation(&args.presentation) {
        Ok(presentation) => presentation,
        Err(error) => return Err(error).advise("ask the holder for the presentation again"),
    };
    let answer = match &args.url {
        Some(url) => Client::new(url)?.verify(&request, &presentation)?,
        None => offline(args, &request, &presentation)?,
    };
    tell(&answer, args.json)
}

fn ledger_key(text: &str) -> Result<LedgerKey, String> {
    LedgerKey::parse(text).map_err(|error| error.to_string())
}

/// Reads either form: JSON begins with a brace, which compact CBOR never does.
fn read_presentation(path: &std::path::Path) -> anyhow::Result<Presentation> {
    let bytes = files::read_bytes(path)?;
    if bytes.trim_ascii_start().first() == Some(&b'{') {
        let text =
            std::str::from_utf8(&bytes).map_err(|_| anyhow!("the presentation is not UTF-8"))?;
        return Ok(Presentation::from_json(text)?);
    }
    Ok(Presentation::from_compact(&bytes)?)
}

fn offline(args: &Args, request: &Request, presentation: &Presentation) -> anyhow::Result<Answer> {
    let mut verifier = Verifier::new(args.key.load()?.pinned(), builtin::all().to_vec());
    let mut keys = args.ledger_keys.clone();
    if let Some(path) = &args.ledger_key_file {
        keys.extend(read_keys(path)?);
    }
    for key in keys {
        verifier.trust_ledger(key);
    }
    let statement = match &args.statement {
        Some(file) => Some(statement::find(file)?),
        None => catalogue::by_id(request.statement).cloned(),
    };
    if let Some(statement) = statement {
        verifier.add_statement(statement)?;
    }
    let context = Context {
        audience: args.audience.as_deref().unwrap_or_default(),
        now: args::now(),
        allow_development: !args.production,
    };
    if let Some(folder) = &args.export_snarkjs
        && let Ok(proofs) = verifier.to_snarkjs(request, presentation, &context)
    {
        export::write(folder, &proofs)?;
    }
    let verified = match verifier.verify(request, presentation, &context) {
        Ok(verified) => verified,
        Err(refusal) => return Ok(refused(&refusal)),
    };
    let unused = match &args.used {
        Some(path) => used::claim(path, verified.nonce())?,
        None => {
            eprintln!("whether the request was answered before is not checked: give --used FILE");
            true
        }
    };
    match verified.claim(unused) {
        Ok(verdict) => {
            Ok(Answer { valid: true, verdict: Some(serde_json::to_value(verdict)?), refusal: None })
        }
        Err(refusal) => Ok(refused(&refusal)),
    }
}

fn refused(refusal: &Refusal) -> Answer {
    let refusal = RefusalAnswer {
        rule: refusal.rule,
        code: refusal.code.as_str().to_owned(),
        message: refusal.message.clone(),
    };
    Answer { valid: false, verdict: None, refusal: Some(refusal) }
}

/// Prints an answer; the exit code follows it.
pub(super) fn tell(answer: &Answer, json: bool) -> Result {
    let outcome = if answer.valid { Outcome::Done } else { Outcome::Refused };
    if json {
        print_json(answer)?;
        return Ok(outcome);
    }
    let paint = Paint::stdout();
    if let Some(refusal) = &answer.refusal {
        print_line(format_args!(
            "{} by rule {} ({}): {}",
            paint.bad("refused"),
            refusal.rule,
            refusal.code,
            refusal.message
        ))?;
    }
    if let Some(verdict) = &answer.verdict {
        print_line(format_args!("{}: {}", paint.good("valid"), text(&verdict["title"]["en"])))?;
        tell_verdict(verdict)?;
    }
    Ok(outcome)
}

fn tell_verdict(verdict: &Json) -> anyhow::Result<()> {
    let list = |value: &Json| value.as_array().cloned().unwrap_or_default();
    print_line(format_args!(
        "statement   {} ({})",
        text(&verdict["name"]),
        text(&verdict["statement"])
    ))?;
    print_line(format_args!("audience    {}", text(&verdict["audience"])))?;
    print_line(format_args!("day         {}", text(&verdict["today"])))?;
    for record in list(&verdict["records"]) {
        let name = text(&record["name"]);
        for (attribute, value) in record["revealed"].as_object().into_iter().flatten() {
            print_line(format_args!("revealed    {name}.{attribute} = {}", text(value)))?;
        }
        if let Some(nullifier) = record["nullifier"].as_str() {
            print_line(format_args!("nullifier   {name} {nullifier}"))?;
        }
    }
    for checkpoint in list(&verdict["checkpoints"]) {
        print_line(format_args!(
            "state of    {}, {} s old",
            text(&checkpoint["ledger"]),
            checkpoint["age_seconds"]
        ))?;
    }
    if verdict["development_key"] == true {
        print_line("warning     the key is a development key: whoever made it can forge proofs")?;
    }
    Ok(())
}

fn text(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
