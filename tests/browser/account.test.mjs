// A person's own account: made by mail, got back into by mail, and seen to on its page.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { accessible, decide, launch, person, signIn } from "./support/browser.mjs";
import { startDemo } from "./support/demo.mjs";
import { connect } from "./support/perigee.mjs";

let demo, browser, realm;

before(async () => {
  browser = await launch();
  demo = await startDemo();
  realm = demo.facts.realms.rocketskip;
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

test("signing up by mail on the way to an app", async () => {
  const { page, blocked } = await person(browser);
  const email = "newcomer@example.com";
  await connect(page, demo, "rocketskip");
  await page.getByRole("link", { name: /create|sign up/i }).click();
  await accessible(page);
  await page.locator("#name").fill("New Comer");
  await page.locator("#username").fill(email);
  await page.locator("#password").fill("a long enough password");
  await page.locator("#login-submit").click();
  await accessible(page);
  await page.goto(await demo.mailedLink(email, "verify-email"));
  await accessible(page);
  await page.locator("#verify-submit").click();
  if (await page.locator("#username, #password").first().isVisible().catch(() => false)) {
    if (await page.locator("#username:visible").count()) {
      await page.locator("#username").fill(email);
      await page.locator("#login-submit").click();
    }
    await page.locator("#password").fill("a long enough password");
    await page.locator("#login-submit").click();
  }
  await decide(page, "#consent-allow");
  await page.locator("#answer").waitFor();
  assert.deepEqual(blocked, []);
});

test("a forgotten password", async () => {
  const user = realm.users[0];
  const { page } = await person(browser);
  await page.goto(`${realm.issuer}/account`);
  await page.locator("#username").fill(user.email);
  await page.locator("#login-submit").click();
  await page.getByRole("link", { name: /forgot/i }).click();
  await page.locator("#username").fill(user.email);
  await accessible(page);
  await page.locator("#reset-submit").click();
  await accessible(page);
  await page.goto(await demo.mailedLink(user.email, "reset"));
  await accessible(page);
  await page.locator("#password").fill("quite another password");
  await page.locator("#reset-submit").click();
  await accessible(page);
  await page.goto(`${realm.issuer}/account`);
  await signIn(page, user.email, "quite another password");
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.locator("#sessions").waitFor();
  await accessible(page);
});

test("an app loses its access in the account", async () => {
  const user = realm.users[1];
  const { page } = await person(browser);
  await connect(page, demo, "rocketskip");
  await signIn(page, user.email, user.password);
  await decide(page, "#consent-allow");
  await page.locator("#answer").waitFor();
  await page.goto(`${realm.issuer}/account`);
  await accessible(page);
  await decide(page, "#apps .danger");
  await page.locator("#apps .empty").waitFor();
  await connect(page, demo, "rocketskip");
  await page.locator("#consent-allow").waitFor();
});

test("signing out ends it", async () => {
  const user = realm.users[1];
  const { page } = await person(browser);
  await page.goto(`${realm.issuer}/account`);
  await signIn(page, user.email, user.password);
  await page.locator("#sign-out").click();
  await page.goto(`${realm.issuer}/account`);
  await page.locator("#username, #password").first().waitFor();
});
