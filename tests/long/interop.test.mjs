// What npm jose and PyPI jwcrypto make, Firefox opens; what we make there, they open: every pair of algorithms.

import { firefox } from "../e2e/lib/harness.mjs";
import { bothWays } from "../e2e/lib/interop.mjs";

bothWays("Firefox", firefox);
