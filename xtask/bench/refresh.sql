-- One rotation: read the family, move it on if nobody else did, write the audit line, commit.
\set family random(1, 10000)
\set serial random(1, 9223372036854775806)
BEGIN;
SELECT secret, generation, idle_expires_at, absolute_expires_at, revoked_at FROM refresh_family
 WHERE id = 'rtf_' || lpad((:family)::text, 32, '0') AND realm_id = 'rlm_1';
UPDATE refresh_family SET generation = generation + 1, rotated_at = :serial, idle_expires_at = :serial
 WHERE id = 'rtf_' || lpad((:family)::text, 32, '0') AND realm_id = 'rlm_1' AND revoked_at IS NULL;
INSERT INTO audit (id, realm_id, at, event, actor, client_id, target, ip, request_id)
VALUES ('aud_' || lpad((:serial)::text, 32, '0'), 'rlm_1', :serial, 'tokens_issued', 'client', 'cli_1', 'grt_1', '127.0.0.1', 'req_1')
ON CONFLICT DO NOTHING;
COMMIT;
