//! The compiler: from statement documents to statements.
//!
//! A document is TOML around a condition in CEL. The condition goes through these steps:
//!
//! 1. `lexer`, `shape`, `syntax`: text to tree. What is not part of the language is named.
//! 2. `scope`, `compare`, `check`: names and types against the schemas; tree to formulas over
//!    comparisons, and joins.
//! 3. `fold`, `values`: comparisons of one value are combined.
//! 4. `lower`, `feasible`, `clauses`: formulas to predicates and the fewest clauses.
//! 5. `links`: joins to link classes.
//!
//! Errors of one step are all reported; a step runs only when those before it found none.

mod check;
mod clauses;
mod compare;
mod document;
mod error;
mod feasible;
mod fold;
mod formula;
mod lexer;
mod links;
mod literal;
mod lower;
mod scope;
mod shape;
mod suggest;
mod syntax;
mod values;

#[cfg(test)]
mod tests;

use records::Schema;

use crate::layout::{CLAUSES, PREDICATES};
use crate::{ParameterDeclaration, Statement, StatementParts, StatementRecord};

use check::Checked;
use document::{Document, RecordScope};
use error::CompileErrorKind::{
    AlwaysTrue, Document as DocumentKind, MixedRecords, NeverTrue, TooManyClauses,
    TooManyPredicates, Unused,
};
pub use error::{CompileError, CompileErrorKind, CompileErrors, Position, Span};
use formula::Formula;
use lower::Lowering;
use scope::Scope;

/// Longest document, in bytes.
pub const MAX_DOCUMENT_BYTES: usize = 64 * 1024;

/// Compiles a statement document. Records name their schemas among `schemas`; of several
/// versions the newest is taken.
///
/// # Errors
/// [`CompileErrors`] with everything that is wrong, as far as it can be told at once.
pub fn compile(document: &str, schemas: &[Schema]) -> Result<Statement, CompileErrors> {
    if document.len() > MAX_DOCUMENT_BYTES {
        let message = format!("the document has more than {MAX_DOCUMENT_BYTES} bytes");
        let error = CompileError::document(DocumentKind, message);
        return Err(CompileErrors::new("", "", vec![error]));
    }
    let document =
        document::parse(document).map_err(|error| CompileErrors::new("", "", vec![error]))?;
    let fail = |errors| CompileErrors::new(&document.name, &document.condition, errors);
    let (mut records, mut errors) = document::check(&document, schemas);
    let parsed = syntax::parse(&document.condition);
    let (condition, canonical) = match parsed {
        Ok(parsed) if errors.is_empty() => parsed,
        Ok(_) => return Err(fail(errors)),
        Err(error) => {
            errors.push(error);
            return Err(fail(errors));
        }
    };
    let (checked, parameters) = checked(&document, &records, &condition);
    let Checked { formulas, joins, mut errors } = checked;
    if !errors.is_empty() {
        return Err(fail(errors));
    }
    let whole = whole(&document.condition);
    errors.extend(unused(&records, &formulas, &joins));
    errors.extend(links::link(&mut records, &joins));
    match by_record(formulas, &records) {
        Ok(conditions) => {
            for (scope, condition) in records.iter_mut().zip(conditions) {
                errors.extend(lower(scope, condition, whole).err());
            }
        }
        Err(found) => errors.extend(found),
    }
    if errors.is_empty() {
        assemble(&document, canonical, parameters, records)
            .map_err(|error| fail(vec![CompileError::document(DocumentKind, error)]))
    } else {
        Err(fail(errors))
    }
}

/// The condition without the white space around it.
fn whole(condition: &str) -> Span {
    let start = condition.len() - condition.trim_start().len();
    Span { start, end: condition.trim_end().len().max(start) }
}

