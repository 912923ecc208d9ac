// The configuration that the CORS lab gives for nginx does what it says: Debian's nginx runs it, Chromium asks.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { chromium, serve, until } from "./lib/harness.mjs";

test("with the given nginx configuration the app's requests pass, another origin's don't, and errors carry the headers", async () => {
  const site = await serve();
  const app = await pageServer();
  const stranger = await pageServer();
  const browser = await chromium();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/orders`;
  let nginx;
  try {
    const page = await browser.newPage();
    await page.goto(`${site.origin}/`);
    const request = { url, method: "PUT", headers: { "content-type": "application/json", "x-trace": "1" }, credentials: "include" };
    const { fix } = await page.evaluate(
      async ([origin, request]) => {
        const { default: init, explainCors } = await import("./tokenscope.js");
        await init();
        return explainCors({ origin, request, preflight: { status: 405, headers: {} }, response: null });
      },
      [app.origin, request],
    );
    nginx = await startNginx(fix.configurations.find(({ server }) => server === "nginx").text, port);

    const ask = async (origin, path) => {
      await page.goto(origin);
      return page.evaluate(
        async ([url, { method, headers, credentials }]) =>
          fetch(url, { method, headers, credentials, body: "{}" }).then(({ status }) => status, () => "refused"),
        [url + path, request],
      );
    };
    assert.equal(await ask(app.origin, ""), 200);
    assert.equal(await ask(app.origin, "?status=404"), 404, "an error can be read too");
    assert.equal(await ask(stranger.origin, ""), "refused");
  } finally {
    await nginx?.stop();
    await browser.close();
    await Promise.all([site, app, stranger].map((server) => server.close()));
  }
});

async function startNginx(text, port) {
  const [outside, inside] = text.split(/^# in the location.*$/m);
  assert.ok(inside, "the configuration says what belongs where");
  const home = await mkdtemp(join(tmpdir(), "tokenscope-cors-"));
  const paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `${name}_temp_path ${home}/${name};`);
  const configuration = `
    daemon off; pid ${home}/pid; error_log ${home}/error.log;
    events {}
    http {
      access_log off; ${paths.join(" ")}
      ${outside}
      server {
        listen 127.0.0.1:${port};
        location / {
          ${inside}
          if ($arg_status) { return 404; }
          return 200 "{}";
        }
      }
    }`;
  await writeFile(join(home, "nginx.conf"), configuration);
  const nginx = spawn("/usr/sbin/nginx", ["-p", home, "-c", join(home, "nginx.conf")], { stdio: ["ignore", "ignore", "pipe"] });
  let complaint = "";
  nginx.stderr.on("data", (data) => (complaint += data));
  const ended = new Promise((done) => nginx.once("exit", done));
  await until(() => nginx.exitCode !== null || answers(port), "nginx answers");
  assert.equal(nginx.exitCode, null, complaint);
  return {
    stop: async () => {
      nginx.kill();
      await ended;
      await rm(home, { recursive: true });
    },
  };
}

function answers(port) {
  return new Promise((done) => {
    const socket = createConnection(port, "127.0.0.1");
    socket.once("connect", () => (socket.destroy(), done(true)));
    socket.once("error", () => done(false));
  });
}

async function pageServer() {
  const server = createServer((_, response) => response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><title>App</title>"));
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    close: () => (server.closeAllConnections(), new Promise((done) => server.close(done))),
  };
}

async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}
