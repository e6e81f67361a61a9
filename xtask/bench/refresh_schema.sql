-- What one rotation of a refresh token touches, in the same shapes and with the same indexes as the server's tables.
CREATE TABLE refresh_family (
    id text PRIMARY KEY, realm_id text NOT NULL, grant_id text NOT NULL, client_id text NOT NULL, secret bytea NOT NULL,
    generation bigint NOT NULL, rotated_at bigint NOT NULL, idle_expires_at bigint NOT NULL, absolute_expires_at bigint NOT NULL,
    revoked_at bigint, created_at bigint NOT NULL
);
CREATE INDEX ON refresh_family (grant_id);
CREATE INDEX ON refresh_family (client_id);
CREATE INDEX ON refresh_family (idle_expires_at);

CREATE TABLE audit (
    id text PRIMARY KEY, realm_id text NOT NULL, at bigint NOT NULL, event text NOT NULL, actor text NOT NULL, person_id text,
    client_id text, target text, reason text, ip text, request_id text, detail jsonb
);
CREATE INDEX ON audit (realm_id, id);

INSERT INTO refresh_family
SELECT 'rtf_' || lpad(n::text, 32, '0'), 'rlm_1', 'grt_' || lpad(n::text, 32, '0'), 'cli_1', decode(repeat('ab', 60), 'hex'),
       0, 0, 0, 0, NULL, 0
FROM generate_series(1, 10000) AS n;
VACUUM ANALYZE refresh_family;
