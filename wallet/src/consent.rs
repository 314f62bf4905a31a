//! What a holder reads before it consents: what the relying party would learn.

use std::fmt;

use records::Schema;
use records::schema::Language;
use serde::Serialize;
use serde_json::{Map, Value as Json};
use statements::{Explanation, explain};

use crate::ask::{Part, Plan};
use crate::error::WalletError;
use crate::record::EntryId;
use crate::wallet::Wallet;

/// A state younger than this many seconds cannot be fetched long ahead of need.
const RECENT: u64 = 3_600;

/// A request is answered at once or not at all; one that lives longer than this can be kept.
const LONG: u64 = 86_400;

/// What a presentation would show. Holds the values themselves: for the holder's eyes.
#[derive(Clone, Serialize)]
pub struct Consent {
    /// Who asks.
    pub audience: String,
    /// What the statement says, what the relying party learns and does not learn.
    pub explanation: Explanation,
    /// Values that the relying party chose for the statement's parameters.
    pub parameters: Map<String, Json>,
    /// The records it would be proven with.
    pub records: Vec<ConsentRecord>,
    /// What is unusual.
    pub warnings: Vec<Warning>,
    #[serde(skip)]
    language: Language,
}

/// One record of a presentation to be.
#[derive(Clone, Serialize)]
pub struct ConsentRecord {
    /// Its name in the statement.
    pub name: String,
    /// Its number in the wallet.
    pub id: EntryId,
    /// The holder's own name for it.
    pub label: String,
    /// The attributes that would be revealed, by title, with their values.
    pub revealed: Vec<(String, Json)>,
}

/// Something in a request that the holder should know before it answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Warning {
    /// The scope of the nullifier is not the audience's own name.
    SharedScope {
        /// The scope.
        scope: String,
        /// The audience.
        audience: String,
    },
    /// A record that was shown in this scope before.
    Recognised {
        /// The record.
        id: EntryId,
        /// How often.
        times: usize,
    },
    /// The state asked for is so recent that it must be fetched just now.
    RecentState {
        /// Age that the request allows, in seconds.
        seconds: u64,
    },
    /// The request can be answered for a long time.
    LongLived {
        /// Seconds until it expires.
        seconds: u64,
    },
}

impl fmt::Debug for Consent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Consent(private)")
    }
}

impl fmt::Debug for ConsentRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ConsentRecord(private)")
    }
}

impl Wallet {
    /// What the presentation of `plan` would show.
    ///
    /// # Errors
    /// [`WalletError::NoSuchRecord`] where a record of the plan has been removed.
    pub fn consent(
        &self,
        plan: &Plan<'_>,
        schemas: &[Schema],
        language: Language,
    ) -> Result<Consent, WalletError> {
        let title = |schema: &str, name: &str| {
            let schema = schemas.iter().find(|known| known.name() == schema);
            let attribute = schema.and_then(|schema| schema.attribute(name));
            let title = attribute.map(|(_, attribute)| attribute.title().get(language));
            title.unwrap_or(name).to_owned()
        };
        let record = |part: &Part<'_>| {
            let stored = self.stored(part.id)?;
            let revealed = stored.revealed(part.record);
            let titled = |(name, value): (String, Json)| (title(&stored.schema, &name), value);
            Ok(ConsentRecord {
                name: part.record.name.clone(),
                id: part.id,
                label: stored.label.clone(),
                revealed: revealed.into_iter().map(titled).collect(),
            })
        };
        Ok(Consent {
            audience: plan.request.audience.clone(),
            explanation: explain(plan.statement, schemas, language)?,
            parameters: plan.request.parameters.clone(),
            records: plan.parts.iter().map(record).collect::<Result<_, WalletError>>()?,
            warnings: self.warnings(plan),
            language,
        })
    }

    /// What is unusual in a request.
    fn warnings(&self, plan: &Plan<'_>) -> Vec<Warning> {
        let request = plan.request;
        let mut warnings = Vec::new();
        let scope = request.scope.as_ref().filter(|_| plan.statement.needs_scope());
        if let Some(scope) = scope {
            if *scope != request.audience {
                let audience = request.audience.clone();
                warnings.push(Warning::SharedScope { scope: scope.clone(), audience });
            }
            for part in plan.parts.iter().filter(|part| part.record.program.nullify) {
                let times = self.times_recognisable(part.id, scope);
                if times > 0 {
                    warnings.push(Warning::Recognised { id: part.id, times });
                }
            }
        }
        if request.max_checkpoint_age < RECENT {
            warnings.push(Warning::RecentState { seconds: request.max_checkpoint_age });
        }
        let seconds = request.expires_at.saturating_sub(plan.now);
        if seconds > LONG {
            warnings.push(Warning::LongLived { seconds });
        }
        warnings
    }

    /// How often a record was shown, recognisably, in a scope.
    fn times_recognisable(&self, id: EntryId, scope: &str) -> usize {
        let in_scope = self.history().iter().filter(|s| s.scope.as_deref() == Some(scope));
        let records = in_scope.flat_map(|shown| &shown.records);
        records.filter(|record| record.id == id && record.recognisable).count()
    }
}

