# What a field of any record must be
wrong-empty = must not be empty
wrong-twice = is there twice
wrong-count = has more than { $count } entries
wrong-seconds = must be { $low } to { $high } seconds
wrong-characters = must be { $low } to { $high } characters
wrong-longest-line = must be at most { $count } characters on one line
wrong-longest-shown = must be at most { $count } characters on one line, without invisible or direction-changing ones
wrong-longest-plain = must be at most { $count } characters without control characters
wrong-longest = must be at most { $count } characters
wrong-name-shown = must be 1 to 120 visible characters on one line, without invisible or direction-changing ones
wrong-name-line = must be 1 to 120 visible characters on one line
wrong-sentence = must be a sentence of at most 120 visible characters on one line
wrong-slug = must be 1 to 40 lower-case letters, digits and hyphens
wrong-colour = must be a colour such as `#1d4ed8`
wrong-number = must be a whole number
wrong-choice = must be one of the choices
wrong-in-use = is in use
wrong-was-in-use = is or was in use
wrong-email = must be an e-mail address
wrong-no-email = is not an e-mail address such as `name@example.com`
wrong-contact = must be an e-mail address or an https URL
wrong-web = must be an http or https URL
wrong-website = must be an `https://` address without a user name
wrong-tag = must be a tag such as `de`
wrong-day = must be a day such as 2027-01-31
wrong-instant = must be an instant such as `2027-01-31` or `2027-01-31T12:00:00Z`
wrong-json = must be a JSON object

# A realm and its settings
wrong-realm-system = must not be `system`, which is the operators' realm
wrong-fixed-word = must not be `new`, `.` or `..`, since no address could lead to it
wrong-hosts = must be `https://host[:port]` each, in lower case and named once
wrong-public-url = must be `https://host[:port]` (or `http://` for localhost) without a path
wrong-prefix = must be empty unless `endpoints.profile` is `keycloak`
wrong-absolute = must be at least `tokens.refresh_idle_lifetime` and at most 315360000 seconds
wrong-overlap = must be at least the longest token lifetime and at most 31536000 seconds
wrong-header = must be the name of a header of its own such as `X-API-Key`
wrong-no-api = names an API that is not there
wrong-no-scope = names a scope that is not there
wrong-personal-scope = names a scope that no personal token can have

# People and tenants
wrong-proved-elsewhere = is proved by another account
wrong-org-id = must be 1 to 64 letters, digits, `_`, `-` or `.`
wrong-member-already = belongs to somebody who is a member already
wrong-written-to = was written to less than a minute ago
wrong-claimed = is claimed already
wrong-domain-ascii = is not a domain such as `example.com`; letters outside of ASCII are written as `xn--…`
wrong-hash = must be an argon2id hash in PHC form with at most 64 MiB, 8 passes and 4 lanes

# Mails
wrong-subject = must be one line of 1 to 150 characters
wrong-paragraphs = must be 1 to 20 paragraphs
wrong-no-link = must not have a link
wrong-control = must not have control characters
wrong-markup = must be plain text without markup
wrong-alone = must be `{ $name }` alone: it becomes a button
wrong-placeholder = has the unknown placeholder `{ $name }`
wrong-brace = has a brace that belongs to no placeholder

