//! The numbered rules of docs/protocol/verifier.md. A verifier applies them in this order and
//! answers with the first that fails.

use std::fmt;

use serde::{Serialize, Serializer};

/// Stable code of a rule, for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum RuleCode {
    /// Rule 1.
    Malformed,
    /// Rule 2.
    StatementUnknown,
    /// Rule 3.
    RequestMismatch,
    /// Rule 4.
    WrongAudience,
    /// Rule 5.
    RequestExpired,
    /// Rule 6.
    WrongDay,
    /// Rule 7.
    ParametersInvalid,
    /// Rule 8.
    ScopeInvalid,
    /// Rule 9.
    ShapeInvalid,
    /// Rule 10.
    CheckpointUntrusted,
    /// Rule 11.
    CheckpointStale,
    /// Rule 12.
    RevealedInvalid,
    /// Rule 13.
    DevelopmentKey,
    /// Rule 14.
    ProofMalformed,
    /// Rule 15.
    ProofInvalid,
    /// Rule 16.
    Replayed,
}

/// One rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Rule {
    /// Its number, from 1.
    pub number: u8,
    /// Its code.
    pub code: RuleCode,
    /// What it demands.
    pub text: &'static str,
}

macro_rules! rules {
    ($($number:literal $code:ident $name:literal $text:literal;)*) => {
        /// All rules, in their order.
        pub const RULES: &[Rule] =
            &[$(Rule { number: $number, code: RuleCode::$code, text: $text }),*];

        impl RuleCode {
            /// The code as text.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$code => $name),* }
            }

            /// The number of the rule.
            pub const fn number(self) -> u8 {
                match self { $(Self::$code => $number),* }
            }
        }
    };
}

rules! {
    1 Malformed "malformed"
        "The presentation is of version 1, and all its field elements are canonical.";
    2 StatementUnknown "statement-unknown"
        "The request names a statement that the verifier knows.";
    3 RequestMismatch "request-mismatch"
        "The presentation answers this very request: it carries the request's hash.";
    4 WrongAudience "wrong-audience"
        "The request is for this relying party.";
    5 RequestExpired "request-expired"
        "The request has not expired.";
    6 WrongDay "wrong-day"
        "The request's day is today, give or take one for the time zone.";
    7 ParametersInvalid "parameters-invalid"
        "The request gives each parameter of the statement one value of its type, and no other.";
    8 ScopeInvalid "scope-invalid"
        "The request names a scope if, and only if, the statement shows a nullifier.";
    9 ShapeInvalid "shape-invalid"
        "There is one proof for each record, one nullifier where the statement shows one, one \
         tag for each link class, and the revealed attributes are those of the statement.";
    10 CheckpointUntrusted "checkpoint-untrusted"
        "There is one checkpoint for each ledger of the statement, in its order, signed by a key \
         that the verifier trusts for that ledger.";
    11 CheckpointStale "checkpoint-stale"
        "Each checkpoint is at most as old as the request allows, and not from the future.";
    12 RevealedInvalid "revealed-invalid"
        "Each revealed value is one of its attribute's type.";
    13 DevelopmentKey "development-key"
        "The pinned key comes from a ceremony, unless the verifier allows development keys.";
    14 ProofMalformed "proof-malformed"
        "Each proof consists of points on the curve, in the subgroup, and not zero.";
    15 ProofInvalid "proof-invalid"
        "Each proof holds under the statement's folded key for the request, the checkpoints, the \
         revealed values, the nullifier and the link tags.";
    16 Replayed "replayed"
        "The request's nonce has not been answered before.";
}

/// A refusal: the first rule that a presentation breaks, and how. The message holds no
/// attribute value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("rule {rule} ({code}): {message}")]
pub struct Refusal {
    /// Number of the rule.
    pub rule: u8,
    /// Its code.
    pub code: RuleCode,
    /// What is wrong.
    pub message: String,
}

impl Refusal {
    /// A refusal by a rule.
    pub fn new(code: RuleCode, message: impl Into<String>) -> Self {
        Self { rule: code.number(), code, message: message.into() }
    }
}

impl fmt::Display for RuleCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for RuleCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_numbered_without_gaps() {
        for (index, rule) in RULES.iter().enumerate() {
            assert_eq!(usize::from(rule.number), index + 1);
            assert_eq!(rule.code.number(), rule.number);
        }
    }
}
