// Every page of the console in a realm that is in use, by the product's own table of addresses: looked at, and once more without JavaScript.

import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { COLOURS, decide, faults, launch, person } from "./support/browser.mjs";
import { addresses, enter, fill, makeOperator } from "./support/console.mjs";
import { startDemo } from "./support/demo.mjs";
import { fillRealm, REALM } from "./support/filled.mjs";

/** A folder that gets a picture of each page; `1` asks for those of the guide. */
const PICTURES = process.env.GANTRY_PICTURES === "1" ? undefined : process.env.GANTRY_PICTURES;
const WIDTHS = [1280, 390];

/** What is no page; and a mail in its frame, in which nothing runs, a test neither. */
const NO_PAGE = {
  BRANDING_PREVIEW_CSS: "text/css",
  TENANT_BRANDING_PREVIEW_CSS: "text/css",
  CLIENT_URI_CHECK: "application/json",
  MAIL_PREVIEW: "text/html",
};
/** What answers something else than 200 to whoever is an operator and comes out of nowhere. */
const ANSWERS = { CALLBACK: 400, NO_ROLE: 403 };
/** What is said to whoever comes by this way alone. */
const WAYS = {
  CONNECTION_TEST_BACK: tryConnection,
  CONNECTION_TESTED: tryConnection,
  TENANT_CONNECTION_TEST_BACK: tryConnection,
  TENANT_CONNECTION_TESTED: tryConnection,
  CLIENT_TEST_CALLBACK: tryClient,
};
/** What is asked with more than the address. */
const QUERIES = {
  SEARCH: ["?q=fjord"],
  MAIL_PREVIEW: ["?kind=reset_password&locale=en"],
  CLIENT_URI_CHECK: ["?kind=development&uri=https://app.example/callback"],
  CLIENT_NEW: ["", "?kind=development"],
  CONNECTION_NEW: ["", "?kind=github"],
  TENANT_CONNECTION_NEW: ["", "?kind=github"],
  PEOPLE: ["", "?q=nobody+of+that+name"],
};
/** What is asked as a page before it does. */
const AS_LINKED = ["MAIL_TEXT", "BRANDING_PREVIEW", "SCOPE_PREVIEW"];

let demo, browser, things, operator, without;
const pages = (await addresses()).filter(({ verbs }) => verbs.includes("Get"));
const links = new Set();

before(async () => {
  browser = await launch();
  demo = await startDemo();
  await makeOperator(demo);
  things = await fillRealm(browser, demo);
  operator = await person(browser, { colorScheme: "light", reducedMotion: "reduce" });
  without = await person(browser, { javaScriptEnabled: false });
  await enter(operator.page, demo);
  await enter(without.page, demo);
  if (PICTURES) await mkdir(PICTURES, { recursive: true });
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

/** From the page that begins it through the provider to what came of it. */
async function tryConnection(page, address) {
  const begin = address.path.replace(/\/test\/.*/, "/test");
  await page.goto(`${demo.base}${fill(begin, things)}`);
  await page.locator("#trial button[type=submit]").click();
  await page.getByRole("button", { name: "Nils" }).click();
  await page.waitForURL((url) => url.href.startsWith(`${demo.base}/console/`));
}

/** From the page that begins it through the realm's own sign-in to the tokens. */
async function tryClient(page) {
  await page.goto(`${demo.base}${fill("/console/realms/{realm}/clients/{client}/test", things)}`);
  await page.locator("#test button[type=submit]").click();
  const { email, password } = demo.facts.realms[REALM].users[1];
  await page.locator("#username, #consent-allow").first().waitFor();
  if (await page.locator("#username").count()) {
    await page.locator("#username").fill(email);
    await page.locator("#login-submit").click();
    await page.locator("#password").fill(password);
    await page.locator("#login-submit").click();
  }
  await page.locator("#consent-allow, #answer").first().waitFor();
  if (await page.locator("#consent-allow").count()) await decide(page, "#consent-allow");
  await page.locator("#answer").waitFor();
}

/** Opens an address. Answers with its status. */
async function open(page, address, query) {
  const way = WAYS[address.name];
  if (way) return (await way(page, address), 200);
  const path = fill(address.path, things);
  const linked = AS_LINKED.includes(address.name) ? [...links].find((link) => link.startsWith(`${path}?`)) : undefined;
  const answer = await page.goto(`${demo.base}${linked ?? `${path}${query}`}`);
  return answer.status();
}

/** Whatever a page has to have wherever it is shown: what is wrong, in words. */
async function skeleton(page, address, status) {
  const wrong = [];
  const { title, headings, wide, hidden } = await page.evaluate(() => ({
    title: document.title.trim(),
    headings: document.querySelectorAll("h1").length,
    wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    hidden: [...document.querySelectorAll("main form")].filter((form) => !form.querySelector("button")).length,
  }));
  if (status !== (ANSWERS[address.name] ?? 200)) wrong.push(`answers ${status}`);
  if (!title || title.startsWith("·")) wrong.push(`is called “${title}”`);
  if (headings !== 1) wrong.push(`has ${headings} first headings`);
  if (wide > 0) wrong.push(`scrolls ${wide} pixels to the side`);
  if (hidden) wrong.push(`has ${hidden} forms that nobody can send`);
  return wrong;
}

async function picture(page, { name, nth }, scheme) {
  if (!PICTURES) return;
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 800 });
    await page.screenshot({ path: join(PICTURES, `${name}${nth || ""}-${width}-${scheme}.png`), fullPage: true });
  }
}

