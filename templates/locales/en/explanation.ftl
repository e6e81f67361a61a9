# The pages behind error_uri, for the makers of apps.
explanation-menders = Who can fix it
explanation-steps = What to do now
explanation-examples = How it looks
explanation-browser-only = Your app gets no answer: the person's browser shows a page of ours that says so.
explanation-reason = Reason, as programs read it

occasion-authorization = In the query (or form) with which the browser comes back to your redirect_uri:
occasion-grant = From the token endpoint, for a code or a refresh token, with status
occasion-machine = From the token endpoint, for grant_type=client_credentials, with status

mender-developer = You, who make the app.
mender-person = The person who uses your app.
mender-organization = An admin of the person's organization.
mender-platform = Those who run this platform.

step-leave-org-id-out = Leave org_id (and its other names, organization and organization_id) out of the request.
step-check-org-id = Check that org_id is the value of the claim org_id in one of this person's tokens. A name or a domain is not an org_id.
step-authorize-for-it = Send the person to the authorization endpoint again, with this org_id, and let them choose the organization for your app.
step-authorize-again = When that is done, send the person to the authorization endpoint again. Grants from before do not come back by themselves.
step-use-authorization-uri = Send the person to the authorization_uri of the answer. Add your usual state, nonce and code_challenge before you do.
step-keep-refresh-token = Keep the refresh token: this answer did not use it up, and it goes on working for the other organizations of the grant.
step-ask-for-membership = Ask the organization's admin to make the person a member.
step-ask-for-approval = Ask the organization's admin to allow your app.
step-install-first = Have somebody of the organization allow your app once, by signing in through it, or have its admin approve the app.
step-ask-platform = Ask those who run the platform why the organization is suspended. Only they can resume it.
step-check-client-id = Check the client_id, and that you send people to the platform with which the app is registered.
step-register-redirect-uri = Register the redirect_uri for your app, byte for byte as you send it: scheme, host, port, path, query and trailing slash.
step-start-again = Begin again from your app with a new authorization request. Do not store or share addresses of pages in between.
step-leave-forms-alone = Send people to our pages and let their own browser fill them in. Forms of ours cannot be sent from your pages or by your servers.
step-ask-for-invitation = Ask those who run the platform to make the account.

reason-tenants_not_used-title = This platform has no organizations
reason-tenants_not_used-text = The request asked for an organization, but people and apps do not work for organizations here.
reason-no_tenant-title = An organization is needed
reason-no_tenant-text = People work for an organization here. This person belongs to none, or to none that allows your app.
reason-tenant_not_granted-title = The grant is not for this organization
reason-tenant_not_granted-text = The person allowed your app for certain organizations, and the one that you asked for is not among them. Whether it exists is not said.
reason-not_a_member-title = Not a member of this organization
reason-not_a_member-text = The person does not belong to the organization, or no longer does, or there is no such organization. Which of these it is, is not said.
reason-tenant_suspended-title = The organization is or was suspended
reason-tenant_suspended-text = The platform suspended the organization. Everything that was granted for it before has ended, even if it was resumed since.
reason-app_not_allowed-title = The organization does not allow your app
reason-app_not_allowed-text = The organization decides which apps its people may use, and yours is not among them.
reason-app_removed-title = The organization removed your app
reason-app_removed-text = An admin took your app out of the organization, or blocked it. Everything that was granted for it before has ended.
reason-app_not_installed-title = Your app is not in use at this organization
reason-app_not_installed-text = An app acts for an organization by itself only where it was allowed in. It was not, or there is no such organization. Which of these it is, is not said.
reason-sign_in_too_old-title = The sign-in is too old
reason-sign_in_too_old-text = The organization wants its people to sign in more often than this person did.
reason-connection_required-title = The organization has a sign-in of its own
reason-connection_required-text = Its people have to sign in through the organization's own identity provider, and this person signed in another way.
reason-connection_disabled-title = That way of signing in is switched off
reason-connection_disabled-text = The person signed in through a connection that has been switched off since. What rested on it ended then.
reason-unknown_client-title = We do not know this app
reason-unknown_client-text = No app with this client_id is registered here, or it was switched off.
reason-redirect_uri-title = The redirect_uri is not registered
reason-redirect_uri-text = The request named no redirect_uri, or one that is not registered for this app. Nobody is sent there.
reason-flow_expired-title = The sign-in is over
reason-flow_expired-text = It was finished already, it took too long, or it began in another browser.
reason-foreign_form-title = The form did not come from our page
reason-foreign_form-text = A form of ours counts only if the page was shown to the same browser, not too long ago.
reason-sign_up_closed-title = Accounts are made by invitation
reason-sign_up_closed-text = Nobody can create an account here by themselves.
