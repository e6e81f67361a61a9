// Rose Rocket: every token is for one organization, which the person chooses and the app may change within what was allowed.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { accessible, decide, launch, person, signIn } from "./support/browser.mjs";
import { startDemo, waitFor } from "./support/demo.mjs";
import { connect, sent, sentNames, tokenResponse } from "./support/perigee.mjs";

const [ALDER, SABLE, TERN] = ["org_alder", "org_sable", "org_tern"];

let demo, browser, mae, otto, tilda;

before(async () => {
  browser = await launch();
  demo = await startDemo();
  [mae, otto, tilda] = demo.facts.realms.roserocket.users;
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

/** Goes from Connect to the page that asks for an organization. */
async function toTenantPage(page, user) {
  await connect(page, demo, "roserocket");
  await signIn(page, user.email, user.password);
  await page.locator("#organizations button").first().waitFor();
}

/** Chooses an organization and allows the app, for the ones ticked as well. */
async function allow(page, org_id, others = []) {
  await decide(page, `#organizations button[value=${org_id}]`);
  await page.locator("#consent-allow").waitFor();
  for (const other of others) await page.locator(`input[name=organization][value=${other}]`).check();
  await decide(page, "#consent-allow");
  await page.locator("#token-response").waitFor();
}

const shownOrganization = (page) => page.locator("#answer h2").textContent();

test("from Connect through the choice of an organization to its orders", async () => {
  const { page, blocked } = await person(browser);
  await toTenantPage(page, mae);
  await accessible(page);
  await decide(page, `#organizations button[value=${ALDER}]`);
  await page.locator("#consent-allow").waitFor();
  await accessible(page);
  const offered = page.locator("#organizations");
  assert.match(await offered.textContent(), /Alder Logistics[\s\S]*Sable Cold Chain/);
  assert.equal(await page.locator(`input[name=organization][value=${SABLE}]`).isChecked(), false, "no other organization is ticked by itself");
  await decide(page, "#consent-allow");
  assert.equal(await shownOrganization(page), "Orders of Alder Logistics");
  await accessible(page);
  assert.deepEqual(await sentNames(page, "was sent with the question"), ["audience", "response_type", "client_id", "redirect_uri", "scope", "state"]);
  assert.deepEqual(await sentNames(page, "exchanged the code"), ["grant_type", "client_id", "client_secret", "code", "redirect_uri"]);
  const question = Object.fromEntries(await sent(page, "was sent with the question"));
  assert.equal(decodeURIComponent(question.audience), demo.facts.api, "the audience is the base URL of the API");
  assert.equal("id_token" in (await tokenResponse(page)), false, "openid was not asked for");
  assert.deepEqual(blocked, []);
});

test("a refresh for an organization that was not ticked is refused, and harms nothing", async () => {
  const { page } = await person(browser);
  await toTenantPage(page, mae);
  await decide(page, `#organizations button[value=${ALDER}]`);
  assert.equal(await shownOrganization(page), "Orders of Alder Logistics", "what was allowed before is not asked again");
  await page.locator(`#use-${SABLE}`).click();
  await page.locator("#notice").waitFor();
  assert.match(await page.locator("#notice").textContent(), /access_denied[\s\S]*tenant_not_granted/);
  assert.equal(await shownOrganization(page), "Orders of Alder Logistics");
  await accessible(page);
  await page.locator("#refresh").click();
  assert.equal(await shownOrganization(page), "Orders of Alder Logistics");
  assert.equal(await page.locator("#notice").count(), 0);
});

test("an organization that wants a fresh sign-in leads to one, and the other one works on", async () => {
  const { page } = await person(browser);
  await toTenantPage(page, mae);
  await allow(page, SABLE, [ALDER]);
  assert.equal(await shownOrganization(page), "Orders of Sable Cold Chain");
  await page.locator(`#use-${ALDER}`).click();
  assert.equal(await shownOrganization(page), "Orders of Alder Logistics");
  assert.deepEqual(await sentNames(page, "refreshed the token"), ["grant_type", "refresh_token", "client_id", "client_secret", "org_id"]);
  // Sable trusts a sign-in for a minute.
  await waitFor(async () => {
    await page.locator(`#use-${SABLE}`).click();
    return (await page.locator("#notice").count()) > 0 || undefined;
  }, "the sign-in does not grow too old", 90_000, 5_000);
  assert.match(await page.locator("#notice").textContent(), /interaction_required[\s\S]*sign_in_too_old/);
  await accessible(page);
  await page.locator(`#use-${ALDER}`).click();
  assert.equal(await shownOrganization(page), "Orders of Alder Logistics");
  await page.locator(`#use-${SABLE}`).click();
  await page.locator("#see-platform").click();
  await signIn(page, mae.email, mae.password);
  await page.locator("#consent-allow, #token-response").first().waitFor();
  if (await page.locator("#consent-allow").count()) await decide(page, "#consent-allow");
  assert.equal(await shownOrganization(page), "Orders of Sable Cold Chain");
});

test("who has one organization is not asked which", async () => {
  const { page } = await person(browser);
  await connect(page, demo, "roserocket");
  await signIn(page, otto.email, otto.password);
  await decide(page, "#consent-allow");
  assert.equal(await shownOrganization(page), "Orders of Alder Logistics");
});

test("an organization that has not approved the app keeps it out", async () => {
  const { page } = await person(browser);
  await connect(page, demo, "roserocket");
  await signIn(page, tilda.email, tilda.password);
  await page.getByText("access_denied").waitFor();
  assert.ok(page.url().startsWith(demo.facts.isv_app));
  await accessible(page);
  assert.equal(tilda.org_ids[0], TERN);
});

test("two tabs with two organizations do not disturb each other", async () => {
  const { page, context } = await person(browser);
  await toTenantPage(page, mae);
  const other = await context.newPage();
  await connect(other, demo, "roserocket");
  await other.locator("#organizations button").first().waitFor();
  await decide(page, `#organizations button[value=${ALDER}]`);
  await decide(other, `#organizations button[value=${SABLE}]`);
  for (const [tab, name] of [[page, "Alder Logistics"], [other, "Sable Cold Chain"]]) {
    await tab.locator("#consent-allow, #token-response").first().waitFor();
    if (await tab.locator("#consent-allow").count()) await decide(tab, "#consent-allow");
    assert.equal(await shownOrganization(tab), `Orders of ${name}`);
  }
});
