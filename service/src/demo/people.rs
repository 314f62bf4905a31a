//! The people of the demonstration, and their documents: all made up.

use std::collections::BTreeMap;

use anyhow::{Context as _, anyhow};
use rand::Rng;
use rand::rngs::OsRng;
use records::import::Row;
use records::sample::Sampler;
use records::schema::builtin;
use records::{Date, HolderTag, Schema};
use service::department;
use statements::Statement;
use wallet::{Wallet, WorkFactor};

use super::folder::Folder;
use super::story;

/// Passphrase of all wallets of the demonstration: nothing in them is anybody's.
pub(super) const PASSPHRASE: &str = "made-up people only";

/// Draws of documents until one fits: far more than are ever needed.
const MOST_DRAWS: usize = 10_000;

/// A holder.
pub(super) struct Holder {
    pub(super) name: &'static str,
    pub(super) wallet: Wallet,
}

/// Those who act.
pub(super) struct People {
    /// Has a driving licence that is good.
    pub(super) citizen: Holder,
    /// Has the documents of a consignment.
    pub(super) broker: Holder,
    /// Has a driving licence that will be revoked.
    pub(super) suspended: Holder,
    /// Has a driving licence that is over.
    pub(super) lapsed: Holder,
}

/// Rows of all schemas, by name.
pub(super) type Rows = BTreeMap<String, Vec<Row>>;

impl Holder {
    fn new(name: &'static str, folder: &Folder) -> anyhow::Result<Self> {
        // A light cost: this passphrase protects nothing.
        let work = WorkFactor::new(10).unwrap_or(WorkFactor::STRONG);
        let wallet = Wallet::create_with(&folder.wallet(name), PASSPHRASE, work)?;
        Ok(Self { name, wallet })
    }

    /// Puts a tag of this holder on each of its documents.
    fn claim(&mut self, documents: &mut [(&str, Row)]) -> anyhow::Result<Vec<HolderTag>> {
        let labels: Vec<&str> = documents.iter().map(|(schema, _)| *schema).collect();
        let tags = self.wallet.new_tags(&labels)?;
        for ((_, row), tag) in documents.iter_mut().zip(&tags) {
            row.holder_tag = Some(*tag);
        }
        Ok(tags)
    }
}

