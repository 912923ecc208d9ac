// Issuers that go wrong in one way each: the page names it as far as script can know, stays usable, and takes the keys by
// hand afterwards. What script can't tell apart shares a finding that lists the candidates and the next test.

import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { after, before, test } from "node:test";
import * as hostile from "./lib/hostile.mjs";
import { chromium, firefox, serve, until } from "./lib/harness.mjs";
import { sign } from "./lib/issuer.mjs";
import { complained, open } from "./lib/page.mjs";

const audience = "api://orders";
const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
const privateKey = { ...pair.privateKey.export({ format: "jwk" }), kid: "own" };
const publicKey = { ...pair.publicKey.export({ format: "jwk" }), kid: "own", use: "sig", alg: "ES256" };
let site;
before(async () => { site = await serve(); });
after(() => site?.close());

const unreadable = { keys: ["fetch.blocked-or-unreachable"], says: [/Candidates: .*Access-Control-Allow-Origin.*redirect.*DNS.*extension/s, /new tab/, /curl -i -H 'Origin: http/] };

/**
 * Every hostile issuer: how it is started; the codes about the keys that must come and no other, `keys` (what went well is
 * not listed in the page); what the words must hold, `says`; the verdict; and what the second button brings, `follow`.
 */
const cases = {
  "no CORS header": { start: hostile.noCors, ...unreadable },
  "a CORS header for another origin": { start: hostile.corsForAnother, ...unreadable },
  "a redirect without a CORS header": { start: (options) => hostile.redirectLoop({ ...options, cors: false }), ...unreadable },
  "connection refused": { start: hostile.refused, ...unreadable, firefox: ["fetch.blocked-or-unreachable", "fetch.no-response"] },
  "404": { start: hostile.status404, keys: ["discovery.no-metadata", "fetch.not-found"], says: [/404/] },
  "500": { start: hostile.status500, keys: ["fetch.server-error"], says: [/500/] },
  "401": { start: hostile.status401, keys: ["fetch.forbidden"], says: [/401/] },
  "HTML instead of JSON": { start: hostile.html, keys: ["discovery.no-metadata", "fetch.html"], says: [/web page/] },
  "metadata of another issuer": { start: hostile.issuerMismatch, keys: ["discovery.issuer-mismatch"] },
  "a key set without a fitting key": { start: hostile.noFittingKey, keys: ["discovery.kid-unknown-refetched"],
    verdict: "rejected", fail: ["signature.no-fitting-key"] },
  "an empty key set": { start: hostile.noKeys, keys: ["discovery.no-keys", "keys.set-empty"],
    verdict: "rejected", fail: ["signature.no-fitting-key"] },
  "a key set of 20 MB": { start: hostile.hugeJwks, keys: ["fetch.too-large"], says: [/1048576|1,048,576|1 MiB/] },
  "a hang before the metadata": { start: hostile.hang, keys: ["fetch.timeout"], says: [/10 s/] },
  "a hang before the keys": { start: (options) => hostile.hang({ ...options, at: "keys" }), keys: ["fetch.timeout"] },
  "a hang in the middle of the keys": { start: (options) => hostile.hang({ ...options, at: "body" }), keys: ["fetch.timeout"] },
  "a key set that breaks off": { start: hostile.brokenOff, keys: ["fetch.broken-off"] },
  "a redirect loop": { start: hostile.redirectLoop, keys: ["fetch.redirect"], follow: { keys: ["fetch.redirect-failed"] } },
  "a redirect": { start: hostile.redirectOnce, keys: ["fetch.redirect"], follow: { verdict: "accepted" } },
  "keys on another host": { start: hostile.otherOrigin, keys: ["discovery.other-origin"], follow: { verdict: "accepted" } },
};

async function check(browser, name, engine) {
  const { start, keys, says = [], verdict = "undecided", fail = [], follow, ...rest } = cases[name];
  const issuer = await start({ keys: [publicKey] });
  const view = await open(browser, `${site.origin}/`);
  try {
    const payload = { iss: issuer.issuer, aud: audience, sub: "alice", iat: now(), exp: now() + 3600 };
    await view.paste(await sign(payload, { alg: "ES256", kid: "own" }, privateKey));
    await view.fill("issuer", issuer.issuer);
    await view.fill("audience", audience);
    assert.equal(await view.fetchKeys(), `Fetch keys from ${issuer.origin}`);
    let state = await view.verdict(verdict);
    assert.deepEqual(state.codes.fail, fail);
    assert.deepEqual(state.keys, [...(rest[engine] ?? keys)].sort());
    const words = await view.page.$eval("#sets", (element) => element.textContent);
    for (const expected of says) assert.match(words, expected);
    await notBlank(view, state);
    for (const { method, bytes, headers } of issuer.requests) {
      assert.deepEqual([method, bytes, headers.cookie, headers.referer, headers.authorization], ["GET", 0, undefined, undefined, undefined]);
    }

    if (follow) {
      await view.page.waitForSelector("#fetch-other:not([hidden])");
      await view.press("fetch-other");
      if (follow.verdict) await view.verdict(follow.verdict);
      else await until(async () => (await view.state()).keys.join() === follow.keys.join(), `codes ${follow.keys}`, 10);
      await notBlank(view, await view.state());
      if (follow.verdict === "accepted") return;
    }

    // The way out that always works: the JSON, by hand.
    await view.source("pasted");
    await view.fill("pasted-keys", JSON.stringify({ keys: [publicKey] }));
    state = await view.verdict("accepted");
    assert.deepEqual(state.codes.fail, []);
    assert.ok(state.codes.pass.includes("signature.valid"));
    assert.deepEqual(view.found.violations, []);
    assert.deepEqual(view.found.errors.filter((text) => !expectedNoise(text, issuer)), []);
  } finally {
    await view.page.close();
    await issuer.close();
  }
}

/** The page still shows the token, and all of its parts. */
async function notBlank(view, state) {
  assert.equal(state.state, "found");
  assert.ok(state.headline.length > 10 && state.support.length > 10, state.headline);
  const text = (id) => view.page.$eval(`#${id}`, (element) => element.textContent);
  assert.match(await text("header"), /ES256/);
  assert.match(await text("payload"), /api:\/\/orders/);
  assert.ok(Object.values(state.codes).flat().length >= 5);
}

/** Browsers write failed requests to the console themselves; nothing else may stand there. */
function expectedNoise(text, issuer) {
  return text.includes(issuer.origin) || (issuer.keysOrigin && text.includes(issuer.keysOrigin))
    || /^Failed to load resource: |^Access to fetch at /.test(text);
}

const now = () => Math.floor(Date.now() / 1000);

for (const [engine, launch] of Object.entries({ chromium, firefox })) {
  test(engine, { concurrency: 4 }, async (t) => {
    const browser = await launch();
    t.after(() => browser.close());
    // Together: some of them wait out ten seconds.
    await Promise.all(Object.keys(cases).map((name) => t.test(name, () => check(browser, name, engine))));

    await t.test("a copy in the cache that no page may read is told from a missing header", async () => {
      const issuer = await hostile.forgetsVary({ keys: [publicKey] });
      // What puts the copy there differs: a tab in Chromium, a probe without CORS in Firefox.
      const profile = await browser.newContext?.() ?? browser; // Playwright gives each page a cache of its own otherwise.
      const tab = await profile.newPage();
      if (engine === "chromium") await tab.goto(issuer.poison);
      const view = await open(profile, `${site.origin}/`);
      if (engine === "firefox") await view.page.evaluate((address) => fetch(address, { mode: "no-cors" }).then(() => {}), issuer.poison);
      try {
        await view.paste(await sign({ iss: issuer.issuer, aud: audience, exp: now() + 60 }, { alg: "ES256", kid: "own" }, privateKey));
        await view.fill("issuer", issuer.issuer);
        await view.fill("audience", audience);
        await view.fetchKeys();
        const state = await view.verdict("accepted");
        assert.deepEqual(state.keys, ["fetch.poisoned-cache"]);
      } finally {
        await tab.close();
        await view.page.close();
        await issuer.close();
      }
    });

    await t.test("a good issuer, to compare them with", async () => {
      const issuer = await hostile.good({ keys: [publicKey] });
      const view = await open(browser, `${site.origin}/`);
      try {
        await view.paste(await sign({ iss: issuer.issuer, aud: audience, exp: now() + 60 }, { alg: "ES256", kid: "own" }, privateKey));
        await view.fill("issuer", issuer.issuer);
        await view.fill("audience", audience);
        await view.fetchKeys();
        const state = await view.verdict("accepted");
        assert.deepEqual(state.keys, []);
        assert.deepEqual(await complained(view), { errors: [], violations: [] });
      } finally {
        await view.page.close();
        await issuer.close();
      }
    });
  });
}
