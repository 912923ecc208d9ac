// The last step of script/bench: node script/lib/bench.mjs [RUNS]

import { createHmac, generateKeyPairSync, sign as signBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { cpus } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { chromium, dist, random, serve } from "../../tests/e2e/lib/harness.mjs";
import { makeHar } from "../../tests/e2e/lib/har.mjs";
import { longestTasks } from "./tasks.mjs";

const runs = Number(process.argv[2] ?? 11);
const verdict = "#verdict[data-verdict=rejected] h1"; // The tokens made here have expired.
const generator = random();
const site = await serve();
const browser = await chromium();
try {
  console.log(
    `Chromium ${browser.version()}, Node ${process.version}, ${cpus().length} cores, ${runs} runs, loopback\n`,
  );
  await firstLoad();
  if (await hasVerdict()) {
    console.log("\nmilliseconds: median [least .. most]");
    await pasteToVerdict();
    await navigationToVerdict();
  } else {
    console.log("\nThe page has no #verdict yet: no times.");
  }
  await firstUse();
  await diagnosis();
  await longestTasks(browser, site.origin, Math.min(runs, 3));
  await lookUp();
  await harFile(100);
} finally {
  await browser.close();
  await site.close();
}

/**
 * The bytes of every file that the page asks for before it is idle, at brotli's highest level, beside what they were at the
 * commit that first_load.json names: the last one without tokens that are encrypted, nested or selectively disclosed.
 */
async function firstLoad() {
  const { commit, brotli: before } = JSON.parse(await readFile(new URL("first_load.json", import.meta.url), "utf8"));
  const rows = (await sizes(await askedFor("/"))).map(([name, ...bytes]) => [name, ...bytes, before[name] ?? 0]);
  rows.sort(([, , a], [, , b]) => b - a);
  const sum = (column) => rows.reduce((sum, row) => sum + row[column], 0);
  rows.push(["first load", sum(1), sum(2), Object.values(before).reduce((sum, bytes) => sum + bytes, 0)]);
  console.log(`${"bytes".padEnd(24)}${"as is".padStart(10)}${"brotli 11".padStart(12)}${`at ${commit}`.padStart(12)}${"growth".padStart(10)}`);
  for (const [name, plain, brotli, earlier] of rows)
    console.log(
      `${name.padEnd(24)}${[plain, brotli, earlier, brotli - earlier].map((bytes, at) => String(bytes).padStart([10, 12, 12, 10][at])).join("")}`,
    );
}

/** The files that an address asks for before it is idle. */
async function askedFor(address) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const asked = new Set();
  page.on("request", (request) => {
    if (request.url().startsWith("http")) asked.add(new URL(request.url()).pathname);
  });
  await page.goto(`${site.origin}${address}`, { waitUntil: "networkidle" });
  await context.close();
  return asked;
}

/** Name, bytes as they are, and bytes at brotli's highest level. */
function sizes(paths) {
  return Promise.all(
    [...paths].map(async (path) => {
      const name = path === "/" ? "index.html" : path.slice(1);
      const bytes = await readFile(join(dist, name));
      const brotli = brotliCompressSync(bytes, {
        params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
      });
      return [name, bytes.length, brotli.length];
    }),
  );
}

/** What each of the other views asks for when it is first opened, beyond the first load. */
async function firstUse() {
  const first = await askedFor("/");
  console.log(`\n${"first use of a view".padEnd(34)}${"as is".padStart(10)}${"brotli 11".padStart(12)}`);
  const addresses = { verdict: `/#token=${token(1024)}`, cors: "/#cors", response: "/#response", create: "/#create" };
  for (const [view, address] of Object.entries(addresses)) {
    const more = [...(await askedFor(address))].filter((path) => !first.has(path));
    for (const [name, plain, brotli] of await sizes(more))
      console.log(`  ${view.padEnd(10)}${name.padEnd(22)}${String(plain).padStart(10)}${String(brotli).padStart(12)}`);
  }
}

