// The JavaScript API, `init` and `inspect(text, options)`, as any page on the same host uses it.

import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { SignJWT } from "jose";
import * as hostile from "./lib/hostile.mjs";
import { chromium, firefox, root, serve } from "./lib/harness.mjs";
import { sign, startIssuer, audience } from "./lib/issuer.mjs";
import * as objects from "./lib/objects.mjs";

const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
const privateKey = pair.privateKey.export({ format: "jwk" });
const publicKey = pair.publicKey.export({ format: "jwk" });
const secret = "a shared secret of more than 32 bytes, ä";
const now = 1_795_183_392; // 20 November 2026
const payload = {
  iss: "https://issuer.example", aud: ["api://orders", "api://invoices"], azp: "orders-app", nonce: "n-1", sub: "alice",
  scp: ["read", "write"], groups: ["admin", "staff"], tier: 2, iat: now - 60, exp: now + 60,
};
// A page of our own, without the Inspect page around it: what another team's page would be.
const bare = { type: "text/html", body: "<!doctype html><title>Another page</title>" };
let site;
let browser;
let page;
let token;
let hmac;
before(async () => {
  site = await serve(undefined, { overrides: { "/bare": bare } });
  browser = await chromium();
  page = await browser.newPage();
  await page.goto(`${site.origin}/bare`);
  token = await sign(payload, { alg: "RS256", typ: "JWT", kid: "one" }, privateKey);
  hmac = await new SignJWT(payload).setProtectedHeader({ alg: "HS256" }).sign(new TextEncoder().encode(secret));
});
after(async () => {
  await browser?.close();
  await site?.close();
});

/** Calls `inspect` in the page, and gives its report or `{ error }`. */
function inspect(text, options, where = page) {
  return where.evaluate(async ([given, chosen]) => {
    const { default: init, inspect: call } = await import("./tokenscope.js");
    await init();
    try {
      return await call(given, chosen);
    } catch (error) {
      return { error: String(error), isError: error instanceof Error };
    }
  }, [text, options]);
}

const failed = (report) => report.tokens[0].findings.filter(({ severity }) => severity === "error").map(({ code }) => code).sort();
const good = { issuer: payload.iss, audience: "api://orders", now };

/** Inspects the RS256 token with the right key, and holds the codes of what failed. */
async function check(options, codes) {
  const report = await inspect(token, { ...good, keys: publicKey, ...options });
  assert.equal(report.error, undefined);
  assert.deepEqual(failed(report), codes, JSON.stringify(options));
  assert.equal(report.tokens[0].verdict, codes.length > 0 ? "rejected" : "accepted");
  return report;
}

test("issuer and audience: a string or a list, each option can pass and fail", async () => {
  await check({}, []);
  await check({ issuer: ["https://other.example", payload.iss] }, []);
  await check({ issuer: "https://other.example" }, ["claims.issuer-mismatch"]);
  await check({ issuer: ["https://other.example", "https://third.example"] }, ["claims.issuer-mismatch"]);
  await check({ audience: ["api://nothing", "api://invoices"] }, []);
  await check({ audience: "api://nothing" }, ["claims.audience-mismatch"]);
});

test("clientId, nonce, requiredScopes and requiredClaims: each can pass and fail", async () => {
  await check({ clientId: "orders-app", nonce: "n-1", requiredScopes: ["write"], requiredClaims: [{ name: "sub" }] }, []);
  await check({ clientId: "another" }, ["claims.client-mismatch"]);
  await check({ nonce: "n-2" }, ["claims.nonce-mismatch"]);
  await check({ requiredScopes: ["read", "delete"] }, ["claims.scope-missing"]);
  await check({ requiredScopes: "read" }, []);
  await check({ requiredClaims: [{ name: "tier", value: 2 }, { name: "groups", contains: "admin" }, { name: "sub", value: "alice" }] }, []);
  await check({ requiredClaims: [{ name: "tier", value: "3" }] }, ["claims.required-value"]);
  await check({ requiredClaims: [{ name: "groups", contains: "owner" }] }, ["claims.required-contains"]);
  await check({ requiredClaims: [{ name: "tenant" }] }, ["claims.required-missing"]);
});

