// The four platforms as a partner meets them: what its app asks for there, and what each of them promises to answer.
//
// Owns nothing of how Gantry is told so; that is in the realm files of the demo.

import assert from "node:assert/strict";

/** What every platform promises of a first answer. */
function first(tokens, { expires_in, token_type = "Bearer" }) {
  assert.equal(typeof tokens.access_token, "string");
  assert.equal(tokens.expires_in, expires_in);
  assert.equal(tokens.token_type.toLowerCase(), token_type.toLowerCase());
}

/** The header and the claims of a JWT, unverified: its own API verifies it. */
export function jwt(token) {
  const [header, claims] = token.split(".").map((part) => JSON.parse(Buffer.from(part, "base64url").toString()));
  return { header, claims };
}

export const SHAPES = [
  {
    realm: "rocketskip",
    scope: "openid profile read",
    scopes: ["openid", "profile", "read"],
    answers(tokens) {
      first(tokens, { expires_in: 3600 });
      assert.ok(tokens.refresh_token, "always, without being asked");
      assert.ok(tokens.id_token, "openid was asked for");
    },
    refreshed(tokens, before) {
      first(tokens, { expires_in: 3600 });
      assert.equal(tokens.refresh_token, before.refresh_token, "the first one goes on working");
      assert.notEqual(tokens.access_token, before.access_token);
    },
    knows: (claims, user) => assert.equal(typeof claims.name, "string", user.email),
  },
];