/**
 * From the text to the cause of a failing signature in the document, with everything loaded, and the longest task on the way:
 * a secret that lost its line break, 24 RSA keys of which none fits, and a wrong secret for a token of 50 KB.
 */
async function diagnosis() {
  const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signed = (header, payload, sign) => {
    const text = `${encode(header)}.${encode(payload)}`;
    return `${text}.${sign(text).toString("base64url")}`;
  };
  const hmac = (secret) => (text) => createHmac("sha256", secret).update(text).digest();
  const claims = { iss: "https://issuer.example", aud: "api://orders", sub: "1", exp: 4_000_000_000 };
  const large = { ...claims, groups: Array.from({ length: 4000 }, (_, number) => `group-${number}`) };
  const rsa = () => generateKeyPairSync("rsa", { modulusLength: 2048 });
  const own = rsa();
  const keys = Array.from({ length: 24 }, (_, number) => ({ ...rsa().publicKey.export({ format: "jwk" }), kid: `k${number}` }));
  const cases = {
    "a secret that lost its line break": ["secret", "a secret of the bench", signed({ alg: "HS256" }, claims, hmac("a secret of the bench\n"))],
    "24 RSA keys, none of which fits": ["pasted-keys", JSON.stringify({ keys }), signed({ alg: "RS256", kid: "other" }, claims, (text) => signBytes("sha256", Buffer.from(text), own.privateKey))],
    "a wrong secret, token of 50 KB": ["secret", "a secret of the bench", signed({ alg: "HS256" }, large, hmac("another one"))],
  };
  console.log(`\n${"to the cause of a failing signature".padEnd(44)}${"ms".padStart(8)}${"longest task ms".padStart(18)}`);
  for (const [name, [field, value, text]] of Object.entries(cases)) {
    const page = await browser.newPage();
    await page.goto(`${site.origin}/#token=${token(1024)}`);
    await page.locator("#sec-kind:not([hidden]), #sec-server:not([hidden])").first().waitFor(); // All is loaded and compiled.
    const { time, longest } = await page.evaluate(async ([id, given, pasted]) => {
      document.getElementById(id).value = given;
      await new Promise((done) => setTimeout(done, 500));
      let longest = 0;
      new PerformanceObserver((list) => list.getEntries().forEach(({ duration }) => (longest = Math.max(longest, duration)))).observe({ type: "longtask" });
      const began = performance.now();
      const shown = new Promise((done) => {
        const look = () => {
          if (document.querySelector("#sec-doctor:not([hidden]) h3")) done(performance.now() - began);
        };
        new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true });
      });
      const input = document.getElementById("input");
      input.value = pasted;
      input.dispatchEvent(new Event("input", { bubbles: true }));
      const time = await shown;
      await new Promise((done) => setTimeout(done, 500));
      return { time, longest };
    }, [field, value, text]);
    console.log(`  ${name.padEnd(42)}${time.toFixed(0).padStart(8)}${(longest ? longest.toFixed(0) : "< 50").padStart(18)}`);
    await page.close();
  }
}

/** From a keystroke in the search of the Response view to the hits in the document, and to the frame that shows them. */
async function lookUp() {
  const page = await browser.newPage();
  await page.goto(`${site.origin}/#response`);
  await page.locator("#response[data-ready]").waitFor();
  const inDocument = [],
    onScreen = [];
  for (const query of ["E0000047", "okta.users.read", "/api/v1/apps/{appId}/users", "redirect uri", "50011"]) {
    for (let end = 1; end <= query.length; end++) {
      const measured = await page.evaluate(async (text) => {
        const field = document.getElementById("response-search");
        field.value = text;
        const began = performance.now();
        field.dispatchEvent(new Event("input", { bubbles: true }));
        const inDocument = performance.now() - began;
        await new Promise((shown) => requestAnimationFrame(() => setTimeout(shown)));
        return { inDocument, onScreen: performance.now() - began };
      }, query.slice(0, end));
      inDocument.push(measured.inDocument);
      onScreen.push(measured.onScreen);
    }
  }
  await page.close();
  console.log("\nmilliseconds: median [least .. most]");
  print("keystroke in the search, in the document", inDocument);
  print("keystroke in the search, after its frame", onScreen);
}

