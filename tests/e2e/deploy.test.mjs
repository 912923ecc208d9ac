// deploy/ serves the built page with the right headers: Debian's nginx is started with the shipped configuration.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { chromium, complaints, dist, root, until } from "./lib/harness.mjs";

const canary = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJjYW5hcnktMTIzNDU2Nzg5MCJ9.";
let nginx;
before(async () => {
  nginx = await startNginx();
});
after(() => nginx?.stop());

test("the policy is the same in the page's meta and in every server configuration", async () => {
  const page = await readFile(join(root, "www/index.html"), "utf8");
  const meta = page.match(/http-equiv="Content-Security-Policy"\s+content="([^"]+)"/)[1].replace(/\s+/g, " ");
  for (const name of ["nginx.conf", "Caddyfile"]) {
    const policies = [
      ...(await readFile(join(root, "deploy", name), "utf8")).matchAll(/Content-Security-Policy "([^"]+)"/g),
    ];
    assert.equal(policies.length, 1, `${name} has one policy`);
    assert.equal(policies[0][1], `${meta}; frame-ancestors 'none'`, name);
  }
});

test("no server configuration isolates the page from servers that don't opt in", async () => {
  for (const name of ["nginx.conf", "Caddyfile", "Dockerfile"]) {
    const configuration = await readFile(join(root, "deploy", name), "utf8");
    assert.doesNotMatch(configuration.replace(/^\s*#.*$/gm, ""), /Embedder-Policy/i, name);
  }
});

const headers = {
  "x-content-type-options": /^nosniff$/,
  "referrer-policy": /^no-referrer$/,
  "cross-origin-opener-policy": /^same-origin$/,
  "permissions-policy": /camera=\(\)/,
  "content-security-policy": /frame-ancestors 'none'$/,
  "cache-control": /^no-cache$/,
};

test("every answer of nginx has the headers, the refusals too", async () => {
  for (const path of ["/", "/boot.js", "/tokenscope_bg.wasm", "/no-such-file", "/.brotli/boot.js"]) {
    for (const encoding of ["br", "gzip", "identity"]) {
      const answer = await get(path, { "accept-encoding": encoding });
      assert.equal(answer.status, /no-such|brotli/.test(path) ? 404 : 200, path);
      for (const [name, expected] of Object.entries(headers))
        assert.match(answer.headers[name] ?? "", expected, `${path} ${name}`);
      assert.equal(answer.headers["cross-origin-embedder-policy"], undefined);
      assert.doesNotMatch(answer.headers.server, /\d/, "no version is told");
    }
  }
});

test("nginx names every type, and compresses with brotli or gzip as asked", async () => {
  const types = {
    "index.html": "text/html; charset=utf-8",
    "boot.js": "text/javascript; charset=utf-8",
    "tokenscope.js": "text/javascript; charset=utf-8",
    "tokenscope_bg.wasm": "application/wasm",
  };
  const decoders = { br: brotliDecompressSync, gzip: gunzipSync, identity: (body) => body };
  for (const [name, type] of Object.entries(types)) {
    const bytes = await readFile(join(dist, name));
    for (const [asked, encoding] of [
      ["br", "br"],
      ["gzip, deflate, br, zstd", "br"],
      ["gzip", "gzip"],
      ["gzip, br;q=0", "gzip"],
      ["identity", "identity"],
    ]) {
      const answer = await get(`/${name}`, { "accept-encoding": asked });
      assert.equal(answer.headers["content-type"], type, name);
      assert.equal(answer.headers["content-encoding"] ?? "identity", encoding, `${name} for ${asked}`);
      assert.match(answer.headers.vary ?? "", /Accept-Encoding/, `${name} for ${asked}`);
      assert.ok(decoders[encoding](answer.body).equals(bytes), `${name} for ${asked} arrives unchanged`);
      assert.ok(encoding === "identity" || answer.body.length < bytes.length, `${name} for ${asked} is smaller`);
    }
  }
});

test("nginx answers 304 for what the browser has", async () => {
  for (const encoding of ["br", "gzip", "identity"]) {
    const first = await get("/tokenscope.js", { "accept-encoding": encoding });
    assert.ok(first.headers.etag, encoding);
    const second = await get("/tokenscope.js", { "accept-encoding": encoding, "if-none-match": first.headers.etag });
    assert.equal(second.status, 304, encoding);
  }
});

test("no log of nginx has a query string", async () => {
  for (const path of ["/", "/boot.js", "/no-such-file", "/%zz", `/${"a".repeat(9000)}`]) {
    await get(`${path}?token=${canary}`, { referer: `http://127.0.0.1/?token=${canary}` });
  }
  await until(async () => /GET \/no-such-file 404/.test(await nginx.logs()), "the requests are in the log");
  const logs = await nginx.logs();
  assert.match(logs, /GET \/boot\.js 200/);
  for (const segment of canary.split(".").filter(Boolean)) assert.ok(!logs.includes(segment), logs);
  assert.ok(!logs.includes("?"), logs);
});

test("from nginx the page signs an example, fetches its key and accepts it, and rejects an unsigned token", async () => {
  const browser = await chromium();
  try {
    const page = await browser.newPage();
    const found = await complaints(page);
    await page.goto(`${nginx.origin}/`);
    await page.evaluate(() => import("./boot.js")); // Resolves when the module has started.
    await page.click("#examples-button");
    await page.click('[data-do="example"][data-value="good"]');
    await page.waitForSelector("#verdict[data-verdict=accepted] h1");
    await page.fill("textarea#input", canary);
    await page.waitForSelector("#verdict[data-verdict=rejected] h1");
    assert.deepEqual(found, { errors: [], violations: [] });
  } finally {
    await browser.close();
  }
});

async function startNginx() {
  const directory = await mkdtemp(join(tmpdir(), "nginx-"));
  const port = await freePort();
  const configuration = (await readFile(join(root, "deploy/nginx.conf"), "utf8"))
    .replace("listen 8080;", `listen 127.0.0.1:${port};`)
    .replaceAll("/srv/tokenscope", dist.replace(/\/$/, ""));
  await writeFile(join(directory, "nginx.conf"), configuration);
  // Started as root, nginx would give its workers to a user who may not read this checkout.
  const asRoot = process.getuid() === 0 ? " user root;" : "";
  let said = "";
  const child = spawn(
    "/usr/sbin/nginx",
    ["-e", "stderr", "-p", directory, "-c", join(directory, "nginx.conf"), "-g", `daemon off;${asRoot}`],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (text) => {
      said += text;
    });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const origin = `http://127.0.0.1:${port}`;
  await until(() => {
    if (child.exitCode !== null) throw new Error(`nginx ended at once: ${said}`);
    return fetch(origin).then(
      () => true,
      () => false,
    );
  }, "nginx answers");
  return {
    origin,
    port,
    logs: async () => said + (await readFile(join(directory, "access.log"), "utf8")),
    stop: async () => {
      child.kill("SIGTERM");
      await ended;
      await rm(directory, { recursive: true });
    },
  };
}

/** A GET as it is, without the decoding and the extra headers of `fetch`. */
function get(path, headers = {}) {
  return new Promise((resolve, reject) => {
    request({ host: "127.0.0.1", port: nginx.port, path, headers, agent: false }, (answer) => {
      const parts = [];
      answer.on("data", (part) => parts.push(part));
      answer.on("end", () =>
        resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(parts) }),
      );
    })
      .on("error", reject)
      .end();
  });
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
