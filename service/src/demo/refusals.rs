//! What must not work, tried by those who would like it to: each attempt is sent over HTTP, and
//! refused by the rule that is there for it. Where an honest wallet refuses before, a dishonest
//! one is played: its clock is set back, or what it made is put together anew.

mod forge;

use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context as _, bail};
use records::Date;
use service::client::{Answer, Client, Encoding};
use statements::{Presentation, Request};
use wallet::{Offline, Wallet};

use super::country::Country;
use super::folder::Folder;
use super::narrator::Narrator;
use super::people::{Holder, PASSPHRASE, People};
use super::report::RefusalReport;
use super::story::{self, Story, answer, ask};
use crate::cli::now;

/// Age of a state that a strict counter accepts, in seconds.
const STRICT_AGE: u64 = 1;

/// Seconds of a year.
const YEAR: u64 = 365 * 86_400;

/// Seconds that a hasty counter waits for an answer.
const SHORT_LIFE: u64 = 3;

/// One attempt: what is sent, and which rule is there for it.
struct Attempt {
    name: &'static str,
    told: &'static str,
    expected: &'static str,
}

impl Attempt {
    fn answered(&self, answer: Answer, wallet: Option<String>) -> RefusalReport {
        let (rule, code, message) = match answer.refusal {
            Some(refusal) => (refusal.rule, refusal.code, refusal.message),
            None => (0, String::new(), "accepted".to_owned()),
        };
        RefusalReport {
            name: self.name,
            attempt: self.told,
            refused: !answer.valid,
            code,
            expected: self.expected,
            rule,
            message,
            wallet,
        }
    }
}

/// Tries everything.
pub(super) fn all(
    country: &Country,
    people: &mut People,
    stories: &[Story],
    folder: &Folder,
    narrator: &Narrator,
) -> anyhow::Result<Vec<RefusalReport>> {
    narrator.heading("What is refused");
    let client = country.client()?;
    let mut reports = Vec::new();
    let mut note = |report: RefusalReport| {
        narrator.refusal(&report);
        reports.push(report);
    };
    let first = stories.first().context("no story was told")?;
    note(replay(&client, first)?);
    note(wrong_audience(country, &client, &mut people.citizen)?);
    note(tampered_reveal(country, &client, &mut people.broker)?);
    note(expired_request(country, &client, &mut people.citizen)?);
    note(expired_licence(country, &client, &mut people.lapsed)?);
    for report in revoked_licence(country, &client, &mut people.suspended, folder)? {
        note(report);
    }
    Ok(reports)
}

fn submit(
    client: &Client,
    request: &Request,
    presentation: &Presentation,
) -> anyhow::Result<Answer> {
    Ok(client.present(&request.nonce, presentation, Encoding::Json)?)
}

fn replay(client: &Client, story: &Story) -> anyhow::Result<RefusalReport> {
    let attempt = Attempt {
        name: "replay",
        told: "an answer that was accepted is sent a second time",
        expected: "replayed",
    };
    Ok(attempt.answered(submit(client, &story.request, &story.presentation)?, None))
}

fn wrong_audience(
    country: &Country,
    client: &Client,
    holder: &mut Holder,
) -> anyhow::Result<RefusalReport> {
    let attempt = Attempt {
        name: "wrong-audience",
        told: "a car rental passes on an answer that was made for it",
        expected: "wrong-audience",
    };
    let statement = story::statement(story::CITIZEN)?;
    let request =
        ask(client, &statement, |draft| draft.audience = Some("car-rental.example".to_owned()))?;
    let made = answer(country, &mut holder.wallet, client, &request, &statement, now())?;
    Ok(attempt.answered(client.verify(&request, &made.presentation)?, None))
}

fn tampered_reveal(
    country: &Country,
    client: &Client,
    holder: &mut Holder,
) -> anyhow::Result<RefusalReport> {
    let attempt = Attempt {
        name: "tampered-reveal",
        told: "a revealed attribute of a consignment is changed on the way",
        expected: "proof-invalid",
    };
    let statement = story::statement(story::REVEALING)?;
    let request = ask(client, &statement, |_| {})?;
    let made = answer(country, &mut holder.wallet, client, &request, &statement, now())?;
    let mut tampered = made.presentation.clone();
    forge::reveal(&statement, &mut tampered)?;
    let refused = submit(client, &request, &tampered)?;
    // Somebody else's garbage does not close a request: the true answer is accepted after it.
    if !submit(client, &request, &made.presentation)?.valid {
        bail!("the untampered presentation was refused too");
    }
    Ok(attempt.answered(refused, None))
}

