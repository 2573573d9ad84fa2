//! vizavi puts a caller through to the person they were dealing with.

pub mod config;
pub mod domain;
pub mod people;
