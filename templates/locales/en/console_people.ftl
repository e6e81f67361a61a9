people-nav = People
people-nav-sessions = Sessions
people-title = People
people-lead = Everybody who has an account in this realm.
people-search = Search by name, address or ID
people-any = Any
people-name = Name
people-state = State
people-role = Role
people-roles = Roles
people-since = Created
people-active = Active
people-locked = Locked
people-verified = Verified address
people-unverified = Unverified address
people-role-operator = Operator
people-role-realm-admin = Realm admin
people-empty-title = Nobody has an account yet
people-empty-text = People appear here when they sign up, sign in with a provider, accept an invitation, or when you create them.
people-none-title = Nobody found
people-none-text = Each word has to be the beginning of a name or of a part of an address.
people-show-all = Show everybody

people-new = New person
people-new-lead = For somebody whose address you know to be theirs. To bring people into one organization, invite them on its page instead.
people-new-email-hint = You vouch that this address belongs to the person. An account that somebody else began with it and never verified is removed.
people-new-mail = Mail a link to set a password
people-new-mail-hint = Without it the person can ask for one on the sign-in page, or sign in with a provider.
people-create = Create person
people-wrong = Please check what is marked below.
people-unconfirmed = Nothing was done. Type the address exactly as it is shown.

people-tab-overview = Overview
people-tab-identities = Linked accounts
people-tab-memberships = Organizations
people-tab-sessions = Sessions
people-tab-access = Access
people-tab-history = History
people-tab-data = Personal data

people-account = Account
people-email = Address
people-verified-at = Verified
people-id = ID
people-changed = Changed
people-locked-at = Locked
people-change-address = Change address
people-change-roles = Change roles
people-send-reset = Mail a link to set a password
people-sign-out = Sign out everywhere
people-sign-out-lead = Ends every session of this person, and every access of apps that ends with one. Access that lasts beyond sessions stays; see Access.
people-ends = Lock, delete, erase
people-ends-lead = A locked account keeps everything but works nowhere until it is unlocked: its sessions end, and apps lose their access. Deleting removes the account. Erasing also takes the person out of the audit trail.
people-lock = Lock account
people-unlock = Unlock account
people-delete = Delete…
people-erase = Erase…
people-profile = Profile
people-profile-lead = Apps see of it what the person allows them.
people-full-name = Full name
people-given-name = Given name
people-family-name = Family name
people-username = User name
people-locale = Language
people-locale-hint = A language tag such as en or de. Mails are written in it.
people-zone = Time zone
people-phone = Phone number
people-picture = Picture URL
people-website = Website
people-save = Save profile

people-address-lead = Whoever reads this mailbox can take over the account. Links that were mailed to the former address stop working.
people-address-hint = You vouch that the address belongs to this person. It counts as verified at once.
people-address-save = Change address
people-roles-lead = Roles take effect with the next request, and so does their end.
people-roles-save = Save roles
people-role-operator-hint = Runs the deployment: every realm, every setting.
people-role-realm-admin-hint = Administers this realm: its people, apps, connections and settings.

people-delete-title = Delete this account
people-delete-lead =
    This cannot be undone. What goes with it: { $sessions ->
        [one] one session
       *[other] { $sessions } sessions
    }, the access of { $apps ->
        [one] one app
       *[other] { $apps } apps
    }, { $tokens ->
        [one] one personal token
       *[other] { $tokens } personal tokens
    }, { $identities ->
        [one] one linked account
       *[other] { $identities } linked accounts
    } and { $memberships ->
        [one] one membership
       *[other] { $memberships } memberships
    }. The audit trail and the traces of sign-ins stay as they are.

people-identities-lead = Accounts at providers with which this person signs in. Unlinking ends what began with one, and the person is told by mail.
people-identities-empty = No linked accounts
people-identities-empty-text = When the person signs in with a provider, the account there is linked and listed here.
people-account-elsewhere = Provider and account
people-subject = Subject
people-linked-at = Linked
people-last-used = Last used
people-unlink = Unlink
people-unlink-label = Unlink { $name }

