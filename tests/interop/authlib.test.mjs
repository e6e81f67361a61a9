// Authlib, from PyPI.

import { fileURLToPath } from "node:url";
import { python } from "./support/child.mjs";
import { walkThrough } from "./support/scenarios.mjs";

walkThrough("Authlib", [python(), fileURLToPath(new URL("guests/authlib_app.py", import.meta.url))]);
