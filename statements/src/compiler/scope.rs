//! What the names and literals of a condition stand for.

use records::{AttributeType, Date};

use crate::{Anchor, Expression, LinkSource, Operand, ParameterDeclaration, Unit};

use super::document::RecordScope;
use super::error::CompileErrorKind::{Type, UnknownAttribute, UnknownName, Unsupported, Value};
use super::error::{CompileError, Span};
use super::suggest::suggest;
use super::syntax::{Expr, Node};

/// The functions that move a date: name, unit, direction.
const MOVES: [(&str, Unit, i32); 6] = [
    ("years_before", Unit::Years, -1),
    ("years_after", Unit::Years, 1),
    ("months_before", Unit::Months, -1),
    ("months_after", Unit::Months, 1),
    ("days_before", Unit::Days, -1),
    ("days_after", Unit::Days, 1),
];

/// Farthest that a date can be moved: the whole calendar in days.
const MAX_SHIFT: i32 = 3_652_058;

/// The records and parameters that a condition can name.
pub(super) struct Scope<'a> {
    pub(super) records: &'a [RecordScope<'a>],
    pub(super) parameters: Vec<ParameterDeclaration>,
    /// By parameter: whether the condition uses it.
    pub(super) used: Vec<bool>,
    /// By parameter: whether a comparison has fixed how its values are encoded.
    pub(super) settled: Vec<bool>,
}

/// One side of a comparison.
pub(super) enum Side {
    Field(Field),
    /// Index of a parameter that is not a date.
    Parameter(usize),
    /// A date computed from the request.
    Date {
        anchor: Anchor,
        shift: i32,
        unit: Unit,
    },
    Literal(Literal),
}

/// A value of a record.
pub(super) struct Field {
    pub(super) record: usize,
    pub(super) operand: Operand,
    pub(super) kind: AttributeType,
    pub(super) name: String,
}

/// A constant.
pub(super) enum Literal {
    Boolean(bool),
    Number(String),
    Text(String),
    Date(Date),
}

impl Field {
    /// What a join of this value links; the validity cannot be linked.
    pub(super) fn link(&self) -> Option<LinkSource> {
        match self.operand {
            Operand::Attribute(slot) => Some(LinkSource::Attribute(slot)),
            Operand::ValidFrom | Operand::ValidUntil => None,
        }
    }
}

impl Side {
    /// The date as an expression, moved by `adjust` days.
    pub(super) fn date(anchor: &Anchor, shift: i32, unit: Unit, adjust: i8) -> Expression {
        Expression::Date { anchor: anchor.clone(), shift, unit, adjust }
    }

    pub(super) fn describe(&self) -> &'static str {
        match self {
            Self::Field(_) => "an attribute",
            Self::Parameter(_) => "a parameter",
            Self::Date { .. } | Self::Literal(Literal::Date(_)) => "a date",
            Self::Literal(Literal::Boolean(_)) => "a truth value",
            Self::Literal(Literal::Number(_)) => "a number",
            Self::Literal(Literal::Text(_)) => "a text",
        }
    }
}

