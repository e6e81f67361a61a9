//! A realm's tenants, and everything of one but its connections.

addresses! {
    /// The realm's tenants.
    TENANTS = "/console/realms/{realm}/tenants", [Get], Realm;
    /// Making one.
    TENANT_NEW = "/console/realms/{realm}/tenants/new", [Get, Post], Realm;
    /// Everything about one tenant begins here.
    TENANT = "/console/realms/{realm}/tenants/{tenant}", [Get], Tenant;
    /// [`AUDIT`](super::AUDIT) of a tenant.
    TENANT_AUDIT = "/console/realms/{realm}/tenants/{tenant}/audit", [Get], Tenant;
    /// [`AUDIT_EXPORT`](super::AUDIT_EXPORT) of a tenant.
    TENANT_AUDIT_EXPORT = "/console/realms/{realm}/tenants/{tenant}/audit/export", [Post], Tenant;
    /// [`AUDIT_ENTRY`](super::AUDIT_ENTRY) of a tenant.
    TENANT_AUDIT_ENTRY = "/console/realms/{realm}/tenants/{tenant}/audit/{entry}", [Get], Tenant;
    /// [`TRACES`](super::TRACES) of a tenant.
    TENANT_TRACES = "/console/realms/{realm}/tenants/{tenant}/traces", [Get], Tenant;
    /// [`TRACE`](super::TRACE) of a tenant.
    TENANT_TRACE = "/console/realms/{realm}/tenants/{tenant}/traces/{trace}", [Get], Tenant;
    /// [`TRACE_SHARE`](super::TRACE_SHARE) of a tenant.
    TENANT_TRACE_SHARE = "/console/realms/{realm}/tenants/{tenant}/traces/{trace}/share", [Post], Tenant;
    /// What is decided about a tenant.
    TENANT_SETTINGS = "/console/realms/{realm}/tenants/{tenant}/settings", [Get, Post], Tenant;
    /// How its pages look.
    TENANT_BRANDING = "/console/realms/{realm}/tenants/{tenant}/branding", [Get, Post], Tenant;
    /// The page on which its people sign in, as it would look with what stands in the query.
    TENANT_BRANDING_PREVIEW = "/console/realms/{realm}/tenants/{tenant}/branding/preview", [Get], Tenant;
    /// The colours of that.
    TENANT_BRANDING_PREVIEW_CSS = "/console/realms/{realm}/tenants/{tenant}/branding/preview.css", [Get], Tenant;
    /// Suspends it, or ends that.
    TENANT_SUSPENSION = "/console/realms/{realm}/tenants/{tenant}/suspension", [Get, Post], Realm;
    /// Who belongs to it, and who is invited.
    TENANT_MEMBERS = "/console/realms/{realm}/tenants/{tenant}/members", [Get], Tenant;
    /// Invites somebody.
    TENANT_INVITATION_NEW = "/console/realms/{realm}/tenants/{tenant}/members/invite", [Get, Post], Tenant;
    /// Does something to several members.
    TENANT_MEMBERS_BULK = "/console/realms/{realm}/tenants/{tenant}/members/bulk", [Post], Tenant;
    /// Does something to several invitations.
    TENANT_INVITATIONS_BULK = "/console/realms/{realm}/tenants/{tenant}/invitations/bulk", [Post], Tenant;
    /// One member, and their role.
    TENANT_MEMBER = "/console/realms/{realm}/tenants/{tenant}/members/{user}", [Get, Post], Tenant;
    /// Takes a member out.
    TENANT_MEMBER_REMOVE = "/console/realms/{realm}/tenants/{tenant}/members/{user}/remove", [Get, Post], Tenant;
    /// Sends an invitation again, with another link.
    TENANT_INVITATION_RESEND = "/console/realms/{realm}/tenants/{tenant}/invitations/{invitation}/resend", [Post], Tenant;
    /// Takes it back.
    TENANT_INVITATION_REVOKE = "/console/realms/{realm}/tenants/{tenant}/invitations/{invitation}/revoke", [Post], Tenant;
    /// Its domains, and claiming one.
    TENANT_DOMAINS = "/console/realms/{realm}/tenants/{tenant}/domains", [Get, Post], Tenant;
    /// One domain, and how it is proved.
    TENANT_DOMAIN = "/console/realms/{realm}/tenants/{tenant}/domains/{domain}", [Get], Tenant;
    /// Looks for the proof.
    TENANT_DOMAIN_VERIFY = "/console/realms/{realm}/tenants/{tenant}/domains/{domain}/verify", [Post], Tenant;
    /// Takes an admin's word in its place.
    TENANT_DOMAIN_VOUCH = "/console/realms/{realm}/tenants/{tenant}/domains/{domain}/vouch", [Post], Realm;
    /// Gives it back.
    TENANT_DOMAIN_REMOVE = "/console/realms/{realm}/tenants/{tenant}/domains/{domain}/remove", [Get, Post], Tenant;
    /// The apps that it has heard of.
    TENANT_APPS = "/console/realms/{realm}/tenants/{tenant}/apps", [Get], Tenant;
    /// Decides about one.
    TENANT_APP = "/console/realms/{realm}/tenants/{tenant}/apps/{client}", [Post], Tenant;
}
