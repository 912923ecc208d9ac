// What the model decides about a request to another origin is what browsers do: thousands of random requests and answers,
// most of them near a border, in Chromium and in Firefox.
//
// Compared for each: what script gets, the preflight of every hop with its method and header names, every request with its
// method and Origin, the headers that script may read, and for Chromium the cause and its parameter. TOKENSCOPE_CORS_CASES
// sets how many.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { chromium, dist, firefox, random, until } from "./lib/harness.mjs";
import { makeCase } from "./lib/cors_cases.mjs";
import { startCorsServer } from "./lib/cors_server.mjs";

const count = Number(process.env.TOKENSCOPE_CORS_CASES ?? 10_000);
const batch = 500;
const everyCause = ["WildcardOriginNotAllowed", "MissingAllowOriginHeader", "MultipleAllowOriginValues", "InvalidAllowOriginValue", "AllowOriginMismatch", "InvalidAllowCredentials"]
  .flatMap((name) => [name, `Preflight${name}`])
  .concat(["DisallowedByMode", "CorsDisabledScheme", "PreflightInvalidStatus", "PreflightDisallowedRedirect", "InvalidAllowMethodsPreflightResponse", "InvalidAllowHeadersPreflightResponse",
    "MethodDisallowedByPreflightResponse", "HeaderDisallowedByPreflightResponse", "RedirectContainsCredentials", "NoCorsRedirectModeNotFollow"]);
let server;
let model;
before(async () => {
  server = await startCorsServer();
  model = await import(`${dist}/tokenscope_more.js`);
  model.initSync({ module: await readFile(`${dist}/tokenscope_more_bg.wasm`) });
});
after(() => server?.close());

