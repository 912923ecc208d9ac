// Tokens of a real issuer, npm oidc-provider with keys made for this run, inspected in the page with keys that the page
// fetches through CORS: accepted when all is well, and rejected for one reason and no other when one thing is wrong.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { chromium, firefox, serve } from "./lib/harness.mjs";
import { algorithms, audience, client, newKeys, sign, startIssuer } from "./lib/issuer.mjs";
import { complained, open } from "./lib/page.mjs";

const hour = 3600;
const now = () => Math.floor(Date.now() / 1000);
let site;
let issuer;
before(async () => {
  site = await serve();
  issuer = await startIssuer();
});
after(async () => {
  await issuer?.close();
  await site?.close();
});

/** Pastes a token, types what is expected of it, and presses the button that fetches the issuer's keys. */
async function inspect(view, token, expected) {
  await view.paste(token);
  for (const [id, text] of Object.entries(expected)) {
    await view.page.click(`#${id}`);
    await view.page.type(`#${id}`, text);
  }
  const label = await view.fetchKeys();
  assert.match(label, new RegExp(`from ${new URL(issuer.issuer).origin}$`), "the button names the host");
}

/** Opens a page, inspects a token in it, and holds it to a verdict and to the codes of the checks that failed. */
async function check(browser, token, { expected, verdict, fail, signature, keys = [] }) {
  const view = await open(browser, `${site.origin}/`);
  try {
    await inspect(view, token, { issuer: issuer.issuer, audience, ...expected });
    const state = await view.verdict(verdict);
    assert.deepEqual(state.codes.fail, fail, state.headline);
    assert.deepEqual(state.codes.warn, []);
    if (signature) assert.ok(Object.values(state.codes).flat().includes(signature), `${signature} in ${JSON.stringify(state.codes)}`);
    for (const code of keys) assert.ok(state.keys.includes(code), `${code} in ${state.keys}`);
    assert.deepEqual(await complained(view), { errors: [], violations: [] });
    return state;
  } finally {
    await view.page.close();
  }
}

const accepted = { verdict: "accepted", fail: [], signature: "signature.valid" };

/** Every case of a token that is rejected: what it is, and for which one reason. */
const rejections = {
  "meant for another audience": () => ({ token: issuer.mint("RS256", (payload) => ({ ...payload, aud: "api://invoices" })),
    fail: ["claims.audience-mismatch"], signature: "signature.valid" }),
  "naming another issuer": () => ({ token: issuer.mint("PS256", (payload) => ({ ...payload, iss: "https://other.example" })),
    fail: ["claims.issuer-mismatch"], signature: "signature.valid" }),
  expired: () => ({ token: issuer.mint("ES256", (payload) => ({ ...payload, iat: now() - 2 * hour, exp: now() - hour })),
    fail: ["claims.expired"], signature: "signature.valid" }),
  "not yet valid": () => ({ token: issuer.mint("EdDSA", (payload) => ({ ...payload, nbf: now() + hour, exp: now() + 2 * hour })),
    fail: ["claims.not-yet-valid"], signature: "signature.valid" }),
  "with a payload changed after signing": () => ({ token: issuer.accessToken("RS256").then(tamper), fail: ["signature.invalid"] }),
  "signed by a key that nobody knows": () => ({ token: foreign(), fail: ["signature.invalid"] }),
  "naming a key that the issuer does not have": () => ({ token: issuer.mint("RS256", undefined, { kid: "no-such-key" }),
    fail: ["signature.no-fitting-key"], keys: ["discovery.kid-unknown-refetched"] }),
  "whose key was rotated away": () => ({ token: rotatedAway("ES256"),
    fail: ["signature.no-fitting-key"], keys: ["discovery.kid-unknown-refetched"] }),
  "with another client": () => ({ token: issuer.accessToken("RS256"), expected: { "client-id": "another-client" },
    fail: ["claims.client-mismatch"], signature: "signature.valid" }),
  "without a required scope": () => ({ token: issuer.accessToken("RS256"), expected: { scopes: "orders.write" },
    fail: ["claims.scope-missing"], signature: "signature.valid" }),
};

function tamper(token) {
  const [header, payload, signature] = token.split(".");
  const changed = { ...JSON.parse(Buffer.from(payload, "base64url")), scope: "orders.read orders.write" };
  return [header, Buffer.from(JSON.stringify(changed)).toString("base64url"), signature].join(".");
}

/** The issuer's header, with its kid, and another's signature. */
async function foreign() {
  const [header, payload] = (await issuer.accessToken("RS256")).split(".").map((part) => Buffer.from(part, "base64url"));
  return sign(JSON.parse(payload), JSON.parse(header), newKeys()[0]);
}

async function rotatedAway(algorithm) {
  const token = await issuer.accessToken(algorithm);
  await issuer.rotate();
  return token;
}

