//! The handlers, one file for each resource.

pub(super) mod events;
pub(super) mod fallback;
pub(super) mod follow;
pub(super) mod keys;
pub(super) mod ledgers;
pub(super) mod operations;
pub(super) mod pages;
pub(super) mod presentations;
pub(super) mod prove;
pub(super) mod requests;
pub(super) mod results;
pub(super) mod schemas;
pub(super) mod statements;
pub(super) mod verify;
pub(super) mod witness;
