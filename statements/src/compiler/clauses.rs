//! From a truth table to few clauses.
//!
//! With at most eight predicates the table has at most 256 rows and there are 3^8 = 6561
//! possible clauses, so all of them are tried. Of those that the formula implies, the shortest
//! are chosen until together they say what the formula says. The result depends on the truth
//! table only, not on how the condition was written.

use crate::{Clause, Literal};

/// A clause as bit masks over the predicates.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Candidate {
    positive: usize,
    negative: usize,
}

impl Candidate {
    /// Whether the clause is true in a row of the table.
    fn holds(self, row: usize) -> bool {
        row & self.positive != 0 || !row & self.negative != 0
    }

    fn literals(self) -> u32 {
        (self.positive | self.negative).count_ones()
    }

    fn is_within(self, other: Self) -> bool {
        self.positive & !other.positive == 0 && self.negative & !other.negative == 0
    }

    fn into_clause(self, count: usize) -> Clause {
        let literal = |predicate: usize| {
            let bit = 1 << predicate;
            let negated = self.negative & bit != 0;
            (negated || self.positive & bit != 0).then_some(Literal { predicate, negated })
        };
        Clause { literals: (0..count).filter_map(literal).collect() }
    }
}

/// The clauses of a formula over `count` predicates: all hold in exactly those rows that the
/// formula's table holds in, of the rows that can occur.
pub(super) fn clauses(count: usize, table: &[bool], occurs: &[bool]) -> Vec<Clause> {
    let rows_of = |truth: bool| -> Vec<usize> {
        let rows = table.iter().zip(occurs).enumerate();
        rows.filter(|(_, (value, occurs))| **value == truth && **occurs)
            .map(|(row, _)| row)
            .collect()
    };
    let (true_rows, mut false_rows) = (rows_of(true), rows_of(false));
    let primes = prime(count, &true_rows);
    let mut chosen: Vec<Candidate> = Vec::new();
    while !false_rows.is_empty() {
        let gain = |c: &Candidate| false_rows.iter().filter(|row| !c.holds(**row)).count();
        // `max_by_key` takes the last of equals; the shortest come first, so look from the end.
        let Some(best) = primes.iter().rev().max_by_key(|c| gain(c)).filter(|c| gain(c) > 0) else {
            break;
        };
        chosen.push(*best);
        false_rows.retain(|row| best.holds(*row));
    }
    irredundant(&mut chosen, &rows_of(false));
    chosen.sort_by_key(|c| {
        let used = c.positive | c.negative;
        (used.trailing_zeros(), c.literals(), used, c.negative)
    });
    chosen.into_iter().map(|candidate| candidate.into_clause(count)).collect()
}

/// The clauses that hold in all the rows and of which no part does, shortest first.
fn prime(count: usize, true_rows: &[usize]) -> Vec<Candidate> {
    let all = 0..1_usize << count;
    let mut implied: Vec<Candidate> = all
        .clone()
        .flat_map(|positive| all.clone().map(move |negative| Candidate { positive, negative }))
        .filter(|c| c.positive & c.negative == 0 && c.literals() > 0)
        .filter(|c| true_rows.iter().all(|row| c.holds(*row)))
        .collect();
    implied.sort_by_key(|c| (c.literals(), c.negative.count_ones(), c.positive | c.negative));
    let mut primes: Vec<Candidate> = Vec::new();
    for candidate in implied {
        if !primes.iter().any(|prime| prime.is_within(candidate)) {
            primes.push(candidate);
        }
    }
    primes
}

/// Drops the clauses that the others make superfluous.
fn irredundant(chosen: &mut Vec<Candidate>, false_rows: &[usize]) {
    let mut index = 0;
    while index < chosen.len() {
        let refused = |row: usize| {
            chosen.iter().enumerate().any(|(other, c)| other != index && !c.holds(row))
        };
        if false_rows.iter().all(|row| refused(*row)) {
            chosen.remove(index);
        } else {
            index += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text(clauses: &[Clause]) -> Vec<String> {
        let literal = |l: &Literal| format!("{}{}", if l.negated { "!" } else { "" }, l.predicate);
        clauses
            .iter()
            .map(|c| c.literals.iter().map(literal).collect::<Vec<_>>().join("|"))
            .collect()
    }

    fn of(count: usize, formula: impl Fn(bool, bool, bool) -> bool) -> Vec<String> {
        let table: Vec<bool> = (0..1 << count)
            .map(|row: usize| formula(row & 1 != 0, row & 2 != 0, row & 4 != 0))
            .collect();
        text(&clauses(count, &table, &vec![true; 1 << count]))
    }

    #[test]
    fn few_clauses() {
        assert_eq!(of(2, |a, b, _| a && b), ["0", "1"]);
        assert_eq!(of(2, |a, b, _| a || !b), ["0|!1"]);
        // Subsumption and consensus.
        assert_eq!(of(3, |a, b, c| a & (a | b) & c), ["0", "2"]);
        assert_eq!(of(3, |a, b, c| (a || b) && (!a || c)), ["0|1", "!0|2"]);
        assert_eq!(of(1, |_, _, _| true), Vec::<String>::new());
    }

    #[test]
    fn rows_that_cannot_occur_do_not_count() {
        // Two values of one attribute: "not the first" says nothing beside "the second".
        let (table, occurs) = ([false, false, true, false], [true, true, true, false]);
        assert_eq!(text(&clauses(2, &table, &occurs)), ["1"]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]
        #[test]
        fn clauses_say_what_the_table_says(table in prop::collection::vec(any::<bool>(), 32), occurs in prop::collection::vec(any::<bool>(), 32)) {
            let found = clauses(5, &table, &occurs);
            for row in 0..32_usize {
                let holds = found.iter().all(|clause| {
                    clause.literals.iter().any(|l| ((row >> l.predicate) & 1 == 1) != l.negated)
                });
                if occurs[row] {
                    prop_assert_eq!(holds, table[row]);
                }
            }
        }
    }
}