/** Looks at a page in both schemes and at both widths. */
async function look(page, address, status) {
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 1280, height: 800 });
  const wrong = [...(await skeleton(page, address, status)), ...(await faults(page))];
  await picture(page, address, "light");
  await page.emulateMedia({ colorScheme: "dark" });
  await page.setViewportSize({ width: 1280, height: 800 });
  wrong.push(...(await faults(page, COLOURS)).map((fault) => `in the dark, ${fault}`));
  await picture(page, address, "dark");
  await page.setViewportSize({ width: 390, height: 800 });
  for (const direction of ["rtl", "ltr"]) {
    const wide = await page.evaluate((direction) => ((document.documentElement.dir = direction), document.documentElement.scrollWidth), direction);
    if (wide > 390) wrong.push(`is ${wide} wide in a window of 390, ${direction}`);
  }
  await page.setViewportSize({ width: 1280, height: 800 });
  for (const link of await page.locator("a[href], iframe[src]").evaluateAll((all) => all.map((one) => new URL(one.href || one.src)).map((url) => url.pathname + url.search))) links.add(link);
  return wrong;
}

/** Goes through the addresses; what is wrong anywhere is told together. */
async function walk({ page, blocked }, visit) {
  const troubles = [];
  page.on("console", (message) => message.type() === "error" && !/status of 4\d\d/.test(message.text()) && blocked.push(message.text()));
  for (const address of pages.filter(({ name }) => !NO_PAGE[name])) {
    for (const [nth, query] of (QUERIES[address.name] ?? [""]).entries()) {
      const wrong = await open(page, address, query).then((status) => visit(page, { ...address, nth }, status), (error) => [error.message]);
      wrong.push(...blocked.splice(0));
      troubles.push(...wrong.map((one) => `${address.name} (${page.url().replace(demo.base, "")}) ${one}`));
    }
  }
  assert.deepEqual(troubles, []);
}

test("every page holds its own with a mouse, in the dark, and in a narrow window", async () => {
  await walk(operator, look);
});

test("what is no page is what it says", async () => {
  for (const address of pages.filter(({ name }) => NO_PAGE[name])) {
    const answer = await operator.page.request.get(`${demo.base}${fill(address.path, things)}${QUERIES[address.name]?.[0] ?? ""}`);
    assert.deepEqual([answer.status(), answer.headers()["content-type"].split(";")[0]], [200, NO_PAGE[address.name]], address.name);
  }
});

test("every page is there without JavaScript", async () => {
  await walk(without, skeleton);
});

/** What is made anew in each area: where, the form's id, and what is typed into it. */
const MAKING = [
  ["REALM_NEW", "realm-new", { name: "Chisel", slug: "chisel" }],
  ["CLIENT_NEW", "new", { name: "Chisel", redirect_uris: "http://localhost:9/callback" }, "?kind=development"],
  ["CLIENT_APP_KEYS", "key-new", { name: "Chisel", scopes: ["loads:read"] }],
  ["SCOPE_NEW", "new", { name: "chisel:read", title: "Chisel", description: "see your chisels" }],
  ["RESOURCE_NEW", "new", { audience: "https://chisel.example", name: "Chisel" }],
  ["PUBLISHER_NEW", "new", { slug: "chisel", name: "Chisel" }],
  ["SERVICE_ACCOUNT_NEW", "account-new", { name: "Chisel", scopes: ["realm:read"] }],
  ["PERSON_NEW", "person-new", { email: "chisel@example.com" }],
  ["INVITATION_NEW", "invite", { email: "chisel@example.com" }],
  ["CONNECTION_NEW", "new", { name: "Chisel", client_id: "chisel", client_secret: "chisel-chisel-chisel" }, "?kind=github&slug=chisel"],
  ["TENANT_NEW", "tenant-new", { name: "Chisel", org_id: "org_chisel" }],
  ["TENANT_INVITATION_NEW", "invite", { email: "chisel@example.com" }],
  ["TENANT_DOMAINS", "claim", { domain: "chisel.example" }],
  ["MAIL_TEXT", "words", { subject: "Chisel" }, "?kind=reset_password&locale=en"],
  ["SETTINGS_APP_KEYS", "settings", { "app_keys.header": "X-Chisel-Key" }],
  ["BRANDING", "branding", { name: "Chisel" }],
];

test("a form of each area does without JavaScript what it says", async () => {
  const { page } = without;
  for (const [name, form, values, query] of MAKING) {
    await open(page, pages.find((address) => address.name === name), query ?? "");
    for (const [field, value] of Object.entries(values)) {
      if (Array.isArray(value)) for (const one of value) await page.locator(`#${form} [name="${field}"][value="${one}"]`).check();
      else await page.locator(`#${form} [name="${field}"]`).fill(value);
    }
    const [answer] = await Promise.all([page.waitForNavigation(), page.locator(`#${form} button[type=submit]`).click()]);
    const wrong = await page.locator("[data-wrong]").allTextContents();
    assert.deepEqual([answer.status(), wrong], [200, []], name);
    // What is shown once is all that its page shows.
    const shown = (await page.locator(".once").count()) || /chisel/i.test(await page.locator("main").innerHTML());
    assert.ok(shown, `${name}: ${page.url()} shows what was made`);
  }
});
