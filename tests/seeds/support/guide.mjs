// What the tests of all guides share: an app registered at the platform, the person who answers its requests, and curl.

import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { run } from "../../interop/support/child.mjs";
import { register } from "../../interop/support/partner.mjs";
import { Person } from "../../interop/support/person.mjs";

/** Where the readers' apps would listen. */
export const CALLBACK = "https://yourapp.example/callback";

/** One platform of a running demo, and how its guide's reader deals with it. */
export class Guide {
  constructor(demo, realm) {
    this.demo = demo;
    this.realm = realm;
    this.facts = demo.facts.realms[realm];
    this.platform = new URL(this.facts.authorization_endpoint).origin;
  }

  /** Registers an app; what a sample is told is its host and its credentials. */
  async reader(app) {
    const { client_id, client_secret } = await register(this.demo, this.realm, { name: "Guide Reader", redirect_uris: [CALLBACK], ...app });
    const redirect_uri = app.redirect_uris?.[0] ?? CALLBACK;
    return {
      PLATFORM: this.platform,
      API: this.facts.api,
      AUDIENCE: this.facts.audience,
      CLIENT_ID: client_id,
      CLIENT_SECRET: client_secret,
      REDIRECT_URI: redirect_uri,
      REDIRECT_URI_ENCODED: encodeURIComponent(redirect_uri),
    };
  }

  /** Somebody with an account at the platform. */
  person({ position = 0, ...more } = {}) {
    return new Person({ ...this.facts.users[position], ...more });
  }
}

/** The link that a guide shows, with values in place of `$NAME`. */
export async function link(file, values) {
  const text = await readFile(new URL(`../${file}`, import.meta.url), "utf8");
  return text.trim().replace(/\$([A-Z_]+)/g, (_, name) => values[name]);
}

/** Sends somebody through a link to where the app would listen, and gives what the app would get there. */
export async function answered(person, link) {
  const walk = await person.follow(link, { stopAt: new URL("/", CALLBACK).href });
  if (!walk.left) throw new Error(`stopped at ${walk.url} (${walk.status}):\n${walk.text}`);
  return walk.left.searchParams;
}

/** Runs a pasted curl command, and reads the JSON that it prints. */
export async function curl(file, values) {
  const { code, out, errors } = await run(["sh", fileURLToPath(new URL(`../${file}`, import.meta.url))], { env: values });
  if (code !== 0) throw new Error(`curl ended with ${code}: ${errors}`);
  return JSON.parse(out);
}
