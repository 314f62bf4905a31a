//! The records in a wallet: add, list, show, rename, remove.

use std::collections::BTreeMap;

use records::{Record, RecordBundle, Schema, SchemaId};

use crate::contents::{Contents, StoredAttribute, StoredRecord};
use crate::error::{BundleError, WalletError};
use crate::record::{EntryId, RecordDetail, RecordStatus, RecordSummary};
use crate::wallet::Wallet;

impl Wallet {
    /// Takes a record that was issued to a tag of this wallet. An amended version takes the
    /// place of the one before.
    ///
    /// # Errors
    /// [`WalletError::Bundle`] for a record of another holder, one that is here already, one
    /// that is not of its schema, or a second one for the same tag.
    pub fn add(
        &mut self,
        bundle: RecordBundle,
        schemas: &[Schema],
    ) -> Result<RecordSummary, WalletError> {
        let schemas = by_id(schemas);
        self.change(|contents| Ok(contents.insert(&bundle, &schemas)?))
    }

    /// Takes many records at the cost of one save: all of them, or none.
    ///
    /// # Errors
    /// [`WalletError::Bundles`] with every bundle that is not accepted.
    pub fn add_all(
        &mut self,
        bundles: Vec<RecordBundle>,
        schemas: &[Schema],
    ) -> Result<Vec<RecordSummary>, WalletError> {
        let schemas = by_id(schemas);
        self.change(|contents| {
            let (mut added, mut refused) = (Vec::new(), Vec::new());
            for (position, bundle) in bundles.iter().enumerate() {
                match contents.insert(bundle, &schemas) {
                    Ok(summary) => added.push(summary),
                    Err(error) => refused.push((position, error)),
                }
            }
            if refused.is_empty() { Ok(added) } else { Err(WalletError::Bundles(refused)) }
        })
    }

    /// All records.
    pub fn records(&self) -> Vec<RecordSummary> {
        self.contents().records.iter().map(StoredRecord::summary).collect()
    }

    /// One record with its attributes.
    ///
    /// # Errors
    /// [`WalletError::NoSuchRecord`].
    pub fn record(&self, id: EntryId) -> Result<RecordDetail, WalletError> {
        Ok(self.stored(id)?.detail())
    }

    /// One record as the department handed it over. Useless to others, and personal data.
    ///
    /// # Errors
    /// [`WalletError::NoSuchRecord`].
    pub fn bundle(&self, id: EntryId) -> Result<RecordBundle, WalletError> {
        Ok(self.stored(id)?.bundle())
    }

    /// The record that a person means: by its number, or by its label where only one has it.
    pub fn find(&self, name: &str) -> Option<EntryId> {
        let records = &self.contents().records;
        let number = name.parse().ok().filter(|id| self.contents().record(*id).is_some());
        number.or_else(|| {
            let mut labelled = records.iter().filter(|record| record.label == name);
            let first = labelled.next()?;
            labelled.next().is_none().then_some(first.id)
        })
    }

    /// Gives a record another label.
    ///
    /// # Errors
    /// [`WalletError::NoSuchRecord`], [`WalletError::File`].
    pub fn rename(&mut self, id: EntryId, label: &str) -> Result<(), WalletError> {
        self.change(|contents| {
            let record = contents.records.iter_mut().find(|record| record.id == id);
            record.ok_or(WalletError::NoSuchRecord(id))?.label = label.to_owned();
            Ok(())
        })
    }

    /// Removes a record. Its bundle can be added again: the wallet keeps what opens its tag.
    ///
    /// # Errors
    /// [`WalletError::NoSuchRecord`], [`WalletError::File`].
    pub fn remove(&mut self, id: EntryId) -> Result<(), WalletError> {
        self.change(|contents| {
            let position = contents.records.iter().position(|record| record.id == id);
            contents.records.remove(position.ok_or(WalletError::NoSuchRecord(id))?);
            Ok(())
        })
    }

    pub(crate) fn stored(&self, id: EntryId) -> Result<&StoredRecord, WalletError> {
        self.contents().record(id).ok_or(WalletError::NoSuchRecord(id))
    }
}

fn by_id(schemas: &[Schema]) -> BTreeMap<SchemaId, &Schema> {
    schemas.iter().map(|schema| (schema.id(), schema)).collect()
}

impl Contents {
    fn insert(
        &mut self,
        bundle: &RecordBundle,
        schemas: &BTreeMap<SchemaId, &Schema>,
    ) -> Result<RecordSummary, BundleError> {
        let tag = self.tags.iter_mut().find(|known| known.tag == bundle.header.holder_tag);
        let tag = tag.ok_or(BundleError::ForeignTag)?;
        let name = (bundle.ledger.clone(), bundle.header.record_id);
        if tag.record.as_ref().is_some_and(|bound| *bound != name) {
            return Err(BundleError::UsedTag);
        }
        let schema = schemas.get(&bundle.header.schema).ok_or(BundleError::UnknownSchema)?;
        let record = bundle.record(schema)?;
        let position = self.records.iter().position(|known| known.header.holder_tag == tag.tag);
        let known = position.and_then(|position| self.records.get_mut(position));
        let new = |id, label| StoredRecord::new(id, label, bundle, schema, &record);
        if let Some(known) = known {
            if known.leaf() == record.leaf() && known.index == bundle.index {
                return Err(BundleError::Duplicate(known.id));
            }
            *known = new(known.id, known.label.clone());
            return Ok(known.summary());
        }
        let added = new(EntryId(self.next_entry), tag.label.clone());
        tag.record = Some(name);
        self.next_entry += 1;
        let summary = added.summary();
        self.records.push(added);
        Ok(summary)
    }
}

impl StoredRecord {
    fn new(
        id: EntryId,
        label: String,
        bundle: &RecordBundle,
        schema: &Schema,
        record: &Record,
    ) -> Self {
        let values = schema.attributes().iter().zip(record.values());
        let encoded = record.encoded().attributes;
        let attributes = values.zip(encoded).map(|((attribute, value), encoded)| StoredAttribute {
            name: attribute.name().to_owned(),
            value: value.to_json(),
            encoded: records::Encoded::from_field(encoded),
        });
        Self {
            id,
            label,
            ledger: bundle.ledger.clone(),
            index: bundle.index,
            schema: schema.name().to_owned(),
            header: record.header().clone(),
            attributes: attributes.collect(),
            status: RecordStatus::Unchecked,
            path: None,
        }
    }
}
