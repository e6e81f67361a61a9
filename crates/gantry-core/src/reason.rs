//! The stable words that say why, where an error code says too little.
//!
//! The one list of them: what goes on the wire as `reason`, and what the pages behind `error_uri`
//! explain. Never decides which code a reason comes with.

crate::closed_set::closed_set! {
    /// Why something was refused, for programs. Once on the wire, a word keeps its meaning.
    Reason {
        /// The realm has no tenants, so none can be asked for.
        TenantsNotUsed = "tenants_not_used",
        /// A tenant is needed and there is none.
        NoTenant = "no_tenant",
        /// The grant is not for this tenant.
        TenantNotGranted = "tenant_not_granted",
        /// The person does not belong to the tenant.
        NotAMember = "not_a_member",
        /// The tenant is suspended, or was since.
        TenantSuspended = "tenant_suspended",
        /// The tenant does not allow the app.
        AppNotAllowed = "app_not_allowed",
        /// The tenant took the app out since it was granted.
        AppRemoved = "app_removed",
        /// The app is not in use at the tenant.
        AppNotInstalled = "app_not_installed",
        /// The tenant wants a more recent sign-in.
        SignInTooOld = "sign_in_too_old",
        /// The tenant wants a sign-in through its own connection.
        ConnectionRequired = "connection_required",
        /// The connection that somebody signed in with is switched off or gone.
        ConnectionDisabled = "connection_disabled",
        /// No such app, or it is switched off.
        UnknownClient = "unknown_client",
        /// The redirect URI is missing or not registered.
        RedirectUri = "redirect_uri",
        /// The flow is over: answered, expired, or begun in another browser.
        FlowExpired = "flow_expired",
        /// The form did not come from our page.
        ForeignForm = "foreign_form",
        /// Strangers may not make an account.
        SignUpClosed = "sign_up_closed",
    }
}
