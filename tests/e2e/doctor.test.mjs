// The signature doctor in real browsers, with WebCrypto instead of the tests' own implementation: through the JavaScript
// API, as other pages call it.

import assert from "node:assert/strict";
import { createHmac, generateKeyPairSync, sign as signBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { chromium, firefox, serve, vectors } from "./lib/harness.mjs";

const fixtureFile = vectors && join(vectors, "signature-fixtures.json");
const bare = { type: "text/html", body: "<!doctype html><title>Another page</title>" };
const now = 1_763_601_000;
let site;
before(async () => (site = await serve(undefined, { overrides: { "/bare": bare } })));
after(() => site?.close());

for (const [name, launch] of [["Chromium", chromium], ["Firefox", firefox]]) {
  describe(name, () => {
    let browser;
    let page;
    before(async () => {
      browser = await launch();
      page = await browser.newPage();
      await page.goto(`${site.origin}/bare`);
    });
    after(() => browser?.close());

    /** The first token of the report. */
    const inspect = async (text, options) => {
      const [report, longest] = await page.evaluate(async ([given, chosen]) => {
        const { default: init, inspect: call } = await import("./tokenscope.js");
        await init();
        // How long others had to wait: a timer that should fire at once, over and over.
        let longest = 0;
        let over = false;
        let last = performance.now();
        const tick = () => {
          const at = performance.now();
          longest = Math.max(longest, at - last);
          last = at;
          if (!over) setTimeout(tick);
        };
        setTimeout(tick);
        await new Promise((done) => setTimeout(done, 20));
        const report = await call(given, chosen);
        over = true;
        return [report, Math.max(longest, performance.now() - last)];
      }, [text, { now, ...options }]);
      return { ...report.tokens[0], longest };
    };
    const proved = (token) => token.findings.filter(({ code, certainty, severity }) =>
      code.startsWith("signature.") && certainty === "proved" && severity !== "ok" && !general.includes(code)).map(({ code }) => code);

    test("every fixture has the cause that it was made with, and no other is claimed as proved", { skip: !fixtureFile && "no vectors beside the project" }, async (t) => {
      const { fixtures } = JSON.parse(await readFile(fixtureFile, "utf8"));
      for (const { id, cause, token: text, key, key_format: format } of fixtures) {
        const token = await inspect(text, format === "secret-text" ? { secret: key } : { keys: key });
        const around = ["none", "prefix", "line-breaks"].includes(cause);
        t.diagnostic(`${id}: ${token.signature.status}, ${token.diagnosis?.cause ?? "no diagnosis"}, ${token.longest.toFixed(0)} ms`);
        if (around) {
          assert.equal(token.signature.status, "valid", id);
          assert.equal(token.diagnosis, null, id);
          if (cause !== "none") assert.ok(token.findings.some(({ code }) => code === `signature.${cause}`), id);
          continue;
        }
        assert.notEqual(token.signature.status, "valid", id);
        assert.notEqual(token.verdict, "accepted", id);
        assert.equal(token.diagnosis?.cause, `signature.${cause}`, id);
        assert.deepEqual(proved(token).filter((code) => code !== `signature.${cause}`), [], id);
        assert.ok(token.findings.some(({ code, remedy, reference }) => code === `signature.${cause}` && remedy && reference), id);
      }
    });

    test("what the doctor tries is bounded, and nobody waits for it", async (t) => {
      const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
      const big = { iss: "https://issuer.example", groups: Array.from({ length: 4000 }, (_, number) => `group-${number}`) };
      const hmac = `${encode({ alg: "HS256" })}.${encode(big)}`;
      const signature = createHmac("sha256", "the real secret").update(hmac).digest("base64url");
      const keys = Array.from({ length: 24 }, (_, number) => ({ ...generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey.export({ format: "jwk" }), kid: `k${number}` }));
      const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
      const rsa = `${encode({ alg: "RS256", kid: "k1" })}.${encode(big)}`;
      const cases = {
        "a wrong secret": [`${hmac}.${signature}`, { secret: "another secret" }],
        "24 keys and none of them": [`${rsa}.${signBytes("sha256", Buffer.from(rsa), privateKey).toString("base64url")}`, { keys: { keys } }],
      };
      for (const [what, [text, options]] of Object.entries(cases)) {
        const begun = performance.now();
        const token = await inspect(text, options);
        t.diagnostic(`${what}: ${token.diagnosis.tests} tests in ${(performance.now() - begun).toFixed(0)} ms, ${token.diagnosis.cause}, longest wait ${token.longest.toFixed(0)} ms`);
        assert.equal(token.signature.status, "invalid", what);
        assert.equal(token.diagnosis.left, 0, what);
        assert.ok(token.diagnosis.tests > 10 && token.diagnosis.tests < 3000, `${what}: ${token.diagnosis.tests} tests`);
      }
    });
  });
}

/** What the first verdict says of a signature, which names no cause. */
const general = ["signature.invalid", "signature.no-key-fits", "signature.no-key", "signature.no-fitting-key", "signature.length", "signature.key-type", "signature.not-base64url"];
