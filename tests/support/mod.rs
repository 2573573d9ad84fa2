//! What the tests stand on. A helper for each kind of neighbour of the application.

pub(crate) mod asterisk;
