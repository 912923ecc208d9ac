// What npm jose and PyPI jwcrypto make, Chromium opens; what we make there, they open: every pair of algorithms.

import { chromium } from "./lib/harness.mjs";
import { bothWays, leavesNoneOut } from "./lib/interop.mjs";

bothWays("Chromium", chromium);
leavesNoneOut();
