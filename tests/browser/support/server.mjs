// A server of its own for each test file: the real binary, an empty folder, a port that nobody uses. Its very first start.

import { spawn } from "node:child_process";
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, waitFor } from "./demo.mjs";

/** Starts `gantry serve` on nothing and waits for the first operator's link; at this port and the next, or at two that nobody uses. */
export async function startServer(wanted) {
  const binary = process.env.GANTRY_BIN;
  if (!binary) throw new Error("GANTRY_BIN names the server binary; `cargo xtask test --only browser` sets it");
  const folder = await mkdtemp(join(tmpdir(), "gantry-server-"));
  const port = wanted ?? (await freePort([0, 1]));
  const base = `http://localhost:${port}`;
  const child = spawn(binary, ["serve"], {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      RUST_LOG: "warn",
      GANTRY_PUBLIC_URL: base,
      GANTRY_LISTEN: `127.0.0.1:${port}`,
      GANTRY_MANAGEMENT_LISTEN: `127.0.0.1:${port + 1}`,
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let printed = "";
  child.stdout.on("data", (text) => (printed += text));
  const operatorLink = await waitFor(async () => {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}:\n${printed}`);
    return /https?:\/\/\S+\/operator\/first\S*/.exec(printed)?.[0];
  }, "the server printed no link for the first operator");
  return {
    base,
    operatorLink,
    /** The link in the newest mail to an address that contains `part`. */
    async mailedLink(address, part) {
      return waitFor(async () => {
        const mail = join(folder, "data", "mail");
        const names = (await readdir(mail)).filter((name) => name.endsWith(".eml")).sort();
        const mails = await Promise.all(names.map((name) => readFile(join(mail, name), "utf8")));
        const own = mails.filter((text) => text.includes(address)).map((text) => text.replaceAll("=\r\n", "").replaceAll("=3D", "="));
        return own.flatMap((text) => text.match(/https?:\/\/[^\s"<>]+/g) ?? []).filter((link) => link.includes(part)).at(-1);
      }, `no mail with ${part} came to ${address}`);
    },
    async stop() {
      child.kill("SIGTERM");
      if (child.exitCode === null) await new Promise((done) => child.once("exit", done));
      await rm(folder, { recursive: true, force: true });
    },
  };
}
