//! Whatever a disk gives back, no value of the store panics when it is read, and what is read is written
//! as it was.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| vizavi::fuzzing::record(bytes));