/** From the paste event of a real Ctrl+V to the verdict in the document, and to the frame that shows it. */
async function pasteToVerdict() {
  const inDocument = [],
    onScreen = [];
  for (let run = 0; run < runs; run++) {
    const context = await browser.newContext();
    await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: site.origin });
    const page = await context.newPage();
    await page.goto(`${site.origin}/`, { waitUntil: "networkidle" });
    await page.evaluate(() => import("./boot.js")); // Resolves when the module has started.
    await page.evaluate((text) => navigator.clipboard.writeText(text), token(1024));
    await page.evaluate((selector) => {
      globalThis.measured = new Promise((resolve) => {
        addEventListener(
          "paste",
          () => {
            const pasted = performance.now();
            const look = () => {
              if (!document.querySelector(selector)) return;
              observer.disconnect();
              const inDocument = performance.now() - pasted;
              requestAnimationFrame(() =>
                setTimeout(() => resolve({ inDocument, onScreen: performance.now() - pasted })),
              );
            };
            const observer = new MutationObserver(look);
            observer.observe(document, { subtree: true, childList: true, attributes: true });
          },
          { capture: true, once: true },
        );
      });
    }, verdict);
    await page.focus("textarea#input");
    await page.keyboard.press("Control+V");
    const measured = await page.evaluate(() => globalThis.measured);
    inDocument.push(measured.inDocument);
    onScreen.push(measured.onScreen);
    await context.close();
  }
  print("paste of 1 KB to verdict, in the document", inDocument);
  print("paste of 1 KB to verdict, after its frame", onScreen);
}

/** From the start of the navigation to the verdict for a token in the fragment; nothing is cached. */
async function navigationToVerdict() {
  const times = [];
  for (let run = 0; run < runs; run++) {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.addInitScript((selector) => {
      globalThis.measured = new Promise((resolve) => {
        const observer = new MutationObserver(() => {
          if (!document.querySelector(selector)) return;
          observer.disconnect();
          requestAnimationFrame(() => setTimeout(() => resolve(performance.now())));
        });
        observer.observe(document, { subtree: true, childList: true, attributes: true });
      });
    }, verdict);
    await page.goto(`${site.origin}/#token=${token(1024)}`);
    times.push(await page.evaluate(() => globalThis.measured));
    await context.close();
  }
  print("navigation to first verdict, 1 KB in the fragment", times);
}

/**
 * A HAR file of that many megabytes: by the worker, by the same function on the main thread, and by `JSON.parse` of the
 * whole text. Each has a browser of its own; memory is the most that its renderers held beyond what they held before.
 */
async function harFile(megabytes) {
  const bare = { type: "text/html", body: "<!doctype html><title>Another page</title>" };
  const place = await serve(undefined, { overrides: { "/bare": bare } });
  const made = { seed: 1, size: megabytes << 20, expires: Date.UTC(2026, 10, 20, 14, 5) / 1000 };
  const ways = { "in the worker": inWorker, "on the main thread": onMainThread, "JSON.parse": byParse };
  console.log(`\nHAR file of ${megabytes} MB${"time ms".padStart(19)}${"memory MB".padStart(12)}${"longest task ms".padStart(18)}`);
  try {
    for (const [name, way] of Object.entries(ways)) {
      const own = await chromium();
      const page = await own.newPage();
      await page.goto(`${place.origin}/bare`);
      await page.evaluate(`(${keepHar})(${makeHar}, ${JSON.stringify(made)}, ${way})`);
      const memory = await watchMemory(own);
      const { time, longest } = await page.evaluate(() => globalThis.run());
      const most = await memory.most();
      await own.close();
      const cells = [time.toFixed(0).padStart(8), (most / 1024).toFixed(0).padStart(12), longest.toFixed(0).padStart(18)];
      console.log(`  ${name.padEnd(28)}${cells.join("")}`);
    }
  } finally {
    await place.close();
  }
}

