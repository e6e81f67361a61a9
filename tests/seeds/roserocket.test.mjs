// Rose Rocket's guide: a link with an audience, and curl.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startDemo } from "../browser/support/demo.mjs";
import { jwt } from "../interop/support/jwt.mjs";
import { Guide, answered, curl, link } from "./support/guide.mjs";

const STATE = "generated-state value";

let demo, guide, reader;

before(async () => {
  demo = await startDemo();
  guide = new Guide(demo, "roserocket");
  reader = await newReader();
});

after(() => demo?.stop());

async function newReader() {
  const app = {
    redirect_uris: ["https://yourapp.example/callback", "https://yourapp.example/second"],
    scopes: ["offline_access", "email", "profile"],
    resources: [guide.facts.audience],
    approvedBy: guide.facts.users[0].org_ids,
  };
  return { ...(await guide.reader(app)), STATE: encodeURIComponent(STATE) };
}

const question = (own = reader) => link("roserocket/authorize.txt", own);

/** The first person belongs to two organizations, and chooses the first. */
const member = (more) => guide.person({ organization: guide.facts.users[0].org_ids[0], ...more });

async function tokens(person = member(), own = reader) {
  const CODE = (await answered(person, await question(own))).get("code");
  const answer = await curl("roserocket/exchange.sh", { ...own, CODE });
  assert.ok(answer.access_token, JSON.stringify(answer));
  return answer;
}

test("roserocket: the redirect brings state and code", async () => {
  const answer = await answered(member(), await question());
  assert.ok(answer.get("code"));
  assert.equal(answer.get("state"), STATE);
});

test("roserocket: the audience of the request is the token's, and there is no ID token", async () => {
  const { access_token, id_token } = await tokens();
  assert.equal(jwt(access_token).claims.aud, guide.facts.audience);
  assert.equal(id_token, undefined);
});

test("roserocket: any of the registered redirect URIs works", async () => {
  const answer = await answered(member(), (await question()).replace("/callback", "/second"));
  assert.ok(answer.get("code"));
});

test("roserocket: offline_access brings a refresh token, without it there is none", async () => {
  assert.ok((await tokens()).refresh_token);
  const CODE = (await answered(member(), (await question()).replace("offline_access%20", ""))).get("code");
  assert.equal((await curl("roserocket/exchange.sh", { ...reader, CODE })).refresh_token, undefined);
});

test("roserocket: the token opens the API for the organization that was chosen", async () => {
  const { access_token } = await tokens();
  const orders = await curl("roserocket/call.sh", { ...reader, ACCESS_TOKEN: access_token });
  assert.equal(orders.org_id, guide.facts.users[0].org_ids[0], JSON.stringify(orders));
});

test("roserocket: a refresh with org_id is for that organization", async () => {
  const own = await newReader();
  const [first, second] = guide.facts.users[0].org_ids;
  const { refresh_token } = await tokens(member({ ticks: [second] }), own);
  for (const ORG_ID of [second, first]) {
    const answer = await curl("roserocket/refresh.sh", { ...own, REFRESH_TOKEN: refresh_token, ORG_ID });
    assert.equal(jwt(answer.access_token).claims.org_id, ORG_ID, JSON.stringify(answer));
  }
});

test("roserocket: the first refresh token goes on working", async () => {
  const { refresh_token } = await tokens();
  const ORG_ID = guide.facts.users[0].org_ids[0];
  for (let turn = 0; turn < 3; turn += 1) {
    const answer = await curl("roserocket/refresh.sh", { ...reader, REFRESH_TOKEN: refresh_token, ORG_ID });
    assert.ok(answer.access_token, JSON.stringify(answer));
  }
});

test("roserocket: an organization that is not the person's, or was left out, is refused and the refresh token unharmed", async () => {
  const { refresh_token } = await tokens();
  const [ORG_ID, leftOut] = guide.facts.users[0].org_ids;
  const elsewhere = guide.facts.tenants.find(({ org_id }) => !guide.facts.users[0].org_ids.includes(org_id)).org_id;
  for (const org_id of [leftOut, elsewhere]) {
    const refused = await curl("roserocket/refresh.sh", { ...reader, REFRESH_TOKEN: refresh_token, ORG_ID: org_id });
    assert.equal(refused.error, "access_denied");
  }
  assert.ok((await curl("roserocket/refresh.sh", { ...reader, REFRESH_TOKEN: refresh_token, ORG_ID })).access_token);
});

test("roserocket: a token that does not hold is answered with 401 and a challenge", async () => {
  const answer = await fetch(guide.facts.api_call, { headers: { authorization: "Bearer ACCESS_TOKEN" } });
  assert.equal(answer.status, 401);
  assert.match(answer.headers.get("www-authenticate"), /^Bearer .*error="invalid_token"/);
});

test("roserocket: the braces of the guide are no part of the scope", async () => {
  const braced = (await question()).replace("offline_access%20email%20profile", "%7Boffline_access%20email%20profile%7D");
  assert.equal((await answered(member(), braced)).get("error"), "invalid_scope");
});

test("roserocket: a vendor's app and a customer's own both work", async () => {
  for (const role of ["isv", "customer"]) {
    const client = guide.facts.clients.find((client) => client.role === role);
    const own = { ...reader, CLIENT_ID: client.client_id, CLIENT_SECRET: client.client_secret, REDIRECT_URI: client.redirect_uri };
    const walk = await member().follow(await link("roserocket/authorize.txt", own), { stopAt: client.redirect_uri });
    const answer = await curl("roserocket/exchange.sh", { ...own, CODE: walk.left.searchParams.get("code") });
    assert.ok(answer.access_token, JSON.stringify(answer));
  }
});
