// Real HAR files: Chromium's own DevTools, opened on a page, make them with the code behind "Export HAR".

import { createServer } from "node:net";
import { chromium, until } from "./harness.mjs";

/** Starts Chromium with its DevTools reachable: `{ browser, context, record(page) }`; `record` resolves with a `har()` function. */
export async function recordable() {
  const port = await freePort();
  const browser = await chromium({ args: [`--remote-debugging-port=${port}`, "--remote-allow-origins=*"] });
  const context = await browser.newContext();
  const record = async (page) => {
    const targets = await (await fetch(`http://127.0.0.1:${port}/json`)).json();
    const target = targets.find(({ type, url }) => type === "page" && url === page.url());
    const tools = await context.newPage();
    await tools.goto(`http://127.0.0.1:${port}/devtools/inspector.html?ws=127.0.0.1:${port}/devtools/page/${target.id}`);
    // Nothing says when the tools begin to record, so a request is repeated until it is seen.
    await until(async () => {
      await page.evaluate(() => fetch("/recording").catch(() => {}));
      return tools.evaluate(async () => {
        const { NetworkLog } = await import("./models/logs/logs.js").catch(() => ({}));
        return NetworkLog?.NetworkLog.instance().requests().length > 0;
      }).catch(() => false);
    }, "DevTools record");
    return {
      har: ({ sanitize = false } = {}) =>
        tools.evaluate(async (sanitize) => {
          const { Log } = await import("./models/har/har.js");
          const { NetworkLog } = await import("./models/logs/logs.js");
          const log = await Log.Log.build(NetworkLog.NetworkLog.instance().requests(), { sanitize });
          return JSON.stringify({ log }, null, 2);
        }, sanitize),
    };
  };
  return { browser, context, record };
}

async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}
