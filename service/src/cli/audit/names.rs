//! Names of public inputs and of what statements compute, as auditors read them.

use statements::layout::{
    CHALLENGE, CLAUSE, CLAUSE_SIZE, CURRENT, LINK, LINK_SIZE, LINKABLE, NULLIFIER, NULLIFY,
    PREDICATE, PREDICATE_SIZE, PREDICATES, REVEAL, REVEALED, ROOT, SCHEMA, SCOPE, SELECT_SECRET,
    SELECT_VALID_FROM, SELECT_VALID_UNTIL, SELECTABLE, TODAY,
};
use statements::{Anchor, Expression, Unit};

/// Name of the public input at a position, as the specification writes it.
pub(super) fn input(position: usize) -> String {
    match position {
        CHALLENGE => "CHALLENGE".to_owned(),
        SCHEMA => "SCHEMA".to_owned(),
        ROOT..TODAY => format!("ROOT[{}]", position - ROOT),
        TODAY => "TODAY".to_owned(),
        CURRENT => "CURRENT".to_owned(),
        SCOPE => "SCOPE".to_owned(),
        NULLIFY => "NULLIFY".to_owned(),
        NULLIFIER => "NULLIFIER".to_owned(),
        PREDICATE..CLAUSE => {
            let (index, part) = split(position - PREDICATE, PREDICATE_SIZE);
            format!("PREDICATE[{index}].{}", predicate_part(part))
        }
        CLAUSE..REVEAL => {
            let (index, part) = split(position - CLAUSE, CLAUSE_SIZE);
            format!("CLAUSE[{index}].{}", clause_part(part))
        }
        REVEAL..REVEALED => format!("REVEAL[{}]", position - REVEAL),
        REVEALED..LINK => format!("REVEALED[{}]", position - REVEALED),
        _ => {
            let (index, part) = split(position - LINK, LINK_SIZE);
            format!("LINK[{index}].{}", link_part(part))
        }
    }
}

fn split(offset: usize, size: usize) -> (usize, usize) {
    (offset / size, offset % size)
}

fn predicate_part(part: usize) -> String {
    const ORDERED: usize = SELECTABLE;
    const LOW: usize = ORDERED + 1;
    const HIGH: usize = LOW + 1;
    match part {
        SELECT_VALID_FROM => "SELECT[valid_from]".to_owned(),
        SELECT_VALID_UNTIL => "SELECT[valid_until]".to_owned(),
        0..SELECTABLE => format!("SELECT[{part}]"),
        ORDERED => "ORDERED".to_owned(),
        LOW => "LOW".to_owned(),
        HIGH => "HIGH".to_owned(),
        _ => format!("SET[{}]", part - HIGH - 1),
    }
}

fn clause_part(part: usize) -> String {
    const NEGATIVE: usize = PREDICATES;
    const TRUE: usize = 2 * PREDICATES;
    match part {
        0..NEGATIVE => format!("POSITIVE[{part}]"),
        TRUE => "TRUE".to_owned(),
        _ => format!("NEGATIVE[{}]", part - NEGATIVE),
    }
}

fn link_part(part: usize) -> String {
    match part {
        SELECT_SECRET => "SELECT[holder]".to_owned(),
        LINKABLE => "TAG".to_owned(),
        _ => format!("SELECT[{part}]"),
    }
}

/// What a statement computes from the request, in words of the condition language.
pub(super) fn expression(expression: &Expression) -> String {
    match expression {
        Expression::Date { anchor, shift, unit, adjust } => {
            let anchor = match anchor {
                Anchor::Today => "today",
                Anchor::Parameter(name) => name,
            };
            let unit = match unit {
                Unit::Days => "days",
                Unit::Months => "months",
                Unit::Years => "years",
            };
            let moved = match shift {
                0 => anchor.to_owned(),
                shift if *shift < 0 => format!("{unit}_before({anchor}, {})", shift.unsigned_abs()),
                shift => format!("{unit}_after({anchor}, {shift})"),
            };
            adjusted(moved, *adjust)
        }
        Expression::Number { parameter, adjust } => adjusted(parameter.clone(), *adjust),
        Expression::Member { parameter } => parameter.clone(),
        Expression::PrefixLow { parameter, length } => {
            format!("least code of {length} digits that starts with {parameter}")
        }
        Expression::PrefixHigh { parameter, length } => {
            format!("greatest code of {length} digits that starts with {parameter}")
        }
    }
}

fn adjusted(text: String, adjust: i8) -> String {
    match adjust {
        0 => text,
        adjust if adjust < 0 => format!("{text} - {}", adjust.unsigned_abs()),
        adjust => format!("{text} + {adjust}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use statements::layout::COUNT;
    use std::collections::BTreeSet;

    #[test]
    fn each_position_has_a_name_of_its_own() {
        let names: BTreeSet<_> = (0..COUNT).map(input).collect();
        assert_eq!(names.len(), COUNT);
        for (position, name) in [
            (ROOT + 15, "ROOT[15]"),
            (PREDICATE + 17, "PREDICATE[0].SELECT[valid_until]"),
            (PREDICATE + PREDICATE_SIZE + 20, "PREDICATE[1].HIGH"),
            (PREDICATE + 21, "PREDICATE[0].SET[0]"),
            (CLAUSE + 8, "CLAUSE[0].NEGATIVE[0]"),
            (CLAUSE + 16, "CLAUSE[0].TRUE"),
            (COUNT - 1, "LINK[1].TAG"),
        ] {
            assert_eq!(input(position), name);
        }
    }
}
