// The first hour of somebody who never saw this before: from an empty database to another person's token, in the console alone.

import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { after, before, test } from "node:test";
import { startApp } from "./support/app.mjs";
import { accessible, decide, launch, person, signIn } from "./support/browser.mjs";
import { startServer } from "./support/server.mjs";

/** Where the guide's pictures are; with `GANTRY_PICTURES=1` they are made anew, at the addresses that the guide names. */
const PICTURES = process.env.GANTRY_PICTURES === "1" ? new URL("../../docs/guides/img/first-hour/", import.meta.url).pathname : undefined;
const [SERVER_PORT, APP_PORT] = PICTURES ? [8080, 3000] : [];
const OPERATOR = { email: "olga@acme.example", password: "a long enough password for Olga" };
const MEMBER = { email: "mia@globex.example", name: "Mia Member", password: "a long enough password for Mia" };
const ADMIN = { email: "tara@globex.example", name: "Tara Tenant", password: "a long enough password for Tara" };
const SCOPE = "orders:read";

let browser, app;
const servers = [];

before(async () => {
  browser = await launch();
  app = await startApp(APP_PORT);
  if (PICTURES) await mkdir(PICTURES, { recursive: true });
});

after(async () => {
  await browser?.close();
  await app?.stop();
  await Promise.all(servers.map((server) => server.stop()));
});

async function emptyServer(port) {
  const server = await startServer(port);
  servers.push(server);
  return server;
}

/** What is done where the walk stops: axe looks, and the guide gets its picture if the stop has a name for one. */
async function look(page, picture) {
  await accessible(page);
  if (!picture || !PICTURES) return;
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.screenshot({ path: `${PICTURES}${picture}.png`, fullPage: picture.endsWith("consent") });
}

/** Presses what leads to another page, and waits for that. */
async function press(page, what) {
  await Promise.all([page.waitForEvent("domcontentloaded"), what.click()]);
}

/** Fills a form of the console and sends it. Whatever it answers, it is no complaint. */
async function send(page, form, values) {
  for (const [name, value] of Object.entries(values)) await page.locator(`#${form}-${name}`).fill(value);
  await press(page, page.locator(`#${form} button[type=submit]`));
  assert.equal(await page.locator("[data-wrong]").count(), 0, `#${form} of ${page.url()}`);
}

/** Follows a link of the page by what it says. */
async function follow(page, name, within = "main") {
  await press(page, page.locator(within).getByRole("link", { name }).first());
}

const toOverview = (page) => follow(page, "Overview", "#side nav");

/** Everything that the admin does. `at` is called wherever they stop to read. */
async function adminPart(page, server, at) {
  await page.goto(server.operatorLink);
  await at(page, "1-operator");
  await page.locator("#username").fill(OPERATOR.email);
  await page.locator("#password").fill(OPERATOR.password);
  await press(page, page.locator("#operator-submit"));
  assert.equal(new URL(page.url()).pathname, "/console/realms");
  await at(page);

  await follow(page, "New realm");
  await at(page);
  await send(page, "realm-new", { name: "Acme", slug: "acme" });
  await at(page, "2-realm");

  await follow(page, /Make a tenant/, "#first-steps");
  await at(page);
  await send(page, "tenant-new", { name: "Globex", org_id: "org_globex" });
  await at(page, "3-tenant");
  // Its page says by itself that tokens name no tenant yet, and leads to where that is decided.
  await follow(page, /Let tokens name/);
  await at(page);
  await page.locator("input[name=tenants][value=optional]").check();
  await send(page, "settings", {});
  await at(page);

  await toOverview(page);
  await follow(page, /Declare an API/, "#first-steps");
  await at(page);
  await follow(page, "Add an API");
  await at(page);
  await send(page, "new", { audience: "https://api.acme.example", name: "Acme API" });
  await at(page);
  await follow(page, "New scope");
  assert.equal(await page.locator("#new-resource").inputValue(), "https://api.acme.example", "the API it was begun from is chosen");
  await at(page);
  await send(page, "new", { name: SCOPE, title: "Read orders", description: "see your orders" });
  await at(page, "4-scope");

  await toOverview(page);
  await follow(page, /Make a client/, "#first-steps");
  await at(page);
  await follow(page, /^Development/, "#kinds");
  await page.getByRole("checkbox", { name: SCOPE, exact: true }).check();
  await at(page);
  await send(page, "new", { name: "My First App", redirect_uris: app.redirectUri });
  await at(page, "5-client");
  const shown = async (label) => (await page.locator("#endpoints div", { has: page.locator(`dt:text-is("${label}")`) }).locator("code").textContent()).trim();
  const client = { id: await shown("Client ID"), secret: (await page.locator("#secret code").textContent()).trim() };
  const endpoints = { issuer: await shown("Issuer"), authorize: await shown("Authorization endpoint"), token: await shown("Token endpoint") };

  await follow(page, "Tenants", "#side nav");
  await at(page);
  await follow(page, /Globex/, "#tenants");
  await at(page);
  await invite(page, MEMBER.email, "member", at);
  await at(page, "6-invite");
  return { client, endpoints };
}