impl Warning {
    /// The warning in words.
    pub fn text(&self, language: Language) -> String {
        match language {
            Language::En => self.english(),
            Language::Zh => self.chinese(),
        }
    }

    fn english(&self) -> String {
        match self {
            Self::SharedScope { scope, audience } => format!(
                "The record can be recognised by everybody who asks in the scope {scope:?}, \
                 not only by {audience}."
            ),
            Self::Recognised { id, times } => format!(
                "Record {id} was shown in this scope before ({times} times): it will be \
                 recognised as the same."
            ),
            Self::RecentState { seconds } => format!(
                "The request asks for a state of the ledger of at most {seconds} seconds ago: \
                 fetching it now can be connected with this presentation."
            ),
            Self::LongLived { seconds } => {
                format!("The request stays open for {} hours; usual are minutes.", seconds / 3_600)
            }
        }
    }

    fn chinese(&self) -> String {
        match self {
            Self::SharedScope { scope, audience } => {
                format!("凡在范围“{scope}”内提出请求者，均可识别该记录，而不仅限于{audience}。")
            }
            Self::Recognised { id, times } => {
                format!("记录 {id} 此前已在该范围内出示 {times} 次，对方可识别为同一记录。")
            }
            Self::RecentState { seconds } => {
                format!("该请求要求不早于 {seconds} 秒前的账本状态：此刻获取可能与本次出示相关联。")
            }
            Self::LongLived { seconds } => {
                format!("该请求有效期长达 {} 小时；通常仅为数分钟。", seconds / 3_600)
            }
        }
    }
}

impl fmt::Display for Consent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = match self.language {
            Language::En => {
                ["Asked by", "Parameters", "Proven with", "record", "Reveals", "Warning"]
            }
            Language::Zh => ["请求方", "参数", "所用记录", "记录", "披露", "注意"],
        };
        let [asked, parameters, with, record, reveals, warning] = words;
        writeln!(f, "{asked}: {}", self.audience)?;
        writeln!(f, "{}", self.explanation)?;
        for (name, value) in &self.parameters {
            writeln!(f, "{parameters}: {name} = {}", plain(value))?;
        }
        for used in &self.records {
            writeln!(f, "{with}: {} ← {record} {} {}", used.name, used.id, used.label)?;
            for (title, value) in &used.revealed {
                writeln!(f, "  {reveals}: {title} = {}", plain(value))?;
            }
        }
        for unusual in &self.warnings {
            writeln!(f, "{warning}: {}", unusual.text(self.language))?;
        }
        Ok(())
    }
}

/// A value without the quotes of JSON.
fn plain(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
