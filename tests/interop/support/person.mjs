// Somebody at a plain browser: cookies, links and forms, no JavaScript. Signs in, answers what they are asked, and goes where
// they are sent.

/** Steps of one walk; more is a circle. */
const MOST_STEPS = 25;

export class Person {
  #cookies = new Map();

  /** `decides` is "allow" or "deny"; `organization` is the id of the one to choose where that is asked, `ticks` are the ids of more. */
  constructor({ email, password, decides = "allow", organization, ticks = [] }) {
    Object.assign(this, { email, password, decides, organization, ticks });
    /** The pages that were shown on the way, newest last. */
    this.seen = [];
  }

  /** Follows a link to its end, through all pages of Gantry. Stops before fetching an address that begins with `stopAt`. */
  async follow(link, { stopAt } = {}) {
    return this.#walk({ url: new URL(link), method: "GET" }, stopAt);
  }

  /** Signs out on the account page of a realm. */
  async signOut(base) {
    const page = await this.follow(`${base}/account`);
    return this.#walk(press(page, withId("sign-out")));
  }

  /** Takes back on the account page what every app was allowed. */
  async removeApps(base) {
    const removes = (button, form) => form.inputs.some((input) => input.name === "app") && /\bdanger\b/.test(button.class);
    for (;;) {
      const page = await this.follow(`${base}/account`);
      const request = press(page, removes);
      if (!request) return;
      await this.#walk(request);
    }
  }

  /** Makes a token for themself on the account page of a realm. */
  async makeToken(base, { name, scopes }) {
    await this.follow(`${base}/account`);
    const page = await this.follow(`${base}/account/tokens`);
    const made = await this.#walk(press(page, withId("token-make"), { name, days: "30" }, scopes));
    return decode(/id="token-value"[^>]*>([^<]+)</.exec(made.text)[1]);
  }

  async #walk(start, stopAt) {
    let request = start;
    for (let step = 0; step < MOST_STEPS; step += 1) {
      if (stopAt && request.url.href.startsWith(stopAt)) return { left: request.url };
      const page = await this.#fetch(request);
      const form = page.location ? undefined : this.#answer(page);
      if (!page.location && !form) return page;
      request = form ?? { url: new URL(page.location, page.url), method: "GET" };
    }
    throw new Error(`in a circle at ${request.url}`);
  }

  /** What the person does with a page: a form filled in, or nothing. */
  #answer(page) {
    this.seen.push(page);
    const has = (id) => page.text.includes(`id="${id}"`);
    const elsewhere = this.#answerElsewhere(page);
    if (elsewhere) return elsewhere;
    if (has("consent-allow")) return press(page, withId(`consent-${this.decides}`), {}, this.ticks);
    if (has("tenant-deny")) return press(page, (button) => button.name === "organization" && button.value === this.organization);
    if (!has("login-submit")) return undefined;
    return press(page, withId("login-submit"), has("password") ? { password: this.password } : { username: this.email });
  }

  /** The pages of oidc-provider: any password will do there. */
  #answerElsewhere(page) {
    const own = (button) => /\blogin-submit\b/.test(button.class ?? "");
    if (!page.text.includes('class="login login-submit"')) return undefined;
    return press(page, own, page.text.includes('name="login"') ? { login: this.email, password: "any" } : {});
  }

  async #fetch({ url, method, body }) {
    const headers = { accept: "text/html", "accept-language": "en", "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0" };
    const cookies = [...this.#cookies].filter(([key]) => key.startsWith(`${url.hostname} `)).map(([key, value]) => `${key.split(" ")[1]}=${value}`);
    if (cookies.length > 0) headers.cookie = cookies.join("; ");
    if (body !== undefined) Object.assign(headers, { "content-type": "application/x-www-form-urlencoded", origin: url.origin, "sec-fetch-site": "same-origin" });
    const answer = await fetch(url, { method, headers, body, redirect: "manual" });
    for (const line of answer.headers.getSetCookie()) this.#keep(url, line);
    const location = answer.status >= 300 && answer.status < 400 ? answer.headers.get("location") : null;
    return { url, status: answer.status, headers: answer.headers, location, text: await answer.text() };
  }

  #keep(url, line) {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
    const key = `${url.hostname} ${name}`;
    if (/max-age=0\b/i.test(line)) this.#cookies.delete(key);
    else this.#cookies.set(key, value);
  }
}

/** The forms of a page. Gantry's pages are well formed, which is why this may be so simple. */
function formsOf({ text }) {
  return [...text.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)].map(([, own, inner]) => ({
    ...attributes(own),
    inputs: [...inner.matchAll(/<input\b([^>]*)>/g)].map(([, tag]) => attributes(tag)),
    buttons: [...inner.matchAll(/<button\b([^>]*)>/g)].map(([, tag]) => attributes(tag)),
  }));
}

function attributes(tag) {
  return Object.fromEntries([...tag.matchAll(/([\w-]+)(?:="([^"]*)")?/g)].map(([, name, value]) => [name, decode(value ?? "")]));
}

function decode(text) {
  const named = { amp: "&", lt: "<", gt: ">", quot: '"' };
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(amp|lt|gt|quot));/gi, (_, hex, decimal, name) =>
    name ? named[name.toLowerCase()] : String.fromCodePoint(Number.parseInt(hex ?? decimal, hex ? 16 : 10)),
  );
}

function withId(id) {
  return (button) => button.id === id;
}

/** What a press on the first button that is meant sends, after fields were filled in and boxes ticked. */
function press(page, isMeant, fields = {}, ticks = []) {
  for (const form of formsOf(page)) {
    const button = form.buttons.find((button) => isMeant(button, form));
    if (button) return submission(page, form, button, fields, ticks);
  }
  return undefined;
}

function submission(page, form, button, fields, ticks) {
  const body = new URLSearchParams();
  for (const input of form.inputs) {
    const box = ["checkbox", "radio"].includes(input.type);
    const left = box && !("checked" in input) && !ticks.includes(input.value);
    if (input.name && !left && !(input.name in fields)) body.append(input.name, input.value ?? (box ? "on" : ""));
  }
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  if (button.name) body.append(button.name, button.value ?? "");
  return { url: new URL(button.formaction ?? form.action ?? "", page.url), method: "POST", body: body.toString() };
}
