// Signing in with somebody else's account, as a person sees it: a company's by the address alone, a social one by its button, a proof, a refusal.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { accessible, decide, launch, person } from "./support/browser.mjs";
import { startDemo } from "./support/demo.mjs";
import { connect, tokenResponse } from "./support/perigee.mjs";

const FJORD = "org_fjord";

let demo, browser;

before(async () => {
  browser = await launch();
  demo = await startDemo();
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

/** Connects and types an address whose company has a sign-in of its own; no password is ever asked for. */
async function byAddress(page, address, platform = "roserocket") {
  await connect(page, demo, platform);
  await page.locator("#username").fill(address);
  await accessible(page);
  await page.locator("#login-submit").click();
  await page.waitForURL((url) => url.href.startsWith(demo.facts.upstream.base));
}

/** Connects and presses a provider's button. */
async function byButton(page, provider, platform) {
  await connect(page, demo, platform);
  await page.getByRole("button", { name: provider }).click();
  await page.waitForURL((url) => url.href.startsWith(demo.facts.upstream.base));
}

/** Chooses somebody at the sample provider. */
const choose = (page, name) => page.getByRole("button", { name }).click();

async function allow(page) {
  await page.locator("#consent-allow").waitFor();
  await accessible(page);
  await decide(page, "#consent-allow");
  await page.locator("#token-response").waitFor();
}

const claims = (token) => JSON.parse(Buffer.from(token.split(".")[1], "base64url"));

test("an address leads to the company's own sign-in and from there to the API's answer", async () => {
  const { page, blocked } = await person(browser);
  await byAddress(page, "nils@fjord.example");
  await accessible(page);
  await choose(page, "Nils");
  await page.locator("#consent-allow").waitFor();
  assert.match(await page.locator("main").textContent(), /Fjord Freight/);
  await allow(page);
  assert.equal(await page.locator("#answer h2").textContent(), "Orders of Fjord Freight");
  await accessible(page);
  const { access_token } = await tokenResponse(page);
  if (access_token.split(".").length === 3) assert.equal(claims(access_token).org_id, FJORD);
  assert.deepEqual(blocked, []);
});

test("a social account comes in by its button, and is remembered as the last one used", async () => {
  const { page, context, blocked } = await person(browser);
  await byButton(page, "Google", "rocketpunch");
  await accessible(page);
  await choose(page, "Gwen");
  await allow(page);
  await page.locator("#answer").waitFor();
  await context.clearCookies({ name: /session/i });
  await connect(page, demo, "rocketpunch");
  await page.locator("#username, #answer").first().waitFor();
  assert.deepEqual(blocked, []);
});

test("an address that nobody vouches for is proved by its mailbox before the account with it is linked", async () => {
  const { page, blocked } = await person(browser);
  await byButton(page, "Google", "rocketpunch");
  await choose(page, "Mae");
  await page.locator("#address-submit").waitFor();
  await accessible(page);
  assert.equal(await page.locator("#username").inputValue(), "mae@example.com");
  await page.locator("#address-submit").click();
  await page.waitForURL((url) => !url.href.includes("/sign-in/prove?"));
  await accessible(page);
  await page.goto(await demo.mailedLink("mae@example.com", "prove"));
  await page.locator("#verify-submit").waitFor();
  await accessible(page);
  await decide(page, "#verify-submit");
  await allow(page);
  assert.match(await page.locator("#answer").textContent(), /Mae Carter/);
  // Linked for good: the next time Google alone is enough.
  const again = await person(browser);
  await byButton(again.page, "Google", "rocketpunch");
  await choose(again.page, "Mae");
  await again.page.locator("#consent-allow, #answer").first().waitFor();
  assert.deepEqual(blocked, []);
});

test("a refusal says why, and its trace is there for the company's own admin", async () => {
  const { page, blocked } = await person(browser);
  await byAddress(page, "gus@fjord.example");
  await choose(page, "Gus");
  await page.locator("#error-page[data-problem=guest_not_allowed]").waitFor();
  await accessible(page);
  const trace = await page.locator("#trace-id").textContent();
  assert.match(trace, /^trc_/);
  assert.deepEqual(blocked, []);

  const admin = await person(browser);
  await byAddress(admin.page, "ingrid@fjord.example");
  await choose(admin.page, "Ingrid");
  await admin.page.locator("#consent-allow").waitFor();
  await admin.page.goto(`${demo.facts.realms.roserocket.issuer}/traces/${trace}`);
  assert.match(await admin.page.locator("main").textContent(), /guest/i);
  await accessible(admin.page);
  assert.deepEqual(admin.blocked, []);

  // To a member who administers nothing it is not there.
  const member = await person(browser);
  await byAddress(member.page, "nils@fjord.example");
  await choose(member.page, "Nils");
  await member.page.locator("#consent-allow, #answer").first().waitFor();
  const answer = await member.page.goto(`${demo.facts.realms.roserocket.issuer}/traces/${trace}`);
  assert.equal(answer.status(), 404);
});
