//! Names of points that are being added up, and lists of them.

use zeroize::{DefaultIsZeroes, Zeroize};

/// Names a point: one of the table, perhaps negated, or a partial sum.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Summand(u32);

impl DefaultIsZeroes for Summand {}

impl Summand {
    const PARTIAL: u32 = 1 << 31;
    const NEGATED: u32 = 1 << 30;

    /// A point of the table. Tables have fewer than 2^30 points.
    pub(crate) fn of_table(index: u32, negated: bool) -> Self {
        Self(index | if negated { Self::NEGATED } else { 0 })
    }

    /// A partial sum.
    pub(crate) fn partial(index: usize) -> Self {
        Self(index as u32 | Self::PARTIAL)
    }

    /// The point, and whether it is to be negated.
    pub(crate) fn find<'a, W>(self, table: &'a [W], partial: &'a [W]) -> (&'a W, bool) {
        let points = if self.0 & Self::PARTIAL == 0 { table } else { partial };
        (&points[(self.0 & !(Self::PARTIAL | Self::NEGATED)) as usize], self.is_negated())
    }

    /// Whether the point is to be negated.
    pub(crate) fn is_negated(self) -> bool {
        self.0 & Self::NEGATED != 0
    }
}

/// Lists of points to be added up, one after another.
#[derive(Default)]
pub(crate) struct Lists {
    /// Number of summands of each list.
    pub(crate) lengths: Vec<u32>,
    /// The summands of all lists.
    pub(crate) summands: Vec<Summand>,
}

impl Lists {
    /// Adds a list.
    pub(crate) fn push(&mut self, summands: impl Iterator<Item = Summand>) {
        let before = self.summands.len();
        self.summands.extend(summands);
        self.lengths.push((self.summands.len() - before) as u32);
    }

    /// Cuts the lists into blocks of at least `size` summands: number of lists and of summands
    /// of each.
    pub(crate) fn blocks(&self, size: usize) -> Vec<(&[u32], &[Summand])> {
        let (mut blocks, mut lists, mut summands) = (Vec::new(), 0, 0);
        let (mut first_list, mut first_summand) = (0, 0);
        for length in &self.lengths {
            lists += 1;
            summands += *length as usize;
            if summands - first_summand >= size || lists == self.lengths.len() {
                let block = first_summand..summands;
                blocks.push((&self.lengths[first_list..lists], &self.summands[block]));
                (first_list, first_summand) = (lists, summands);
            }
        }
        blocks
    }
}

impl Drop for Lists {
    fn drop(&mut self) {
        self.lengths.zeroize();
        self.summands.zeroize();
    }
}
