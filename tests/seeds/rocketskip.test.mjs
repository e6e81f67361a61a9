// RocketSkip's guide: requests as it prints them, written to a socket.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startDemo } from "../browser/support/demo.mjs";
import { register } from "../interop/support/partner.mjs";
import { Person } from "../interop/support/person.mjs";
import { address, send } from "./support/raw.mjs";

const CALLBACK = "https://yourapp.example/callback";
const STATE = "kX2-unique.state_~";

let demo, facts, values;

before(async () => {
  demo = await startDemo();
  facts = demo.facts.realms.rocketskip;
  const app = {
    name: "Guide Reader",
    redirect_uris: [CALLBACK, "https://yourapp.example/other"],
    grant_types: ["authorization_code", "refresh_token", "client_credentials"],
    scopes: ["read"],
  };
  const platform = new URL(facts.authorization_endpoint).origin;
  values = { platform, api: facts.api, redirect_uri: CALLBACK, state: STATE, ...(await register(demo, "rocketskip", app)) };
});

after(() => demo?.stop());

/** Sends somebody through the authorization request, to where the app would listen. */
async function leftWith(person, more = {}) {
  const walk = await person.follow(await address("rocketskip/authorize.http", { ...values, ...more }), { stopAt: "https://yourapp.example/" });
  return walk.left.searchParams;
}

const somebody = (more) => new Person({ ...facts.users[0], ...more });

async function tokens() {
  const code = (await leftWith(somebody())).get("code");
  const answer = await send("rocketskip/exchange.http", { ...values, code });
  assert.equal(answer.status, 200, answer.text);
  return answer.json();
}

test("rocketskip: the authorization request shows the sign-in page with the platform's contact", async () => {
  const answer = await send("rocketskip/authorize.http", values);
  assert.equal(answer.status, 200);
  assert.match(answer.text, /id="username"/);
  assert.match(answer.text, /support@rocketskip\.example/);
});

test("rocketskip: a person who allows is sent back with a code and the state, byte for byte", async () => {
  const answer = await leftWith(somebody());
  assert.ok(answer.get("code"));
  assert.equal(answer.get("state"), STATE);
});

test("rocketskip: the code becomes the four fields of the guide", async () => {
  const answer = await tokens();
  assert.deepEqual([answer.token_type, answer.expires_in], ["Bearer", 3600]);
  assert.ok(answer.access_token && answer.refresh_token);
  assert.equal(answer.id_token, undefined, "openid was not asked for");
});

test("rocketskip: the access token opens the API", async () => {
  const { access_token } = await tokens();
  const answer = await send("rocketskip/call.http", { ...values, access_token });
  assert.equal(answer.status, 200, answer.text);
  assert.equal((await send("rocketskip/call.http", { ...values, access_token: `${access_token}x` })).status, 401);
});

test("rocketskip: the first refresh token goes on working, without anybody signed in", async () => {
  const { access_token, refresh_token } = await tokens();
  for (let turn = 0; turn < 3; turn += 1) {
    const answer = await send("rocketskip/refresh.http", { ...values, refresh_token });
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.json().expires_in, 3600);
    assert.notEqual(answer.json().access_token, access_token);
  }
});

test("rocketskip: refreshing goes on after the person signed out, and the consent page had said so", async () => {
  const newcomer = await register(demo, "rocketskip", { name: "Newcomer", redirect_uris: [CALLBACK], scopes: ["read"] });
  const person = somebody();
  const code = (await leftWith(person, newcomer)).get("code");
  assert.match(person.seen.at(-1).text, /keeps (this )?access while you are away/i);
  const { refresh_token } = (await send("rocketskip/exchange.http", { ...values, ...newcomer, code })).json();
  await person.signOut(values.platform);
  const answer = await send("rocketskip/refresh.http", { ...values, ...newcomer, refresh_token });
  assert.equal(answer.status, 200, answer.text);
});

test("rocketskip: the same app gets a token for itself, without a refresh token", async () => {
  const answer = await send("rocketskip/machine.http", values);
  assert.equal(answer.status, 200, answer.text);
  const { access_token, ...rest } = answer.json();
  assert.deepEqual(rest, { token_type: "Bearer", expires_in: 3600, scope: "read" });
  assert.equal((await send("rocketskip/call.http", { ...values, access_token })).status, 200);
});

test("rocketskip: errors are flat and have the codes of the guide", async () => {
  const refusals = [
    ["invalid_request", 400, "rocketskip/exchange.http", { code: "" }],
    ["invalid_client", 401, "rocketskip/machine.http", { client_secret: "not-the-secret" }],
    // The guide's own list says `invalid_grant`, its sample this; the realm follows the sample.
    ["invalid_request", 400, "rocketskip/exchange.http", { code: "AUTHORIZATION_CODE" }],
    ["invalid_grant", 400, "rocketskip/refresh.http", { refresh_token: "YOUR_REFRESH_TOKEN" }],
  ];
  for (const [error, status, file, wrong] of refusals) {
    const answer = await send(file, { ...values, ...wrong });
    assert.deepEqual([answer.status, answer.json().error], [status, error], file);
    assert.equal(typeof answer.json().error_description, "string");
  }
  const one = await register(demo, "rocketskip", { name: "Half", redirect_uris: [CALLBACK], grant_types: ["authorization_code"], scopes: ["read"] });
  const answer = await send("rocketskip/machine.http", { ...values, ...one });
  assert.deepEqual([answer.status, answer.json().error], [400, "unauthorized_client"]);
});

test("rocketskip: a person who says no is sent back with access_denied and the state", async () => {
  const answer = await leftWith(somebody({ ...facts.users[1], decides: "deny" }));
  assert.deepEqual([answer.get("error"), answer.get("state"), answer.get("code")], ["access_denied", STATE, null]);
});

test("rocketskip: code and redirect URI belong together", async () => {
  const code = (await leftWith(somebody())).get("code");
  const other = await send("rocketskip/exchange.http", { ...values, code, redirect_uri: "https://yourapp.example/other" });
  assert.deepEqual([other.status, other.json().error], [400, "invalid_request"]);
});

test("rocketskip: an app may be held to sending a state", async () => {
  const held = await register(demo, "rocketskip", { name: "Held", redirect_uris: [CALLBACK], scopes: ["read"], policy: { require_state: true } });
  const link = await address("rocketskip/authorize.http", { ...values, ...held });
  const walk = (link) => somebody().follow(link, { stopAt: CALLBACK });
  assert.equal((await walk(link.replace(`&state=${STATE}`, ""))).left.searchParams.get("error"), "invalid_request");
  assert.ok((await walk(link)).left.searchParams.get("code"));
});
