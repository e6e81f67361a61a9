// oauth4webapi, from npm.

import { fileURLToPath } from "node:url";
import { walkThrough } from "./support/scenarios.mjs";

walkThrough("oauth4webapi", [process.execPath, fileURLToPath(new URL("guests/oauth4webapi.mjs", import.meta.url))], { pushes: true });
