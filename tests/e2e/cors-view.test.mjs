// The CORS view as a person uses it: evidence in, verdict, walk and drawing out; the probe against servers that go wrong in
// one way each, and every request of it in the list; the way between the views.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { chromium, firefox, serve, until } from "./lib/harness.mjs";
import * as hostile from "./lib/hostile.mjs";
import { startIssuer } from "./lib/issuer.mjs";
import { open } from "./lib/page.mjs";

let site;
let server;
let issuer;
let silent;
const browsers = {};
before(async () => {
  site = await serve();
  server = await startServer();
  issuer = await startIssuer();
  silent = await hostile.noCors();
  browsers.Chromium = await chromium();
  browsers.Firefox = await firefox();
});
after(async () => {
  for (const browser of Object.values(browsers)) await browser.close();
  for (const each of [silent, issuer, server, site]) await each?.close();
});

/** A server whose paths go wrong in one way each; `requests` lists what was asked. */
async function startServer() {
  const requests = [];
  const answers = {
    "/any": () => [200, { "access-control-allow-origin": "*" }],
    "/none": () => [200, {}],
    "/other": () => [200, { "access-control-allow-origin": "https://another.example" }],
    "/redirect": () => [302, { "access-control-allow-origin": "*", location: "/any" }],
    "/redirect-bare": () => [302, { location: "/any" }],
    // What a cache holds from a request without `Origin` is given to one with it.
    "/stored": ({ headers: { origin } }) => [200, { "cache-control": "max-age=600", ...(origin && { "access-control-allow-origin": origin }) }],
  };
  const listening = createServer((request, response) => {
    const { method, url, headers } = request;
    requests.push({ method, url, headers });
    const [status, fields] = answers[url]?.(request) ?? [404, {}];
    response.writeHead(status, { "content-type": "text/plain", ...fields }).end("answered");
  });
  listening.listen(0, "127.0.0.1");
  await once(listening, "listening");
  const origin = `http://127.0.0.1:${listening.address().port}`;
  return { origin, requests, close: () => { listening.closeAllConnections(); listening.close(); } };
}

/** Opens the page in the CORS view. */
async function openCors(name, fragment = "#cors", options) {
  const view = await open(browsers[name], `${site.origin}/${fragment}`, options);
  await view.page.waitForSelector("#cors[data-ready]");
  const text = (selector) => view.page.$eval(selector, ({ textContent }) => textContent.replace(/\s+/g, " ").trim());
  const shown = (selector) => view.page.$eval(selector, (element) => element.checkVisibility());
  return {
    ...view,
    text,
    shown,
    source: (source) => view.page.evaluate((value) => document.querySelector(`[name=cors-source][value=${value}]`).click(), source),
    chosen: () => view.page.evaluate(() => document.getElementById("cors").dataset.source),
    verdict: () => view.page.$eval("#cors-verdict", ({ dataset }) => dataset.verdict),
    requests: () => view.page.$$eval("#requests li", (rows) => rows.map(({ textContent }) => textContent.replace(/^\S+ UTC |^\S+ /, ""))),
    probes: () => view.page.$$eval("#cors-probes li", (rows) => rows.map(({ children }) => [...children].map(({ textContent }) => textContent.trim()).join(" "))),
    /** Presses a button of the probe, and waits until all is said. */
    async probe(id = "cors-probe") {
      await view.page.evaluate((button) => document.getElementById(button).click(), id);
      await until(() => view.page.$eval("#cors-probe", (button) => button.getAttribute("aria-busy") === "false"), "the probes end");
    },
  };
}

