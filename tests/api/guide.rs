//! The guide's curl lines, played in their order against a running server.

use std::collections::BTreeMap;

use gantry_core::admin_scope::AdminScope;

use crate::support::Gantry;

const GUIDE: &str = include_str!("../../docs/guides/admin-api.md");

/// One command: its words, what its answer's `id` is kept as, and the status that the guide promises.
struct Command {
    words: Vec<String>,
    keeps: Option<String>,
    status: u16,
}

fn commands() -> Vec<Command> {
    let blocks = GUIDE.split("```sh\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    let lines = blocks.flat_map(|block| block.replace("\\\n", " ").lines().map(str::to_owned).collect::<Vec<_>>());
    lines.map(|line| command(&line)).collect()
}

fn command(line: &str) -> Command {
    let (line, status) = line.rsplit_once(" # ").unwrap_or_else(|| panic!("{line} promises no status"));
    let (keeps, line) = match line.split_once("=$(") {
        Some((name, rest)) => (Some(name.to_owned()), rest.split(" | jq -r .id)").next().unwrap()),
        None => (None, line),
    };
    Command { words: words(line.trim()), keeps, status: status.trim().parse().unwrap() }
}

/// The words of a command as a shell takes them: quoted, or up to a space.
fn words(line: &str) -> Vec<String> {
    let (mut all, mut word, mut quote) = (Vec::new(), String::new(), None);
    for c in line.chars() {
        match quote {
            Some(open) if c == open => quote = None,
            None if c == '"' || c == '\'' => quote = Some(c),
            None if c.is_whitespace() => all.extend((!word.is_empty()).then(|| std::mem::take(&mut word))),
            Some(_) | None => word.push(c),
        }
    }
    all.extend((!word.is_empty()).then_some(word));
    all
}

#[tokio::test]
async fn the_guides_commands_do_what_it_says() {
    let gantry = Gantry::start().await;
    let program = gantry.program_with("default", &[AdminScope::ClientsRead, AdminScope::ClientsWrite]).await;
    let mut known = BTreeMap::from([("GANTRY".to_owned(), gantry.base.clone()), ("KEY".to_owned(), program.key.clone())]);
    let commands = commands();
    assert!(commands.len() >= 7);
    for command in commands {
        let fill = |word: &str| known.iter().fold(word.to_owned(), |word, (name, value)| word.replace(&format!("${name}"), value));
        let mut words = command.words.iter().map(|word| fill(word));
        assert_eq!(words.next().as_deref(), Some("curl"));
        let (mut method, mut url, mut headers, mut body) = (None, String::new(), Vec::new(), None);
        while let Some(word) = words.next() {
            match word.as_str() {
                "-sS" => {}
                "-X" => method = words.next(),
                "-H" => headers.push(words.next().unwrap()),
                "-d" => body = words.next(),
                _ => url = word,
            }
        }
        let method = method.unwrap_or_else(|| if body.is_some() { "POST" } else { "GET" }.to_owned());
        let mut request = gantry.http.request(method.parse().unwrap(), &url);
        for header in &headers {
            let (name, value) = header.split_once(": ").unwrap();
            request = request.header(name, value);
        }
        let answer = request.body(body.unwrap_or_default()).send().await.unwrap();
        let (status, text) = (answer.status().as_u16(), answer.text().await.unwrap());
        assert_eq!(status, command.status, "{method} {url}: {text}");
        if let Some(name) = command.keeps {
            let json: serde_json::Value = serde_json::from_str(&text).unwrap();
            known.insert(name, json["id"].as_str().unwrap().to_owned());
        }
    }
}
