// The snippet in real consoles: what its probes find in each situation of the decision order, in Chromium and in Firefox.
//
// The native test `cors_evidence` concludes from the results as recorded in tests/corpus/cors_probes. `TOKENSCOPE_RECORD`
// names a folder to record them anew in; what is concluded stays to be written above each.

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { chromium, firefox, root } from "./lib/harness.mjs";

const record = process.env.TOKENSCOPE_RECORD;

let template;
let page;
let api;
let closedPort;

const listen = (handler) =>
  new Promise((done) => {
    const server = createServer(handler);
    server.listen(0, "127.0.0.1", () => {
      const close = () => {
        server.closeAllConnections();
        return new Promise((closed) => server.close(closed));
      };
      done({ origin: `http://127.0.0.1:${server.address().port}`, port: server.address().port, close });
    });
  });

/** The servers' answers by path: status and headers, or a function of the request. `APP` is the page's origin. */
const answers = {
  "/ok": { headers: { "access-control-allow-origin": "*" } },
  "/none": {},
  "/mismatch": { headers: { "access-control-allow-origin": "https://other.example" } },
  "/redirect-ok": { status: 302, headers: { location: "/ok", "access-control-allow-origin": "*" } },
  "/redirect-none": { status: 302, headers: { location: "/ok" } },
  "/redirect-refused": { status: 302, headers: { location: "/none", "access-control-allow-origin": "*" } },
  "/options-refused": ({ method }) =>
    method === "OPTIONS" ? { status: 405 } : { headers: { "access-control-allow-origin": "*" } },
  "/echo": ({ headers }) => ({
    headers: {
      "access-control-allow-origin": headers.origin ?? "null",
      "access-control-allow-credentials": "true",
      "access-control-allow-headers": "authorization, x-trace",
      "access-control-allow-methods": "GET, PUT",
    },
  }),
  // Without `Vary: Origin` the answer to a request without an origin is stored for those that have one.
  "/poisoned": ({ headers }) => ({
    headers: {
      "cache-control": "public, max-age=600",
      ...(headers.origin ? { "access-control-allow-origin": headers.origin } : {}),
    },
  }),
  "/corp": { headers: { "cross-origin-resource-policy": "same-origin" } },
};

const seen = [];

before(async () => {
  template = await readFile(join(root, "src/data/snippet.js"), "utf8");
  page = await listen((request, response) => {
    const policy = request.url === "/csp" ? { "content-security-policy": "connect-src 'self'" } : {};
    response.writeHead(200, { "content-type": "text/html", ...policy }).end("<!doctype html><title>App</title>");
  });
  api = await listen((request, response) => {
    seen.push({ method: request.method, url: request.url, headers: request.headers });
    const known = answers[request.url] ?? {};
    const { status = 200, headers = {} } = typeof known === "function" ? known(request) : known;
    const cache = headers["cache-control"] ? {} : { "cache-control": "no-store" };
    response.writeHead(status, { "content-type": "application/json", ...cache, ...headers }).end("{}");
  });
  const closed = await listen(() => {});
  closedPort = closed.port;
  await closed.close();
});
after(async () => {
  await page?.close();
  await api?.close();
});

/** The snippet with its places filled in, as `cors::snippet` fills them. */
function snippet(url, { method = "GET", headers = [], credentials = "omit" } = {}) {
  return template
    .replace('/*url*/ ""', JSON.stringify(url))
    .replace('/*method*/ "GET"', JSON.stringify(method))
    .replace("/*headers*/ []", JSON.stringify(headers))
    .replace('/*credentials*/ "include"', JSON.stringify(credentials));
}