people-memberships-lead = The organizations that this person belongs to.
people-memberships-empty = In no organization
people-memberships-empty-text = People join an organization by an invitation, by signing in through its connection, or when its admins add them.
people-tenant = Organization
people-tenants = Organizations
people-tenant-admin = Admin
people-member = Member
people-member-by = Joined by
people-member-since = Since
people-member-by-connection = Signing in
people-member-by-admin = An admin or invitation

people-sessions-title = Sessions
people-sessions-realm-lead = Every browser that is signed in to this realm, newest first.
people-sessions-lead = Browsers in which this person is signed in now, last used first.
people-sessions-empty = Nobody is signed in
people-sessions-empty-text = A session appears here when somebody signs in, and disappears when it ends.
people-device = Browser
people-through = Signed in with
people-by-password = Password
people-signed-in = Signed in
people-end = End
people-end-label = End the session of { $name } in { $device }

people-apps = Apps
people-apps-empty = No app has access
people-apps-empty-text = Apps that the person allows something are listed here with what they may do.
people-app = App
people-scopes = Scopes
people-allowed-at = Allowed
people-revoke = Revoke
people-revoke-label = Revoke { $name }
people-tokens = Personal tokens
people-tokens-empty = No personal tokens
people-tokens-empty-text = Tokens that the person makes for scripts of their own are listed here.
people-token = Token
people-ends-at = Ends

people-history = What happened
people-history-empty = Nothing yet
people-history-empty-text = Sign-ins and changes of how the person signs in are listed here.
people-event = Event
people-when = When
people-ip = From
people-by = By
people-by-self = The person
people-by-admin = An admin
people-by-gantry = Gantry
people-traces = Sign-ins with providers, step by step
people-traces-lead = Kept for 14 days.
people-trace = Trace
people-outcome = Outcome
people-outcome-signed-in = Signed in
people-outcome-linked = Linked
people-outcome-refused = Refused
people-outcome-open = Not finished
people-outcome-waiting = Waits for a proof
people-outcome-tried = Tried out
people-event-signed-in = Signed in
people-event-refused = Sign-in refused
people-event-throttled = Sign-in slowed down
people-event-signed-out = Signed out
people-event-session-ended = Session ended
people-event-signed-up = Signed up
people-event-verified = Address verified
people-event-reset = Link to a new password asked for
people-event-password = Password changed
people-event-linked = Account linked
people-event-unlinked = Account unlinked
people-event-merged = Accounts merged
people-event-other = Something else

people-export = Download everything
people-export-title = Take out what is held about this person
people-export-lead = One JSON file with account, profile, linked accounts, organizations, sessions, access of apps, invitations, personal tokens, traces of sign-ins and audit lines. No password, no token, no digest of one. That you took it is written in the audit trail.
people-erase-title = Erase this person
people-erase-offer = Removes the account and takes the person out of what is written about them. Take out the data first if the person asked for it.
people-erase-what = What becomes of their data
people-erase-now = Gone at once
people-erase-now-text = Name, address and profile, password, linked accounts, memberships, personal tokens, mailed links, invitations to the address, and the traces of sign-ins with all that providers said.
people-erase-soon = Gone within minutes
people-erase-soon-text = Sessions, access of apps and remembered consents, with the addresses and browsers noted there. None of them works any more from now on.
people-erase-stays = Stays
people-erase-stays-text = Audit lines: what happened, when, to which app, under an ID that names nobody any more. Their network addresses go, and so do further facts in lines of the person and about them. What the person changed as an admin stays known. Mail that is already on its way is sent.
people-erase-elsewhere = Not in Gantry's hands
people-erase-elsewhere-text = What apps, providers and backups hold. Tell the apps under Access; backups end with your own retention.
people-erase-lead =
    This cannot be undone. What goes with the account: { $sessions ->
        [one] one session
       *[other] { $sessions } sessions
    }, the access of { $apps ->
        [one] one app
       *[other] { $apps } apps
    }, { $tokens ->
        [one] one personal token
       *[other] { $tokens } personal tokens
    }, { $identities ->
        [one] one linked account
       *[other] { $identities } linked accounts
    } and { $memberships ->
        [one] one membership
       *[other] { $memberships } memberships
    }.

