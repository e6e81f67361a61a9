//! Who may do what: every address of the console, each verb, for every role, with things of one's own and with others'.
//!
//! The rows are made from the table of addresses, so none can be missing: an address whose parameters nobody here can fill
//! in fails, and so does one that lets somebody in whom its audience leaves out.

pub(super) mod things;

use std::collections::BTreeMap;

use gantry_web::paths::console::{ALL, Address, Audience, CONNECTION_TESTED, TENANT_CONNECTION_TESTED, Verb, fill};

use self::things::Things;
use crate::support::{Console, Gantry, Page, Person};

/// Whoever may come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Role {
    /// Nobody is signed in.
    Anonymous,
    /// Somebody of the realm who administers nothing.
    Member,
    /// Administers the tenant that the things belong to.
    TenantAdmin,
    /// Administers another tenant of the same realm.
    OtherTenantAdmin,
    /// Administers the realm.
    RealmAdmin,
    /// Administers another realm.
    OtherRealmAdmin,
    /// Runs the deployment.
    Operator,
}

/// What a role meets at an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// Is let in.
    In,
    /// Is asked to sign in.
    SignIn,
    /// Is told that they administer nothing.
    NoRole,
    /// Finds nothing there.
    Nothing,
    /// Is told that their role does not allow it.
    Forbidden,
}

const ROLES: [Role; 7] =
    [Role::Anonymous, Role::Member, Role::TenantAdmin, Role::OtherTenantAdmin, Role::RealmAdmin, Role::OtherRealmAdmin, Role::Operator];

/// Shown to the browser alone that made what they show; the tests of their area look at them.
const OWN_WORK: &[&str] = &[CONNECTION_TESTED, TENANT_CONNECTION_TESTED];

/// The table itself.
fn fate(role: Role, address: &Address) -> Fate {
    match (address.audience, role) {
        // Who administers some realm knows that there are others.
        (Audience::Operator, Role::OtherRealmAdmin) if !address.path.contains("{realm}") => Fate::Forbidden,
        (Audience::Anyone, _) | (_, Role::Operator) => Fate::In,
        (_, Role::Anonymous) => Fate::SignIn,
        (_, Role::Member) => Fate::NoRole,
        (Audience::SignedIn, _) | (Audience::Realm | Audience::Tenant, Role::RealmAdmin) | (Audience::Tenant, Role::TenantAdmin) => {
            Fate::In
        }
        (Audience::Operator, Role::RealmAdmin) => Fate::Forbidden,
        (Audience::Operator | Audience::Realm | Audience::Tenant, _) => Fate::Nothing,
    }
}

/// A realm with two tenants, another realm, and somebody of every role.
struct World<'g> {
    own: Things,
    /// Of the same realm, but another tenant's.
    neighbours: Things,
    /// Of another realm.
    foreign: Things,
    people: BTreeMap<Role, Console<'g>>,
}

impl<'g> World<'g> {
    async fn make(gantry: &'g Gantry) -> Self {
        let (ours, theirs) = (gantry.newcomer("tessa@example.com").await, gantry.newcomer("nora@example.com").await);
        let mut people = BTreeMap::from([(Role::Anonymous, Console::new(gantry)), (Role::Operator, gantry.operator().await)]);
        people.insert(Role::TenantAdmin, gantry.tenant_admin(ours, "org_own").await);
        people.insert(Role::OtherTenantAdmin, gantry.tenant_admin(theirs, "org_neighbour").await);
        people.insert(Role::Member, Console::sign_in(gantry, "default", Person::BOB).await.0);
        people.insert(Role::RealmAdmin, gantry.realm_admin().await);
        people.insert(Role::OtherRealmAdmin, Console::sign_in(gantry, "other", Person::ADMIN).await.0);
        let own = things::of(gantry, "default", "org_own", "alice@example.com").await;
        let neighbours = things::of(gantry, "default", "org_neighbour", "bob@example.com").await;
        let foreign = things::of(gantry, "other", "org_foreign", "alice@example.com").await;
        Self { own, neighbours, foreign, people }
    }
}

/// An address with its parameters filled in.
fn path(address: &Address, things: &Things) -> String {
    let values: Vec<(&str, &str)> = things.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let path = fill(address.path, &values);
    assert!(!path.contains('{'), "{}: a parameter that nobody can fill in", address.path);
    path
}

/// The address with these values in the place of one's own for whatever is below realm and tenant.
fn with_objects_of(own: &Things, others: &Things) -> Things {
    own.iter().map(|(name, value)| (*name, if matches!(*name, "realm" | "tenant") { value } else { &others[name] }.clone())).collect()
}

/// Whether an address names anything below its realm and tenant.
fn names_objects(address: &Address) -> bool {
    address.path.split('/').any(|part| part.starts_with('{') && !matches!(part, "{realm}" | "{tenant}"))
}

async fn ask(console: &Console<'_>, verb: Verb, path: &str) -> Page {
    match verb {
        Verb::Get => console.open_once(path).await,
        // A form's token and nothing else.
        Verb::Post => console.post_once(path, &[]).await,
    }
}

