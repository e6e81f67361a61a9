// Chaster's guide: the addresses of a Keycloak realm called `app`, and curl.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startDemo } from "../browser/support/demo.mjs";
import { exported } from "../interop/support/partner.mjs";
import { Guide, answered, curl, link } from "./support/guide.mjs";

const STATE = "state_key";
const FIELDS = ["access_token", "expires_in", "not-before-policy", "refresh_expires_in", "refresh_token", "scope", "token_type"];

let demo, guide, reader;

before(async () => {
  demo = await startDemo();
  guide = new Guide(demo, "app");
  reader = { ...(await guide.reader({ scopes: ["profile"] })), STATE };
});

after(() => demo?.stop());

const question = () => link("chaster/authorize.txt", reader);

async function tokens() {
  const CODE = (await answered(guide.person(), await question())).get("code");
  return curl("chaster/exchange.sh", { ...reader, CODE });
}

/** What the guide prints, but for the tokens. */
function asPrinted(answer) {
  assert.deepEqual(Object.keys(answer).sort(), FIELDS, JSON.stringify(answer));
  const { access_token, refresh_token, ...rest } = answer;
  assert.ok(access_token && refresh_token);
  assert.deepEqual(rest, { expires_in: 300, refresh_expires_in: 1800, token_type: "bearer", "not-before-policy": 0, scope: "profile" });
}

test("chaster: the link of the guide leads back with code and state", async () => {
  const answer = await answered(guide.person(), await question());
  assert.ok(answer.get("code"));
  assert.equal(answer.get("state"), STATE);
});

test("chaster: state comes back only if it was sent", async () => {
  const answer = await answered(guide.person(), (await question()).replace(`&state=${STATE}`, ""));
  assert.equal(answer.has("state"), false);
});

test("chaster: the answer of the token endpoint has the seven fields of the guide", async () => {
  asPrinted(await tokens());
});

test("chaster: a refresh answers with a full set again", async () => {
  const { refresh_token } = await tokens();
  asPrinted(await curl("chaster/refresh.sh", { ...reader, REFRESH_TOKEN: refresh_token }));
});

test("chaster: a code works once", async () => {
  const CODE = (await answered(guide.person(), await question())).get("code");
  asPrinted(await curl("chaster/exchange.sh", { ...reader, CODE }));
  assert.equal((await curl("chaster/exchange.sh", { ...reader, CODE })).error, "invalid_grant");
});

test("chaster: the issuer's own document names the addresses of the guide", async () => {
  const { issuer, authorization_endpoint, token_endpoint } = await (await fetch(`${guide.facts.issuer}/.well-known/openid-configuration`)).json();
  assert.equal(issuer, `${guide.platform}/auth/realms/app`);
  assert.equal(authorization_endpoint, `${issuer}/protocol/openid-connect/auth`);
  assert.equal(token_endpoint, `${issuer}/protocol/openid-connect/token`);
});

test("chaster: profile is told without openid", async () => {
  const { access_token } = await tokens();
  const { userinfo_endpoint } = await (await fetch(`${guide.facts.issuer}/.well-known/openid-configuration`)).json();
  const answer = await fetch(userinfo_endpoint, { headers: { authorization: `Bearer ${access_token}` } });
  assert.equal((await answer.json()).name, guide.facts.users[0].name);
});

test("chaster: a code lives for ten minutes", async () => {
  assert.match(await exported(demo, "app"), /^ +code_lifetime: 600$/m);
});

test("chaster: a developer token opens the API", async () => {
  const token = await guide.person().makeToken(guide.platform, { name: "For myself", scopes: ["locks"] });
  const answer = await curl("chaster/call.sh", { ...reader, TOKEN: token });
  assert.ok(answer.locks?.length > 0, JSON.stringify(answer));
  const refused = await curl("chaster/call.sh", { ...reader, TOKEN: `${token}x` });
  assert.equal(refused.error, "invalid_token");
});
