//! What breaks, and what is promised then. A new fault has its line here, and is brought about and mended
//! in `breaking`.

mod breaking;
mod disk;
mod scene;

use self::disk::Disk;
use self::scene::faketime;
use crate::moment::Moment;

pub(crate) use self::scene::Scene;

/// What is promised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Promise {
    /// Our process is gone, frozen or out of reach: 5 s beyond the step's own length.
    Away,
    /// It is there, or starts again at once: 1 s.
    Here,
    /// The calls are lost by nature; later ones are served.
    Carrier,
}

macro_rules! faults {
    ($($fault:ident $name:literal $promise:ident)*) => {
        /// Something that breaks.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) enum Fault { $(#[doc = $name] $fault,)* }

        impl Fault {
            pub(crate) const ALL: [Self; [$($name),*].len()] = [$(Self::$fault),*];

            pub(crate) fn name(self) -> &'static str {
                match self { $(Self::$fault => $name,)* }
            }

            pub(crate) fn promise(self) -> Promise {
                match self { $(Self::$fault => Promise::$promise,)* }
            }
        }
    };
}

faults! {
    Nothing "nothing (for comparison)" Here
    Killed "SIGKILL" Away
    Restarted "SIGKILL, started again at once" Here
    Frozen "SIGSTOP" Away
    Thawed "SIGSTOP for 3 s" Away
    Stopped "SIGTERM, started again" Here
    Replaced "a second process takes over" Here
    Cut "the WebSocket cut for 2 s" Here
    Dead "the network black-holed for 8 s" Away
    Deaf "nothing arrives from Asterisk for 8 s" Away
    Mute "nothing arrives at Asterisk for 8 s" Away
    Closed "Asterisk's HTTP closed for 8 s" Away
    Refused401 "ARI answers 401 for 8 s" Away
    Refused500 "ARI answers 500 for 8 s" Away
    Slow "ARI answers after 10 s, for 8 s" Away
    CrmDead "the CRM dead" Here
    CrmSlow "the CRM answers after 10 s" Here
    CrmLies "the CRM answers nonsense" Here
    VoicesDead "every speech service dead" Here
    PhrasesGone "all phrases deleted" Here
    DiskFull "the disk full" Here
    StoreDamaged "the store damaged, started again" Here
    ClockForward "our clock an hour ahead" Here
    ClockBack "our clock an hour back" Here
    Panic "a panic in the call" Here
    MemoryShort "no more memory" Away
    AsteriskKilled "Asterisk killed and started again" Carrier
}

impl Fault {
    /// Why a cell is empty, if it is.
    pub(crate) fn why_not(self, moment: Moment) -> Option<&'static str> {
        match (self, moment) {
            (Self::CrmDead | Self::CrmSlow | Self::CrmLies, Moment::Entry) => None,
            (Self::CrmDead | Self::CrmSlow | Self::CrmLies, _) => {
                Some("the CRM is asked at the entry only")
            }
            (Self::VoicesDead, Moment::Entry) => None,
            (Self::VoicesDead, _) => Some("all is spoken by then; see: all phrases deleted"),
            (Self::Panic, Moment::Entry | Moment::Menu | Moment::Talking) => None,
            (Self::Panic, _) => Some("there is no place to plant one from outside"),
            (Self::AsteriskKilled, Moment::Entry) => None,
            (Self::AsteriskKilled, _) => Some("Asterisk is the carrier: its calls end with it"),
            (Self::DiskFull, _) if !Disk::can_be_made() => Some("mounting a small disk needs root"),
            (Self::ClockForward | Self::ClockBack, _) if faketime().is_none() => {
                Some("needs libfaketime")
            }
            _ => None,
        }
    }
}
