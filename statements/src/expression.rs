//! Expressions over what changes from request to request: `today` and the statement's declared
//! parameters. Verifier and holder evaluate them natively; the circuit sees the result as one
//! parameter.

use std::collections::BTreeMap;

use records::{Date, Encoded, Fr, Value};
use serde::{Deserialize, Serialize};

use crate::ParameterDeclaration;

/// A date that expressions start from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Anchor {
    /// The day of the request.
    Today,
    /// A declared parameter of type date.
    Parameter(String),
}

/// Unit of a shift in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Days.
    Days,
    /// Calendar months.
    Months,
    /// Calendar years.
    Years,
}

/// A value that verifier and holder compute from the request.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Expression {
    /// A date, moved by calendar arithmetic and then by `adjust` days.
    Date {
        /// Where it starts.
        anchor: Anchor,
        /// How far it moves; negative: earlier.
        shift: i32,
        /// In which unit.
        unit: Unit,
        /// Added to the day number: 1 and -1 make strict comparisons inclusive.
        adjust: i8,
    },
    /// A declared parameter of an ordered type, plus `adjust`.
    Number {
        /// The parameter.
        parameter: String,
        /// Added to the encoded number.
        adjust: i8,
    },
    /// The encoding of a declared parameter of any type.
    Member {
        /// The parameter.
        parameter: String,
    },
    /// The least code of `length` digits that starts with a declared parameter of type digits.
    PrefixLow {
        /// The parameter.
        parameter: String,
        /// Digits of the attribute.
        length: u32,
    },
    /// The greatest code of `length` digits that starts with a declared parameter.
    PrefixHigh {
        /// The parameter.
        parameter: String,
        /// Digits of the attribute.
        length: u32,
    },
}

/// What expressions are evaluated over.
#[derive(Debug, Clone)]
pub struct Environment<'a> {
    /// The day of the request.
    pub today: Date,
    /// Declarations, for the types.
    pub declarations: &'a [ParameterDeclaration],
    /// Values of the declared parameters.
    pub values: &'a BTreeMap<String, Value>,
}

/// Why an expression has no value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ExpressionError {
    /// The statement declares no such parameter, or the request gives no value for it.
    #[error("parameter {0} has no value")]
    Missing(String),
    /// The parameter is not of a type that the expression can use.
    #[error("parameter {0} is not of a type that fits its use")]
    Type(String),
}

impl Expression {
    /// Its value as the circuit's public input. Comparisons that nothing satisfies may give -1
    /// (as a field element) or 2^64; the circuit's range check handles both.
    ///
    /// # Errors
    /// [`ExpressionError`] where a parameter is missing or of another type.
    pub fn evaluate(&self, environment: &Environment<'_>) -> Result<Encoded, ExpressionError> {
        let field = match self {
            Self::Date { anchor, shift, unit, adjust } => {
                let start = environment.date(anchor)?;
                let shift = i64::from(*shift);
                let moved = match unit {
                    Unit::Days => start.plus_days(shift),
                    Unit::Months => start.plus_months(shift),
                    Unit::Years => start.plus_years(shift),
                };
                adjusted(moved.days(), *adjust)
            }
            Self::Number { parameter, adjust } => {
                adjusted(environment.ordered(parameter)?, *adjust)
            }
            Self::Member { parameter } => {
                let (declaration, value) = environment.parameter(parameter)?;
                value.encode(&declaration.kind)
            }
            Self::PrefixLow { parameter, length } => {
                Fr::from(environment.prefix(parameter, *length)?.0)
            }
            Self::PrefixHigh { parameter, length } => {
                Fr::from(environment.prefix(parameter, *length)?.1)
            }
        };
        Ok(Encoded::from_field(field))
    }

    /// The declared parameter it depends on, if any.
    pub fn parameter(&self) -> Option<&str> {
        match self {
            Self::Date { anchor: Anchor::Today, .. } => None,
            Self::Date { anchor: Anchor::Parameter(parameter), .. }
            | Self::Number { parameter, .. }
            | Self::Member { parameter }
            | Self::PrefixLow { parameter, .. }
            | Self::PrefixHigh { parameter, .. } => Some(parameter),
        }
    }
}

impl Environment<'_> {
    fn parameter(&self, name: &str) -> Result<(&ParameterDeclaration, &Value), ExpressionError> {
        let missing = || ExpressionError::Missing(name.to_owned());
        let declaration = self
            .declarations
            .iter()
            .find(|declaration| declaration.name == name)
            .ok_or_else(missing)?;
        Ok((declaration, self.values.get(name).ok_or_else(missing)?))
    }

    fn ordered(&self, name: &str) -> Result<u64, ExpressionError> {
        let (declaration, value) = self.parameter(name)?;
        value
            .encode_ordered(&declaration.kind)
            .ok_or_else(|| ExpressionError::Type(name.to_owned()))
    }

    fn date(&self, anchor: &Anchor) -> Result<Date, ExpressionError> {
        match anchor {
            Anchor::Today => Ok(self.today),
            Anchor::Parameter(name) => match self.parameter(name)?.1 {
                Value::Date(date) => Ok(*date),
                _ => Err(ExpressionError::Type(name.clone())),
            },
        }
    }

    /// Least and greatest code of `length` digits with the prefix that parameter `name` holds.
    fn prefix(&self, name: &str, length: u32) -> Result<(u64, u64), ExpressionError> {
        let wrong = || ExpressionError::Type(name.to_owned());
        let Value::Digits(digits) = self.parameter(name)?.1 else { return Err(wrong()) };
        let given = u32::try_from(digits.len()).map_err(|_| wrong())?;
        let rest = length.checked_sub(given).ok_or_else(wrong)?;
        let scale = 10_u64.checked_pow(rest).ok_or_else(wrong)?;
        let prefix: u64 = digits.parse().map_err(|_| wrong())?;
        let low = prefix.checked_mul(scale).ok_or_else(wrong)?;
        Ok((low, low + (scale - 1)))
    }
}

fn adjusted(number: u64, adjust: i8) -> Fr {
    Fr::from(number) + Fr::from(i64::from(adjust))
}
