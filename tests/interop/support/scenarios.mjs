// What every client library has to manage at every platform. The libraries sit in apps of their own, the guests; these are told
// where the platforms are and do the rest by themselves.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { freePort, startDemo } from "../../browser/support/demo.mjs";
import { serve } from "./child.mjs";
import { register } from "./partner.mjs";
import { Person } from "./person.mjs";
import { SHAPES } from "./shapes.mjs";

/** Runs all scenarios with a guest: `program` is what starts it, `pushes` says whether the library knows pushed requests (RFC 9126). */
export function walkThrough(library, program, { pushes = false } = {}) {
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

        if (pushes) {
          test("the request is pushed, and the browser carries a reference alone", async () => {
            const person = yes();
            const { status, body } = await connected(person, `${shape.realm}-pushes`);
            assert.equal(status, 200, JSON.stringify(body));
            assert.deepEqual([...person.seen[0].url.searchParams.keys()].sort(), ["client_id", "request_uri"]);
            shape.promised(body.tokens, facts(), user());
          });
        }

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

/** Registers the guest at a platform: as it is, with a secret that it has wrong, and as one that has to push its requests. */
async function join(demo, port, { realm, scope, parameters, approvedBy }) {
  const facts = demo.facts.realms[realm];
  const metadata = await (await fetch(`${facts.issuer}/.well-known/openid-configuration`)).json();
  const { issuer, authorization_endpoint, token_endpoint, userinfo_endpoint, revocation_endpoint } = metadata;
  const platform = { issuer, authorization_endpoint, token_endpoint, userinfo_endpoint, revocation_endpoint, scope, parameters: parameters?.(facts) ?? {} };
  const app = { name: "Guest", kind: "development", scopes: scope.split(" "), resources: [facts.audience], approvedBy: approvedBy?.(facts) };
  const callback = (name) => `http://127.0.0.1:${port}/${name}/callback`;
  const [right, wrong, pushes] = [realm, `${realm}-wrong`, `${realm}-pushes`];
  const plain = await register(demo, realm, { ...app, redirect_uris: [callback(right), callback(wrong)] });
  const pushing = await register(demo, realm, { ...app, redirect_uris: [callback(pushes)], policy: { require_pushed_requests: true } });
  return {
    [right]: { ...platform, ...plain, redirect_uri: callback(right) },
    [wrong]: { ...platform, ...plain, redirect_uri: callback(wrong), client_secret: "x".repeat(plain.client_secret.length) },
    [pushes]: { ...platform, ...pushing, redirect_uri: callback(pushes), pushes: true },
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
