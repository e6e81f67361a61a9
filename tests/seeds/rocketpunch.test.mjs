// Rocketpunch's guide: its flow in Node, in Python and with curl.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { freePort, startDemo } from "../browser/support/demo.mjs";
import { jwt } from "../interop/support/jwt.mjs";
import { python, run, serve } from "../interop/support/child.mjs";
import { Guide, answered, curl } from "./support/guide.mjs";

const SCOPE = "profile:read profile:email";
const SAMPLES = [
  ["express", [process.execPath, fileURLToPath(new URL("rocketpunch/express_app.mjs", import.meta.url))]],
  ["flask", [python(), fileURLToPath(new URL("rocketpunch/flask_app.py", import.meta.url))]],
];

let demo, guide;

before(async () => {
  demo = await startDemo();
  guide = new Guide(demo, "rocketpunch");
});

after(() => demo?.stop());

for (const [name, program] of SAMPLES) {
  describe(name, () => {
    let app, at;

    before(async () => {
      const port = await freePort();
      at = (path) => `http://127.0.0.1:${port}${path}`;
      const callback = at("/auth/rocketpunch/callback");
      const reader = await guide.reader({ kind: "development", redirect_uris: [callback], scopes: SCOPE.split(" ") });
      const env = { PLATFORM: reader.PLATFORM, API: reader.API, RP_CLIENT_ID: reader.CLIENT_ID, RP_CLIENT_SECRET: reader.CLIENT_SECRET, RP_SCOPE: SCOPE };
      app = await serve(program, { port, env: { ...env, PORT: String(port) } });
    });

    after(() => app?.stop());

    const connected = async (person) => json(await person.follow(at("/connect")));

    test("rocketpunch: a handler that looks for the code alone gets the tokens of the guide", async () => {
      const { tokens } = await connected(guide.person());
      assert.deepEqual(Object.keys(tokens).sort(), ["access_token", "expires_in", "refresh_token", "scope", "token_type"]);
      assert.deepEqual([tokens.token_type, tokens.expires_in, tokens.scope], ["Bearer", 3600, SCOPE]);
    });

    test("rocketpunch: the access token is a JWT of the older kind", async () => {
      const { header } = jwt((await connected(guide.person())).tokens.access_token);
      assert.deepEqual([header.alg, header.typ], ["RS256", "JWT"]);
    });

    test("rocketpunch: the API takes a GET that announces JSON, and tells profile and address", async () => {
      const { profile } = await connected(guide.person());
      assert.deepEqual([profile.name, profile.email], [guide.facts.users[0].name, guide.facts.users[0].email]);
    });

    test("rocketpunch: refreshing early gives a full set, and both access tokens work", async () => {
      const person = guide.person();
      await connected(person);
      const { before, tokens, profiles } = json(await person.follow(at("/refresh")));
      assert.deepEqual(Object.keys(tokens).sort(), Object.keys(before).sort());
      assert.notEqual(tokens.access_token, before.access_token);
      assert.deepEqual(profiles[0], profiles[1]);
    });

    test("rocketpunch: a person who says no ends on the sample's page for that", async () => {
      const page = await guide.person({ position: 1, decides: "deny" }).follow(at("/connect"));
      assert.deepEqual([page.url.pathname, page.text], ["/connect-failed", "not connected"]);
    });

    test("rocketpunch: error.error of the token endpoint and error.error.message of the API are texts", async () => {
      const person = guide.person();
      const { left } = await person.follow(at("/connect"), { stopAt: at("/auth/rocketpunch/callback") });
      left.searchParams.set("code", "AUTH_CODE_HERE");
      assert.equal((await person.follow(left)).text, "the token endpoint says invalid_grant");
      assert.match((await person.follow(at("/call-with/nonsense"))).text, /^the API says The token .+\.$/);
    });

    test("rocketpunch: a refresh token that was taken back fails, and connecting again mends it", async () => {
      const person = guide.person();
      await connected(person);
      await guide.person().removeApps(guide.platform);
      assert.equal((await person.follow(at("/refresh"))).text, "the token endpoint says invalid_grant");
      assert.ok((await connected(person)).profile.name);
    });
  });
}