test("now and leeway: seconds, with the boundaries of RFC 7519", async () => {
  await check({ now: now + 59 }, []);
  await check({ now: now + 59.9 }, []);
  await check({ now: now + 60 }, ["claims.expired"]);
  await check({ now: now + 60, leeway: 1 }, []);
  await check({ now: now + 61, leeway: 1 }, ["claims.expired"]);
  await check({ now: now - 60 }, []);
  await check({ now: now - 61 }, ["claims.issued-in-future"]);
  await check({ now: now - 61, leeway: 1 }, []);
  const report = await inspect(token, { keys: publicKey });
  assert.ok(Math.abs(report.now - Date.now() / 1000) < 60, "without `now` it is the clock's");
});

test("keys: JWK and JWKS as text or object, PEM, certificate text; secret in each encoding", async () => {
  const pem = pair.publicKey.export({ format: "pem", type: "spki" });
  const set = { keys: [publicKey] };
  for (const keys of [publicKey, set, JSON.stringify(publicKey), JSON.stringify(set), pem, [publicKey]]) {
    const report = await inspect(token, { ...good, keys });
    assert.equal(report.tokens[0].signature.status, "valid", JSON.stringify(keys));
    assert.equal(report.tokens[0].signature.key.source, "pasted");
    assert.match(report.tokens[0].signature.key.thumbprint, /^[\w-]{43}$/);
  }
  const bytes = Buffer.from(secret);
  for (const [secretEncoding, text] of [["utf8", secret], ["base64", bytes.toString("base64")], ["base64url", bytes.toString("base64url")], ["hex", bytes.toString("hex")]]) {
    const report = await inspect(hmac, { ...good, secret: text, secretEncoding });
    assert.deepEqual(report.tokens[0].signature, { status: "valid", algorithm: "HS256", key: { source: "secret", kid: null, thumbprint: null } });
    const wrong = await inspect(hmac, { ...good, secret: `${text}00`, secretEncoding: "utf8" });
    assert.equal(wrong.tokens[0].signature.status, "invalid");
    assert.deepEqual(failed(wrong), ["signature.invalid"]);
  }
  assert.equal((await inspect(hmac, { ...good, secret })).tokens[0].signature.status, "valid", "UTF-8 is the default");
});

test("algorithms: the only ones to accept", async () => {
  await check({ algorithms: ["ES256", "RS256"] }, []);
  const report = await check({ algorithms: ["ES256"] }, ["signature.algorithm-not-allowed"]);
  assert.equal(report.tokens[0].signature.status, "not-checked");
});

test("an unknown option, or one of another type, is an error that names it", async () => {
  for (const [options, words] of [
    [{ audiance: "x" }, /audiance.*audience/], [{ issuer: 1 }, /issuer.*string/], [{ leeway: -1 }, /leeway/], [{ leeway: 1.5 }, /leeway/],
    [{ now: "1" }, /now.*number/], [{ fetch: "always" }, /fetch.*"never" or "issuer"/], [{ secretEncoding: "rot13" }, /secretEncoding/],
    [{ requiredClaims: [{ name: "x", is: 1 }] }, /requiredClaims\.is/], [{ requiredClaims: [{}] }, /requiredClaims/], [{ keys: 1 }, /keys/],
    [{ requiredScopes: [1] }, /requiredScopes/], ["issuer", /object/], [[], /object/], [{ fetchFrom: {} }, /fetchFrom/], [{ constructor: 1 }, /constructor/],
  ]) {
    const report = await inspect(token, options);
    assert.ok(report.isError, JSON.stringify(options));
    assert.match(report.error, words);
  }
  for (const options of [undefined, null, {}, { issuer: undefined, keys: null }]) {
    assert.equal((await inspect(token, options)).version, 1, JSON.stringify(options));
  }
});

test("what is no text is refused, and harms no later call", async () => {
  for (const given of [{}, { jws: token }, [token], 1, null, undefined, true]) {
    for (const outcome of [await inspect(given, {}), await explainResponse(given)]) {
      assert.ok(outcome.isError, JSON.stringify(given));
      assert.match(outcome.error, /expected (a|the) text/);
    }
  }
  await check({}, []);
});

