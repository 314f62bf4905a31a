//! The engine's arithmetic on eight lanes of AVX-512 with IFMA, where the processor has it.
//!
//! Points keep their coordinates in Montgomery form with R = 2^260: their words are those that
//! arkworks would give to 16 times the value. The portable path does what the kernels leave out,
//! and is what they are tested against.

mod add;
mod coordinate;
mod prime;
mod quotient;
mod rows;
mod transform;
#[expect(unsafe_code, reason = "intrinsics; every block states its invariant")]
mod vector;

pub(crate) use coordinate::LaneGroup;
pub(crate) use quotient::Quotient;
pub(crate) use vector::Ifma;

use add::AddPairs;
use ark_ff::{AdditiveGroup, Field};

use super::portable;
use super::summand::Summand;

/// As [`portable::add_pairs`], for points in the lanes' form.
pub(crate) fn add_pairs<G: LaneGroup>(
    token: Ifma,
    table: &[G::Words],
    partial: &mut Vec<G::Words>,
    pairs: &[[Summand; 2]],
) -> bool {
    let before = partial.len();
    partial.resize(before + pairs.len(), G::Words::default());
    let (partial, sums) = partial.split_at_mut(before);
    let left_out = token.run(AddPairs::<G> { table, partial, pairs, sums });
    if left_out.is_empty() {
        return false;
    }
    // Equal and opposite points, one after another in a table of their own.
    let of_pair = |index: &usize| pairs[*index];
    let points = left_out.iter().flat_map(of_pair);
    let points: Vec<_> = points.map(|summand| leave::<G>(summand.find(table, partial).0)).collect();
    let name = |summand: Summand, i| Summand::of_table(i as u32, summand.is_negated());
    let names = left_out.iter().map(of_pair).enumerate();
    let pairs: Vec<_> = names.map(|(i, [p, q])| [name(p, 2 * i), name(q, 2 * i + 1)]).collect();
    let mut exact = Vec::new();
    let infinity = portable::add_pairs::<G>(&points, &mut exact, &pairs);
    for (index, sum) in left_out.iter().zip(&exact) {
        sums[*index] = enter::<G>(sum);
    }
    infinity
}

/// Words in arkworks' form as the lanes keep them.
pub(crate) fn enter<G: LaneGroup>(words: &G::Words) -> G::Words {
    scale::<G>(words, G::BaseField::from(SCALE))
}

/// Words as the lanes keep them in arkworks' form.
pub(crate) fn leave<G: LaneGroup>(words: &G::Words) -> G::Words {
    // 16 is not zero, so it has an inverse.
    scale::<G>(words, G::BaseField::from(SCALE).inverse().unwrap_or(G::BaseField::ZERO))
}

/// 2^260 / 2^256.
const SCALE: u64 = 16;

fn scale<G: LaneGroup>(words: &G::Words, factor: G::BaseField) -> G::Words {
    let (x, y) = G::unpack(words);
    G::pack(x * factor, y * factor)
}

#[cfg(test)]
mod tests;
