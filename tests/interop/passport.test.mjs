// passport with openid-client, from npm.

import { fileURLToPath } from "node:url";
import { walkThrough } from "./support/scenarios.mjs";

walkThrough("passport with openid-client", [process.execPath, fileURLToPath(new URL("guests/passport.mjs", import.meta.url))], { pushes: true });
