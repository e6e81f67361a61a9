//! The servers of the sample app and the sample API.
//!
//! Owns their listeners. Never runs them: whoever starts the demo polls what [`serve`](Listeners::serve) returns.

use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use actix_web::dev::Server;
use actix_web::middleware::from_fn;
use actix_web::web::Data;
use actix_web::{App, HttpServer};
use gantry_core::clock::SharedClock;
use gantry_core::failure::Fault;

use crate::address::{Addresses, origin};
use crate::api::{self, Api};
use crate::issuer::{Issuer, http_client};
use crate::isv_app::{self, Hint, IsvApp, OAuthClient};
use crate::realm::SampleRealm;

/// A request's headers must be there in this time.
const HEADERS_TIMEOUT: Duration = Duration::from_secs(10);

/// The samples' places, taken before anything else begins: a port in use is the commonest mistake.
#[derive(Debug)]
pub struct Listeners {
    isv_app: TcpListener,
    api: TcpListener,
}

impl Listeners {
    /// Takes them.
    pub fn bind(addresses: Addresses) -> Result<Self, Fault> {
        Ok(Self { isv_app: bind(addresses.isv_app())?, api: bind(addresses.api())? })
    }

    /// The servers of the samples, which work for this realm.
    pub fn serve(self, addresses: Addresses, realm: &SampleRealm, clock: &SharedClock) -> Result<[Server; 2], Fault> {
        let issuer = |http| Issuer::new(&realm.issuer, http, clock.clone());
        let api = Data::new(Api { issuer: issuer(http_client()?), audience: realm.audience.clone(), clock: clock.clone() });
        let isv_app = Data::new(isv_app(addresses, realm, issuer(http_client()?), clock)?);
        let isv_app = HttpServer::new(move || {
            let app = isv_app.clone();
            App::new().wrap(from_fn(isv_app::under_own_name)).configure(|config| isv_app::configure(config, app))
        })
        .workers(1)
        .client_request_timeout(HEADERS_TIMEOUT)
        .shutdown_timeout(1)
        .disable_signals()
        .listen(self.isv_app)
        .map_err(cannot_serve)?;
        let api = HttpServer::new(move || App::new().configure(|config| api::configure(config, api.clone())))
            .workers(1)
            .client_request_timeout(HEADERS_TIMEOUT)
            .shutdown_timeout(1)
            .disable_signals()
            .listen(self.api)
            .map_err(cannot_serve)?;
        Ok([isv_app.run(), api.run()])
    }
}

fn isv_app(addresses: Addresses, realm: &SampleRealm, issuer: Issuer, clock: &SharedClock) -> Result<IsvApp, Fault> {
    let redirect_uri = realm.app.redirect_uri.clone().ok_or_else(|| Fault::new("the sample app has no redirect URI"))?;
    let client = OAuthClient::new(issuer, realm.app.clone(), redirect_uri, clock.clone());
    let hint = realm.people.first().map(|person| Hint { email: person.email.clone(), password: person.password.expose().to_owned() });
    let platform = realm.name.trim_end_matches(" (sample)").to_owned();
    Ok(IsvApp::new(origin(addresses.isv_app()), platform, client, origin(addresses.api()), hint))
}

fn bind(address: SocketAddr) -> Result<TcpListener, Fault> {
    TcpListener::bind(address).map_err(|error| Fault::caused(format!("cannot listen on {address}"), error))
}

fn cannot_serve(error: std::io::Error) -> Fault {
    Fault::caused("a sample cannot be served", error)
}
