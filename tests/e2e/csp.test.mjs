// The page's own policy, the <meta> alone: a whole visit breaks no rule of it, and what it forbids is blocked.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { once } from "node:events";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { chromium, dist, firefox, serve, until } from "./lib/harness.mjs";
import { startIssuer } from "./lib/issuer.mjs";
import { open } from "./lib/page.mjs";
import { wholeRun } from "./lib/whole_run.mjs";

let site;
let other; // Another host, which counts what reaches it: over http, on a name that connect-src does not list.
let reached = [];
const browsers = {};
before(async () => {
  // A script of the page's own host: what a driver evaluates itself is exempt from the rule against eval.
  const probe = `
    const attempt = (work) => { try { return String(work()); } catch (error) { return error.name; } };
    export const outcome = [attempt(() => (0, eval)("'evaluated'")), attempt(() => new Function("return 'made'")()),
      attempt(() => setTimeout("globalThis.ran = 'text'", 0) && "set")];`;
  site = await serve(dist, { overrides: { "/probe.js": { type: "text/javascript", body: probe } } });
  const server = createServer((request, response) => {
    reached.push(request.url);
    response.writeHead(200, { "access-control-allow-origin": "*", "content-type": "image/svg+xml" }).end('<svg xmlns="http://www.w3.org/2000/svg"/>');
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  other = { origin: `http://forbidden.test:${server.address().port}`, close: () => { server.closeAllConnections(); server.close(); } };
  browsers.Chromium = await chromium({ args: ["--host-resolver-rules=MAP forbidden.test 127.0.0.1"] });
  browsers.Firefox = await firefox({ preferences: { "network.dns.localDomains": "forbidden.test" } });
});
after(async () => {
  for (const browser of Object.values(browsers)) await browser.close();
  other?.close();
  await site?.close();
});

test("the policy is the documented one, and no header adds to it", async () => {
  const answer = await fetch(`${site.origin}/`);
  assert.equal(answer.headers.get("content-security-policy"), null);
  const [, policy] = (await readFile(join(dist, "index.html"), "utf8")).match(/http-equiv="?Content-Security-Policy"? content="([^"]+)"/i);
  const directives = Object.fromEntries(policy.split(";").map((rule) => rule.trim().split(/\s+(.*)/)));
  assert.deepEqual(directives, {
    "default-src": "'none'", "script-src": "'self' 'wasm-unsafe-eval'", "style-src": "'self'", "img-src": "'self' data:",
    "connect-src": "'self' https: http://localhost:* http://127.0.0.1:*", "worker-src": "'self' blob:", "manifest-src": "'self'",
    "base-uri": "'none'", "form-action": "'none'", "require-trusted-types-for": "'script'", "trusted-types": "tokenscope",
  });
});

/** Runs a probe in the opened page; the violations that the browser reports must name the directive. */
async function blocked(view, directive, probe, argument) {
  const before = view.found.violations.length;
  const outcome = await view.page.evaluate(probe, argument);
  if (directive) {
    const named = () => view.found.violations.slice(before).some((text) => text.includes(directive));
    await until(named, `a violation of ${directive}, but found ${view.found.violations.slice(before)}`);
  }
  return outcome;
}

for (const name of ["Chromium", "Firefox"]) {
  test(`${name}: what is forbidden is blocked, by the page's <meta> alone`, async (t) => {
    const view = await open(browsers[name], `${site.origin}/`);
    const { page } = view;
    t.after(() => page.close());
    reached = [];

    await t.test("an inline script", async () => {
      // Parsed, not set from script: what an injection into the file would be.
      const html = (await readFile(join(dist, "index.html"), "utf8")).replace("</body>", "<script>globalThis.ran = 'inline'</script><img src=x onerror=\"globalThis.ran = 'handler'\"></body>");
      const injected = await serve(dist, { overrides: { "/": { type: "text/html; charset=utf-8", body: html } } });
      const infected = await open(browsers[name], `${injected.origin}/`);
      assert.equal(await infected.page.evaluate(() => globalThis.ran), undefined);
      await until(() => infected.found.violations.some((text) => text.includes("script-src")), "the violation is reported");
      await infected.page.close();
      await injected.close();
    });
    await t.test("a script made from text", async () => {
      const outcome = await blocked(view, null, () => {
        try {
          const script = document.createElement("script");
          script.textContent = "globalThis.ran = true";
          document.body.append(script);
        } catch (error) {
          return error.name;
        }
        return globalThis.ran === undefined ? "blocked" : "ran";
      });
      assert.match(outcome, /TypeError|blocked/);
    });
    await t.test("an assignment to innerHTML", async () => {
      const outcome = await blocked(view, "require-trusted-types-for", () => {
        const element = document.createElement("div");
        try {
          element.innerHTML = "<b>bold</b>";
          return `assigned ${element.childElementCount}`;
        } catch (error) {
          return error.name;
        }
      });
      assert.equal(outcome, "TypeError");
    });
    await t.test("another Trusted Types policy, and other addresses from ours", async () => {
      const outcome = await page.evaluate(() => {
        const attempt = (work) => { try { work(); return "made"; } catch (error) { return error.name; } };
        return [attempt(() => trustedTypes.createPolicy("mine", { createHTML: (text) => text })),
          attempt(() => trustedTypes.createPolicy("tokenscope", {})), attempt(() => new Worker("boot.js"))];
      });
      assert.deepEqual(outcome, ["TypeError", "TypeError", "TypeError"]);
    });
    await t.test("an image from another host", async () => {
      const outcome = await blocked(view, "img-src", (address) => new Promise((done) => {
        const image = new Image();
        image.onload = () => done("loaded");
        image.onerror = () => done("blocked");
        image.src = `${address}/image.svg`;
      }), other.origin);
      assert.equal(outcome, "blocked");
    });
    await t.test("eval, and Function", async () => {
      const [evaluated, made] = await page.evaluate(() => import("./probe.js").then(({ outcome }) => outcome));
      for (const kind of [evaluated, made]) assert.match(kind, /EvalError|TypeError/);
      await page.evaluate(() => new Promise((done) => setTimeout(done, 50)));
      assert.equal(await page.evaluate(() => globalThis.ran), undefined, "a text given to setTimeout");
    });
    await t.test("a fetch, a beacon, a frame, a form, a style and a script of another host", async () => {
      assert.equal(await blocked(view, "connect-src", (address) => fetch(`${address}/fetch`, { mode: "no-cors" }).then(() => "sent", ({ name }) => name), other.origin), "TypeError");
      await blocked(view, "connect-src", (address) => { navigator.sendBeacon(`${address}/beacon`, "x"); }, other.origin);
      await blocked(view, "style-src", (address) => {
        const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: `${address}/style.css` });
        document.head.append(link);
      }, other.origin);
      await blocked(view, "form-action", (address) => {
        const form = Object.assign(document.createElement("form"), { action: `${address}/form`, method: "post", target: "_blank" });
        document.body.append(form);
        try { form.submit(); } catch { /* Firefox throws, too. */ }
      }, other.origin);
      await page.evaluate((address) => { document.body.append(Object.assign(document.createElement("iframe"), { src: `${address}/frame` })); }, other.origin);
      const imported = await page.evaluate((address) => import(`${address}/script.js`).then(() => "ran", ({ name }) => name), other.origin);
      assert.equal(imported, "TypeError");
    });
    await t.test("in a worker that boot.js started from a blob: a fetch to a forbidden host, and eval", async () => {
      // The worker's own file is replaced by a probe: what runs in it is held by the policy that the blob inherits.
      const probe = `
        addEventListener("message", async ({ data }) => {
          const attempt = async (work) => { try { return String(await work()); } catch (error) { return error.name; } };
          postMessage([
            await attempt(() => fetch(data + "/worker", { mode: "no-cors" }).then(() => "sent")),
            await attempt(() => (0, eval)("'evaluated'")),
            await attempt(() => new Function("return 'made'")()),
            await attempt(() => import(data + "/worker-script.js").then(() => "imported")),
            await attempt(() => fetch(${JSON.stringify(`${site.origin}/`)}).then(({ status }) => status)),
          ]);
        });
        postMessage("ready");`;
      const own = await serve(dist, { overrides: { "/worker.js": { type: "text/javascript", body: probe } } });
      const working = await open(browsers[name], `${own.origin}/`);
      const outcome = await working.page.evaluate(async (address) => {
        const { startWorker } = await import("./boot.js");
        const worker = startWorker();
        const answer = () => new Promise((done, fail) => {
          worker.onmessage = ({ data }) => done(data);
          worker.onerror = ({ message }) => fail(new Error(message ?? "the worker did not start"));
        });
        await answer();
        worker.postMessage(address);
        const said = await answer();
        worker.terminate();
        return said;
      }, other.origin);
      assert.equal(outcome[0], "TypeError", "a forbidden host");
      assert.match(outcome[1], /EvalError|TypeError/);
      assert.match(outcome[2], /EvalError|TypeError/);
      assert.equal(outcome[3], "TypeError");
      await working.page.close();
      await own.close();
    });
    assert.deepEqual(reached, [], "nothing reached the other host");
  });

  test(`${name}: a whole visit breaks no rule`, async () => {
    const issuer = await startIssuer();
    try {
      const { found } = await wholeRun(browsers[name], site, issuer);
      assert.deepEqual(found.violations, []);
    } finally {
      await issuer.close();
    }
  });
}

test("the other host can be reached where no policy forbids it", async () => {
  reached = [];
  for (const name of ["Chromium", "Firefox"]) {
    const page = await browsers[name].newPage();
    await page.goto(`${other.origin}/${name}`);
    await page.close();
  }
  assert.deepEqual(reached.filter((url) => !url.includes("favicon")), ["/Chromium", "/Firefox"]);
});
