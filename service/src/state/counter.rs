//! The relying party's side: requests, and the decision on presentations.

use std::sync::{Arc, PoisonError, RwLock};

use records::{Date, LedgerKey};
use statements::{Nonce, Presentation, Request, StatementId};
use verifier::{Context, FoldedKey, Refusal, RuleCode, Verified, Verifier};

use super::answer::{Answer, RequestResult, RequestStatus};
use crate::config::Config;
use crate::store::{Arrival, Claim, Claimed, NullifierKey, Outcomes, Store, StoreError};

/// Verifier, store and results of one relying party.
pub struct Counter {
    verifier: RwLock<Verifier>,
    store: Store,
    outcomes: Outcomes<Answer>,
    audience: String,
    allow_development: bool,
}

impl Counter {
    pub(super) fn new(verifier: Verifier, store: Store, config: &Config) -> Self {
        Self {
            verifier: RwLock::new(verifier),
            store,
            outcomes: Outcomes::default(),
            audience: config.audience.clone(),
            allow_development: !config.production,
        }
    }

    /// The store of requests.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Accepts a ledger's checkpoints from now on.
    pub fn trust_ledger(&self, key: LedgerKey) {
        // The verifier is changed by whole insertions, so a poisoned lock guards a whole one.
        self.verifier.write().unwrap_or_else(PoisonError::into_inner).trust_ledger(key);
    }

    /// Looks at the verifier.
    pub fn with_verifier<T>(&self, look: impl FnOnce(&Verifier) -> T) -> T {
        look(&self.verifier.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Looks at the folded key of a record of a statement.
    pub fn with_folded_key<T>(
        &self,
        statement: &StatementId,
        record: &str,
        look: impl FnOnce(&FoldedKey) -> T,
    ) -> Option<T> {
        self.with_verifier(|verifier| verifier.folded_key(statement, record).map(look))
    }

    /// Decides on a presentation for a request. Blocks.
    ///
    /// A request of this store's is only answered as it was asked: another one with its nonce,
    /// which could close it without answering it, is refused. Its result is recorded, so that
    /// those who wait for it learn of it.
    ///
    /// # Errors
    /// [`StoreError`]: then the presentation is not accepted.
    pub fn decide(
        &self,
        request: &Request,
        presentation: &Presentation,
        now: u64,
    ) -> Result<Arc<Answer>, StoreError> {
        let context = self.context(now);
        let verified = self.with_verifier(|v| v.verify(request, presentation, &context));
        self.conclude(request, presentation, verified, now)
    }

    /// Decides on many presentations, whose proofs share most of the work. Blocks.
    ///
    /// # Errors
    /// As for [`Counter::decide`]; those before the error have been decided.
    pub fn decide_all(
        &self,
        items: &[(Request, Presentation)],
        now: u64,
    ) -> Result<Vec<Arc<Answer>>, StoreError> {
        let context = self.context(now);
        let verified = self.with_verifier(|v| v.verify_batch(items, &context));
        let pairs = items.iter().zip(verified);
        pairs
            .map(|((request, presentation), verified)| {
                self.conclude(request, presentation, verified, now)
            })
            .collect()
    }

    fn context(&self, now: u64) -> Context<'_> {
        Context { audience: &self.audience, now, allow_development: self.allow_development }
    }

    /// The last rule, and the record of the result.
    fn conclude(
        &self,
        request: &Request,
        presentation: &Presentation,
        verified: Result<Verified, Refusal>,
        now: u64,
    ) -> Result<Arc<Answer>, StoreError> {
        let known = self.store.request(request.nonce)?;
        let answer = match (&known, verified) {
            (Some(known), _) if known != request => Answer::refused(Refusal::new(
                RuleCode::RequestMismatch,
                "the request was asked in another form",
            )),
            (_, Ok(verified)) => self.claim(request, presentation, verified, now)?,
            (_, Err(refusal)) => Answer::refused(refusal),
        };
        let answer = Arc::new(answer);
        // A replay is no news of the request; nor is what answers another one.
        let replayed = answer.refusal_code() == Some(RuleCode::Replayed.as_str());
        if known.as_ref() == Some(request) && !replayed {
            self.outcomes.record(request.nonce, Arc::clone(&answer), |earlier| !earlier.valid);
        }
        Ok(answer)
    }

    fn claim(
        &self,
        request: &Request,
        presentation: &Presentation,
        verified: Verified,
        now: u64,
    ) -> Result<Answer, StoreError> {
        // All of them proven: the presentation is verified.
        let nullifiers = presentation.proofs.iter().filter_map(|proof| proof.nullifier);
        let scope = request.scope_field();
        let keys = nullifiers.filter_map(|nullifier| {
            scope.map(|scope| NullifierKey::new(&request.statement, scope, nullifier))
        });
        let claim = Claim {
            nonce: verified.nonce(),
            expires_at: request.expires_at,
            nullifiers: keys.collect(),
            day: Date::from_unix_seconds(now),
        };
        Ok(match self.store.claim(&claim)? {
            Claimed::Used => verified.claim(false).map_or_else(Answer::refused, |_| {
                Answer::refused(Refusal::new(RuleCode::Replayed, "the nonce is used"))
            }),
            Claimed::Now { seen } => verified
                .claim(true)
                .map_or_else(Answer::refused, |verdict| Answer::valid(verdict, &seen)),
        })
    }

    /// How a request stands, or nothing for an unknown one. Blocks.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn result(&self, nonce: Nonce, now: u64) -> Result<Option<RequestResult>, StoreError> {
        let Some(request) = self.store.request(nonce)? else { return Ok(None) };
        let answer = self.outcomes.latest(nonce);
        let status = match &answer {
            Some(answer) if answer.valid => RequestStatus::Valid,
            _ if self.store.is_claimed(nonce)? => RequestStatus::Valid,
            _ if now > request.expires_at => RequestStatus::Expired,
            Some(_) => RequestStatus::Refused,
            None => RequestStatus::Open,
        };
        // Between a claim and its record the latest answer is an older refusal.
        let answer = answer.filter(|answer| answer.valid == (status == RequestStatus::Valid));
        Ok(Some(RequestResult { status, answer }))
    }

    /// Listens for results from now on.
    pub fn listen(&self) -> tokio::sync::broadcast::Receiver<Arrival> {
        self.outcomes.listen()
    }

    /// Forgets what has expired; returns the number of requests. Blocks.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn purge(&self, now: u64) -> Result<usize, StoreError> {
        let forgotten = self.store.purge(now)?;
        self.outcomes.forget(&forgotten);
        Ok(forgotten.len())
    }
}
