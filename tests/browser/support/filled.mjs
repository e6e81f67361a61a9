// A realm with one of everything in it, as one that is in use has: made with the admin API, and by people who sign in.

import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { decide, person } from "./browser.mjs";
import { run, waitFor } from "./demo.mjs";
import { connect, connectAs } from "./perigee.mjs";

export const REALM = "roserocket";
export const TENANT = "org_fjord";
/** Belongs to the tenant, and comes by its own connection. */
const NILS = "nils@fjord.example";

/** Asks the admin API as a service account that may do everything. */
async function api(demo) {
  const printed = await run(demo, ["service-account", "create", "--realm", REALM, "--name", "Nightly directory import", "--scopes", "all"]);
  const [, account] = /\((\w+)\)/.exec(printed);
  const [key] = /gsk_\S+/.exec(printed);
  const ask = async (method, path, body) => {
    const headers = { authorization: `Bearer ${key}`, ...(body && { "content-type": "application/json" }), ...(method === "PATCH" && { "if-match": "*" }) };
    const answer = await fetch(`${demo.base}/api/admin/v1/realms/${REALM}${path}`, { method, headers, body: body && JSON.stringify(body) });
    // A machine that is busy was slow to say what it asks; nothing was done.
    if (answer.status === 408) return ask(method, path, body);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text ? JSON.parse(text) : {};
  };
  return { account, get: (path) => ask("GET", path), post: (path, body = {}) => ask("POST", path, body), put: (path, body) => ask("PUT", path, body), patch: (path, body) => ask("PATCH", path, body) };
}

/** Signs in to the sample app by the company's own connection. */
async function arrive(browser, demo) {
  const { page, context } = await person(browser);
  await connect(page, demo, REALM);
  await page.locator("#username").fill(NILS);
  await page.locator("#login-submit").click();
  await page.getByRole("button", { name: "Nils" }).click();
  await decide(page, "#consent-allow");
  await page.locator("#token-response").waitFor();
  await context.close();
}

/** Is turned away, so that there is a trace with a problem in it. */
async function fail(browser, demo) {
  const { page, context } = await person(browser);
  await connect(page, demo, REALM);
  await page.getByRole("button", { name: "GitHub" }).click();
  await page.waitForURL((url) => url.href.startsWith(demo.facts.upstream.base));
  await page.locator("button").last().click();
  await page.waitForLoadState();
  await context.close();
}

/** Signs in with a password. */
async function signInAs(browser, demo, user) {
  const { page, context } = await person(browser);
  await connectAs(page, demo, REALM, user);
  await context.close();
}

const LONG = "The warehouse on the other side of the river that keeps everything which nobody else has any room for";

/** Fills it. Answers with what the addresses of the console name, by parameter. */
export async function fillRealm(browser, demo) {
  const { account, get, post, put, patch } = await api(demo);
  const client = (await get("/clients?q=perigee")).items[0].id;
  const tenant = `/tenants/${TENANT}`;
  const resource = (await post("/resources", { audience: "https://freight.example/api/v2", name: "Freight API" })).id;
  const scope = (await post("/scopes", { name: "loads:read", title: "Read loads", description: "see your loads and where they are", resource: "https://freight.example/api/v2", machine: true })).id;
  await post("/scopes", { name: "loads:write", title: "Book loads", description: "book and change loads in your name", resource: "https://freight.example/api/v2" });
  const publisher = (await get("/publishers")).items[0].id;
  await post("/publishers", { slug: "the-other-side-of-the-river", name: LONG, website: "https://a-rather-long-name-of-a-host.the-other-side-of-the-river.example/developers/platforms" });
  const long = await post("/clients", { name: LONG, description: LONG, redirect_uris: [`https://a-rather-long-name-of-a-host.the-other-side-of-the-river.example/integrations/oauth/callback/${"segment-".repeat(6)}`], scopes: ["openid", "email", "loads:read"] });
  await post("/clients", { name: "Route planner", kind: "machine", scopes: ["loads:read"] });
  await post("/clients", { name: "Dock tablet", kind: "native", redirect_uris: ["com.example.dock:/callback"], scopes: ["openid", "email"] });
  await patch(`/clients/${client}`, { scopes: ["openid", "profile", "email", "offline_access", "loads:read", "loads:write"] });
  await post(`/clients/${client}/secrets`);
  await post(`/clients/${client}/app-keys`, { name: "Stock feed", scopes: ["loads:read"] });
  await post("/connections", { slug: "the-other-github", name: LONG.slice(0, 60), kind: "github", client_id: "Iv1.8a61f9b3a7aba766", client_secret: "the-secret-that-github-gave-out" });
  const domain = (await post(`${tenant}/domains`, { domain: "freight-across-the-northern-fjords.example", proof: "dns" })).id;
  await post(`${tenant}/invitations`, { email: "a-very-long-address-indeed.of-somebody@freight-across-the-northern-fjords.example", role: "tenant_admin" });
  await put(`${tenant}/installations/${long.id}`, { standing: "installed" });
  for (let nth = 1; nth <= 28; nth += 1) await post("/users", { email: `driver-${nth}@sable.example`, name: `Driver ${nth}`, profile: { locale: "en" } });

  await arrive(browser, demo);
  await fail(browser, demo);
  await signInAs(browser, demo, demo.facts.realms[REALM].users[1]);
  const user = (await get(`/users?q=${encodeURIComponent(NILS)}`)).items[0].id;
  const connection = (await get("/connections")).items.find(({ slug }) => slug === "fjord").id;
  const trace = await waitFor(async () => (await get(`/traces?connection=fjord`)).items[0]?.id, "the sign-in left no trace");
  const entry = await waitFor(async () => (await get(`/audit?tenant=${TENANT}`)).items[0]?.id, "the tenant's part of the audit trail stays empty");
  await stop(demo);
  await post(`/users/${user}/send-reset`);
  const mail = await waitFor(async () => (await get("/mail")).items[0]?.id, "no mail waits");
  return { realm: REALM, tenant: TENANT, client, resource, scope, publisher, domain, user, connection, trace, entry, account, mail };
}

/** From now on no mail leaves, so that some wait. */
async function stop(demo) {
  const mail = join(demo.folder, "data", "demo", "mail");
  await rm(mail, { recursive: true, force: true });
  await writeFile(mail, "");
}
