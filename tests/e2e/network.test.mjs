// A whole visit, recorded by Chromium's own network log: nothing is asked but the page's files, metadata and keys, and
// nothing of any token, key or secret is in any byte of it.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { chromium, dist, serve } from "./lib/harness.mjs";
import * as hostile from "./lib/hostile.mjs";
import { startIssuer } from "./lib/issuer.mjs";
import { leaks, readNetLog } from "./lib/net_log.mjs";
import { open } from "./lib/page.mjs";
import { canary, wholeRun } from "./lib/whole_run.mjs";

let site;
let issuer;
let directory;
before(async () => {
  directory = await mkdtemp(join(tmpdir(), "net-log-"));
  site = await serve();
  issuer = await startIssuer();
});
after(async () => {
  await issuer?.close();
  await site?.close();
  await rm(directory, { recursive: true, force: true });
});

/** Records what `work(browser)` does, and reads the log once the browser has ended. */
async function record(name, work) {
  const netLog = join(directory, name);
  const browser = await chromium({ netLog });
  let outcome;
  try {
    outcome = await work(browser);
  } finally {
    await browser.close();
  }
  return { outcome, log: await readNetLog(netLog) };
}

test("a whole visit: only files, metadata and keys are asked for, and no secret is in the log", async (t) => {
  const { outcome, log } = await record("visit.json", (browser) => wholeRun(browser, site, issuer));
  const { found, secrets, tokens, report, urls, quiet } = outcome;

  const files = (await readdir(dist, { recursive: true })).map((file) => `${site.origin}/${file}`);
  const allowed = new Set([...urls, ...files, `${site.origin}/`]);
  const asked = [...new Set(log.requests.map(({ url }) => url))].sort();
  const methods = [...new Set(log.requests.map(({ method }) => method))];
  assert.deepEqual(asked.filter((url) => !allowed.has(url.split("#")[0])), [], "nothing else is asked for");
  assert.deepEqual(methods, ["GET"]);
  assert.deepEqual(log.hosts, ["127.0.0.1"], "no other name is looked up");
  // The log says something only if it holds what must be there.
  for (const url of [`${site.origin}/`, `${site.origin}/tokenscope_page_bg.wasm`, `${site.origin}/example/jwks.json`, ...urls.slice(0, 2)]) {
    assert.ok(asked.includes(url), `${url} is in the log`);
  }
  assert.match(log.sent, /GET \/\.well-known\/openid-configuration HTTP\/1\.1\r\n/, "the bytes that were sent are in the log");
  assert.match(log.sent, new RegExp(`Origin: ${site.origin}`));
  assert.doesNotMatch(log.sent, /^(Cookie|Authorization|Referer): /im);

  const segments = tokens.flatMap((token, number) => token.split(".").map((part, at) => [`token ${number}, part ${at}`, part]));
  const all = { ...secrets, ...Object.fromEntries(segments) };
  t.diagnostic(`${log.requests.length} requests for ${asked.length} addresses; ${log.texts.length} texts with ${
    log.texts.reduce((sum, { length }) => sum + length, 0)} characters searched for ${Object.keys(all).length} secrets; ${log.own.length} requests are Chromium's own, and searched like all others`);
  assert.deepEqual(leaks(log.texts, all), []);
  assert.deepEqual(leaks([report], all), [], "the copied report holds none of it either");

  assert.deepEqual(found.violations, []);
  const ownNoise = (text) => quiet.some((origin) => text.includes(origin)) || /^Failed to load resource: /.test(text);
  assert.deepEqual(found.errors.filter((text) => !ownNoise(text)), []);
});

