# What a field of any record must be
wrong-empty = darf nicht leer sein
wrong-twice = steht zweimal da
wrong-count = hat mehr als { $count } Einträge
wrong-seconds = muss { $low } bis { $high } Sekunden sein
wrong-characters = muss { $low } bis { $high } Zeichen sein
wrong-longest-line = darf höchstens { $count } Zeichen in einer Zeile haben
wrong-longest-shown = darf höchstens { $count } Zeichen in einer Zeile haben, ohne unsichtbare oder die Schreibrichtung ändernde
wrong-longest-plain = darf höchstens { $count } Zeichen haben, ohne Steuerzeichen
wrong-longest = darf höchstens { $count } Zeichen haben
wrong-name-shown = muss 1 bis 120 sichtbare Zeichen in einer Zeile sein, ohne unsichtbare oder die Schreibrichtung ändernde
wrong-name-line = muss 1 bis 120 sichtbare Zeichen in einer Zeile sein
wrong-sentence = muss ein Satz von höchstens 120 sichtbaren Zeichen in einer Zeile sein
wrong-slug = muss aus 1 bis 40 Kleinbuchstaben, Ziffern und Bindestrichen bestehen
wrong-colour = muss eine Farbe wie `#1d4ed8` sein
wrong-number = muss eine ganze Zahl sein
wrong-choice = muss eine der angebotenen Möglichkeiten sein
wrong-in-use = ist vergeben
wrong-was-in-use = ist oder war vergeben
wrong-email = muss eine E-Mail-Adresse sein
wrong-no-email = ist keine E-Mail-Adresse wie `name@example.com`
wrong-contact = muss eine E-Mail-Adresse oder eine https-Adresse sein
wrong-web = muss eine http- oder https-Adresse sein
wrong-website = muss eine `https://`-Adresse ohne Benutzernamen sein
wrong-tag = muss ein Sprachkürzel wie `de` sein
wrong-day = muss ein Tag wie 2027-01-31 sein
wrong-instant = muss ein Zeitpunkt wie `2027-01-31` oder `2027-01-31T12:00:00Z` sein
wrong-json = muss ein JSON-Objekt sein

# A realm and its settings
wrong-realm-system = darf nicht `system` sein: so heißt der Realm der Betreiber
wrong-fixed-word = darf nicht `new`, `.` oder `..` sein, weil keine Adresse dorthin führen könnte
wrong-hosts = muss jeweils `https://host[:port]` sein, kleingeschrieben und nur einmal genannt
wrong-public-url = muss `https://host[:port]` sein (oder `http://` für localhost), ohne Pfad
wrong-prefix = muss leer sein, außer wenn `endpoints.profile` `keycloak` ist
wrong-absolute = muss mindestens `tokens.refresh_idle_lifetime` und höchstens 315360000 Sekunden sein
wrong-overlap = muss mindestens die längste Lebensdauer eines Tokens und höchstens 31536000 Sekunden sein
wrong-header = muss der Name eines eigenen Headers wie `X-API-Key` sein
wrong-no-api = nennt eine API, die es nicht gibt
wrong-no-scope = nennt einen Scope, den es nicht gibt
wrong-personal-scope = nennt einen Scope, den kein persönliches Token haben kann

# People and tenants
wrong-proved-elsewhere = ist für ein anderes Konto bestätigt
wrong-org-id = muss aus 1 bis 64 Buchstaben, Ziffern, `_`, `-` oder `.` bestehen
wrong-member-already = gehört jemandem, der bereits Mitglied ist
wrong-written-to = wurde vor weniger als einer Minute angeschrieben
wrong-claimed = ist bereits beansprucht
wrong-domain-ascii = ist keine Domain wie `example.com`; Buchstaben außerhalb von ASCII schreibt man als `xn--…`
wrong-hash = muss ein argon2id-Hash in PHC-Form mit höchstens 64 MiB, 8 Durchläufen und 4 Spuren sein

# Mails
wrong-subject = muss eine Zeile von 1 bis 150 Zeichen sein
wrong-paragraphs = muss 1 bis 20 Absätze haben
wrong-no-link = darf keinen Link enthalten
wrong-control = darf keine Steuerzeichen enthalten
wrong-markup = muss reiner Text ohne Auszeichnung sein
wrong-alone = muss allein `{ $name }` sein: daraus wird eine Schaltfläche
wrong-placeholder = hat den unbekannten Platzhalter `{ $name }`
wrong-brace = hat eine Klammer, die zu keinem Platzhalter gehört

