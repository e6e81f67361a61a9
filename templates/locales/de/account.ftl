# A person's own page.
account-page-title = Ihr Konto
profile = Profil
profile-hint = Apps, denen Sie es erlauben, können dies sehen.
email-verified = Bestätigt
email-unverified = Nicht bestätigt
security = Passwort
security-hint = Eine Änderung meldet alle anderen Geräte ab und beendet Ihre persönlichen Tokens.
change-password = Passwort ändern
first-password = Link per E-Mail schicken
first-password-hint = Ihr Konto hat kein Passwort. Wir können einen Link an { $email } schicken, mit dem Sie eines festlegen.
connections = Anmeldewege
connections-hint = Konten anderswo, mit denen Sie sich hier anmelden.
connections-none = Sie haben noch kein Konto von anderswo verknüpft.
connection-since = verknüpft
connection-off = Abgeschaltet
connection-only = Ihr einziger Weg. Legen Sie ein Passwort fest oder verknüpfen Sie ein weiteres Konto, bevor Sie ihn entfernen.
connection-link = { $provider } verknüpfen
sessions = Geräte
sessions-hint = Wo Sie angemeldet sind. Melden Sie ab, was Sie nicht kennen, und ändern Sie Ihr Passwort.
session-current = Dieses Gerät
session-end = Abmelden
sessions-end-others = Überall sonst abmelden
device = { $browser } auf { $system }
device-unknown = Unbekanntes Gerät
last-used = zuletzt benutzt
signed-in-since = angemeldet
apps = Apps mit Zugriff
apps-hint = Apps, denen Sie Zugriff auf Ihr Konto erlaubt haben. Entfernen beendet ihn sofort.
apps-none = Keine App hat Zugriff. Wenn Sie einer erlauben, erscheint sie hier, und Sie können sie jederzeit entfernen.
app-since = erlaubt
app-tenants = arbeitet in
app-remove = Entfernen
app-remove-label = Entfernen: { $app }

# A person's own tokens for APIs.
tokens = Persönliche Tokens
tokens-back = Ihr Konto
tokens-lead = Für Ihre eigenen Skripte: Wer eines davon hat, kann die API von { $platform } in Ihrem Namen benutzen. Hüten Sie sie wie Passwörter.
tokens-yours = Ihre Tokens
tokens-none = Sie haben keine Tokens.
tokens-closed = { $platform } bietet zurzeit keine persönlichen Tokens an. Die oben gezeigten funktionieren nicht.
token-made = { $name } ist fertig
token-made-once = Kopieren Sie es jetzt. Es wird nicht noch einmal gezeigt.
token-made-until = Es gilt bis
token-until = gilt bis
token-ended = galt bis
token-expired = Abgelaufen
token-since = angelegt
token-unused = nie benutzt
token-revoke = Widerrufen
token-revoke-label = Widerrufen: { $name }
token-new = Neues Token
token-name = Name
token-days = Gilt für
token-organization = Organisation
token-organization-none = Keine Organisation
token-organization-choose = Organisation wählen
token-scopes = Es darf
token-make = Token anlegen

# Two accounts that become one.
merge-title = Ihre beiden Konten zusammenlegen?
merge-lead = Sie haben gezeigt, dass beide Konten bei { $platform } Ihnen gehören.
merge-stays = Dieses bleibt
merge-goes = Dieses geht
merge-moves = Was übernommen wird
merge-moves-provider = Anmeldung mit { $provider }
merge-ends = Was endet
merge-ends-account = Das Konto { $email }: Niemand kann sich mehr dort anmelden.
merge-ends-password = Sein Passwort.
merge-ends-apps = { $count ->
    [one] Der Zugriff einer App, der dieses Konto ihn erlaubt hat. Sie wird neu fragen.
   *[other] Der Zugriff von { $count } Apps, denen dieses Konto ihn erlaubt hat. Sie werden neu fragen.
}
merge-ends-tokens = { $count ->
    [one] Ein persönliches Token.
   *[other] { $count } persönliche Tokens.
}
merge-final = Das lässt sich nicht rückgängig machen.
merge-submit = Zusammenlegen
merge-leave = Beide so lassen
