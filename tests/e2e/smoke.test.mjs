// The built page opens in both browsers without a console error or a violation of its policy.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe, chromium, complaints, firefox, serve, until } from "./lib/harness.mjs";

let site;
before(async () => {
  site = await serve();
});
after(() => site.close());

async function check(page, goto) {
  const found = await complaints(page);
  await page.goto(`${site.origin}/`, goto);
  await page.evaluate(() => import("./boot.js")); // Resolves when the module has started.
  assert.equal(await page.evaluate(() => document.getElementById("not-started").hidden), true);
  assert.deepEqual(found, { errors: [], violations: [] });

  // A violation must be seen when there is one, or their absence says nothing.
  const blocked = page.evaluate(() => {
    document.createElement("div").innerHTML = "<b>";
  });
  await assert.rejects(blocked, /TrustedHTML|Trusted Type|innerHTML/);
  await until(() => found.violations.length > 0, "the violation is reported");
  return axe(page);
}

test("Chromium opens the page without a complaint", async () => {
  const browser = await chromium();
  try {
    assert.deepEqual(await check(await browser.newPage(), { waitUntil: "load" }), []);
  } finally {
    await browser.close();
  }
});

test("Firefox opens the page without a complaint", async () => {
  const browser = await firefox();
  try {
    assert.deepEqual(await check(await browser.newPage(), { waitUntil: "load" }), []);
  } finally {
    await browser.close();
  }
});