/** Runs in the page: makes the file, and leaves `run()`, which reads it one way. */
async function keepHar(make, options, way) {
  const { blob } = make(options);
  const begin = await way(blob);
  const tasks = [0];
  new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({
    type: "longtask",
  });
  await new Promise((done) => setTimeout(done, 1000));
  globalThis.run = async () => {
    tasks.length = 1;
    const began = performance.now();
    await begin();
    const time = performance.now() - began;
    await new Promise((done) => setTimeout(done, 200));
    return { time, longest: Math.max(...tasks) };
  };
}

async function inWorker(blob) {
  const worker = new Worker("./worker.js", { type: "module" });
  const next = (member) =>
    new Promise((done) => worker.addEventListener("message", ({ data }) => data[member] && done(data[member])));
  await next("ready");
  return () => {
    worker.postMessage({ file: blob });
    return next("result");
  };
}

async function onMainThread(blob) {
  const { default: init, analyseHar } = await import("./tokenscope_more.js");
  await init();
  return () => analyseHar(blob);
}

async function byParse(blob) {
  return async () => JSON.parse(await blob.text()).log.entries.length;
}

/** Looks at the memory of a browser's renderers, in KB, until it is asked for the most beyond the first look. */
async function watchMemory(own) {
  const session = await own.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  const renderers = processInfo.filter(({ type }) => type === "renderer").map(({ id }) => id);
  const resident = async (id) =>
    Number(/^VmRSS:\s+(\d+)/m.exec(await readFile(`/proc/${id}/status`, "utf8").catch(() => ""))?.[1] ?? 0);
  const sum = async () => (await Promise.all(renderers.map(resident))).reduce((all, one) => all + one, 0);
  const first = await sum();
  let most = first;
  const timer = setInterval(async () => {
    most = Math.max(most, await sum());
  }, 20);
  return {
    async most() {
      clearInterval(timer);
      return Math.max(most, await sum()) - first;
    },
  };
}

async function hasVerdict() {
  const page = await browser.newPage();
  await page.goto(`${site.origin}/#token=${token(1024)}`);
  const found = await page.waitForSelector(verdict, { timeout: 15_000 }).then(
    () => true,
    () => false,
  );
  await page.close();
  return found;
}

/** An expired RS256 token of that many bytes, with a random signature: decoding and checking need no more. */
function token(length) {
  const part = (value) => Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
  const header = part({ alg: "RS256", kid: generator.text(16), typ: "at+jwt" });
  const signature = Buffer.from(generator.bytes(256)).toString("base64url");
  const claims = {
    iss: "https://issuer.example/oauth2/default",
    aud: "api://default",
    sub: generator.text(20),
    iat: 1700000000,
    exp: 1700003600,
    cid: generator.text(20),
    scp: ["openid", "profile", "email"],
    groups: [],
  };
  const size = () => header.length + part(claims).length + signature.length + 2;
  while (size() < length) claims.groups.push(generator.text(12));
  return `${header}.${part(claims)}.${signature}`;
}

function print(what, values) {
  const sorted = [...values].sort((a, b) => a - b);
  const median =
    sorted.length % 2 ? sorted[sorted.length >> 1] : (sorted[sorted.length / 2 - 1] + sorted[sorted.length / 2]) / 2;
  console.log(
    `${what.padEnd(52)}${median.toFixed(1).padStart(8)} [${sorted[0].toFixed(1)} .. ${sorted.at(-1).toFixed(1)}]`,
  );
}
