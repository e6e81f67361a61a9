# A person's own page.
account-page-title = Your account
profile = Profile
profile-hint = Apps that you allow to may see this.
email-verified = Confirmed
email-unverified = Not confirmed
security = Password
security-hint = Changing it signs out all other devices and ends your personal tokens.
change-password = Change password
first-password = Mail me a link
first-password-hint = Your account has no password. We can send a link to { $email } to set one.
connections = Ways to sign in
connections-hint = Accounts elsewhere that sign you in here.
connections-none = You have linked no account from elsewhere.
connection-since = linked
connection-off = Switched off
connection-only = Your only way in. Set a password or link another account before you remove it.
connection-link = Link { $provider }
sessions = Devices
sessions-hint = Where you are signed in. End what you do not recognise, and change your password.
session-current = This device
session-end = Sign out
sessions-end-others = Sign out everywhere else
device = { $browser } on { $system }
device-unknown = Unknown device
last-used = last used
signed-in-since = signed in
apps = Apps with access
apps-hint = Apps that you allowed to use your account. Removing one ends its access at once.
apps-none = No app has access. When you allow one, it shows here, and you can remove it at any time.
app-since = allowed
app-tenants = works in
app-remove = Remove
app-remove-label = Remove { $app }

# A person's own tokens for APIs.
tokens = Personal tokens
tokens-back = Your account
tokens-lead = For your own scripts: whoever has one of these can use the { $platform } API in your name. Keep them like passwords.
tokens-yours = Your tokens
tokens-none = You have no tokens.
tokens-closed = { $platform } offers no personal tokens at present. Those above do not work.
token-made = { $name } is ready
token-made-once = Copy it now. It is not shown again.
token-made-until = It works until
token-until = works until
token-ended = ended
token-expired = Expired
token-since = made
token-unused = never used
token-revoke = Revoke
token-revoke-label = Revoke { $name }
token-new = New token
token-name = Name
token-days = Works for
token-organization = Organization
token-organization-none = No organization
token-organization-choose = Choose an organization
token-scopes = It can
token-make = Make token

# Two accounts that become one.
merge-title = Make your two accounts one?
merge-lead = You have shown that both of these accounts at { $platform } are yours.
merge-stays = This one stays
merge-goes = This one goes
merge-moves = What moves over
merge-moves-provider = Signing in with { $provider }
merge-ends = What ends
merge-ends-account = The account { $email }: nobody can sign in to it any more.
merge-ends-password = Its password.
merge-ends-apps = { $count ->
    [one] The access of one app that it let in. The app will ask again.
   *[other] The access of { $count } apps that it let in. They will ask again.
}
merge-ends-tokens = { $count ->
    [one] One personal token.
   *[other] { $count } personal tokens.
}
merge-final = This cannot be undone.
merge-submit = Make them one
merge-leave = Leave both as they are
