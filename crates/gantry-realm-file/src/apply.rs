//! Applying a file: everything that takes time first, then all of it in one transaction.
//!
//! Owns the order of the work. The file is checked twice: before, so that passwords are hashed and
//! keys are made outside of the transaction, and within it, against what is there by then. Whatever
//! is refused within rolls all of it back.

mod carry_out;

use gantry_connect::outbound::Reach;
use gantry_core::actor::Actor;
use gantry_core::clock::{SharedClock, Timestamp};
use gantry_core::failure::Fault;
use gantry_core::id::RealmId;
use gantry_core::secret::Secret;
use gantry_core::signing_key::SigningKey;
use gantry_identity::password::Passwords;
use gantry_identity::realms::{self, NewRealm};
use gantry_oauth::keys;
use gantry_store::{RealmTx, Store};

use crate::current::{self, Current};
use crate::plan::{self, Plan, Ready};
use crate::problem::{Path, Problem, Problems, sentence};
use crate::wanted::{self, GivenPassword, Wanted, realm_name};
use crate::{NotApplied, RealmFile};

/// How a file is applied.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// Whether entries are removed that a section of the file leaves out: clients, publishers,
    /// scopes, resources, connections, members, domains and connections of the tenants and App Keys of the
    /// clients that it names. People and tenants never are.
    pub prune: bool,
}

/// What became of a file.
#[derive(Debug)]
pub struct Applied {
    /// What was changed.
    pub plan: Plan,
    /// Secrets that were made for new clients, to be shown this once.
    pub made: Vec<MadeSecret>,
    /// App Keys that were made, to be shown this once.
    pub made_keys: Vec<MadeAppKey>,
}

/// An App Key that was made for a client.
#[derive(Debug)]
pub struct MadeAppKey {
    /// The client's name on the wire.
    pub client_id: String,
    /// What the key is called.
    pub name: String,
    /// The key.
    pub key: Secret,
}

/// A secret that was made for a client.
#[derive(Debug)]
pub struct MadeSecret {
    /// The client's name for people.
    pub name: String,
    /// The client's name on the wire.
    pub client_id: String,
    /// Its secret.
    pub secret: Secret,
}

/// Applies files.
#[derive(Debug, Clone)]
pub struct Applier {
    /// Where the realms are.
    pub store: Store,
    /// What hashes passwords.
    pub passwords: Passwords,
    /// What tells the time.
    pub clock: SharedClock,
    /// How far this deployment reaches: which addresses connections may name.
    pub reach: Reach,
    /// Who is said to do it.
    pub actor: Actor,
}

/// What was done before the transaction.
struct Prepared {
    realm: RealmId,
    plan: Plan,
    ready: Ready,
    keys: Vec<SigningKey>,
}

impl Applier {
    /// What applying would change. Writes nothing.
    pub async fn plan(&self, file: &RealmFile, options: Options) -> Result<Plan, NotApplied> {
        Ok(self.prepare(file, options).await?.plan)
    }

    /// Applies a file as a whole, or not at all.
    pub async fn apply(&self, file: &RealmFile, options: Options) -> Result<Applied, NotApplied> {
        let prepared = self.prepare(file, options).await?;
        let now = self.clock.now();
        let mut stopped = None;
        let outcome = self
            .store
            .transact(prepared.realm, async |tx| match Box::pin(self.write(tx, file, options, &prepared, now)).await {
                Ok(made) => Ok(made),
                // A refusal would commit what was written before it.
                Err(reason) => {
                    stopped = Some(reason);
                    Err(Fault::new("the realm file was not applied").into())
                }
            })
            .await;
        match outcome {
            Ok((made, made_keys)) => Ok(Applied { plan: prepared.plan, made, made_keys }),
            Err(failure) => Err(stopped.unwrap_or_else(|| failure.into())),
        }
    }

    async fn prepare(&self, file: &RealmFile, options: Options) -> Result<Prepared, NotApplied> {
        let now = self.clock.now();
        let known = self.store.platform().realm_by_slug(file.slug()).await?;
        let realm = known.map_or_else(RealmId::new, |realm| realm.id);
        let tx = self.store.read(realm);
        let current = Current::load(&tx, reach(file, options), now).await?;
        let mut wanted = wanted::check(file, &current, self.reach, options.prune)?;
        self.check_hosts(file, &wanted, realm).await?;
        let ready = self.hash(&tx, &current, &mut wanted).await?;
        let keys = missing_keys(&tx, &wanted, now).await?;
        let plan = plan::between(&current, &wanted, &ready, options.prune);
        Ok(Prepared { realm, plan, ready, keys })
    }

