//! The records of a statement with their schemas and titles, and what joins them.

use records::{Attribute, Schema};

use crate::{LinkSource, Program, Statement};

use super::ExplainError;
use super::words::Words;

/// A record that an explanation speaks of.
pub(super) struct Subject<'a> {
    pub(super) name: &'a str,
    pub(super) title: String,
    pub(super) schema: &'a Schema,
    pub(super) program: &'a Program,
    pub(super) words: Words,
}

impl Subject<'_> {
    pub(super) fn attribute(&self, slot: usize) -> Result<&Attribute, ExplainError> {
        let missing = || ExplainError::Slot { record: self.name.to_owned(), slot };
        self.schema.attributes().get(slot).ok_or_else(missing)
    }
}

/// The records of a statement. Those of one document type have their names in their titles.
pub(super) fn all<'a>(
    statement: &'a Statement,
    schemas: &'a [Schema],
    words: Words,
) -> Result<Vec<Subject<'a>>, ExplainError> {
    let mut subjects: Vec<Subject<'a>> = Vec::new();
    for record in statement.records() {
        let name = record.name.as_str();
        let schema = schemas.iter().find(|schema| schema.id() == record.program.schema);
        let schema = schema.ok_or_else(|| ExplainError::UnknownSchema(name.to_owned()))?;
        if schema.name() != record.schema {
            return Err(ExplainError::SchemaName {
                record: name.to_owned(),
                claimed: record.schema.clone(),
                actual: schema.name().to_owned(),
            });
        }
        let several = statement.records().iter().filter(|r| r.schema == record.schema).count() > 1;
        let title = schema.title().get(words.0);
        let title = if several { words.named(title, name) } else { title.to_owned() };
        subjects.push(Subject { name, title, schema, program: &record.program, words });
    }
    Ok(subjects)
}

/// What the link classes say.
pub(super) fn links(
    statement: &Statement,
    subjects: &[Subject<'_>],
) -> Result<Vec<String>, ExplainError> {
    (0..statement.link_classes()).map(|class| link(class, subjects)).collect()
}

fn link(class: usize, subjects: &[Subject<'_>]) -> Result<String, ExplainError> {
    let mut holders = Vec::new();
    let mut values = Vec::new();
    let mut kinds = Vec::new();
    let mut words = None;
    for subject in subjects {
        words = Some(subject.words);
        for link in subject.program.links.iter().filter(|link| link.class == class) {
            match link.source {
                LinkSource::Holder => holders.push(subject.title.as_str()),
                LinkSource::Attribute(slot) => {
                    let attribute = subject.attribute(slot)?;
                    kinds.push(attribute.kind());
                    let title = attribute.title().get(subject.words.0);
                    values.push(subject.words.attribute_of(&subject.title, title));
                }
            }
        }
    }
    let alike = kinds.windows(2).all(|pair| pair[0].is_comparable_with(pair[1]));
    match words {
        Some(words) if values.is_empty() => Ok(words.same_holder(&holders)),
        Some(words) if holders.is_empty() && alike => Ok(words.same_value(&values)),
        _ => Err(ExplainError::Link(class)),
    }
}
