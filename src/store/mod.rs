//! What must survive a restart: clients with their events, employees, tokens, calls. On sled.

mod change;

pub use change::{Change, Done};
