//! The CRM: what it sends us, what we ask it.

pub mod wire;
