//! What can be chosen about a run.

use std::path::PathBuf;

use clap::Parser;

use super::applications::Application;

/// The same call through five applications on one Asterisk, and through the least that can be asked of ARI.
#[derive(Clone, Debug, Parser)]
pub(crate) struct Arguments {
    /// How often all applications are measured, one after the other.
    #[arg(long, default_value_t = 5)]
    pub(crate) alternations: usize,
    /// Which ones.
    #[arg(long, value_delimiter = ',', default_values_t = Application::ALL)]
    pub(crate) applications: Vec<Application>,
    /// New calls a second.
    #[arg(long, value_delimiter = ',', default_values_t = [1.0, 5.0, 20.0])]
    pub(crate) rates: Vec<f64>,
    /// For how many seconds calls come in at each rate.
    #[arg(long, default_value_t = 15.0)]
    pub(crate) seconds: f64,
    /// At least so many calls at each rate.
    #[arg(long, default_value_t = 30.0)]
    pub(crate) fewest: f64,
    /// What others may take of this machine's processors, all together, in milliseconds a second. Only the
    /// host of a virtual machine takes any. If more is taken, the bench waits before it makes the calls of a
    /// window, or makes them again.
    #[arg(long, default_value_t = 50.0)]
    pub(crate) most_taken: f64,
    /// How often they are made at most. The time in which least was taken counts.
    #[arg(long, default_value_t = 3)]
    pub(crate) tries: usize,
    /// How many seconds each time the bench waits at most.
    #[arg(long, default_value_t = 300.0)]
    pub(crate) waits: f64,
    /// How many seconds a caller listens before they press the key.
    #[arg(long, default_value_t = 4.0)]
    pub(crate) listens: f64,
    /// How many seconds the employee's telephone rings.
    #[arg(long, default_value_t = 0.5)]
    pub(crate) rings: f64,
    /// How many seconds the two talk.
    #[arg(long, default_value_t = 5.5)]
    pub(crate) talks: f64,
    /// How many seconds anything may take that somebody waits for.
    #[arg(long, default_value_t = 5.0)]
    pub(crate) patience: f64,
    /// With how many talking the memory is looked at.
    #[arg(long, default_value_t = 200)]
    pub(crate) talking: usize,
    /// The lowest rate at which the limit is looked for; then each is a quarter higher.
    #[arg(long, default_value_t = 20.0)]
    pub(crate) limit_from: f64,
    /// The highest.
    #[arg(long, default_value_t = 100.0)]
    pub(crate) limit_to: f64,
    /// How many seconds each of them lasts.
    #[arg(long, default_value_t = 15.0)]
    pub(crate) limit_seconds: f64,
    /// Lets vizavi find menus again that it has made before. Without it, every call's menu is new to
    /// it, whose sound is then joined from phrases during the call.
    #[arg(long)]
    pub(crate) menus_kept: bool,
    /// So many more clients in vizavi's store, each with two events, who do not call.
    #[arg(long, default_value_t = 0)]
    pub(crate) others: u32,
    /// Leaves out the proof that the generator is not the bottleneck.
    #[arg(long)]
    pub(crate) no_proof: bool,
    /// Leaves out the memory.
    #[arg(long)]
    pub(crate) no_memory: bool,
    /// Leaves out the search for the limit.
    #[arg(long)]
    pub(crate) no_limit: bool,
    /// Keeps what was measured last of the parts and the applications that are left out now, and says so on
    /// the page: for what is to be measured anew without the rest.
    #[arg(long)]
    pub(crate) add: bool,
    /// Measures nothing, and writes down what was measured last.
    #[arg(long)]
    pub(crate) report_only: bool,
    /// Where it is written down; the picture lies beside it.
    #[arg(long, default_value = "docs/performance.md")]
    pub(crate) out: PathBuf,
}
