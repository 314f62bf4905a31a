//! Statements in words.