# Apps
wrong-grants-empty = must not be empty, except for a client that only introspects
wrong-grants-public = must not have `client_credentials`: a public or native client cannot prove itself
wrong-grants-machine = must be `client_credentials` alone for a machine client
wrong-grants-refresh = has `refresh_token` without `authorization_code`, which is where refresh tokens come from
wrong-uris-needed = must not be empty for `authorization_code`
wrong-uris-unneeded = must be empty without `authorization_code`
wrong-auth-public = must be `none`: a public or native client cannot keep a secret or key
wrong-auth-confidential = must not be `none` for a confidential or machine client
wrong-auth-credentials = must not be `none` with `client_credentials`
wrong-auth-introspects = must not be `none` for a client that introspects
wrong-auth-keys = must be `private_key_jwt` where `jwks` or `jwks_uri` is given
wrong-jwks-uri = must be an `https://` address; plain http is for loopback addresses of development apps
wrong-client-id = must be 1 to 128 letters, digits or `-._~:/@`
wrong-client-console = is the console's own
wrong-client-user = must not look like a user's id: `usr_…` is reserved
wrong-unknown-scope = names the unknown scope `{ $name }`
wrong-machine-scope = names `{ $name }`, which speaks of a person: no machine client can have it
wrong-client-scope = names `{ $name }`, which is no scope of the client
wrong-key-scope = names `{ $name }`: a key has scopes with `machine` that no tenant's admin has to approve
wrong-unknown-api-named = names the unknown resource `{ $name }`
wrong-unknown-api = names an unknown resource
wrong-unknown-team-named = names the unknown publisher `{ $name }`
wrong-unknown-team = names an unknown publisher
wrong-of-resources = must be one of `resources`
wrong-overlap-days = must be at most 30 days
wrong-within-days = must be within 30 days
wrong-secret-short = must have at least 32 characters
wrong-secret-long = must have at most 1024 characters
wrong-secret-ascii = must be printable ASCII without spaces at its ends
wrong-no-spaces = must not have spaces
wrong-like-ours = must not begin like another kind of Gantry's credentials

# Redirect URIs
wrong-uri-characters = has characters or path segments that do not belong into it; percent-encode characters and leave out `.` and `..`
wrong-uri-long = is longer than 2048 bytes
wrong-uri-absolute = is not an absolute URI such as `https://app.example/callback`
wrong-uri-exact = must be one exact URI: patterns and wildcards are not supported
wrong-uri-fragment = must not have a fragment (`#…`)
wrong-uri-user = must not have a user name or password before the host
wrong-uri-https = must use https; plain http is for `127.0.0.1` or `[::1]` of native apps and `localhost` of development apps

# Keys of apps
wrong-jwks-long = is longer than 32 KiB
wrong-jwks-object = is not a JSON object
wrong-jwks-keys = has no `keys` array (RFC 7517 §5)
wrong-jwks-count = must have 1 to 20 keys
wrong-jwks-key-object = has a key that is no JSON object
wrong-jwks-kid-text = has a `kid` that is no text
wrong-jwks-kid-twice = names two keys by the same `kid`
wrong-jwks-kid-each = must give each of its keys a `kid`
wrong-jwks-public = must have public keys only: a private or symmetric key was given, which should be replaced now
wrong-jwks-use = must have keys for signing (`use` is `sig` or left out)
wrong-jwks-kinds = must have keys of the kinds RSA, EC on P-256, or OKP Ed25519
wrong-jwks-numbers = has a key whose numbers are missing or of a wrong size (RSA: 2048 to 4096 bits)

# Scopes and APIs
wrong-scope-name = must be 1 to 128 printable ASCII characters without spaces, `"` and `\`
wrong-scope-standard = is a scope of OpenID Connect, which every realm has
wrong-scope-sentence = must complete the sentence "This app will be able to …"
wrong-scope-claim = names the unknown claim `{ $name }`
wrong-scope-machine = must not be set for a scope that releases claims about a person
wrong-audience = must be an absolute URI without a fragment, such as `https://api.example`

