//! A tenant's own connections, and those that its realm lends it.

addresses! {
    /// A tenant's own ways to sign in, and the names of those that the realm offers it.
    TENANT_CONNECTIONS = "/console/realms/{realm}/tenants/{tenant}/connections", [Get], Tenant;
    /// [`CONNECTION_NEW`](super::CONNECTION_NEW) of a tenant's own.
    TENANT_CONNECTION_NEW = "/console/realms/{realm}/tenants/{tenant}/connections/new", [Get, Post], Tenant;
    /// [`CONNECTION`](super::CONNECTION) of a tenant's own.
    TENANT_CONNECTION = "/console/realms/{realm}/tenants/{tenant}/connections/{connection}", [Get], Tenant;
    /// [`CONNECTION_STATE`](super::CONNECTION_STATE) of a tenant's own.
    TENANT_CONNECTION_STATE = "/console/realms/{realm}/tenants/{tenant}/connections/{connection}/state", [Post], Tenant;
    /// [`CONNECTION_PROBE`](super::CONNECTION_PROBE) of a tenant's own.
    TENANT_CONNECTION_PROBE = "/console/realms/{realm}/tenants/{tenant}/connections/{connection}/probe", [Post], Tenant;
    /// [`CONNECTION_DELETE`](super::CONNECTION_DELETE) of a tenant's own.
    TENANT_CONNECTION_DELETE = "/console/realms/{realm}/tenants/{tenant}/connections/{connection}/delete", [Get, Post], Tenant;
    /// [`CONNECTION_SETTINGS`](super::CONNECTION_SETTINGS) of a tenant's own.
    TENANT_CONNECTION_SETTINGS = "/console/realms/{realm}/tenants/{tenant}/connections/{connection}/settings", [Get, Post], Tenant;
    /// [`CONNECTION_SECRETS`](super::CONNECTION_SECRETS) of a tenant's own.
    TENANT_CONNECTION_SECRETS = "/console/realms/{realm}/tenants/{tenant}/connections/{connection}/secrets", [Get, Post], Tenant;
    /// [`CONNECTION_CLAIMS`](super::CONNECTION_CLAIMS) of a tenant's own.
    TENANT_CONNECTION_CLAIMS = "/console/realms/{realm}/tenants/{tenant}/connections/{connection}/claims", [Get, Post], Tenant;
    /// [`CONNECTION_DRY_RUN`](super::CONNECTION_DRY_RUN) of a tenant's own.
    TENANT_CONNECTION_DRY_RUN = "/console/realms/{realm}/tenants/{tenant}/connections/{connection}/dry-run", [Get, Post], Tenant;
    /// [`CONNECTION_LINKING`](super::CONNECTION_LINKING) of a tenant's own.
    TENANT_CONNECTION_LINKING = "/console/realms/{realm}/tenants/{tenant}/connections/{connection}/linking", [Get, Post], Tenant;
    /// Who joins the tenant by a connection: its own, or one of the realm's.
    TENANT_CONNECTION_JOINING = "/console/realms/{realm}/tenants/{tenant}/connections/{connection}/joining", [Get, Post], Tenant;
    /// Takes one of the realm's away from the tenant.
    TENANT_CONNECTION_DETACH = "/console/realms/{realm}/tenants/{tenant}/connections/{connection}/detach", [Post], Tenant;
    /// [`CONNECTION_TEST`](super::CONNECTION_TEST) of a tenant's own.
    TENANT_CONNECTION_TEST = "/console/realms/{realm}/tenants/{tenant}/connections/{connection}/test", [Get, Post], Tenant;
    /// [`CONNECTION_TEST_BACK`](super::CONNECTION_TEST_BACK) of a tenant's own.
    TENANT_CONNECTION_TEST_BACK = "/console/realms/{realm}/tenants/{tenant}/connections/{connection}/test/back", [Get], Tenant;
    /// [`CONNECTION_TESTED`](super::CONNECTION_TESTED) of a tenant's own.
    TENANT_CONNECTION_TESTED = "/console/realms/{realm}/tenants/{tenant}/connections/{connection}/test/{trace}", [Get], Tenant;
}
