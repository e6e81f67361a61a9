// The four platforms as a partner meets them: what its app asks for there, and what each of them promises to answer.
//
// Owns nothing of how Gantry is told so; that is in the realm files of the demo.

import assert from "node:assert/strict";
import { jwt } from "./jwt.mjs";

/** What every platform promises of every answer. Libraries write `token_type` as they like, so its case is for `tests/seeds`. */
function answered(tokens, { expires_in }) {
  assert.equal(typeof tokens.access_token, "string");
  assert.equal(tokens.expires_in, expires_in);
  assert.equal(tokens.token_type.toLowerCase(), "bearer");
  assert.equal(typeof tokens.refresh_token, "string");
}

/** The first refresh token goes on working. */
function kept(tokens, before) {
  assert.equal(tokens.refresh_token, before.refresh_token);
  assert.notEqual(tokens.access_token, before.access_token);
}

/** Each refresh brings a new one. */
function rotated(tokens, before) {
  assert.notEqual(tokens.refresh_token, before.refresh_token);
  assert.notEqual(tokens.access_token, before.access_token);
}

export const SHAPES = [
  {
    realm: "rocketskip",
    scope: "openid profile read",
    promised(tokens) {
      answered(tokens, { expires_in: 3600 });
      assert.ok(tokens.id_token, "openid was asked for");
    },
    refreshed: kept,
    knows: ["name"],
    badCode: "invalid_request",
  },
  {
    realm: "roserocket",
    scope: "offline_access email profile",
    parameters: ({ audience }) => ({ audience }),
    approvedBy: ({ users }) => users[0].org_ids,
    /** Chooses one organization and allows all. */
    choices: (user) => ({ organization: user.org_ids[0], ticks: user.org_ids }),
    promised(tokens, { audience }, user) {
      answered(tokens, { expires_in: 3600 });
      assert.equal(tokens.id_token, undefined);
      const { aud, org_id } = jwt(tokens.access_token).claims;
      assert.deepEqual([aud, org_id], [audience, user.org_ids[0]]);
    },
    refreshWith: (user) => `?org_id=${user.org_ids[1]}`,
    refreshed(tokens, before, user) {
      kept(tokens, before);
      assert.equal(jwt(tokens.access_token).claims.org_id, user.org_ids[1]);
    },
    knows: ["name", "email"],
  },
  {
    realm: "rocketpunch",
    scope: "profile:read profile:email",
    promised(tokens) {
      answered(tokens, { expires_in: 3600 });
      assert.equal(jwt(tokens.access_token).header.typ, "JWT");
    },
    refreshed: rotated,
    knows: ["name", "email"],
  },
  {
    realm: "app",
    scope: "openid profile",
    promised(tokens, { issuer }) {
      answered(tokens, { expires_in: 300 });
      assert.deepEqual([tokens.refresh_expires_in, tokens["not-before-policy"]], [1800, 0]);
      assert.equal(jwt(tokens.id_token).claims.iss, issuer);
      assert.match(issuer, /\/auth\/realms\/app$/);
    },
    refreshed: rotated,
    knows: ["name"],
  },
];
