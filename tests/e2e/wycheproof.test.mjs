// Wycheproof's four JOSE files in both browsers: each case as it says, or named with its reason among the exceptions. An
// exception that is none any more fails as well.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { chromium, firefox, root, serve, vectors } from "./lib/harness.mjs";

const files = ["signature", "encryption", "key", "crypto"];
const leastAgreeing = 640;

const browsers = {};
let site;
before(async () => {
  site = await serve();
  browsers.Chromium = await chromium();
  browsers.Firefox = await firefox();
});
after(async () => {
  for (const browser of Object.values(browsers)) await browser.close();
  await site?.close();
});

/** Every case: its name, its token, the key for it, and what must come of it. */
async function cases() {
  const all = [];
  for (const file of files) {
    const { testGroups } = JSON.parse(await readFile(`${vectors}/wycheproof/json_web_${file}_test.json`, "utf8"));
    for (const { private: secret, public: shared, tests } of testGroups) {
      for (const { tcId, jws, jwe, pt, result } of tests) {
        const token = jws ?? jwe;
        all.push({ name: `json_web_${file}_test ${tcId}`, token: typeof token === "string" ? token : JSON.stringify(token), encrypted: jws === undefined, keys: JSON.stringify((jws && shared) || secret), plaintext: pt, result });
      }
    }
  }
  return all;
}

/** What is known against a key refuses a token whose signature is good. */
const refused = ["keys.too-small", "keys.kid-twice", "keys.roca", "beyond.keys-mixed"];

/**
 * What the page's own module says of each: "valid" or "invalid", and why. A valid case is a compact token and nothing else
 * (RFC 7519 §1), with nothing known against its keys, that verifies, or that opens to what was put in.
 */
async function judge(page, all) {
  return page.evaluate(async ([all, refused]) => {
    const { default: init, inspect } = await import("./tokenscope.js");
    await init();
    const hex = (text) => [...new TextEncoder().encode(text)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    const judged = [];
    for (const { token, keys, encrypted, plaintext } of all) {
      const { tokens, keySets } = await inspect(token, { keys });
      const [found] = tokens;
      const codes = [...keySets, ...tokens].flatMap(({ findings }) => findings).map(({ code }) => code);
      const whole = found?.pieces.length === 1 && found.from.start === 0 && found.from.end === token.length && !token.startsWith("{");
      const opened = () => found.decryption?.status === "decrypted" && (plaintext === undefined || hex(found.decryption.text) === plaintext);
      const good = whole && !codes.some((code) => refused.includes(code)) && (encrypted ? opened() : found.signature.status === "valid");
      judged.push({ result: good ? "valid" : "invalid", why: [found?.signature.status, found?.decryption?.status, ...codes].filter(Boolean).join(" ") });
    }
    return judged;
  }, [all, refused]);
}

for (const name of ["Chromium", "Firefox"]) {
  test(`${name}: Wycheproof's JOSE cases, at least ${leastAgreeing} of 649 as they say, the rest named with their reasons`, { skip: vectors ? false : "test vectors are absent" }, async (t) => {
    const exceptions = JSON.parse(await readFile(`${root}/tests/data/wycheproof-exceptions.json`, "utf8"));
    const all = await cases();
    assert.equal(all.length, 649);
    const page = await browsers[name].newPage();
    await page.goto(`${site.origin}/`);
    const judged = await judge(page, all);
    await page.close();

    const deviating = all.flatMap((one, number) => (judged[number].result === one.result ? [] : [{ ...one, why: judged[number].why }]));
    t.diagnostic(`${all.length - deviating.length} of ${all.length} as they say`);
    const unnamed = deviating.filter((one) => !exceptions[one.name]).map((one) => `${one.name}: ${one.result} expected; ${one.why}`);
    const stale = Object.keys(exceptions).filter((named) => !deviating.some((one) => one.name === named));
    for (const line of unnamed) t.diagnostic(`  ${line}`);
    assert.deepEqual({ unnamed, stale }, { unnamed: [], stale: [] });
    assert.ok(all.length - deviating.length >= leastAgreeing);
  });
}
