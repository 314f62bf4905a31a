//! The HTTP interface, version 1. [`router`] shows all of it.

mod docs;
mod extract;
mod headers;
mod json;
mod observe;
pub mod openapi;
pub mod problem;
pub mod router;
mod routes;
mod server;
mod work;

pub use server::{ServeError, serve, stop_signal};
