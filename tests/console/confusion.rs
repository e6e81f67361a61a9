//! Addresses written in other ways, headers that would move them, lines that would break out of a header, and what only the
//! management listener tells.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::Gantry;

/// Sends a request as it is written and reads all that comes back.
async fn raw(gantry: &Gantry, request: &str) -> String {
    let authority = gantry.base.split_once("://").unwrap().1;
    let mut stream = TcpStream::connect(authority.replace("localhost", "127.0.0.1")).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let reading = tokio::time::timeout(Duration::from_secs(5), stream.read_to_end(&mut answer)).await;
    assert!(reading.is_ok(), "the connection stays open after {request:?}");
    String::from_utf8_lossy(&answer).into_owned()
}

fn host(gantry: &Gantry) -> &str {
    gantry.base.split_once("://").unwrap().1
}

/// Asks for a target as it is written, with more headers.
async fn ask(gantry: &Gantry, target: &str, headers: &str) -> (u16, String) {
    let answer = raw(gantry, &format!("GET {target} HTTP/1.1\r\nHost: {}\r\n{headers}Connection: close\r\n\r\n", host(gantry))).await;
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_else(|| panic!("no answer: {answer:?}"));
    (status, answer)
}

fn cookies(console: &crate::support::Console<'_>) -> String {
    let all: Vec<String> = console.browser.cookies().into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    format!("Cookie: {}\r\n", all.join("; "))
}

/// Spellings of the console's addresses that are none of them.
const PAGES: &[&str] = &[
    "//console/realms",
    "/./console/realms",
    "/x/../console/realms",
    "/console//realms",
    "/console/./realms",
    "/console/x/../realms",
    "/console/%2e/realms",
    "/console/x/%2e%2e/realms",
    "/console/%2E%2E/console/realms",
    "/console%2frealms",
    "/console%2Frealms",
    "/console%5crealms",
    "/console\\realms",
    "/console;x/realms",
    "/console/realms;x=1",
    "/console/realms/",
    "/console/realms.",
    "/console/realms%20",
    "/console/realms%00",
    "/console/realms%0a",
    "/Console/realms",
    "/CONSOLE/REALMS",
    "/%63onsole/realms",
    "/console/realms%3f",
    "/realms/default/console/realms",
    "/auth/realms/default/console/realms",
    "/console/realms/..%2fdefault",
    "/console/realms/DEFAULT",
    "/console/realms/default%20",
    "/console/realms/default%00",
    "/console/realms/default/../other",
];

/// The same of the admin API's.
const CALLS: &[&str] = &[
    "//api/admin/v1/realms/default/users",
    "/api//admin/v1/realms/default/users",
    "/api/./admin/v1/realms/default/users",
    "/api/admin/v1/../v1/realms/default/users",
    "/api/admin/v1/%2e%2e/v1/realms/default/users",
    "/api%2fadmin/v1/realms/default/users",
    "/api/admin/v1;x/realms/default/users",
    "/api/admin/v1/realms/default/users/",
    "/api/admin/v1/realms/default/users.json",
    "/API/admin/v1/realms/default/users",
    "/api/admin/V1/realms/default/users",
    "/api/admin/v2/realms/default/users",
    "/realms/default/api/admin/v1/realms/default/users",
    "/api/admin/v1/realms/default%2fusers",
    "/api/admin/v1/realms/other/../default/users",
];

#[tokio::test]
async fn web_12_an_address_has_one_spelling() {
    let gantry = Gantry::start().await;
    let (console, program) = (gantry.operator().await, gantry.program("default").await);
    let (signed_in, key) = (cookies(&console), format!("Authorization: Bearer {}\r\n", program.key));
    assert_eq!(ask(&gantry, "/console/realms", &signed_in).await.0, 200, "the cookies are good");
    for target in PAGES {
        let (status, answer) = ask(&gantry, target, &signed_in).await;
        assert!(matches!(status, 400 | 404), "{target}: {status}\n{answer}");
    }
    assert_eq!(ask(&gantry, "/api/admin/v1/realms/default/users", &key).await.0, 200, "the key is good");
    for target in CALLS {
        let (status, answer) = ask(&gantry, target, &key).await;
        assert!(matches!(status, 400 | 404), "{target}: {status}\n{answer}");
    }
}

/// What is spelled otherwise and still the same is judged as the same, for nobody as for somebody.
#[tokio::test]
async fn web_12_whoever_is_kept_out_of_an_address_is_kept_out_however_it_is_spelled() {
    let gantry = Gantry::start().await;
    let console = gantry.realm_admin().await;
    let signed_in = cookies(&console);
    for (target, plain) in [
        ("/console/%72ealms", "/console/realms"),
        ("/console/realms/%64efault", "/console/realms/default"),
        ("/console/realms/o%74her/people", "/console/realms/other/people"),
    ] {
        for headers in ["", signed_in.as_str()] {
            let (wanted, _) = ask(&gantry, plain, headers).await;
            let (status, _) = ask(&gantry, target, headers).await;
            assert!(status == wanted || status == 404, "{target}: {status} and not {wanted}");
        }
    }
    // No header names another address or another method (attack catalogue §0.18).
    for header in ["X-Original-URL", "X-Rewrite-URL", "X-Forwarded-Path", "X-Forwarded-Prefix", "X-HTTP-Method-Override", "X-Original-Host"]
    {
        let (status, answer) = ask(&gantry, "/console/realms", &format!("{header}: /console/sign-in\r\n")).await;
        assert!(status == 303 && !answer.contains("id=\"console-sign-in\""), "{header}: {answer}");
        let (status, _) = ask(&gantry, "/nothing", &format!("{signed_in}{header}: /console/realms/default\r\n")).await;
        assert_eq!(status, 404, "{header}");
    }
    for method in ["PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "PROPFIND"] {
        let request = format!("{method} /console/realms HTTP/1.1\r\nHost: {}\r\n{signed_in}Connection: close\r\n\r\n", host(&gantry));
        let status: u16 = raw(&gantry, &request).await.split(' ').nth(1).unwrap().parse().unwrap();
        assert!((400..500).contains(&status), "{method}: {status}");
    }
}

