// Registers a partner's app at a running demo as an operator does: with a realm file and `gantry apply`.

import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Puts an app into a realm and gives back its credentials. Everything else in the realm stays as it is. */
export async function register(demo, realm, app) {
  const client = { client_id: `partner-${randomBytes(4).toString("hex")}`, client_secret: randomBytes(32).toString("base64url"), ...app };
  const file = join(demo.folder, `${client.client_id}.yaml`);
  // JSON is YAML.
  await writeFile(file, JSON.stringify({ realm: { slug: realm }, clients: [client] }));
  await run(process.env.GANTRY_BIN, ["apply", "-f", file], {
    cwd: demo.folder,
    env: { PATH: process.env.PATH, GANTRY_DATA_DIR: join(demo.folder, "data", "demo"), RUST_LOG: "warn" },
  });
  return { client_id: client.client_id, client_secret: client.client_secret };
}
