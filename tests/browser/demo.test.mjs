// The main job, as a person sees it: from the app's button through sign-in and consent to the API's answer, on each platform.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { accessible, decide, launch, person, signIn } from "./support/browser.mjs";
import { startDemo } from "./support/demo.mjs";
import { connect, sentNames, tokenResponse } from "./support/perigee.mjs";

let demo, browser, rocketskip, user;

before(async () => {
  browser = await launch();
  demo = await startDemo();
  rocketskip = demo.facts.realms.rocketskip;
  user = rocketskip.users[0];
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

test("one link and one sign-in are printed first, and open every platform", () => {
  const lines = demo.printed.split("\n").map((line) => line.trim().split(/\s{2,}/));
  const at = lines.findIndex(([label]) => label === "Start here");
  assert.deepEqual(lines.slice(at, at + 2), [["Start here", demo.facts.isv_app], ["Sign in as", user.email, `password: ${user.password}`]]);
  for (const realm of Object.values(demo.facts.realms)) assert.deepEqual([realm.users[0].email, realm.users[0].password], [user.email, user.password]);
});

test("from Connect to the API's answer", async () => {
  const { page, blocked } = await person(browser);
  await page.goto(demo.facts.isv_app);
  await accessible(page);
  await connect(page, demo, "rocketskip");
  await signIn(page, user.email, user.password);
  await page.locator("#consent-allow").waitFor();
  await accessible(page);
  await decide(page, "#consent-allow");
  await page.locator("#answer").waitFor();
  assert.match(await page.locator("#answer").textContent(), /launches of the \w+ fleet/);
  await accessible(page);
  assert.deepEqual(blocked, []);
});

test("the second time no page is in the way", async () => {
  const { page } = await person(browser);
  await connect(page, demo, "rocketskip");
  await signIn(page, user.email, user.password);
  await page.locator("#consent-allow, #answer").first().waitFor();
  if (await page.locator("#consent-allow").isVisible()) await decide(page, "#consent-allow");
  await page.locator("#answer").waitFor();
  await connect(page, demo, "rocketskip");
  await page.locator("#answer").waitFor();
});

test("refusing gives the app nothing and says so", async () => {
  const { page } = await person(browser);
  const other = rocketskip.users[1];
  await connect(page, demo, "rocketskip");
  await signIn(page, other.email, other.password);
  await decide(page, "#consent-deny");
  await page.getByText("access_denied").waitFor();
  assert.ok(page.url().startsWith(demo.facts.isv_app));
  assert.equal(await page.locator("#answer").count(), 0);
  await accessible(page);
});

test("without JavaScript it is the same walk", async () => {
  const { page } = await person(browser, { javaScriptEnabled: false });
  await connect(page, demo, "rocketskip");
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
  await connect(page, demo, "rocketskip");
  assert.equal(await page.locator("html").getAttribute("lang"), "de");
  await signIn(page, user.email, user.password);
});

test("RocketSkip: the app refreshes, and acts for itself, with the guide's parameters and no others", async () => {
  const { page } = await person(browser);
  await connect(page, demo, "rocketskip");
  await signIn(page, user.email, user.password);
  await page.locator("#token-response").waitFor();
  const first = await tokenResponse(page);
  assert.deepEqual([first.token_type, first.expires_in, "id_token" in first], ["Bearer", 3600, false]);
  assert.deepEqual(await sentNames(page, "was sent with the question"), ["response_type", "client_id", "redirect_uri", "scope", "state"]);
  assert.deepEqual(await sentNames(page, "exchanged the code"), ["client_id", "client_secret", "grant_type", "code", "redirect_uri"]);
  await page.locator("#refresh").click();
  await page.locator(".wire").getByText("refreshed the token").waitFor();
  assert.deepEqual(await sentNames(page, "refreshed the token"), ["client_id", "client_secret", "grant_type", "refresh_token"]);
  assert.equal((await tokenResponse(page)).refresh_token, first.refresh_token, "the first one goes on working");
  await page.locator("#machine").click();
  const [asked, called] = await page.locator("#tried > li").allTextContents();
  assert.match(asked, /grant_type=client_credentials/);
  assert.ok(!asked.includes("refresh_token"), asked);
  assert.match(called, /200[\s\S]*"sub": "perigee"/);
  await accessible(page);
});

test("Rocketpunch: without state to the profile, and public data by App Key", async () => {
  const { page, blocked } = await person(browser);
  await connect(page, demo, "rocketpunch");
  await signIn(page, user.email, user.password);
  await page.locator("#consent-allow").waitFor();
  const consent = await page.locator("main").textContent();
  for (const told of ["Perigee", "Keeps your profile at hand", "read your public profile", "see your e-mail address"]) assert.ok(consent.includes(told), told);
  await accessible(page);
  await decide(page, "#consent-allow");
  await page.locator("#answer").waitFor();
  assert.equal(await page.locator("#profile-email").textContent(), user.email);
  assert.deepEqual(await sentNames(page, "was sent with the question"), ["client_id", "redirect_uri", "response_type", "scope"]);
  assert.deepEqual(await sentNames(page, "exchanged the code"), ["grant_type", "code", "client_id", "client_secret", "redirect_uri"]);
  const { token_type, expires_in, scope } = await tokenResponse(page);
  assert.deepEqual([token_type, expires_in, scope], ["Bearer", 3600, "profile:read profile:email"]);
  await page.locator("#wrong-key").click();
  await page.locator("#app-key").waitFor();
  assert.match(await page.locator("#tried").textContent(), /401[\s\S]*"error": \{[\s\S]*"message":/);
  await page.locator("#app-key").click();
  await page.locator("#tried").getByText("Night-shift astronomer").waitFor();
  await accessible(page);
  assert.deepEqual(blocked, []);
});

test("Rocketpunch: who says no is told of, without state too", async () => {
  const { page } = await person(browser);
  const other = demo.facts.realms.rocketpunch.users[1];
  await connect(page, demo, "rocketpunch");
  await signIn(page, other.email, other.password);
  await decide(page, "#consent-deny");
  await page.getByText("access_denied").waitFor();
});

test("Chaster: a Keycloak realm's addresses and answers", async () => {
  const { page, blocked } = await person(browser);
  const { issuer, authorization_endpoint } = demo.facts.realms.app;
  assert.ok(issuer.endsWith("/auth/realms/app") && authorization_endpoint === `${issuer}/protocol/openid-connect/auth`);
  await connect(page, demo, "chaster");
  assert.ok(page.url().startsWith(authorization_endpoint), page.url());
  await signIn(page, user.email, user.password);
  await page.locator("#consent-allow").waitFor();
  await accessible(page);
  await decide(page, "#consent-allow");
  assert.match(await page.locator("#answer h2").textContent(), new RegExp(user.name));
  assert.deepEqual(await sentNames(page, "was sent with the question"), ["client_id", "redirect_uri", "response_type", "scope", "state"]);
  const first = await tokenResponse(page);
  const shape = { expires_in: 300, refresh_expires_in: 1800, token_type: "bearer", "not-before-policy": 0, scope: "profile" };
  for (const [name, value] of Object.entries(shape)) assert.equal(first[name], value, name);
  assert.equal("id_token" in first, false);
  await page.locator("#refresh").click();
  await page.locator(".wire").getByText("refreshed the token").waitFor();
  assert.deepEqual(Object.keys(await tokenResponse(page)), Object.keys(first));
  await accessible(page);
  assert.deepEqual(blocked, []);
});

test("an answer that this browser did not ask for is not believed", async () => {
  const { page } = await person(browser);
  for (const word of ["rocketskip", "rocketpunch"]) {
    const answer = await page.goto(`${demo.facts.isv_app}/auth/${word}/callback?code=gac_somebody-elses&state=x`);
    assert.equal(answer.status(), 400);
    await page.getByText("was not believed").waitFor();
  }
});

test("Chaster: a developer token made in the account opens the API to its owner", async () => {
  const { page } = await person(browser);
  const paste = async (token) => {
    await page.locator("#token").fill(token);
    await page.locator("#use-token").click();
    return page.locator("#tried").textContent();
  };
  await page.goto(`${demo.facts.isv_app}/chaster`);
  assert.match(await paste("gpt_mistyped"), /401[\s\S]*invalid_token/);
  await page.locator("#make-token").click();
  await signIn(page, user.email, user.password);
  await page.locator("#to-tokens").click();
  await page.locator("#name").fill("My own script");
  await page.locator("[name=scope]").first().check();
  await decide(page, "#token-make");
  const token = await page.locator("#token-value").textContent();
  await page.goto(`${demo.facts.isv_app}/chaster`);
  const tried = await paste(` ${token} `);
  assert.match(tried, /200[\s\S]*"known_by": "developer token"/);
  assert.ok(!tried.includes(token), "no token is shown whole");
  await accessible(page);
  await page.goto(`${demo.facts.realms.app.base}/account/tokens`);
  await decide(page, "#tokens .danger");
  await page.goto(`${demo.facts.isv_app}/chaster`);
  assert.match(await paste(token), /401/);
});