    /// A host leads to one realm.
    async fn check_hosts(&self, file: &RealmFile, wanted: &Wanted, realm: RealmId) -> Result<(), NotApplied> {
        let mut problems = Vec::new();
        for (index, host) in wanted.document.realm.hosts.iter().flatten().enumerate() {
            let owner = self.store.platform().realm_by_host(host).await?;
            if let Some(other) = owner.filter(|owner| owner.id != realm) {
                let path = Path::default().dotted("realm.hosts").index(index);
                let reason = sentence(&path, &format!("`{host}` belongs to the realm `{}`", other.slug));
                problems.push(Problem { at: file.node.locate(&path), reason });
            }
        }
        if problems.is_empty() { Ok(()) } else { Err(Problems::new(&file.label, problems).into()) }
    }

    /// Hashes the passwords that are not the ones that people have already.
    async fn hash(&self, tx: &RealmTx, current: &Current, wanted: &mut Wanted) -> Result<Ready, Fault> {
        let mut ready = Ready::new();
        let given = std::mem::take(&mut wanted.passwords);
        for (user, given) in wanted.document.users.iter().flatten().zip(given) {
            let stored = match current.users.get(&user.email) {
                Some(known) => tx.passwords().find(known.id).await?.map(|credential| credential.hash),
                None => None,
            };
            let hashed = match given {
                None => continue,
                Some(GivenPassword::Hashed(_, text)) if stored.as_deref() == Some(text.expose()) => continue,
                Some(GivenPassword::Hashed(hashed, _)) => hashed,
                Some(GivenPassword::Plain(secret, accepted)) => {
                    if stored.is_some() && self.passwords.verify(tx.realm_id(), &secret, stored.as_deref()).await? {
                        continue;
                    }
                    self.passwords.hash(tx.realm_id(), accepted).await?
                }
            };
            ready.insert(user.email.clone(), hashed);
        }
        Ok(ready)
    }

    async fn write(
        &self,
        tx: &RealmTx,
        file: &RealmFile,
        options: Options,
        prepared: &Prepared,
        now: Timestamp,
    ) -> Result<(Vec<MadeSecret>, Vec<MadeAppKey>), NotApplied> {
        let mut current = Current::load(tx, reach(file, options), now).await?;
        if current.realm.is_none() {
            let wanted = wanted::check(file, &current, self.reach, options.prune)?;
            let entry = &wanted.document.realm;
            let (name, hosts) = (realm_name(entry, None), entry.hosts.clone().unwrap_or_default());
            realms::create(tx, self.actor, NewRealm { slug: entry.slug.clone(), name, hosts, settings: wanted.settings }, now).await?;
            current = Current::load(tx, reach(file, options), now).await?;
        }
        keys::insert(tx, &prepared.keys).await?;
        let wanted = wanted::check(file, &current, self.reach, options.prune)?;
        let plan = plan::between(&current, &wanted, &prepared.ready, options.prune);
        let mut work = carry_out::Work {
            tx,
            actor: self.actor,
            reach: self.reach,
            now,
            current: &current,
            wanted: &wanted,
            made: Vec::new(),
            made_keys: Vec::new(),
        };
        for change in plan.changes {
            Box::pin(work.carry_out(change)).await?;
        }
        Ok((work.made, work.made_keys))
    }
}

const fn reach(file: &RealmFile, options: Options) -> current::Reach<'_> {
    current::Reach::Named { document: &file.document, prune: options.prune }
}

/// Keys for the algorithms that the realm will name and has none for yet.
async fn missing_keys(tx: &RealmTx, wanted: &Wanted, now: Timestamp) -> Result<Vec<SigningKey>, Fault> {
    let mut algorithms = vec![wanted.settings.tokens.signing_algorithm];
    algorithms.extend(wanted.catalogue.resources.iter().filter_map(|resource| resource.signing_algorithm));
    let mut made = Vec::new();
    for algorithm in keys::missing(&tx.signing_keys().list().await?, &algorithms) {
        made.extend(keys::generate_pair(tx.realm_id(), algorithm, now).await?);
    }
    Ok(made)
}
