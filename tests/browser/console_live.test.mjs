// What the console does while somebody types, points or presses a key: each of it comes on top of a page that works without.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { faults, launch, person } from "./support/browser.mjs";
import { enter, makeOperator } from "./support/console.mjs";
import { startDemo } from "./support/demo.mjs";

let demo, browser, operator, without;
const REALM = "/console/realms/roserocket";

before(async () => {
  browser = await launch();
  demo = await startDemo();
  await makeOperator(demo);
  operator = await person(browser, { permissions: ["clipboard-read", "clipboard-write"], reducedMotion: "reduce" });
  without = await person(browser, { javaScriptEnabled: false });
  await enter(operator.page, demo);
  await enter(without.page, demo);
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

const go = (page, path) => page.goto(`${demo.base}${REALM}${path}`);
const send = (page, form) => Promise.all([page.waitForNavigation(), page.locator(`#${form} button[type=submit]`).click()]);
const [BAD, GOOD] = ["https://app.example/callback#part", "https://app.example/callback"];

test("a redirect URI is judged while it is typed, and again when the form is sent", async () => {
  const { page, blocked } = operator;
  await go(page, "/clients/new?kind=confidential");
  const [field, live] = [page.locator("#new-redirect_uris"), page.locator("#new .live")];
  await field.fill(`${GOOD}\n${BAD}`);
  await live.locator("li").waitFor();
  assert.match(await live.textContent(), /app\.example\/callback#part .*#/);
  assert.equal(await live.locator("li").count(), 1, "the other one is well");
  assert.equal(await field.getAttribute("aria-invalid"), "true");
  assert.deepEqual(await faults(page), []);
  await field.fill(GOOD);
  await live.locator("li").waitFor({ state: "detached" });
  assert.equal(await field.getAttribute("aria-invalid"), null);
  // The kind decides as well: this one is for a developer's own app alone.
  await field.fill("http://app.example/callback");
  await live.locator("li").waitFor();
  assert.deepEqual(blocked, []);
});

test("without JavaScript the same is said beside the field, and what was typed stays", async () => {
  const { page } = without;
  await go(page, "/clients/new?kind=confidential");
  await page.locator("#new-name").fill("Without a script");
  await page.locator("#new-redirect_uris").fill(BAD);
  const [refused] = await send(page, "new");
  assert.equal(refused.status(), 422);
  assert.match(await page.locator("#new-redirect_uris-error").textContent(), /#/);
  assert.deepEqual([await page.locator("#new-name").inputValue(), await page.locator("#new-redirect_uris").inputValue()], ["Without a script", BAD]);
  await page.locator("#new-redirect_uris").fill(GOOD);
  const [made] = await send(page, "new");
  assert.equal(made.status(), 200);
  assert.match(await page.locator("#secret code").textContent(), /^gcs_/);
});

test("the consent page follows the scope that is typed", async () => {
  const { page, blocked } = operator;
  await go(page, "/scopes/new");
  const frame = page.frameLocator("#preview iframe");
  const back = await page.evaluate(() => history.length);
  await page.locator("#new-name").fill("loads:read");
  await page.locator("#new-description").fill("see where every load is");
  await frame.getByText("see where every load is").first().waitFor();
  await page.locator("#new-resource").selectOption({ index: 1 });
  await frame.getByText("Rose Rocket API").first().waitFor();
  await page.locator("#new-description").fill("see where <b>no</b> load is");
  await frame.getByText("see where <b>no</b> load is").first().waitFor();
  assert.equal(await page.evaluate(() => history.length), back, "typing leaves nothing to go back through");
  assert.deepEqual(blocked, []);
});

test("the sign-in page follows its branding, also where a colour is taken back", async () => {
  const { page, blocked } = operator;
  await go(page, "/branding");
  const frame = page.frameLocator("#branding-preview iframe");
  const colour = () => frame.locator("#login-submit").evaluate((button) => getComputedStyle(button).backgroundColor);
  const turns = async (wanted, told) => {
    for (let tries = 0; tries < 100; tries += 1) {
      if (await colour().then(wanted, () => false)) return;
      await page.waitForTimeout(50);
    }
    assert.fail(`${told}: ${await colour()}`);
  };
  const before = await colour();
  await page.locator("#branding-branding\\.welcome").fill("Come in, the kettle is on.");
  await frame.getByText("Come in, the kettle is on.").waitFor();
  await page.locator("#branding-branding\\.accent").fill("#0f766e");
  await turns((now) => now === "rgb(15, 118, 110)", "the colour that was typed");
  await page.locator("#branding-coloured").uncheck();
  await turns((now) => now !== "rgb(15, 118, 110)" && now !== before, "Gantry's own colour");
  await page.locator("#branding-coloured").check();
  await turns((now) => now === "rgb(15, 118, 110)", "the colour is there again");
  await page.reload();
  await turns((now) => now === before, "nothing of it was saved");
  assert.deepEqual(blocked, []);
});

test("without JavaScript a switch shows the branding and saves nothing", async () => {
  const { page } = without;
  await go(page, "/branding");
  await page.locator("#branding-branding\\.welcome").fill("Nobody saved this.");
  await page.locator("#branding-preview_only").check();
  await send(page, "branding");
  assert.match(await page.locator("#branding-preview iframe").getAttribute("src"), /Nobody\+saved\+this/);
  await go(page, "/branding");
  assert.notEqual(await page.locator("#branding-branding\\.welcome").inputValue(), "Nobody saved this.");
});

test("the keyboard alone finds pages and things", async () => {
  const { page, blocked } = operator;
  await go(page, "");
  const palette = page.locator("#palette");
  const chosen = palette.locator("[aria-selected=true]");
  await page.keyboard.press("Control+k");
  await palette.locator("[role=option]").first().waitFor();
  assert.deepEqual(await faults(page), []);
  await page.keyboard.press("ArrowDown");
  const second = await chosen.textContent();
  await page.keyboard.press("ArrowUp");
  assert.notEqual(await chosen.textContent(), second);
  assert.equal(await page.locator("#palette-q").getAttribute("aria-activedescendant"), await chosen.getAttribute("id"));
  await page.keyboard.press("Escape");
  assert.equal(await palette.isVisible(), false);

  await page.keyboard.press("Control+k");
  await page.keyboard.type("tenan");
  await Promise.all([page.waitForURL(`${demo.base}${REALM}/tenants`), page.keyboard.press("Enter")]);
  await page.keyboard.press("Control+k");
  await page.keyboard.type("fjord");
  await palette.locator("[role=option]", { hasText: "Fjord Freight" }).first().waitFor();
  await Promise.all([page.waitForURL(/roserocket\/(tenants\/org_fjord|connections\/)/), page.keyboard.press("Enter")]);
  // A name that nothing has is searched for, as without a script.
  await go(page, "");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("nothing has this name");
  await Promise.all([page.waitForURL(/\/search\?q=nothing/), page.keyboard.press("Enter")]);
  assert.deepEqual(blocked, []);
});

test("an id, an address and a secret are copied with one press", async () => {
  const { page, blocked } = operator;
  await go(page, "/clients?q=perigee");
  await page.locator("table th a").first().click();
  const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
  const copy = async (place) => {
    await place.locator("button.copy").first().click();
    await place.locator("button.done").waitFor();
    return clipboard();
  };
  assert.equal(await copy(page.locator("#facts .copyable", { hasText: "perigee" }).first()), "perigee");
  assert.equal(await copy(page.locator("#endpoints .copyable").first()), demo.facts.realms.roserocket.issuer);
  assert.equal(await page.locator("[role=status].unseen").textContent(), "Copied");
  await page.locator("#as-code summary").click();
  assert.match(await copy(page.locator("#as-code .listing").first()), /client_id: perigee/);
  assert.deepEqual(blocked, []);
});
