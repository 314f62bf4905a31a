//! The `vouch` service and command line: everything that touches a clock, a disk or a network.
//!
//! - `config`: what an operator sets.
//! - `state`: what the running service holds; opened from a data folder.
//! - `auth`: the tokens of departments.
//! - `store`: requests, used nonces and seen nullifiers.
//! - `http`: the HTTP interface; the whole surface is in `http/router.rs`.
//! - `client`: the other end of it, blocking.
//! - `department`: what a department does on its own premises.
//!
//! The command line is in the binary.

pub mod auth;
mod background;
pub mod client;
pub mod clock;
pub mod config;
pub mod department;
mod gate;
pub mod http;
pub mod logging;
mod metrics;
pub mod state;
pub mod store;

pub use http::serve;
