//! Walks a condition: what it says of single records, and what joins them.

use records::AttributeType;

use crate::LinkSource;

use super::compare::{Part, values};
use super::error::CompileErrorKind::{ConditionalJoin, PrivateComparison, Type, Unsupported};
use super::error::{CompileError, Span};
use super::formula::Formula;
use super::literal::kind_name;
use super::scope::{Field, Scope, Side, unknown_function};
use super::syntax::{Comparison, Expr, Node};
use super::values::{Domain, ValueSet};

/// Values that are equal: (record, value) pairs, and where the condition says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Join {
    pub(super) terms: Vec<(usize, LinkSource)>,
    pub(super) span: Span,
}

/// A condition taken apart.
#[derive(Default)]
pub(super) struct Checked {
    /// Parts that must all hold, and where they are.
    pub(super) formulas: Vec<(Span, Formula)>,
    /// Joins; all must hold.
    pub(super) joins: Vec<Join>,
    pub(super) errors: Vec<CompileError>,
}

impl Checked {
    /// Takes a part apart that must hold.
    pub(super) fn conjunct(&mut self, scope: &mut Scope<'_>, expr: &Expr) {
        match &expr.node {
            Node::And(parts) => parts.iter().for_each(|part| self.conjunct(scope, part)),
            Node::Call(name, args) if name == "same_holder" => {
                match same_holder(scope, args, expr.span) {
                    Ok(join) => self.joins.push(join),
                    Err(error) => self.errors.push(error),
                }
            }
            Node::Compare(Comparison::Equal, left, right) if is_field(left) && is_field(right) => {
                match join(scope, left, right, expr.span) {
                    Ok(join) => self.joins.push(join),
                    Err(error) => self.errors.push(error),
                }
            }
            _ => {
                if let Some(formula) = self.formula(scope, expr) {
                    self.formulas.push((expr.span, formula));
                }
            }
        }
    }

    /// A part as a formula; nothing where it has errors.
    fn formula(&mut self, scope: &mut Scope<'_>, expr: &Expr) -> Option<Formula> {
        match &expr.node {
            Node::And(parts) => self.formulas(scope, parts).map(Formula::All),
            Node::Or(parts) => self.formulas(scope, parts).map(Formula::Any),
            Node::Not(inner) => self.formula(scope, inner).map(Formula::not),
            _ => match comparison(scope, expr) {
                Ok(formula) => Some(formula),
                Err(error) => {
                    self.errors.push(error);
                    None
                }
            },
        }
    }

    fn formulas(&mut self, scope: &mut Scope<'_>, parts: &[Expr]) -> Option<Vec<Formula>> {
        // All of them, so that all their errors are found.
        let found: Vec<_> = parts.iter().map(|part| self.formula(scope, part)).collect();
        found.into_iter().collect()
    }
}

fn is_field(expr: &Expr) -> bool {
    matches!(expr.node, Node::Field(..))
}

/// A condition without `&&`, `||` and `!`.
fn comparison(scope: &mut Scope<'_>, expr: &Expr) -> Result<Formula, CompileError> {
    match &expr.node {
        Node::Boolean(value) => Ok(Formula::Constant(*value)),
        Node::Compare(operator, left, right) => {
            let (a, b) = (part(scope, left)?, part(scope, right)?);
            match (&a.side, &b.side) {
                (Side::Field(one), Side::Field(two)) => {
                    Err(two_fields(scope, one, *operator, two, expr.span))
                }
                (Side::Field(field), _) => scope.compare(field, *operator, &b, expr.span),
                (_, Side::Field(field)) => scope.compare(field, operator.mirrored(), &a, expr.span),
                _ => {
                    let message = "neither side is an attribute of a record";
                    Err(CompileError::new(Unsupported, expr.span, message))
                }
            }
        }
        Node::In(left, right) => {
            let Side::Field(field) = scope.side(left)? else {
                let message = "an attribute of a record must stand before in";
                return Err(CompileError::new(Type, left.span, message));
            };
            let Node::List(items) = &right.node else {
                let message = "a list like ['a', 'b'] must stand after in";
                return Err(CompileError::new(Type, right.span, message));
            };
            let items =
                items.iter().map(|item| part(scope, item)).collect::<Result<Vec<_>, _>>()?;
            if let Some(item) = items.iter().find(|item| matches!(item.side, Side::Field(_))) {
                return Err(private(item.expr.span));
            }
            scope.contains(&field, &items, expr.span)
        }
        Node::Method(target, method, args) => {
            let Node::Field(..) = target.node else {
                return Err(unknown_function(method, expr.span));
            };
            let ("startsWith", [prefix]) = (method.as_str(), args.as_slice()) else {
                return Err(unknown_function(method, expr.span)
                    .help("attributes have startsWith('12') only"));
            };
            let Side::Field(field) = scope.side(target)? else {
                return Err(unknown_function(method, expr.span));
            };
            let prefix = part(scope, prefix)?;
            if let Side::Field(_) = prefix.side {
                return Err(private(prefix.expr.span));
            }
            scope.starts_with(&field, &prefix, expr.span)
        }
        Node::Call(name, _) if name == "same_holder" => Err(conditional(expr.span)),
        _ => bare(scope, expr),
    }
}

