//! A client's public keys at registration.
//!
//! Owns which key sets may be stored and their stored form. Never verifies a signature.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

/// The most bytes of a key set, and the most keys in it.
const MAX_BYTES: usize = 32 * 1024;
const MAX_KEYS: usize = 20;

/// Members of RFC 7518 §6 that only private or symmetric keys have.
const PRIVATE_MEMBERS: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// The stored form of a key set, or what is wrong with it, worded to follow the field's name.
pub(super) fn parse(text: &str) -> Result<String, &'static str> {
    if text.len() > MAX_BYTES {
        return Err("is longer than 32 KiB");
    }
    let Ok(Value::Object(set)) = serde_json::from_str(text) else { return Err("is not a JSON object") };
    let Some(Value::Array(keys)) = set.get("keys") else { return Err("has no `keys` array (RFC 7517 §5)") };
    if keys.is_empty() || keys.len() > MAX_KEYS {
        return Err("must have 1 to 20 keys");
    }
    let mut names = Vec::new();
    for key in keys {
        let Value::Object(key) = key else { return Err("has a key that is no JSON object") };
        check_key(key)?;
        if let Some(kid) = key.get("kid") {
            let Value::String(kid) = kid else { return Err("has a `kid` that is no text") };
            if names.contains(&kid) {
                return Err("names two keys by the same `kid`");
            }
            names.push(kid);
        }
    }
    if keys.len() > 1 && names.len() != keys.len() {
        return Err("must give each of its keys a `kid`");
    }
    let bare = Map::from_iter([("keys".to_owned(), Value::Array(keys.clone()))]);
    Ok(Value::Object(bare).to_string())
}

fn check_key(key: &Map<String, Value>) -> Result<(), &'static str> {
    if PRIVATE_MEMBERS.iter().any(|member| key.contains_key(*member)) {
        return Err("must have public keys only: a private or symmetric key was given, which should be replaced now");
    }
    if key.get("use").is_some_and(|purpose| purpose != "sig") {
        return Err("must have keys for signing (`use` is `sig` or left out)");
    }
    let length = |member: &str| {
        key.get(member).and_then(Value::as_str).and_then(|text| URL_SAFE_NO_PAD.decode(text).ok()).map_or(0, |bytes| bytes.len())
    };
    let text = |member: &str| key.get(member).and_then(Value::as_str).unwrap_or_default();
    let holds = match (text("kty"), text("crv")) {
        // 2048 to 4096 bits; a leading zero byte is not part of the number (RFC 7518 §6.3.1.1).
        ("RSA", "") => (256..=512).contains(&length("n")) && (1..=8).contains(&length("e")),
        ("EC", "P-256") => length("x") == 32 && length("y") == 32,
        ("OKP", "Ed25519") => length("x") == 32,
        _ => return Err("must have keys of the kinds RSA, EC on P-256, or OKP Ed25519"),
    };
    if holds { Ok(()) } else { Err("has a key whose numbers are missing or of a wrong size (RSA: 2048 to 4096 bits)") }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn coordinate() -> String {
        URL_SAFE_NO_PAD.encode([7; 32])
    }

    #[test]
    fn a_set_of_public_keys_is_stored_bare() {
        let set = json!({"note": 1, "keys": [{"kty": "EC", "crv": "P-256", "x": coordinate(), "y": coordinate(), "kid": "a"}]});
        let stored = parse(&set.to_string()).unwrap();
        assert!(!stored.contains("note"));
        assert_eq!(parse(&stored).unwrap(), stored);
    }

    #[test]
    fn anything_else_is_refused() {
        let ec = json!({"kty": "EC", "crv": "P-256", "x": coordinate(), "y": coordinate()});
        let with = |member: &str, value: Value| {
            let mut key = ec.clone();
            key[member] = value;
            key
        };
        for keys in [
            json!([]),
            json!([1]),
            json!([with("d", json!(coordinate()))]),
            json!([{"kty": "oct", "k": coordinate()}]),
            json!([with("use", json!("enc"))]),
            json!([with("crv", json!("P-521"))]),
            json!([with("x", json!("AA"))]),
            json!([with("kid", json!(1))]),
            json!([ec, ec]),
            json!([with("kid", json!("a")), with("kid", json!("a"))]),
            json!([{"kty": "RSA", "n": URL_SAFE_NO_PAD.encode([1; 128]), "e": "AQAB"}]),
        ] {
            assert!(parse(&json!({"keys": keys}).to_string()).is_err(), "{keys}");
        }
        for text in ["", "[]", "{}", "{\"keys\":{}}", "not json"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
