//! Ledgers as their users see them.

#[cfg(test)]
mod common;
#[cfg(test)]
mod disk;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod model;
