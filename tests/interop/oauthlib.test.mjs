// oauthlib with requests-oauthlib, from PyPI.

import { fileURLToPath } from "node:url";
import { python } from "./support/child.mjs";
import { walkThrough } from "./support/scenarios.mjs";

walkThrough("oauthlib with requests-oauthlib", [python(), fileURLToPath(new URL("guests/requests_oauthlib_app.py", import.meta.url))]);
