// As tests/e2e/random.test.mjs, with more tokens and in both browsers.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { chromium, firefox, serve } from "../e2e/lib/harness.mjs";
import { joseFiles, makeTokens, missing, survey } from "../e2e/lib/random_tokens.mjs";

const seed = Number(process.env.TOKENSCOPE_SEED ?? 20261120) + 1; // Other tokens than the short test's.
let site;
before(async () => { site = await serve(undefined, { overrides: await joseFiles() }); });
after(() => site?.close());

async function check(t, browser, batches, offset) {
  try {
    const page = await browser.newPage();
    await page.goto(`${site.origin}/`);
    for (let batch = 0; batch < batches; batch += 1) {
      const items = await makeTokens(1000, seed + offset + batch); // With fresh keys each.
      const { results, noncanonical, ...wrong } = await survey(page, items, (line) => t.diagnostic(line));
      assert.deepEqual(wrong, { different: [], lenient: [], hidden: [], broken: [], intact: [] });
      assert.deepEqual(missing(results), []);
      assert.ok(noncanonical.length > 0);
    }
  } finally {
    await browser.close();
  }
}

test("10,000 random tokens in Chromium: the signature verdict is jose's", async (t) => check(t, await chromium(), 10, 0));

test("3,000 random tokens in Firefox: the signature verdict is jose's", async (t) => check(t, await firefox(), 3, 100));