# Apps
wrong-grants-empty = darf nicht leer sein, außer bei einem Client, der nur introspiziert
wrong-grants-public = darf `client_credentials` nicht enthalten: ein öffentlicher oder nativer Client kann sich nicht ausweisen
wrong-grants-machine = muss bei einem Maschinen-Client allein `client_credentials` sein
wrong-grants-refresh = enthält `refresh_token` ohne `authorization_code`, woher Refresh-Tokens kommen
wrong-uris-needed = darf bei `authorization_code` nicht leer sein
wrong-uris-unneeded = muss ohne `authorization_code` leer sein
wrong-auth-public = muss `none` sein: ein öffentlicher oder nativer Client kann weder Secret noch Schlüssel hüten
wrong-auth-confidential = darf bei einem vertraulichen oder Maschinen-Client nicht `none` sein
wrong-auth-credentials = darf mit `client_credentials` nicht `none` sein
wrong-auth-introspects = darf bei einem Client, der introspiziert, nicht `none` sein
wrong-auth-keys = muss `private_key_jwt` sein, wo `jwks` oder `jwks_uri` angegeben ist
wrong-jwks-uri = muss eine `https://`-Adresse sein; einfaches http ist für Loopback-Adressen von Entwicklungs-Apps
wrong-client-id = muss aus 1 bis 128 Buchstaben, Ziffern oder `-._~:/@` bestehen
wrong-client-console = gehört der Konsole
wrong-client-user = darf nicht wie die ID einer Person aussehen: `usr_…` ist reserviert
wrong-unknown-scope = nennt den unbekannten Scope `{ $name }`
wrong-machine-scope = nennt `{ $name }`, der von einer Person spricht: kein Maschinen-Client kann ihn haben
wrong-client-scope = nennt `{ $name }`, was kein Scope des Clients ist
wrong-key-scope = nennt `{ $name }`: ein Schlüssel hat Scopes mit `machine`, die kein Mandanten-Admin freigeben muss
wrong-unknown-api-named = nennt die unbekannte API `{ $name }`
wrong-unknown-api = nennt eine unbekannte API
wrong-unknown-team-named = nennt das unbekannte Team `{ $name }`
wrong-unknown-team = nennt ein unbekanntes Team
wrong-of-resources = muss eine von `resources` sein
wrong-overlap-days = darf höchstens 30 Tage sein
wrong-within-days = muss innerhalb von 30 Tagen liegen
wrong-secret-short = muss mindestens 32 Zeichen haben
wrong-secret-long = darf höchstens 1024 Zeichen haben
wrong-secret-ascii = muss druckbares ASCII ohne Leerzeichen am Anfang und Ende sein
wrong-no-spaces = darf keine Leerzeichen enthalten
wrong-like-ours = darf nicht wie eine andere Art von Gantrys Zugangsdaten beginnen

# Redirect URIs
wrong-uri-characters = hat Zeichen oder Pfadteile, die nicht hineingehören; kodieren Sie Zeichen mit Prozent und lassen Sie `.` und `..` weg
wrong-uri-long = ist länger als 2048 Bytes
wrong-uri-absolute = ist keine absolute URI wie `https://app.example/callback`
wrong-uri-exact = muss eine genaue URI sein: Muster und Platzhalter gibt es nicht
wrong-uri-fragment = darf kein Fragment (`#…`) haben
wrong-uri-user = darf vor dem Host weder Benutzernamen noch Passwort haben
wrong-uri-https = muss https verwenden; einfaches http ist für `127.0.0.1` oder `[::1]` nativer Apps und `localhost` von Entwicklungs-Apps

# Keys of apps
wrong-jwks-long = ist länger als 32 KiB
wrong-jwks-object = ist kein JSON-Objekt
wrong-jwks-keys = hat kein Feld `keys` (RFC 7517 §5)
wrong-jwks-count = muss 1 bis 20 Schlüssel haben
wrong-jwks-key-object = hat einen Schlüssel, der kein JSON-Objekt ist
wrong-jwks-kid-text = hat eine `kid`, die kein Text ist
wrong-jwks-kid-twice = nennt zwei Schlüssel mit derselben `kid`
wrong-jwks-kid-each = muss jedem Schlüssel eine `kid` geben
wrong-jwks-public = darf nur öffentliche Schlüssel haben: angegeben wurde ein privater oder symmetrischer, der jetzt ersetzt werden sollte
wrong-jwks-use = muss Schlüssel zum Signieren haben (`use` ist `sig` oder fehlt)
wrong-jwks-kinds = muss Schlüssel der Arten RSA, EC auf P-256 oder OKP Ed25519 haben
wrong-jwks-numbers = hat einen Schlüssel, dessen Zahlen fehlen oder die falsche Größe haben (RSA: 2048 bis 4096 Bit)

