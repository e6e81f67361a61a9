// The smallest app there is: an address that a browser comes back to.

import { once } from "node:events";
import { createServer } from "node:http";
import { freePort, waitFor } from "./demo.mjs";

/** Starts it, at this port or at one that nobody uses. */
export async function startApp(wanted) {
  const port = wanted ?? (await freePort());
  const answers = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url, `http://localhost:${port}`);
    if (url.pathname === "/callback") answers.push(url.searchParams);
    response.setHeader("content-type", "text/html; charset=utf-8");
    response.end('<!doctype html><html lang="en"><title>The app</title><main><h1>Back in the app</h1></main></html>');
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    redirectUri: `http://localhost:${port}/callback`,
    /** The newest answer that a browser brought. */
    answer: () => waitFor(async () => answers.at(-1), "no browser came back to the app"),
    async stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}