test("the report has the documented fields, and no other", async () => {
  const fields = {
    report: ["comparison", "exchanges", "findings", "inputs", "keySets", "now", "tokens", "version"],
    token: ["decryption", "diagnosis", "disclosure", "findings", "foundIn", "from", "header", "headline", "issuedBy", "kind", "kindOfToken", "lifetime", "name", "nested",
      "payload", "pieces", "profile", "provider", "segments", "serverChecks", "signature", "signatures", "support", "timeline", "verdict"],
    finding: ["certainty", "code", "evidence", "explanation", "problem", "reference", "remedy", "severity", "subject"],
    signature: ["algorithm", "key", "status"],
    key: ["kid", "source", "thumbprint"],
    segment: ["bytes", "characters", "from", "role"],
    keySet: ["fetched", "findings", "keys", "source", "url"],
  };
  const names = (value) => Object.keys(value).sort();
  const report = await check({}, []);
  const [only] = report.tokens;
  assert.deepEqual(names(report), fields.report);
  assert.deepEqual(names(only), fields.token);
  for (const finding of only.findings) assert.deepEqual(names(finding), fields.finding);
  assert.deepEqual(names(only.signature), fields.signature);
  assert.deepEqual(names(only.signature.key), fields.key);
  for (const segment of only.segments) assert.deepEqual(names(segment), fields.segment);
  for (const set of report.keySets) assert.deepEqual(names(set), fields.keySet);
  assert.equal(report.version, 1);
  assert.equal(only.kind, "jws");
  assert.deepEqual([only.name, only.nested, only.decryption], [null, null, null], "what is absent is null");
  assert.deepEqual(only.signatures, [only.signature]);
  assert.deepEqual(only.segments.map(({ role }) => role), ["header", "payload", "signature"]);

  const documents = await Promise.all(["docs/report.md", "docs/why.md"].map((name) => readFile(join(root, name), "utf8")));
  const text = documents.join("");
  for (const name of new Set(Object.values(fields).flat())) assert.ok(text.includes(`\`${name}\``), `docs/ describes ${name}`);
  for (const { code } of only.findings) assert.ok(text.includes(code), `docs/ describes ${code}`);
});

test("members are read without loss: order, duplicates, numbers, escapes", async () => {
  const source = '{"b":1,"a":12345678901234567890.10e+2,"b":"\\u00e4/\\/","o":{"x":[null,true,-0]}}';
  const text = `${Buffer.from('{"alg":"none"}').toString("base64url")}.${Buffer.from(source).toString("base64url")}.`;
  const [only] = (await inspect(text, {})).tokens;
  assert.equal(only.kind, "unsecured");
  assert.deepEqual(only.payload.map(({ name, raw, type }) => [name, raw, type]), [
    ["b", "1", "number"], ["a", "12345678901234567890.10e+2", "number"], ["b", '"\\u00e4/\\/"', "string"], ["o", '{"x":[null,true,-0]}', "object"],
  ]);
  assert.equal(only.payload[2].value, "ä//");
  assert.deepEqual(only.payload[3].members[0].items.map(({ raw }) => raw), ["null", "true", "-0"]);
  assert.ok(only.findings.some(({ code }) => code === "jose.duplicate-member"));
});

test("positions count UTF-16 units, also behind characters outside the basic plane", async () => {
  const before = "Zoë says 👩‍💻🎉: ";
  const text = `${before}Bearer ${token} 😀`;
  const report = await inspect(text, { keys: publicKey });
  const [only] = report.tokens;
  const cut = ({ start, end }) => text.slice(start, end);
  assert.equal(cut(only.from), token);
  assert.deepEqual(only.pieces.map(cut), [token]);
  assert.deepEqual(only.segments.map(({ from }) => cut(from)), token.split("."));
  assert.deepEqual(only.segments.map(({ characters }) => characters), token.split(".").map(({ length }) => length));
  // A member's place holds the characters that its bytes are written with.
  const issuer = only.payload.find(({ name }) => name === "iss");
  const written = text.slice(issuer.from.start, issuer.from.end);
  const start = (issuer.from.start - only.segments[1].from.start) % 4;
  assert.ok(Buffer.from("AAAA".slice(0, start) + written, "base64url").toString().includes(payload.iss), written);
  assert.equal(only.signature.status, "valid");
});

