people-nav = Personen
people-nav-sessions = Sitzungen
people-title = Personen
people-lead = Alle, die in diesem Realm ein Konto haben.
people-search = Nach Name, Adresse oder ID suchen
people-any = Alle
people-name = Name
people-state = Zustand
people-role = Rolle
people-roles = Rollen
people-since = Angelegt
people-active = Aktiv
people-locked = Gesperrt
people-verified = Adresse bestätigt
people-unverified = Adresse unbestätigt
people-role-operator = Betreiber
people-role-realm-admin = Realm-Admin
people-empty-title = Noch hat niemand ein Konto
people-empty-text = Personen erscheinen hier, wenn sie sich registrieren, sich über einen Anbieter anmelden, eine Einladung annehmen oder von Ihnen angelegt werden.
people-none-title = Niemand gefunden
people-none-text = Jedes Wort muss der Anfang eines Namens oder eines Teils der Adresse sein.
people-show-all = Alle anzeigen

people-new = Neue Person
people-new-lead = Für jemanden, dessen Adresse Sie kennen. Um Personen in eine Organisation zu holen, laden Sie sie auf deren Seite ein.
people-new-email-hint = Sie bürgen dafür, dass diese Adresse der Person gehört. Ein Konto, das jemand anders damit begonnen und nie bestätigt hat, wird entfernt.
people-new-mail = Link zum Festlegen eines Passworts senden
people-new-mail-hint = Sonst kann die Person ihn auf der Anmeldeseite anfordern oder sich über einen Anbieter anmelden.
people-create = Person anlegen
people-wrong = Bitte prüfen Sie, was unten markiert ist.
people-unconfirmed = Es ist nichts geschehen. Geben Sie die Adresse genau so ein, wie sie angezeigt wird.

people-tab-overview = Übersicht
people-tab-identities = Verknüpfte Konten
people-tab-memberships = Organisationen
people-tab-sessions = Sitzungen
people-tab-access = Zugriff
people-tab-history = Verlauf
people-tab-data = Personenbezogene Daten

people-account = Konto
people-email = Adresse
people-verified-at = Bestätigt
people-id = ID
people-changed = Geändert
people-locked-at = Gesperrt
people-change-address = Adresse ändern
people-change-roles = Rollen ändern
people-send-reset = Link zum Festlegen eines Passworts senden
people-sign-out = Überall abmelden
people-sign-out-lead = Beendet alle Sitzungen dieser Person und jeden Zugriff von Apps, der mit einer Sitzung endet. Zugriff, der darüber hinaus gilt, bleibt; siehe Zugriff.
people-ends = Sperren, löschen, tilgen
people-ends-lead = Ein gesperrtes Konto behält alles, funktioniert aber nirgends, bis es entsperrt wird: Seine Sitzungen enden, und Apps verlieren ihren Zugriff. Löschen entfernt das Konto. Tilgen nimmt die Person auch aus dem Audit-Protokoll.
people-lock = Konto sperren
people-unlock = Konto entsperren
people-delete = Löschen…
people-erase = Tilgen…
people-profile = Profil
people-profile-lead = Apps sehen davon, was die Person ihnen erlaubt.
people-full-name = Vollständiger Name
people-given-name = Vorname
people-family-name = Nachname
people-username = Benutzername
people-locale = Sprache
people-locale-hint = Ein Sprachkürzel wie en oder de. Mails werden in dieser Sprache geschrieben.
people-zone = Zeitzone
people-phone = Telefonnummer
people-picture = Bild-URL
people-website = Website
people-save = Profil speichern

people-address-lead = Wer dieses Postfach liest, kann das Konto übernehmen. Links, die an die bisherige Adresse gingen, gelten nicht mehr.
people-address-hint = Sie bürgen dafür, dass die Adresse dieser Person gehört. Sie gilt sofort als bestätigt.
people-address-save = Adresse ändern
people-roles-lead = Rollen gelten ab der nächsten Anfrage, und ebenso ihr Ende.
people-roles-save = Rollen speichern
people-role-operator-hint = Betreibt die Installation: jeden Realm, jede Einstellung.
people-role-realm-admin-hint = Verwaltet diesen Realm: Personen, Apps, Verbindungen und Einstellungen.

