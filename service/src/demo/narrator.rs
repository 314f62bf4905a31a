//! Tells what happens, to people; with `--json` it is silent.

use std::cell::Cell;
use std::path::Path;
use std::time::Duration;

use prover::Provenance;
use serde_json::Value as Json;
use service::client::Answer;
use statements::Explanation;

use super::country::Country;
use super::people::{Holder, PASSPHRASE};
use super::report::{LedgerReport, RefusalReport, Report, StoryReport};
use super::server::Server;
use crate::cli::{Paint, grouped};

/// Width of wrapped text.
const WIDTH: usize = 92;

/// Tells what happens.
pub(super) struct Narrator {
    silent: bool,
    paint: Paint,
    chapter: Cell<u32>,
}

impl Narrator {
    pub(super) fn new(silent: bool) -> Self {
        Self { silent, paint: Paint::stdout(), chapter: Cell::new(1) }
    }

    fn say(&self, text: &str) {
        if !self.silent {
            // Who stops reading does not stop the demonstration.
            let _ = crate::cli::print_line(text);
        }
    }

    fn list(&self, items: &[String]) {
        for item in items {
            for (index, line) in wrap(item, WIDTH - 7).iter().enumerate() {
                let lead = if index == 0 { "     - " } else { "       " };
                self.say(&format!("{lead}{line}"));
            }
        }
    }

    /// Begins a chapter.
    pub(super) fn heading(&self, title: &str) {
        let number = self.chapter.get();
        self.chapter.set(number + 1);
        self.say(&format!("\n{}", self.paint.strong(format!("{number}. {title}"))));
    }

    pub(super) fn opening(&self, server: &Server, key: &Provenance, time: Duration) {
        self.say(&format!("Vouch: a demonstration, over HTTP at {}", server.url()));
        let kind = if key.development { "development key" } else { "key" };
        let digest = key.key.to_string();
        let short = digest.get(..16).unwrap_or(&digest);
        self.say(&format!("{kind} {short}…, ready after {:.1} s", time.as_secs_f64()));
        self.heading("Nine departments commit their records, each on its own premises");
        self.say("   Only leaves of 32 bytes reach the ledgers; every person here is made up.");
    }

    pub(super) fn ledger(&self, ledger: &LedgerReport) {
        self.say(&format!(
            "   {:<28} {:>9} × {:<24} {:>7.0} ms, sent in {:>5.0} ms",
            ledger.origin,
            grouped(ledger.records as u64),
            ledger.schema,
            ledger.commit_ms,
            ledger.append_ms,
        ));
    }

    pub(super) fn holder(&self, holder: &Holder) {
        let records: Vec<_> =
            holder.wallet.records().into_iter().map(|record| record.schema).collect();
        self.say(&format!("   {} received: {}", holder.name, records.join(", ")));
    }

    pub(super) fn story(&self, story: &StoryReport, told: &Explanation, answer: &Answer) {
        self.say(&format!("   The counter asks for the statement {}.", story.statement));
        let outcome = match &answer.refusal {
            None => self.paint.good("verified"),
            Some(refusal) => self.paint.bad(format!("refused: {}", refusal.message)),
        };
        self.say(&format!(
            "   The holder answers with {}: {outcome}.",
            if story.proofs == 1 {
                "one proof".to_owned()
            } else {
                format!("{} proofs, one for each record", story.proofs)
            }
        ));
        self.say("\n   The counter learned");
        self.list(&told.learns);
        for value in revealed(answer) {
            self.say(&format!("       {value}"));
        }
        self.say("   and did not learn");
        self.list(&told.does_not_learn);
        self.say("   The departments learned");
        self.list(&["nothing: they were not asked, and no record was looked up".to_owned()]);
        self.say("   The ledgers learned");
        self.list(&[
            "that someone fetched a bundle of 512 leaves, which everybody may; not which of them \
             it was about, nor what was proven or to whom"
                .to_owned(),
        ]);
        self.say(&format!(
            "\n   proofs made in {:.0} ms, verified in {:.1} ms, answered over HTTP in {:.1} ms",
            story.prove_ms, story.verify_ms, story.round_trip_ms
        ));
        self.say(&format!(
            "   presentation: {} bytes compact, {} bytes as JSON",
            grouped(story.presentation_bytes as u64),
            grouped(story.presentation_json_bytes as u64)
        ));
    }

    pub(super) fn refusal(&self, report: &RefusalReport) {
        let outcome = if report.is_as_expected() {
            self.paint.good(format!("refused by rule {} ({})", report.rule, report.code))
        } else if report.refused {
            self.paint.bad(format!("refused as {}, not {}", report.code, report.expected))
        } else {
            self.paint.bad("ACCEPTED")
        };
        self.say(&format!("   {}: {outcome}", report.attempt));
        if let Some(wallet) = &report.wallet {
            let told = format!("(an honest wallet does not even try: {wallet})");
            for line in wrap(&told, WIDTH - 7) {
                self.say(&format!("       {}", self.paint.faint(line)));
            }
        }
    }

    pub(super) fn closing(&self, report: &Report) {
        let told = format!(
            "{} stories verified, {} attempts refused, in {:.1} s",
            report.stories.iter().filter(|story| story.verified).count(),
            report.refusals.iter().filter(|refusal| refusal.is_as_expected()).count(),
            report.seconds
        );
        let told = if report.passed { self.paint.good(told) } else { self.paint.bad(told) };
        self.say(&format!("\n{told}"));
        if report.founding.development_key {
            self.say(
                "The key is a development key: whoever made it can forge proofs. Production keys \
                 come from a ceremony.",
            );
        }
    }

    pub(super) fn keep_running(&self, country: &Country, wallet: &Path) {
        let url = country.server.url();
        let wallet = wallet.display();
        self.say(&format!("\n{}", self.paint.strong("The service keeps running; Ctrl-C ends it.")));
        for line in [
            format!("   {url}/docs                the interface"),
            format!("   {url}/v1/statements       what can be asked"),
            format!("   {url}/v1/ledgers          the ledgers"),
            String::new(),
            "   Ask for a statement, and answer it as the citizen (in another terminal):"
                .to_owned(),
            format!("   vouch request create {} --url {url}", super::story::CITIZEN),
            format!(
                "   VOUCH_PASSPHRASE='{PASSPHRASE}' vouch present {url}/v1/requests/ID --wallet {wallet} --submit"
            ),
        ] {
            self.say(&line);
        }
    }
}

/// What an answer reveals.
fn revealed(answer: &Answer) -> Vec<String> {
    let records = answer.verdict.as_ref().and_then(|verdict| verdict["records"].as_array());
    let records = records.into_iter().flatten();
    let shown = records.flat_map(|record| record["revealed"].as_object().into_iter().flatten());
    let text = |value: &Json| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    shown.map(|(name, value)| format!("{name} = {}", text(value))).collect()
}

/// Breaks a text between words into lines of at most `width` characters.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let full = lines.last().is_some_and(|line| {
            !line.is_empty() && line.chars().count() + 1 + word.chars().count() > width
        });
        if full {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wraps_between_words() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("a-very-long-word b", 5), ["a-very-long-word", "b"]);
        assert_eq!(wrap("", 5), [""]);
    }
}
