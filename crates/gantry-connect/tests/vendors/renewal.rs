//! New tokens for old, and what is asked before anybody signs in: Entra ID, whose tokens have more than one issuer.

use gantry_connect::connector::Failed;
use gantry_connect::provider::microsoft;
use gantry_core::external_identity::UpstreamTokens;
use gantry_core::secret::Secret;
use gantry_core::sign_in_trace::SignInProblem;
use serde_json::{Value, json};

use crate::microsoft::{Entra, OID, OTHER, TID};
use crate::mock::Signer;

/// What was kept of somebody's first sign-in.
fn kept(entra: &Entra) -> UpstreamTokens {
    UpstreamTokens {
        refresh_token: Some(Secret::new("refresh")),
        id_token: Some(Secret::new(Signer::get().sign("key", &entra.claims(&json!({}))))),
        ..UpstreamTokens::default()
    }
}

/// A renewal at which an ID token with these claims comes, signed with this key.
async fn renewed(entra: &Entra, kid: &str, changes: Value) -> Result<UpstreamTokens, Failed> {
    let id_token = Signer::get().sign(kid, &entra.claims(&changes));
    let answer = json!({ "token_type": "Bearer", "access_token": "new", "refresh_token": "next", "id_token": id_token });
    entra.mock.answer(&entra.token_path(), 200, &answer);
    entra.setting.connectors.refresh(&entra.setting.registration, &kept(entra)).await
}

#[tokio::test]
async fn a_renewed_token_is_of_the_same_person_directory_and_key() {
    let entra = Entra::organizations().await;
    entra.publish(&[("key", Some("{tenantid}")), ("personal", Some(microsoft::CONSUMERS))]);
    let tokens = renewed(&entra, "key", json!({ "nonce": null })).await.unwrap();
    assert_eq!(tokens.refresh_token.unwrap().expose(), "next");
    let form = entra.mock.asked(&entra.token_path())[0].form();
    assert_eq!((form["grant_type"].as_str(), form["refresh_token"].as_str()), ("refresh_token", "refresh"));
    for (kid, changes, problem) in [
        ("key", json!({ "oid": OID.replace('a', "b") }), SignInProblem::BadSubject),
        ("key", json!({ "sub": "another" }), SignInProblem::BadSubject),
        ("key", json!({ "tid": OTHER, "iss": entra.issuer(OTHER) }), SignInProblem::DirectoryNotAllowed),
        ("key", json!({ "iss": entra.issuer(OTHER) }), SignInProblem::TokenIssuer),
        ("personal", json!({}), SignInProblem::TokenSignature),
    ] {
        assert_eq!(renewed(&entra, kid, changes.clone()).await.unwrap_err().problem, problem, "{kid} {changes}");
    }
}

#[tokio::test]
async fn without_a_new_id_token_the_old_one_stays_and_an_account_that_is_gone_ends_the_grant() {
    let entra = Entra::organizations().await;
    let path = entra.token_path();
    let refresh = async || entra.setting.connectors.refresh(&entra.setting.registration, &kept(&entra)).await;
    entra.mock.answer(&path, 200, &json!({ "token_type": "Bearer", "access_token": "new" }));
    let tokens = refresh().await.unwrap();
    assert_eq!(tokens.refresh_token.unwrap().expose(), "refresh");
    assert!(tokens.id_token.is_some());
    let gone = json!({ "error": "invalid_grant", "error_description": "AADSTS50057: The user account is disabled." });
    entra.mock.answer(&path, 400, &gone);
    assert_eq!(refresh().await.unwrap_err().problem, SignInProblem::CodeRejected);
}

#[tokio::test]
async fn a_probe_wants_the_template_where_many_directories_sign_in() {
    let entra = Entra::organizations().await;
    let probe = entra.setting.connectors.probe(&entra.setting.registration).await.unwrap();
    assert_eq!((probe.issuer, probe.keys), (Some(entra.issuer("{tenantid}")), 1));
    let one = json!({ "issuer": entra.issuer(TID) });
    entra.mock.answer("/organizations/v2.0/.well-known/openid-configuration", 200, &one);
    let failed = entra.setting.connectors.probe(&entra.setting.registration).await.unwrap_err();
    assert_eq!(failed.problem, SignInProblem::MetadataMismatch);
}