people-delete-title = Dieses Konto löschen
people-delete-lead =
    Das lässt sich nicht rückgängig machen. Was mit dem Konto entfällt: { $sessions ->
        [one] eine Sitzung
       *[other] { $sessions } Sitzungen
    }, der Zugriff von { $apps ->
        [one] einer App
       *[other] { $apps } Apps
    }, { $tokens ->
        [one] ein persönliches Token
       *[other] { $tokens } persönliche Tokens
    }, { $identities ->
        [one] ein verknüpftes Konto
       *[other] { $identities } verknüpfte Konten
    } und { $memberships ->
        [one] eine Mitgliedschaft
       *[other] { $memberships } Mitgliedschaften
    }. Das Audit-Protokoll und die Spuren von Anmeldungen bleiben, wie sie sind.

people-identities-lead = Konten bei Anbietern, mit denen sich diese Person anmeldet. Das Lösen beendet, was damit begann, und die Person erfährt es per Mail.
people-identities-empty = Keine verknüpften Konten
people-identities-empty-text = Wenn sich die Person über einen Anbieter anmeldet, wird das Konto dort verknüpft und hier aufgeführt.
people-account-elsewhere = Anbieter und Konto
people-subject = Subject
people-linked-at = Verknüpft
people-last-used = Zuletzt benutzt
people-unlink = Lösen
people-unlink-label = { $name } lösen

people-memberships-lead = Die Organisationen, zu denen diese Person gehört.
people-memberships-empty = In keiner Organisation
people-memberships-empty-text = Personen kommen durch eine Einladung, durch Anmelden über eine Verbindung der Organisation oder durch deren Admins hinzu.
people-tenant = Organisation
people-tenants = Organisationen
people-tenant-admin = Admin
people-member = Mitglied
people-member-by = Beigetreten durch
people-member-since = Seit
people-member-by-connection = Anmelden
people-member-by-admin = Admin oder Einladung

people-sessions-title = Sitzungen
people-sessions-realm-lead = Jeder Browser, der in diesem Realm angemeldet ist, die neuesten zuerst.
people-sessions-lead = Browser, in denen diese Person jetzt angemeldet ist, die zuletzt benutzten zuerst.
people-sessions-empty = Niemand ist angemeldet
people-sessions-empty-text = Eine Sitzung erscheint hier, wenn sich jemand anmeldet, und verschwindet, wenn sie endet.
people-device = Browser
people-through = Angemeldet mit
people-by-password = Passwort
people-signed-in = Angemeldet
people-end = Beenden
people-end-label = Sitzung von { $name } in { $device } beenden

people-apps = Apps
people-apps-empty = Keine App hat Zugriff
people-apps-empty-text = Apps, denen die Person etwas erlaubt, stehen hier mit dem, was sie dürfen.
people-app = App
people-scopes = Scopes
people-allowed-at = Erlaubt
people-revoke = Widerrufen
people-revoke-label = { $name } widerrufen
people-tokens = Persönliche Tokens
people-tokens-empty = Keine persönlichen Tokens
people-tokens-empty-text = Tokens, die sich die Person für eigene Skripte macht, stehen hier.
people-token = Token
people-ends-at = Endet

people-history = Was geschehen ist
people-history-empty = Noch nichts
people-history-empty-text = Anmeldungen und Änderungen daran, wie sich die Person anmeldet, stehen hier.
people-event = Ereignis
people-when = Wann
people-ip = Von
people-by = Durch
people-by-self = Die Person
people-by-admin = Ein Admin
people-by-gantry = Gantry
people-traces = Anmeldungen bei Anbietern, Schritt für Schritt
people-traces-lead = Werden 14 Tage aufbewahrt.
people-trace = Spur
people-outcome = Ausgang
people-outcome-signed-in = Angemeldet
people-outcome-linked = Verknüpft
people-outcome-refused = Abgelehnt
people-outcome-open = Nicht beendet
people-outcome-waiting = Wartet auf einen Nachweis
people-outcome-tried = Ausprobiert
people-event-signed-in = Angemeldet
people-event-refused = Anmeldung abgelehnt
people-event-throttled = Anmeldung gebremst
people-event-signed-out = Abgemeldet
people-event-session-ended = Sitzung beendet
people-event-signed-up = Registriert
people-event-verified = Adresse bestätigt
people-event-reset = Link zu einem neuen Passwort angefordert
people-event-password = Passwort geändert
people-event-linked = Konto verknüpft
people-event-unlinked = Konto gelöst
people-event-merged = Konten zusammengeführt
people-event-other = Etwas anderes

