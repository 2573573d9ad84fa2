//! Whatever Asterisk sends over the socket, no reader of events panics, and each has one meaning.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| vizavi::fuzzing::event(text));
