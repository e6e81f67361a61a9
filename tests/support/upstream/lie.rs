//! What the provider does wrong on command: one word for each check that Gantry has to make.

use std::time::Duration;

use actix_web::web::Bytes;
use actix_web::{HttpResponse, http::header};
use futures_util::stream;

/// Where the provider is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// The discovery document.
    Metadata,
    /// Where the browser is sent.
    Authorization,
    /// Where the code is redeemed.
    Token,
    /// The keys.
    Jwks,
    /// Who it is.
    Userinfo,
    /// GitHub's list of addresses.
    Emails,
    /// Microsoft Graph.
    Graph,
    /// Where somebody signs out.
    EndSession,
}

/// How an endpoint fails instead of answering.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Answers after half a minute.
    Slow,
    /// Sends a byte every 200 ms, without an end.
    Drip,
    /// A page, as a proxy before a broken server gives it, with the status of success.
    Html,
    /// The same with status 500.
    Broken,
    /// Ends the connection amid the answer.
    Truncated,
    /// JSON of 10 MiB.
    Huge,
    /// Sends whoever asks to an address of this machine where the answer would be right.
    Redirecting,
}

impl Fault {
    /// All of them.
    pub const ALL: &'static [Self] = &[Self::Slow, Self::Drip, Self::Html, Self::Broken, Self::Truncated, Self::Huge, Self::Redirecting];

    /// The answer in place of the right one.
    pub(super) async fn answer(self, path: &str) -> HttpResponse {
        const JSON: (&str, &str) = ("content-type", "application/json");
        match self {
            Self::Slow => {
                tokio::time::sleep(Duration::from_secs(30)).await;
                HttpResponse::Ok().insert_header(JSON).body("{}")
            }
            Self::Drip => HttpResponse::Ok().insert_header(JSON).streaming(stream::unfold((), async |()| {
                tokio::time::sleep(Duration::from_millis(200)).await;
                Some((Ok::<_, std::io::Error>(Bytes::from_static(b" ")), ()))
            })),
            Self::Html => HttpResponse::Ok().content_type("text/html").body("<h1>It works</h1><script>alert(1)</script>"),
            Self::Broken => HttpResponse::InternalServerError().content_type("text/html").body("<h1>500</h1>"),
            Self::Truncated => HttpResponse::Ok()
                .insert_header(JSON)
                .no_chunking(1000)
                .streaming(stream::iter([Ok(Bytes::from_static(b"{\"access_token\":\"x")), Err(std::io::Error::other("cut off"))])),
            Self::Huge => HttpResponse::Ok().insert_header(JSON).body(format!("{{\"x\":\"{}\"}}", "x".repeat(10 * 1024 * 1024))),
            Self::Redirecting => HttpResponse::TemporaryRedirect().insert_header((header::LOCATION, format!("{path}/honest"))).finish(),
        }
    }
}

/// Something false in an answer that has the right form, or something right that is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lie {
    // The answer by the browser.
    /// `iss` of the answer is another provider's.
    WrongResponseIss,
    /// `iss` is missing though the metadata announces it.
    NoResponseIss,
    /// `state` is made up.
    WrongState,
    /// `state` and `code` come twice.
    Doubled,
    /// An error with script, line ends and 100 KiB in its description.
    ErrorWithScript,
    /// The person said no.
    Denied,
    /// `login_required`.
    LoginRequired,
    /// An error that nobody has heard of.
    OddError,
    /// A code that was never issued.
    MadeUpCode,
    // Metadata and keys.
    /// The metadata name another issuer.
    OtherIssuerInMetadata,
    /// The metadata name the issuer with a slash more.
    SlashInMetadata,
    /// The metadata lack the token endpoint.
    NoTokenEndpoint,
    /// The key set is empty.
    NoKeys,
    /// The key set holds things that are no keys.
    JunkKeys,
    // The token answer.
    /// No ID token.
    NoIdToken,
    /// `invalid_client`.
    InvalidClient,
    /// `invalid_grant`.
    InvalidGrant,
    // The ID token: form and signature.
    /// `alg: none`, unsigned.
    AlgNone,
    /// `alg: nOnE`, with the signature of another algorithm.
    AlgNoneSpelledOddly,
    /// No `alg`.
    AlgMissing,
    /// Signed with the client secret (HS256).
    HmacWithSecret,
    /// Signed with the public key's text as a secret (HS256).
    HmacWithPublicKey,
    /// Rightly signed by an algorithm that the connection does not name.
    OtherAlgorithm,
    /// One bit of the signature is wrong.
    BadSignature,
    /// No signature at all.
    NoSignature,
    /// Signed by a key that is not published.
    UnknownKid,
    /// Signed by another key, under the `kid` of the right one.
    StrangersKey,
    /// Signed by another key, which the header brings along.
    HeaderJwk,
    /// Signed by another key, whose address the header brings along.
    HeaderJku,
    /// An extension that must be understood.
    CritHeader,
    /// `b64: false`.
    Unencoded,
    /// `kid` is 64 KiB.
    HugeKid,
    /// `typ: logout+jwt`.
    WrongTyp,
    /// Five parts: an encrypted token.
    Encrypted,
    /// A hundred thousand dots.
    Dots,
    // The ID token: claims.
    /// `nonce` is another.
    WrongNonce,
    /// `nonce` is missing.
    NoNonce,
    /// `iss` is another provider's.
    WrongIss,
    /// `iss` has a slash more.
    IssWithSlash,
    /// `iss` is missing.
    NoIss,
    /// `aud` is another client.
    WrongAud,
    /// `aud` is missing.
    NoAud,
    /// Several audiences and nothing about who asked.
    AudArrayWithoutAzp,
    /// Issued to another client.
    WrongAzp,
    /// Over for an hour.
    Expired,
    /// Without an end.
    NoExp,
    /// `exp` is text.
    ExpText,
    /// `exp` is true.
    ExpTrue,
    /// `exp` is null.
    ExpNull,
    /// `exp` is 2^63.
    ExpHuge,
    /// `exp` is negative.
    ExpNegative,
    /// Issued in an hour.
    FutureIat,
    /// `iat` is a list.
    IatList,
    /// Not yet good.
    NotYet,
    /// The person signed in a day ago.
    OldSignIn,
    /// `auth_time` is missing though an age was demanded.
    NoAuthTime,
    /// `auth_time` is text.
    AuthTimeText,
    /// `at_hash` is of another access token.
    WrongAtHash,
    /// `sub` is missing.
    SubMissing,
    /// `sub` is empty.
    SubEmpty,
    /// `sub` is null.
    SubNull,
    /// `sub` is the text "null".
    SubNullText,
    /// `sub` is a number.
    SubNumber,
    /// `sub` is 256 bytes.
    SubTooLong,
    /// `sub` has a NUL in it.
    SubWithNul,
    /// `sub` begins with a space.
    SubWithSpace,
    // Userinfo.
    /// Userinfo speaks of somebody else.
    UserinfoOtherSub,
    /// Userinfo does not say of whom it speaks.
    UserinfoNoSub,
}