impl Scope<'_> {
    /// Index of the record that a name stands for.
    pub(super) fn record(&self, expr: &Expr) -> Result<usize, CompileError> {
        let Node::Name(name) = &expr.node else {
            return Err(CompileError::new(Type, expr.span, "this is not the name of a record"));
        };
        self.records.iter().position(|record| record.name == *name).ok_or_else(|| {
            let message = format!("there is no record {name}");
            let mut error = CompileError::new(UnknownName, expr.span, message);
            error.help = suggest(name, self.records.iter().map(|record| record.name.as_str()));
            error
        })
    }

    /// What one side of a comparison stands for.
    pub(super) fn side(&mut self, expr: &Expr) -> Result<Side, CompileError> {
        match &expr.node {
            Node::Field(base, field, place) => self.field(base, field, *place).map(Side::Field),
            Node::Name(name) => self.name(name, expr.span),
            Node::Boolean(value) => Ok(Side::Literal(Literal::Boolean(*value))),
            Node::Number(digits) => Ok(Side::Literal(Literal::Number(digits.clone()))),
            Node::Text(text) => Ok(Side::Literal(Literal::Text(text.clone()))),
            Node::Call(name, args) => self.call(name, args, expr.span),
            Node::List(_) => Err(CompileError::new(Type, expr.span, "a list stands after in only")),
            Node::Method(_, method, _) => Err(unknown_function(method, expr.span)),
            Node::Not(_) | Node::And(_) | Node::Or(_) | Node::Compare(..) | Node::In(..) => {
                let message = "this is a condition, not a value to compare";
                Err(CompileError::new(Type, expr.span, message))
            }
        }
    }

    pub(super) fn field(
        &self,
        base: &Expr,
        name: &str,
        place: Span,
    ) -> Result<Field, CompileError> {
        let record = self.record(base)?;
        let found = |operand, kind: &AttributeType| Field {
            record,
            operand,
            kind: kind.clone(),
            name: name.to_owned(),
        };
        match name {
            "valid_from" => return Ok(found(Operand::ValidFrom, &AttributeType::Date)),
            "valid_until" => return Ok(found(Operand::ValidUntil, &AttributeType::Date)),
            _ => {}
        }
        let schema = self.records.get(record).map(|scope| scope.schema);
        match schema.and_then(|schema| schema.attribute(name)) {
            Some((slot, attribute)) => Ok(found(Operand::Attribute(slot), attribute.kind())),
            None => {
                let schema_name = schema.map(records::Schema::name).unwrap_or_default();
                let message = format!("{schema_name} has no attribute {name}");
                let attributes = schema.map(records::Schema::attributes).unwrap_or_default();
                let names = attributes.iter().map(|attribute| attribute.name());
                let mut error = CompileError::new(UnknownAttribute, place, message);
                error.help = suggest(name, names.chain(["valid_from", "valid_until"]));
                Err(error)
            }
        }
    }

    fn name(&mut self, name: &str, span: Span) -> Result<Side, CompileError> {
        if name == "today" {
            return Ok(Side::Date { anchor: Anchor::Today, shift: 0, unit: Unit::Days });
        }
        if let Some(index) = self.parameters.iter().position(|parameter| parameter.name == name) {
            if let Some(used) = self.used.get_mut(index) {
                *used = true;
            }
            let is_date = self.parameters.get(index).is_some_and(|p| p.kind == AttributeType::Date);
            return Ok(if is_date {
                let anchor = Anchor::Parameter(name.to_owned());
                Side::Date { anchor, shift: 0, unit: Unit::Days }
            } else {
                Side::Parameter(index)
            });
        }
        if self.records.iter().any(|record| record.name == name) {
            let message = format!("{name} is a record; compare one of its attributes");
            return Err(CompileError::new(Type, span, message));
        }
        let message = format!("there is no parameter or record {name}");
        let mut error = CompileError::new(UnknownName, span, message);
        let parameters = self.parameters.iter().map(|parameter| parameter.name.as_str());
        let records = self.records.iter().map(|record| record.name.as_str());
        error.help = suggest(name, parameters.chain(records).chain(["today"]));
        Err(error)
    }

    fn call(&mut self, name: &str, args: &[Expr], span: Span) -> Result<Side, CompileError> {
        if name == "date" {
            return date_literal(args, span);
        }
        let Some((_, unit, direction)) = MOVES.iter().find(|(known, ..)| *known == name) else {
            return Err(unknown_function(name, span));
        };
        let [start, count] = args else {
            let message = format!("{name} takes a date and a number, like {name}(today, 18)");
            return Err(CompileError::new(Type, span, message));
        };
        let digits = match &count.node {
            Node::Number(digits) => digits.parse::<i32>().ok(),
            _ => None,
        };
        let shift = digits.filter(|n| (0..=MAX_SHIFT).contains(n)).ok_or_else(|| {
            let message = "a date is moved by a whole number that stands in the condition";
            CompileError::new(Type, count.span, message)
        })? * direction;
        match self.side(start)? {
            Side::Date { anchor, shift: 0, .. } => Ok(Side::Date { anchor, shift, unit: *unit }),
            Side::Literal(Literal::Date(date)) => {
                let shift = i64::from(shift);
                Ok(Side::Literal(Literal::Date(match unit {
                    Unit::Days => date.plus_days(shift),
                    Unit::Months => date.plus_months(shift),
                    Unit::Years => date.plus_years(shift),
                })))
            }
            Side::Date { .. } => {
                Err(CompileError::new(Unsupported, start.span, "a date can be moved once only"))
            }
            Side::Field(_) => Err(CompileError::new(
                Unsupported,
                start.span,
                "a date of a record cannot be moved",
            )
            .help("move the other side: a.x <= years_before(today, 1)")),
            other => {
                let message = format!("{name} moves a date; this is {}", other.describe());
                Err(CompileError::new(Type, start.span, message))
            }
        }
    }
}

fn date_literal(args: &[Expr], span: Span) -> Result<Side, CompileError> {
    let [Expr { node: Node::Text(text), span: place }] = args else {
        let message = "a date is written like date('2026-01-31')";
        return Err(CompileError::new(Type, span, message));
    };
    let date = Date::parse(text);
    let date = date.map_err(|error| CompileError::new(Value, *place, error.to_string()))?;
    Ok(Side::Literal(Literal::Date(date)))
}

pub(super) fn unknown_function(name: &str, span: Span) -> CompileError {
    let mut error = CompileError::new(UnknownName, span, format!("there is no function {name}"));
    let known = MOVES.iter().map(|(name, ..)| *name);
    error.help = suggest(name, known.chain(["date", "same_holder", "startsWith"]));
    error
}
