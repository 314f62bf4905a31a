//! Tokens of departments.

use records::{Date, Origin};
use service::auth::{TokenId, TokenStore};

use super::super::output::{print_json, print_line, table};
use super::super::{Outcome, Result, args};
use super::place::{Folder, origin};

#[derive(Debug, clap::Subcommand)]
pub(in super::super) enum Command {
    /// Issue a token for one ledger; it is shown once
    #[command(
        after_help = "Example:\n  vouch ledger token create traffic.vouch.example --label 'nightly import' --expires-in 365d"
    )]
    Create(Create),
    /// List tokens; the tokens themselves are not kept
    #[command(after_help = "Example:\n  vouch ledger token list")]
    List {
        #[command(flatten)]
        folder: Folder,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Revoke a token, with immediate effect also on a running service
    #[command(after_help = "Example:\n  vouch ledger token revoke 0123456789abcdef")]
    Revoke {
        /// Id of the token
        id: TokenId,
        #[command(flatten)]
        folder: Folder,
    },
}

#[derive(Debug, clap::Args)]
pub(in super::super) struct Create {
    /// Name of the ledger that the token is good for
    #[arg(value_parser = origin)]
    ledger: Origin,
    #[command(flatten)]
    folder: Folder,
    /// What the token is for
    #[arg(long, default_value = "")]
    label: String,
    /// After which time it ends, such as 365d [default: never]
    #[arg(long, value_name = "TIME", value_parser = args::seconds)]
    expires_in: Option<u64>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(command: &Command) -> Result {
    match command {
        Command::Create(args) => create(args),
        Command::List { folder, json } => list(folder, *json),
        Command::Revoke { id, folder } => {
            TokenStore::open(&folder.tokens())?.revoke(*id, args::now())?;
            eprintln!("token {id} is revoked");
            Ok(Outcome::Done)
        }
    }
}

fn create(args: &Create) -> Result {
    let now = args::now();
    let expires_at = args.expires_in.map(|seconds| now.saturating_add(seconds));
    let store = TokenStore::open(&args.folder.tokens())?;
    let (token, record) = store.issue(&args.ledger, &args.label, now, expires_at)?;
    if args.json {
        print_json(&serde_json::json!({
            "id": record.id,
            "ledger": record.ledger,
            "expires_at": record.expires_at,
            "token": token.expose(),
        }))?;
    } else {
        print_line(token.expose())?;
        eprintln!("token {} for {}; it is not shown again", record.id, record.ledger);
    }
    Ok(Outcome::Done)
}

fn list(folder: &Folder, json: bool) -> Result {
    let records = TokenStore::open(&folder.tokens())?.list()?;
    let now = args::now();
    let state = |record: &service::auth::TokenRecord| match (record.revoked_at, record.expires_at) {
        (Some(_), _) => "revoked".to_owned(),
        (None, Some(end)) if end <= now => "expired".to_owned(),
        (None, Some(end)) => format!("until {}", Date::from_unix_seconds(end)),
        (None, None) => "without end".to_owned(),
    };
    if json {
        let all: Vec<_> = records
            .iter()
            .map(|record| {
                serde_json::json!({
                    "id": record.id,
                    "ledger": record.ledger,
                    "label": record.label,
                    "created_at": record.created_at,
                    "expires_at": record.expires_at,
                    "revoked_at": record.revoked_at,
                })
            })
            .collect();
        print_json(&all)?;
        return Ok(Outcome::Done);
    }
    let rows: Vec<_> = records
        .iter()
        .map(|record| {
            [
                record.id.to_string(),
                record.ledger.to_string(),
                Date::from_unix_seconds(record.created_at).to_string(),
                state(record),
                record.label.clone(),
            ]
        })
        .collect();
    print_line(table(["id", "ledger", "issued", "valid", "label"], &rows).trim_end())?;
    Ok(Outcome::Done)
}
