//! Made-up records with the look of real ones: for demonstrations, tests and load.
//!
//! Every number carries valid check digits, every code is in its dictionary, dates follow each
//! other, and distributions are plausible (ages, surnames, regions, licence classes, amounts).
//! Nobody's data is in here: names, numbers and addresses are drawn at random. Rates, prices
//! and shares are rough figures and no source for anything else.
//!
//! A [`Sampler`] is deterministic: the same seed, day and calls give the same records. It keeps
//! the identifying numbers it has given out (some 60 bytes for each) and repeats none of them.

mod cargo;
mod company;
mod data;
mod document;
mod generic;
mod numbers;
mod person;
mod random;

#[cfg(test)]
mod tests;

use crate::import::Row;
use crate::schema::builtin;
use crate::{Date, Schema, ValueError};
use company::Company;
use document::Document;
use random::Random;

/// Draws records.
pub struct Sampler {
    random: Random,
    today: Date,
    forwarders: Vec<Company>,
}

/// The documents of one person, all under one identity number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citizen {
    /// Of schema `resident_identity_card`.
    pub resident_identity_card: Row,
    /// Of schema `driving_licence`.
    pub driving_licence: Row,
    /// Of schema `marriage_certificate`, for those who married.
    pub marriage_certificate: Option<Row>,
}

/// The documents of one consignment, all under one air waybill number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consignment {
    /// Of schema `air_waybill`.
    pub air_waybill: Row,
    /// Of schema `port_arrival`.
    pub port_arrival: Row,
    /// Of schema `logistics_handling`.
    pub logistics_handling: Row,
    /// Of schema `customs_declaration`.
    pub customs_declaration: Row,
    /// Of schema `tax_payment`, for the declaration above.
    pub tax_payment: Row,
}

/// Why no record could be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SampleError {
    /// A schema that ships with Vouch is not there.
    #[error("there is no schema {0}")]
    NoSchema(&'static str),
    /// A schema has the name of one that ships, but does not accept the values made for it.
    #[error("schema {schema} refuses the value made for attribute {attribute}: {error}")]
    Refused {
        /// Name of the schema.
        schema: String,
        /// The attribute.
        attribute: String,
        /// Why it is refused.
        error: ValueError,
    },
}

impl Sampler {
    /// A sampler of records as they stand on `today`: nothing that has happened lies after it.
    /// Any day will do, but only recent ones look right.
    pub fn new(seed: u64, today: Date) -> Self {
        Self { random: Random::new(seed), today, forwarders: Vec::new() }
    }

    /// A record of `schema`. For schemas that do not ship with Vouch, and attributes that the
    /// shipped ones do not have, values are drawn at random within their types.
    ///
    /// # Errors
    /// [`SampleError::Refused`] where `schema` differs from the shipped one of its name.
    pub fn row(&mut self, schema: &Schema) -> Result<Row, SampleError> {
        let document = self.document(schema.name());
        self.finish(schema, &document)
    }

    /// The documents of a person who is at least 18 and has a driving licence.
    ///
    /// # Errors
    /// None with the schemas that ship.
    pub fn citizen(&mut self) -> Result<Citizen, SampleError> {
        let person = self.person(18..=80);
        let card = self.resident_identity_card(&person);
        let licence = self.driving_licence(&person);
        let certificate = self.married(&person).then(|| self.marriage_certificate(&person));
        Ok(Citizen {
            resident_identity_card: self.finish_as("resident_identity_card", &card)?,
            driving_licence: self.finish_as("driving_licence", &licence)?,
            marriage_certificate: certificate
                .map(|certificate| self.finish_as("marriage_certificate", &certificate))
                .transpose()?,
        })
    }

    /// The documents of a consignment that has come in by air. Some nine in ten have been
    /// cleared, paid for and delivered.
    ///
    /// # Errors
    /// None with the schemas that ship.
    pub fn consignment(&mut self) -> Result<Consignment, SampleError> {
        let shipment = self.shipment();
        let waybill = shipment.air_waybill(self);
        let arrival = shipment.port_arrival(self);
        let handling = shipment.logistics_handling(self);
        let declaration = shipment.customs_declaration(self);
        let payment = shipment.tax_payment(self);
        Ok(Consignment {
            air_waybill: self.finish_as("air_waybill", &waybill)?,
            port_arrival: self.finish_as("port_arrival", &arrival)?,
            logistics_handling: self.finish_as("logistics_handling", &handling)?,
            customs_declaration: self.finish_as("customs_declaration", &declaration)?,
            tax_payment: self.finish_as("tax_payment", &payment)?,
        })
    }

    /// A document of the schema of that name.
    fn document(&mut self, name: &str) -> Document {
        match name {
            "resident_identity_card" => {
                let person = self.person(0..=95);
                self.resident_identity_card(&person)
            }
            "driving_licence" => {
                let person = self.person(18..=80);
                self.driving_licence(&person)
            }
            "marriage_certificate" => {
                let person = self.person(24..=90);
                self.marriage_certificate(&person)
            }
            "business_licence" => {
                let company = self.company();
                self.business_licence(&company)
            }
            "air_waybill" => self.shipment().air_waybill(self),
            "port_arrival" => self.shipment().port_arrival(self),
            "logistics_handling" => self.shipment().logistics_handling(self),
            "customs_declaration" => self.shipment().customs_declaration(self),
            "tax_payment" => self.shipment().tax_payment(self),
            _ => self.anything(),
        }
    }

    fn finish_as(&mut self, name: &'static str, document: &Document) -> Result<Row, SampleError> {
        let schema = builtin::by_name(name).ok_or(SampleError::NoSchema(name))?;
        self.finish(schema, document)
    }
}