# Connections
wrong-connection-client-needed = must be given: the id under which Gantry is registered there
wrong-connection-client = must be 1 to 512 visible ASCII characters without spaces
wrong-connection-issuer = must be given: the provider's address as its metadata spells it
wrong-connection-issuer-parts = must have neither query nor fragment
wrong-connection-fragment = must have no fragment
wrong-connection-endpoint = must be given: OAuth servers do not tell it
wrong-connection-address = is an address that Gantry does not ask: { $reason }
wrong-connection-scope = must be one scope: visible ASCII characters without spaces and quotes
wrong-connection-openid = must have `openid`: without it no ID token comes
wrong-connection-own-parameter = must be left out: Gantry sets it itself
wrong-connection-parameter-name = must have a name of visible ASCII characters without spaces
wrong-connection-parameters = must be lines such as `name=value`
wrong-connection-claim = must be a claim's name, or up to five names joined by dots
wrong-connection-subject = must not be a name or an address: those change and pass on to others
wrong-connection-algorithms = names one of them twice
wrong-connection-password = must be left out: it has no meaning for passwords
wrong-connection-verified = must not be `provider`: what a tenant's own connection says of an address counts in its proved domains
wrong-connection-apple-way = must be left out: Apple knows one way only
wrong-connection-secrets-only = must not be `private_key_jwt`: this provider knows secrets only
wrong-connection-kind = must be left out: it is for the kind `{ $kind }`
wrong-connection-audience = must be `organizations`, `common`, `consumers` or the id of a directory
wrong-connection-no-choice = must be left out: the audience leaves no choice
wrong-connection-directory = must be a directory's id such as `0f8fad5b-d9cb-469f-a165-70867728950e`
wrong-connection-domain = must be a domain such as `example.com`
wrong-connection-apple = must be given: `team_id` and `key_id` of the developer account
wrong-connection-apple-id = must be ten capital letters and digits
wrong-connection-apple-key = must be left out: Apple knows Gantry by its `private_key` alone
wrong-connection-secret = must be at most 2048 visible ASCII characters
wrong-connection-secret-none = must be left out: passwords need none
wrong-connection-secret-needed = must be given: nothing was filled in
wrong-connection-key = must be PEM that begins with `-----BEGIN PRIVATE KEY-----` (PKCS#8): RSA with 2048 bits or more, P-256 or Ed25519
wrong-connection-certificate = must be PEM that begins with `-----BEGIN CERTIFICATE-----`
wrong-connection-pair = must be that of the `private_key`
wrong-connection-group = must name a group as the provider spells it
wrong-connection-group-twice = names a group that has a role already
wrong-connection-role = must be a line such as `group = tenant_admin` or `group = member`
wrong-connection-not-password = must not be the realm's passwords: those are for everybody
wrong-connection-directories = must name whose people join or have roles: the connection is for several directories
wrong-connection-no-directories = must be left out: only Entra ID and Google tell of directories
wrong-connection-assurance = must be left out: the realm decides whose word makes a sign-in a stronger one
wrong-must-have = must have `{ $name }`

# Forms as a whole
wrong-whole-range = A setting is out of its range
wrong-whole-names = A setting names what is not there
wrong-whole-realm = The realm cannot be like this
wrong-whole-host = A host must be `https://host[:port]`, in lower case and named once
wrong-whole-taken = The slug or a host belongs to another realm
wrong-whole-slug = The slug is in use
wrong-whole-overtaken = Somebody else changed the realm meanwhile
wrong-whole-record = the record cannot be written so
wrong-whole-redirect = a redirect URI cannot be registered
wrong-whole-account = The service account cannot be written so
wrong-whole-account-name = The realm has a service account of this name
wrong-whole-account-keys = The account has two keys that work; end one first
wrong-whole-key-days = A key ends within 30 days
wrong-whole-name = A name must be 1 to 120 visible characters on one line
wrong-whole-profile-web = A picture, profile or website must be an http or https URL
wrong-whole-profile = A profile field must be at most 500 characters without control characters
wrong-whole-operators = Operators are people of the realm `system`
wrong-whole-proved = Another account has proved this address
wrong-whole-own-account = Nobody does this to their own account: ask another admin
wrong-whole-org-id = An `org_id` must be 1 to 64 letters, digits, `_`, `-` or `.`
wrong-whole-org-taken = The `org_id` is or was in use
wrong-whole-tenant = A setting of the organization will not do
wrong-whole-domains = An organization can claim 100 domains
wrong-whole-domain-proved = The domain is proved for another organization
wrong-whole-domain-claimed = The organization has claimed the domain already
wrong-whole-suspended = The organization is suspended: nobody can join it
wrong-whole-member = Whoever has this address belongs to the organization already
wrong-whole-invitations = 200 invitations in a day are enough: try again tomorrow
wrong-whole-language = The language must be a tag such as `de`
wrong-whole-mail = The mail cannot be worded so
wrong-whole-connection = The connection cannot be written so
wrong-whole-provider = The provider does not bear these settings out
wrong-whole-attached = The tenant has the connection already
wrong-whole-asked = Providers were asked too often; wait a few minutes
wrong-whole-tried = Connections were tried out too often; wait a few minutes
wrong-not-less = must not be less than { $least }
wrong-no-organization = names no organization of this realm
wrong-whole-passwords = An organization asks for passwords at least as long as the platform does
