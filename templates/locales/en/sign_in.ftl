# Signing in, signing up, signing out.
sign-in-title = Sign in
sign-in-lead = with your { $platform } account
no-account = New here?
sign-up-link = Create an account
password-title = Enter your password
forgot-password = Forgot password?
remember = Keep me signed in on this device
account-title = Choose an account
continue-as = Continue as { $name }
another-account = Use another account
sign-up-title = Create your account
sign-up-lead = for { $platform }
has-account = Already have an account?
sign-out-title = Sign out?
sign-out-lead = You will be signed out of { $platform } in this browser.
sign-out-lead-app = { $app } asks to sign you out of { $platform } in this browser.
sign-out-stay = Stay signed in
signed-out-title = You are signed out
signed-out-lead = You are signed out of { $platform } in this browser. Apps may keep a session of their own.
sign-in-again = Sign in again

# The first operator.
operator-title = Create the operator account
operator-lead = This link works once. The account you make here may administer everything on this server.
operator-create = Create operator account

# The start page.
welcome-title = Welcome to { $platform }
welcome-lead = Sign in here and manage which apps have access.
welcome-account = Go to your account
welcome-issuer = Issuer
welcome-developers = For developers
welcome-discovery = OpenID Connect discovery document

# Signing in with somebody else's server.
or = or
continue-with = Continue with { $provider }
last-used-mark = Last used
sign-in-title-organization = Sign in to { $organization }
sign-in-no-way = There is no way to sign in here at present. Ask those who run this platform.
sign-in-emergency = Emergency access with a password
sign-in-emergency-hint = Only for the few accounts that your organization keeps for emergencies.
sign-in-password = Use a password instead
sign-in-password-hint = Only if your account here has one.

# Proving that an account is one's own.
prove-title = You already have an account
prove-lead = There is an account at { $platform } with the address that { $provider } gave us. Show that it is yours, and { $provider } will sign you in to it from now on.
prove-password = Its password
prove-link = Confirm and link { $provider }
prove-mail = Mail me a link
prove-deny = That account is not mine
prove-cancel = Sign in another way
address-title = What is your e-mail address?
address-title-named = Confirm your e-mail address
address-lead = { $provider } did not tell us your e-mail address. Enter it, and we will send a link there that confirms it.
address-lead-named = { $provider } does not vouch for this e-mail address. We will send a link there that confirms that it is yours.
address-send = Send link
