//! The guide's nginx set-up, in front of an API that tells what it was sent.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use reqwest::header;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::{API, HEADER, app_key, bearer, personal_token, revoke};
use crate::support::database::told;
use crate::support::node::free_port;
use crate::support::{Answer, Gantry, Person};

/// A running nginx. Stopped when it is dropped.
struct Nginx {
    child: Child,
    port: u16,
    _folder: tempfile::TempDir,
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Nginx {
    /// Starts it with the guide's server, at the places of this test.
    async fn start(gantry: &Gantry, api: &str) -> Self {
        let guide = include_str!("../../docs/guides/gateway.md");
        let server = guide.split("```nginx\n").nth(1).unwrap().split("```").next().unwrap();
        let (port, host) = (free_port(), gantry.base.trim_start_matches("http://"));
        let server = server
            .replace("listen 80;", &format!("listen 127.0.0.1:{port};"))
            .replace("http://stock.internal:8000", api)
            .replace("https://id.acme.example", &gantry.base.replace("localhost", "127.0.0.1"))
            .replace("Host id.acme.example", &format!("Host {host}"))
            .replace("aud=https://api.acme.example", &format!("aud={API}"))
            .replace("stock:read", "orders:read")
            .replace("X-Api-Key", HEADER);
        assert!(!server.contains("id.acme.example") && !server.contains("stock"), "{server}");
        let folder = tempfile::tempdir().unwrap();
        let paths: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map(|name| format!("{name}_temp_path {}/{name};\n", folder.path().display()))
            .concat();
        let text = format!("daemon off;\nmaster_process off;\npid nginx.pid;\nevents {{}}\nhttp {{\naccess_log off;\n{paths}{server}}}\n");
        std::fs::write(folder.path().join("nginx.conf"), text).unwrap();
        let child = Command::new(told("GANTRY_NGINX").unwrap_or_else(|| "nginx".to_owned()))
            .args(["-e", "stderr", "-c", "nginx.conf", "-p"])
            .arg(folder.path())
            .stdout(Stdio::null())
            .spawn()
            .expect("this test needs nginx: install it, it is not skipped");
        let nginx = Self { child, port, _folder: folder };
        for _ in 0..200 {
            if TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
                return nginx;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("nginx did not start");
    }

    async fn get(&self, gantry: &Gantry, path: &str, headers: &[(&str, &str)]) -> Answer {
        let request =
            gantry.http.post(format!("http://127.0.0.1:{}{path}", self.port)).header(header::HOST, "api.acme.example").body("x=1");
        Answer::of(headers.iter().fold(request, |request, (name, value)| request.header(*name, *value)).send().await.unwrap()).await
    }
}

/// An API that answers with the head of each request, lower-cased, as long as the set is held.
async fn echo(tasks: &mut JoinSet<()>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tasks.spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut head = vec![0; 8192];
            let count = stream.read(&mut head).await.unwrap_or(0);
            let body = String::from_utf8_lossy(&head[..count]).to_lowercase();
            let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len());
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    address
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nginx_lets_pass_what_gantry_knows_and_says_who_it_is() {
    let gantry = Gantry::start().await;
    let mut tasks = JoinSet::new();
    let nginx = Nginx::start(&gantry, &echo(&mut tasks).await).await;
    let (key, text) = app_key(&gantry, "worker", "orders:read", None).await;
    let (_, own) = personal_token(&gantry, Person::ALICE, "orders:read").await;
    let alice = gantry.user(Person::ALICE).await.id.to_string();
    let forged = [("X-Auth-Subject", "usr_admin"), ("X-Auth-Org", "org_acme"), ("X-Auth-Client", "admin")];

    let mut headers = forged.to_vec();
    headers.push((HEADER, &text));
    let passed = nginx.get(&gantry, "/v1/orders?scope=orders:write&aud=none", &headers).await.ok().body;
    assert!(passed.starts_with("post /v1/orders?scope=orders:write&aud=none "), "{passed}");
    for line in ["x-auth-kind: app_key\r\n", "x-auth-subject: worker\r\n", "x-auth-client: worker\r\n", "x-auth-scope: orders:read\r\n"] {
        assert!(passed.contains(line), "{line}\n{passed}");
    }
    for gone in ["usr_admin", "org_acme", "admin", &text.to_lowercase(), "x-sample-key"] {
        assert!(!passed.contains(gone), "{gone}\n{passed}");
    }
    let own = bearer(&own);
    headers.pop();
    headers.push(("Authorization", &own));
    let passed = nginx.get(&gantry, "/", &headers).await.ok().body;
    assert!(passed.contains("x-auth-kind: personal_token\r\n") && passed.contains(&format!("x-auth-subject: {alice}\r\n")), "{passed}");
    assert!(!passed.contains("x-auth-client") && !passed.contains("authorization:"), "{passed}");

    let challenged = nginx.get(&gantry, "/", &forged).await;
    assert_eq!((challenged.status, challenged.headers[header::WWW_AUTHENTICATE].to_str().unwrap()), (401, "Bearer"));
    let (_, other) = app_key(&gantry, "worker", "opaque:read", None).await;
    assert_eq!(nginx.get(&gantry, "/", &[(HEADER, &other)]).await.status, 401, "for another API");
    let (_, writing) = personal_token(&gantry, Person::ALICE, "orders:write").await;
    assert_eq!(nginx.get(&gantry, "/", &[("Authorization", &bearer(&writing))]).await.status, 403);
    revoke(&gantry, &key).await;
    let refused = nginx.get(&gantry, "/", &[(HEADER, &text)]).await;
    assert_eq!(refused.status, 401, "at once");
    assert!(refused.headers[header::WWW_AUTHENTICATE].to_str().unwrap().contains("invalid_token"));
}
