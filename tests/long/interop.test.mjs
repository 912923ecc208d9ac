// As tests/e2e/interop.test.mjs, with twenty cases of every pair of algorithms; Firefox, which has the same core and other
// primitives, with five.

import { chromium, firefox } from "../e2e/lib/harness.mjs";
import { bothWays } from "../e2e/lib/interop.mjs";

bothWays("Chromium", chromium, 20);
bothWays("Firefox", firefox, 5);