people-export = Alles herunterladen
people-export-title = Herausgeben, was über diese Person gespeichert ist
people-export-lead = Eine JSON-Datei mit Konto, Profil, verknüpften Konten, Organisationen, Sitzungen, Zugriff von Apps, Einladungen, persönlichen Tokens, Spuren von Anmeldungen und Audit-Zeilen. Kein Passwort, kein Token, kein Digest davon. Dass Sie sie geholt haben, steht im Audit-Protokoll.
people-erase-title = Diese Person tilgen
people-erase-offer = Entfernt das Konto und nimmt die Person aus dem, was über sie geschrieben steht. Geben Sie die Daten zuerst heraus, wenn die Person darum gebeten hat.
people-erase-what = Was aus den Daten wird
people-erase-now = Sofort weg
people-erase-now-text = Name, Adresse und Profil, Passwort, verknüpfte Konten, Mitgliedschaften, persönliche Tokens, gesandte Links, Einladungen an die Adresse und die Spuren von Anmeldungen mit allem, was Anbieter sagten.
people-erase-soon = In wenigen Minuten weg
people-erase-soon-text = Sitzungen, Zugriff von Apps und gemerkte Zustimmungen, mit den dort vermerkten Adressen und Browsern. Nichts davon funktioniert ab jetzt noch.
people-erase-stays = Bleibt
people-erase-stays-text = Audit-Zeilen: was geschah, wann, bei welcher App, unter einer ID, die niemanden mehr nennt. Netzadressen darin entfallen, ebenso weitere Angaben in Zeilen der Person und über sie. Was die Person als Admin geändert hat, bleibt bekannt. Mail, die schon unterwegs ist, wird zugestellt.
people-erase-elsewhere = Nicht in Gantrys Hand
people-erase-elsewhere-text = Was Apps, Anbieter und Sicherungen haben. Sagen Sie es den Apps unter Zugriff; Sicherungen enden mit Ihrer eigenen Aufbewahrung.
people-erase-lead =
    Das lässt sich nicht rückgängig machen. Was mit dem Konto entfällt: { $sessions ->
        [one] eine Sitzung
       *[other] { $sessions } Sitzungen
    }, der Zugriff von { $apps ->
        [one] einer App
       *[other] { $apps } Apps
    }, { $tokens ->
        [one] ein persönliches Token
       *[other] { $tokens } persönliche Tokens
    }, { $identities ->
        [one] ein verknüpftes Konto
       *[other] { $identities } verknüpfte Konten
    } und { $memberships ->
        [one] eine Mitgliedschaft
       *[other] { $memberships } Mitgliedschaften
    }.

did-people-created = Die Person wurde angelegt.
did-people-created-mailed = Die Person wurde angelegt, und ein Link zum Festlegen eines Passworts ist unterwegs.
did-people-saved = Das Profil wurde gespeichert.
did-people-readdressed = Die Adresse wurde geändert. Früher gesandte Links gelten nicht mehr.
did-people-roles-saved = Die Rollen wurden gespeichert.
did-people-locked = Das Konto ist gesperrt. Seine Sitzungen sind beendet, und Apps haben ihren Zugriff verloren.
did-people-unlocked = Das Konto ist entsperrt.
did-people-reset-sent = Ein Link zum Festlegen eines Passworts ist unterwegs.
did-people-signed-out = Die Person ist überall abgemeldet.
did-people-deleted = Das Konto wurde gelöscht.
did-people-erased = Die Person wurde getilgt.
did-people-unlinked = Das Konto wurde gelöst, und die Person erfährt es per Mail.
did-people-session-ended = Die Sitzung ist beendet.
did-people-app-revoked = Die App hat ihren Zugriff verloren.
did-people-token-revoked = Das Token gilt nicht mehr.

