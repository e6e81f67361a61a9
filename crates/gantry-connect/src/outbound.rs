//! The one HTTP client for addresses that clients and tenants name.
//!
//! Owns the guard: which schemes, hosts, ports and resolved addresses may be asked, and how long
//! and how much may be answered (attack catalogue SSR). Follows no redirect, uses no proxy, tells
//! no tenant why a fetch failed.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use gantry_core::secret::Secret;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::HeaderValue;
use url::{Host, Url};

/// A fetch ends after this, however slowly its bytes arrive.
const DEADLINE: Duration = Duration::from_secs(5);
/// The most bytes of an answer.
const MAX_BODY: usize = 256 * 1024;

/// How far the client reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Public addresses by https.
    Public,
    /// Those, and this machine by http too: the demo and the tests.
    LoopbackToo,
}

/// Why nothing was fetched: for logs, never for whoever named the address.
#[derive(Debug, thiserror::Error)]
pub enum FetchFailed {
    /// The URL is not one that may be asked.
    #[error("the address is not allowed: {0}")]
    Forbidden(&'static str),
    /// The other side did not answer as it should.
    #[error("the request failed: {0}")]
    Network(#[source] reqwest::Error),
    /// Another status than 200; a redirect is one of them.
    #[error("the answer had the status {0}")]
    Status(u16),
    /// The answer is longer than the limit.
    #[error("the answer is longer than {MAX_BODY} bytes")]
    TooLong,
    /// The bytes are not what was asked for.
    #[error("the answer is not a {0}")]
    Unreadable(&'static str),
    /// A fetch failed a moment ago and is not tried again yet.
    #[error("the last try failed a moment ago")]
    Resting,
    /// The client itself could not be made.
    #[error("the HTTP client could not be set up: {0}")]
    Setup(String),
}

/// A request, in the few forms that Gantry makes.
#[derive(Debug, Clone)]
pub struct Call<'c> {
    url: &'c str,
    form: Option<Vec<(&'c str, Secret)>>,
    json: Option<String>,
    authorization: Option<Secret>,
    accept: &'c str,
}

impl<'c> Call<'c> {
    /// A GET.
    pub const fn get(url: &'c str) -> Self {
        Self { url, form: None, json: None, authorization: None, accept: "application/json" }
    }

    /// A POST of a form. Its values may be secret.
    pub const fn post(url: &'c str, form: Vec<(&'c str, Secret)>) -> Self {
        Self { url, form: Some(form), json: None, authorization: None, accept: "application/json" }
    }

    /// A POST of JSON.
    pub fn post_json(url: &'c str, body: &serde_json::Value) -> Self {
        Self { json: Some(body.to_string()), ..Self::get(url) }
    }

    /// With this `Authorization` header, scheme included.
    #[must_use]
    pub fn authorization(mut self, header: Option<Secret>) -> Self {
        self.authorization = header;
        self
    }

    /// With this access token (RFC 6750 §2.1).
    #[must_use]
    pub fn bearer(self, token: &Secret) -> Self {
        self.authorization(Some(Secret::new(format!("Bearer {}", token.expose()))))
    }

    /// Asking for another form of JSON.
    #[must_use]
    pub const fn accept(mut self, accept: &'c str) -> Self {
        self.accept = accept;
        self
    }
}

/// What came back, whatever its status.
#[derive(Clone)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Whether it says that it is JSON.
    pub is_json: bool,
    /// The bytes, within the limit.
    pub body: Vec<u8>,
}

impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Answer").field("status", &self.status).field("is_json", &self.is_json).finish_non_exhaustive()
    }
}

/// The guarded client. Cheap to clone; sets itself up on first use, because most servers never need it.
#[derive(Debug, Clone)]
pub struct Outbound {
    reach: Reach,
    deadline: Duration,
    client: Arc<OnceLock<Result<reqwest::Client, String>>>,
}

impl Outbound {
    /// A client that reaches so far.
    pub fn new(reach: Reach) -> Self {
        Self { reach, deadline: DEADLINE, client: Arc::default() }
    }

    /// The same client with another deadline, for tests that wait for it.
    #[must_use]
    pub fn with_deadline(self, deadline: Duration) -> Self {
        Self { deadline, client: Arc::default(), ..self }
    }

