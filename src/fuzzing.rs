//! What the fuzz targets in `fuzz/` reach that nobody else may: built by cargo-fuzz alone.

pub use crate::speech::fuzzed_sound as sound;
pub use crate::store::fuzzed_record as record;
pub use crate::switchboard::fuzzed_event as event;
