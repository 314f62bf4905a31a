//! Tables that samples are drawn from. Weights count within their own table only.

pub(super) mod aviation;
pub(super) mod business;
pub(super) mod goods;
pub(super) mod names;
pub(super) mod population;
pub(super) mod regions;
