//! A provider's server: what it was asked is remembered, what it answers each test decides.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// One request as it came.
#[derive(Debug, Clone)]
pub struct Asked {
    pub path: String,
    pub headers: HashMap<String, String>,
    pub body: String,
}

impl Asked {
    /// The fields of a form.
    pub fn form(&self) -> HashMap<String, String> {
        url::form_urlencoded::parse(self.body.as_bytes()).into_owned().collect()
    }
}

/// How a path is answered.
#[derive(Debug, Clone)]
pub enum Reply {
    /// JSON with this status.
    Json(u16, String),
    /// These bytes and no more.
    Raw(Vec<u8>),
    /// Nothing, for as long as the other side waits.
    Silence,
    /// One byte after the other.
    Drip,
}

impl Reply {
    /// A document.
    pub fn document(value: &Value) -> Self {
        Self::Json(200, value.to_string())
    }

    /// A body of this type.
    pub fn typed(content_type: &str, body: &str) -> Self {
        Self::Raw(
            format!("HTTP/1.1 200 OK\r\ncontent-type: {content_type}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len())
                .into_bytes(),
        )
    }
}

/// The server.
#[derive(Debug, Clone)]
pub struct Mock {
    pub url: String,
    replies: Arc<Mutex<HashMap<String, Reply>>>,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Mock {
    /// One that knows nothing yet.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let mock = Self { url, replies: Arc::default(), asked: Arc::default() };
        let server = mock.clone();
        #[expect(clippy::disallowed_methods, reason = "a server beside the test")]
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let server = server.clone();
                tokio::spawn(async move { server.serve(socket).await });
            }
        });
        mock
    }

    /// From now on this path is answered so.
    pub fn answer(&self, path: &str, reply: Reply) {
        self.replies.lock().unwrap().insert(path.to_owned(), reply);
    }

    /// What this path was asked so far.
    pub fn asked(&self, path: &str) -> Vec<Asked> {
        self.asked.lock().unwrap().iter().filter(|asked| asked.path == path).cloned().collect()
    }

    /// How often anything was asked.
    pub fn count(&self) -> usize {
        self.asked.lock().unwrap().len()
    }

    async fn serve(&self, mut socket: TcpStream) {
        let Some(asked) = read(&mut socket).await else { return };
        let reply = self.replies.lock().unwrap().get(&asked.path).cloned();
        self.asked.lock().unwrap().push(asked);
        match reply.unwrap_or_else(|| Reply::Json(404, "{}".to_owned())) {
            Reply::Json(status, body) => {
                let length = body.len();
                let head = format!(
                    "HTTP/1.1 {status} x\r\ncontent-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
                );
                let _ = socket.write_all(format!("{head}{body}").as_bytes()).await;
            }
            Reply::Raw(bytes) => drop(socket.write_all(&bytes).await),
            Reply::Silence => drop(socket.read(&mut [0]).await),
            Reply::Drip => {
                let _ = socket.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100000\r\n\r\n").await;
                while socket.write_all(b" ").await.is_ok() {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            }
        }
        let _ = socket.shutdown().await;
    }
}

async fn read(socket: &mut TcpStream) -> Option<Asked> {
    let mut bytes = Vec::new();
    loop {
        let mut chunk = [0; 4096];
        let count = socket.read(&mut chunk).await.ok().filter(|count| *count > 0)?;
        bytes.extend_from_slice(&chunk[..count]);
        let text = String::from_utf8_lossy(&bytes);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let mut lines = head.lines();
        let target = lines.next()?.split(' ').nth(1)?.to_owned();
        let path = target.split('?').next()?.to_owned();
        let headers: HashMap<String, String> =
            lines.filter_map(|line| line.split_once(": ")).map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned())).collect();
        let length: usize = headers.get("content-length").map_or(0, |length| length.parse().unwrap());
        if body.len() >= length {
            return Some(Asked { path, headers, body: body.to_owned() });
        }
    }
}
