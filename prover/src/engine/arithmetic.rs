//! The arithmetic of the engine: the fastest that the processor has, or the portable one.

use ark_ec::short_weierstrass::Affine;

#[cfg(not(target_arch = "x86_64"))]
pub(crate) use super::group::Group as EngineGroup;
#[cfg(target_arch = "x86_64")]
pub(crate) use super::lanes::LaneGroup as EngineGroup;

#[cfg(target_arch = "x86_64")]
use super::lanes::{self, Ifma};
use super::portable;
use super::summand::Summand;

/// Which arithmetic adds points, and so the form of their coordinates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Arithmetic {
    /// arkworks' own, anywhere.
    Portable,
    /// Eight lanes of AVX-512 with IFMA.
    #[cfg(target_arch = "x86_64")]
    Ifma(Ifma),
}

impl Arithmetic {
    /// The fastest that this processor has.
    pub(crate) fn detect() -> Self {
        #[cfg(target_arch = "x86_64")]
        if let Some(token) = Ifma::detect() {
            return Self::Ifma(token);
        }
        Self::Portable
    }

    /// A word for file names and reports.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Portable => "portable",
            #[cfg(target_arch = "x86_64")]
            Self::Ifma(_) => "avx512ifma",
        }
    }

    /// A point in this arithmetic's form.
    pub(crate) fn enter<G: EngineGroup>(self, point: &Affine<G>) -> G::Words {
        let words = G::from_affine(point);
        match self {
            Self::Portable => words,
            #[cfg(target_arch = "x86_64")]
            Self::Ifma(_) => lanes::enter::<G>(&words),
        }
    }

    /// A point out of this arithmetic's form.
    pub(crate) fn leave<G: EngineGroup>(self, words: &G::Words) -> Affine<G> {
        match self {
            Self::Portable => G::to_affine(words),
            #[cfg(target_arch = "x86_64")]
            Self::Ifma(_) => G::to_affine(&lanes::leave::<G>(words)),
        }
    }

    /// Appends the sum of each pair to the partial sums. No summand may be infinity; returns
    /// whether a sum is.
    pub(crate) fn add_pairs<G: EngineGroup>(
        self,
        table: &[G::Words],
        partial: &mut Vec<G::Words>,
        pairs: &[[Summand; 2]],
    ) -> bool {
        match self {
            Self::Portable => portable::add_pairs::<G>(table, partial, pairs),
            #[cfg(target_arch = "x86_64")]
            Self::Ifma(token) => lanes::add_pairs::<G>(token, table, partial, pairs),
        }
    }
}