test("nothing is fetched by default; a press of the caller's own fetches from the issuer or an address", async () => {
  const issuer = await startIssuer();
  try {
    const access = await issuer.accessToken("PS256");
    const asked = () => issuer.requests.filter(({ method, url }) => method === "GET" && /jwks|well-known/.test(url)).length;
    const expected = { issuer: issuer.issuer, audience };
    for (const options of [expected, { ...expected, fetch: "never" }]) {
      const report = await inspect(access, options);
      assert.deepEqual([asked(), report.tokens[0].verdict, report.tokens[0].signature.status], [0, "undecided", "not-checked"]);
    }
    assert.deepEqual([(await inspect(access, { fetch: "issuer" })).tokens[0].signature.status, asked()], ["not-checked", 0],
      "the token's own iss is never fetched from");

    let [only] = (await inspect(access, { ...expected, fetch: "issuer" })).tokens;
    assert.deepEqual([only.verdict, only.signature.status, only.signature.key.source, asked()], ["accepted", "valid", "issuer", 2]);
    [only] = (await inspect(access, { ...expected, fetchFrom: issuer.jwksUri })).tokens;
    assert.deepEqual([only.verdict, only.signature.status, only.signature.key.source, asked()], ["accepted", "valid", "jwks-url", 3]);
    const set = (await inspect(access, { ...expected, fetch: "issuer" })).keySets[0];
    assert.deepEqual([set.source, set.url, set.keys.length], ["issuer", issuer.jwksUri, 3]);
    assert.ok(Math.abs(set.fetched - Date.now() / 1000) < 60);
  } finally {
    await issuer.close();
  }
});

test("a token never chooses where keys are fetched from, and no address with a piece of it is asked", async () => {
  const theirs = await hostile.good({ keys: [publicKey] });
  const ours = await hostile.good({ keys: [] });
  try {
    const attack = await sign({ ...payload, iss: theirs.issuer }, { alg: "RS256", jku: theirs.jwksUri, jwk: publicKey }, privateKey);
    const report = await inspect(attack, { ...good, issuer: ours.issuer, fetch: "issuer" });
    assert.notEqual(report.tokens[0].signature.status, "valid");
    assert.equal(report.tokens[0].verdict, "rejected");
    assert.deepEqual(theirs.requests, []);

    for (const address of [`${ours.origin}/${token.split(".")[1].slice(5, 40)}`, `${ours.origin}/?t=${token.split(".")[2].slice(0, 16)}`]) {
      const before = ours.requests.length;
      const leak = await inspect(token, { fetchFrom: address });
      assert.equal(ours.requests.length, before, address);
      assert.ok(leak.keySets[0].findings.some(({ code }) => code === "discovery.address-holds-secret"), JSON.stringify(leak.keySets));
    }
  } finally {
    await theirs.close();
    await ours.close();
  }
});

test("calls run at the same time without mixing their answers", async () => {
  const other = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const issuers = [];
  for (const keys of [[publicKey], [other.publicKey.export({ format: "jwk" })]]) issuers.push(await hostile.good({ keys }));
  try {
    const tokens = await Promise.all(issuers.map(({ issuer }, number) =>
      sign({ ...payload, iss: issuer }, { alg: "RS256" }, number === 0 ? privateKey : other.privateKey.export({ format: "jwk" }))));
    const calls = Array.from({ length: 12 }, (_, number) => {
      const own = issuers[number % 2];
      const crossed = number % 3 === 0; // The other issuer's token with this issuer's name and keys.
      return [crossed ? tokens[(number + 1) % 2] : tokens[number % 2], { ...good, issuer: own.issuer, fetch: "issuer" }, !crossed];
    });
    const reports = await page.evaluate(async (given) => {
      const { default: init, inspect: call } = await import("./tokenscope.js");
      await Promise.all([init(), init()]);
      return Promise.all(given.map(([text, options]) => call(text, options)));
    }, calls);
    assert.deepEqual(reports.map(({ tokens: [one] }) => one.verdict), calls.map(([, , fits]) => (fits ? "accepted" : "rejected")));
  } finally {
    for (const issuer of issuers) await issuer.close();
  }
});

test("init takes the module's bytes or address, too, and inspect works in a worker", async () => {
  const status = await page.evaluate(async ([given, keys]) => {
    const code = `
      import init, { inspect } from "${location.origin}/tokenscope.js";
      await init({ module_or_path: await (await fetch("${location.origin}/tokenscope_bg.wasm")).arrayBuffer() });
      onmessage = async ({ data: [text, options] }) => postMessage((await inspect(text, options)).tokens[0].signature.status);
      postMessage("ready");`;
    const worker = new Worker(URL.createObjectURL(new Blob([code], { type: "text/javascript" })), { type: "module" });
    const answer = () => new Promise((done, fail) => { worker.onmessage = ({ data }) => done(data); worker.onerror = ({ message }) => fail(new Error(message)); });
    await answer();
    worker.postMessage([given, { keys }]);
    const said = await answer();
    worker.terminate();
    return said;
  }, [token, JSON.stringify(publicKey)]);
  assert.equal(status, "valid");
});

