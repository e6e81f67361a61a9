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

# Signing in with somebody else's server.
or = oder
continue-with = Weiter mit { $provider }
last-used-mark = Zuletzt benutzt
sign-in-title-organization = Bei { $organization } anmelden
sign-in-no-way = Zurzeit kann man sich hier auf keinem Weg anmelden. Fragen Sie die Betreiber dieser Plattform.
sign-in-emergency = Notzugang mit Passwort
sign-in-emergency-hint = Nur für die wenigen Konten, die Ihre Organisation für Notfälle vorhält.
sign-in-password = Stattdessen mit Passwort
sign-in-password-hint = Nur wenn Ihr Konto hier eines hat.

# Proving that an account is one's own.
prove-title = Sie haben schon ein Konto
prove-lead = Bei { $platform } gibt es ein Konto mit der Adresse, die uns { $provider } genannt hat. Zeigen Sie, dass es Ihres ist, dann melden Sie sich künftig mit { $provider } dort an.
prove-password = Passwort dieses Kontos
prove-link = Bestätigen und { $provider } verknüpfen
prove-mail = Link per E-Mail schicken
prove-deny = Das ist nicht mein Konto
prove-cancel = Anders anmelden
address-title = Wie lautet Ihre E-Mail-Adresse?
address-title-named = E-Mail-Adresse bestätigen
address-lead = { $provider } hat uns Ihre E-Mail-Adresse nicht genannt. Geben Sie sie ein, dann schicken wir dorthin einen Link zur Bestätigung.
address-lead-named = { $provider } bürgt nicht für diese E-Mail-Adresse. Wir schicken dorthin einen Link, mit dem Sie bestätigen, dass sie Ihnen gehört.
address-send = Link senden