/** From a tenant's page to an invitation that is on its way. */
async function invite(page, email, role, at) {
  await follow(page, /Members/);
  await at(page);
  await follow(page, "Invite");
  await page.locator(`input[name=role][value=${role}]`).check();
  await at(page);
  await send(page, "invite", { email });
  await page.locator("#invitations", { hasText: email }).waitFor();
}

/** From the mailed link to an account of one's own. */
async function accept(page, server, { email, name, password }, picture) {
  await page.goto(await server.mailedLink(email, "invitation"));
  await look(page, picture);
  await page.locator("#name").fill(name);
  await page.locator("#password").fill(password);
  await press(page, page.locator("#invitation-make"));
  await look(page);
}

const claims = (jwt) => JSON.parse(Buffer.from(jwt.split(".")[1], "base64url"));

let first;

test("from an empty database to another person's token, in the console alone", async () => {
  const server = await emptyServer(SERVER_PORT);
  const admin = await person(browser, { colorScheme: "light" });
  const { client, endpoints } = await adminPart(admin.page, server, look);
  first = { server, page: admin.page };

  const invited = await person(browser);
  await accept(invited.page, server, MEMBER, "7-invited");

  // The app knows nothing but what the console showed.
  const { page, blocked } = await person(browser, { colorScheme: "light" });
  const question = { response_type: "code", client_id: client.id, redirect_uri: app.redirectUri, scope: `openid ${SCOPE}`, state: "kept", org_id: "org_globex" };
  await page.goto(`${endpoints.authorize}?${new URLSearchParams(question)}`);
  await signIn(page, MEMBER.email, MEMBER.password);
  await page.locator("#consent-allow").waitFor();
  const consent = await page.locator("main").textContent();
  for (const told of ["My First App", "see your orders", "Globex"]) assert.ok(consent.includes(told), told);
  await look(page, "8-consent");
  await decide(page, "#consent-allow");
  const answer = await app.answer();
  assert.deepEqual([answer.get("state"), answer.get("iss"), answer.get("error")], ["kept", endpoints.issuer, null]);

  const redeemed = await fetch(endpoints.token, {
    method: "POST",
    headers: { authorization: `Basic ${Buffer.from(`${client.id}:${client.secret}`).toString("base64")}` },
    body: new URLSearchParams({ grant_type: "authorization_code", code: answer.get("code"), redirect_uri: app.redirectUri }),
  });
  const tokens = await redeemed.json();
  assert.equal(redeemed.status, 200, JSON.stringify(tokens));
  const { iss, aud, org_id, scope } = claims(tokens.access_token);
  assert.deepEqual([iss, org_id], [endpoints.issuer, "org_globex"]);
  assert.ok([aud].flat().includes("https://api.acme.example"), String(aud));
  assert.ok(scope.split(" ").includes(SCOPE), scope);
  for (const one of [admin, invited, { blocked }]) assert.deepEqual(one.blocked, []);
});

test("a tenant's admin, invited by mail, arrives in the console and sees their tenant alone", async () => {
  assert.ok(first, "there is a tenant");
  const { server } = first;
  await follow(first.page, /Globex/);
  await invite(first.page, ADMIN.email, "tenant_admin", look);
  const { page, blocked } = await person(browser);
  await accept(page, server, ADMIN);
  const [realm, tenant] = ["/console/realms/acme", "/console/realms/acme/tenants/org_globex"];
  assert.equal(new URL(page.url()).pathname, tenant, "they are in the console already");

  const hrefs = await page.locator("#side nav a").evaluateAll((links) => links.map((link) => new URL(link.href).pathname));
  assert.ok(hrefs.length >= 5, String(hrefs));
  for (const href of hrefs) assert.ok(href === tenant || href.startsWith(`${tenant}/`), `${href} is none of theirs`);
  for (const path of [realm, `${realm}/clients`, `${realm}/people`, `${realm}/tenants`, `${realm}/tenants/org_other`, "/console/realms/system"]) {
    assert.equal((await page.request.get(`${server.base}${path}`)).status(), 404, path);
  }
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 800 });
    for (const part of ["", "/members", "/domains", "/connections", "/apps"]) {
      assert.equal((await page.goto(`${server.base}${tenant}${part}`)).status(), 200, part);
      await accessible(page);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= width, `${part} is ${wide} wide in a window of ${width}`);
    }
  }
  assert.deepEqual(blocked, []);
});

test("the admin's part without JavaScript", async () => {
  const { page } = await person(browser, { javaScriptEnabled: false });
  const { client } = await adminPart(page, await emptyServer(), async () => {});
  assert.match(client.secret, /^gcs_/);
});