/// A value that stands where a condition should.
fn bare(scope: &mut Scope<'_>, expr: &Expr) -> Result<Formula, CompileError> {
    match scope.side(expr)? {
        Side::Field(field) if field.kind == AttributeType::Boolean => {
            let set = ValueSet::integers((0, 1), vec![(1, 1)]);
            values(&field, set, expr.span)
        }
        Side::Field(field) => {
            let message = format!("{} is {}, not a condition", field.name, kind_name(&field.kind));
            Err(CompileError::new(Type, expr.span, message).help("compare it with something"))
        }
        other => {
            let message = format!("this is {}, not a condition", other.describe());
            Err(CompileError::new(Type, expr.span, message))
        }
    }
}

fn part<'a>(scope: &mut Scope<'_>, expr: &'a Expr) -> Result<Part<'a>, CompileError> {
    Ok(Part { expr, side: scope.side(expr)? })
}

fn same_holder(scope: &Scope<'_>, args: &[Expr], span: Span) -> Result<Join, CompileError> {
    let mut terms = Vec::new();
    for arg in args {
        let term = (scope.record(arg)?, LinkSource::Holder);
        if terms.contains(&term) {
            return Err(CompileError::new(Type, arg.span, "this record is named twice"));
        }
        terms.push(term);
    }
    if terms.len() < 2 {
        let message = "same_holder takes the names of two records or more";
        return Err(CompileError::new(Type, span, message));
    }
    Ok(Join { terms, span })
}

/// `a.x == b.y`, where that can be a join.
fn join(
    scope: &mut Scope<'_>,
    left: &Expr,
    right: &Expr,
    span: Span,
) -> Result<Join, CompileError> {
    let (Side::Field(a), Side::Field(b)) = (scope.side(left)?, scope.side(right)?) else {
        return Err(private(span));
    };
    let (Some(one), Some(two)) = (a.link(), b.link()) else {
        let message = "the validity of a record cannot be joined with another value";
        return Err(CompileError::new(PrivateComparison, span, message));
    };
    if a.record == b.record {
        return Err(two_fields(scope, &a, Comparison::Equal, &b, span));
    }
    if !a.kind.is_comparable_with(&b.kind) {
        let message =
            format!("{} is {}; {} is {}", a.name, kind_name(&a.kind), b.name, kind_name(&b.kind));
        return Err(CompileError::new(Type, span, message)
            .help("only values of one type, length and scale can be joined"));
    }
    Ok(Join { terms: vec![(a.record, one), (b.record, two)], span })
}

/// Why two attributes cannot be compared like this.
fn two_fields(
    scope: &Scope<'_>,
    a: &Field,
    operator: Comparison,
    b: &Field,
    span: Span,
) -> CompileError {
    if a.record == b.record {
        let name = scope.records.get(a.record).map_or("", |record| record.name.as_str());
        let message = format!("two attributes of {name} are compared with each other");
        return CompileError::new(PrivateComparison, span, message)
            .help("an attribute can be compared with constants, today and parameters");
    }
    match operator {
        Comparison::Equal => conditional(span),
        _ => private(span),
    }
}

fn private(span: Span) -> CompileError {
    let message = "two private values are compared other than by ==";
    CompileError::new(PrivateComparison, span, message)
        .help("attributes of two records can be joined: a.x == b.y, as a condition of its own")
}

fn conditional(span: Span) -> CompileError {
    let message = "a join must hold whatever else does; it cannot stand below || or !";
    CompileError::new(ConditionalJoin, span, message)
        .help("write it as a condition of its own: ... && a.x == b.y")
}

/// The values that the values of `operand` are among.
pub(super) fn domain(schema: &records::Schema, operand: crate::Operand) -> Domain {
    match operand {
        crate::Operand::Attribute(slot) => schema
            .attributes()
            .get(slot)
            .map_or(Domain::Open, |attribute| Domain::of(attribute.kind())),
        crate::Operand::ValidFrom | crate::Operand::ValidUntil => Domain::of(&AttributeType::Date),
    }
}
