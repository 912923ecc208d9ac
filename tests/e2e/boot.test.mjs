// Before the module is ready, and what stands in the page's address: nothing that arrives early is lost, and no token
// stays in the address bar or in the history.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { chromium, complaints, dist, firefox, serve, until } from "./lib/harness.mjs";
import { hands, open } from "./lib/page.mjs";

const base64url = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const token = `${base64url({ alg: "RS256", kid: "one" })}.${base64url({ iss: "https://issuer.example", sub: "boot", exp: 4_000_000_000 })}.${"c2ln".repeat(80)}`;
const other = token.replace(base64url({ alg: "RS256", kid: "one" }), base64url({ alg: "RS256", kid: "two" }));
const browsers = {};
const sites = [];
before(async () => {
  browsers.Chromium = await chromium();
  browsers.Firefox = await firefox();
});
after(async () => {
  await Promise.all(Object.values(browsers).map((browser) => browser.close()));
  await Promise.all(sites.map((site) => site.close()));
});

/** Serves the page, and keeps the module back until `release()`; `requests` is what the host could log. */
async function slowSite({ status = 200, file = "tokenscope_page_bg.wasm" } = {}) {
  let release;
  const released = new Promise((done) => { release = done; });
  const body = await readFile(join(dist, file));
  const type = file.endsWith(".wasm") ? "application/wasm" : "text/javascript";
  const requests = [];
  const site = await serve(dist, { overrides: {
    [`/${file}`]: async (_request, response) => {
      await released;
      response.writeHead(status, { "content-type": type }).end(status === 200 ? body : "");
    },
    "/": async (request, response) => {
      requests.push(request.url);
      response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(await readFile(join(dist, "index.html")));
    },
  } });
  sites.push(site);
  return { ...site, release, requests };
}

/** Opens the page without waiting for the module, and does `early` meanwhile. */
async function arrive(name, site, early) {
  const browser = browsers[name];
  const page = await browser.newPage();
  const found = await complaints(page);
  // Not "load": the module is preloaded, so that never comes while it is kept back.
  await page.goto(`${site.origin}/`, { waitUntil: "domcontentloaded" });
  await until(() => page.evaluate(() => document.activeElement?.id === "input"), "boot.js has begun");
  await page.evaluate(() => new Promise((done) => setTimeout(done, 100)));
  await early(page);
  assert.equal(await page.evaluate(() => document.getElementById("main").dataset.state), "empty", "the module is not there yet");
  site.release();
  return { page, found, ...hands(page) };
}

const early = {
  "typed into the field": (page) => page.evaluate((text) => {
    document.execCommand("insertText", false, text);
  }, token),
  "pasted beside the field": (page) => page.evaluate((text) => {
    document.activeElement.blur();
    const data = new DataTransfer();
    data.setData("text/plain", text);
    // Firefox takes the data under other names.
    const carried = { clipboardData: data, dataType: "text/plain", data: text };
    document.body.dispatchEvent(new ClipboardEvent("paste", { ...carried, bubbles: true, cancelable: true }));
  }, token),
  "dropped as text": (page) => page.evaluate((text) => {
    const data = new DataTransfer();
    data.setData("text/plain", text);
    document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
  }, token),
  "dropped as a file": (page) => page.evaluate((text) => {
    const data = new DataTransfer();
    data.items.add(new File([text], "token.txt", { type: "text/plain" }));
    document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
  }, token),
};