test("the CORS lab: what is pasted, dropped and probed sends nothing of a token, and asks only the address that was named", async () => {
  const silent = await hostile.noCors();
  const names = ["sub", "query", "cookie", "code", "csrf"];
  const secrets = Object.fromEntries(names.map((name) => [name, canary()]));
  const token = await issuer.mint("RS256", (payload) => ({ ...payload, sub: secrets.sub }));
  const url = `${silent.issuer}/orders`;
  const asked = `${url}?access_token=${token}&code=${secrets.query}`;
  const secretHeaders = [["Authorization", `Bearer ${token}`], ["Cookie", `session=${secrets.cookie}`], ["X-CSRF-Token", secrets.csrf]];
  const texts = [
    `Access to fetch at '${asked}' from origin '${site.origin}' has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource.`,
    `> GET /orders?access_token=${token} HTTP/1.1\n> Host: ${new URL(url).host}\n> Origin: ${site.origin}\n${secretHeaders.map((pair) => `> ${pair.join(": ")}\n`).join("")}>\n< HTTP/1.1 403 Forbidden\n< set-cookie: session=${secrets.cookie}\n<\n`,
    `fetch("${asked}", { "headers": ${JSON.stringify(Object.fromEntries(secretHeaders))}, "method": "GET", "credentials": "include" });`,
  ];
  const har = JSON.stringify({
    log: {
      version: "1.2",
      creator: { name: "test", version: "1" },
      entries: [{
        startedDateTime: "2026-11-20T14:00:00.000Z", time: 1, cache: {}, timings: {},
        request: { method: "GET", url: asked, httpVersion: "HTTP/1.1", cookies: [], queryString: [], headersSize: -1, bodySize: -1,
          headers: [["Origin", site.origin], ...secretHeaders].map(([name, value]) => ({ name, value })) },
        response: { status: 302, statusText: "", httpVersion: "HTTP/1.1", cookies: [], headers: [{ name: "Location", value: `${site.origin}/?code=${secrets.code}` }],
          content: { size: 1, mimeType: "application/json", text: JSON.stringify({ id_token: token }) }, redirectURL: "", headersSize: -1, bodySize: -1, _error: "net::ERR_FAILED" },
      }],
    },
  });
  const reports = [];
  try {
    const { log } = await record("lab.json", async (browser) => {
      const { page } = await open(browser, `${site.origin}/#cors`);
      await page.locator("#cors-text").waitFor();
      await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
      const copied = async () => {
        await page.locator("#cors-copy-report, #har-copy").locator("visible=true").first().click();
        await page.waitForTimeout(100);
        reports.push(await page.evaluate(() => navigator.clipboard.readText()));
      };
      for (const text of texts) {
        await page.fill("#cors-text", text);
        await page.locator("#cors-walk li").first().waitFor();
        await copied();
        await page.click("label:has(input[value=probe])");
        await page.locator("#cors-probe:not([disabled])").waitFor();
        await page.click("#cors-probe");
        await page.locator("#cors-reach:not([hidden])").click();
        await page.locator("#cors-reach").waitFor({ state: "hidden" });
        await page.locator("#cors-probe[aria-busy=false]").waitFor();
        await page.click("label:has(input[value=curl])");
      }
      await page.setInputFiles("#cors-file", { name: "recording.har", mimeType: "application/json", buffer: Buffer.from(har) });
      await page.locator("#har .cause").first().waitFor();
      await copied();
    });
    const segments = Object.fromEntries(token.split(".").map((part, at) => [`token, part ${at}`, part]));
    assert.deepEqual(leaks(log.texts, { ...secrets, ...segments }), []);
    assert.deepEqual(leaks(reports, { ...secrets, ...segments }), [], "the copied reports hold none of it either");
    const elsewhere = [...new Set(log.requests.map(({ url }) => url).filter((address) => !address.startsWith(site.origin) && !address.startsWith("blob:")))];
    assert.deepEqual(elsewhere, [url], "only the address on the button, without its query");
    assert.deepEqual([...new Set(log.requests.map(({ method }) => method))], ["GET"]);
    assert.deepEqual([...new Set(silent.requests.map(({ url }) => url))], [new URL(url).pathname]);
    assert.ok(silent.requests.every(({ headers }) => !headers.cookie && !headers.authorization && !headers.referer));
  } finally {
    await silent.close();
  }
});

test("the same search finds a canary that is leaked on purpose, in every way", async () => {
  const ways = ["address", "path", "header", "body", "base64", "hex", "percent-encoded"];
  const secrets = Object.fromEntries(ways.map((way) => [way, canary()]));
  // Without the word that all others begin with: of that and two more digits, one canary's encoding is now and then another's.
  const untouched = { untouched: randomBytes(16).toString("hex") };
  const { log } = await record("leak.json", async (browser) => {
    const { page } = await open(browser, `${site.origin}/`);
    await page.evaluate(async ([given, address]) => {
      const hex = (text) => [...text].map((letter) => letter.charCodeAt(0).toString(16)).join("");
      const send = (path, options) => fetch(address + path, options).catch(() => {});
      await send(`?leak=${given.address}`);
      await send(`/${given.path}`);
      await send("", { headers: { "x-leak": given.header } });
      await send("", { method: "POST", body: given.body, mode: "no-cors" });
      await send(`?leak=${btoa(`x${given.base64}`)}`);
      await send(`?leak=${hex(given.hex)}`);
      await send(`?leak=${hex(given["percent-encoded"]).replace(/../g, "%$&")}`);
      // And what must stand out by itself: another host, another path, another method.
      await fetch("https://elsewhere.example/").catch(() => {});
    }, [secrets, issuer.jwksUri]);
  });
  const found = leaks(log.texts, { ...secrets, ...untouched }).map(({ name }) => name.split(",")[0]);
  for (const way of ways) assert.ok(found.includes(way), `${way} in ${found}`);
  assert.ok(!found.includes("untouched"));
  assert.ok(log.requests.some(({ url }) => url === "https://elsewhere.example/"), "a request to another host is seen");
  assert.ok(log.requests.some(({ method }) => method === "POST"), "another method is seen");
  assert.ok(log.hosts.includes("elsewhere.example"), `the name that is looked up is seen: ${log.hosts}`);
});

