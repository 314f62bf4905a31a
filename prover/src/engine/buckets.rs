//! Adds up many lists of points side by side: in each round, neighbours in every list become one
//! partial sum. A long list only takes more rounds, so buckets need no splitting.

use rayon::prelude::*;
use zeroize::{Zeroize, Zeroizing};

use super::Cores;
use super::arithmetic::{Arithmetic, EngineGroup};
use super::summand::{Lists, Summand};

/// Summands that are worked on together: their partial sums fit into a core's cache, and rounds
/// are still long enough for one inversion each.
const BLOCK: usize = 32_768;

/// The sum of each list, zero words where it is infinity.
pub(crate) fn sum_lists<G: EngineGroup>(
    table: &[G::Words],
    lists: &Lists,
    arithmetic: Arithmetic,
    cores: Cores,
) -> Zeroizing<Vec<G::Words>> {
    let blocks = lists.blocks(BLOCK);
    let sum = |workspace: &mut Workspace<G>, (lengths, summands): &(&[u32], &[Summand])| {
        workspace.sum(table, lengths, summands, arithmetic)
    };
    let mut sums: Vec<Vec<G::Words>> = match cores {
        Cores::One => {
            let mut workspace = Workspace::default();
            blocks.iter().map(|block| sum(&mut workspace, block)).collect()
        }
        Cores::All => blocks.par_iter().map_init(Workspace::default, sum).collect(),
    };
    let all = Zeroizing::new(sums.concat());
    sums.zeroize();
    all
}

/// Buffers for one block, used again for the next and zeroized in the end.
struct Workspace<G: EngineGroup> {
    /// What is left to add, list after list, and the length of each list.
    summands: Vec<Summand>,
    lengths: Vec<u32>,
    pairs: Vec<[Summand; 2]>,
    partial: Vec<G::Words>,
}

impl<G: EngineGroup> Workspace<G> {
    fn sum(
        &mut self,
        table: &[G::Words],
        lengths: &[u32],
        summands: &[Summand],
        arithmetic: Arithmetic,
    ) -> Vec<G::Words> {
        self.lengths.clear();
        self.lengths.extend(lengths);
        self.summands.clear();
        self.summands.extend(summands);
        self.partial.clear();
        while self.pair_up() {
            if arithmetic.add_pairs::<G>(table, &mut self.partial, &self.pairs) {
                self.drop_infinity(table);
            }
        }
        let mut rest = self.summands.iter();
        let mut sum = |length: &u32| match length {
            0 => G::Words::default(),
            _ => rest
                .next()
                .map_or(G::Words::default(), |last| last_sum::<G>(*last, table, &self.partial)),
        };
        self.lengths.iter().map(&mut sum).collect()
    }

    /// Pairs up neighbours, and puts the name that their sum will have in their place. Returns
    /// whether there is any pair.
    fn pair_up(&mut self) -> bool {
        self.pairs.clear();
        let (mut read, mut write) = (0, 0);
        for length in &mut self.lengths {
            let end = read + *length as usize;
            while read + 1 < end {
                let sum = Summand::partial(self.partial.len() + self.pairs.len());
                self.pairs.push([self.summands[read], self.summands[read + 1]]);
                self.summands[write] = sum;
                (read, write) = (read + 2, write + 1);
            }
            if read < end {
                self.summands[write] = self.summands[read];
                (read, write) = (read + 1, write + 1);
            }
            *length = length.div_ceil(2);
        }
        self.summands.truncate(write);
        !self.pairs.is_empty()
    }

    /// Takes sums that are infinity out of the lists.
    fn drop_infinity(&mut self, table: &[G::Words]) {
        let (mut read, mut write) = (0, 0);
        for length in &mut self.lengths {
            let mut kept = 0;
            for _ in 0..*length {
                let summand = self.summands[read];
                read += 1;
                if *summand.find(table, &self.partial).0 != G::Words::default() {
                    self.summands[write] = summand;
                    (write, kept) = (write + 1, kept + 1);
                }
            }
            *length = kept;
        }
        self.summands.truncate(write);
    }
}

/// The last summand of a list, with its sign.
fn last_sum<G: EngineGroup>(
    summand: Summand,
    table: &[G::Words],
    partial: &[G::Words],
) -> G::Words {
    let (words, negated) = summand.find(table, partial);
    if !negated {
        return *words;
    }
    let (x, y) = G::unpack(words);
    G::pack(x, -y)
}

impl<G: EngineGroup> Default for Workspace<G> {
    fn default() -> Self {
        Self { summands: vec![], lengths: vec![], pairs: vec![], partial: vec![] }
    }
}

impl<G: EngineGroup> Drop for Workspace<G> {
    fn drop(&mut self) {
        self.summands.zeroize();
        self.lengths.zeroize();
        self.pairs.zeroize();
        self.partial.zeroize();
    }
}