fn expired_request(
    country: &Country,
    client: &Client,
    holder: &mut Holder,
) -> anyhow::Result<RefusalReport> {
    let attempt = Attempt {
        name: "expired-request",
        told: "an answer comes after the request has ended",
        expected: "request-expired",
    };
    let statement = story::statement(story::CITIZEN)?;
    let request = ask(client, &statement, |draft| draft.expires_in = Some(SHORT_LIFE))?;
    let made = answer(country, &mut holder.wallet, client, &request, &statement, now())?;
    wait_until(|| now() > request.expires_at);
    Ok(attempt.answered(submit(client, &request, &made.presentation)?, None))
}

/// The licence was good last year: proofs for that day are passed off as proofs for today.
fn expired_licence(
    country: &Country,
    client: &Client,
    holder: &mut Holder,
) -> anyhow::Result<RefusalReport> {
    let attempt = Attempt {
        name: "expired-licence",
        told: "a licence that is over is proven for a day when it was good",
        expected: "proof-invalid",
    };
    let statement = story::statement(story::CITIZEN)?;
    holder.wallet.refresh(client, now())?;
    let request = ask(client, &statement, |_| {})?;
    let honest = answer(country, &mut holder.wallet, client, &request, &statement, now()).err();
    let honest = honest.context("the wallet presented a licence that is over")?;
    // The wallet's clock is set back, and it is shown the request with the day of then.
    let then = now().saturating_sub(YEAR);
    let earlier = Request { today: Date::from_unix_seconds(then), ..request.clone() };
    let made = answer(country, &mut holder.wallet, &Offline, &earlier, &statement, then)?;
    let mut passed_off = made.presentation;
    passed_off.request = request.challenge();
    let answer = submit(client, &request, &passed_off)?;
    Ok(attempt.answered(answer, Some(honest.to_string())))
}

/// The department revokes; the holder has kept a copy of the wallet from before.
fn revoked_licence(
    country: &Country,
    client: &Client,
    holder: &mut Holder,
    folder: &Folder,
) -> anyhow::Result<Vec<RefusalReport>> {
    let statement = story::statement(story::CITIZEN)?;
    holder.wallet.refresh(client, now())?;
    let licence = holder.wallet.records().into_iter().next().context("no licence")?;
    let before = client.checkpoint(&licence.ledger)?.unverified()?.time;
    let copy = folder.wallet("suspended-driver-copy");
    std::fs::copy(holder.wallet.path(), &copy)?;
    country.department(&licence.schema)?.revoke(licence.index)?;
    holder.wallet.refresh(client, now())?;
    wait_until(|| now() > before + STRICT_AGE);

    let request = ask(client, &statement, |draft| draft.max_checkpoint_age = Some(STRICT_AGE))?;
    let honest = answer(country, &mut holder.wallet, client, &request, &statement, now()).err();
    let honest = honest.context("the wallet presented a licence that is revoked")?;
    let mut dishonest = Wallet::open(&copy, PASSPHRASE)?;
    let made = answer(country, &mut dishonest, &Offline, &request, &statement, before)?;
    let old = Attempt {
        name: "revoked-licence",
        told: "a revoked licence is proven against the state before the revocation",
        expected: "checkpoint-stale",
    };
    let old = old.answered(submit(client, &request, &made.presentation)?, Some(honest.to_string()));

    // A counter that is content with yesterday's state gets the newest one, under old proofs.
    let request = ask(client, &statement, |_| {})?;
    let made = answer(country, &mut dishonest, &Offline, &request, &statement, before)?;
    let mut disguised = made.presentation;
    for checkpoint in &mut disguised.checkpoints {
        *checkpoint = client.checkpoint(&checkpoint.unverified()?.origin)?;
    }
    let new = Attempt {
        name: "revoked-licence-new-checkpoint",
        told: "the same, with the newest checkpoint in place of the old one",
        expected: "proof-invalid",
    };
    let new = new.answered(submit(client, &request, &disguised)?, None);
    Ok(vec![old, new])
}

fn wait_until(condition: impl Fn() -> bool) {
    while !condition() {
        sleep(Duration::from_millis(50));
    }
}
