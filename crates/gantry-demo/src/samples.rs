//! The servers of the sample app, the sample API and the sample providers.
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
use crate::api::{self, Api, Door, Errors};
use crate::guide::{CHASTER, Guide, ROCKETPUNCH, ROCKETSKIP, ROSE_ROCKET};
use crate::issuer::{Issuer, http_client};
use crate::isv_app::{self, Hint, IsvApp, Platform, Sessions};
use crate::realm::SampleRealm;
use crate::upstream::{self, Upstream};

/// A request's headers must be there in this time.
const HEADERS_TIMEOUT: Duration = Duration::from_secs(10);

/// The samples' places, taken before anything else begins: a port in use is the commonest mistake.
#[derive(Debug)]
pub struct Listeners {
    isv_app: TcpListener,
    api: TcpListener,
    upstream: TcpListener,
}

impl Listeners {
    /// Takes them.
    pub fn bind(addresses: Addresses) -> Result<Self, Fault> {
        Ok(Self { isv_app: bind(addresses.isv_app())?, api: bind(addresses.api())?, upstream: bind(addresses.upstream())? })
    }

    /// The servers of the samples, which work for these realms.
    pub fn serve(self, addresses: Addresses, realms: &[SampleRealm], clock: &SharedClock) -> Result<[Server; 3], Fault> {
        let api = Data::new(api(realms, clock)?);
        let apps = realms.iter().flat_map(|realm| realm.at_providers.clone()).collect();
        let providers = Data::new(Upstream::new(addresses.upstream_url(), apps, clock.clone())?);
        let isv_app = Data::new(isv_app(addresses, realms, clock)?);
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
        let upstream = HttpServer::new(move || App::new().configure(|config| upstream::configure(config, providers.clone())))
            .workers(1)
            .client_request_timeout(HEADERS_TIMEOUT)
            .shutdown_timeout(1)
            .disable_signals()
            .listen(self.upstream)
            .map_err(cannot_serve)?;
        Ok([isv_app.run(), api.run(), upstream.run()])
    }
}

fn isv_app(addresses: Addresses, realms: &[SampleRealm], clock: &SharedClock) -> Result<IsvApp, Fault> {
    let no_redirect_uri = || Fault::new("the sample app has no redirect URI");
    let platform = |realm: &SampleRealm| {
        let redirect_uri = realm.app.redirect_uri.clone().ok_or_else(no_redirect_uri)?;
        Ok(Platform::of(realm, redirect_uri, origin(addresses.api())))
    };
    // The first person has an account on every platform.
    let person = realms.first().and_then(|realm| realm.people.first());
    let hint = person.map(|person| Hint { email: person.email.clone(), password: person.password.expose().to_owned() });
    Ok(IsvApp {
        origin: origin(addresses.isv_app()),
        platforms: realms.iter().map(platform).collect::<Result<_, Fault>>()?,
        http: http_client()?,
        hint,
        clock: clock.clone(),
        sessions: Sessions::default(),
    })
}

fn api(realms: &[SampleRealm], clock: &SharedClock) -> Result<Api, Fault> {
    let http = http_client()?;
    let door = |guide: &Guide, errors| {
        let realm = realms.iter().find(|realm| realm.guide.word == guide.word);
        let realm = realm.ok_or_else(|| Fault::new(format!("there is no sample of {}", guide.platform)))?;
        Ok::<_, Fault>(Door {
            platform: realm.platform(),
            issuer: Issuer::new(&realm.issuer, http.clone(), clock.clone()),
            audience: realm.audience.clone(),
            asker: realm.api_client.clone(),
            errors,
        })
    };
    let app_key_header = realms.iter().find_map(|realm| realm.app_key.as_ref()).map(|(header, _)| header.clone());
    Ok(Api {
        rocketskip: door(&ROCKETSKIP, Errors::Flat)?,
        roserocket: door(&ROSE_ROCKET, Errors::Flat)?,
        rocketpunch: door(&ROCKETPUNCH, Errors::Nested)?,
        chaster: door(&CHASTER, Errors::Flat)?,
        customers: realms.iter().flat_map(|realm| realm.tenants.clone()).collect(),
        app_key_header: app_key_header.unwrap_or_else(|| "X-RP-API-Key".to_owned()),
        clock: clock.clone(),
    })
}

fn bind(address: SocketAddr) -> Result<TcpListener, Fault> {
    TcpListener::bind(address).map_err(|error| Fault::caused(format!("cannot listen on {address}"), error))
}

fn cannot_serve(error: std::io::Error) -> Fault {
    Fault::caused("a sample cannot be served", error)
}
