//! How patient a call is.

use std::time::Duration;

use super::super::menu::Key;

/// The times and counts of a call, as the operator of the PBX set them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// When a caller is answered.
    pub answering: Answering,
    /// How often the menu is read out before a caller without a choice goes to the fallback.
    pub rounds: u32,
    /// How long a key is awaited after the menu was read out.
    pub key_time: Duration,
    /// How long another digit is awaited when an extension is dialled.
    pub digit_time: Duration,
    /// How long a telephone rings.
    pub ring_time: Duration,
    /// In which order the telephones of one person ring.
    pub ringing: Ringing,
    /// Whose answer counts only with a key.
    pub accept: Accepting,
    /// How long that key is awaited after it was asked for.
    pub accept_time: Duration,
    /// Whether talks are recorded.
    pub record: bool,
    /// How long a caller may wait for somebody who is talking.
    pub wait_time: Duration,
    /// What they hear meanwhile.
    pub wait_sound: WaitSound,
    /// The key by which a caller asks to be called back by who can't be had; `None`: they can't.
    pub callback_key: Option<Key>,
    /// How long a caller waits in silence for a prompt that is still being made.
    pub prompt_time: Duration,
    /// How much longer than the step that it covers a lease runs. At least `prompt_time`, because
    /// the next lease can only be granted when the next prompt is there.
    pub lease_margin: Duration,
}

/// When a caller is answered. From then on the call costs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Answering {
    /// Before the greeting.
    #[default]
    AtOnce,
    /// When an employee has picked up. Until then all is heard as early media.
    WhenConnected,
}

/// In which order the telephones of one person ring.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ringing {
    /// All at once.
    #[default]
    Together,
    /// One after the other, each for its whole time.
    InTurn,
}

/// Which telephones' answers count only with a key, because a voicemail may answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Accepting {
    /// None.
    Never,
    /// Those outside of the company.
    #[default]
    Mobiles,
    /// All.
    Always,
}

/// What a caller hears who waits for somebody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WaitSound {
    /// As if it rang.
    #[default]
    Ringing,
    /// Asterisk's music on hold.
    Music,
}

/// How often the telephones of somebody who is talking are looked at while a caller waits for them.
pub(super) const LOOK_EVERY: Duration = Duration::from_secs(2);

/// How long it may take until the wish to be called back is on disk.
pub(super) const KEEPING_TIME: Duration = Duration::from_secs(1);

/// How long an extension may take to be dialled, from its first digit on.
pub(super) const DIALLING_TIME: Duration = Duration::from_secs(10);

/// How many telephones are rung for one caller before they go to the fallback: nobody rings for ever.
pub(super) const MOST_TELEPHONES: usize = 20;

/// How much longer than its clip a playback may take before we believe that its end got lost.
pub(super) const PLAYBACK_GRACE: Duration = Duration::from_millis(1500);

/// How long Asterisk may take to bridge the two, or to clear a lease, before it is asked again or
/// the caller goes to the fallback.
pub(super) const BRIDGING_TIME: Duration = Duration::from_secs(2);

/// How much longer than that we wait before two are parted who may hear each other. Asterisk's answer
/// has come or will not by then; a process that was stopped for a while reads it first.
pub(super) const LATE_TIME: Duration = Duration::from_secs(1);

/// How much longer than `ring_time` we wait to be told that nobody answered.
pub(super) const RINGING_GRACE: Duration = Duration::from_secs(1);

/// How long the dialplan may take to release whom a caller talked with who has hung up. It does so at once,
/// also without us: what we would ask for each talk would be in vain.
pub(super) const RELEASE_TIME: Duration = Duration::from_millis(500);

/// How long a caller who was sent away may take to leave before we ask again.
pub(super) const LEAVING_TIME: Duration = Duration::from_secs(1);

/// How often we ask a caller to leave before the lease must do it.
pub(super) const LEAVING_TRIES: u32 = 30;
