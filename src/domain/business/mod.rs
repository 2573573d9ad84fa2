//! How a company takes calls: under which numbers, and when.

mod called;
mod opening;

pub use called::Called;
pub use opening::{Holiday, NotAHoliday, Opening};
