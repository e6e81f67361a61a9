# Signing in, signing up, signing out.
sign-in-title = Anmelden
sign-in-lead = mit Ihrem Konto bei { $platform }
no-account = Neu hier?
sign-up-link = Konto anlegen
password-title = Passwort eingeben
forgot-password = Passwort vergessen?
remember = Auf diesem Gerät angemeldet bleiben
account-title = Konto wählen
continue-as = Weiter als { $name }
another-account = Anderes Konto verwenden
sign-up-title = Konto anlegen
sign-up-lead = für { $platform }
has-account = Sie haben schon ein Konto?
sign-out-title = Abmelden?
sign-out-lead = Sie werden in diesem Browser von { $platform } abgemeldet.
sign-out-lead-app = { $app } möchte Sie in diesem Browser von { $platform } abmelden.
sign-out-stay = Angemeldet bleiben
signed-out-title = Sie sind abgemeldet
signed-out-lead = Sie sind in diesem Browser von { $platform } abgemeldet. Apps können eine eigene Sitzung behalten.
sign-in-again = Wieder anmelden

# The first operator.
operator-title = Betreiberkonto anlegen
operator-lead = Dieser Link gilt einmal. Das Konto, das Sie hier anlegen, darf alles auf diesem Server verwalten.
operator-create = Betreiberkonto anlegen

# The start page.
welcome-title = Willkommen bei { $platform }
welcome-lead = Hier melden Sie sich an und verwalten den Zugriff von Apps.
welcome-account = Zu Ihrem Konto
welcome-issuer = Aussteller (Issuer)
welcome-developers = Für Entwickler
welcome-discovery = OpenID-Connect-Discovery-Dokument
