//! Connections to other machines: their certificates and proxies. The variables are the usual ones
//! and work as in curl.

mod proxy;

use std::sync::OnceLock;

use ureq::Agent;
use ureq::config::ConfigBuilder;
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::typestate::AgentScope;

pub(crate) use proxy::Proxies;

/// What to do about a certificate of an unknown authority.
const TRUST: &str = "if its certificate is signed by an authority of your own, name that \
                     authority's certificate in the variable SSL_CERT_FILE (a file in PEM form) or \
                     add it to the system's certificates";

/// An agent with a configuration, which uses the proxy for an address, if there is one.
pub(crate) fn agent(
    config: ConfigBuilder<AgentScope>,
    address: &str,
    proxies: &Proxies,
) -> Result<Agent, String> {
    let tls = TlsConfig::builder().root_certs(roots()).build();
    let proxy = proxies.of(address)?;
    Ok(config.tls_config(tls).proxy(proxy).build().into())
}

/// The authorities that the system trusts, or those of `SSL_CERT_FILE` and `SSL_CERT_DIR`;
/// Mozilla's if the system has none. They are read once.
fn roots() -> RootCerts {
    static ROOTS: OnceLock<RootCerts> = OnceLock::new();
    let read = || {
        let found = rustls_native_certs::load_native_certs();
        for error in &found.errors {
            tracing::warn!(%error, "could not read a trusted certificate");
        }
        let certs = found.certs.iter().map(|it| Certificate::from_der(it).to_owned());
        let certs: Vec<Certificate<'static>> = certs.collect();
        if certs.is_empty() { RootCerts::WebPki } else { RootCerts::from(certs) }
    };
    ROOTS.get_or_init(read).clone()
}

/// Why a retry would fail in the same way, and what to do about it; none if a retry may succeed.
pub(crate) fn why_final(error: &ureq::Error) -> Option<String> {
    use ureq::Error::{
        BadUri, ConnectProxyFailed, HostNotFound, Http, InvalidProxyUrl, RequireHttpsOnly,
    };
    let said = error.to_string();
    match error {
        BadUri(_) | Http(_) | RequireHttpsOnly(_) => Some(format!("this can't be sent: {said}")),
        InvalidProxyUrl => Some("the address of the proxy can't be used".to_owned()),
        ConnectProxyFailed(_) if said.contains("407") => Some(
            "the proxy asks for a name and a password (407): put them into its address, such as \
             HTTPS_PROXY=http://name:password@proxy.example:3128, or name this server in NO_PROXY"
                .to_owned(),
        ),
        ConnectProxyFailed(_) if said.contains("responded 4") => Some(format!(
            "the proxy refuses to connect ({said}): ask its operator, or name this server in NO_PROXY"
        )),
        HostNotFound => Some(unknown_host(&said)),
        _ if is_unknown_host(&said) => Some(unknown_host(&said)),
        _ if said.contains("invalid peer certificate") => Some(untrusted(&said)),
        _ => None,
    }
}

fn unknown_host(said: &str) -> String {
    format!("unknown host ({said}): check the address")
}

/// Whether a resolver says that a name doesn't exist; a temporary failure is different.
fn is_unknown_host(said: &str) -> bool {
    ["Name or service not known", "nodename nor servname", "No such host is known"]
        .iter()
        .any(|known| said.contains(known))
}

fn untrusted(said: &str) -> String {
    if said.contains("UnknownIssuer") || said.contains("CaUsedAsEndEntity") {
        return format!("its certificate is not signed by a trusted authority ({said}): {TRUST}");
    }
    format!("its certificate can't be trusted ({said}): contact the server's operator")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_not_pass_is_final_and_names_the_way_out() {
        let io = |said: &str| ureq::Error::Io(std::io::Error::other(said.to_owned()));
        for (error, way) in [
            (io("invalid peer certificate: UnknownIssuer"), "SSL_CERT_FILE"),
            (io("invalid peer certificate: Expired"), "the server's operator"),
            (io("failed to lookup address information: Name or service not known"), "address"),
            (ureq::Error::HostNotFound, "address"),
            (ureq::Error::ConnectProxyFailed("proxy server responded 407/407".into()), "NO_PROXY"),
            (ureq::Error::ConnectProxyFailed("proxy server responded 403/403".into()), "NO_PROXY"),
        ] {
            let why = why_final(&error).unwrap_or_else(|| panic!("{error} is tried again"));
            assert!(why.contains(way), "{why}");
        }
        for passing in [
            io("failed to lookup address information: Temporary failure in name resolution"),
            io("connection reset by peer"),
            ureq::Error::ConnectionFailed,
            ureq::Error::ConnectProxyFailed("proxy server responded 502/502".into()),
        ] {
            assert_eq!(why_final(&passing), None, "{passing}");
        }
    }
}
