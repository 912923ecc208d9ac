// What real browsers decide and print in some fifty situations, and what `explainCors` makes of the same headers and of
// the same console text.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { recordable } from "./lib/devtools.mjs";
import { chromium, firefox, serve, until } from "./lib/harness.mjs";
import { placed, scenarios } from "./lib/cors_scenarios.mjs";

let site;
let app;
let server;
let other;
let cases;
before(async () => {
  site = await serve();
  app = await listen((request, response) => response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><title>App</title>"));
  server = await listen((request, response) => {
    const { preflight, response: main } = cases[Number(request.url.match(/(\d+)/)?.[1])] ?? {};
    answer(response, request.method === "OPTIONS" ? preflight : main);
  });
  other = await listen((request, response) => answer(response, cases[Number(request.url.match(/(\d+)/)?.[1])]?.next));
  const origins = { PAGE: app.origin, SERVER: server.origin, OTHER: other.origin };
  cases = scenarios.map((scenario, number) => placed(scenario, { ...origins, CASE: number }));
});
after(() => Promise.all([site, app, server, other].map((one) => one?.close())));

test("in Chromium every cause has the browser's own name for it, from headers and from the console", async () => {
  const browser = await chromium();
  try {
    const seen = await inChromium(await browser.newPage());
    const explained = await explain(browser, seen);
    const wrong = seen.flatMap(({ id, error, console: lines }, number) => {
      const { byHeaders, byConsole } = explained[number];
      const found = [];
      if (byHeaders.cause !== error) found.push(`${id}: Chromium says ${error}, the headers ${byHeaders.cause}`);
      if (lines.length > 0 && byConsole.cause !== error) found.push(`${id}: Chromium says ${error}, its console ${byConsole.cause}: ${lines}`);
      if (error && byHeaders.engineError.chromium !== lines[0]) found.push(`${id}: printed ${lines[0]}\n   expected ${byHeaders.engineError.chromium}`);
      return found;
    });
    assert.deepEqual(wrong, []);
  } finally {
    await browser.close();
  }
});

test("in Firefox the outcome is the same, and its console leads to the same cause", async () => {
  const fox = await firefox();
  const browser = await chromium();
  try {
    const seen = await inFirefox(await fox.newPage());
    const explained = await explain(browser, seen);
    const wrong = seen.flatMap(({ id, resolved, console: lines }, number) => {
      const { byHeaders, byConsole } = explained[number];
      const found = [];
      const { outcome, cause } = byHeaders.engines.find(({ engine }) => engine === "firefox");
      const expected = byHeaders.engineError.firefox;
      if (expected && !expected.split("\n").every((line) => lines.includes(line))) {
        found.push(`${id}: printed ${lines.join("\n")}\n   expected ${expected}`);
      }
      if ((outcome === "blocked") === resolved) found.push(`${id}: Firefox resolved: ${resolved}`);
      // "Did not succeed" alone names no cause.
      if (lines.some((line) => !/did not succeed/.test(line)) && !related(byConsole.cause, cause)) {
        found.push(`${id}: the headers say ${cause}, the console ${byConsole.cause}: ${lines.join("\n")}`);
      }
      return found;
    });
    assert.deepEqual(wrong, []);
  } finally {
    await browser.close();
    await fox.close();
  }
});

test("in the recording of Chromium's DevTools every cause is found again, plain and sanitized", async () => {
  const { browser, context, record } = await recordable();
  try {
    const page = await context.newPage();
    await page.goto(app.origin);
    const recording = await record(page);
    const seen = await inChromium(page);
    for (const sanitize of [false, true]) {
      const har = await recording.har({ sanitize });
      const product = await browser.newPage();
      await product.goto(`${site.origin}/`);
      const { exchanges } = await product.evaluate(async (text) => {
        const { default: init, analyseHar } = await import("./tokenscope.js");
        await init();
        return analyseHar(new Blob([text]));
      }, har);
      const wrong = seen.flatMap(({ id, error }, number) => {
        const named = new RegExp(`/${number}(\\?|$)`);
        const found = exchanges.filter(({ url }) => named.test(url)).map(({ cause }) => cause).filter(Boolean);
        return (found[0] ?? null) === error ? [] : [`${id}: Chromium says ${error}, the recording ${found}`];
      });
      assert.deepEqual(wrong, [], sanitize ? "sanitized" : "plain");
    }
  } finally {
    await browser.close();
  }
});

/** Firefox has fewer words than Chromium: one for an origin that differs in any way, and no word for the preflight. */
function related(printed, cause) {
  const coarse = (name) =>
    name
      ?.replace(/^Preflight/, "")
      .replace(/^(MultipleAllowOriginValues|InvalidAllowOriginValue|AllowOriginMismatch)$/, "AllowOriginMismatch")
      .replace(/^(InvalidStatus|DisallowedRedirect)$/, "Status");
  return coarse(printed) === coarse(cause);
}

/** Fetches every scenario from the app's page: `{ id, exchange, resolved, error, console }`. */
async function inChromium(page) {
  const session = await page.context().newCDPSession(page);
  const lines = [];
  const numbers = new Map();
  const failed = new Map();
  page.on("console", (message) => lines.push(message.text()));
  session.on("Network.requestWillBeSent", ({ requestId, request }) => {
    if (!numbers.has(requestId)) numbers.set(requestId, Number(request.url.match(/\/case\/(\d+)$/)?.[1]));
  });
  // A preflight is a request of its own; the one of the page carries the reason.
  session.on("Network.loadingFailed", ({ requestId, type, corsErrorStatus }) => {
    if (type === "Fetch") failed.set(numbers.get(requestId), corsErrorStatus?.corsError ?? null);
  });
  await session.send("Network.enable");
  if (page.url() !== `${app.origin}/`) await page.goto(app.origin);
  const seen = [];
  for (const [number, scenario] of cases.entries()) {
    lines.length = 0;
    const resolved = await page.evaluate(fetched, [`${server.origin}/case/${number}`, scenario.request]);
    if (!resolved) await until(() => failed.has(number) && lines.length > 0, `Chromium says why ${scenario.id} failed`);
    const printed = lines.filter((line) => !/^Failed to load resource/.test(line));
    seen.push({ ...observed(scenario, number, resolved), error: resolved ? null : failed.get(number), console: printed });
  }
  return seen;
}

async function inFirefox(page) {
  const lines = [];
  page.on("console", (message) => lines.push(message.text()));
  page.on("pageerror", (error) => lines.push(String(error.message ?? error)));
  await page.goto(app.origin);
  const seen = [];
  for (const [number, scenario] of cases.entries()) {
    lines.length = 0;
    const resolved = await page.evaluate(fetched, [`${server.origin}/case/${number}`, scenario.request]);
    if (!resolved) for (let turn = 0; turn < 20 && lines.length === 0; turn++) await new Promise((done) => setTimeout(done, 10));
    await new Promise((done) => setTimeout(done, 20));
    seen.push({ ...observed(scenario, number, resolved), console: lines.filter((line) => /Cross-Origin/.test(line)) });
  }
  return seen;
}

function fetched([url, init]) {
  const body = ["POST", "PUT", "patch"].includes(init?.method) ? { body: "{}" } : {};
  return fetch(url, { cache: "no-store", ...init, ...body }).then(() => true, () => false);
}

function observed({ id, request = {}, preflight, response, next }, number, resolved) {
  const exchange = {
    origin: app.origin,
    request: { url: `${server.origin}/case/${number}`, method: "GET", ...request },
    preflight: preflight ?? null,
    response,
    ...(next ? { redirects: [{ preflight: null, response: next }] } : {}),
  };
  return { id, exchange, resolved };
}

/** Explains what was seen, from the headers and from the console, with the module that is served. */
async function explain(browser, seen) {
  const page = await browser.newPage();
  await page.goto(`${site.origin}/`);
  return page.evaluate(async (list) => {
    const { default: init, explainCors } = await import("./tokenscope.js");
    await init();
    const explained = [];
    for (const { exchange, console: lines } of list) {
      explained.push({ byHeaders: await explainCors(exchange), byConsole: await explainCors(lines.join("\n")) });
    }
    return explained;
  }, seen);
}

function answer(response, given) {
  const { status = 404, headers = {} } = given ?? {};
  response.writeHead(status, headers).end(status === 204 ? undefined : "{}");
}

async function listen(handler) {
  const listening = createServer(handler);
  await new Promise((done) => listening.listen(0, "127.0.0.1", done));
  return {
    origin: `http://127.0.0.1:${listening.address().port}`,
    close: () => {
      listening.closeAllConnections();
      return new Promise((done) => listening.close(done));
    },
  };
}
