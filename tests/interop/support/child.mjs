// Programs that the tests start and stop: samples and guests, each a process of its own.

import { spawn } from "node:child_process";
import { waitFor } from "../../browser/support/demo.mjs";

/** The interpreter of the environment that `cargo xtask test` makes from requirements.txt. */
export function python() {
  const interpreter = process.env.GANTRY_PYTHON;
  if (!interpreter) throw new Error("GANTRY_PYTHON names a Python with the packages of requirements.txt; `cargo xtask test` sets it");
  return interpreter;
}

/** Starts a program that listens, and waits until it does. It knows nothing of this process but what it is given. */
export async function serve([program, ...args], { env, port, cwd }) {
  const child = spawn(program, args, { cwd, env: { PATH: process.env.PATH, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (said += text));
  await waitFor(async () => {
    if (child.exitCode !== null) throw new Error(`${args.join(" ")} ended with ${child.exitCode}:\n${said}`);
    await fetch(`http://127.0.0.1:${port}/`, { redirect: "manual" });
    return true;
  }, `${args.join(" ")} does not listen`);
  return {
    get said() {
      return said;
    },
    async stop() {
      child.kill("SIGTERM");
      if (child.exitCode === null && child.signalCode === null) await new Promise((done) => child.once("exit", done));
    },
  };
}

/** Runs a program to its end. */
export function run([program, ...args], { env, cwd } = {}) {
  return new Promise((done, failed) => {
    const child = spawn(program, args, { cwd, env: { PATH: process.env.PATH, ...env }, stdio: ["ignore", "pipe", "pipe"] });
    let [out, errors] = ["", ""];
    child.stdout.on("data", (text) => (out += text));
    child.stderr.on("data", (text) => (errors += text));
    child.once("error", failed);
    child.once("close", (code) => done({ code, out, errors }));
  });
}