describe("curl", () => {
  let reader;

  before(async () => {
    reader = await guide.reader({ description: "Reads guides aloud.", scopes: SCOPE.split(" ") });
  });

  const link = (scope = SCOPE) =>
    `${reader.PLATFORM}/oauth/authorize?${new URLSearchParams({ client_id: reader.CLIENT_ID, redirect_uri: reader.REDIRECT_URI, response_type: "code", scope })}`;
  const tokens = async (person, scope) => {
    const CODE = (await answered(person, link(scope))).get("code");
    return curl("rocketpunch/exchange.sh", { ...reader, CODE });
  };

  test("rocketpunch: curl is shown the sign-in page", async () => {
    const { out } = await run(["sh", fileURLToPath(new URL("rocketpunch/authorize.sh", import.meta.url))], { env: reader });
    assert.match(out, /id="username"/);
  });

  test("rocketpunch: no state is sent and none comes back", async () => {
    const answer = await answered(guide.person(), link());
    assert.equal(answer.has("state"), false);
    assert.equal(answer.get("iss"), guide.facts.issuer);
  });

  test("rocketpunch: the consent page shows name, description and the two permissions", async () => {
    const person = guide.person({ position: 1 });
    await answered(person, link());
    const consent = person.seen.at(-1).text;
    for (const shown of ["Guide Reader", "Reads guides aloud.", "read your public profile", "see your e-mail address"]) {
      assert.ok(consent.includes(shown), shown);
    }
  });

  test("rocketpunch: whoever is signed in already sees no sign-in page", async () => {
    const person = guide.person();
    await answered(person, link());
    person.seen.length = 0;
    await answered(person, link());
    assert.equal(person.seen.filter((page) => page.text.includes('id="username"')).length, 0);
  });

  test("rocketpunch: without profile:email the address is absent", async () => {
    const { access_token, scope } = await tokens(guide.person(), "profile:read");
    assert.equal(scope, "profile:read");
    const profile = await curl("rocketpunch/call.sh", { ...reader, ACCESS_TOKEN: access_token });
    assert.ok(profile.name);
    assert.equal("email" in profile, false);
  });

  test("rocketpunch: a code works once", async () => {
    const CODE = (await answered(guide.person(), link())).get("code");
    assert.ok((await curl("rocketpunch/exchange.sh", { ...reader, CODE })).access_token);
    assert.equal((await curl("rocketpunch/exchange.sh", { ...reader, CODE })).error, "invalid_grant");
  });

  test("rocketpunch: an App Key opens public data", async () => {
    const APP_KEY = `${"key-of-the-guides-reader-".repeat(2)}${Date.now()}`;
    const scopes = ["jobs:read"];
    await guide.reader({ kind: "machine", redirect_uris: [], scopes, app_keys: [{ name: "Production", key: APP_KEY, scopes }] });
    const answer = await curl("rocketpunch/app_key.sh", { ...reader, APP_KEY });
    assert.ok(answer.jobs.length > 0, JSON.stringify(answer));
    const refused = await curl("rocketpunch/app_key.sh", { ...reader, APP_KEY: `${APP_KEY}x` });
    assert.equal(typeof refused.error.message, "string");
  });

  test("rocketpunch: a redirect URI that differs in protocol, domain or path is never gone to", async () => {
    for (const wrong of ["http://yourapp.example/callback", "https://other.example/callback", "https://yourapp.example/callback/"]) {
      const page = await guide.person().follow(link().replace(encodeURIComponent(reader.REDIRECT_URI), encodeURIComponent(wrong)));
      assert.equal(page.status, 400, wrong);
      assert.match(page.text, /id="error-page"/);
    }
  });
});

function json({ text, url }) {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`no JSON at ${url}: ${text}`);
  }
}