# Scopes and APIs
wrong-scope-name = muss aus 1 bis 128 druckbaren ASCII-Zeichen ohne Leerzeichen, `"` und `\` bestehen
wrong-scope-standard = ist ein Scope von OpenID Connect, den jeder Realm hat
wrong-scope-sentence = muss den Satz „This app will be able to …“ vervollständigen
wrong-scope-claim = nennt den unbekannten Claim `{ $name }`
wrong-scope-machine = darf nicht gesetzt sein bei einem Scope, der Angaben über eine Person freigibt
wrong-audience = muss eine absolute URI ohne Fragment sein, zum Beispiel `https://api.example`

# Connections
wrong-connection-client-needed = muss angegeben werden: die ID, unter der Gantry dort registriert ist
wrong-connection-client = muss aus 1 bis 512 sichtbaren ASCII-Zeichen ohne Leerzeichen bestehen
wrong-connection-issuer = muss angegeben werden: die Adresse des Anbieters, wie seine Metadaten sie schreiben
wrong-connection-issuer-parts = darf weder Abfrage noch Fragment haben
wrong-connection-fragment = darf kein Fragment haben
wrong-connection-endpoint = muss angegeben werden: OAuth-Server sagen es nicht
wrong-connection-address = ist eine Adresse, die Gantry nicht fragt: { $reason }
wrong-connection-scope = muss ein Scope sein: sichtbare ASCII-Zeichen ohne Leerzeichen und Anführungszeichen
wrong-connection-openid = muss `openid` enthalten: sonst kommt kein ID-Token
wrong-connection-own-parameter = muss wegbleiben: Gantry setzt es selbst
wrong-connection-parameter-name = muss einen Namen aus sichtbaren ASCII-Zeichen ohne Leerzeichen haben
wrong-connection-parameters = muss aus Zeilen wie `name=wert` bestehen
wrong-connection-claim = muss der Name eines Claims sein oder bis zu fünf mit Punkten verbundene Namen
wrong-connection-subject = darf kein Name und keine Adresse sein: die ändern sich und gehen auf andere über
wrong-connection-algorithms = nennt einen davon zweimal
wrong-connection-password = muss wegbleiben: bei Passwörtern hat es keine Bedeutung
wrong-connection-verified = darf nicht `provider` sein: was die eigene Verbindung eines Mandanten über eine Adresse sagt, gilt in dessen nachgewiesenen Domains
wrong-connection-apple-way = muss wegbleiben: Apple kennt nur einen Weg
wrong-connection-secrets-only = darf nicht `private_key_jwt` sein: dieser Anbieter kennt nur Secrets
wrong-connection-kind = muss wegbleiben: es ist für die Art `{ $kind }`
wrong-connection-audience = muss `organizations`, `common`, `consumers` oder die ID eines Verzeichnisses sein
wrong-connection-no-choice = muss wegbleiben: die Zielgruppe lässt keine Wahl
wrong-connection-directory = muss die ID eines Verzeichnisses sein, zum Beispiel `0f8fad5b-d9cb-469f-a165-70867728950e`
wrong-connection-domain = muss eine Domain wie `example.com` sein
wrong-connection-apple = muss angegeben werden: `team_id` und `key_id` des Entwicklerkontos
wrong-connection-apple-id = muss aus zehn Großbuchstaben und Ziffern bestehen
wrong-connection-apple-key = muss wegbleiben: Apple kennt Gantry allein am `private_key`
wrong-connection-secret = darf höchstens 2048 sichtbare ASCII-Zeichen haben
wrong-connection-secret-none = muss wegbleiben: Passwörter brauchen keines
wrong-connection-secret-needed = muss angegeben werden: es wurde nichts eingetragen
wrong-connection-key = muss PEM sein, das mit `-----BEGIN PRIVATE KEY-----` (PKCS#8) beginnt: RSA mit mindestens 2048 Bit, P-256 oder Ed25519
wrong-connection-certificate = muss PEM sein, das mit `-----BEGIN CERTIFICATE-----` beginnt
wrong-connection-pair = muss zum `private_key` gehören
wrong-connection-group = muss eine Gruppe nennen, wie der Anbieter sie schreibt
wrong-connection-group-twice = nennt eine Gruppe, die schon eine Rolle hat
wrong-connection-role = muss eine Zeile wie `gruppe = tenant_admin` oder `gruppe = member` sein
wrong-connection-not-password = darf nicht die Passwort-Anmeldung des Realms sein: die ist für alle
wrong-connection-directories = muss nennen, wessen Leute beitreten oder Rollen haben: die Verbindung ist für mehrere Verzeichnisse
wrong-connection-no-directories = muss wegbleiben: nur Entra ID und Google nennen Verzeichnisse
wrong-connection-assurance = muss wegbleiben: der Realm entscheidet, wessen Wort eine Anmeldung stärker macht
wrong-must-have = muss `{ $name }` enthalten

# Forms as a whole
wrong-whole-range = Eine Einstellung liegt außerhalb ihres Bereichs
wrong-whole-names = Eine Einstellung nennt etwas, das es nicht gibt
wrong-whole-realm = So kann der Realm nicht sein
wrong-whole-host = Ein Host muss `https://host[:port]` sein, kleingeschrieben und nur einmal genannt
wrong-whole-taken = Das Kürzel oder ein Host gehört einem anderen Realm
wrong-whole-slug = Das Kürzel ist vergeben
wrong-whole-overtaken = Jemand anderes hat den Realm inzwischen geändert
wrong-whole-record = So kann der Eintrag nicht gespeichert werden
wrong-whole-redirect = Eine Redirect-URI kann nicht registriert werden
wrong-whole-account = So kann das Dienstkonto nicht gespeichert werden
wrong-whole-account-name = Der Realm hat schon ein Dienstkonto dieses Namens
wrong-whole-account-keys = Das Konto hat zwei gültige Schlüssel; beenden Sie zuerst einen
wrong-whole-key-days = Ein Schlüssel endet innerhalb von 30 Tagen
wrong-whole-name = Ein Name muss 1 bis 120 sichtbare Zeichen in einer Zeile sein
wrong-whole-profile-web = Bild, Profil und Website müssen http- oder https-Adressen sein
wrong-whole-profile = Ein Profilfeld darf höchstens 500 Zeichen haben, ohne Steuerzeichen
wrong-whole-operators = Betreiber sind Personen des Realms `system`
wrong-whole-proved = Ein anderes Konto hat diese Adresse bestätigt
wrong-whole-own-account = Das tut niemand dem eigenen Konto an: bitten Sie einen anderen Admin
wrong-whole-org-id = Eine `org_id` muss aus 1 bis 64 Buchstaben, Ziffern, `_`, `-` oder `.` bestehen
wrong-whole-org-taken = Die `org_id` ist oder war vergeben
wrong-whole-tenant = Eine Einstellung der Organisation geht so nicht
wrong-whole-domains = Eine Organisation kann 100 Domains beanspruchen
wrong-whole-domain-proved = Die Domain ist für eine andere Organisation nachgewiesen
wrong-whole-domain-claimed = Die Organisation hat die Domain bereits beansprucht
wrong-whole-suspended = Die Organisation ist gesperrt: niemand kann ihr beitreten
wrong-whole-member = Wer diese Adresse hat, gehört bereits zur Organisation
wrong-whole-invitations = 200 Einladungen am Tag sind genug: versuchen Sie es morgen wieder
wrong-whole-language = Die Sprache muss ein Kürzel wie `de` sein
wrong-whole-mail = So kann die Mail nicht lauten
wrong-whole-connection = So kann die Verbindung nicht gespeichert werden
wrong-whole-provider = Der Anbieter bestätigt diese Einstellungen nicht
wrong-whole-attached = Der Mandant hat die Verbindung bereits
wrong-whole-asked = Anbieter wurden zu oft gefragt; warten Sie ein paar Minuten
wrong-whole-tried = Verbindungen wurden zu oft ausprobiert; warten Sie ein paar Minuten
wrong-not-less = darf nicht weniger als { $least } sein
wrong-no-organization = nennt keine Organisation dieses Realms
wrong-whole-passwords = Eine Organisation verlangt Passwörter, die mindestens so lang sind wie die der Plattform
