//! Where our own requests may go. An address that the settings write out as numbers, and `localhost`, are
//! meant as they are written; any other name may lead to the world, and to this machine or the company's own network only if
//! the settings say so: whoever has a name in the world could otherwise have us ask whatever they like in there.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use reqwest::ClientBuilder;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// How the settings allow it, for messages.
const HOW: &str = "set allow_private = true beside its url if that is meant";

/// Looks up names, and leaves out addresses that are not to be reached by a name.
#[derive(Debug)]
struct Guarded {
    allow_private: bool,
}

/// Lets a client follow names only to where they may lead.
pub(crate) fn guarded(builder: ClientBuilder, allow_private: bool) -> ClientBuilder {
    builder.dns_resolver(Arc::new(Guarded { allow_private }))
}

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        // That name says what it is, as numbers do.
        let allow_private = self.allow_private || name.as_str() == "localhost";
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let addresses = allowed(found, allow_private)?;
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

fn allowed(
    found: impl Iterator<Item = SocketAddr>,
    allow_private: bool,
) -> io::Result<Vec<SocketAddr>> {
    let (mut allowed, mut private) = (Vec::new(), false);
    for address in found {
        match reach(address.ip()) {
            Reach::World => allowed.push(address),
            Reach::Private if allow_private => allowed.push(address),
            Reach::Private => private = true,
            Reach::Nowhere => {}
        }
    }
    if !allowed.is_empty() {
        return Ok(allowed);
    }
    let reason = match private {
        true => format!("its name leads to a private address; {HOW}"),
        false => "its name leads to no address that can be asked".to_owned(),
    };
    Err(io::Error::new(io::ErrorKind::PermissionDenied, reason))
}

/// Who is at an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    World,
    /// This machine, or a network of one's own.
    Private,
    /// Nobody that a request is for: link-local (where clouds keep their secrets), multicast,
    /// reserved.
    Nowhere,
}

fn reach(address: IpAddr) -> Reach {
    match address {
        IpAddr::V4(address) => reach_v4(address),
        IpAddr::V6(address) => reach_v6(address),
    }
}

fn reach_v4(address: Ipv4Addr) -> Reach {
    let [first, second, ..] = address.octets();
    if address.is_loopback() || address.is_private() {
        return Reach::Private;
    }
    match (first, second) {
        // Addresses of a provider's own network.
        (100, 64..128) => Reach::Private,
        (0, _) | (169, 254) | (224..=255, _) => Reach::Nowhere,
        _ => Reach::World,
    }
}

fn reach_v6(address: Ipv6Addr) -> Reach {
    if let Some(address) = address.to_ipv4_mapped() {
        return reach_v4(address);
    }
    if address.is_loopback() || address.is_unique_local() {
        return Reach::Private;
    }
    if address.is_unspecified() || address.is_unicast_link_local() || address.is_multicast() {
        return Reach::Nowhere;
    }
    match address.segments() {
        // An IPv4 address in the clothes of NAT64 or 6to4.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => {
            reach_v4(Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low)))
        }
        _ => Reach::World,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reach_of(address: &str) -> Reach {
        reach(address.parse().unwrap())
    }

    #[test]
    fn every_address_is_in_the_world_or_private_or_nowhere() {
        for address in ["93.184.216.34", "8.8.8.8", "100.63.0.1", "2606:4700::1111"] {
            assert_eq!(reach_of(address), Reach::World, "{address}");
        }
        let private = [
            "127.0.0.1",
            "127.255.0.1",
            "10.0.0.1",
            "172.16.0.1",
            "192.168.1.1",
            "100.64.0.1",
            "::1",
            "fd00::1",
            "::ffff:10.0.0.1",
            "64:ff9b::a00:1",
            "2002:a00:1::1",
        ];
        for address in private {
            assert_eq!(reach_of(address), Reach::Private, "{address}");
        }
        let nowhere = [
            "0.0.0.0",
            "169.254.169.254",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "fe80::1",
            "ff02::1",
            "::ffff:169.254.169.254",
        ];
        for address in nowhere {
            assert_eq!(reach_of(address), Reach::Nowhere, "{address}");
        }
    }

    #[test]
    fn of_a_name_with_several_addresses_only_those_are_asked_that_may_be() {
        let found = ["10.0.0.1:0", "93.184.216.34:0", "169.254.169.254:0"];
        let found = || found.iter().map(|address| address.parse().unwrap());
        assert_eq!(
            allowed(found(), false).unwrap(),
            ["93.184.216.34:0".parse().unwrap()]
        );
        assert_eq!(allowed(found(), true).unwrap().len(), 2);
    }

    /// The system's own look-up reads this old spelling of 127.0.0.1, as if it were a name.
    #[tokio::test]
    async fn a_name_that_leads_to_this_machine_is_only_followed_if_that_is_allowed() {
        let look_up = |name: &str, allow_private: bool| {
            let name = name.parse().unwrap();
            Guarded { allow_private }.resolve(name)
        };
        let refused = look_up("127.1", false).await.err().unwrap().to_string();
        assert!(refused.contains("allow_private"), "{refused}");
        assert!(look_up("127.1", true).await.is_ok());
        assert!(
            look_up("localhost", false).await.is_ok(),
            "it says what it is"
        );
    }

    #[test]
    fn a_name_that_is_private_is_refused_with_what_to_do() {
        let found = || std::iter::once("192.168.1.1:0".parse().unwrap());
        let refused = allowed(found(), false).unwrap_err().to_string();
        assert!(refused.contains("allow_private = true"), "{refused}");
        assert!(allowed(found(), true).is_ok());
        let metadata = || std::iter::once("169.254.169.254:0".parse().unwrap());
        assert!(allowed(metadata(), true).is_err(), "never");
    }
}
