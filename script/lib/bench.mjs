// The last step of script/bench: node script/lib/bench.mjs [RUNS]

import { readFile } from "node:fs/promises";
import { cpus } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { chromium, dist, random, serve } from "../../tests/e2e/lib/harness.mjs";

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
} finally {
  await browser.close();
  await site.close();
}

/** The bytes of every file that the page asks for before it is idle, at brotli's highest level. */
async function firstLoad() {
  const page = await browser.newPage();
  const asked = new Set();
  page.on("request", (request) => {
    if (request.url().startsWith("http")) asked.add(new URL(request.url()).pathname);
  });
  await page.goto(`${site.origin}/`, { waitUntil: "networkidle" });
  await page.close();
  const rows = await Promise.all(
    [...asked].map(async (path) => {
      const name = path === "/" ? "index.html" : path.slice(1);
      const bytes = await readFile(join(dist, name));
      const brotli = brotliCompressSync(bytes, {
        params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
      });
      return [name, bytes.length, brotli.length];
    }),
  );
  rows.sort(([, , a], [, , b]) => b - a);
  rows.push(["first load", rows.reduce((sum, row) => sum + row[1], 0), rows.reduce((sum, row) => sum + row[2], 0)]);
  console.log(`${"bytes".padEnd(24)}${"as is".padStart(10)}${"brotli 11".padStart(12)}`);
  for (const [name, plain, brotli] of rows)
    console.log(`${name.padEnd(24)}${String(plain).padStart(10)}${String(brotli).padStart(12)}`);
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