people-bulk-lock = Sperren …
people-bulk-unlock = Entsperren …
people-bulk-sign-out = Überall abmelden …
people-bulk-join = In eine Organisation aufnehmen …
people-bulk-lock-title = { $count ->
        [one] Ein Konto sperren
       *[other] { $count } Konten sperren
    }
people-bulk-lock-lead = Gesperrte Konten behalten alles, funktionieren aber nirgends, bis sie entsperrt werden: Ihre Sitzungen enden, und Apps verlieren ihren Zugriff.
people-bulk-unlock-title = { $count ->
        [one] Ein Konto entsperren
       *[other] { $count } Konten entsperren
    }
people-bulk-unlock-lead = Ihre Inhaber können sich wieder anmelden. Was mit der Sperre endete, kommt nicht zurück.
people-bulk-sign-out-title = { $count ->
        [one] Eine Person überall abmelden
       *[other] { $count } Personen überall abmelden
    }
people-bulk-sign-out-lead = Jede Sitzung dieser Personen endet und mit ihr jeder Zugriff von Apps, der an eine Sitzung gebunden ist.
people-bulk-join-title = { $count ->
        [one] Eine Person in eine Organisation aufnehmen
       *[other] { $count } Personen in eine Organisation aufnehmen
    }
people-bulk-join-lead = Sie werden sofort Mitglieder, ohne gefragt zu werden. Wer schon Mitglied ist, bleibt dort, was er ist. Wer zustimmen soll, wird stattdessen auf der Seite der Organisation eingeladen.
people-bulk-org-id = ID der Organisation
people-bulk-org-id-hint = Die org_id, wie sie auf der Seite der Organisation und in Tokens steht.
people-bulk-end = Beenden …
people-bulk-end-title = { $count ->
        [one] Eine Sitzung beenden
       *[other] { $count } Sitzungen beenden
    }
people-bulk-end-lead = Diese Browser werden abgemeldet, und jeder Zugriff von Apps, der mit einer Sitzung endet, endet.

did-people-bulk-locked = Die gewählten Konten sind gesperrt. Ihre Sitzungen sind beendet, und Apps haben ihren Zugriff verloren.
did-people-bulk-unlocked = Die gewählten Konten sind entsperrt.
did-people-bulk-signed-out = Die gewählten Personen sind überall abgemeldet.
did-people-bulk-joined = Die gewählten Personen sind Mitglieder der Organisation.
did-people-bulk-ended = Die gewählten Sitzungen sind beendet.

people-grants = Jeder Zugriff für sich
people-grants-lead = Eine App, der jemand mehrfach zugestimmt hat, etwa für mehrere Organisationen, steht hier für jedes Mal einmal. Wird einer widerrufen, bleiben die anderen, und die App fragt nach dem, was sie verlor, erneut.
people-grants-empty = Kein gültiger Zugriff
people-grants-empty-text = Was Apps zurzeit dürfen, steht hier, für jede Zustimmung der Person einzeln.
people-revoke-grant-label = { $name } für { $tenants } widerrufen
did-people-grant-revoked = Die App hat diesen Zugriff verloren.

people-invite-instead = Oder laden Sie ein
people-invite-member = In eine Organisation
people-invite-member-text = Richtig für die Leute eines Kunden: Wer die Mail liest, weist die Adresse nach, stimmt zu und gehört von da an zur Organisation. Wählen Sie sie, dann Mitglieder.
people-invite-admin = Um diesen Realm zu verwalten
people-invite-admin-text = Richtig für Kollegen: Die Rolle kommt mit dem Link, nachdem die Adresse nachgewiesen ist.
people-invitations-sent = Was verschickt wurde
people-invitations-sent-text = Offene Einladungen zu den Rollen des Realms, um sie erneut zu senden oder zurückzuziehen. Die einer Organisation stehen auf deren Seite.
people-invitations = Einladungen
people-invitations-lead = Was an die Adresse dieser Person ging. Jede führt zu der Seite, auf der sie erneut gesendet oder zurückgezogen werden kann.
people-invited-to = Eingeladen
people-invited-realm = In diesen Realm
people-invited-at = Gesendet
people-invitation-pending = Offen
people-invitation-accepted = Angenommen
people-invitation-revoked = Zurückgezogen
people-invitation-expired = Abgelaufen
