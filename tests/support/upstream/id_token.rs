//! The provider's ID tokens: right by default, wrong where a lie says so.

#![expect(clippy::wildcard_enum_match_arm, reason = "most lies are told elsewhere")]

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gantry_core::secret::Digest;
use serde_json::{Map, Value, json};

use super::keys::{Key, hmac, signed};
use super::{CLIENT_SECRET, Lie};

/// What a token is made of.
pub(super) struct Facts<'f> {
    pub issuer: &'f str,
    pub client_id: &'f str,
    pub subject: &'f str,
    pub nonce: Option<&'f str>,
    pub access_token: &'f str,
    pub session: &'f str,
    pub now: i64,
    pub more: &'f Map<String, Value>,
}

/// The claims of a right token.
pub(super) fn claims(facts: &Facts<'_>) -> Map<String, Value> {
    let mut claims = facts.more.clone();
    let half = URL_SAFE_NO_PAD.encode(&Digest::of(facts.access_token.as_bytes()).as_bytes()[..16]);
    let own = json!({
        "iss": facts.issuer, "sub": facts.subject, "aud": facts.client_id, "iat": facts.now, "exp": facts.now + 300,
        "auth_time": facts.now, "at_hash": half, "sid": facts.session,
    });
    for (name, value) in own.as_object().unwrap() {
        // An account may say of itself when and how it signed in.
        claims.entry(name.clone()).or_insert_with(|| value.clone());
    }
    if let Some(nonce) = facts.nonce {
        claims.insert("nonce".to_owned(), json!(nonce));
    }
    claims
}

/// Makes the claims say something else.
pub(super) fn bend(lie: Lie, claims: &mut Map<String, Value>, now: i64) {
    let issuer = claims["iss"].as_str().unwrap().to_owned();
    let client = claims["aud"].clone();
    let changes = match lie {
        Lie::WrongNonce => json!({ "nonce": "another-one-that-nobody-sent" }),
        Lie::WrongIss => json!({ "iss": "https://other.example.test" }),
        Lie::IssWithSlash => json!({ "iss": format!("{issuer}/") }),
        Lie::WrongAud => json!({ "aud": "another-client" }),
        Lie::AudArrayWithoutAzp => json!({ "aud": [client, "another-client"] }),
        Lie::WrongAzp => json!({ "aud": [client, "another-client"], "azp": "another-client" }),
        Lie::Expired => json!({ "iat": now - 7200, "exp": now - 3600 }),
        Lie::ExpText => json!({ "exp": (now + 300).to_string() }),
        Lie::ExpTrue => json!({ "exp": true }),
        Lie::ExpNull => json!({ "exp": null }),
        Lie::ExpHuge => json!({ "exp": 9_223_372_036_854_775_808_u64 }),
        Lie::ExpNegative => json!({ "exp": -1 }),
        Lie::FutureIat => json!({ "iat": now + 3600, "exp": now + 7200 }),
        Lie::IatList => json!({ "iat": [now] }),
        Lie::NotYet => json!({ "nbf": now + 3600, "exp": now + 7200 }),
        Lie::OldSignIn => json!({ "auth_time": now - 86_400 }),
        Lie::AuthTimeText => json!({ "auth_time": now.to_string() }),
        Lie::WrongAtHash => json!({ "at_hash": URL_SAFE_NO_PAD.encode([7; 16]) }),
        Lie::SubEmpty => json!({ "sub": "" }),
        Lie::SubNull => json!({ "sub": null }),
        Lie::SubNullText => json!({ "sub": "null" }),
        Lie::SubNumber => json!({ "sub": 4711 }),
        Lie::SubTooLong => json!({ "sub": "s".repeat(256) }),
        Lie::SubWithNul => json!({ "sub": "carol\u{0}" }),
        Lie::SubWithSpace => json!({ "sub": " carol" }),
        _ => json!({}),
    };
    for (name, value) in changes.as_object().unwrap() {
        claims.insert(name.clone(), value.clone());
    }
    let left_out = match lie {
        Lie::NoNonce => "nonce",
        Lie::NoIss => "iss",
        Lie::NoAud => "aud",
        Lie::NoExp => "exp",
        Lie::NoAuthTime => "auth_time",
        Lie::SubMissing => "sub",
        _ => return,
    };
    claims.remove(left_out);
}

/// Signs the claims, as a lie would have it.
pub(super) fn sign(lie: Option<Lie>, key: &Key, claims: &Value) -> String {
    let (stranger, mut header) = (Key::stranger(), key.header());
    let with = |name: &str, value: Value| {
        let mut header = key.header();
        header[name] = value;
        header
    };
    let Some(lie) = lie else { return key.sign(&header, claims) };
    match lie {
        Lie::AlgNone => signed(&with("alg", json!("none")), claims, |_| String::new()),
        Lie::AlgNoneSpelledOddly => key.sign(&with("alg", json!("nOnE")), claims),
        Lie::AlgMissing => {
            header.as_object_mut().unwrap().remove("alg");
            key.sign(&header, claims)
        }
        Lie::HmacWithSecret => signed(&with("alg", json!("HS256")), claims, |input| hmac(CLIENT_SECRET.as_bytes(), input)),
        Lie::HmacWithPublicKey => signed(&with("alg", json!("HS256")), claims, |input| hmac(key.pem.as_bytes(), input)),
        Lie::OtherAlgorithm => Key::other_algorithm().sign(&Key::other_algorithm().header(), claims),
        Lie::BadSignature => flipped(&key.sign(&header, claims)),
        Lie::NoSignature => signed(&header, claims, |_| String::new()),
        Lie::UnknownKid => stranger.sign(&stranger.header(), claims),
        Lie::StrangersKey => stranger.sign(&header, claims),
        Lie::HeaderJwk => stranger.sign(&with("jwk", stranger.jwk()), claims),
        Lie::HeaderJku => {
            let keys = format!("{}/strangers-keys", claims["iss"].as_str().unwrap());
            let mut header = with("jku", json!(keys));
            header["x5u"] = json!(keys);
            header["kid"] = json!("stranger");
            stranger.sign(&header, claims)
        }
        Lie::CritHeader => {
            let mut header = with("crit", json!(["urn:example:rule"]));
            header["urn:example:rule"] = json!(true);
            key.sign(&header, claims)
        }
        Lie::Unencoded => {
            let mut header = with("b64", json!(false));
            header["crit"] = json!(["b64"]);
            key.sign(&header, claims)
        }
        Lie::HugeKid => stranger.sign(&with("kid", json!("k".repeat(64 * 1024))), claims),
        Lie::WrongTyp => key.sign(&with("typ", json!("logout+jwt")), claims),
        Lie::Encrypted => {
            let header = json!({ "alg": "PBES2-HS256+A128KW", "enc": "A128GCM", "p2c": 2_147_483_647_u32, "p2s": "AAAA", "zip": "DEF" });
            format!("{}.AAAA.AAAA.AAAA.AAAA", URL_SAFE_NO_PAD.encode(header.to_string()))
        }
        Lie::Dots => ".".repeat(100_000),
        _ => key.sign(&header, claims),
    }
}

/// The token with one bit of its signature changed.
fn flipped(token: &str) -> String {
    let (input, signature) = token.rsplit_once('.').unwrap();
    let mut bytes = URL_SAFE_NO_PAD.decode(signature).unwrap();
    bytes[10] ^= 1;
    format!("{input}.{}", URL_SAFE_NO_PAD.encode(bytes))
}