for (const name of ["Chromium", "Firefox"]) {
  test(`${name}: opening the view by a link fills the form and sends nothing; the address keeps nothing`, async () => {
    const view = await openCors(name, `#cors?url=${encodeURIComponent(`${server.origin}/none?x=1`)}&origin=${encodeURIComponent("https://app.example")}`);
    assert.equal(await view.page.$eval("#cors-url", ({ value }) => value), `${server.origin}/none?x=1`);
    assert.equal(await view.page.$eval("#cors-origin", ({ value }) => value), "https://app.example");
    assert.equal(view.page.url(), `${site.origin}/#cors`);
    assert.equal(await view.text("#ledger-text"), "Nothing sent");
    assert.deepEqual(server.requests.filter(({ url }) => url.includes("x=1")), []);
    assert.deepEqual(view.found, { errors: [], violations: [] });
    await view.page.close();
  });

  test(`${name}: the views are switched by links, keys and the way back; each keeps its state, and says which it is`, async () => {
    const view = await open(browsers[name], `${site.origin}/`);
    const { page } = view;
    const now = () => page.evaluate(() => ({
      view: document.documentElement.dataset.view,
      current: [...document.querySelectorAll(".views [aria-current=page]")].map(({ textContent }) => textContent),
      mains: [...document.querySelectorAll("main")].filter((main) => main.checkVisibility()).map(({ id }) => id),
      headings: [...document.querySelectorAll("h1")].filter((heading) => heading.checkVisibility()).length,
      focused: document.activeElement.tagName,
      skip: document.getElementById("skip").getAttribute("href"),
      cando: document.getElementById("can-do").checkVisibility(),
      title: document.title,
    }));
    const inspect = { view: "inspect", current: ["Inspect"], mains: ["main"], headings: 1, focused: "H1", skip: "#results", cando: true, title: "Rejected · Tokenscope" };
    const cors = { view: "cors", current: ["CORS"], mains: ["cors"], headings: 1, focused: "H1", skip: "#cors-results", cando: true, title: "CORS · Tokenscope" };
    await view.example("expired");
    await view.verdict("rejected");
    const text = await page.$eval("#input", ({ value }) => value);
    await page.evaluate(() => document.querySelector(".views [data-view=cors]").click());
    await page.waitForSelector("#cors[data-ready]");
    await until(async () => (await now()).focused === "H1", "the heading has the focus");
    assert.deepEqual(await now(), cors);
    await new Promise((done) => setTimeout(done, 1100)); // The Inspect view ticks each second, and must not take the title.
    assert.deepEqual(await now(), cors);
    await page.keyboard.press("1");
    await until(async () => (await now()).view === "inspect", "1 shows Inspect");
    assert.deepEqual(await now(), inspect);
    assert.equal(await page.$eval("#input", ({ value }) => value), text);
    await page.keyboard.press("2");
    await until(async () => (await now()).view === "cors", "2 shows CORS");
    assert.deepEqual(await now(), cors);
    await page.evaluate(() => document.querySelector(".ledger").click());
    await until(() => page.evaluate(() => location.hash === "#can-do"), "the list of requests is in the address");
    assert.equal((await now()).view, "cors", "a place within a view is no other view");
    await page.evaluate(() => history.back());
    await until(() => page.evaluate(() => location.hash === "#cors"), "back");
    await page.evaluate(() => history.back());
    await until(async () => (await now()).view === "inspect", "the way back shows Inspect");
    assert.equal(await page.$eval("#cors-text", ({ value }) => value), "");
    assert.deepEqual(view.found, { errors: [], violations: [] });
    await page.close();
  });

  test(`${name}: single keys can be switched off, and are off in a field`, async () => {
    const view = await openCors(name);
    const { page } = view;
    const shown = () => page.evaluate(() => document.documentElement.dataset.view);
    await page.focus("#cors-text");
    await page.keyboard.press("1");
    assert.equal(await page.$eval("#cors-text", ({ value }) => value), "1");
    assert.equal(await shown(), "cors");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await until(() => page.$eval("#cors-text", ({ value }) => value === ""), "Escape leaves the field, then clears it");
    await page.evaluate(() => document.activeElement.blur());
    await page.keyboard.press("/");
    assert.equal(await page.evaluate(() => document.activeElement.id), "cors-text", "a slash goes to the text");
    assert.equal(await page.$eval("#cors-text", ({ value }) => value), "", "and is not written there");
    await page.evaluate(() => document.activeElement.blur());
    await page.keyboard.press("?");
    await until(() => view.shown("#key-sheet"), "the sheet is shown");
    await page.evaluate(() => document.getElementById("single-keys").click());
    await page.evaluate(() => document.activeElement.blur());
    await page.keyboard.press("1");
    await new Promise((done) => setTimeout(done, 100));
    assert.equal(await shown(), "cors");
    await page.evaluate(() => localStorage.clear());
    await page.close();
  });

  test(`${name}: what is pasted beside a field or dropped goes to the view that is shown, and to no other`, async () => {
    const view = await openCors(name);
    const { page } = view;
    const value = (id) => page.$eval(`#${id}`, (field) => field.value);
    const paste = (text) => page.evaluate((given) => {
      document.activeElement.blur();
      const data = new DataTransfer();
      data.setData("text/plain", given);
      document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, dataType: "text/plain", data: given, bubbles: true, cancelable: true }));
    }, text);
    await paste("HTTP/2 200\nvary: Origin");
    assert.equal(await value("cors-text"), "HTTP/2 200\nvary: Origin");
    assert.equal(await value("input"), "");
    await page.evaluate(() => {
      const data = new DataTransfer();
      data.items.add(new File(["HTTP/2 204\n"], "answer.txt", { type: "text/plain" }));
      document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
    });
    await until(async () => (await value("cors-text")).startsWith("HTTP/2 204"), "the dropped file is read");
    assert.equal(await value("input"), "");
    await page.evaluate(() => document.querySelector(".views [data-view=inspect]").click());
    await until(() => page.evaluate(() => document.documentElement.dataset.view === "inspect"), "Inspect");
    await paste("only text");
    assert.equal(await value("input"), "only text");
    assert.match(await value("cors-text"), /^HTTP\/2 204/);
    await page.close();
  });

  test(`${name}: what speaks of a request is taken over from Inspect, in memory`, async () => {
    const view = await open(browsers[name], `${site.origin}/`);
    const { page } = view;
    const offered = () => page.$eval("#to-cors", (element) => element.checkVisibility());
    await view.paste("Nothing of that kind.");
    assert.equal(await offered(), false);
    for (const text of [
      "HTTP/2 200\ncontent-length: 0\n",
      "< access-control-allow-origin: *",
      "Access-Control-Allow-Origin: *",
      "… has been blocked by CORS policy: …",
      "Cross-Origin Request Blocked: …",
      "Fetch API cannot load https://a.example/ due to access control checks.",
      '{ "log": { "version": "1.2", "entries": [] } }',
    ]) {
      await view.paste(text);
      assert.equal(await offered(), true, text);
    }
    const text = "HTTP/2 200\nvary: Origin\nsecret: <img src=x>\n";
    await view.paste(text);
    await page.evaluate(() => document.querySelector("#to-cors a").click());
    await until(() => page.$eval("#cors-text", (field, given) => field.value === given, text), "the text is there");
    assert.equal(page.url(), `${site.origin}/#cors`);
    assert.equal(await page.evaluate(() => document.querySelectorAll("#cors img").length), 0);
    assert.equal(await page.$eval("#input", ({ value }) => value), text, "and still in Inspect");
    assert.deepEqual(view.found, { errors: [], violations: [] });
    await page.close();
  });

  test(`${name}: a failed fetch of keys leads to the probe of what failed`, async () => {
    const view = await open(browsers[name], `${site.origin}/`);
    const { page } = view;
    await view.paste(await issuer.accessToken());
    await view.fill("issuer", silent.issuer);
    await page.evaluate(() => document.getElementById("fetch").click());
    await until(() => page.$(".cors-link").then(Boolean), "the link is there");
    const asked = silent.requests.length;
    await page.evaluate(() => document.querySelector(".cors-link").click());
    await page.waitForSelector("#cors[data-ready]");
    await until(() => page.$eval("#cors-url", ({ value }) => value !== ""), "the URL is filled in");
    assert.ok((await page.$eval("#cors-url", ({ value }) => value)).startsWith(silent.origin));
    assert.equal(await page.$eval("#cors-origin", ({ value }) => value), site.origin);
    assert.equal(await page.evaluate(() => document.getElementById("cors").dataset.source), "probe");
    assert.equal(await page.$eval("#cors-probe-text", ({ textContent }) => textContent), `Probe ${silent.origin}`);
    assert.equal(silent.requests.length, asked, "nothing is sent by opening the view");
    await page.close();
  });

  test(`${name}: the probe sends what it says, to the host on its button, and lists it`, async () => {
    const view = await openCors(name);
    const { page } = view;
    await view.source("probe");
    assert.equal(await page.$eval("#cors-probe", ({ disabled }) => disabled), true);
    const closed = createServer().listen(0, "127.0.0.1");
    await once(closed, "listening");
    const { port } = closed.address();
    await new Promise((done) => closed.close(done));
    let sent = 0;
    const check = async (url, expected, { asked = expected.length, second } = {}) => {
      await view.fill("cors-url", url);
      const { origin } = new URL(url);
      const before = server.requests.length;
      assert.equal(await view.text("#cors-probe-text"), `Probe ${origin}`);
      await view.probe();
      assert.deepEqual(await view.probes(), expected, url);
      sent += expected.length;
      assert.equal(await view.text("#ledger-text"), sent === 1 ? "1 request sent" : `${sent} requests sent`);
      if (origin === server.origin) {
        const requests = server.requests.slice(before);
        assert.equal(requests.length, asked, JSON.stringify(requests));
        for (const { method, url: path, headers } of requests) {
          assert.equal(method, "GET");
          assert.equal(path, new URL(url).pathname, "no redirect is followed, and no query sent");
          assert.equal(headers.origin, site.origin);
          for (const header of ["cookie", "authorization", "referer"]) assert.equal(headers[header], undefined);
        }
      }
      assert.equal(await view.shown("#cors-reach"), Boolean(second), "the second button");
      if (!second) return;
      assert.equal(await view.text("#cors-reach-text"), `Also test whether ${origin} can be reached (follows redirects)`);
      await view.probe("cors-reach");
      assert.deepEqual((await view.probes()).slice(expected.length), second, url);
      sent += second.length;
      assert.equal(await view.text("#ledger-text"), `${sent} requests sent`);
    };
    const refused = ["Through the cache", "Past the cache", "For a redirect"].map((way) => `Failed ${way}: nothing that this page may read`);
    const opaque = ["Opaque Without CORS: an answer that no script may look into"];
    await check(`${server.origin}/any?secret=1`, ["Read Through the cache: an answer with status 200"]);
    assert.match(await view.text("#cors-probe-note"), /query string is left out/);
    await check(`${server.origin}/none`, refused, { second: opaque });
    await check(`${server.origin}/other`, refused, { second: opaque });
    await check(`${server.origin}/redirect`, [...refused.slice(0, 2), "Redirect For a redirect: a redirect, not followed"]);
    await check(`${server.origin}/redirect-bare`, refused, { second: opaque });
    await check(`http://127.0.0.1:${port}/`, refused, { second: [
      "Failed Without CORS: nothing that this page may read", "Failed Without CORS, /favicon.ico: nothing that this page may read"] });
    // A stored answer, made by a request that carries no Origin.
    await page.evaluate((url) => fetch(url, { mode: "no-cors", credentials: "omit" }), `${server.origin}/stored`);
    await check(`${server.origin}/stored`, [refused[0], "Read Past the cache: an answer with status 200"], { asked: 1 });

    const requests = await view.requests();
    assert.equal(requests.length, sent);
    assert.ok(requests.includes(`GET ${server.origin}/any, answered 200`), JSON.stringify(requests));
    assert.ok(requests.includes(`GET ${server.origin}/none, no answer that this page may read`));
    assert.ok(requests.includes(`GET ${server.origin}/none, an answer without anything to read`));
    assert.deepEqual(view.found.violations, []);

    // A token in the evidence is never asked for, and what can't be asked is said.
    const token = await issuer.accessToken();
    await view.source("curl");
    await view.fill("cors-text", `> GET /\n> Authorization: Bearer ${token}\n\nHTTP/1.1 200 OK\n`);
    await view.source("probe");
    await view.fill("cors-url", `${server.origin}/${token.slice(30, 60)}`);
    assert.equal(await page.$eval("#cors-probe", ({ disabled }) => disabled), true);
    assert.match(await view.text("#cors-probe-note"), /holds characters of a token/);
    await view.fill("cors-url", "http://192.168.0.1/");
    assert.equal(await page.$eval("#cors-probe", ({ disabled }) => disabled), true);
    assert.match(await view.text("#cors-probe-note"), /neither https, nor|neither https nor/);
    await page.close();
  });

  test(`${name}: a module that does not come is said, and Inspect goes on working`, async () => {
    const broken = await serve(undefined, { overrides: { "/tokenscope_more_bg.wasm": (_request, response) => response.writeHead(500).end() } });
    const view = await open(browsers[name], `${broken.origin}/`);
    await view.page.evaluate(() => document.querySelector(".views [data-view=cors]").click());
    await until(() => view.page.$eval("#cors-failed", (element) => element.checkVisibility()), "the failure is said");
    await view.page.evaluate(() => document.querySelector(".views [data-view=inspect]").click());
    await view.example("good");
    await view.verdict("accepted");
    await view.page.close();
    await broken.close();
  });
}

