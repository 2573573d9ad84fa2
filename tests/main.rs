//! The tests against a real Asterisk: a module for each behaviour, and `support`, their harness.

// Marked as test code like any other, so that the lints' rules for tests hold for its helpers too.
#[cfg(test)]
mod asterisk_starts;
#[cfg(test)]
mod support;
