//! Realms of other shapes: what the guides of four platforms promise to apps that were written for them.

mod addresses;
mod answers;
mod guides;
mod own_host;
mod revoke_all;

use gantry_web::PATH_FAMILIES;

use crate::support::{App, Gantry};

/// Has the addresses and answers of a single-sign-on server.
const SSO: &str = include_str!("realms/sso.yaml");
/// Leaves refresh tokens as they are.
const SKIP: &str = include_str!("realms/skip.yaml");
/// Names its API in every request.
const ROSE: &str = include_str!("realms/rose.yaml");
/// Knows no `state`.
const PUNCH: &str = include_str!("realms/punch.yaml");

impl Gantry {
    /// Adds a realm of the profile `keycloak`, with its app at this issuer.
    async fn keycloak(&self, file: &str, issuer: &str) -> App<'_> {
        self.apply(file).await;
        self.client("visitor").at(issuer, &PATH_FAMILIES.keycloak)
    }

    /// Adds a realm of the profile `oauth`, with one of its apps.
    async fn platform(&self, file: &str, slug: &str, client_id: &str) -> App<'_> {
        self.apply(file).await;
        self.client(client_id).at(&self.url(&format!("/realms/{slug}")), &PATH_FAMILIES.oauth)
    }

    /// The issuer of [`SSO`].
    fn sso(&self) -> String {
        self.url("/auth/realms/app")
    }
}