/** What the probes find, by kind: a status, or a word. Where the browsers differ there are two. */
const situations = [
  { name: "ok", find: { plain: 200, reload: 200, manual: 200, noCors: "opaque" } },
  { name: "none", find: { plain: "failed", reload: "failed", manual: "failed", noCors: "opaque" } },
  { name: "mismatch", find: { plain: "failed", reload: "failed", manual: "failed", noCors: "opaque" } },
  { name: "redirect-ok", find: { plain: 200, reload: 200, manual: "opaqueredirect", noCors: "opaque" } },
  { name: "redirect-none", find: { plain: "failed", reload: "failed", manual: "failed", noCors: "opaque" } },
  { name: "redirect-refused", find: { plain: "failed", reload: "failed", manual: "opaqueredirect", noCors: "opaque" } },
  {
    name: "options-refused",
    with: { headers: ["Authorization"] },
    find: { plain: 200, reload: 200, manual: 200, custom: "failed", noCors: "opaque" },
  },
  {
    name: "echo",
    with: { headers: ["Authorization", "X-Trace"], method: "PUT", credentials: "include" },
    find: { plain: 200, reload: 200, manual: 200, custom: 200, credentials: 200, noCors: "opaque" },
  },
  {
    name: "star-credentials",
    path: "/ok",
    with: { credentials: "include" },
    find: { plain: 200, reload: 200, manual: 200, credentials: "failed", noCors: "opaque" },
  },
  { name: "poisoned", first: true, find: { plain: "failed", reload: 200, manual: 200, noCors: "opaque" } },
  {
    name: "corp",
    find: { plain: "failed", reload: "failed", manual: "failed", noCors: "failed", noCorsElsewhere: "opaque" },
  },
  {
    name: "refused",
    url: () => `http://127.0.0.1:${closedPort}/`,
    find: { plain: "failed", reload: "failed", manual: "failed", noCors: "failed", noCorsElsewhere: "failed" },
  },
  {
    name: "blocked-port",
    url: () => "http://127.0.0.1:6667/",
    find: { plain: "failed", reload: "failed", manual: "failed", noCors: "failed", noCorsElsewhere: "failed" },
  },
  {
    name: "policy",
    at: "/csp",
    path: "/ok",
    find: { plain: "failed", reload: "failed", manual: "failed", noCors: "failed", noCorsElsewhere: "failed" },
    policy: "connect-src",
  },
];

for (const [name, start] of [
  ["chromium", chromium],
  ["firefox", firefox],
]) {
  test(`${name}: the snippet's probes find what there is`, async (t) => {
    const browser = await start();
    try {
      for (const situation of situations) {
        const tab = await browser.newPage();
        const printed = [];
        tab.on("console", (message) => printed.push(message.text()));
        await tab.goto(`${page.origin}${situation.at ?? "/"}`);
        const url = situation.url?.() ?? `${api.origin}${situation.path ?? `/${situation.name}`}`;
        if (situation.first) await tab.evaluate(`fetch(${JSON.stringify(url)}, { mode: "no-cors" }).then(() => 1)`);
        seen.length = 0;
        const json = await tab.evaluate(snippet(url, situation.with));
        const run = JSON.parse(json);
        assert.equal(run.origin, page.origin, situation.name);
        assert.equal(run.url, url);
        assert.equal(run.engine, name);
        assert.equal(run.offline, false);
        assert.ok(json.startsWith('{"tokenscope":"cors-probe","version":1,'));
        assert.ok(printed.some((line) => line.includes(json)), `${situation.name}: it is printed`);
        const found = run.probes.map(({ kind, result, status }) => [kind, result === "read" ? status : result]);
        assert.deepEqual(Object.fromEntries(found), situation.find, `${situation.name}: ${json}`);
        const policies = run.probes.filter(({ policy }) => policy).map(({ policy }) => policy);
        assert.equal(policies.length > 0, Boolean(situation.policy), situation.name);
        if (situation.policy) assert.deepEqual([...new Set(policies)], [situation.policy]);
        // Nothing was sent that changes anything, and no token.
        assert.deepEqual(seen.filter(({ method }) => !["GET", "OPTIONS"].includes(method)), [], situation.name);
        const tokens = seen.map(({ headers }) => headers.authorization).filter(Boolean);
        assert.deepEqual(tokens.filter((token) => token !== "Bearer probe"), [], situation.name);
        if (situation.name === "echo") assert.equal(tokens.length, 1);
        if (record) {
          const fixed = json.replaceAll(page.origin, "http://127.0.0.1:4601").replaceAll(api.origin, "http://127.0.0.1:4602");
          const text = fixed.replaceAll(`:${closedPort}/`, ":4699/").replaceAll(/"elapsed":\d+/g, '"elapsed":12');
          await writeFile(join(record, `${situation.name}-${name}.txt`), `---\n${text}\n`);
        }
        await tab.close();
      }
    } finally {
      await browser.close();
    }
    t.diagnostic(`${situations.length} situations`);
  });
}
