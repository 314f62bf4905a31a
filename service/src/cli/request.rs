//! `vouch request`: a relying party asks.

mod result;

use std::path::PathBuf;

use rand::RngCore as _;
use rand::rngs::OsRng;
use records::{Date, Value};
use serde_json::{Map, Value as Json};
use service::client::{Client, RequestDraft};
use statements::{Nonce, Request, Statement};

use super::error::{Advise as _, usage};
use super::output::{print_json, print_line};
use super::{Outcome, Result, args, files, statement};

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Make a request, at a service or by itself
    #[command(
        after_help = "Examples:\n  vouch request create over_18 --audience kiosk.example --out request.json\n  vouch request create duty_paid_above --param threshold=10000.00 --url http://127.0.0.1:8750"
    )]
    Create(Create),
    /// Wait for the answer to a request that a service keeps
    #[command(
        after_help = "Exit codes: 0 answered and valid, 1 not answered or refused, 2 wrong usage.\n\nExample:\n  vouch request result http://127.0.0.1:8750/v1/requests/00112233445566778899aabbccddeeff --token-file result.token --wait 5m"
    )]
    Result(result::Args),
    /// Show a request: who asks for what, until when
    #[command(
        after_help = "Examples:\n  vouch request show request.json\n  vouch request show http://127.0.0.1:8750/v1/requests/00112233445566778899aabbccddeeff"
    )]
    Show {
        /// A file, - for standard input, or a request's URL
        request: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, clap::Args)]
