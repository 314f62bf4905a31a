//! The HTTP interface, from outside: a server on a free port, and requests to it.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail as tests do")]

mod conformity;
mod departments;
mod flow;
mod malformed;
mod operations;
mod privacy;
mod requests;
mod support;
mod surface;
