//! Ports for an Asterisk that no other one on this machine uses at the same time.

use std::net::{Ipv4Addr, TcpListener, UdpSocket};

/// Below the telephones' ports.
pub(super) const FIRST: u16 = 20_000;
pub(super) const LAST: u16 = 25_999;
/// One instance's ports: its reservation, HTTP, SIP, and the rest for RTP (two for each leg).
const BLOCK: u16 = 200;
/// SIP's own port.
const SIP: u16 = 5060;
const RTP_OFFSET: u16 = 10;

pub(super) struct Ports {
    pub(super) http: u16,
    pub(super) https: u16,
    pub(super) sip: u16,
    pub(super) rtp_start: u16,
    pub(super) rtp_end: u16,
    /// Nobody talks to this one: as long as it is bound, the block is ours, in all processes.
    _reservation: TcpListener,
}

impl Ports {
    /// The first block that nobody has reserved and whose ports are really free.
    pub(super) fn reserve() -> Option<Self> {
        (FIRST..LAST)
            .step_by(usize::from(BLOCK))
            .find_map(Self::reserve_block)
    }

    /// The same with the SIP port that softphones expect, or the next one that is free.
    pub(super) fn reserve_for_everybody() -> Option<Self> {
        let is_free = |port: &u16| UdpSocket::bind((Ipv4Addr::UNSPECIFIED, *port)).is_ok();
        let sip = (SIP..SIP + BLOCK).find(is_free)?;
        Some(Self {
            sip,
            ..Self::reserve()?
        })
    }

    fn reserve_block(first: u16) -> Option<Self> {
        let reservation = TcpListener::bind((Ipv4Addr::LOCALHOST, first)).ok()?;
        let (http, sip, https) = (first + 1, first + 2, first + 3);
        TcpListener::bind((Ipv4Addr::LOCALHOST, http)).ok()?;
        TcpListener::bind((Ipv4Addr::LOCALHOST, https)).ok()?;
        UdpSocket::bind((Ipv4Addr::LOCALHOST, sip)).ok()?;
        Some(Self {
            http,
            https,
            sip,
            rtp_start: first + RTP_OFFSET,
            rtp_end: first + BLOCK - 1,
            _reservation: reservation,
        })
    }
}
