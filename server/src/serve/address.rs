//! Finds the address that a request comes from.

use std::net::{IpAddr, SocketAddr};

use ipnet::IpNet;
use poem::Request;

use super::network;

/// The header in which proxies name the client, the nearest proxy's entry last.
const FORWARDED: &str = "x-forwarded-for";

/// The address a request comes from: the connection's, unless that is a trusted proxy. Then it is
/// the last address in the header that is not a trusted proxy; earlier ones were written by the
/// client and can't be trusted.
pub fn client_address(request: &Request, trusted: &[IpNet]) -> Option<IpAddr> {
    let peer = request.remote_addr().as_socket_addr()?.ip();
    let headers = request.headers().get_all(FORWARDED).iter();
    let named: Vec<_> = headers.map(|value| String::from_utf8_lossy(value.as_bytes())).collect();
    Some(beyond(peer, &named.join(","), trusted))
}

/// The address for counting attempts: for IPv6 the network, and empty if the connection has no
/// address.
pub(crate) struct ClientAddress(pub(crate) String);

impl ClientAddress {
    pub(crate) fn of(request: &Request, trusted: &[IpNet]) -> Self {
        let address = client_address(request, trusted);
        Self(address.map(|address| network(address).to_string()).unwrap_or_default())
    }
}

fn beyond(peer: IpAddr, named: &str, trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |address: IpAddr| {
        let address = address.to_canonical();
        trusted.iter().any(|network| network.contains(&address))
    };
    let mut nearest = peer;
    let mut named = named.rsplit(',').map(parse);
    while is_trusted(nearest) {
        match named.next() {
            Some(Some(address)) => nearest = address,
            // For an unknown address, the proxy's own is used.
            _ => break,
        }
    }
    nearest.to_canonical()
}

/// Parses an address as proxies write it: alone or with a port, in brackets, in quotes.
fn parse(text: &str) -> Option<IpAddr> {
    let text = text.trim().trim_matches('"');
    let inside = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    let with_port = || inside.parse::<SocketAddr>().map(|address| address.ip());
    inside.parse().or_else(|_| with_port()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(peer: &str, named: &str) -> String {
        let trusted = ["10.0.0.0/8".parse().unwrap(), "::1/128".parse().unwrap()];
        beyond(peer.parse().unwrap(), named, &trusted).to_string()
    }

    #[test]
    fn a_forwarded_address_is_believed_from_a_trusted_proxy_and_nobody_else() {
        assert_eq!(from("192.0.2.7", "198.51.100.1"), "192.0.2.7");
        assert_eq!(from("10.1.2.3", "198.51.100.1"), "198.51.100.1");
        assert_eq!(from("::1", "2001:db8::9"), "2001:db8::9");
        assert_eq!(from("::ffff:10.1.2.3", "198.51.100.1"), "198.51.100.1");
    }

    #[test]
    fn an_address_is_read_in_every_form_that_proxies_write() {
        for (named, address) in [
            ("198.51.100.1:443", "198.51.100.1"),
            ("[2001:db8::9]", "2001:db8::9"),
            ("[2001:db8::9]:443", "2001:db8::9"),
            ("\"[2001:db8::9]:443\"", "2001:db8::9"),
            ("\"198.51.100.1\"", "198.51.100.1"),
            ("caf\u{fffd}, 198.51.100.1", "198.51.100.1"),
            ("198.51.100.1, unknown", "10.1.2.3"),
            ("198.51.100.1, _hidden", "10.1.2.3"),
        ] {
            assert_eq!(from("10.1.2.3", named), address, "{named}");
        }
    }

    #[test]
    fn what_a_client_writes_before_the_proxies_is_not_believed() {
        assert_eq!(from("10.1.2.3", "1.1.1.1, 198.51.100.1"), "198.51.100.1");
        assert_eq!(from("10.1.2.3", "1.1.1.1, 198.51.100.1, 10.9.9.9"), "198.51.100.1");
        assert_eq!(from("10.1.2.3", "10.7.7.7"), "10.7.7.7");
        assert_eq!(from("10.1.2.3", ""), "10.1.2.3");
        assert_eq!(from("10.1.2.3", "198.51.100.1, rubbish"), "10.1.2.3");
    }
}
