// Writes a request to a socket as a guide prints it: its method, its whole address, its headers, its body, and nothing that a
// client library would add of its own. A guide breaks long lines before `?` and `&` for its readers alone.

import { readFile } from "node:fs/promises";
import { connect } from "node:net";

/** Sends the request of a file in the guide's folder, with values in place of `{{name}}`. */
export async function send(file, values) {
  const text = await readFile(new URL(`../${file}`, import.meta.url), "utf8");
  const filled = text.replace(/\{\{(\w+)\}\}/g, (_, name) => {
    if (values[name] === undefined) throw new Error(`${file} wants ${name}`);
    return values[name];
  });
  const [head, body = ""] = filled.replace(/\n([?&])/g, "$1").trimEnd().split("\n\n");
  const [line, ...headers] = head.split("\n");
  const { hostname, port, host } = new URL(line.split(" ")[1]);
  // What HTTP/1.1 itself demands (RFC 9112 §3.2, §6.3), and an end to read up to.
  const demanded = [`Host: ${host}`, ...(body ? [`Content-Length: ${Buffer.byteLength(body)}`] : []), "Connection: close"];
  return parse(await exchange(hostname, port, `${[`${line} HTTP/1.1`, ...headers, ...demanded].join("\r\n")}\r\n\r\n${body}`));
}

/** The address in a file's first line, which a person opens. */
export async function address(file, values) {
  const text = await readFile(new URL(`../${file}`, import.meta.url), "utf8");
  return text
    .replace(/\{\{(\w+)\}\}/g, (_, name) => values[name])
    .replace(/\n([?&])/g, "$1")
    .split("\n")[0]
    .replace(/^GET /, "");
}

function exchange(host, port, request) {
  return new Promise((done, failed) => {
    const socket = connect({ host, port }, () => socket.write(request));
    const parts = [];
    socket.on("data", (part) => parts.push(part));
    socket.once("end", () => done(Buffer.concat(parts)));
    socket.once("error", failed);
    socket.setTimeout(15_000, () => socket.destroy(new Error("no end to the answer")));
  });
}

function parse(bytes) {
  const end = bytes.indexOf("\r\n\r\n");
  const [status, ...lines] = bytes.subarray(0, end).toString().split("\r\n");
  const headers = Object.fromEntries(lines.map((line) => [line.split(":")[0].toLowerCase(), line.slice(line.indexOf(":") + 1).trim()]));
  const raw = bytes.subarray(end + 4);
  const text = (headers["transfer-encoding"] === "chunked" ? joined(raw) : raw).toString();
  return { status: Number(status.split(" ")[1]), headers, text, json: () => JSON.parse(text) };
}

function joined(chunked) {
  const parts = [];
  for (let at = 0; ; ) {
    const line = chunked.indexOf("\r\n", at);
    const size = Number.parseInt(chunked.subarray(at, line).toString(), 16);
    if (!size) return Buffer.concat(parts);
    parts.push(chunked.subarray(line + 2, line + 2 + size));
    at = line + 2 + size + 2;
  }
}
