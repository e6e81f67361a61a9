// A demo of its own for each test file: the real binary, an empty folder, ports that nobody uses.

import { spawn } from "node:child_process";
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Starts `gantry demo` and waits until its first link answers. */
export async function startDemo() {
  const binary = process.env.GANTRY_BIN;
  if (!binary) throw new Error("GANTRY_BIN names the server binary; `cargo xtask test --only browser` sets it");
  const folder = await mkdtemp(join(tmpdir(), "gantry-demo-"));
  const port = await freePort(DEMO);
  const child = spawn(binary, ["demo", "--base-port", String(port)], {
    cwd: folder,
    env: { PATH: process.env.PATH, RUST_LOG: "warn" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let printed = "";
  child.stdout.on("data", (text) => (printed += text));
  const data = join(folder, "data", "demo");
  const facts = await waitFor(async () => {
    if (child.exitCode !== null) throw new Error(`the demo ended with ${child.exitCode}:\n${printed}`);
    const facts = JSON.parse(await readFile(join(data, "demo.json"), "utf8"));
    const answer = await fetch(facts.isv_app);
    return answer.ok ? facts : undefined;
  }, "the demo did not start");
  return {
    facts,
    folder,
    /** The server's own address, below which a realm without a host of its own is. */
    base: `http://localhost:${port}`,
    get printed() {
      return printed;
    },
    /** The link in the newest mail to an address that contains `part`. */
    async mailedLink(address, part) {
      return waitFor(async () => {
        const names = (await readdir(join(data, "mail"))).filter((name) => name.endsWith(".eml")).sort();
        const mails = await Promise.all(names.map((name) => readFile(join(data, "mail", name), "utf8")));
        const own = mails.filter((mail) => mail.includes(address)).map((mail) => mail.replaceAll("=\r\n", "").replaceAll("=3D", "="));
        return own.flatMap((mail) => mail.match(/https?:\/\/[^\s"<>]+/g) ?? []).filter((link) => link.includes(part)).at(-1);
      }, `no mail with ${part} came to ${address}`);
    },
    async stop() {
      child.kill("SIGTERM");
      if (child.exitCode === null) await new Promise((done) => child.once("exit", done));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Runs a command of the binary beside a running demo, and gives what it printed. */
export async function run(demo, args, input = "") {
  const env = { PATH: process.env.PATH, RUST_LOG: "warn", GANTRY_DATA_DIR: "data/demo", GANTRY_PUBLIC_URL: demo.base };
  const child = spawn(process.env.GANTRY_BIN, args, { cwd: demo.folder, env, stdio: ["pipe", "pipe", "inherit"] });
  let printed = "";
  child.stdout.on("data", (text) => (printed += text));
  child.stdin.end(input);
  const code = await new Promise((done) => child.once("close", done));
  if (code !== 0) throw new Error(`${args.join(" ")} ended with ${code}`);
  return printed;
}

/** Asks until there is an answer; a minute at most unless told otherwise, since a cold machine may be slow. */
export async function waitFor(ask, complaint, patience = 60_000, pause = 50) {
  const until = Date.now() + patience;
  let last;
  while (Date.now() < until) {
    try {
      const answer = await ask();
      if (answer !== undefined) return answer;
    } catch (error) {
      last = error;
      if (/ended with/.test(error.message)) throw error;
    }
    await new Promise((done) => setTimeout(done, pause));
  }
  throw new Error(`${complaint}${last ? `: ${last.message}` : ""}`);
}

/** What the demo listens on, counted from its base. */
const DEMO = [0, 1, 2, 3, 4, 10, 11, 12, 13];

/** A port that nobody uses, and as many more at these distances. Below those that systems hand out by themselves, so that nobody gets it in between. */
export async function freePort(distances = [0]) {
  for (;;) {
    const port = 10_000 + Math.floor(Math.random() * 20_000);
    const free = await Promise.all(distances.map((distance) => isFree(port + distance)));
    if (free.every(Boolean)) return port;
  }
}

function isFree(port) {
  return new Promise((done) => {
    const server = createServer();
    server.once("error", () => done(false));
    server.listen(port, "127.0.0.1", () => server.close(() => done(true)));
  });
}
