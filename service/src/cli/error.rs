//! How failures are told: what went wrong, and what to do next.

use std::fmt;
use std::process::ExitCode;

use service::client::ClientError;
use service::department::{ChannelError, IssueError};

use super::output::Paint;

/// A failure with advice.
#[derive(Debug)]
pub(crate) struct Advised {
    error: anyhow::Error,
    advice: String,
}

/// Arguments that each parse but do not fit together, or do not fit what they name.
#[derive(Debug)]
pub(crate) struct Usage(pub(crate) String);

/// Adds advice to failures.
pub(crate) trait Advise<T> {
    /// Says what to do next where this failed.
    fn advise(self, advice: impl Into<String>) -> anyhow::Result<T>;
}

impl<T, E: Into<anyhow::Error>> Advise<T> for Result<T, E> {
    fn advise(self, advice: impl Into<String>) -> anyhow::Result<T> {
        self.map_err(|error| advised(error, advice))
    }
}

/// A failure with advice on what to do next.
pub(crate) fn advised(error: impl Into<anyhow::Error>, advice: impl Into<String>) -> anyhow::Error {
    anyhow::Error::new(Advised { error: error.into(), advice: advice.into() })
}

/// A failure of usage: exit code 2.
pub(crate) fn usage(message: impl Into<String>) -> anyhow::Error {
    anyhow::Error::new(Usage(message.into()))
}

impl fmt::Display for Advised {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#}", self.error)
    }
}

impl std::error::Error for Advised {}

impl fmt::Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Usage {}

/// Prints a failure to standard error and gives its exit code.
pub(super) fn report(error: &anyhow::Error) -> ExitCode {
    let paint = Paint::stderr();
    let mut causes = error.chain();
    // A broken pipe is how `vouch … | head` ends.
    if causes.any(|cause| {
        cause.downcast_ref::<std::io::Error>().map(std::io::Error::kind)
            == Some(std::io::ErrorKind::BrokenPipe)
    }) {
        return ExitCode::SUCCESS;
    }
    eprintln!("{} {error:#}", paint.bad("error:"));
    if let Some(advice) = advice(error) {
        eprintln!("{} {advice}", paint.strong("next:"));
    }
    ExitCode::from(if is_usage(error) { 2 } else { 1 })
}

fn advice(error: &anyhow::Error) -> Option<&str> {
    match error.chain().find_map(|cause| cause.downcast_ref::<Advised>()) {
        Some(found) => Some(advice(&found.error).unwrap_or(&found.advice)),
        None => error.chain().find_map(client_error).and_then(service_advice),
    }
}

/// The client's error in an error, also in those that hand its text on as their own.
fn client_error<'a>(cause: &'a (dyn std::error::Error + 'static)) -> Option<&'a ClientError> {
    let channel = match cause.downcast_ref() {
        Some(IssueError::Channel(error)) => Some(error),
        _ => cause.downcast_ref(),
    };
    match channel {
        Some(ChannelError::Client(error)) => Some(error),
        _ => cause.downcast_ref(),
    }
}

/// What to do about a service that does not do what is asked.
fn service_advice(error: &ClientError) -> Option<&'static str> {
    match error {
        ClientError::Transport { .. } => {
            Some("check the address, and that the service runs: `vouch serve` starts one")
        }
        ClientError::Problem { status: 401 | 403, .. } => Some(
            "give the department's token with --token-file or VOUCH_TOKEN; the operator issues \
             one with `vouch ledger token create`",
        ),
        ClientError::Problem { status: 429 | 503, .. } => Some("try again in a while"),
        ClientError::Url(_) => Some("write it like https://vouch.example"),
        ClientError::TokenInClear => Some("name the service's https address"),
        _ => None,
    }
}

fn is_usage(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause.is::<Usage>()
            || matches!(client_error(cause), Some(ClientError::Url(_)))
            || cause.downcast_ref::<Advised>().is_some_and(|advised| is_usage(&advised.error))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::{Context as _, anyhow};

    #[test]
    fn advice_survives_context() {
        let error = Err::<(), _>(anyhow!("no such file"))
            .advise("create it")
            .context("the wallet")
            .unwrap_err();
        assert_eq!(format!("{error:#}"), "the wallet: no such file");
        assert_eq!(advice(&error), Some("create it"));
        assert!(!is_usage(&error));
    }

    #[test]
    fn what_to_do_about_a_service_is_told_wherever_it_is_inside() {
        let error = || ClientError::TokenInClear;
        let inside = [
            anyhow!(error()),
            anyhow!(ChannelError::from(error())),
            anyhow!(IssueError::from(ChannelError::from(error()))).context("issuing"),
        ];
        for error in inside {
            assert_eq!(advice(&error), Some("name the service's https address"), "{error:#}");
        }
    }

    #[test]
    fn the_innermost_advice_counts() {
        let error = advised(advised(usage("a and b"), "leave b out"), "something general");
        assert_eq!(advice(&error), Some("leave b out"));
        assert!(is_usage(&error));
    }
}