test("Firefox gives the same report", async () => {
  const fox = await firefox();
  try {
    const other = await fox.newPage();
    await other.goto(`${site.origin}/bare`);
    const options = { ...good, keys: publicKey, clientId: "orders-app" };
    const reports = await Promise.all([inspect(token, options), inspect(token, options, other)]);
    assert.deepEqual(reports[1], reports[0]);
    assert.equal(reports[0].tokens[0].verdict, "accepted");
  } finally {
    await fox.close();
  }
});

/** Calls `explainCors` in the page, and gives its result or `{ error }`. */
function explainCors(...given) {
  return page.evaluate(async (all) => {
    const { default: init, explainCors: call } = await import("./tokenscope.js");
    await init();
    try {
      return await call(...all);
    } catch (error) {
      return { error: String(error), isError: error instanceof Error };
    }
  }, given);
}

const crossing = {
  origin: "https://app.example",
  request: { method: "GET", url: "https://api.example/orders", headers: { authorization: "Bearer secretsecretsecret" } },
  preflight: { status: 204, headers: { "Access-Control-Allow-Origin": ["https://other.example"] } },
  response: null,
};

test("explainCors: an exchange, with headers as an object or as pairs", async () => {
  const explanation = await explainCors(crossing);
  assert.equal(explanation.allowed, false);
  assert.equal(explanation.preflightNeeded, true);
  assert.equal(explanation.cause, "PreflightAllowOriginMismatch");
  assert.equal(explanation.step, "preflight-cors-check-origin");
  assert.match(explanation.engineError.chromium, /'https:\/\/other\.example' that is not equal/);
  assert.equal(explanation.findings[0].code, "cors.preflight-allow-origin-mismatch");
  assert.ok(!JSON.stringify(explanation).includes("secretsecret"));
  const pairs = await explainCors({ ...crossing, preflight: { status: 204, headers: [["access-control-allow-origin", "*"], ["access-control-allow-headers", "authorization"]] } });
  assert.deepEqual([pairs.allowed, pairs.cause, pairs.outcome], [null, null, "unknown"]);
});

test("explainCors: a text, and what the text leaves open", async () => {
  const console = "Access to fetch at 'https://api.example/' from origin 'https://app.example' has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource.";
  const explanation = await explainCors(console);
  assert.deepEqual([explanation.cause, explanation.certainty, explanation.evidence], ["MissingAllowOriginHeader", "stated", "console"]);
  const asked = await explainCors("", { origin: "https://app.example", url: "https://api.example/", method: "PUT" });
  assert.deepEqual([asked.allowed, asked.preflightNeeded], [null, true]);
});

test("explainCors: what is wrong with the arguments is named", async () => {
  const check = async (expected, ...given) => {
    const { error, isError } = await explainCors(...given);
    assert.ok(isError, JSON.stringify(given));
    assert.match(error, expected);
  };
  await check(/an exchange has no request\.credentails/, { ...crossing, request: { url: "https://api.example/", credentails: "omit" } });
  await check(/expected origin to be given/, { request: { url: "https://api.example/" } });
  await check(/there is no option orign/, "text", { orign: "x" });
  await check(/expected a text, or an exchange/, 7);
});

test("the second module is loaded by the first call that needs it", async () => {
  const fresh = await browser.newPage();
  const asked = [];
  fresh.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await fresh.goto(`${site.origin}/bare`);
  await inspect(token, good, fresh);
  assert.deepEqual(asked.filter((path) => path.includes("more")), []);
  await fresh.evaluate(async () => (await import("./tokenscope.js")).explainCors(""));
  assert.deepEqual(asked.filter((path) => path.includes("more")), ["/tokenscope_more.js", "/tokenscope_more_bg.wasm"]);
  await fresh.close();
});

/** Calls `explainResponse` in the page, and gives its result or `{ error }`. */
function explainResponse(...given) {
  return page.evaluate(async (all) => {
    const { default: init, explainResponse: call } = await import("./tokenscope.js");
    await init();
    try {
      return await call(...all);
    } catch (error) {
      return { error: String(error), isError: error instanceof Error };
    }
  }, given);
}

