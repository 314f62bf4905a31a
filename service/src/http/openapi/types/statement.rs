//! Schemas and statements.

use std::collections::BTreeMap;

use utoipa::ToSchema;

use super::Origin;

/// A text in the languages of the people who read it.
#[derive(ToSchema)]
pub struct Titles {
    /// English.
    #[schema(example = "Driving licence")]
    pub en: String,
    /// Chinese (simplified).
    #[schema(example = "机动车驾驶证")]
    pub zh: String,
}

/// The data dictionary of one document type.
#[derive(ToSchema)]
pub struct Schema {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: u32,
    /// Its title.
    pub title: Titles,
    /// What it describes.
    pub description: Titles,
    /// The system of departments that it belongs to.
    pub system: String,
    /// Short name of the department that issues such records.
    pub department: String,
    /// Names of the attributes that together identify a record.
    pub key: Vec<String>,
    /// Its attributes, in slot order.
    #[schema(max_items = 16)]
    pub attributes: Vec<Attribute>,
}

/// One attribute of a schema. Besides these members it has those of its type, such as `codes`,
/// `length`, `scale`, `min` and `max`.
#[derive(ToSchema)]
pub struct Attribute {
    /// Its name.
    pub name: String,
    /// Its title.
    pub title: Titles,
    /// What it holds.
    pub description: Titles,
    /// `text`, `code`, `digits`, `integer`, `decimal`, `date`, `boolean` or `digest`.
    pub r#type: String,
}

/// A parameter that requests give a value to. Besides these members it has those of its type.
#[derive(ToSchema)]
pub struct ParameterDeclaration {
    /// Its name, as the condition uses it.
    pub name: String,
    /// What it is.
    pub title: Titles,
    /// Its type.
    pub r#type: String,
}

/// A statement in its canonical form.
#[derive(ToSchema)]
pub struct Statement {
    /// Version of the form: 1.
    pub format: u32,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: u32,
    /// Its title.
    pub title: Titles,
    /// What it is for.
    pub description: Titles,
    /// The condition as written, in CEL.
    pub condition: String,
    /// Parameters that requests give values to.
    pub parameters: Vec<ParameterDeclaration>,
    /// The records, in the order of the proofs.
    pub records: Vec<StatementRecord>,
}

/// One record that a statement speaks of.
#[derive(ToSchema)]
pub struct StatementRecord {
    /// Its name in the condition.
    pub name: String,
    /// Name of its schema.
    pub schema: String,
    /// The constants of the circuit: what is proven of the record. Its `ledgers` are the ones
    /// that it may be in.
    #[schema(value_type = Object)]
    pub program: BTreeMap<String, Vec<Origin>>,
}

/// A statement in words.
#[derive(ToSchema)]
pub struct Explanation {
    /// Title of the statement, as its author wrote it.
    pub title: String,
    /// What it is for, as its author wrote it.
    pub description: String,
    /// What the relying party learns.
    pub learns: Vec<String>,
    /// What it does not learn.
    pub does_not_learn: Vec<String>,
    /// What the relying party chooses when it asks.
    pub parameters: Vec<String>,
    /// The records involved, in the order of the proofs.
    pub records: Vec<RecordExplanation>,
}

/// What a statement tells of one record.
#[derive(ToSchema)]
pub struct RecordExplanation {
    /// Its name in the condition.
    pub name: String,
    /// Title of its document type.
    pub title: String,
    /// Ledgers that may hold it.
    pub ledgers: Vec<String>,
    /// Whether it must be valid on the day of the request.
    pub current: bool,
    /// The conditions that it meets, one for each clause.
    pub conditions: Vec<String>,
    /// Titles of the attributes that are shown.
    pub revealed: Vec<String>,
    /// Titles of the attributes that conditions are about and that are not shown.
    pub compared: Vec<String>,
    /// Titles of the attributes that nothing is said of.
    pub hidden: Vec<String>,
    /// Whether a nullifier is shown.
    pub nullifier: bool,
}
