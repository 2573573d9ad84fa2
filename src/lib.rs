//! vizavi puts a caller through to the person they were dealing with.

pub mod domain;
