// The main job, as a person sees it: from the app's button through sign-in and consent to the API's answer.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { accessible, decide, launch, person, signIn } from "./support/browser.mjs";
import { startDemo } from "./support/demo.mjs";

let demo, browser, realm, user;

before(async () => {
  [demo, browser] = await Promise.all([startDemo(), launch()]);
  realm = Object.values(demo.facts.realms)[0];
  user = realm.users[0];
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

async function connect(page) {
  await page.goto(demo.facts.isv_app);
  await accessible(page);
  await page.locator("#connect").first().click();
}

test("from Connect to the API's answer", async () => {
  const { page, blocked } = await person(browser);
  await connect(page);
  await signIn(page, user.email, user.password);
  await page.locator("#consent-allow").waitFor();
  await accessible(page);
  await decide(page, "#consent-allow");
  await page.locator("#answer").waitFor();
  assert.match(await page.locator("#answer").textContent(), new RegExp(user.email.split("@")[0], "i"));
  await accessible(page);
  assert.deepEqual(blocked, []);
});

test("the second time no page is in the way", async () => {
  const { page } = await person(browser);
  await connect(page);
  await signIn(page, user.email, user.password);
  await page.locator("#consent-allow, #answer").first().waitFor();
  if (await page.locator("#consent-allow").isVisible()) await decide(page, "#consent-allow");
  await page.locator("#answer").waitFor();
  await connect(page);
  await page.locator("#answer").waitFor();
});

test("refusing gives the app nothing and says so", async () => {
  const { page } = await person(browser);
  const other = realm.users[1];
  await connect(page);
  await signIn(page, other.email, other.password);
  await decide(page, "#consent-deny");
  await page.getByText("access_denied").waitFor();
  assert.ok(page.url().startsWith(demo.facts.isv_app));
  assert.equal(await page.locator("#answer").count(), 0);
});

test("without JavaScript it is the same walk", async () => {
  const { page } = await person(browser, { javaScriptEnabled: false });
  await page.goto(demo.facts.isv_app);
  await page.locator("#connect").first().click();
  await page.locator("#username").fill(user.email);
  await page.locator("#login-submit").click();
  await page.locator("#password").fill(user.password);
  await page.locator("#login-submit").click();
  await page.locator("#consent-allow, #answer").first().waitFor();
  if (await page.locator("#consent-allow").count()) await page.locator("#consent-allow").click();
  await page.locator("#answer").waitFor();
});

test("in German too", async () => {
  const { page } = await person(browser, { locale: "de-DE" });
  await connect(page);
  assert.equal(await page.locator("html").getAttribute("lang"), "de");
  await signIn(page, user.email, user.password);
});
