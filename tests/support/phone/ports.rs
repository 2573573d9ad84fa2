//! Which ports a phone may use, so that phones and test processes side by side never meet.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, UdpSocket};

/// Above the Asterisks' ports, and below those that Linux hands out by itself (32768 and up).
const FIRST: u16 = 26_000;
/// How many ports one phone has.
const WIDTH: u16 = 32;
const BLOCKS: u16 = 200;

/// A phone's own ports. They are its own as long as this value lives: the listener on the block's first port is the lock,
/// which other test processes on this machine see too, and which the kernel frees when the process dies.
#[derive(Debug)]
pub(crate) struct Ports {
    first: u16,
    _lock: TcpListener,
}

impl Ports {
    /// A free block for a phone that will listen on `address`.
    ///
    /// # Errors
    /// When every block is taken, or `address` isn't an address of this machine.
    pub(crate) fn reserve(address: IpAddr) -> io::Result<Self> {
        let start = fastrand::u16(..BLOCKS);
        let mut last = None;
        for step in 0..BLOCKS {
            let first = FIRST + (start + step) % BLOCKS * WIDTH;
            match Self::try_block(first, address) {
                Ok(ports) => return Ok(ports),
                Err(error) => last = Some(error),
            }
        }
        Err(last.unwrap_or_else(|| io::Error::other("there are no blocks of ports")))
    }

    fn try_block(first: u16, address: IpAddr) -> io::Result<Self> {
        let lock = TcpListener::bind((Ipv4Addr::LOCALHOST, first))?;
        let ports = Self { first, _lock: lock };
        drop(TcpListener::bind(ports.control())?);
        drop(TcpListener::bind((address, ports.sip()))?);
        drop(UdpSocket::bind((address, ports.sip()))?);
        Ok(ports)
    }

    /// Where baresip takes commands.
    pub(crate) fn control(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.first + 1).into()
    }

    /// SIP over UDP and TCP. baresip takes the next port for TLS by itself.
    pub(crate) fn sip(&self) -> u16 {
        self.first + 2
    }

    /// The first and the last port for RTP and RTCP.
    pub(crate) fn rtp(&self) -> (u16, u16) {
        (self.first + 4, self.first + WIDTH - 1)
    }
}
