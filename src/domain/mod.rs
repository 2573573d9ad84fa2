//! Decisions. Pure: no input or output, no clock, no randomness, no tokio.
//!
//! Nothing here imports another part of the house; every other part may import this one.

pub mod access;
pub mod business;
pub mod call;
pub mod callback;
pub mod delivery;
pub mod directory;
pub mod health;
pub mod language;
pub mod menu;
pub mod person;
pub mod phone;
pub mod prompt;
pub mod rating;
