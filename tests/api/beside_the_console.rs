//! What the console can do and what the API can do, side by side: each form of the console has its operation here, or
//! a reason why programs have none.

use std::collections::BTreeMap;

use gantry_web::api::{Method, operations};
use gantry_web::paths::console::{self as at, Verb};

/// What stands beside a form.
enum Beside {
    /// These operations do what it does.
    Api(&'static [&'static str]),
    /// Nothing does, and why.
    Nothing(&'static str),
}
use Beside::{Api, Nothing};

const A_PERSONS: &str = "signing in and out is a person's, in a browser";
const MAKES_GREATER: &str = "no program makes or changes an account with keys, its own least of all (decision 18)";
const ROLES: &str = "programs give nobody a role over the realm, and take none back";
const BROWSER: &str = "somebody signs in on the way, in the browser that asked";

fn table() -> BTreeMap<&'static str, Beside> {
    let mut all = BTreeMap::from([
        (at::SIGN_IN, Nothing(A_PERSONS)),
        (at::SIGN_OUT, Nothing(A_PERSONS)),
        (at::OWN_SESSIONS, Api(&["endSession", "endSessions"])),
        (at::PERSON_ROLES, Nothing(ROLES)),
        (at::INVITATION_NEW, Nothing(ROLES)),
        (at::INVITATION_RESEND, Nothing(ROLES)),
        (at::INVITATION_REVOKE, Nothing(ROLES)),
        (at::INVITATIONS_BULK, Nothing(ROLES)),
        (at::CLIENT_TEST, Nothing(BROWSER)),
        (at::CONNECTION_TEST, Nothing(BROWSER)),
        (at::TENANT_CONNECTION_TEST, Nothing(BROWSER)),
        (at::MAIL_SAMPLE, Nothing("it goes to the address of whoever asks, and a program has none")),
        (at::AUDIT_EXPORT, Api(&["listAudit"])),
        (at::TENANT_AUDIT_EXPORT, Api(&["listAudit"])),
    ]);
    for path in [
        at::SERVICE_ACCOUNT_NEW,
        at::SERVICE_ACCOUNT_SETTINGS,
        at::SERVICE_ACCOUNT_KEYS,
        at::SERVICE_ACCOUNT_KEY_END,
        at::SERVICE_ACCOUNT_STATE,
        at::SERVICE_ACCOUNT_DELETE,
    ] {
        all.insert(path, Nothing(MAKES_GREATER));
    }
    all.extend(realm());
    all.extend(apps());
    all.extend(people());
    all.extend(connections());
    all.extend(tenants());
    all
}

fn realm() -> Vec<(&'static str, Beside)> {
    let mut all = vec![
        (at::REALM_NEW, Api(&["createRealm"])),
        (at::SETTINGS_REVOKE, Api(&["revokeIssued"])),
        (at::SETTINGS_STATE, Api(&["putRealmState"])),
        (at::KEYS_ROTATE, Api(&["rotateKeys"])),
        (at::KEYS_WITHDRAW, Api(&["withdrawKeys"])),
        (at::MAIL_TEXT, Api(&["setMailText"])),
        (at::MAIL_TEXT_RESET, Api(&["resetMailText"])),
        (at::MAIL_RETRY, Api(&["retryMail"])),
        (at::MAIL_GIVE_UP, Api(&["giveUpMail"])),
        (at::TRACE_SHARE, Api(&["shareTrace"])),
    ];
    for path in [
        at::SETTINGS,
        at::SETTINGS_SIGN_IN,
        at::SETTINGS_AUTHORIZATION,
        at::SETTINGS_TENANTS,
        at::SETTINGS_ENDPOINTS,
        at::SETTINGS_APP_KEYS,
        at::SETTINGS_PERSONAL_TOKENS,
        at::SETTINGS_HOSTS,
        at::BRANDING,
    ] {
        all.push((path, Api(&["updateRealm"])));
    }
    all
}

fn apps() -> Vec<(&'static str, Beside)> {
    vec![
        (at::CLIENT_NEW, Api(&["createClient"])),
        (at::CLIENT_ENABLED, Api(&["updateClient"])),
        (at::CLIENT_REMOVE, Api(&["deleteClient"])),
        (at::CLIENT_SETTINGS, Api(&["updateClient"])),
        (at::CLIENT_SECRETS, Api(&["createClientSecret"])),
        (at::CLIENT_SECRET, Api(&["expireClientSecret"])),
        (at::CLIENT_APP_KEYS, Api(&["createAppKey"])),
        (at::CLIENT_APP_KEY, Api(&["deleteAppKey"])),
        (at::CLIENT_ACCESS_PERSON, Api(&["revokeGrant"])),
        // Several at once are as many calls.
        (at::CLIENTS_BULK, Api(&["updateClient"])),
        (at::SCOPE_NEW, Api(&["createScope"])),
        (at::SCOPE, Api(&["updateScope"])),
        (at::SCOPE_REMOVE, Api(&["deleteScope"])),
        (at::RESOURCE_NEW, Api(&["createResource"])),
        (at::RESOURCE, Api(&["updateResource"])),
        (at::RESOURCE_REMOVE, Api(&["deleteResource"])),
        (at::PUBLISHER_NEW, Api(&["createPublisher"])),
        (at::PUBLISHER, Api(&["updatePublisher"])),
        (at::PUBLISHER_REMOVE, Api(&["deletePublisher"])),
    ]
}