test(`Chromium decides ${count} random requests as the model does`, { timeout: 300_000 }, async (t) => {
  const browser = await chromium();
  try {
    await compare(t, "chromium", browser, async (page) => {
      const session = await page.context().newCDPSession(page);
      await session.send("Network.enable");
      await session.send("Audits.enable");
      const ids = new Map();
      const causes = new Map();
      session.on("Network.requestWillBeSent", ({ requestId, request, type }) => {
        const id = /\/c\/(\d+)\//.exec(request.url)?.[1];
        if (id && type === "Fetch") ids.set(requestId, Number(id));
      });
      session.on("Network.loadingFailed", ({ requestId, corsErrorStatus }) => {
        if (ids.has(requestId) && corsErrorStatus) causes.set(ids.get(requestId), corsErrorStatus);
      });
      // What is refused before anything is sent is no network event.
      session.on("Audits.issueAdded", ({ issue: { code, details } }) => {
        const { corsErrorStatus, request, isWarning } = details.corsIssueDetails ?? {};
        const id = Number(/\/c\/(\d+)\//.exec(request?.url)?.[1]);
        if (code === "CorsIssue" && !isWarning && !causes.has(id)) causes.set(id, corsErrorStatus);
      });
      return causes;
    });
  } finally {
    await browser.close();
  }
});

test(`Firefox decides ${count} random requests as the model does`, { timeout: 300_000 }, async (t) => {
  const browser = await firefox();
  try {
    await compare(t, "firefox", browser, async () => null);
  } finally {
    await browser.close();
  }
});

/** How many preflights two equal requests have, by `Access-Control-Max-Age`; tests/cors_algorithm.rs has the seconds. */
const preflightsOfTwo = [
  [null, { chromium: 1, firefox: 1 }],
  ["", { chromium: 1, firefox: 1 }],
  ["0", { chromium: 2, firefox: 2 }],
  ["10", { chromium: 1, firefox: 1 }],
  ["-1", { chromium: 2, firefox: 2 }],
  ["ten", { chromium: 1, firefox: 2 }],
];

for (const [engine, launch] of [["chromium", chromium], ["firefox", firefox]]) {
  test(`${engine} keeps the answer to a preflight as long as the model says`, { timeout: 60_000 }, async () => {
    const browser = await launch();
    try {
      const page = await browser.newPage();
      await page.goto(`http://127.0.0.1:${server.ports[0]}/`);
      /** Sends two equal requests, and says how many preflights and requests came. */
      const two = async (id, age) => {
        const headers = [["Access-Control-Allow-Origin", "*"], ["Access-Control-Allow-Headers", "x-a"], ["Content-Length", "0"]];
        const preflight = { status: 200, headers: [...headers, ...(age === null ? [] : [["Access-Control-Max-Age", age]])] };
        server.put(id, [{ preflight, response: { status: 200, headers } }]);
        await page.evaluate(async (url) => {
          for (const value of ["1", "2"]) await fetch(url, { headers: { "x-a": value } });
        }, `http://127.0.0.1:${server.ports[1]}/c/${id}/0`);
        const [{ preflights, requests }] = server.seen(id);
        return [preflights.length, requests.length];
      };
      // Firefox keeps nothing in the first moments after it started.
      let id = 0;
      await until(async () => (await two(id++, "60"))[0] === 1, "a preflight that is kept");
      for (const [age, expected] of preflightsOfTwo) assert.deepEqual(await two(id++, age), [expected[engine], 2], String(age));
    } finally {
      await browser.close();
    }
  });
}

/** Runs the cases in a page, batch by batch, and holds what happened against the model. */
async function compare(t, engine, browser, watch) {
  const origin = `http://127.0.0.1:${server.ports[0]}`;
  const generator = random();
  const [outcomes, counts, wrong] = [{}, {}, []];
  let milliseconds = 0;
  let causes;
  for (let first = 0; first < count; first += batch) {
    const cases = Array.from({ length: Math.min(batch, count - first) }, (_, at) =>
      makeCase(generator, first + at, origin, server.ports, { external: engine === "chromium" }),
    );
    const page = await browser.newPage();
    await page.goto(`${origin}/`);
    causes = await watch(page);
    server.clear();
    for (const { id, hops } of cases) server.put(id, hops);
    const begun = performance.now();
    const results = await page.evaluate(fetchAll, cases.map(({ exchange }) => exchange.request));
    milliseconds += performance.now() - begun;
    // The events about the last requests may come later than the result.
    await page.evaluate(() => new Promise((done) => setTimeout(done, 30)));
    await page.close();
    for (const [at, { id, exchange }] of cases.entries()) {
      const decision = JSON.parse(model.decideCors(JSON.stringify(exchange), engine));
      const found = observed(results[at], server.seen(id), causes && (causes.get(id) ?? null));
      const expected = predicted(decision, exchange, causes !== null);
      outcomes[decision.outcome] = (outcomes[decision.outcome] ?? 0) + 1;
      if (decision.outcome === "blocked") counts[decision.cause ?? "no CORS cause"] = (counts[decision.cause ?? "no CORS cause"] ?? 0) + 1;
      if (isUnstable(found, expected)) found.parameter = expected.parameter;
      const different = Object.keys(expected).filter((key) => JSON.stringify(expected[key]) !== JSON.stringify(found[key]));
      if (different.length > 0) wrong.push({ id, different, found, expected, exchange });
    }
  }
  t.diagnostic(`${count} cases in ${(milliseconds / 1000).toFixed(1)} s; outcomes ${JSON.stringify(outcomes)}`);
  t.diagnostic(`causes ${JSON.stringify(Object.fromEntries(Object.entries(counts).sort()))}`);
  for (const { id, different, found, expected, exchange } of wrong.slice(0, 5)) {
    for (const key of different) t.diagnostic(`case ${id}: ${key} is ${JSON.stringify(found[key])}, expected ${JSON.stringify(expected[key])}`);
    t.diagnostic(JSON.stringify(exchange));
  }
  assert.equal(wrong.length, 0, `${wrong.length} of ${count} cases differ`);
  if (causes && count >= 10_000) assert.deepEqual(everyCause.filter((cause) => !counts[cause]), [], "every cause that an answer can have came up");
}

/** Runs in the page: fetches every request, some at a time. */
async function fetchAll(requests) {
  const results = [];
  let next = 0;
  const work = async () => {
    while (next < requests.length) {
      const at = next++;
      const { url, ...init } = requests[at];
      try {
        const response = await fetch(url, { ...init, cache: "no-store", signal: AbortSignal.timeout(20_000) });
        results[at] = { type: response.type, status: response.status, headers: [...response.headers.keys()] };
      } catch (error) {
        results[at] = { type: "error", error: error.name };
      }
    }
  };
  await Promise.all(Array.from({ length: 30 }, work));
  return results;
}

/** What a browser did, in words that can be compared. */
function observed(result, seen, cause) {
  const opaque = result.type.startsWith("opaque");
  return {
    outcome: result.type === "error" ? (result.error === "TypeError" ? "blocked" : result.error) : opaque ? "opaque" : "allowed",
    preflights: seen.map(({ preflights }) => preflights.map(({ headers }) => [
      headers["access-control-request-method"], headers["access-control-request-headers"] ?? null, headers.origin ?? null])),
    requests: seen.map(({ requests }) => requests.map(({ method, headers }) => [method, headers.origin ?? null])),
    headers: result.headers && !opaque ? [...new Set(result.headers)].sort() : null,
    cause: cause?.corsError ?? null,
    parameter: cause?.failedParameter ?? "",
  };
}

/**
 * Whether Chromium's parameter can't be compared: DevTools gets no bytes that are not UTF-8, and which one of several
 * refused headers is named follows the order of a hash table.
 */
function isUnstable(found, { cause, parameter, preflights }) {
  const names = preflights.flat().at(-1)?.[1]?.split(",") ?? [];
  return cause === "HeaderDisallowedByPreflightResponse" ? names.includes(found.parameter) : /[^\x00-\x7f]/.test(parameter);
}

/** The same, as the model has it. */
function predicted(decision, { request, response, redirects }, withCause) {
  const answers = [response, ...redirects.map((hop) => hop.response)];
  const reached = (at) => decision.hops[at];
  const hidden = new Set(decision.hiddenHeaders.map((name) => name.toLowerCase()));
  const names = answers[decision.hops.length - 1]?.headers.map(([name]) => name.toLowerCase()) ?? [];
  // Beyond CORS, every request that is neither GET nor HEAD says where it comes from.
  const originOf = ({ method, origin, otherOrigin }) =>
    (otherOrigin && request.mode === "cors") || !["GET", "HEAD"].includes(method) ? origin : null;
  return {
    outcome: decision.outcome,
    preflights: answers.map((_, at) => {
      const preflight = reached(at)?.preflight;
      return preflight ? [[preflight.method, preflight.headers, preflight.origin]] : [];
    }),
    requests: answers.map((_, at) => (reached(at)?.sent ? [[reached(at).method, originOf(reached(at))]] : [])),
    headers: decision.outcome === "allowed" ? [...new Set(names.filter((name) => !hidden.has(name)))].sort() : null,
    ...(withCause && { cause: decision.cause, parameter: decision.parameter }),
  };
}
