//! `vouch request result`: what became of a request.

use std::path::PathBuf;
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value as Json;

use super::address;
use crate::cli::error::{Advise as _, usage};
use crate::cli::output::{Paint, print_json, print_line};
use crate::cli::{Outcome, Result, args, files};

/// Time between two looks at a request that is not answered.
const INTERVAL: Duration = Duration::from_millis(500);

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// URL of the request, as `vouch request create` prints it
    request: String,
    /// File with the result token of the request; without it only the status is shown
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// How long to wait for an answer
    #[arg(long, value_name = "TIME", value_parser = args::seconds, default_value = "0s")]
    wait: u64,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args) -> Result {
    let (client, id) = address(&args.request)?
        .ok_or_else(|| usage("the request is not a URL: only a service keeps results"))?;
    let token = args.token_file.as_deref().map(files::read_text).transpose()?;
    let token = token.as_deref().map(str::trim);
    let end = Instant::now() + Duration::from_secs(args.wait);
    let result = loop {
        let result = client
            .result(&id, token)
            .advise("requests are forgotten some time after they have ended")?;
        if result["status"] != "open" || Instant::now() >= end {
            break result;
        }
        sleep(INTERVAL);
    };
    if args.json {
        print_json(&result)?;
    } else {
        show(&result)?;
    }
    let valid = result["status"] == "valid";
    Ok(if valid { Outcome::Done } else { Outcome::Refused })
}

fn show(result: &Json) -> anyhow::Result<()> {
    let paint = Paint::stdout();
    let status = result["status"].as_str().unwrap_or("unknown");
    let status = if status == "valid" { paint.good(status) } else { paint.bad(status) };
    print_line(status)?;
    if let Some(message) = result["refusal"]["message"].as_str() {
        print_line(format_args!("rule {}: {message}", result["refusal"]["rule"]))?;
    }
    for record in result["verdict"]["records"].as_array().into_iter().flatten() {
        let name = record["name"].as_str().unwrap_or_default();
        for (attribute, value) in record["revealed"].as_object().into_iter().flatten() {
            print_line(format_args!("{name}.{attribute}: {value}"))?;
        }
    }
    Ok(())
}
