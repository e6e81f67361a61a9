// Chromium, and axe, which looks at every page that a test stops at.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Starts the browser. As root, as in a container, it has no sandbox to use. */
export function launch() {
  return chromium.launch({
    executablePath: process.env.GANTRY_CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
}

/** A person with a browser of their own. */
export async function person(browser, options = {}) {
  const context = await browser.newContext({ locale: "en-GB", ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const blocked = [];
  page.on("console", (message) => {
    if (/Content Security Policy|Refused to/.test(message.text())) blocked.push(message.text());
  });
  page.on("pageerror", (error) => blocked.push(String(error)));
  return { context, page, blocked };
}

const TAGS = { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] };
/** What the colours of a page alone can spoil. */
export const COLOURS = { type: "rule", values: ["color-contrast", "link-in-text-block"] };

/** What axe finds wrong with the page, a line for each rule. */
export async function faults(page, runOnly = TAGS) {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe);
  // What is well is much, and stays where it is.
  const violations = await page.evaluate(async (runOnly) => {
    const { violations } = await window.axe.run(document, { runOnly, resultTypes: ["violations"] });
    return violations.map(({ id, help, nodes }) => ({ id, help, nodes: nodes.map(({ html }) => html) }));
  }, runOnly);
  return violations.map(({ id, help, nodes }) => `${id}: ${help}\n  ${nodes.join("\n  ")}`);
}

/** Holds that axe finds nothing wrong with the page. */
export async function accessible(page) {
  assert.deepEqual(await faults(page), [], `axe at ${page.url()}`);
}

/** Goes through the sign-in pages. */
export async function signIn(page, email, password) {
  await page.locator("#username").fill(email);
  await accessible(page);
  await page.locator("#login-submit").click();
  await page.locator("#password").fill(password);
  await accessible(page);
  await page.locator("#login-submit").click();
}

/** Presses a button that decides something. It ignores whoever is quicker than a person can read, so it may take a second press. */
export async function decide(page, selector) {
  const button = page.locator(selector).first();
  await button.waitFor();
  let gone = false;
  page.once("framenavigated", () => (gone = true));
  for (let tries = 0; tries < 10 && !gone; tries += 1) {
    // Where the way on is slow the button may be away already.
    await button.click({ timeout: 2_000 }).catch(() => {});
    for (let waits = 0; waits < 20 && !gone; waits += 1) await page.waitForTimeout(50);
  }
  if (gone) return;
  throw new Error(`${selector} does nothing at ${page.url()}`);
}
