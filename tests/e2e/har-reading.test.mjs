// HAR files in real browsers: read by the worker in chunks, with progress, while the page stays free.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { chromium, firefox, random, serve } from "./lib/harness.mjs";
import { countsByCode, makeHar } from "./lib/har.mjs";

const megabytes = 20;
const made = { seed: random().below(2 ** 32), size: megabytes << 20, expires: Date.UTC(2026, 10, 20, 14, 5) / 1000 };
// A page with the policy of the built one and nothing on it, which starts the worker as boot.js does.
const bare = {
  type: "text/html",
  body: `<!doctype html><meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; worker-src 'self' blob:"><title>Another page</title>`,
};
let site;
before(async () => {
  site = await serve(undefined, { overrides: { "/bare": bare } });
});
after(() => site?.close());

for (const [name, start] of Object.entries({ Chromium: chromium, Firefox: firefox })) {
  test(`${name} reads ${megabytes} MB in the worker: counts, progress, tokens, and an end on demand`, async (context) => {
    const browser = await start();
    context.after(() => browser.close());
    const page = await browser.newPage();
    await page.goto(`${site.origin}/bare`);
    const { whole, stopped, direct } = await page.evaluate(`(${read})(${makeHar}, ${JSON.stringify(made)})`);

    assert.deepEqual(countsByCode(whole.result.causes), whole.expected.causes);
    assert.equal(whole.result.counts.entries, whole.expected.entries);
    assert.equal(whole.result.exchanges.length, whole.expected.entries);
    assert.equal(whole.result.tokens.length, whole.expected.tokens);
    assert.equal(whole.result.stopped, false);
    assert.ok(whole.progress.length > 3, `${whole.progress.length} reports of progress`);
    assert.ok(whole.progress.every(({ read }, at, all) => at === 0 || read >= all[at - 1].read));
    assert.equal(whole.progress.at(-1).read, whole.progress.at(-1).total);
    assert.ok(whole.progress.some(({ causes, read, total }) => causes > 0 && read < total), "groups before the end");

    // Tokens stay in the worker until one is asked for.
    assert.doesNotMatch(JSON.stringify(whole.result), /eyJ/);
    assert.match(whole.token.text, /^eyJ[\w-]+\.[\w-]+\.[\w-]+$/);
    assert.equal(whole.noToken.text, null);

    assert.equal(stopped.result.stopped, true);
    assert.ok(stopped.result.exchanges.length > 0 && stopped.result.exchanges.length < whole.expected.entries);
    const first = whole.result.exchanges.slice(0, stopped.result.exchanges.length - 1);
    assert.deepEqual(first.map(({ url }) => url), stopped.result.exchanges.slice(0, -1).map(({ url }) => url));
    assert.ok(stopped.result.findings.some(({ code }) => code === "har.stopped"));

    // The same on the main thread, by the function itself.
    assert.deepEqual(countsByCode(direct.result.causes), whole.expected.causes);
    assert.equal(direct.stoppedEarly, true);
    const tasks = (list) => (list ? `longest task ${Math.max(0, ...list).toFixed(0)} ms` : "long tasks are not observable");
    context.diagnostic(
      `${name}: worker ${whole.time.toFixed(0)} ms, ${tasks(whole.tasks)}; on the main thread ${direct.time.toFixed(0)} ms, ${tasks(direct.tasks)}`,
    );
  });
}

/** Runs in the page: reads a file whole and in part, in the worker and by the function itself. */
async function read(make, options) {
  const { blob, expected } = make(options);
  const tasks = observed();
  const worker = await startWorker();

  const progress = [];
  const whole = await measured(() =>
    told(worker, { file: blob }, (data) => {
      if (data.progress) progress.push({ ...data.progress, causes: data.progress.causes.length });
      return data.result;
    }),
  );
  const token = await told(worker, { reveal: "A" }, (data) => data.token);
  const noToken = await told(worker, { reveal: "nothing" }, (data) => data.token);
  const stopped = await told(worker, { file: blob }, (data) => {
    if (data.progress?.entries > 3) worker.postMessage({ stop: true });
    return data.result;
  });
  worker.terminate();

  const { default: init, analyseHar } = await import("./tokenscope_more.js");
  await init();
  await tasks.since();
  const direct = await measured(() => analyseHar(blob));
  const early = await analyseHar(blob, ({ entries }) => entries < 5);
  return {
    whole: { ...whole, expected, progress, token, noToken },
    stopped: { result: stopped },
    direct: { ...direct, stoppedEarly: early.stopped },
  };

  async function startWorker() {
    const script = `import(${JSON.stringify(new URL("worker.js", location.href).href)});`;
    const started = new Worker(URL.createObjectURL(new Blob([script], { type: "text/javascript" })), { type: "module" });
    await told(started, null, (data) => data.ready);
    return started;
  }

  function told(target, message, take) {
    return new Promise((resolve, reject) => {
      target.onerror = (event) => reject(new Error(event.message));
      target.onmessage = ({ data }) => {
        const taken = take(data);
        if (data.error) reject(new Error(data.error));
        else if (taken) resolve(taken);
      };
      if (message) target.postMessage(message);
    });
  }

  async function measured(call) {
    await tasks.since();
    const began = performance.now();
    const result = await call();
    return { result, time: performance.now() - began, tasks: await tasks.since() };
  }

  /** The lengths of the main thread's long tasks since it was last asked; null where the browser does not tell. */
  function observed() {
    if (!PerformanceObserver.supportedEntryTypes.includes("longtask")) return { since: async () => null };
    let list = [];
    new PerformanceObserver((entries) => list.push(...entries.getEntries().map(({ duration }) => duration))).observe({
      type: "longtask",
    });
    return {
      async since() {
        await new Promise((done) => setTimeout(done, 100));
        const seen = list;
        list = [];
        return seen;
      },
    };
  }
}