test("the Response view: what is pasted sends nothing, and neither report, ticket nor commands hold a secret", async () => {
  const names = ["sub", "client", "code", "refresh", "cookie", "state", "body", "ssws"];
  const secrets = Object.fromEntries(names.map((name) => [name, canary()]));
  secrets.ssws = `00${secrets.ssws}`.padEnd(42, "a").slice(0, 42);
  const token = await issuer.mint("RS256", (payload) => ({ ...payload, sub: secrets.sub }));
  const host = "https://dev-1234.okta.com";
  const texts = [
    `> GET /api/v1/users?access_token=${token}&after=1 HTTP/2\n> Host: dev-1234.okta.com\n> Authorization: Bearer ${token}\n> Cookie: sid=${secrets.cookie}\n> \n< HTTP/2 403\n< date: Fri, 20 Nov 2026 13:41:07 GMT\n< x-okta-request-id: Zx7QpK2mT0eX1vYb3NcR4g\n< set-cookie: sid=${secrets.cookie}\n< \n{"errorCode":"E0000006","errorId":"oae1","refresh_token":"${secrets.refresh}"}`,
    `$ curl -i ${host}/oauth2/default/v1/token -u client:${secrets.client} -d grant_type=authorization_code -d code=${secrets.code}\nHTTP/1.1 400 Bad Request\nDate: Fri, 20 Nov 2026 13:41:07 GMT\n\n{"error":"invalid_grant","error_description":"PKCE verification failed.","refresh_token":"${secrets.refresh}"}`,
    `https://app.example/callback?error=access_denied&error_description=x&code=${secrets.code}&id_token=${token}`,
    `GET ${host}/api/v1/users HTTP/1.1\nHost: dev-1234.okta.com\nAuthorization: SSWS ${secrets.ssws}\n\nHTTP/1.1 401 Unauthorized\nDate: Fri, 20 Nov 2026 13:41:07 GMT\n\n{"errorCode":"E0000011","errorSummary":"Invalid token provided"}`,
  ];
  const said = [];
  const { log } = await record("response.json", async (browser) => {
    const { page } = await open(browser, `${site.origin}/#response`);
    await page.locator("#response[data-ready]").waitFor();
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    for (const text of texts) {
      await page.evaluate((text) => navigator.clipboard.writeText(text), text);
      await page.locator("#response-text").fill("");
      await page.locator("#response-text").focus();
      await page.keyboard.press("Control+V");
      await page.locator("#response-findings > *").first().waitFor();
      await page.waitForTimeout(600);
      await page.evaluate(() => navigator.clipboard.writeText(""));
      await page.click("#response-copy-report");
      await page.waitForTimeout(100);
      said.push(await page.evaluate(() => navigator.clipboard.readText()));
      assert.notEqual(said.at(-1), "", "a report was copied");
      // All that is on the page, the fields included: what was pasted is hidden as it arrives.
      said.push(await page.evaluate(() => document.querySelector("#response").textContent));
      said.push(await page.evaluate(() => [...document.querySelectorAll("#response textarea")].map(({ value }) => value).join("\n")));
    }
  });
  const segments = Object.fromEntries(token.split(".").map((part, at) => [`token, part ${at}`, part]));
  assert.deepEqual(leaks(log.texts, { ...secrets, ...segments }), []);
  // The subject of a token is on the page where the token is read, and in no text that is copied.
  assert.deepEqual(leaks(said, { ...secrets, ...segments }), [], "neither what is shown nor what is copied holds any of it");
  const elsewhere = [...new Set(log.requests.map(({ url }) => url).filter((address) => !address.startsWith(site.origin) && !address.startsWith("blob:")))];
  assert.deepEqual(elsewhere, []);
});
