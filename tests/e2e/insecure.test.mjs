// Over plain http from another host a browser offers no WebCrypto: the page decodes, checks claims, and says why it
// can't verify.

import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { after, before, test } from "node:test";
import { chromium, firefox, serve, until } from "./lib/harness.mjs";
import { startIssuer, audience, sign } from "./lib/issuer.mjs";
import { open } from "./lib/page.mjs";

const now = Math.floor(Date.now() / 1000);
const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
const publicKey = JSON.stringify(pair.publicKey.export({ format: "jwk" }));
let site;
let issuer;
const browsers = {};
before(async () => {
  site = await serve();
  issuer = await startIssuer();
  browsers.Chromium = await chromium({ args: ["--host-resolver-rules=MAP team.test 127.0.0.1"] });
  browsers.Firefox = await firefox({ preferences: { "network.dns.localDomains": "team.test" } });
});
after(async () => {
  for (const browser of Object.values(browsers)) await browser.close();
  await issuer?.close();
  await site?.close();
});

const make = (payload) => sign({ iss: "https://issuer.example", aud: audience, iat: now - 7200, ...payload }, { alg: "ES256" }, pair.privateKey.export({ format: "jwk" }));

for (const name of ["Chromium", "Firefox"]) {
  test(`${name}: over http from another host the page decodes, checks claims and says why it can't verify`, async () => {
    const view = await open(browsers[name], `http://team.test:${site.port}/`);
    const { page } = view;
    assert.deepEqual(await page.evaluate(() => [isSecureContext, typeof crypto.subtle]), [false, "undefined"]);
    await view.paste(await make({ exp: now - 3600, sub: "alice" }));
    await view.fill("issuer", "https://issuer.example");
    await view.fill("audience", "api://other");
    let state = await view.verdict("rejected");
    assert.deepEqual(state.codes.fail, ["claims.audience-mismatch", "claims.expired"]);
    assert.ok(state.codes.pass.includes("claims.issuer"));
    assert.match(await page.$eval("#payload", ({ textContent }) => textContent), /alice/);
    const says = await page.$eval("#callouts", ({ textContent }) => textContent);
    assert.match(says, /can’t be verified from here/);
    assert.match(says, /plain http/);
    assert.match(says, /https|localhost/);

    // A good token with its key at hand is undecided, for that reason, and never "invalid".
    await view.paste(await make({ exp: now + 3600 }));
    await view.fill("audience", audience);
    await view.source("pasted");
    await view.fill("pasted-keys", publicKey);
    state = await view.verdict("undecided");
    assert.deepEqual(state.codes.fail, []);
    assert.ok(state.codes.skip.includes("signature.unavailable"), JSON.stringify(state.codes));
    assert.match(state.support, /not checked/);
    assert.deepEqual(view.found, { errors: [], violations: [] });

    // An example needs signing, and the page says that it can't.
    await page.click("#clear");
    await view.example("good");
    await until(() => page.$eval("#callouts", ({ textContent }) => /could not be signed/.test(textContent)), "the notice");

    // Keys can't be read from this machine's own network here, or not be used: either is said, and nothing is blank.
    await view.paste(await issuer.accessToken("ES256"));
    await view.source("issuer");
    await view.fill("issuer", issuer.issuer);
    await view.fetchKeys();
    state = await view.state();
    assert.equal(state.verdict, "undecided");
    const named = state.keys.includes("fetch.blocked-or-unreachable") || state.codes.skip.includes("signature.unavailable");
    assert.ok(named, JSON.stringify(state));
    assert.deepEqual(view.found.violations, []);
    await page.close();
  });

  test(`${name}: the API says the same`, async () => {
    const page = await browsers[name].newPage();
    await page.goto(`http://team.test:${site.port}/`);
    const report = await page.evaluate(async ([text, keys]) => {
      const { default: init, inspect } = await import("./tokenscope.js");
      await init();
      return inspect(text, { keys });
    }, [await make({ exp: now + 3600 }), publicKey]);
    const [only] = report.tokens;
    assert.deepEqual([only.signature.status, only.verdict], ["not-checked", "undecided"]);
    assert.ok(only.findings.some(({ code }) => code === "signature.unavailable"));
    await page.close();
  });
}