pub(super) struct Create {
    /// Name or id in the catalogue, or a .toml or .json file; with --url what the service knows
    statement: String,
    /// Value of a parameter, as name=value; may be repeated
    #[arg(long = "param", value_name = "NAME=VALUE", value_parser = args::pair)]
    parameters: Vec<(String, String)>,
    /// Name of the relying party [with --url: the service's own]
    #[arg(long, required_unless_present = "url")]
    audience: Option<String>,
    /// Scope in which a nullifier is unique, for statements that show one
    #[arg(long)]
    scope: Option<String>,
    /// Time until the request ends
    #[arg(long, value_name = "TIME", value_parser = args::seconds, default_value = "5m")]
    expires_in: u64,
    /// How old the state of a ledger may be
    #[arg(long, value_name = "TIME", value_parser = args::seconds, default_value = "24h")]
    max_checkpoint_age: u64,
    /// The day that the statement is about [default: this day, in UTC]
    #[arg(long, value_name = "DATE")]
    today: Option<Date>,
    /// Address of a service that keeps the request and takes the answer
    #[arg(long, value_name = "URL", env = "VOUCH_URL", hide_env_values = true)]
    url: Option<String>,
    /// File to write the token to that the whole result is fetched with; only with --url
    #[arg(long, value_name = "FILE", requires = "url")]
    result_token: Option<PathBuf>,
    /// File to write the request to [default: standard output]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// A request, and the service that keeps it.
pub(super) struct Found {
    pub(super) request: Request,
    pub(super) service: Option<Client>,
}

pub(super) fn run(command: &Command) -> Result {
    match command {
        Command::Create(args) => create(args),
        Command::Result(args) => result::run(args),
        Command::Show { request, json } => show(&find(request)?.request, *json),
    }
}

/// Path of requests below a service's address.
const REQUESTS_PATH: &str = "/v1/requests/";

/// The service and the id of a request's URL; nothing for another place.
fn address(place: &str) -> anyhow::Result<Option<(Client, Nonce)>> {
    if !place.starts_with("http://") && !place.starts_with("https://") {
        return Ok(None);
    }
    let (base, id) = place
        .split_once(REQUESTS_PATH)
        .ok_or_else(|| usage("the URL is not that of a request: …/v1/requests/ID"))?;
    Ok(Some((Client::new(base)?, id.trim_end_matches('/').parse()?)))
}

/// Reads a request from a file, standard input, or the service that keeps it.
pub(super) fn find(place: &str) -> anyhow::Result<Found> {
    if let Some((client, id)) = address(place)? {
        let request = client
            .fetch_request(&id)
            .advise("ask the relying party for a new request, if this one has ended")?;
        return Ok(Found { request, service: Some(client) });
    }
    let request = Request::from_json(&files::read_text(place.as_ref())?)?;
    Ok(Found { request, service: None })
}

fn create(args: &Create) -> Result {
    let service = args.url.as_deref().map(Client::new).transpose()?;
    let statement = match (&service, statement::find(&args.statement)) {
        (_, Ok(statement)) => statement,
        (Some(client), Err(_)) => client.statement(&args.statement)?,
        (None, Err(error)) => return Err(error),
    };
    let parameters = parameters(&statement, &args.parameters)?;
    let request = match service {
        Some(client) => {
            let created = client.create_request(&RequestDraft {
                statement: statement.id().to_string(),
                parameters,
                audience: args.audience.clone(),
                scope: args.scope.clone(),
                max_checkpoint_age: Some(args.max_checkpoint_age),
                expires_in: Some(args.expires_in),
                today: args.today,
            })?;
            eprintln!("the wallet's link: {}{REQUESTS_PATH}{}", client.url(), created.id);
            if let Some(path) = &args.result_token {
                let mut file = files::private_file(path)?;
                file.append(created.result_token.as_bytes())?;
                file.finish()?;
            }
            created.request
        }
        None => offline(args, &statement, parameters)?,
    };
    let mut text = serde_json::to_string_pretty(&request)?;
    text.push('\n');
    files::write(args.out.as_deref(), text.as_bytes())?;
    Ok(Outcome::Done)
}

fn offline(
    args: &Create,
    statement: &Statement,
    parameters: Map<String, Json>,
) -> anyhow::Result<Request> {
    if statement.needs_scope() != args.scope.is_some() {
        let message = if args.scope.is_some() {
            "the statement shows no nullifier, so it takes no --scope"
        } else {
            "the statement shows a nullifier: --scope names where it is unique"
        };
        return Err(usage(message));
    }
    let mut nonce = [0; 16];
    OsRng.fill_bytes(&mut nonce);
    let request = Request {
        version: 1,
        statement: statement.id(),
        parameters,
        audience: args.audience.clone().unwrap_or_default(),
        nonce: Nonce::from_bytes(nonce),
        scope: args.scope.clone(),
        today: args.today.unwrap_or_else(args::today),
        expires_at: args::now().saturating_add(args.expires_in),
        max_checkpoint_age: args.max_checkpoint_age,
    };
    request.check()?;
    Ok(request)
}

/// The values of a statement's parameters, each of its type.
fn parameters(
    statement: &Statement,
    given: &[(String, String)],
) -> anyhow::Result<Map<String, Json>> {
    let mut parameters = Map::new();
    for (name, text) in given {
        let declaration = statement.parameters().iter().find(|declared| declared.name == *name);
        let declaration = declaration
            .ok_or_else(|| usage(format!("the statement has no parameter {name}")))
            .advise("`vouch statement explain` says which parameters it has")?;
        let value = Value::parse(&declaration.kind, text)
            .map_err(|error| usage(format!("parameter {name}: {error}")))?;
        parameters.insert(name.clone(), value.to_json());
    }
    statement
        .parse_parameters(&parameters)
        .map_err(|error| usage(error.to_string()))
        .advise("give each parameter with --param name=value")?;
    Ok(parameters)
}

fn show(request: &Request, json: bool) -> Result {
    if json {
        print_json(request)?;
        return Ok(Outcome::Done);
    }
    let known = statement::find(&request.statement.to_string()).ok();
    let name = known.as_ref().map_or("not in the catalogue", |statement| &statement.title().en);
    let left = request.expires_at.saturating_sub(args::now());
    let ends = if left == 0 { "has ended".to_owned() } else { format!("in {left} s") };
    for (label, value) in [
        ("audience", request.audience.clone()),
        ("statement", format!("{name} ({})", request.statement)),
        ("parameters", serde_json::to_string(&request.parameters)?),
        ("scope", request.scope.clone().unwrap_or_else(|| "none".to_owned())),
        ("day", request.today.to_string()),
        ("ends", ends),
        ("state", format!("at most {} s old", request.max_checkpoint_age)),
        ("nonce", request.nonce.to_string()),
    ] {
        print_line(format_args!("{label:<11} {value}"))?;
    }
    Ok(Outcome::Done)
}
