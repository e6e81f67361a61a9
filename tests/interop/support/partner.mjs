// What an operator does at a running demo: registers a partner's app with a realm file, and looks at what there is.

import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Puts an app into a realm and gives back its credentials. Everything else in the realm stays as it is. The admins of the organizations in `approvedBy` have let it in. */
export async function register(demo, realm, { approvedBy = [], ...app }) {
  const client = { client_id: `partner-${randomBytes(4).toString("hex")}`, name: "Partner", ...app };
  client.client_secret = randomBytes(32).toString("base64url");
  const file = join(demo.folder, `${client.client_id}.yaml`);
  // JSON is YAML.
  const installations = approvedBy.map((org_id) => ({ org_id, client_id: client.client_id, standing: "approved" }));
  await writeFile(file, JSON.stringify({ realm: { slug: realm }, clients: [client], installations }));
  await gantry(demo, ["apply", "-f", file]);
  return { client_id: client.client_id, client_secret: client.client_secret };
}

/** A realm as `gantry export` writes it. */
export async function exported(demo, realm) {
  return (await gantry(demo, ["export", "--realm", realm])).stdout;
}

/** Runs the binary on the demo's data. */
export function gantry(demo, command) {
  const env = { PATH: process.env.PATH, GANTRY_DATA_DIR: join(demo.folder, "data", "demo"), RUST_LOG: "warn" };
  return run(process.env.GANTRY_BIN, command, { cwd: demo.folder, env });
}
