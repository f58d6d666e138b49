//! Which proxy is used for an address.

use std::net::IpAddr;

use ipnet::IpNet;
use ureq::Proxy;
use ureq::http::Uri;

/// The proxies that the environment names, by scheme, and the hosts without a proxy.
#[derive(Debug, Clone, Default)]
pub(crate) struct Proxies {
    http: Option<String>,
    https: Option<String>,
    direct: Vec<Direct>,
}

/// An entry of `NO_PROXY`.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Direct {
    All,
    Network(IpNet, Option<u16>),
    Domain(String, Option<u16>),
}

impl Proxies {
    /// The proxies of this process's environment.
    pub(crate) fn of_environment() -> Self {
        Self::new(|name| std::env::var(name).ok())
    }

    /// The proxies that variables name. The lower-case name comes first, as in curl; an empty value
    /// counts as unset.
    fn new(variable: impl Fn(&str) -> Option<String>) -> Self {
        let find = |names: &[&str]| {
            let found = names.iter().find_map(|name| variable(name))?;
            Some(found.trim().to_owned()).filter(|value| !value.is_empty())
        };
        let all = find(&["all_proxy", "ALL_PROXY"]);
        let direct = find(&["no_proxy", "NO_PROXY"]).unwrap_or_default();
        let entries = direct.split([',', ' ', '\t']).map(str::trim).filter(|it| !it.is_empty());
        Self {
            http: find(&["http_proxy", "HTTP_PROXY"]).or_else(|| all.clone()),
            https: find(&["https_proxy", "HTTPS_PROXY"]).or(all),
            direct: entries.map(Direct::read).collect(),
        }
    }

    /// The proxy for an address; none for direct connections. This machine is always connected to
    /// directly.
    pub(super) fn of(&self, address: &str) -> Result<Option<Proxy>, String> {
        let Ok(uri) = address.parse::<Uri>() else { return Ok(None) };
        let https = uri.scheme_str() == Some("https");
        let Some(named) = (if https { &self.https } else { &self.http }) else { return Ok(None) };
        let host = uri.host().unwrap_or_default();
        let host = host.trim_start_matches('[').trim_end_matches([']', '.']).to_ascii_lowercase();
        let port = uri.port_u16().unwrap_or(if https { 443 } else { 80 });
        if is_here(&host) || self.direct.iter().any(|entry| entry.names(&host, port)) {
            return Ok(None);
        }
        // A proxy without a scheme is an HTTP proxy.
        let whole = if named.contains("://") { named.clone() } else { format!("http://{named}") };
        // Its address may contain a password, so it is not repeated.
        let unusable = |_| "the address of the proxy that the environment names can't be used";
        Proxy::new(&whole).map(Some).map_err(|e| unusable(e).to_owned())
    }
}

fn is_here(host: &str) -> bool {
    let own = host == "localhost" || host.ends_with(".localhost");
    own || host.parse::<IpAddr>().is_ok_and(|ip| ip.to_canonical().is_loopback())
}

impl Direct {
    fn read(entry: &str) -> Self {
        if entry == "*" {
            return Self::All;
        }
        if let Some(network) = network(entry) {
            return Self::Network(network, None);
        }
        let (host, port) = match entry.rsplit_once(':') {
            Some((host, port)) => (host, port.parse().ok()),
            None => (entry, None),
        };
        if let Some(network) = network(host) {
            return Self::Network(network, port);
        }
        let domain = host.trim_start_matches("*.").trim_matches('.').to_ascii_lowercase();
        Self::Domain(domain, port)
    }

    fn names(&self, host: &str, port: u16) -> bool {
        let same_port = |own: &Option<u16>| own.is_none_or(|own| own == port);
        match self {
            Self::All => true,
            Self::Network(network, own) => {
                let ip = host.parse::<IpAddr>().map(|ip| ip.to_canonical());
                same_port(own) && ip.is_ok_and(|ip| network.contains(&ip))
            }
            // The domain itself, and every host below it.
            Self::Domain(domain, own) => {
                let below = host.strip_suffix(domain.as_str());
                same_port(own) && below.is_some_and(|it| it.is_empty() || it.ends_with('.'))
            }
        }
    }
}

