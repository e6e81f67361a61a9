//! Realms with a host of their own: one issuer there, in whichever shape, and nothing on the public URL.

use gantry_web::PATH_FAMILIES;

use super::{PUNCH, SSO};
use crate::support::{Answer, Browser, Gantry, Person};

/// A second name of this machine, as a host of one realm: the public URL is at the first.
fn host_of(gantry: &Gantry) -> String {
    gantry.base.replace("localhost", "127.0.0.1")
}

fn hosted(gantry: &Gantry, file: &str) -> String {
    file.replacen("\n  name:", &format!("\n  hosts: [\"{}\"]\n  name:", host_of(gantry)), 1)
}

async fn get(gantry: &Gantry, url: &str) -> Answer {
    Answer::of(gantry.http.get(url).send().await.unwrap()).await
}

#[tokio::test]
async fn the_profile_keycloak_names_the_realm_on_its_own_host_too() {
    let gantry = Gantry::start().await;
    let host = host_of(&gantry);
    let issuer = format!("{host}/auth/realms/app");
    let app = gantry.keycloak(&hosted(&gantry, SSO), &issuer).await;
    let document = get(&gantry, &format!("{issuer}/.well-known/openid-configuration")).await.ok().json();
    assert_eq!(document["issuer"], issuer);
    assert_eq!(document["token_endpoint"], format!("{issuer}/protocol/openid-connect/token"));
    let tokens = app.authorize().tokens(&Browser::new(), Person::ALICE).await;
    assert_eq!(tokens.claims("id_token")["iss"], issuer);
    for (base, paths) in [(format!("{host}/realms/app"), &PATH_FAMILIES.keycloak), (host.clone(), &PATH_FAMILIES.oauth)] {
        assert!(app.clone().at(&base, paths).is_active(&tokens.access_token()).await, "{base}");
    }
    for nothing in [
        format!("{host}/.well-known/openid-configuration"),
        format!("{host}/realms/app/.well-known/openid-configuration"),
        format!("{host}/auth/realms/other/protocol/openid-connect/certs"),
        format!("{host}/realms/other/protocol/openid-connect/certs"),
        format!("{host}/realms/app/oauth/jwks"),
        format!("{host}/realms/app/sign-in"),
        gantry.url("/auth/realms/app/.well-known/openid-configuration"),
        gantry.url("/auth/realms/app/protocol/openid-connect/certs"),
        gantry.url("/realms/app/oauth/jwks"),
    ] {
        assert_eq!(get(&gantry, &nothing).await.status, 404, "{nothing}");
    }
}

#[tokio::test]
async fn the_profile_oauth_is_at_the_root_of_its_own_host() {
    let gantry = Gantry::start().await;
    let host = host_of(&gantry);
    gantry.apply(&hosted(&gantry, PUNCH)).await;
    let app = gantry.client("visitor").at(&host, &PATH_FAMILIES.oauth);
    let document = get(&gantry, &format!("{host}/.well-known/openid-configuration")).await.ok().json();
    assert_eq!(document["issuer"], host);
    let tokens = app.authorize().scope("profile:read").tokens(&Browser::new(), Person::ALICE).await;
    assert_eq!(tokens.claims("access_token")["iss"], host);
    for nothing in [
        format!("{host}/realms/punch/.well-known/openid-configuration"),
        format!("{host}/realms/punch/oauth/jwks"),
        gantry.url("/realms/punch/oauth/jwks"),
    ] {
        assert_eq!(get(&gantry, &nothing).await.status, 404, "{nothing}");
    }
}