fn people() -> Vec<(&'static str, Beside)> {
    vec![
        (at::PERSON_NEW, Api(&["createUser"])),
        (at::PERSON, Api(&["updateUser"])),
        (at::PERSON_ADDRESS, Api(&["updateUser"])),
        (at::PERSON_LOCK, Api(&["updateUser"])),
        (at::PERSON_RESET, Api(&["sendReset"])),
        (at::PERSON_SIGN_OUT, Api(&["endSessions"])),
        (at::PERSON_DELETE, Api(&["eraseUser"])),
        (at::PERSON_UNLINK, Api(&["unlinkIdentity"])),
        (at::PERSON_SESSION_END, Api(&["endSession"])),
        (at::PERSON_ACCESS_REVOKE, Api(&["revokeGrant"])),
        (at::PERSON_TOKEN_REVOKE, Api(&["revokePersonalToken"])),
        (at::PERSON_EXPORT, Api(&["exportUser"])),
        (at::PERSON_ERASE, Api(&["eraseUser"])),
        (at::SESSION_END, Api(&["endSession"])),
        (at::PEOPLE_BULK, Api(&["updateUser", "endSessions"])),
        (at::SESSIONS_BULK, Api(&["endSession"])),
        (at::PERSON_GRANT_REVOKE, Nothing("programs take back what an app was given as a whole")),
    ]
}

/// What is said of a connection is said by the same operations, whether it is the realm's or a tenant's own.
fn connections() -> Vec<(&'static str, Beside)> {
    let mut all = vec![
        (at::CONNECTION_ATTACHMENTS, Api(&["putAttachment", "deleteAttachment"])),
        (at::TENANT_CONNECTION_JOINING, Api(&["putAttachment"])),
        (at::TENANT_CONNECTION_DETACH, Api(&["deleteAttachment"])),
    ];
    for path in [at::CONNECTION_NEW, at::TENANT_CONNECTION_NEW] {
        all.push((path, Api(&["createConnection", "checkConnection"])));
    }
    for path in [at::CONNECTION_DELETE, at::TENANT_CONNECTION_DELETE] {
        all.push((path, Api(&["deleteConnection"])));
    }
    for path in [at::CONNECTION_PROBE, at::TENANT_CONNECTION_PROBE] {
        all.push((path, Api(&["checkConnection"])));
    }
    for path in [at::CONNECTION_DRY_RUN, at::TENANT_CONNECTION_DRY_RUN] {
        all.push((path, Api(&["dryRunConnection"])));
    }
    for path in [
        at::CONNECTION_STATE,
        at::CONNECTION_SETTINGS,
        at::CONNECTION_SECRETS,
        at::CONNECTION_CLAIMS,
        at::CONNECTION_LINKING,
        at::TENANT_CONNECTION_STATE,
        at::TENANT_CONNECTION_SETTINGS,
        at::TENANT_CONNECTION_SECRETS,
        at::TENANT_CONNECTION_CLAIMS,
        at::TENANT_CONNECTION_LINKING,
    ] {
        all.push((path, Api(&["updateConnection"])));
    }
    all
}

fn tenants() -> Vec<(&'static str, Beside)> {
    vec![
        (at::TENANT_NEW, Api(&["createTenant"])),
        (at::TENANT_SETTINGS, Api(&["updateTenant"])),
        (at::TENANT_BRANDING, Api(&["updateTenant"])),
        (at::TENANT_SUSPENSION, Api(&["updateTenant"])),
        (at::TENANT_INVITATION_NEW, Api(&["createInvitation"])),
        (at::TENANT_INVITATION_RESEND, Api(&["resendInvitation"])),
        (at::TENANT_INVITATION_REVOKE, Api(&["revokeInvitation"])),
        (at::TENANT_MEMBER, Api(&["putMember"])),
        (at::TENANT_MEMBER_REMOVE, Api(&["deleteMember"])),
        (at::TENANT_DOMAINS, Api(&["createDomain"])),
        (at::TENANT_DOMAIN_VERIFY, Api(&["verifyDomain"])),
        (at::TENANT_DOMAIN_VOUCH, Api(&["vouchForDomain"])),
        (at::TENANT_DOMAIN_REMOVE, Api(&["deleteDomain"])),
        (at::TENANT_MEMBERS_BULK, Api(&["putMember", "deleteMember"])),
        (at::TENANT_INVITATIONS_BULK, Api(&["resendInvitation", "revokeInvitation"])),
        (at::TENANT_APP, Api(&["putInstallation"])),
        (at::TENANT_TRACE_SHARE, Api(&["shareTrace"])),
    ]
}

#[test]
fn every_form_of_the_console_has_its_operation_or_a_reason_why_not() {
    let table = table();
    let forms: Vec<&str> = at::ALL.iter().filter(|address| address.verbs.contains(&Verb::Post)).map(|address| address.path).collect();
    for form in &forms {
        assert!(table.contains_key(form), "{form}: say which operation does the same, or why there is none");
    }
    for (path, beside) in &table {
        assert!(forms.contains(path), "{path} is no form of the console");
        match beside {
            Api(ids) => {
                assert!(!ids.is_empty(), "{path}");
                for id in *ids {
                    assert!(operations().iter().any(|operation| operation.id() == *id), "{path}: there is no operation `{id}`");
                }
            }
            Nothing(why) => assert!(!why.is_empty(), "{path}"),
        }
    }
}

#[test]
fn every_operation_that_changes_something_has_its_form() {
    let table = table();
    let named = |id: &str| table.values().any(|beside| matches!(beside, Api(ids) if ids.contains(&id)));
    for operation in operations().iter().filter(|operation| operation.method() != Method::Get) {
        // An App Key's name and end can be changed by programs alone: people make another one.
        assert!(named(operation.id()) || operation.id() == "updateAppKey", "{operation:?} is in no row of the table");
    }
}
