//! Asks the DNS for TXT records, which prove that a domain is somebody's.
//!
//! A record that is not there and an answer that did not come are two things: only the first says anything
//! about the domain. Answers are limited in time, number and length, and never remembered: whoever has just
//! set a record wants to see it counted.

use std::net::SocketAddr;
use std::sync::OnceLock;
use std::time::Duration;

use async_trait::async_trait;
use hickory_resolver::TokioResolver;
use hickory_resolver::config::{ConnectionConfig, NameServerConfig, ResolveHosts, ResolverConfig};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::net::{DnsError, NetError};
use hickory_resolver::proto::op::ResponseCode;
use hickory_resolver::proto::rr::RData;

/// A question ends after this, however many servers were asked.
const DEADLINE: Duration = Duration::from_secs(5);
/// One server has so long, and each is asked twice.
const ONE_TRY: Duration = Duration::from_secs(2);
/// The most records of one name that are read.
const MAX_RECORDS: usize = 32;
/// The longest record that is read.
const MAX_LENGTH: usize = 512;

/// No answer came: nothing is known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the DNS did not answer: {0}")]
pub struct NoAnswer(String);

impl NoAnswer {
    /// Because of this.
    pub fn new(why: impl Into<String>) -> Self {
        Self(why.into())
    }
}

/// Whoever can look TXT records up.
#[async_trait]
pub trait TxtRecords: Send + Sync + std::fmt::Debug {
    /// The TXT records of a name, each put together from its parts; none if there is no such name. Text that is
    /// no UTF-8 and what goes beyond the limits is left out.
    async fn txt(&self, name: &str) -> Result<Vec<String>, NoAnswer>;
}

/// The DNS. Sets itself up on first use, because most servers never need it.
#[derive(Debug)]
pub struct Dns {
    servers: Vec<SocketAddr>,
    resolver: OnceLock<Result<TokioResolver, String>>,
}

impl Dns {
    /// By these servers; with none, by those of the system.
    pub const fn new(servers: Vec<SocketAddr>) -> Self {
        Self { servers, resolver: OnceLock::new() }
    }

    fn resolver(&self) -> Result<&TokioResolver, NoAnswer> {
        let made = self.resolver.get_or_init(|| build(&self.servers).map_err(|error| error.to_string()));
        made.as_ref().map_err(|error| NoAnswer::new(error.as_str()))
    }
}

#[async_trait]
impl TxtRecords for Dns {
    async fn txt(&self, name: &str) -> Result<Vec<String>, NoAnswer> {
        let resolver = self.resolver()?;
        // With the dot at its end a name is whole, and no search domain is added.
        let asked = resolver.txt_lookup(format!("{name}."));
        let answer = tokio::time::timeout(DEADLINE, asked).await.or(Err(NoAnswer::new("it took too long")))?;
        let lookup = match answer {
            Ok(lookup) => lookup,
            Err(error) if is_missing(&error) => return Ok(Vec::new()),
            Err(error) => return Err(NoAnswer::new(error.to_string())),
        };
        let texts =
            lookup.answers().iter().filter_map(|record| if let RData::TXT(txt) = &record.data { text(&txt.txt_data) } else { None });
        Ok(texts.take(MAX_RECORDS).collect())
    }
}

/// A server said that there is no such name, or no such record there. A server that fails or refuses says nothing.
fn is_missing(error: &NetError) -> bool {
    let NetError::Dns(DnsError::NoRecordsFound(none)) = error else { return false };
    matches!(none.response_code, ResponseCode::NXDomain | ResponseCode::NoError)
}

fn text(parts: &[Box<[u8]>]) -> Option<String> {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    (length <= MAX_LENGTH).then(|| String::from_utf8(parts.concat()).ok()).flatten()
}

fn build(servers: &[SocketAddr]) -> Result<TokioResolver, NetError> {
    let mut builder = if servers.is_empty() {
        TokioResolver::builder_tokio()?
    } else {
        let named = servers.iter().map(|server| {
            let connections = [ConnectionConfig::udp(), ConnectionConfig::tcp()].map(|mut connection| {
                connection.port = server.port();
                connection
            });
            NameServerConfig::new(server.ip(), true, connections.to_vec())
        });
        TokioResolver::builder_with_config(ResolverConfig::from_name_servers(named.collect()), TokioRuntimeProvider::default())
    };
    let options = builder.options_mut();
    options.timeout = ONE_TRY;
    options.attempts = 1;
    options.cache_size = 0;
    options.use_hosts_file = ResolveHosts::Never;
    builder.build()
}

#[cfg(test)]
mod tests {
    use super::*;

    use hickory_resolver::proto::op::{Message, MessageType};
    use hickory_resolver::proto::rr::Record;
    use hickory_resolver::proto::rr::rdata::TXT;
    use tokio::net::UdpSocket;

    /// A server that answers every question in one way; `None` never does.
    async fn server(code: ResponseCode, records: Option<Vec<Vec<String>>>) -> Dns {
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let address = socket.local_addr().unwrap();
        #[expect(clippy::disallowed_methods, reason = "a server of the test's own, which ends with its runtime")]
        tokio::spawn(async move {
            let mut buffer = [0; 4096];
            while let Ok((length, from)) = socket.recv_from(&mut buffer).await {
                let Some(records) = &records else { continue };
                let question = Message::from_vec(&buffer[..length]).unwrap();
                let mut answer = Message::response(question.metadata.id, question.metadata.op_code);
                answer.metadata.message_type = MessageType::Response;
                answer.metadata.response_code = code;
                let query = question.queries[0].clone();
                for record in records {
                    answer.add_answer(Record::from_rdata(query.name().clone(), 60, RData::TXT(TXT::new(record.clone()))));
                }
                answer.add_query(query);
                socket.send_to(&answer.to_vec().unwrap(), from).await.unwrap();
            }
        });
        Dns::new(vec![address])
    }

    async fn asked(code: ResponseCode, records: &[&[&str]]) -> Result<Vec<String>, NoAnswer> {
        let records = records.iter().map(|parts| parts.iter().map(|part| (*part).to_owned()).collect()).collect();
        server(code, Some(records)).await.txt("_gantry-challenge.corp.example").await
    }

    #[tokio::test]
    async fn a_record_is_its_parts_put_together() {
        let found = asked(ResponseCode::NoError, &[&["v=spf1 -all"], &["gantry-domain=", "abc"]]).await;
        assert_eq!(found.unwrap(), ["v=spf1 -all", "gantry-domain=abc"]);
    }

    #[tokio::test]
    async fn nothing_there_is_an_answer_and_a_failure_is_none() {
        assert_eq!(asked(ResponseCode::NXDomain, &[]).await, Ok(Vec::new()));
        assert_eq!(asked(ResponseCode::NoError, &[]).await, Ok(Vec::new()));
        for code in [ResponseCode::ServFail, ResponseCode::Refused] {
            assert!(asked(code, &[]).await.is_err(), "{code}");
        }
    }

    #[tokio::test]
    async fn a_server_that_is_silent_costs_a_bounded_time() {
        let began = std::time::Instant::now();
        assert!(server(ResponseCode::NoError, None).await.txt("corp.example").await.is_err());
        assert!(began.elapsed() < Duration::from_secs(6));
    }

    #[tokio::test]
    async fn too_much_is_left_out() {
        let long = "x".repeat(250);
        let parts: Vec<&str> = std::iter::repeat_n(long.as_str(), 3).collect();
        assert_eq!(asked(ResponseCode::NoError, &[&parts, &["short"]]).await.unwrap(), ["short"]);
    }
}