/// Checks the condition; gives the parameters with their types settled, too.
fn checked(
    document: &Document,
    records: &[RecordScope<'_>],
    condition: &syntax::Expr,
) -> (Checked, Vec<ParameterDeclaration>) {
    let count = document.parameters.len();
    let mut scope = Scope {
        records,
        parameters: document.parameters.clone(),
        used: vec![false; count],
        settled: vec![false; count],
    };
    let mut checked = Checked::default();
    checked.conjunct(&mut scope, condition);
    let Scope { parameters, used, .. } = scope;
    let idle = parameters.iter().zip(used).filter(|(_, used)| !used);
    for (parameter, _) in idle {
        let message = format!("parameter {} is not used in the condition", parameter.name);
        checked.errors.push(CompileError::document(Unused, message));
    }
    (checked, parameters)
}

/// Records of which nothing is proven or shown.
fn unused(
    records: &[RecordScope<'_>],
    formulas: &[(Span, Formula)],
    joins: &[check::Join],
) -> Vec<CompileError> {
    let named: Vec<usize> = formulas
        .iter()
        .flat_map(|(_, formula)| formula.leaves())
        .map(|leaf| leaf.record)
        .chain(joins.iter().flat_map(|join| &join.terms).map(|(record, _)| *record))
        .collect();
    let idle = |(index, scope): &(usize, &RecordScope<'_>)| {
        let shows = scope.program.nullify || !scope.program.reveal.is_empty();
        !named.contains(index) && !shows
    };
    let error = |(_, scope): (usize, &RecordScope<'_>)| {
        let message = format!("record {} is not used in the condition", scope.name);
        CompileError::document(Unused, message)
    };
    records.iter().enumerate().filter(idle).map(error).collect()
}

/// The formulas of each record.
fn by_record(
    formulas: Vec<(Span, Formula)>,
    records: &[RecordScope<'_>],
) -> Result<Vec<Vec<Formula>>, Vec<CompileError>> {
    let mut conditions = vec![Vec::new(); records.len()];
    let mut errors = Vec::new();
    for (span, formula) in formulas {
        let literal = matches!(formula, Formula::Constant(_));
        for part in fold::fold(formula).conjuncts() {
            let mut named: Vec<usize> = part.leaves().iter().map(|leaf| leaf.record).collect();
            named.sort_unstable();
            named.dedup();
            match (named.as_slice(), &part) {
                ([], Formula::Constant(true)) if literal => {}
                ([], Formula::Constant(true)) => errors.push(always_true(span)),
                ([], _) => errors.push(never_true(span)),
                ([record], _) => {
                    if let Some(condition) = conditions.get_mut(*record) {
                        condition.push(part);
                    }
                }
                (several, _) => errors.push(mixed(several, records, span)),
            }
        }
    }
    if errors.is_empty() { Ok(conditions) } else { Err(errors) }
}

fn mixed(named: &[usize], records: &[RecordScope<'_>], span: Span) -> CompileError {
    let names: Vec<&str> =
        named.iter().filter_map(|r| records.get(*r)).map(|r| r.name.as_str()).collect();
    let message = format!("|| has alternatives of different records: {}", names.join(", "));
    CompileError::new(MixedRecords, span, message)
        .help("each record has a proof of its own; make a statement for each alternative")
}

fn always_true(span: Span) -> CompileError {
    CompileError::new(AlwaysTrue, span, "every record satisfies this")
}

fn never_true(span: Span) -> CompileError {
    CompileError::new(NeverTrue, span, "no record satisfies this")
}

/// Writes the predicates and clauses of one record's condition into its program.
fn lower(
    scope: &mut RecordScope<'_>,
    condition: Vec<Formula>,
    whole: Span,
) -> Result<(), CompileError> {
    let mut lowering = Lowering::default();
    let written = !condition.is_empty();
    let logic = lowering.lower(&fold::fold(Formula::All(condition)));
    let predicates = lowering.into_predicates();
    let count = predicates.len();
    let (name, schema) = (&scope.name, scope.schema);
    if count > PREDICATES {
        let message = format!(
            "the condition takes {count} predicates of record {name}; there is room for {PREDICATES}"
        );
        return Err(CompileError::new(TooManyPredicates, whole, message));
    }
    let occurs = feasible::rows(&predicates, |operand| check::domain(schema, operand));
    let table = logic.table(count);
    let holds = |truth: bool| table.iter().zip(&occurs).any(|(t, o)| *o && *t == truth);
    if !holds(true) {
        return Err(never_true(whole));
    }
    if written && !holds(false) {
        return Err(always_true(whole));
    }
    let clauses = clauses::clauses(count, &table, &occurs);
    if clauses.len() > CLAUSES {
        let message = format!(
            "the condition takes {} clauses of record {name}; there is room for {CLAUSES}",
            clauses.len()
        );
        return Err(CompileError::new(TooManyClauses, whole, message));
    }
    (scope.program.predicates, scope.program.clauses) = only_used(predicates, clauses);
    Ok(())
}

/// Drops the predicates that no clause names.
fn only_used(
    predicates: Vec<crate::Predicate>,
    mut clauses: Vec<crate::Clause>,
) -> (Vec<crate::Predicate>, Vec<crate::Clause>) {
    let used = |index: usize| {
        clauses.iter().flat_map(|clause| &clause.literals).any(|l| l.predicate == index)
    };
    let kept: Vec<usize> = (0..predicates.len()).filter(|index| used(*index)).collect();
    for literal in clauses.iter_mut().flat_map(|clause| &mut clause.literals) {
        let place = kept.iter().position(|index| *index == literal.predicate);
        literal.predicate = place.unwrap_or(literal.predicate);
    }
    let named = predicates.into_iter().enumerate().filter(|(index, _)| kept.contains(index));
    (named.map(|(_, predicate)| predicate).collect(), clauses)
}

fn assemble(
    document: &Document,
    condition: String,
    parameters: Vec<ParameterDeclaration>,
    records: Vec<RecordScope<'_>>,
) -> Result<Statement, String> {
    let record = |scope: RecordScope<'_>| StatementRecord {
        name: scope.name,
        schema: scope.schema.name().to_owned(),
        program: scope.program,
    };
    let parts = StatementParts {
        format: 1,
        name: document.name.clone(),
        version: document.version,
        title: document.title.clone(),
        description: document.description.clone(),
        condition,
        parameters,
        records: records.into_iter().map(record).collect(),
    };
    Statement::new(parts).map_err(|error| error.to_string())
}