/// Makes the people and, for each schema, `count` rows with their documents among them.
pub(super) fn invent(
    folder: &Folder,
    count: usize,
    today: Date,
) -> anyhow::Result<(People, Rows, Vec<HolderTag>)> {
    let mut people = People {
        citizen: Holder::new("citizen", folder)?,
        broker: Holder::new("broker", folder)?,
        suspended: Holder::new("suspended-driver", folder)?,
        lapsed: Holder::new("former-driver", folder)?,
    };
    let mut sampler = Sampler::new(OsRng.r#gen(), today);
    let mut rows = Rows::new();
    let mut tags = Vec::new();
    let mut place =
        |holder: &mut Holder, mut documents: Vec<(&'static str, Row)>, rows: &mut Rows| {
            tags.extend(holder.claim(&mut documents)?);
            for (schema, row) in documents {
                rows.entry(schema.to_owned()).or_default().push(row);
            }
            anyhow::Ok(())
        };
    place(&mut people.citizen, citizen(&mut sampler, today)?, &mut rows)?;
    place(&mut people.broker, consignment(&mut sampler, today)?, &mut rows)?;
    let licence = licence(&mut sampler, today)?;
    place(&mut people.suspended, vec![("driving_licence", licence.clone())], &mut rows)?;
    let lapsed = lapsed(&mut sampler, today)?;
    place(&mut people.lapsed, vec![("driving_licence", lapsed)], &mut rows)?;
    fill(&mut sampler, &mut rows, count)?;
    Ok((people, rows, tags))
}

/// A person with an identity card and a licence that proves the citizen's story.
fn citizen(sampler: &mut Sampler, today: Date) -> anyhow::Result<Vec<(&'static str, Row)>> {
    let statement = story::statement(story::CITIZEN)?;
    let schema = schema("driving_licence")?;
    for _ in 0..MOST_DRAWS {
        let citizen = sampler.citizen()?;
        if suits(&statement, schema, &citizen.driving_licence, today)? {
            let mut documents = vec![
                ("driving_licence", citizen.driving_licence),
                ("resident_identity_card", citizen.resident_identity_card),
            ];
            documents.extend(citizen.marriage_certificate.map(|row| ("marriage_certificate", row)));
            return Ok(documents);
        }
    }
    Err(anyhow!("no made-up citizen has a licence that is good"))
}

fn licence(sampler: &mut Sampler, today: Date) -> anyhow::Result<Row> {
    let documents = citizen(sampler, today)?;
    documents.into_iter().next().map(|(_, row)| row).context("a citizen without documents")
}

/// A licence that was good until last month.
fn lapsed(sampler: &mut Sampler, today: Date) -> anyhow::Result<Row> {
    let mut row = licence(sampler, today)?;
    row.valid_until = today.plus_months(-1);
    row.valid_from = row.valid_from.min(row.valid_until.plus_years(-6));
    Ok(row)
}

/// A consignment whose documents prove the broker's story.
fn consignment(sampler: &mut Sampler, today: Date) -> anyhow::Result<Vec<(&'static str, Row)>> {
    let statements = [story::statement(story::BROKER)?, story::statement(story::REVEALING)?];
    'draw: for _ in 0..MOST_DRAWS {
        let drawn = sampler.consignment()?;
        let documents = vec![
            ("air_waybill", drawn.air_waybill),
            ("port_arrival", drawn.port_arrival),
            ("logistics_handling", drawn.logistics_handling),
            ("customs_declaration", drawn.customs_declaration),
            ("tax_payment", drawn.tax_payment),
        ];
        for (name, row) in &documents {
            for statement in &statements {
                if !suits(statement, schema(name)?, row, today)? {
                    continue 'draw;
                }
            }
        }
        return Ok(documents);
    }
    Err(anyhow!("no made-up consignment is cleared and paid for"))
}

/// Whether a document satisfies the statement in each place that speaks of its schema.
fn suits(statement: &Statement, schema: &Schema, row: &Row, today: Date) -> anyhow::Result<bool> {
    let tag = department::unclaimed_tag(&mut OsRng)?;
    let row = Row { holder_tag: Some(tag), ..row.clone() };
    let record = department::commit_row(schema, &row, &mut OsRng)?;
    let id = schema.id();
    for place in statement.records().iter().filter(|place| place.program.schema == id) {
        let expressions = statement.evaluate(&place.program, today, &BTreeMap::new())?;
        if place.program.satisfied(record.encoded(), today, &expressions).is_err() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Fills up each schema to `count` rows, and hides the actors' documents among them.
fn fill(sampler: &mut Sampler, rows: &mut Rows, count: usize) -> anyhow::Result<()> {
    let missing = |rows: &Rows, name: &str| rows.get(name).map_or(0, Vec::len) < count;
    while missing(rows, "air_waybill") {
        let drawn = sampler.consignment()?;
        for (name, row) in [
            ("air_waybill", drawn.air_waybill),
            ("port_arrival", drawn.port_arrival),
            ("logistics_handling", drawn.logistics_handling),
            ("customs_declaration", drawn.customs_declaration),
            ("tax_payment", drawn.tax_payment),
        ] {
            rows.entry(name.to_owned()).or_default().push(row);
        }
    }
    for schema in builtin::all() {
        let rows = rows.entry(schema.name().to_owned()).or_default();
        while rows.len() < count {
            rows.push(sampler.row(schema)?);
        }
        for last in (1..rows.len()).rev() {
            rows.swap(last, OsRng.gen_range(0..=last));
        }
    }
    Ok(())
}

fn schema(name: &str) -> anyhow::Result<&'static Schema> {
    builtin::by_name(name).with_context(|| format!("there is no schema {name}"))
}