/** Presses an example of the empty view, and waits for its verdict. */
async function example(view, name, verdict) {
  await view.page.evaluate((value) => document.querySelector(`[data-cors=example][data-value=${value}]`).click(), name);
  await until(async () => (await view.verdict()) === verdict, `the verdict of the example ${name}`);
}

for (const name of ["Chromium", "Firefox"]) {
  test(`${name}: curl -i output of a refused preflight: verdict, fix, drawing, walk, engines, the command`, async () => {
    const view = await openCors(name);
    const { page, text } = view;
    await example(view, "curl", "rejected");
    assert.equal(await page.title(), "Blocked · CORS · Tokenscope");
    assert.match(await text("#cors-headline"), /preflight.*Okta.*http:\/\/localhost:3000/);
    assert.equal(await page.evaluate(() => document.activeElement.id), "cors-headline");
    assert.match(await text("#cors-counts"), /^1 fail/);
    assert.equal(await text("#cors-fix-copy"), "http://localhost:3000");
    assert.match(await text("#cors-fix-path"), /Trusted Origins/);
    assert.match(await page.$eval("#cors-figure svg", (drawing) => drawing.getAttribute("aria-label")), /dev-1234\.okta\.com.*OPTIONS .*never sent/);
    assert.match(await text("#cors-figure svg"), /OPTIONS \/api\/v1\/sessions\/me/);
    const failed = await page.$$eval("#cors-walk > .fail", (lines) => lines.map(({ textContent }) => textContent));
    assert.equal(failed.length, 1);
    assert.match(failed[0], /Sent: Origin: http:\/\/localhost:3000/);
    assert.match(failed[0], /Missing or wrong: access-control-allow-origin/i);
    assert.match(failed[0], /Needed: access-control-allow-origin: http:\/\/localhost:3000/i);
    assert.equal((await page.$$("#cors-engines tr")).length, 3);
    assert.match(await text("#cors-engines"), /blocked by CORS policy/);
    assert.match(await text("#cors-confirm"), /^curl -i -X OPTIONS 'https:\/\/dev-1234\.okta\.com\/api\/v1\/sessions\/me'/);
    await until(() => page.$eval("#announcer", ({ textContent }) => /preflight/.test(textContent)), "the verdict is read out");

    // What does not change is not touched.
    await page.evaluate(() => { document.querySelector("#cors-walk > li").kept = true; });
    await view.fill("cors-headers", "x-okta-user-agent-extended, x-other");
    await until(async () => (await text("#cors-confirm")).includes("x-other"), "the command follows the form");
    assert.equal(await page.evaluate(() => document.querySelector("#cors-walk > li").kept), true);

    // Clear, and back.
    const evidence = await page.$eval("#cors-text", ({ value }) => value);
    await page.evaluate(() => document.getElementById("cors-clear").click());
    assert.equal(await page.$eval("#cors-text", ({ value }) => value), "");
    await page.evaluate(() => document.getElementById("cors-undo").click());
    assert.equal(await page.$eval("#cors-text", ({ value }) => value), evidence);
    assert.equal(await view.verdict(), "rejected");
    await page.evaluate(() => document.querySelector("[data-do=forget]").click());
    await until(async () => (await view.verdict()) === "none", "forgotten");
    assert.equal(await page.$eval("#cors-url", ({ value }) => value), "");
    assert.equal(await text("#ledger-text"), "Nothing sent");
    assert.deepEqual(view.found, { errors: [], violations: [] });
    await page.close();
  });

  test(`${name}: each kind of evidence is recognised, and chooses its source`, async () => {
    const view = await openCors(name);
    const { page } = view;
    const check = async (text, source, verdict) => {
      await view.fill("cors-text", text);
      await until(async () => (await view.chosen()) === source, `${source} is chosen for ${text.slice(0, 40)}`);
      assert.equal(await view.verdict(), verdict, text);
      assert.equal(await view.shown("#cors-looked-for"), verdict === "undecided" && source === "curl", text);
    };
    await view.fill("cors-origin", "https://app.example");
    await view.fill("cors-url", "https://api.example/items");
    await check("Access to fetch at 'https://api.example/items' from origin 'https://app.example' has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource.", "console", "rejected");
    await check("HTTP/2 200\naccess-control-allow-origin: *\ncontent-type: application/json\n", "curl", "accepted");
    await check("HTTP/2 200\naccess-control-allow-origin: https://other.example\n", "curl", "rejected");
    await check("Refused to connect to 'https://api.example/items' because it violates the following Content Security Policy directive: \"connect-src 'self'\".", "console", "warned");
    await check("HTTP/2 200\naccess-control-allow-origin: *\n", "curl", "accepted");
    await check("Nothing of that kind.", "curl", "undecided");
    // Whatever a server says is text.
    await check("HTTP/2 200\naccess-control-allow-origin: <img src=x onerror=alert(1)>\nx-okta-request-id: <b>x</b>\n", "curl", "rejected");
    assert.match(await view.text("#cors-walk"), /<img src=x onerror=alert\(1\)>/);
    assert.equal(await page.evaluate(() => document.querySelectorAll("#cors img, #cors-results b b").length), 0);
    assert.deepEqual(view.found, { errors: [], violations: [] });
    await page.close();
  });

  test(`${name}: a list of trusted origins is compared with the app's origin`, async () => {
    const view = await openCors(name);
    await view.page.evaluate(() => document.querySelector("[data-cors=example][data-value=origins]").click());
    await until(async () => (await view.chosen()) === "origins", "the source is chosen");
    assert.match(await view.text("#cors-results"), /https:\/\/app\.example\//);
    assert.notEqual(await view.verdict(), "accepted");
    assert.deepEqual(view.found, { errors: [], violations: [] });
    await view.page.close();
  });

  test(`${name}: a recording: read by the worker, shown by cause, walked through, its token inspected`, async () => {
    const view = await open(browsers[name], `${site.origin}/`);
    const { page } = view;
    const token = await issuer.accessToken();
    const text = (selector) => page.$eval(selector, ({ textContent }) => textContent.replace(/\s+/g, " ").trim());
    await page.evaluate(dropFile, { name: "recording.har", content: recording(token) });
    await page.waitForSelector("#cors[data-recording]");
    await until(() => page.$eval("#har-all", ({ hidden }) => !hidden), "the file is read");
    assert.equal(await text("#har-headline"), "2 of 3 requests have a problem, from 1 cause");
    assert.match(await text("#har-support"), /^recording\.har, \d KB, recorded Fri 20 Nov 2026, 14:00:00 UTC to 14:0\d:\d\d UTC by WebInspector/);
    assert.equal(await page.evaluate(() => document.activeElement.id), "har-headline");
    assert.ok(!(await page.evaluate(() => document.documentElement.textContent)).includes(token.split(".")[2]), "the token is masked");
    const causes = await page.$$eval("#har-causes > details", (groups) => groups.map(({ open: shown, textContent }) => ({ shown, textContent })));
    assert.equal(causes.length, 1);
    assert.equal(causes[0].shown, true, "the first cause is open");
    await page.evaluate(() => document.getElementById("har-all").click());
    assert.equal((await page.$$("#har-requests tbody tr")).length, 3);
    await page.evaluate(() => document.getElementById("har-all").click());

    await page.evaluate(() => document.querySelector("[data-cors=har-walk]").click());
    await until(() => page.$eval("#cors-verdict", ({ dataset }) => dataset.verdict === "rejected"), "the request is explained");
    assert.match(await text("#cors-walk"), /https:\/\/api\.example/);
    assert.equal(await page.evaluate(() => document.activeElement.id), "cors-headline");
    await page.evaluate(() => document.getElementById("cors-back").click());
    await until(() => page.$eval("#har", (element) => element.checkVisibility()), "back to the file");

    await page.evaluate(() => document.querySelector("[data-cors=har-show]").click());
    await until(() => page.$eval("#har-tokens", ({ textContent }, given) => textContent.includes(given), token), "the token is shown when asked for");
    await page.evaluate(() => document.querySelector("[data-cors=har-show]").click());
    await until(() => page.$eval("#har-tokens", ({ textContent }, given) => !textContent.includes(given), token), "and hidden again");
    await page.evaluate(() => document.querySelector("[data-cors=har-inspect]").click());
    await until(() => page.$eval("#input", ({ value }, given) => value === given, token), "the token is inspected");
    await view.verdict("undecided");
    assert.equal(page.url(), `${site.origin}/#inspect`);
    assert.equal(await text("#ledger-text"), "Nothing sent");

    await page.evaluate(() => document.querySelector(".views [data-view=cors]").click());
    await until(() => page.$eval("#har", (element) => element.checkVisibility()), "the file is still open");
    await page.evaluate(() => document.querySelector("[data-cors=har-close]").click());
    assert.equal(await page.$eval("#har", (element) => element.checkVisibility()), false);
    assert.deepEqual(view.found, { errors: [], violations: [] });
    await page.close();
  });

  test(`${name}: Escape stops reading; what is no recording is said`, async () => {
    const view = await openCors(name);
    const { page } = view;
    const large = await page.evaluate(() => {
      const entry = JSON.stringify({ startedDateTime: "2026-11-20T14:00:00Z", time: 1, request: { method: "GET", url: "https://api.example/x", headers: [] }, response: { status: 200, headers: [], content: { text: "x".repeat(100_000) } } });
      const data = new DataTransfer();
      data.items.add(new File([`{"log":{"version":"1.2","creator":{"name":"n","version":"1"},"entries":[`, `${entry},`.repeat(1500), entry, "]}}"], "large.har"));
      document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
      return true;
    });
    assert.ok(large);
    await until(() => page.$eval("#har-progress-text", ({ textContent }) => / requests in /.test(textContent)), "it is being read");
    await page.keyboard.press("Escape");
    await until(() => page.$eval("#har-all", ({ hidden }) => !hidden), "the result is there");
    assert.match(await view.text("#har-support"), /Reading was stopped/);
    await page.evaluate(dropFile, { name: "broken.har", content: "This is no recording." });
    await until(() => page.$eval("#har-headline", ({ textContent }) => /no requests|could not be read/.test(textContent)), "it is said");
    assert.deepEqual(view.found.violations, []);
    await page.close();
  });
}

/** Runs in the page: drops a file on it. */
function dropFile({ name, content }) {
  const data = new DataTransfer();
  data.items.add(new File([content], name));
  document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
}

/** A small recording: a request that works and carries a token, and two whose answers name no origin. */
function recording(token) {
  const named = (headers) => Object.entries(headers).map(([header, value]) => ({ name: header, value }));
  const entry = (second, path, request, response, error) => ({
    startedDateTime: `2026-11-20T14:00:0${second}.000Z`, time: 10, _resourceType: "fetch", _initiator: { type: "script" },
    request: { method: "GET", url: `https://api.example${path}`, headers: named({ Origin: "https://app.example", "Sec-Fetch-Mode": "cors", ...request }), cookies: [], queryString: [] },
    response: { status: 200, headers: named(response), cookies: [], content: {}, redirectURL: "", _error: error ?? null },
  });
  return JSON.stringify({ log: { version: "1.2", creator: { name: "WebInspector", version: "537.36" }, pages: [], entries: [
    entry(0, "/good", { "X-Token": token }, { "access-control-allow-origin": "*" }),
    entry(1, "/one", {}, {}, "net::ERR_FAILED"),
    entry(2, "/two", {}, {}, "net::ERR_FAILED"),
  ] } });
}

test("Chromium: what is copied is what is shown, and the report holds no token", async () => {
  const context = await browsers.Chromium.newContext();
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: site.origin });
  browsers.Copying = context;
  const view = await openCors("Copying");
  delete browsers.Copying;
  const { page } = view;
  const copied = async (id) => {
    await page.click(`#${id}`);
    await until(() => page.$eval(`#${id}`, ({ classList }) => classList.contains("said")), "it says so");
    return page.evaluate(() => navigator.clipboard.readText());
  };
  await example(view, "curl", "rejected");
  assert.equal(await copied("cors-fix-button"), "http://localhost:3000");
  assert.equal(await copied("cors-confirm-copy"), await page.$eval("#cors-confirm", ({ textContent }) => textContent));
  await view.source("snippet");
  const snippet = await copied("cors-snippet-copy");
  assert.ok(snippet.includes("https://dev-1234.okta.com/api/v1/sessions/me"), snippet);
  const token = await issuer.accessToken();
  await view.source("curl");
  await view.fill("cors-url", `https://dev-1234.okta.com/api/v1/sessions/me?access_token=${token}`);
  await view.fill("cors-headers", `Authorization: Bearer ${token}`);
  const report = await copied("cors-copy-report");
  assert.match(report, /^# Blocked/);
  for (const part of token.split(".")) assert.ok(!report.includes(part), report);
  await context.close();
});

