# Words that many pages share.
continue = Weiter
email = E-Mail-Adresse
name = Name
password = Passwort
new-password = Neues Passwort
current-password = Aktuelles Passwort
password-show = Anzeigen
password-hide = Verbergen
password-hint = { $count ->
    [one] Mindestens ein Zeichen.
   *[other] Mindestens { $count } Zeichen. Ein paar Wörter ohne Zusammenhang ergeben ein gutes Passwort.
}
sign-in = Anmelden
sign-up = Konto anlegen
sign-out = Abmelden
not-you = Nicht Sie?
save = Änderungen speichern
copy = Kopieren
copied = Kopiert
details = Einzelheiten
skip = Zum Inhalt springen
support = Brauchen Sie Hilfe? Kontakt:
back-to-sign-in = Zurück zur Anmeldung
to-continue = um mit { $app } fortzufahren
verified = Geprüft
unverified = Nicht geprüft

# What is wrong with a form.
summary = { $count ->
    [one] Bitte prüfen Sie dieses Feld:
   *[other] Bitte prüfen Sie diese Felder:
}
problem-wrong-credentials = E-Mail-Adresse und Passwort passen nicht zusammen. Prüfen Sie beide und versuchen Sie es noch einmal.
problem-too-many-tries = { $count ->
    [one] Zu viele Versuche. Warten Sie eine Minute und versuchen Sie es dann noch einmal.
   *[other] Zu viele Versuche. Warten Sie { $count } Minuten und versuchen Sie es dann noch einmal.
}
problem-form-expired = Diese Seite war zu lange offen. Bitte versuchen Sie es noch einmal.
problem-form-stale = Dies wurde inzwischen anderswo geändert. Unten sehen Sie den jetzigen Stand.
problem-busy = Wir sind gerade sehr ausgelastet und haben nichts geändert. Bitte versuchen Sie es gleich noch einmal.
problem-full = Sie haben { $count } Tokens, mehr sind nicht möglich. Widerrufen Sie zuerst eines.
field-required = Diese Angabe wird gebraucht.
field-email-invalid = Geben Sie eine Adresse wie name@example.com ein.
field-address-unrouted = Für diese Adresse ist keine Anmeldung eingerichtet. Verwenden Sie eine der Schaltflächen.
field-too-short = { $count ->
    [one] Mindestens ein Zeichen.
   *[other] Mindestens { $count } Zeichen.
}
field-too-long = { $count ->
    [one] Höchstens ein Zeichen.
   *[other] Höchstens { $count } Zeichen.
}
field-name-invalid = Nur Buchstaben, Ziffern und übliche Satzzeichen.
field-password-weak = Dieses Passwort ist leicht zu erraten. Wählen Sie ein anderes.
field-password-wrong = Das ist nicht das richtige Passwort.
field-password-same = Wählen Sie ein anderes als das aktuelle Passwort.
field-name-taken = Diesen Namen verwenden Sie schon. Wählen Sie einen anderen.

# What the last form did.
notice-profile-saved = Ihr Profil ist gespeichert.
notice-password-changed = Ihr Passwort ist geändert. Alle anderen Geräte sind abgemeldet.
notice-session-ended = Das Gerät ist abgemeldet.
notice-other-sessions-ended = Alle anderen Geräte sind abgemeldet.
notice-app-removed = Die App hat keinen Zugriff mehr.
notice-token-revoked = Das Token funktioniert nicht mehr.
notice-email-verified = Ihre E-Mail-Adresse ist bestätigt. Sie können sich jetzt anmelden.
notice-operator-created = Ihr Betreiberkonto ist bereit.
notice-mail-requested = Falls diese Adresse auf Bestätigung wartet, ist eine neue E-Mail unterwegs.
notice-password-mailed = Wir haben Ihnen einen Link geschickt, mit dem Sie ein Passwort festlegen.
notice-connection-linked = Ab jetzt können Sie sich damit anmelden.
notice-connection-unlinked = Damit können Sie sich nicht mehr anmelden.
notice-accounts-merged = Ihre beiden Konten sind jetzt eines.
notice-connection-needed = Das ist Ihr einziger Weg, deshalb bleibt er. Legen Sie zuerst ein Passwort fest oder verknüpfen Sie ein weiteres Konto.
notice-invitation-accepted = Sie haben die Einladung angenommen.
notice-merge-over = Es wurde nichts geändert: Die Seite war zu lange offen oder wurde schon benutzt.

# Times.
ago-now = gerade eben
ago-minutes = { $count ->
    [one] vor einer Minute
   *[other] vor { $count } Minuten
}
ago-hours = { $count ->
    [one] vor einer Stunde
   *[other] vor { $count } Stunden
}
ago-days = { $count ->
    [one] vor einem Tag
   *[other] vor { $count } Tagen
}
span-seconds = { $count ->
    [one] 1 Sekunde
   *[other] { $count } Sekunden
}
span-minutes = { $count ->
    [one] 1 Minute
   *[other] { $count } Minuten
}
span-hours = { $count ->
    [one] 1 Stunde
   *[other] { $count } Stunden
}
span-days = { $count ->
    [one] 1 Tag
   *[other] { $count } Tage
}
