// The sample app, as a person uses it.

import { decide, signIn } from "./browser.mjs";

/** Presses Connect for a platform, by its word in the app's addresses. */
export async function connect(page, demo, word) {
  await page.goto(demo.facts.isv_app);
  await page.locator(`#connect-${word}`).click();
}

/** Goes from Connect through sign-in and consent back to the app. */
export async function connectAs(page, demo, word, user) {
  await connect(page, demo, word);
  await signIn(page, user.email, user.password);
  await decide(page, "#consent-allow");
  await page.locator("#token-response").waitFor();
}

/** The token response as the app shows it: as JSON, its secrets shortened. */
export async function tokenResponse(page) {
  return JSON.parse(await page.locator("#token-response").textContent());
}

/** The parameters of the request that the app shows under this title: names in their order, and values. */
export async function sent(page, title) {
  const entry = page.locator(".wire .exchanges > li", { hasText: title }).last();
  const text = await entry.locator("pre").first().textContent();
  return text
    .split("\n")
    .flatMap((line) => /^\s*[?&]?(\w+)=(.*)$/.exec(line) ?? [])
    .reduce((found, part, position, all) => (position % 3 === 1 ? [...found, [part, all[position + 1]]] : found), []);
}

/** The names of the parameters of a request. */
export async function sentNames(page, title) {
  return (await sent(page, title)).map(([name]) => name);
}