test("explainResponse: an answer, the request and the token together", async () => {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const claims = { iss: "https://dev-1234.okta.com", aud: "https://dev-1234.okta.com", scp: ["okta.users.read"], sub: "canarycanary", cid: "0oa1", iat: 1795179600, exp: 1795183200 };
  const sent = `${part({ alg: "RS256" })}.${part(claims)}.${"A".repeat(342)}`;
  const answer = "HTTP/1.1 403 Forbidden\r\ndate: Fri, 20 Nov 2026 13:41:07 GMT\r\nx-okta-request-id: Zx7\r\ncontent-length: 0\r\n\r\n";
  const request = "GET https://dev-1234.okta.com/api/v1/groups";
  const explanation = await explainResponse(answer, { request, token: sent, now: 1795182300 });
  assert.equal(explanation.headline, "403: the token lacks `okta.groups.read`".replaceAll("`", explanation.headline.includes("`") ? "`" : ""));
  assert.equal(explanation.findings[0].code, "response.scope-missing-by-table");
  assert.equal(explanation.findings[0].certainty, "proved");
  assert.deepEqual(explanation.scopes[0], { scope: "okta.groups.read", inToken: false, needed: true, coveredBy: null });
  assert.equal(explanation.checkup.length, 8);
  assert.equal(explanation.date, 1795182067);
  assert.ok(explanation.commands.every(({ text }) => !text.includes(sent)));
  assert.ok(!JSON.stringify(explanation).includes(sent.split(".")[2]));
  assert.ok(!explanation.ticket.includes("canarycanary"));
});

test("explainResponse: registered redirect URIs as a list or as lines, and a text alone", async () => {
  const request = "https://dev-1234.okta.com/oauth2/default/v1/authorize?client_id=0oa1&response_type=code&scope=openid&state=s&redirect_uri=https%3A%2F%2Fapp.example%2Fcb%2F";
  for (const registered of ["https://app.example/cb", ["https://app.example/cb", "http://localhost:8080/cb"]]) {
    const { findings } = await explainResponse(request, { registered });
    assert.equal(findings[0].code, "response.redirect-uri-differs");
  }
  const { findings, kind } = await explainResponse('{"errorCode":"E0000095","errorSummary":"x","errorId":"oae1"}');
  assert.deepEqual([kind, findings[0].code, findings[0].certainty], ["json", "okta.E0000095", "stated"]);
  assert.equal((await explainResponse("")).kind, "nothing");
});

test("explainResponse: what is wrong with the options is named", async () => {
  for (const [expected, ...given] of [
    [/tokn/, "text", { tokn: "x" }],
    [/now/, "text", { now: "soon" }],
  ]) {
    const { error, isError } = await explainResponse(...given);
    assert.ok(isError, JSON.stringify(given));
    assert.match(error, expected);
  }
});

test("the catalogue is loaded with the first call that needs it, once", async () => {
  const fresh = await browser.newPage();
  const asked = [];
  fresh.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await fresh.goto(`${site.origin}/bare`);
  await inspect(token, good, fresh);
  const lazy = () => asked.filter((path) => /response|catalogue/.test(path)).sort();
  assert.deepEqual(lazy(), []);
  for (let call = 0; call < 2; call++) {
    await fresh.evaluate(async () => (await import("./tokenscope.js")).explainResponse(""));
    assert.deepEqual(lazy(), ["/catalogue.js", "/tokenscope_response.js", "/tokenscope_response_bg.wasm"]);
  }
  await fresh.close();
});

test("keyPassword opens an encrypted private key, as PEM and in JSON; payload is what a detached signature is over", async () => {
  const { token: encryptedToken, locked } = await objects.encrypted("words");
  for (const keys of [locked, JSON.stringify({ one: locked }), { one: locked }]) {
    const decryption = async (keyPassword) => {
      const report = await inspect(encryptedToken, { keys, keyPassword });
      return [report.tokens[0].decryption?.status, report.keySets[0].findings.map(({ code }) => code)];
    };
    assert.deepEqual((await decryption(objects.password))[0], "decrypted");
    assert.deepEqual(await decryption("another"), ["no-key", ["keys.password-wrong"]]);
    assert.deepEqual(await decryption(undefined), ["no-key", ["keys.password-missing"]]);
  }
  for (const unencoded of [true, false]) {
    const detached = objects.detached("any text", { unencoded });
    const status = async (payload) => (await inspect(detached, { secret: objects.secret, payload })).tokens[0].signature.status;
    assert.deepEqual([await status("any text"), await status("any text "), await status(undefined)], ["valid", "invalid", "not-checked"]);
  }
});