test("Chromium", async (t) => {
  const browser = await chromium();
  t.after(() => browser.close());

  for (const algorithm of algorithms) {
    await t.test(`accepts an RFC 9068 access token signed with ${algorithm}`, async () => {
      const token = await issuer.accessToken(algorithm);
      const header = JSON.parse(Buffer.from(token.split(".")[0], "base64url"));
      assert.deepEqual([header.alg, header.typ], [algorithm, "at+jwt"]);
      const asked = issuer.requests.length;
      const state = await check(browser, token, accepted);
      assert.match(state.support, /signature is valid/);
      const requests = issuer.requests.slice(asked);
      assert.deepEqual(requests.map(({ method, url }) => `${method} ${url}`), ["GET /.well-known/openid-configuration", "GET /jwks"]);
      for (const { headers } of requests) {
        assert.equal(headers.origin, site.origin, "it went through CORS");
        for (const name of ["cookie", "referer", "authorization"]) assert.equal(headers[name], undefined, name);
      }
    });
  }

  await t.test("accepts an ID token with its nonce", async () => {
    const nonce = "nonce-1234567890";
    await check(browser, await issuer.idToken(nonce), { ...accepted, expected: { audience: client, nonce } });
  });

  await t.test("rejects an ID token with another nonce", async () => {
    const expected = { audience: client, nonce: "another-nonce" };
    await check(browser, await issuer.idToken("nonce-1234567890"), { expected, verdict: "rejected", fail: ["claims.nonce-mismatch"] });
  });

  for (const [name, make] of Object.entries(rejections)) {
    await t.test(`rejects a token ${name}, for that and nothing else`, async () => {
      const { token, ...rest } = make();
      await check(browser, await token, { verdict: "rejected", ...rest });
    });
  }

  await t.test("rejects a token when another issuer is expected than the one whose keys verify it", async () => {
    const view = await open(browser, `${site.origin}/`);
    await view.paste(await issuer.accessToken("RS256"));
    await view.fill("issuer", `${issuer.issuer}/`);
    await view.fill("audience", audience);
    await view.source("url");
    await view.fill("jwks-url", issuer.jwksUri);
    await view.fetchKeys();
    const state = await view.verdict("rejected");
    assert.deepEqual(state.codes.fail, ["claims.issuer-mismatch"]);
    assert.ok(state.codes.pass.includes("signature.valid"));
    assert.match(await view.page.textContent("#checks > .fail"), /slash/, "the likely reason is named");
    await view.page.close();
  });

  await t.test("a token with a new key after a rotation is undecided, and accepted after another press", async () => {
    const view = await open(browser, `${site.origin}/`);
    await inspect(view, await issuer.accessToken("RS256"), { issuer: issuer.issuer, audience });
    await view.verdict("accepted");
    await issuer.rotate();
    const asked = issuer.requests.length;
    await view.paste(await issuer.accessToken("RS256"));
    const state = await view.verdict("undecided");
    assert.deepEqual(state.codes.fail, []);
    assert.ok(state.keys.includes("discovery.kid-unknown"), String(state.keys));
    const fetched = () => issuer.requests.slice(asked).filter(({ method }) => method === "GET").map(({ url }) => url);
    assert.deepEqual(fetched(), [], "a paste fetches nothing");
    await view.fetchKeys();
    await view.verdict("accepted");
    assert.deepEqual(await complained(view), { errors: [], violations: [] });
    await view.page.close();
  });

  await t.test("nothing expected: the keys verify it, and the verdict says what is missing", async () => {
    const view = await open(browser, `${site.origin}/`);
    await view.paste(await issuer.accessToken("RS256"));
    assert.equal(await view.fetchKeys(), `Expect and fetch from ${issuer.issuer}`);
    const state = await view.verdict("undecided");
    assert.deepEqual(state.codes.fail, []);
    assert.ok(state.codes.pass.includes("signature.valid"));
    assert.ok(state.codes.skip.includes("claims.audience-not-compared"));
    assert.match(state.headline, /audience/);
    await view.page.close();
  });
});

test("Firefox", async (t) => {
  const browser = await firefox();
  t.after(() => browser.close());

  for (const algorithm of algorithms) {
    await t.test(`accepts an RFC 9068 access token signed with ${algorithm}`, async () => {
      await check(browser, await issuer.accessToken(algorithm), accepted);
    });
  }

  await t.test("accepts an ID token with its nonce", async () => {
    await check(browser, await issuer.idToken("nonce-1"), { ...accepted, expected: { audience: client, nonce: "nonce-1" } });
  });

  for (const name of ["expired", "with a payload changed after signing", "whose key was rotated away"]) {
    await t.test(`rejects a token ${name}, for that and nothing else`, async () => {
      const { token, ...rest } = rejections[name]();
      await check(browser, await token, { verdict: "rejected", ...rest });
    });
  }
});
