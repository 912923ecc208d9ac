// What the page says of 1,000 random tokens' signatures is what npm jose says of them in the same browser.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { chromium, random, serve } from "./lib/harness.mjs";
import { isCanonical, joseFiles, makeTokens, missing, survey } from "./lib/random_tokens.mjs";

const count = 1000;
let site;
let browser;
before(async () => {
  site = await serve(undefined, { overrides: await joseFiles() });
  browser = await chromium();
});
after(async () => {
  await browser?.close();
  await site?.close();
});

test(`${count} random tokens, one in three damaged: the signature verdict is jose's`, async (t) => {
  const items = await makeTokens(count);
  const page = await browser.newPage();
  await page.goto(`${site.origin}/`);
  const { results, noncanonical, ...wrong } = await survey(page, items, (line) => t.diagnostic(line));
  assert.deepEqual(wrong, { different: [], lenient: [], hidden: [], broken: [], intact: [] });

  assert.equal(results.length, count);
  const damaged = items.filter(({ damage }) => damage).length;
  assert.ok(damaged > count / 4 && damaged < count / 2, `${damaged} damaged`);
  assert.deepEqual(missing(results), []);
  assert.ok(noncanonical.length > 0, "what jose accepts beyond base64url came up");
});

test("arbitrary text around and in place of tokens: every call gives a report", async () => {
  const generator = random();
  const texts = Array.from({ length: 500 }, () => {
    const pieces = ["eyJhbGciOiJub25lIn0", ".", "e30", "Bearer ", "{\"access_token\":\"", "\u0000", "😀", "\ud800", "=", "\r\n", "%2E", "curl -H '", "#id_token=",
      generator.text(generator.below(30)), Buffer.from(generator.bytes(generator.below(30))).toString("latin1")];
    return Array.from({ length: generator.below(12) }, () => generator.pick(pieces)).join("");
  });
  const page = await browser.newPage();
  await page.goto(`${site.origin}/`);
  const outcomes = await page.evaluate(async (given) => {
    const { default: init, inspect } = await import("./tokenscope.js");
    await init();
    const outcomes = [];
    for (const text of given) {
      outcomes.push(await inspect(text, { keys: text, secret: text, issuer: text }).then(({ version }) => version, String));
    }
    return outcomes;
  }, texts);
  assert.deepEqual(outcomes.map((outcome, number) => [outcome, texts[number]]).filter(([outcome]) => outcome !== 1), []);
});

test("the test's own reading of base64url knows what is canonical", () => {
  for (const part of ["", "AA", "AAA", "AAAA", "_-8"]) assert.ok(isCanonical(part), part);
  for (const part of ["A", "AB", "AAB", "AA==", "+/8", "A A", "AAAAA", "é"]) assert.ok(!isCanonical(part), part);
});
