//! Draws from distributions.

use std::collections::HashSet;
use std::ops::RangeInclusive;

use rand::{Rng, RngCore, SeedableRng};
use rand_chacha::ChaCha20Rng;

use crate::Date;

/// A seeded source of draws.
pub(super) struct Random {
    rng: ChaCha20Rng,
    given: HashSet<String>,
}

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self { rng: ChaCha20Rng::seed_from_u64(seed), given: HashSet::new() }
    }

    /// A whole number of a range.
    pub(super) fn number(&mut self, range: RangeInclusive<u32>) -> u32 {
        self.rng.gen_range(range)
    }

    /// A whole number of a range, as wide as integers get.
    pub(super) fn integer(&mut self, range: RangeInclusive<i64>) -> i64 {
        self.rng.gen_range(range)
    }

    /// Whether something happens that happens in `per_cent` of all cases.
    pub(super) fn chance(&mut self, per_cent: f64) -> bool {
        self.rng.gen_bool((per_cent / 100.0).clamp(0.0, 1.0))
    }

    /// One item of a list that is not empty, each as likely.
    pub(super) fn one<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.rng.gen_range(0..items.len())]
    }

    /// One item of a list that is not empty, by weight; those of weight 0 never come, unless
    /// all are, and then it is the first.
    pub(super) fn weighted<'a, T>(&mut self, items: &'a [T], weight: impl Fn(&T) -> u32) -> &'a T {
        let total: u32 = items.iter().map(&weight).sum();
        let mut left = self.rng.gen_range(0..total.max(1));
        for item in items {
            match left.checked_sub(weight(item)) {
                Some(rest) => left = rest,
                None => return item,
            }
        }
        &items[0]
    }

    /// One of a list of pairs of item and weight.
    pub(super) fn pick<T: Copy>(&mut self, items: &[(T, u32)]) -> T {
        self.weighted(items, |(_, weight)| *weight).0
    }

    /// A day from `first` to `last`; `first` where the range is empty.
    pub(super) fn date(&mut self, first: Date, last: Date) -> Date {
        let span = last.days().saturating_sub(first.days());
        let days = self.rng.gen_range(0..=span);
        first.plus_days(i64::try_from(days).unwrap_or(0))
    }

    /// A positive number whose logarithm is normally distributed: half of all draws are below
    /// `median`, and two in three within a factor of e^`sigma` of it.
    pub(super) fn log_normal(&mut self, median: f64, sigma: f64) -> f64 {
        // Box-Muller; the first number is above 0.
        let (u, v): (f64, f64) = (1.0 - self.rng.gen_range(0.0..1.0), self.rng.gen_range(0.0..1.0));
        let normal = (-2.0 * u.ln()).sqrt() * (std::f64::consts::TAU * v).cos();
        median * (sigma * normal).exp()
    }

    /// `count` digits.
    pub(super) fn digits(&mut self, count: usize) -> String {
        self.text(b"0123456789", count)
    }

    /// `count` characters of an alphabet of ASCII letters.
    pub(super) fn text(&mut self, alphabet: &[u8], count: usize) -> String {
        (0..count).map(|_| char::from(self.one(alphabet))).collect()
    }

    /// 32 bytes in hexadecimal, as the digest of a file would look.
    pub(super) fn digest(&mut self) -> String {
        let mut bytes = [0; 32];
        self.rng.fill_bytes(&mut bytes);
        hex::encode(bytes)
    }

    /// The first draw that this method has not given before. The draw must have far more
    /// outcomes than are ever asked of it.
    pub(super) fn unused(&mut self, mut draw: impl FnMut(&mut Self) -> String) -> String {
        loop {
            let text = draw(self);
            if self.given.insert(text.clone()) {
                return text;
            }
        }
    }
}
