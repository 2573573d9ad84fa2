//! What the tests of whole calls, and the demo, are made of.

pub(crate) mod application;
pub(crate) mod asterisk;
#[cfg(test)]
pub(crate) mod clinic;
pub(crate) mod company;
#[cfg(test)]
pub(crate) mod ear;
pub(crate) mod fault;
pub(crate) mod phone;
pub(crate) mod process;
pub(crate) mod records;
pub(crate) mod sound;
#[cfg(test)]
pub(crate) mod watching;