test("Chromium: the main path by keyboard alone", async () => {
  const view = await openCors("Chromium");
  const { page } = view;
  const focused = () => page.evaluate(() => ({ id: document.activeElement.id, name: document.activeElement.name, text: document.activeElement.textContent }));
  const tabTo = async (what, fits, key = "Tab") => {
    for (let presses = 0; presses < 60; presses += 1) {
      if (fits(await focused())) return;
      await page.keyboard.press(key);
    }
    assert.fail(`the focus never came to ${what}`);
  };
  assert.equal((await focused()).id, "cors-text", "one can paste at once");
  await page.keyboard.type("HTTP/2 200\nvary: Origin\n");
  await tabTo("the origin", ({ id }) => id === "cors-origin");
  await page.keyboard.type("https://app.example");
  await tabTo("the URL", ({ id }) => id === "cors-url");
  await page.keyboard.type("https://api.example/items");
  await until(async () => (await view.verdict()) === "rejected", "the verdict is there");
  await tabTo("the copy button of the fix", ({ id }) => id === "cors-fix-button");
  await tabTo("a server's configuration", ({ text }) => /^nginx/.test(text));
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.closest("details").open), true);
  await tabTo("the sources", ({ name }) => name === "cors-source", "Shift+Tab");
  await page.keyboard.press("ArrowDown");
  assert.equal(await view.chosen(), "console");
  await page.keyboard.press("ArrowUp");
  assert.equal(await view.chosen(), "curl");
  assert.equal(await page.$eval("#cors-text", ({ value }) => value), "HTTP/2 200\nvary: Origin\n");
  assert.deepEqual(view.found, { errors: [], violations: [] });
  await page.close();
});