#[tokio::test]
async fn web_13_what_the_process_tells_of_itself_is_not_on_the_public_listener() {
    let gantry = Gantry::start().await;
    let (operator, program) = (gantry.operator().await, gantry.program("system").await);
    let (signed_in, key) = (cookies(&operator), format!("Authorization: Bearer {}\r\n", program.key));
    for target in [
        "/metrics",
        "/health",
        "/health/live",
        "/health/ready",
        "/healthz",
        "/readyz",
        "/status",
        "/debug/pprof/",
        "/debug/vars",
        "/actuator",
        "/actuator/health",
        "/server-status",
        "/.env",
        "/.git/config",
        "/realms/default/metrics",
        "/realms/default/health/ready",
        "/console/metrics",
        "/api/admin/v1/metrics",
        "/api/admin/v1/health",
    ] {
        for headers in
            ["", "User-Agent: Prometheus/2.53.0\r\n", "User-Agent: kube-probe/1.30\r\n", "User-Agent: GoogleHC/1.0\r\n", &signed_in, &key]
        {
            assert_eq!(ask(&gantry, target, headers).await.0, 404, "{target} with {headers}");
        }
    }
}

/// Everything by which a line could get into a header: where a browser is sent, what it is told to keep, names of files.
#[tokio::test]
async fn web_10_no_line_breaks_out_of_a_header() {
    let gantry = Gantry::start().await;
    let console = gantry.operator().await;
    let signed_in = cookies(&console);
    let authorize = gantry.client("ledger").authorize().url();
    let authorize = authorize.strip_prefix(&gantry.base).unwrap();
    for end in
        ["%0d%0aX-Injected:%20yes", "%0aX-Injected:%20yes", "%0d%0a%0d%0a<b>", "%00", "%e5%98%8d%e5%98%8aX-Injected:%20yes", "%c4%8d%c4%8a"]
    {
        for target in [
            format!("/console/sign-in?return=/console{end}"),
            format!("/console/sign-in?realm=default{end}"),
            format!("/console/sign-in/again?return=/console/realms{end}"),
            format!("/console/callback?state={end}&code={end}&error={end}"),
            format!("/console/realms?notice=saved{end}&after={end}"),
            format!("/console/realms/default{end}"),
            format!("/console/realms/default/people/{end}"),
            format!("/console/realms/default/branding/preview?name=x{end}"),
            format!("/console/realms/default/audit?q=a{end}&event=updated"),
            format!("/sign-in?login_hint=a{end}&ui_locales={end}"),
            format!("{authorize}&state=a{end}&ui_locales={end}&login_hint={end}"),
            format!("{authorize}&nonce=a{end}"),
            format!("/realms/default{end}/sign-in"),
            format!("/errors/{end}"),
            format!("/static/{end}"),
        ] {
            for headers in ["", signed_in.as_str()] {
                let (status, answer) = ask(&gantry, &target, headers).await;
                assert!(status < 500, "{target}: {answer}");
                assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "one answer to {target}: {answer}");
                let head = answer.split("\r\n\r\n").next().unwrap();
                assert!(!head.to_ascii_lowercase().lines().any(|line| line.starts_with("x-injected")), "{target}: {head}");
                assert!(!head.contains('\0') && head.lines().all(|line| !line.contains('\r')), "{target}: {head}");
            }
        }
    }
    // Names that end up in headers of mails or in the names of files are refused where they are saved.
    let program = gantry.program("default").await;
    for name in ["Acme\r\nX-Injected: yes", "Acme\nBcc: eve@example.com", "Acme\rX", "Acme\u{85}X", "Acme\u{2028}X"] {
        for (method, path, member) in [
            ("POST", "/realms/default/publishers", "name"),
            ("PATCH", "/realms/default", "name"),
            ("POST", "/realms/default/tenants", "name"),
        ] {
            let mut body = serde_json::json!({ member: name });
            if path.ends_with("publishers") {
                body["slug"] = "injected".into();
            }
            let answer = program.send(method, path, &body).await;
            assert_eq!(answer.status, 400, "{path} {name:?}: {}", answer.body);
        }
        let text = serde_json::json!({ "mail": "reset_password", "locale": "en", "subject": name, "paragraphs": ["{link}"] });
        let answer = program.send("POST", "/realms/default/mail-texts", &text).await;
        let kept_apart = answer.status == 400 || !name.chars().any(char::is_control);
        assert!(kept_apart, "{name:?}: {}", answer.body);
    }
}