/// A network as `10.0.0.0/8`, or a single address of it; of version 6 in brackets or without.
fn network(text: &str) -> Option<IpNet> {
    let plain = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    let single = || plain.parse::<IpAddr>().map(|ip| IpNet::from(ip.to_canonical()));
    plain.parse::<IpNet>().or_else(|_| single()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The host and port of the proxy that is used, if one is.
    fn used(variables: &[(&str, &str)], address: &str) -> Option<String> {
        let find = |name: &str| {
            variables.iter().find(|(own, _)| *own == name).map(|(_, value)| (*value).to_owned())
        };
        let proxy = Proxies::new(find).of(address).unwrap()?;
        Some(format!("{}:{}", proxy.host(), proxy.port()))
    }

    #[test]
    fn a_proxy_is_used_for_its_own_scheme() {
        let both = [("HTTPS_PROXY", "http://s:1"), ("http_proxy", "p:2")];
        assert_eq!(used(&both, "https://a.example").as_deref(), Some("s:1"));
        assert_eq!(used(&both, "http://a.example").as_deref(), Some("p:2"));
        let one = [("HTTPS_PROXY", "http://s:1")];
        assert_eq!(used(&one, "http://a.example"), None);
        let all = [("ALL_PROXY", "http://all:3"), ("https_proxy", "")];
        assert_eq!(used(&all, "http://a.example").as_deref(), Some("all:3"));
        assert_eq!(
            used(&[("https_proxy", "a:1"), ("HTTPS_PROXY", "b:1")], "https://x").as_deref(),
            Some("a:1")
        );
        assert_eq!(used(&[], "https://a.example"), None);
    }

    #[test]
    fn this_machine_is_asked_directly() {
        let all = [("ALL_PROXY", "http://p:1")];
        for here in [
            "http://127.0.0.1:8080",
            "http://127.9.9.9",
            "http://localhost:1",
            "http://[::1]:80",
            "http://a.localhost",
        ] {
            assert_eq!(used(&all, here), None, "{here}");
        }
        assert!(used(&all, "http://localhost.example").is_some());
    }

    #[test]
    fn no_proxy_is_read_as_by_curl() {
        let goes_direct = |no_proxy: &str, address: &str| {
            used(&[("ALL_PROXY", "http://p:1"), ("NO_PROXY", no_proxy)], address).is_none()
        };
        for (no_proxy, address) in [
            ("*", "https://a.example"),
            ("example.org", "https://example.org"),
            ("example.org", "https://x.example.org"),
            (".example.org", "https://example.org"),
            (".example.org", "https://x.y.example.org."),
            ("*.example.org", "https://x.example.org"),
            ("other, EXAMPLE.org", "https://X.example.org"),
            ("other example.org", "https://example.org"),
            ("10.0.0.0/8", "http://10.1.2.3"),
            ("10.1.2.3", "http://10.1.2.3:99"),
            ("10.0.0.0/8:99", "http://10.1.2.3:99"),
            ("example.org:8443", "https://example.org:8443"),
            ("example.org:443", "https://example.org"),
            ("fd00::/8", "http://[fd00::1]:80"),
            ("[fd00::1]:80", "http://[fd00::1]"),
            ("fd00::1", "http://[fd00::1]"),
        ] {
            assert!(goes_direct(no_proxy, address), "{no_proxy} {address}");
        }
        for (no_proxy, address) in [
            ("", "https://a.example"),
            ("example.org", "https://notexample.org"),
            ("example.org", "https://example.org.evil"),
            ("example.org:8443", "https://example.org"),
            ("10.0.0.0/8", "http://11.1.2.3"),
            ("10.0.0.0/8:80", "http://10.1.2.3:99"),
            ("a*", "https://a.example"),
        ] {
            assert!(!goes_direct(no_proxy, address), "{no_proxy} {address}");
        }
    }
}
