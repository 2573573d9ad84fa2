//! vizavi puts a caller through to the person they were dealing with.

pub mod app;
pub mod ari;
pub mod backtest;
mod breaker;
pub mod callers;
pub mod config;
pub mod crm;
pub mod domain;
pub mod import;
pub mod secret;
pub mod speech;
pub mod store;
pub mod switchboard;
pub mod tls;
pub mod toml_file;
