# Words that many pages share.
continue = Continue
email = E-mail address
name = Name
password = Password
new-password = New password
current-password = Current password
password-show = Show
password-hide = Hide
password-hint = { $count ->
    [one] At least one character.
   *[other] At least { $count } characters. A few unrelated words make a good password.
}
sign-in = Sign in
sign-up = Create account
sign-out = Sign out
not-you = Not you?
save = Save changes
copy = Copy
copied = Copied
details = Details
skip = Skip to content
support = Need help? Contact
back-to-sign-in = Back to sign-in
to-continue = to continue to { $app }
verified = Verified
unverified = Unverified

# What is wrong with a form.
summary = { $count ->
    [one] Please check this field:
   *[other] Please check these fields:
}
problem-wrong-credentials = That e-mail address and password do not match. Check both and try again.
problem-too-many-tries = { $count ->
    [one] Too many tries. Wait a minute, then try again.
   *[other] Too many tries. Wait { $count } minutes, then try again.
}
problem-form-expired = This page was open for too long. Please try once more.
problem-form-stale = This was changed elsewhere in the meantime. Below is how it is now.
problem-busy = We are very busy just now and changed nothing. Please try again in a moment.
problem-full = You have { $count } tokens, and cannot have more. Revoke one first.
field-required = This is needed.
field-email-invalid = Enter an address such as name@example.com.
field-address-unrouted = No sign-in is set up for this address. Use one of the buttons.
field-too-short = { $count ->
    [one] Use at least one character.
   *[other] Use at least { $count } characters.
}
field-too-long = { $count ->
    [one] Use at most one character.
   *[other] Use at most { $count } characters.
}
field-name-invalid = Use letters, digits and common punctuation only.
field-password-weak = This password is easy to guess. Choose another.
field-password-wrong = That is not the right password.
field-password-same = Choose a password that differs from the current one.
field-name-taken = You already use this name. Choose another.

# What the last form did.
notice-profile-saved = Your profile is saved.
notice-password-changed = Your password is changed. All other devices are signed out.
notice-session-ended = That device is signed out.
notice-other-sessions-ended = All other devices are signed out.
notice-app-removed = The app no longer has access.
notice-token-revoked = The token no longer works.
notice-email-verified = Your e-mail address is confirmed. You can sign in now.
notice-operator-created = Your operator account is ready.
notice-mail-requested = If that address is waiting to be confirmed, a new mail is on its way.
notice-password-mailed = We have sent you a link to set a password.
notice-connection-linked = From now on you can sign in with it.
notice-connection-unlinked = It no longer signs you in.
notice-accounts-merged = Your two accounts are one now.
notice-connection-needed = That is your only way in, so it stays. Set a password or link another account first.
notice-invitation-accepted = You have accepted the invitation.
notice-merge-over = Nothing was changed: that page was open for too long, or was used already.

# Times.
ago-now = just now
ago-minutes = { $count ->
    [one] a minute ago
   *[other] { $count } minutes ago
}
ago-hours = { $count ->
    [one] an hour ago
   *[other] { $count } hours ago
}
ago-days = { $count ->
    [one] a day ago
   *[other] { $count } days ago
}
span-seconds = { $count ->
    [one] 1 second
   *[other] { $count } seconds
}
span-minutes = { $count ->
    [one] 1 minute
   *[other] { $count } minutes
}
span-hours = { $count ->
    [one] 1 hour
   *[other] { $count } hours
}
span-days = { $count ->
    [one] 1 day
   *[other] { $count } days
}