for (const name of ["Chromium", "Firefox"]) {
  for (const [way, work] of Object.entries(early)) {
    test(`${name}: a token that is ${way} before the module is ready is held and answered`, async () => {
      const site = await slowSite();
      const view = await arrive(name, site, work);
      const state = await view.verdict("undecided");
      assert.equal(state.state, "found");
      assert.equal(await view.page.$eval("#input", ({ value }) => value), token);
      assert.deepEqual(view.found, { errors: [], violations: [] });
      await view.page.close();
    });
  }

  test(`${name}: a module that does not come is said, and the pasted text stays`, async () => {
    for (const file of ["tokenscope_page_bg.wasm", "tokenscope_page.js"]) {
      const site = await slowSite({ status: 500, file });
      const view = await arrive(name, site, early["typed into the field"]);
      await until(() => view.page.$eval("#not-started", ({ hidden }) => !hidden), "the page says so");
      assert.match(await view.page.$eval("#not-started", ({ textContent }) => textContent), /could not start/);
      assert.equal(await view.page.$eval("#input", ({ value }) => value), token);
      assert.deepEqual(view.found.violations, []);
      await view.page.close();
    }
  });

  /** How long the history is after opening and reloading the page without any token. */
  async function plainHistory(name, site) {
    const page = await browsers[name].newPage();
    await page.goto(`${site.origin}/`);
    await page.reload({ waitUntil: "load" });
    const length = await page.evaluate(() => history.length);
    await page.close();
    return length;
  }

  /** Opens an address, and holds what is in the field, that no token is left in the address, and that a reload is empty. */
  async function check(address, text, { refused = false, state = "found", tokens = 1 } = {}) {
    const site = await slowSite();
    site.release();
    const view = await open(browsers[name], `${site.origin}/${address}`);
    const { page } = view;
    assert.equal(await page.$eval("#input", ({ value }) => value), text, address);
    assert.equal(page.url(), `${site.origin}/`, "the address is scrubbed");
    assert.equal(await page.evaluate(() => location.href), `${site.origin}/`);
    await until(async () => (await view.state()).state === state, `the page is ${state}`);
    if (state === "found") assert.equal(await page.$eval("#pick", ({ childElementCount }) => childElementCount), tokens > 1 ? tokens : 0);
    assert.equal(/address was refused/.test(await page.$eval("#callouts", ({ textContent }) => textContent)), refused, "the warning");
    const stored = await page.evaluate(() => JSON.stringify([history.state, { ...localStorage }, { ...sessionStorage }, document.cookie, document.title, name]));
    assert.ok(!stored.includes(token.slice(-20)), stored);
    if (!refused) assert.ok(site.requests.every((url) => url === "/"), "the host saw nothing");
    assert.deepEqual(view.found, { errors: [], violations: [] });

    // Read once: neither a reload nor the way back brings it again.
    await page.reload({ waitUntil: "load" });
    await page.evaluate(() => import("./boot.js"));
    if (name === "Chromium") assert.equal(await page.$eval("#input", ({ value }) => value), "");
    // Scrubbing takes the place of the entry in the history and adds none, so there is no entry with the token.
    assert.equal(await page.evaluate(() => history.length), await plainHistory(name, site));
    if (name === "Chromium") { // puppeteer loses Firefox's page on the way back.
      await page.goto("about:blank");
      await page.goBack({ waitUntil: "load" });
      assert.equal(page.url(), `${site.origin}/`, "the history holds no token");
    }
    await page.close();
  }

  test(`${name}: a token in the fragment is read once and scrubbed`, async () => {
    await check(`#token=${token}`, token);
    await check(`#token=Bearer%20${token}`, `Bearer ${token}`);
    await check(`#access_token=${token}&token_type=Bearer&state=x`, `#access_token=${token}&token_type=Bearer&state=x`);
    await check(`#id_token=${token}`, `#id_token=${token}`);
    await check(`#state=x&id_token=${token}&access_token=${other}`, `#state=x&id_token=${token}&access_token=${other}`, { tokens: 2 });
    await check(`#debugger-io?token=${token}`, token);
    await check(`#debugger-io?token=${token}&publicKey=x`, token);
  });

  test(`${name}: a token in the query is refused with a warning, and scrubbed`, async () => {
    const refused = { refused: true, state: "empty" };
    await check(`?token=${token}`, "", refused);
    await check(`?access_token=${token}`, "", refused);
    await check(`?state=x&id_token=${token}`, "", refused);
    await check(`?token=${token}#top`, "", refused);
  });

  test(`${name}: both at once: the fragment is read, the query is refused`, async () => {
    await check(`?token=${other}#token=${token}`, token, { refused: true });
  });

  test(`${name}: the address is scrubbed before the module is there`, async () => {
    const site = await slowSite();
    const page = await browsers[name].newPage();
    await page.goto(`${site.origin}/#token=${token}`, { waitUntil: "domcontentloaded" });
    await until(() => page.evaluate(() => location.hash === ""), "the address is scrubbed");
    assert.equal(await page.$eval("#input", ({ value }) => value), token);
    site.release();
    await hands(page).verdict("undecided");
    await page.close();
  });

  test(`${name}: a token that is put into the address of the open page is read and scrubbed, too`, async () => {
    const site = await slowSite();
    site.release();
    const view = await open(browsers[name], `${site.origin}/`);
    for (const next of [token, other]) {
      await view.page.evaluate((text) => { location.hash = `#token=${text}`; }, next);
      await until(() => view.page.$eval("#input", ({ value }, text) => value === text, next), "it is read");
      assert.equal(view.page.url(), `${site.origin}/`);
      await until(async () => (await view.state()).state === "found", "it is inspected");
    }
    await view.page.evaluate(() => { location.hash = "#can-do"; });
    assert.equal(await view.page.$eval("#input", ({ value }) => value), other, "other fragments change nothing");
    await view.page.close();
  });
}

test("Chromium: Ctrl+V before the module is ready", async () => {
  const site = await slowSite();
  const context = await browsers.Chromium.newContext();
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: site.origin });
  const page = await context.newPage();
  await page.goto(`${site.origin}/`, { waitUntil: "domcontentloaded" });
  await page.evaluate((text) => navigator.clipboard.writeText(text), `Bearer ${token}`);
  await page.keyboard.press("Control+V");
  site.release();
  await hands(page).verdict("undecided");
  assert.equal(await page.inputValue("#input"), `Bearer ${token}`);
  await context.close();
});
