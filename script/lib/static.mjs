// A small static server: script/server serves dist/ with it, and the tests start it in their own process.
//
// Why not `trunk serve`: it would build again without the finishing step, and watch, and send its own headers.

import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join, normalize, sep } from "node:path";

const types = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".map": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
};

/**
 * Serves a directory over plain http, and resolves with `{ origin, port, close }` once it listens.
 *
 * `overrides` maps a path such as "/worker.js" to `(request, response) => void`, or to an answer:
 * `{ type, body, status, headers }`.
 * No Content-Security-Policy header is sent, so that the page's own <meta> stands alone.
 */
export function serve(directory, { port = 0, address = "127.0.0.1", headers = {}, overrides = {} } = {}) {
  const server = createServer(async (request, response) => {
    const path = pathOf(request.url);
    for (const [name, value] of Object.entries({
      "cache-control": "no-cache",
      "x-content-type-options": "nosniff",
      ...headers,
    })) {
      response.setHeader(name, value);
    }
    const override = overrides[path];
    if (typeof override === "function") return override(request, response);
    if (override) {
      response.writeHead(override.status ?? 200, {
        "content-type": override.type ?? "text/plain",
        ...override.headers,
      });
      return response.end(override.body);
    }
    if (request.method !== "GET" && request.method !== "HEAD") return response.writeHead(405).end();
    if (path === null) return response.writeHead(400).end();
    const file = join(directory, normalize(path.endsWith("/") ? `${path}index.html` : path));
    if (!file.startsWith(normalize(directory) + sep)) return response.writeHead(404).end();
    try {
      const body = await readFile(file);
      response.writeHead(200, {
        "content-type": types[extname(file)] ?? "application/octet-stream",
        "content-length": body.length,
      });
      response.end(request.method === "HEAD" ? undefined : body);
    } catch {
      response.writeHead(404, { "content-type": "text/plain" }).end("There is no such file.\n");
    }
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, address, () => {
      const bound = server.address().port;
      resolve({
        port: bound,
        origin: `http://${address.includes(":") ? `[${address}]` : address}:${bound}`,
        close: () =>
          new Promise((done) => {
            server.close(done);
            server.closeAllConnections();
          }),
      });
    });
  });
}

function pathOf(address) {
  try {
    return decodeURIComponent(new URL(address, "http://localhost").pathname);
  } catch {
    return null;
  }
}
