//! `gantry keys rotate`: lets the published successors of a realm's signing keys take over.

use clap::Args;
use gantry_core::actor::Actor;
use gantry_core::signing_algorithm::SigningAlgorithm;
use gantry_core::signing_key::KeyState;
use gantry_oauth::keys::{self, JWKS_MAX_AGE, Rotation};

use super::{RealmOption, Trouble, clock, console, find_realm};
use crate::config::Settings;
use crate::database;
use crate::master_key::IfNew;

#[derive(Debug, Args)]
pub(super) struct Options {
    #[command(flatten)]
    realm: RealmOption,
    /// Only the keys of this algorithm; all that the realm signs with by default
    #[arg(long, value_name = "NAME")]
    algorithm: Option<String>,
    /// The present key is compromised: stop publishing and believing it at once. Tokens that it signed fall
    #[arg(long)]
    withdraw: bool,
}

pub(super) async fn run(settings: &Settings, options: &Options) -> Result<(), Trouble> {
    let clock = clock();
    let store = database::open(settings, clock.clone(), IfNew::Refuse).await?;
    let slug = &options.realm.realm;
    let realm = find_realm(&store, slug).await?;
    let held = store.read(realm.id).signing_keys().list().await?;
    for algorithm in chosen(options)?.into_iter().filter(|algorithm| {
        held.iter().any(|key| key.algorithm == *algorithm && key.state == KeyState::Active) || options.algorithm.is_some()
    }) {
        let next = keys::generate(realm.id, algorithm, KeyState::Next, clock.now()).await?;
        let rotation = store
            .transact(realm.id, async |tx| {
                let now = clock.now();
                if options.withdraw {
                    keys::withdraw(tx, Actor::CommandLine, next, now).await
                } else {
                    keys::rotate(tx, Actor::CommandLine, next, now).await
                }
            })
            .await?;
        tell(algorithm, &rotation, options.withdraw);
    }
    Ok(())
}

fn chosen(options: &Options) -> Result<Vec<SigningAlgorithm>, Trouble> {
    let Some(name) = &options.algorithm else { return Ok(SigningAlgorithm::ALL.to_vec()) };
    let known = SigningAlgorithm::ALL.iter().copied().find(|algorithm| algorithm.as_str().eq_ignore_ascii_case(name));
    let names = || SigningAlgorithm::ALL.iter().map(|algorithm| algorithm.as_str()).collect::<Vec<_>>().join(", ");
    known.map(|algorithm| vec![algorithm]).ok_or_else(|| Trouble::Usage(format!("`{name}` is none of {}", names())))
}

fn tell(algorithm: SigningAlgorithm, rotation: &Rotation, withdrawn: bool) {
    console::say(&format!("{algorithm}: {} signs now, {} is published to follow it.", rotation.active, rotation.next));
    if let Some(former) = &rotation.retired {
        let fate =
            if withdrawn { "is withdrawn: what it signed is believed no more" } else { "stays published until what it signed has expired" };
        console::say(&format!("{algorithm}: {former} {fate}."));
    }
    if rotation.published_for < JWKS_MAX_AGE * 2 {
        console::say(&format!(
            "{algorithm}: the new key was published only {} s ago. Verifiers that keep key sets may refuse its tokens for some minutes.",
            rotation.published_for.as_secs()
        ));
    }
}
