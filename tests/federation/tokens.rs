//! What an ID token must not be, and what userinfo must not say.

use futures_util::future::LocalBoxFuture;
use gantry_core::connection::UpstreamAuth;
use gantry_core::sign_in_trace::SignInProblem as Problem;
use gantry_core::signing_algorithm::SigningAlgorithm;

use super::{Stand, carol};
use crate::support::Browser;
use crate::support::upstream::{Account, Key, Lie, Place};

/// Tells each lie to a Gantry and holds what it answers.
fn all_refused(lies: &'static [(Lie, Problem)]) -> LocalBoxFuture<'static, ()> {
    Box::pin(async move {
        let stand = Stand::new().await;
        for (lie, problem) in lies {
            stand.refuses(*lie, *problem).await;
        }
        // The provider, honest again, is believed again: nothing above was refused for another reason.
        let page = stand.arrive(&Browser::new(), &carol()).await;
        assert!(page.has("#consent-allow"), "{}", page.html);
    })
}

#[tokio::test]
async fn fed_05_a_nonce_that_is_missing_or_different_is_refused() {
    all_refused(&[(Lie::WrongNonce, Problem::TokenNonce), (Lie::NoNonce, Problem::TokenNonce)]).await;
}

#[tokio::test]
async fn fed_06_a_token_of_or_for_somebody_else_or_of_another_time_is_refused() {
    all_refused(&[
        (Lie::WrongIss, Problem::TokenIssuer),
        (Lie::IssWithSlash, Problem::TokenIssuer),
        (Lie::WrongAud, Problem::TokenAudience),
        (Lie::AudArrayWithoutAzp, Problem::TokenAudience),
        (Lie::WrongAzp, Problem::TokenAudience),
        (Lie::Expired, Problem::TokenTime),
        (Lie::FutureIat, Problem::TokenTime),
        (Lie::NotYet, Problem::TokenTime),
        (Lie::WrongAtHash, Problem::TokenHash),
    ])
    .await;
}

#[tokio::test]
async fn fed_06_jwt_07_a_claim_that_is_missing_or_of_another_type_is_refused() {
    all_refused(&[
        (Lie::NoIss, Problem::TokenIssuer),
        (Lie::NoAud, Problem::TokenAudience),
        (Lie::NoExp, Problem::TokenMalformed),
        (Lie::ExpText, Problem::TokenMalformed),
        (Lie::ExpTrue, Problem::TokenMalformed),
        (Lie::ExpNull, Problem::TokenMalformed),
        (Lie::ExpHuge, Problem::TokenMalformed),
        (Lie::ExpNegative, Problem::TokenMalformed),
        (Lie::IatList, Problem::TokenMalformed),
        (Lie::AuthTimeText, Problem::TokenMalformed),
    ])
    .await;
}

#[tokio::test]
async fn fed_06_jwt_01_jwt_02_a_token_with_no_or_a_symmetric_signature_is_refused() {
    all_refused(&[
        (Lie::AlgNone, Problem::TokenSignature),
        (Lie::AlgNoneSpelledOddly, Problem::TokenSignature),
        (Lie::AlgMissing, Problem::TokenMalformed),
        (Lie::NoSignature, Problem::TokenSignature),
        (Lie::HmacWithSecret, Problem::TokenSignature),
        (Lie::HmacWithPublicKey, Problem::TokenSignature),
    ])
    .await;
}

#[tokio::test]
async fn fed_06_jwt_03_jwt_04_a_token_that_the_providers_own_key_did_not_sign_is_refused() {
    let stand = Stand::new().await;
    for (lie, problem) in [
        (Lie::BadSignature, Problem::TokenSignature),
        (Lie::UnknownKid, Problem::TokenSignature),
        (Lie::StrangersKey, Problem::TokenSignature),
        (Lie::HeaderJwk, Problem::TokenSignature),
        (Lie::HeaderJku, Problem::TokenSignature),
        (Lie::OtherAlgorithm, Problem::TokenSignature),
    ] {
        stand.refuses(lie, problem).await;
    }
    stand.refuses(Lie::HugeKid, Problem::BadAnswer).await;
    // Keys that the token itself names are nobody's: they were not asked for, and neither were the provider's more than once.
    assert_eq!(stand.upstream.seen(Place::Jwks).len(), 1);
    let page = stand.arrive(&Browser::new(), &carol()).await;
    assert!(page.has("#consent-allow"), "{}", page.html);
}

#[tokio::test]
async fn jwt_05_jwt_09_jwt_10_a_token_of_another_form_is_refused_at_once() {
    let stand = Stand::new().await;
    for (lie, problem) in [
        (Lie::CritHeader, Problem::TokenMalformed),
        (Lie::Unencoded, Problem::TokenMalformed),
        (Lie::Encrypted, Problem::TokenMalformed),
        // Longer than any token may be: the answer is not even taken for one.
        (Lie::Dots, Problem::BadAnswer),
    ] {
        let began = std::time::Instant::now();
        stand.refuses(lie, problem).await;
        assert!(began.elapsed() < std::time::Duration::from_secs(2), "{lie:?} took {:?}", began.elapsed());
    }
}

#[tokio::test]
async fn jwt_11_a_logout_token_is_no_id_token() {
    all_refused(&[(Lie::WrongTyp, Problem::TokenMalformed)]).await;
}

#[tokio::test]
async fn fed_07_userinfo_about_somebody_else_is_refused() {
    all_refused(&[(Lie::UserinfoOtherSub, Problem::UserinfoMismatch), (Lie::UserinfoNoSub, Problem::UserinfoMismatch)]).await;
}

#[tokio::test]
async fn fed_08_a_subject_that_is_none_is_refused() {
    all_refused(&[
        (Lie::SubMissing, Problem::TokenMalformed),
        (Lie::SubEmpty, Problem::BadSubject),
        (Lie::SubNull, Problem::TokenMalformed),
        (Lie::SubNullText, Problem::BadSubject),
        (Lie::SubNumber, Problem::TokenMalformed),
        (Lie::SubTooLong, Problem::BadSubject),
        (Lie::SubWithNul, Problem::BadSubject),
        (Lie::SubWithSpace, Problem::BadSubject),
    ])
    .await;
}

#[tokio::test]
async fn an_age_that_the_app_demands_is_demanded_of_the_provider_and_held() {
    let stand = Stand::new().await;
    for (lie, problem) in
        [(Some(Lie::OldSignIn), Some(Problem::TokenTooOld)), (Some(Lie::NoAuthTime), Some(Problem::TokenTooOld)), (None, None)]
    {
        stand.upstream.mend();
        if let Some(lie) = lie {
            stand.upstream.lie(lie);
        }
        let browser = Browser::new();
        let page = stand.request().set("max_age", "3600").open(&browser).await;
        let page = browser.sign_in_with(&page, &stand.connection, &carol()).await;
        assert_eq!(stand.upstream.seen(Place::Authorization).last().unwrap().get("max_age"), "3600");
        match problem {
            Some(problem) => drop(stand.gantry.refused(&browser, &page, problem).await),
            None => assert!(page.has("#consent-allow"), "{}", page.html),
        }
    }
}

#[tokio::test]
async fn an_algorithm_counts_where_the_connection_names_it() {
    let stand = Stand::with(|connection| connection.settings.signing_algorithms = vec![SigningAlgorithm::Es256]).await;
    stand.upstream.rotate(&[Key::other_algorithm()]);
    let page = stand.arrive(&Browser::new(), &carol()).await;
    assert!(page.has("#consent-allow"), "{}", page.html);
}

#[tokio::test]
async fn each_proof_of_gantry_itself_is_taken_by_a_provider_that_takes_no_other() {
    for auth in [UpstreamAuth::ClientSecretBasic, UpstreamAuth::ClientSecretPost, UpstreamAuth::None] {
        let stand = Stand::with(|connection| connection.settings.client_auth = Some(auth)).await;
        stand.upstream.demand(auth, None);
        let page = stand.arrive(&Browser::new(), &carol()).await;
        assert!(page.has("#consent-allow"), "{auth:?}: {}", page.html);
    }
}

#[tokio::test]
async fn a_rotated_key_is_fetched_and_the_old_one_is_over_with_it() {
    let stand = Stand::new().await;
    let arrives = async |account: &Account| stand.arrive(&Browser::new(), account).await;
    assert!(arrives(&carol()).await.has("#consent-allow"));
    stand.upstream.rotate(&[Key::second(), Key::first()]);
    // Key sets are asked for once a minute at most.
    stand.gantry.clock.advance(std::time::Duration::from_secs(61));
    assert!(arrives(&carol()).await.has("#consent-allow"));
    assert_eq!(stand.upstream.seen(Place::Jwks).len(), 2);
}