    /// How far it reaches.
    pub const fn reach(&self) -> Reach {
        self.reach
    }

    /// Fetches a document: GET, status 200, within time and size.
    pub async fn get(&self, url: &str) -> Result<Vec<u8>, FetchFailed> {
        let answer = self.send(Call::get(url)).await?;
        if answer.status == 200 { Ok(answer.body) } else { Err(FetchFailed::Status(answer.status)) }
    }

    /// Asks, and gives back what was answered within time and size.
    pub async fn send(&self, call: Call<'_>) -> Result<Answer, FetchFailed> {
        let url = check_url(call.url, self.reach)?;
        let client = self.client.get_or_init(|| build(self.reach, self.deadline).map_err(|error| error.to_string()));
        let client = client.as_ref().map_err(|error| FetchFailed::Setup(error.clone()))?;
        let mut request = match (&call.form, &call.json) {
            (None, None) => client.get(url),
            (_, Some(json)) => client.post(url).header("content-type", "application/json").body(json.clone()),
            (Some(form), None) => client.post(url).form(&form.iter().map(|(name, value)| (*name, value.expose())).collect::<Vec<_>>()),
        };
        request = request.header("accept", call.accept);
        if let Some(header) = &call.authorization {
            let mut value = HeaderValue::from_str(header.expose()).or(Err(FetchFailed::Forbidden("its credentials fit into no header")))?;
            value.set_sensitive(true);
            request = request.header("authorization", value);
        }
        let mut response = request.send().await.map_err(FetchFailed::Network)?;
        let status = response.status().as_u16();
        let is_json = response.headers().get("content-type").and_then(|value| value.to_str().ok()).is_some_and(is_json);
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(FetchFailed::Network)? {
            if body.len() + chunk.len() > MAX_BODY {
                return Err(FetchFailed::TooLong);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer { status, is_json, body })
    }
}

/// Whether a `Content-Type` names JSON or a format made of it.
fn is_json(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
}

fn build(reach: Reach, deadline: Duration) -> Result<reqwest::Client, reqwest::Error> {
    reqwest::Client::builder()
        .user_agent("gantry")
        .https_only(reach == Reach::Public)
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .referer(false)
        .timeout(deadline)
        // Fetches are rare, and a pooled connection would outlive the check of its address.
        .pool_max_idle_per_host(0)
        .dns_resolver(Arc::new(GuardedResolver(reach)))
        .build()
}

/// Whether a URL may be asked at all; also for forms and realm files, before it is stored.
pub fn check_url(url: &str, reach: Reach) -> Result<Url, FetchFailed> {
    let url = Url::parse(url).or(Err(FetchFailed::Forbidden("not an absolute URL")))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(FetchFailed::Forbidden("it has a user name or password"));
    }
    let loopback = match url.host() {
        // Literals never come to the resolver, so they are judged here. `Url` has already turned
        // octal, hexadecimal and integer spellings into addresses.
        Some(Host::Ipv4(ip)) => judge(IpAddr::V4(ip), reach)?,
        Some(Host::Ipv6(ip)) => judge(IpAddr::V6(ip), reach)?,
        Some(Host::Domain(name)) => {
            let local = name == "localhost" || name.ends_with(".localhost") || name == "localhost." || name.ends_with(".localhost.");
            if local && reach == Reach::Public {
                return Err(FetchFailed::Forbidden("its host is this machine"));
            }
            local
        }
        None => return Err(FetchFailed::Forbidden("it has no host")),
    };
    match url.scheme() {
        "https" => {}
        "http" if loopback => {}
        _ => return Err(FetchFailed::Forbidden("its scheme is not https")),
    }
    // The low ports belong to other protocols, which a crafted request could speak to.
    match url.port_or_known_default() {
        Some(443 | 1024..) => Ok(url),
        Some(_) | None => Err(FetchFailed::Forbidden("its port is neither 443 nor above 1023")),
    }
}

/// Whether the address is this machine's; refused if it is out of reach.
fn judge(ip: IpAddr, reach: Reach) -> Result<bool, FetchFailed> {
    match (is_public(ip), ip.is_loopback(), reach) {
        (true, ..) => Ok(false),
        (false, true, Reach::LoopbackToo) => Ok(true),
        _ => Err(FetchFailed::Forbidden("its host is not a public address")),
    }
}