fn met(page: &Page) -> Fate {
    let location = page.headers.get("location").map(|value| value.to_str().unwrap()).unwrap_or_default();
    match page.status {
        404 => Fate::Nothing,
        403 => Fate::Forbidden,
        303 if location.starts_with("/console/sign-in") && !location.starts_with("/console/sign-in/again") => Fate::SignIn,
        303 if location.starts_with("/console/no-role") => Fate::NoRole,
        _ => Fate::In,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_01_every_role_meets_at_every_address_what_the_table_says() {
    let gantry = Gantry::start().await;
    let world = World::make(&gantry).await;
    let mut wrong = Vec::new();
    for address in ALL.iter() {
        for role in ROLES {
            let (expected, console) = (fate(role, address), &world.people[&role]);
            for verb in address.verbs.iter().copied() {
                // What would be let in to change something is asked below, each on a Gantry of its own.
                if verb == Verb::Post && expected == Fate::In {
                    continue;
                }
                let page = ask(console, verb, &path(address, &world.own)).await;
                let as_told = match address.audience {
                    // Some of these have something to say to some people alone; none hides.
                    Audience::Anyone => page.status != 404,
                    Audience::SignedIn | Audience::Operator | Audience::Realm | Audience::Tenant => {
                        let own_work = expected == Fate::In && OWN_WORK.contains(&address.path);
                        if own_work { page.status == 404 } else { met(&page) == expected }
                    }
                };
                if !as_told || page.status >= 500 {
                    wrong.push(format!("{role:?} {verb:?} {}: {} and not {expected:?}", address.path, page.status));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} answers\n{}", wrong.len(), wrong.join("\n"));
}

/// Things of another tenant, of another realm and of nobody are alike, byte for byte, where one may look at one's own.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_01_what_belongs_to_others_is_like_nothing_at_every_address() {
    let gantry = Gantry::start().await;
    let world = World::make(&gantry).await;
    let unknown = with_objects_of(&world.own, &things::unknown(&world.own));
    let mut wrong = Vec::new();
    for address in ALL.iter().filter(|address| names_objects(address)) {
        let cases = match address.audience {
            Audience::Tenant => {
                vec![(Role::TenantAdmin, &world.neighbours), (Role::TenantAdmin, &world.foreign), (Role::RealmAdmin, &world.foreign)]
            }
            Audience::Realm | Audience::Operator | Audience::SignedIn | Audience::Anyone => {
                vec![(Role::RealmAdmin, &world.foreign), (Role::Operator, &world.foreign)]
            }
        };
        for (role, others) in cases {
            for verb in address.verbs.iter().copied() {
                let others = path(address, &with_objects_of(&world.own, others));
                let nobodys = path(address, &unknown);
                let console = &world.people[&role];
                let (theirs, nothing) = (ask(console, verb, &others).await, ask(console, verb, &nobodys).await);
                let said = |page: &Page, path: &str| (page.status, without_ids(&page.html, path));
                if theirs.status != 404 || said(&theirs, &others) != said(&nothing, &nobodys) {
                    wrong.push(format!("{role:?} {verb:?} {others}: {} where {nobodys} is {}", theirs.status, nothing.status));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} answers\n{}", wrong.len(), wrong.join("\n"));
}

/// Whoever is let in is not turned away at the form either: a form with nothing in it is refused for what it lacks, or
/// does what a button does.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_may_look_may_also_send_the_form() {
    let gantry = Gantry::start().await;
    let world = World::make(&gantry).await;
    let mut wrong = Vec::new();
    for address in ALL.iter().filter(|address| address.verbs.contains(&Verb::Post)) {
        let role = match address.audience {
            // Signing out would end the rest.
            Audience::Anyone => continue,
            Audience::SignedIn | Audience::Operator => Role::Operator,
            Audience::Realm => Role::RealmAdmin,
            Audience::Tenant => Role::TenantAdmin,
        };
        let page = ask(&world.people[&role], Verb::Post, &path(address, &world.own)).await;
        // Something may have gone with a button before: that is 404 for everybody.
        if !matches!(page.status, 200 | 303 | 400 | 404 | 409 | 410 | 422 | 429) || matches!(met(&page), Fate::SignIn | Fate::NoRole) {
            wrong.push(format!("{role:?} POST {}: {}", address.path, page.status));
        }
    }
    assert!(wrong.is_empty(), "{} answers\n{}", wrong.len(), wrong.join("\n"));
}

/// A page without what differs from one request to the next: the ids of its address, of the request, and tokens.
fn without_ids(html: &str, path: &str) -> String {
    let mut text = html.to_owned();
    for segment in path.split('/').filter(|segment| segment.contains('_')) {
        text = text.replace(segment, "ID");
    }
    let hex = |word: &str| word.len() == 32 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    text.split(['"', '<', '>', ' ', '\n']).map(|word| if hex(word) { "ID" } else { word }).collect::<Vec<_>>().join(" ")
}
