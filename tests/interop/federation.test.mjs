// oidc-provider, from npm, as the provider that a realm's people sign in with. Everything that Gantry knows of it stands in a
// realm file.

import assert from "node:assert/strict";
import { createHash, generateKeyPairSync, randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { after, before, describe, test } from "node:test";
import { freePort, startDemo, waitFor } from "../browser/support/demo.mjs";
import { serve } from "./support/child.mjs";
import { jwt } from "./support/jwt.mjs";
import { gantry } from "./support/partner.mjs";
import { Person } from "./support/person.mjs";

const PROVIDER = [process.execPath, fileURLToPath(new URL("guests/provider.mjs", import.meta.url))];
const REALM = "harbour";
/** A company for each way in which Gantry proves itself there. */
const WAYS = ["client_secret_basic", "client_secret_post", "private_key_jwt"];
const company = (way) => way.replaceAll("_", "-");
const app = { client_id: "pilot", client_secret: randomBytes(32).toString("base64url"), redirect_uri: "http://127.0.0.1:9/callback" };

let demo, port, provider, base, secrets, ownKey;
const [first, second, third] = ["first", "second", "third"].map(signingKey);

before(async () => {
  [demo, port] = await Promise.all([startDemo(), freePort()]);
  base = `${demo.base}/realms/${REALM}`;
  secrets = Object.fromEntries(WAYS.map((way) => [way, randomBytes(32).toString("base64url")]));
  ownKey = generateKeyPairSync("ec", { namedCurve: "P-256" });
  // The second key is published before it signs anything.
  await startProvider([first, second]);
  await applied(realmFile());
});

after(async () => {
  await provider?.stop();
  await demo?.stop();
});

describe("oidc-provider", () => {
  for (const way of WAYS) {
    test(`somebody of a company comes in with ${way}, and the app's token is for that company`, async () => {
      const tokens = await signIn(`mia@${company(way)}.example`);
      const { org_id, iss } = jwt(tokens.access_token).claims;
      assert.deepEqual([org_id, iss], [company(way), base]);
      const asked = await fetch(`${base}/oauth/userinfo`, { headers: { authorization: `Bearer ${tokens.access_token}` } });
      const { email, email_verified } = await asked.json();
      assert.deepEqual([email, email_verified], [`mia@${company(way)}.example`, true]);
    });
  }

  test("the same person is the same person, and somebody else is not", async () => {
    const [one, again, other] = [await signIn("ada@client-secret-basic.example"), await signIn("ada@client-secret-basic.example"), await signIn("eve@client-secret-basic.example")];
    const [a, b, c] = [one, again, other].map((tokens) => jwt(tokens.id_token).claims.sub);
    assert.equal(a, b);
    assert.notEqual(a, c);
  });

  test("another company's people do not come into a company", async () => {
    const person = new Person({ email: "mia@client-secret-post.example" });
    const { left, text } = await person.follow(question({ org_id: "client-secret-basic" }), { stopAt: app.redirect_uri });
    assert.ok(person.seen.some((page) => page.url.port === String(port)), "they were at the provider");
    assert.equal(left, undefined, `an answer for ${left}`);
    // The address is of a domain that this company has not proved: nobody is made a member by it.
    assert.match(text, /id="address-submit"/);
  });

  test("a rotation with both keys published is not noticed", async () => {
    await provider.stop();
    await startProvider([second, first]);
    await signIn("rosa@client-secret-basic.example");
  });

  test("a rotation overnight is over within a minute", async () => {
    await provider.stop();
    await startProvider([third]);
    // Key sets are asked for once a minute at most: until then nobody is believed.
    await waitFor(async () => ((await signIn("rosa@client-secret-basic.example").catch(() => undefined)) ? true : undefined), "the new key is not found", 75_000, 2_000);
  });
});

/** Starts the provider with these keys; the first one signs. */
async function startProvider(keys) {
  const clients = WAYS.map((way) => ({
    client_id: `gantry-${company(way)}`,
    token_endpoint_auth_method: way,
    redirect_uris: [`${base}/connections/${company(way)}/callback`],
    post_logout_redirect_uris: [`${base}/signed-out`],
    backchannel_logout_uri: `${base}/connections/${company(way)}/logout`,
    backchannel_logout_session_required: true,
    ...(way === "private_key_jwt" ? { jwks: { keys: [publicKey()] } } : { client_secret: secrets[way] }),
  }));
  provider = await serve(PROVIDER, { port, env: { PROVIDER: JSON.stringify({ port, clients, keys }) } });
}

/** The realm, as an operator writes it. JSON is YAML. */
function realmFile() {
  const proofs = (way) => (way === "private_key_jwt" ? { private_key: ownKey.privateKey.export({ type: "pkcs8", format: "pem" }) } : { client_secret: secrets[way] });
  return {
    realm: { slug: REALM, name: "Harbour", tenants: "required" },
    connections: WAYS.map((way) => ({ slug: company(way), name: `Sign-in of ${company(way)}`, kind: "oidc", issuer: `http://127.0.0.1:${port}`, client_id: `gantry-${company(way)}`, client_auth: way, hidden: true, ...proofs(way) })),
    tenants: WAYS.map((way) => ({
      org_id: company(way),
      name: `Company ${company(way)}`,
      sign_in: "own_connection",
      domains: [{ domain: `${company(way)}.example`, proof: "vouched" }],
      connections: [{ connection: company(way), join: "proved_domain" }],
    })),
    clients: [{ client_id: app.client_id, name: "Pilot", kind: "development", client_secret: app.client_secret, redirect_uris: [app.redirect_uri], scopes: ["openid", "email", "offline_access"] }],
  };
}

async function applied(realm) {
  const file = join(demo.folder, `${REALM}.yaml`);
  await writeFile(file, JSON.stringify(realm));
  await gantry(demo, ["apply", "-f", file]);
}

function question(more = {}) {
  const link = new URL(`${base}/oauth/authorize`);
  const parameters = { response_type: "code", client_id: app.client_id, redirect_uri: app.redirect_uri, scope: "openid email offline_access", state: randomBytes(16).toString("hex"), ...more };
  for (const [name, value] of Object.entries(parameters)) link.searchParams.set(name, value);
  return link;
}

/** Types an address at Gantry, signs in where that leads, allows the app; its tokens. */
async function signIn(email) {
  const { left, url, status, text } = await new Person({ email }).follow(question(), { stopAt: app.redirect_uri });
  assert.ok(left, `still at ${url} (${status}): ${text}`);
  const body = new URLSearchParams({ grant_type: "authorization_code", code: left.searchParams.get("code"), redirect_uri: app.redirect_uri });
  const authorization = `Basic ${Buffer.from(`${app.client_id}:${app.client_secret}`).toString("base64")}`;
  const answer = await fetch(`${base}/oauth/token`, { method: "POST", headers: { authorization }, body });
  const tokens = await answer.json();
  assert.equal(answer.status, 200, JSON.stringify(tokens));
  return tokens;
}

function signingKey(kid) {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return { ...privateKey.export({ format: "jwk" }), kid, use: "sig", alg: "RS256" };
}

/** Gantry's key as the provider knows it, under the name that Gantry gives it (RFC 7638). */
function publicKey() {
  const { crv, kty, x, y } = ownKey.publicKey.export({ format: "jwk" });
  const kid = createHash("sha256").update(JSON.stringify({ crv, kty, x, y })).digest("base64url");
  return { crv, kty, x, y, kid, use: "sig", alg: "ES256" };
}
