// What npm jose and PyPI jwcrypto make, we open; what we make, they open: every pair of algorithms, two cases each
// with fresh keys.

import { chromium, firefox } from "./lib/harness.mjs";
import { bothWays, leavesNoneOut } from "./lib/interop.mjs";

bothWays("Chromium", chromium, 2);
bothWays("Firefox", firefox, 2);
leavesNoneOut();
