//! Whether a record satisfies a program: what the circuit decides of its policy, in plain Rust.
//! Wallets ask before they prove; tests hold the compiler and the circuit to it.
//!
//! Holder, membership, nullifier, links and disclosure are not decided here: any record of the
//! holder satisfies them.

use records::{Date, Encoded, EncodedRecord, Fr};

use crate::term::integer;
use crate::{Operand, Predicate, Program, Term};

/// The first thing in the way of proving a program with a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unsatisfied {
    /// The record is of another schema.
    #[error("the record is of another document type")]
    Schema,
    /// The record is not valid on the day of the request.
    #[error("the record is not valid on the day of the request")]
    Currency,
    /// A clause is false.
    #[error("condition {0} is not met")]
    Clause(usize),
    /// A range compares a value, or with a bound, that is no integer of its kind; the circuit
    /// cannot be satisfied whatever the clauses say.
    #[error("predicate {0} compares something that is no integer")]
    NotAnInteger(usize),
    /// Not one value for each expression of the program.
    #[error("the values given do not match the expressions of the program")]
    Expressions,
}

impl Program {
    /// Whether `record` satisfies currency, predicates and policy on `today`, with the values of
    /// [`Program::expressions`] as [`Statement::evaluate`](crate::Statement::evaluate) gives them.
    ///
    /// # Errors
    /// [`Unsatisfied`] naming the first clause of the relation that fails.
    pub fn satisfied(
        &self,
        record: &EncodedRecord,
        today: Date,
        expressions: &[Encoded],
    ) -> Result<(), Unsatisfied> {
        if record.schema != self.schema {
            return Err(Unsatisfied::Schema);
        }
        if self.current && !(record.valid_from <= today && today <= record.valid_until) {
            return Err(Unsatisfied::Currency);
        }
        if expressions.len() != self.expressions().len() {
            return Err(Unsatisfied::Expressions);
        }
        let literals = self
            .predicates
            .iter()
            .enumerate()
            .map(|(index, predicate)| self.literal(index, predicate, record, expressions))
            .collect::<Result<Vec<bool>, _>>()?;
        let holds = |clause: &crate::Clause| {
            clause.literals.iter().any(|literal| {
                literals.get(literal.predicate).is_some_and(|truth| *truth != literal.negated)
            })
        };
        match self.clauses.iter().position(|clause| !holds(clause)) {
            Some(clause) => Err(Unsatisfied::Clause(clause)),
            None => Ok(()),
        }
    }

