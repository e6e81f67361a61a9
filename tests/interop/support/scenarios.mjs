// What every client library has to manage at every platform. The libraries sit in apps of their own, the guests; these are told
// where the platforms are and do the rest by themselves.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { freePort, startDemo } from "../../browser/support/demo.mjs";
import { serve } from "./child.mjs";
import { register } from "./partner.mjs";
import { Person } from "./person.mjs";
import { SHAPES } from "./shapes.mjs";

/** Runs all scenarios with a guest: `program` is what starts it. */
export function walkThrough(library, program) {
  describe(library, () => {
    let demo, port, guest;

    before(async () => {
      [demo, port] = await Promise.all([startDemo(), freePort()]);
      const platforms = {};
      for (const shape of SHAPES) Object.assign(platforms, await join(demo, port, shape));
      guest = await serve(program, { port, env: { GUEST: JSON.stringify({ port, platforms }) } });
    });

    after(async () => {
      await guest?.stop();
      await demo?.stop();
    });

    for (const shape of SHAPES) {
      describe(shape.realm, () => {
        const at = (path) => `http://127.0.0.1:${port}/${path}`;
        const facts = () => demo.facts.realms[shape.realm];
        const user = () => facts().users[0];
        const yes = () => new Person({ ...user(), ...shape.choices?.(user()) });

        /** What the guest says once somebody has been through all pages. */
        const connected = async (person, name = shape.realm) => read(await person.follow(at(name)));
        const ask = async (what) => read(await yes().follow(at(`${shape.realm}/${what}`)));

        test("a person allows, and the app gets the tokens that the guide promises", async () => {
          const { status, body } = await connected(yes());
          assert.equal(status, 200, JSON.stringify(body));
          shape.promised(body.tokens, facts(), user());
        });

        test("the app learns who it is", async () => {
          const { body: signedIn } = await connected(yes());
          const { status, body } = await ask("userinfo");
          assert.equal(status, 200, JSON.stringify(body));
          if (signedIn.subject) assert.equal(body.sub, signedIn.subject);
          for (const claim of shape.knows) assert.equal(body[claim], user()[claim]);
        });

        test("the access is refreshed as often as the app likes", async () => {
          let { tokens } = (await connected(yes())).body;
          for (let turn = 0; turn < 3; turn += 1) {
            const { status, body } = await ask(`refresh${shape.refreshWith?.(user()) ?? ""}`);
            assert.equal(status, 200, JSON.stringify(body));
            shape.refreshed(body.tokens, tokens, user());
            tokens = { ...tokens, ...body.tokens };
          }
        });

        test("a person who says no is told of as access_denied", async () => {
          const { status, body } = await connected(new Person({ ...facts().users[1], decides: "deny" }));
          assert.deepEqual([status, body.error], [400, "access_denied"]);
        });

        test("a bent code is called what the guide calls it", async () => {
          const person = yes();
          const { left } = await person.follow(at(shape.realm), { stopAt: at(`${shape.realm}/callback`) });
          left.searchParams.set("code", bend(left.searchParams.get("code")));
          const { status, body } = read(await person.follow(left));
          assert.deepEqual([status, body.error], [400, shape.badCode ?? "invalid_grant"]);
        });

        test("a wrong secret is invalid_client", async () => {
          const { status, body } = await connected(yes(), `${shape.realm}-wrong`);
          assert.deepEqual([status, body.error], [400, "invalid_client"]);
        });

        test("a refresh token that was given back is invalid_grant", async () => {
          await connected(yes());
          assert.equal((await ask("give-back")).status, 200);
          const { status, body } = await ask("refresh");
          assert.deepEqual([status, body.error], [400, "invalid_grant"]);
        });
      });
    }
  });
}

/** Registers the guest at a platform: once as it is, once with a secret that it has wrong. */
async function join(demo, port, { realm, scope, parameters, approvedBy }) {
  const facts = demo.facts.realms[realm];
  const metadata = await (await fetch(`${facts.issuer}/.well-known/openid-configuration`)).json();
  const names = [realm, `${realm}-wrong`];
  const [right, wrong] = names.map((name) => `http://127.0.0.1:${port}/${name}/callback`);
  const app = { name: "Guest", kind: "development", redirect_uris: [right, wrong], scopes: scope.split(" "), resources: [facts.audience] };
  const credentials = await register(demo, realm, { ...app, approvedBy: approvedBy?.(facts) });
  const { issuer, authorization_endpoint, token_endpoint, userinfo_endpoint, revocation_endpoint } = metadata;
  const platform = { issuer, authorization_endpoint, token_endpoint, userinfo_endpoint, revocation_endpoint, scope, ...credentials };
  platform.parameters = parameters?.(facts) ?? {};
  return {
    [realm]: { ...platform, redirect_uri: right },
    [`${realm}-wrong`]: { ...platform, redirect_uri: wrong, client_secret: "x".repeat(credentials.client_secret.length) },
  };
}

/** A code of the right form that nobody issued. */
function bend(code) {
  const last = code.at(-1);
  return code.slice(0, -1) + (last === "A" ? "B" : "A");
}

function read({ status, text, url }) {
  try {
    return { status, body: JSON.parse(text) };
  } catch {
    throw new Error(`no answer of the app at ${url} (${status}): ${text}`);
  }
}