/// Whether an address is one of the public internet, by the special-purpose registries (RFC 6890).
fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let special = ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_documentation()
        || matches!((a, b, c), (0 | 224.., ..) | (100, 64..=127, _) | (192, 0, 0) | (192, 88, 99) | (198, 18 | 19, _));
    !special
}

/// Only global unicast, and of it nothing that embeds or tunnels another address.
fn is_public_v6(ip: Ipv6Addr) -> bool {
    let [a, b, ..] = ip.segments();
    let global = a & 0xe000 == 0x2000;
    let special = (a == 0x2001 && (b < 0x0200 || b == 0x0db8)) || a == 0x2002 || (a == 0x3fff && b < 0x1000);
    global && !special
}

/// Resolves names by the system and passes on only the addresses that may be asked. The client
/// connects to exactly these, so a name cannot change its mind in between.
struct GuardedResolver(Reach);

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = self.0;
        Box::pin(async move {
            let resolved = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed: Vec<SocketAddr> = resolved.filter(|address| judge(address.ip(), reach).is_ok()).collect();
            if allowed.is_empty() {
                return Err(FetchFailed::Forbidden("its host has no public address").into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ssr_01_inner_addresses_are_out_of_reach_in_every_spelling() {
        for url in [
            "https://127.0.0.1/",
            "https://127.1/",
            "https://2130706433/",
            "https://0x7f000001/",
            "https://0177.0.0.1/",
            "https://0.0.0.0/",
            "https://10.0.0.1/",
            "https://172.16.0.1/",
            "https://192.168.1.1/",
            "https://169.254.169.254/latest/meta-data",
            "https://100.64.0.1/",
            "https://198.18.0.1/",
            "https://224.0.0.1/",
            "https://255.255.255.255/",
            "https://[::1]/",
            "https://[::]/",
            "https://[::ffff:127.0.0.1]/",
            "https://[::ffff:8.8.8.8]/",
            "https://[fc00::1]/",
            "https://[fe80::1]/",
            "https://[64:ff9b::7f00:1]/",
            "https://[2002:7f00:1::]/",
            "https://[2001:db8::1]/",
            "https://localhost/",
            "https://a.localhost/",
            "https://localhost./",
        ] {
            assert!(check_url(url, Reach::Public).is_err(), "{url}");
        }
        for url in ["https://8.8.8.8/", "https://[2606:4700::1111]/", "https://app.example/jwks", "https://app.example:8443/jwks"] {
            assert!(check_url(url, Reach::Public).is_ok(), "{url}");
        }
    }

    #[test]
    fn ssr_04_only_https_and_its_ports() {
        for url in [
            "http://app.example/jwks",
            "file:///etc/passwd",
            "gopher://app.example/",
            "ftp://app.example/",
            "data:text/plain,x",
            "unix:/run/x.sock",
            "https://user@app.example/",
            "https://app.example:22/",
            "https://app.example:0/",
            "/jwks",
        ] {
            assert!(check_url(url, Reach::Public).is_err(), "{url}");
            assert!(check_url(url, Reach::LoopbackToo).is_err(), "{url}");
        }
    }

    #[test]
    fn json_has_many_names_and_html_is_none_of_them() {
        for json in ["application/json", "Application/JSON; charset=utf-8", "application/jwk-set+json", "application/scim+json"] {
            assert!(is_json(json), "{json}");
        }
        for other in ["", "text/html", "text/plain", "application/jwt", "text/html; application/json", "applicationx/y+json"] {
            assert!(!is_json(other), "{other}");
        }
    }

    #[test]
    fn the_demo_reaches_this_machine_and_no_further() {
        for url in ["http://127.0.0.1:8090/jwks", "http://localhost:8090/jwks", "http://[::1]:8090/jwks"] {
            assert!(check_url(url, Reach::LoopbackToo).is_ok(), "{url}");
        }
        for url in ["http://10.0.0.1:8090/jwks", "https://169.254.169.254/", "http://8.8.8.8:8090/"] {
            assert!(check_url(url, Reach::LoopbackToo).is_err(), "{url}");
        }
    }
}