    /// The truth of one predicate.
    fn literal(
        &self,
        index: usize,
        predicate: &Predicate,
        record: &EncodedRecord,
        expressions: &[Encoded],
    ) -> Result<bool, Unsatisfied> {
        let value = operand(record, predicate.operand());
        match predicate {
            Predicate::Range { low, high, .. } => {
                let wrong = Unsatisfied::NotAnInteger(index);
                let bound = |term| bound(&self.term(term, expressions)?).ok_or(wrong);
                let (low, high) = (bound(low)?, bound(high)?);
                let value = i128::from(integer(&value).ok_or(wrong)?);
                // The circuit decomposes differences from -2^64 to 2^64 - 1.
                let differences = [value - low, high - value];
                if differences.iter().any(|d| !(-BEYOND..BEYOND).contains(d)) {
                    return Err(wrong);
                }
                Ok(low <= value && value <= high)
            }
            Predicate::Set { members, .. } => {
                for member in members {
                    if self.term(member, expressions)? == value {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
        }
    }

    fn term(&self, term: &Term, expressions: &[Encoded]) -> Result<Encoded, Unsatisfied> {
        let value = match term {
            Term::Expression(expression) => {
                let index = self.expressions().iter().position(|known| *known == expression);
                index.and_then(|index| expressions.get(index)).copied()
            }
            constant => constant.encoded(),
        };
        value.ok_or(Unsatisfied::Expressions)
    }
}

fn operand(record: &EncodedRecord, operand: Operand) -> Encoded {
    let field = match operand {
        Operand::Attribute(slot) => record.attributes.get(slot).copied().unwrap_or_default(),
        Operand::ValidFrom => Fr::from(record.valid_from.days()),
        Operand::ValidUntil => Fr::from(record.valid_until.days()),
    };
    Encoded::from_field(field)
}

/// One more than the greatest number.
const BEYOND: i128 = 1 << 64;

/// A range bound: an integer from -1 to 2^64.
fn bound(value: &Encoded) -> Option<i128> {
    if let Some(number) = integer(value) {
        return Some(i128::from(number));
    }
    let field = value.field();
    if field == -Fr::from(1_u64) {
        return Some(-1);
    }
    (field == Fr::from(u64::MAX) + Fr::from(1_u64)).then_some(BEYOND)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Clause, Expression, Literal};
    use records::domain::ATTRIBUTES;
    use records::{HolderTag, Origin, RecordId, Salt, SchemaId};

    fn record(value: u64) -> EncodedRecord {
        let mut attributes = [Fr::from(0_u64); ATTRIBUTES];
        attributes[0] = Fr::from(value);
        let field = Fr::from(1_u64);
        EncodedRecord {
            schema: SchemaId::from_field(field),
            holder_tag: HolderTag::from_field(field),
            record_id: RecordId::from_field(field),
            salt: Salt::from_field(field),
            valid_from: Date::parse("2026-01-01").unwrap(),
            valid_until: Date::parse("2026-12-31").unwrap(),
            attributes,
        }
    }

    fn program(low: Term, high: Term) -> Program {
        let literal = Literal { predicate: 0, negated: false };
        Program {
            schema: SchemaId::from_field(Fr::from(1_u64)),
            ledgers: vec![Origin::new("ledger.example").unwrap()],
            current: true,
            nullify: false,
            predicates: vec![Predicate::Range { operand: Operand::Attribute(0), low, high }],
            clauses: vec![Clause { literals: vec![literal] }],
            reveal: vec![],
            links: vec![],
        }
    }

    fn number(parameter: &str) -> Term {
        Term::Expression(Expression::Number { parameter: parameter.into(), adjust: 0 })
    }

    #[test]
    fn bounds_may_lie_just_outside_of_64_bits() {
        let today = Date::parse("2026-06-01").unwrap();
        let field = |f: Fr| Encoded::from_field(f);
        let (below, beyond) =
            (field(-Fr::from(1_u64)), field(Fr::from(u64::MAX) + Fr::from(1_u64)));
        let program = program(number("low"), number("high"));
        for value in [0, 5, u64::MAX] {
            let holds = |low, high| program.satisfied(&record(value), today, &[low, high]);
            let (least, most) = (field(Fr::from(0_u64)), field(Fr::from(u64::MAX)));
            assert_eq!(holds(least, most), Ok(()), "{value}");
            assert_eq!(holds(least, below), Err(Unsatisfied::Clause(0)), "{value}");
            assert_eq!(holds(beyond, most), Err(Unsatisfied::Clause(0)), "{value}");
            let two_below = field(-Fr::from(2_u64));
            assert_eq!(holds(two_below, most), Err(Unsatisfied::NotAnInteger(0)), "{value}");
        }
    }

    /// As in the circuit: a difference of 2^64 has no place in 65 bits.
    #[test]
    fn differences_beyond_the_circuit_s_are_no_integers() {
        let today = Date::parse("2026-06-01").unwrap();
        let field = |f: Fr| Encoded::from_field(f);
        let program = program(number("low"), number("high"));
        let below = field(-Fr::from(1_u64));
        let most = field(Fr::from(u64::MAX));
        let refused = program.satisfied(&record(u64::MAX), today, &[below, most]);
        assert_eq!(refused, Err(Unsatisfied::NotAnInteger(0)));
        assert_eq!(program.satisfied(&record(5), today, &[below, most]), Ok(()));
    }

    #[test]
    fn each_reason_has_its_name() {
        let today = Date::parse("2026-06-01").unwrap();
        let program = program(Term::integer(5), Term::integer(9));
        assert_eq!(program.satisfied(&record(5), today, &[]), Ok(()));
        assert_eq!(program.satisfied(&record(4), today, &[]), Err(Unsatisfied::Clause(0)));
        for day in ["2025-12-31", "2027-01-01"] {
            let day = Date::parse(day).unwrap();
            assert_eq!(program.satisfied(&record(5), day, &[]), Err(Unsatisfied::Currency));
        }
        let mut other = record(5);
        other.schema = SchemaId::from_field(Fr::from(2_u64));
        assert_eq!(program.satisfied(&other, today, &[]), Err(Unsatisfied::Schema));
        let extra = [Encoded::from_field(Fr::from(1_u64))];
        assert_eq!(program.satisfied(&record(5), today, &extra), Err(Unsatisfied::Expressions));
        let mut hashed = record(5);
        hashed.attributes[0] = -Fr::from(7_u64);
        assert_eq!(program.satisfied(&hashed, today, &[]), Err(Unsatisfied::NotAnInteger(0)));
    }
}
