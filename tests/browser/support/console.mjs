// The console as an operator has it before them, and the list of its addresses as the product's own table says.

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "./demo.mjs";

const PATHS = new URL("../../../crates/gantry-web/src/paths/", import.meta.url).pathname;
const ADDRESS = /^\s*([A-Z][A-Z_]+)\s*=\s*"(\/console[^"]*)",\s*\[([^\]]*)\],\s*(\w+);/gm;

/** Every address of the console: `{name, path, verbs, audience}`. */
export async function addresses() {
  const files = (await readdir(PATHS, { recursive: true })).filter((name) => name.startsWith("console") && name.endsWith(".rs"));
  const sources = await Promise.all(files.map((name) => readFile(join(PATHS, name), "utf8")));
  const found = sources.flatMap((source) => [...source.matchAll(ADDRESS)]).map(([, name, path, verbs, audience]) => ({ name, path, verbs: verbs.split(/,\s*/), audience }));
  // Whatever is spelled another way than the pattern above must not get lost.
  const literals = sources.flatMap((source) => source.split("#[cfg(test)]")[0].match(/"\/console[^"]*",\s*\[/g) ?? []);
  if (found.length < 50 || found.length !== literals.length) throw new Error(`${found.length} of ${literals.length} addresses were understood`);
  return found;
}

/** An address with its parameters filled in, which fails where there is nothing to fill one with. */
export function fill(path, things) {
  return path.replace(/\{(\w+)\}/g, (_, name) => {
    if (!things[name]) throw new Error(`${path}: nothing to fill ${name} with`);
    return encodeURIComponent(things[name]);
  });
}

const OPERATOR = { email: "olga@acme.example", password: "a long enough password for Olga" };

/** Makes an operator beside the running demo. */
export async function makeOperator(demo) {
  await run(demo, ["admin", "create", "--email", OPERATOR.email, "--password-stdin"], `${OPERATOR.password}\n`);
}

/** Signs the operator in. */
export async function enter(page, demo) {
  await page.goto(`${demo.base}/console/sign-in`);
  await page.locator("[name=realm]").fill("system");
  await page.locator("#console-sign-in button[type=submit]").click();
  await page.locator("#username").fill(OPERATOR.email);
  await page.locator("#login-submit").click();
  await page.locator("#password").fill(OPERATOR.password);
  await page.locator("#login-submit").click();
  await page.waitForURL(`${demo.base}/console/realms`);
}
