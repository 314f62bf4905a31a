//! From joins to link classes: which values carry one tag.

use crate::layout::LINKS;
use crate::{Link, LinkSource};

use super::check::Join;
use super::document::RecordScope;
use super::error::CompileErrorKind::{PrivateComparison, Reveals, TooManyLinks, Unjoined};
use super::error::{CompileError, Span};

/// A value that joins name: a record's index and what is linked of it.
type Term = (usize, LinkSource);

/// Values that are all equal.
struct Class {
    terms: Vec<Term>,
    span: Span,
}

/// Writes the links of the joins into the programs.
pub(super) fn link(records: &mut [RecordScope<'_>], joins: &[Join]) -> Vec<CompileError> {
    let classes = classes(joins);
    let mut errors = Vec::new();
    for (number, class) in classes.iter().enumerate() {
        for (i, (record, source)) in class.terms.iter().enumerate() {
            let Some(scope) = records.get_mut(*record) else { continue };
            let twice = class.terms.iter().skip(i + 1).any(|(other, _)| other == record);
            if twice {
                let message =
                    format!("the joins compare two attributes of {} with each other", scope.name);
                errors.push(CompileError::new(PrivateComparison, class.span, message));
            }
            scope.program.links.push(Link { source: *source, class: number });
            let count = scope.program.links.len();
            if count == LINKS + 1 && !twice {
                let message = format!(
                    "this is join {count} of record {}; a record has room for {LINKS}",
                    scope.name
                );
                errors.push(CompileError::new(TooManyLinks, class.span, message));
            }
        }
        errors.extend(revealed(records, class));
    }
    errors.extend(unjoined(records, &classes));
    errors
}

/// The classes of equal values, in the order of the condition.
fn classes(joins: &[Join]) -> Vec<Class> {
    let mut classes: Vec<Class> = Vec::new();
    for join in joins {
        let mut class = Class { terms: Vec::new(), span: join.span };
        let touches = |known: &Class| known.terms.iter().any(|term| join.terms.contains(term));
        let at = classes.iter().position(touches).unwrap_or(classes.len());
        // All classes that the join touches become one.
        let (touched, others): (Vec<Class>, Vec<Class>) = classes.into_iter().partition(touches);
        let terms = touched.into_iter().flat_map(|known| known.terms);
        for term in terms.chain(join.terms.iter().copied()) {
            if !class.terms.contains(&term) {
                class.terms.push(term);
            }
        }
        classes = others;
        classes.insert(at.min(classes.len()), class);
    }
    for class in &mut classes {
        class.terms.sort_unstable();
    }
    classes
}

/// A joined attribute that one record reveals is known of all: the statement must say so.
fn revealed(records: &[RecordScope<'_>], class: &Class) -> Option<CompileError> {
    let reveals = |(record, source): &&Term| match (records.get(*record), source) {
        (Some(scope), LinkSource::Attribute(slot)) => scope.program.reveal.contains(slot),
        _ => false,
    };
    let (open, hidden): (Vec<&Term>, Vec<&Term>) = class.terms.iter().partition(reveals);
    let (open, hidden) = (open.first()?, hidden.first()?);
    let (open, hidden) = (name(records, open), name(records, hidden));
    let message = format!("{open} is revealed and joined, which reveals {hidden} too");
    Some(
        CompileError::new(Reveals, class.span, message)
            .help("reveal it in every record of the join, or in none"),
    )
}

fn name(records: &[RecordScope<'_>], (record, source): &Term) -> String {
    let Some(scope) = records.get(*record) else { return String::new() };
    match source {
        LinkSource::Holder => scope.name.clone(),
        LinkSource::Attribute(slot) => {
            let attribute = scope.schema.attributes().get(*slot);
            format!("{}.{}", scope.name, attribute.map_or("", |attribute| attribute.name()))
        }
    }
}

/// Records without a join could be of different people, which no reader would expect.
fn unjoined(records: &[RecordScope<'_>], classes: &[Class]) -> Option<CompileError> {
    let mut reached = vec![0];
    let mut next = 0;
    while let Some(record) = reached.get(next).copied() {
        for class in classes.iter().filter(|class| class.terms.iter().any(|(r, _)| *r == record)) {
            for (other, _) in &class.terms {
                if !reached.contains(other) {
                    reached.push(*other);
                }
            }
        }
        next += 1;
    }
    let alone = (0..records.len()).find(|record| !reached.contains(record))?;
    let (first, alone) = (records.first()?, records.get(alone)?);
    let (first, alone) = (&first.name, &alone.name);
    let message = format!("nothing joins {alone} with {first}: they could be of different holders");
    Some(
        CompileError::document(Unjoined, message)
            .help(format!("add same_holder({first}, {alone}), or join an attribute")),
    )
}