did-people-created = The person was created.
did-people-created-mailed = The person was created, and a link to set a password is on its way to them.
did-people-saved = The profile was saved.
did-people-readdressed = The address was changed. Links that were mailed before work no more.
did-people-roles-saved = The roles were saved.
did-people-locked = The account is locked. Its sessions have ended and apps have lost their access.
did-people-unlocked = The account is unlocked.
did-people-reset-sent = A link to set a password is on its way.
did-people-signed-out = The person is signed out everywhere.
did-people-deleted = The account was deleted.
did-people-erased = The person was erased.
did-people-unlinked = The account was unlinked, and the person is told by mail.
did-people-session-ended = The session has ended.
did-people-app-revoked = The app has lost its access.
did-people-token-revoked = The token works no more.

people-bulk-lock = Lock…
people-bulk-unlock = Unlock…
people-bulk-sign-out = Sign out everywhere…
people-bulk-join = Add to an organization…
people-bulk-lock-title = { $count ->
        [one] Lock one account
       *[other] Lock { $count } accounts
    }
people-bulk-lock-lead = Locked accounts keep everything but work nowhere until they are unlocked: their sessions end, and apps lose their access.
people-bulk-unlock-title = { $count ->
        [one] Unlock one account
       *[other] Unlock { $count } accounts
    }
people-bulk-unlock-lead = Their owners can sign in again. What ended with the lock does not come back.
people-bulk-sign-out-title = { $count ->
        [one] Sign one person out everywhere
       *[other] Sign { $count } people out everywhere
    }
people-bulk-sign-out-lead = Every session of these people ends, and every access of apps that ends with one.
people-bulk-join-title = { $count ->
        [one] Add one person to an organization
       *[other] Add { $count } people to an organization
    }
people-bulk-join-lead = They become members at once, without being asked. Whoever is a member already stays what they are there. People who are to agree are invited on the organization's page instead.
people-bulk-org-id = ID of the organization
people-bulk-org-id-hint = The org_id, as it stands on the organization's page and in tokens.
people-bulk-end = End…
people-bulk-end-title = { $count ->
        [one] End one session
       *[other] End { $count } sessions
    }
people-bulk-end-lead = These browsers are signed out, and every access of apps that ends with a session ends.

did-people-bulk-locked = The chosen accounts are locked. Their sessions have ended and apps have lost their access.
did-people-bulk-unlocked = The chosen accounts are unlocked.
did-people-bulk-signed-out = The chosen people are signed out everywhere.
did-people-bulk-joined = The chosen people are members of the organization.
did-people-bulk-ended = The chosen sessions have ended.

people-grants = Each access by itself
people-grants-lead = An app that somebody let in more than once, for several organizations say, stands here once for each time. Revoking one leaves the others, and the app asks again for what it lost.
people-grants-empty = No access that holds
people-grants-empty-text = What apps may do at present is listed here, each time that the person said yes.
people-revoke-grant-label = Revoke { $name } for { $tenants }
did-people-grant-revoked = The app has lost this access.

people-invite-instead = Or invite them
people-invite-member = Into an organization
people-invite-member-text = Right for a customer's people: whoever reads the mail proves the address, agrees, and belongs to the organization from then on. Choose it, then Members.
people-invite-admin = To administer this realm
people-invite-admin-text = Right for colleagues: the role comes with the link, after the address is proved.
people-invitations-sent = What was sent
people-invitations-sent-text = Open invitations to the realm's own roles, to be sent again or taken back. Those of an organization stand on its page.
people-invitations = Invitations
people-invitations-lead = What was sent to this person's address. Each leads to the page where it can be sent again or taken back.
people-invited-to = Invited to
people-invited-realm = This realm
people-invited-at = Sent
people-invitation-pending = Open
people-invitation-accepted = Accepted
people-invitation-revoked = Taken back
people-invitation-expired = Expired
