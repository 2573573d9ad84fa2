//! Why a leg ended: the network's own codes, and what they mean for the person who was called.

use super::super::Outcome;

/// Why a leg ended, as far as Asterisk was told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cause {
    /// The cause of ITU-T Q.850.
    pub q850: Option<u16>,
    /// The status of the SIP answer that ended it. Asterisks before 20.17 and 22.7 don't tell.
    pub sip: Option<u16>,
}

impl Cause {
    /// The telephone has no address: nobody is registered under its name. Q.850's "subscriber absent".
    pub const NOT_REGISTERED: Self = Self {
        q850: Some(20),
        sip: None,
    };

    /// What it means that an unanswered leg ended so.
    ///
    /// The SIP status comes first where there is one: Asterisk makes its Q.850 cause from it, and
    /// makes "no answer" (19) of 480, which a switched-off telephone gives.
    #[must_use]
    pub fn outcome(self) -> Outcome {
        if let Some(status @ 400..) = self.sip {
            return of_sip(status);
        }
        self.q850.map_or(Outcome::NetworkFailure, of_q850)
    }
}

/// RFC 3261 section 21, and RFC 3398 section 8.2.6.1 for the Q.850 cause that a status stands for.
fn of_sip(status: u16) -> Outcome {
    match status {
        // Busy Here, Busy Everywhere: cause 17.
        486 | 600 => Outcome::Busy,
        // Request Terminated: we stopped the ringing.
        487 => Outcome::NoAnswer,
        // Forbidden, Decline: cause 21. A gateway tells with 403 that its party rejected the call.
        403 | 603 => Outcome::Rejected,
        // Request Timeout: nobody there at all. Temporarily Unavailable: switched off, or out of reach.
        408 | 480 => Outcome::Unreachable,
        // Not Found (1), Gone (22, number changed), Address Incomplete (28), Ambiguous (1), Does Not
        // Exist Anywhere (1).
        404 | 410 | 484 | 485 | 604 => Outcome::InvalidNumber,
        // 401, 402, 407: the carrier wants something of us, not of the patient. 5xx and the rest:
        // the network's own.
        _ => Outcome::NetworkFailure,
    }
}

/// ITU-T Q.850 table 1, and RFC 3398 section 7.2.4.1 for its neighbours in SIP.
fn of_q850(cause: u16) -> Outcome {
    match cause {
        // User busy.
        17 => Outcome::Busy,
        // No user responding, no answer from the user. Normal call clearing: given up while it rang.
        16 | 18 | 19 => Outcome::NoAnswer,
        // Call rejected.
        21 => Outcome::Rejected,
        // Subscriber absent, destination out of order, normal unspecified (480 in RFC 3398).
        20 | 27 | 31 => Outcome::Unreachable,
        // Unallocated number, number changed, invalid number format.
        1 | 22 | 28 => Outcome::InvalidNumber,
        // 2, 3 no route; 34 no circuit; 38 network out of order; 41 temporary failure; 42 congestion;
        // 44 channel not available; 47 resource unavailable; 102 timer; 111, 127 protocol; 0 unknown.
        _ => Outcome::NetworkFailure,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(q850: Option<u16>, sip: Option<u16>) -> Outcome {
        Cause { q850, sip }.outcome()
    }

    #[test]
    fn every_cause_of_q850_has_its_outcome() {
        let table = [
            (&[17][..], Outcome::Busy),
            (&[16, 18, 19], Outcome::NoAnswer),
            (&[21], Outcome::Rejected),
            (&[20, 27, 31], Outcome::Unreachable),
            (&[1, 22, 28], Outcome::InvalidNumber),
            (
                &[
                    0, 2, 3, 29, 34, 38, 41, 42, 44, 47, 50, 58, 88, 102, 111, 127,
                ],
                Outcome::NetworkFailure,
            ),
        ];
        for (causes, expected) in table {
            for cause in causes {
                assert_eq!(outcome(Some(*cause), None), expected, "{cause}");
            }
        }
    }

    #[test]
    fn every_sip_status_has_its_outcome_whatever_asterisk_made_of_it() {
        let table = [
            (&[486, 600][..], Outcome::Busy),
            (&[487], Outcome::NoAnswer),
            (&[403, 603], Outcome::Rejected),
            (&[408, 480], Outcome::Unreachable),
            (&[404, 410, 484, 485, 604], Outcome::InvalidNumber),
            (
                &[400, 401, 402, 407, 415, 488, 500, 502, 503, 504, 606],
                Outcome::NetworkFailure,
            ),
        ];
        for (statuses, expected) in table {
            for status in statuses {
                for cause in [None, Some(0), Some(17), Some(19)] {
                    assert_eq!(outcome(cause, Some(*status)), expected, "{status}");
                }
            }
        }
    }

    #[test]
    fn a_status_that_is_no_refusal_decides_nothing() {
        for status in [0, 180, 200] {
            assert_eq!(outcome(Some(17), Some(status)), Outcome::Busy);
        }
        assert_eq!(outcome(None, None), Outcome::NetworkFailure);
        assert_eq!(Cause::NOT_REGISTERED.outcome(), Outcome::Unreachable);
    }
}
