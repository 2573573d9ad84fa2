//! Telephones by the hundred, for measuring and for faults: they call an Asterisk, press keys,
//! answer as employees, talk, hang up, and know of each call whether it went as it should.
//!
//! One thread and one `poll` do everything: SIP over UDP from two sockets, and a socket of its own
//! for the sound of each leg. Every leg sends a packet each 20 ms from answer to hang-up. What a
//! telephone says is a mark that names its call and its side, so that a telephone knows whether it
//! hears the other one, silence, or a stranger.
//!
//! | module | what is in it |
//! |---|---|
//! | [`call`] | one call: what happens and when. Pure |
//! | [`sip`] | messages, as text. Pure |
//! | [`sound`] | RTP packets, keys, marks. Pure |
//! | `dialog` | one telephone's side of one call: which message comes next |
//! | [`generator`] | sockets, clock, timers |

pub mod call;
mod dialog;
pub mod generator;
mod legs;
pub mod sip;
pub mod sound;
