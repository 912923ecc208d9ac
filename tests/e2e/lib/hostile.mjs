// Issuers on loopback that go wrong in one way each, and a good one to compare them with.
//
// Every function resolves with `{ issuer, jwksUri, origin, port, requests, close }`. `issuer` is what a person would
// type; `requests` lists what was asked, as `{ method, url, headers, bytes }`, and goes on filling. `close` also ends
// connections that are still open, so that a hang does not outlive its test.
//
// Options of all: `keys`, the public JWKs to publish (a fresh P-256 key by default), and `path`, the issuer's path.

import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";

const jsonType = { "content-type": "application/json" };
const anyOrigin = { "access-control-allow-origin": "*" };

/** A good issuer: OpenID Connect metadata and keys, open to every origin. */
export function good(options) {
  return start(options, (request, site) => published(request, site) ?? notFound);
}

/** The same without any CORS header: a script may read nothing. */
export function noCors(options) {
  return start(options, (request, site) => ({ ...(published(request, site) ?? notFound), cors: {} }));
}

/** CORS for another origin than the page's. To script this looks the same as none. */
export function corsForAnother(options) {
  const cors = { "access-control-allow-origin": "https://another.example", vary: "Origin" };
  return start(options, (request, site) => ({ ...(published(request, site) ?? notFound), cors }));
}

/** Nothing anywhere. */
export function status404(options) {
  return start(options, () => notFound);
}

/** A broken server. */
export function status500(options) {
  return start(options, () => ({ status: 500, headers: { "content-type": "text/plain" }, body: "Internal Server Error\n" }));
}

/** Metadata and keys behind a sign-in. */
export function status401(options) {
  return start(options, () => ({ status: 401, headers: jsonType, body: '{"error":"unauthorized"}' }));
}

/** A single-page application's server, which answers every path with its start page. */
export function html(options) {
  const headers = { "content-type": "text/html; charset=utf-8" };
  return start(options, () => ({ headers, body: "<!doctype html>\n<title>Application</title>\n<div id=root></div>\n" }));
}

/** Metadata in another issuer's name. `found` is the name; by default it differs by a slash at the end. */
export function issuerMismatch({ found, ...options } = {}) {
  return start(options, (request, site) => {
    if (request.path !== site.metadataPath) return published(request, site) ?? notFound;
    return json({ ...site.metadata, issuer: found ?? `${site.issuer}/` });
  });
}

/** A key set that lacks the wanted key: it holds another one, of the same kind and under another name. */
export function noFittingKey(options) {
  return good({ ...options, keys: [publicKey("another")] });
}

/** An empty key set. */
export function noKeys(options) {
  return good({ ...options, keys: [] });
}

/** A key set of 20 MB, streamed: well-formed JSON, whose first key is the right one. */
export function hugeJwks({ bytes = 20_000_000, ...options } = {}) {
  return start(options, (request, site) => {
    if (request.path !== site.jwksPath) return published(request, site) ?? notFound;
    return { headers: jsonType, stream: (response) => huge(response, site.keys, bytes) };
  });
}

/**
 * A server that takes the connection and says nothing more. `at` is where: "metadata" (the default), "keys", or "body",
 * where the keys' status and first bytes do come.
 */
export function hang({ at = "metadata", ...options } = {}) {
  return start(options, (request, site) => {
    const path = at === "metadata" ? site.metadataPath : site.jwksPath;
    if (request.path !== path) return published(request, site) ?? notFound;
    return at === "body" ? { headers: jsonType, stream: (response) => response.write('{"keys":[') } : { stream() {} };
  });
}

/** A body that ends too early: the header promises more, and the connection is cut. */
export function brokenOff(options) {
  return start(options, (request, site) => {
    if (request.path !== site.jwksPath) return published(request, site) ?? notFound;
    const headers = { ...jsonType, "content-length": "1000" };
    const cut = (response) => response.write('{"keys":[', () => setTimeout(() => response.destroy(), 50));
    return { headers, stream: cut };
  });
}

/** Redirects in a circle, with CORS headers on each (script sees a redirect) or without (script sees nothing). */
export function redirectLoop({ cors = true, ...options } = {}) {
  return start(options, (request) => ({
    status: 302,
    cors: cors ? anyOrigin : {},
    headers: { location: request.path.endsWith("/again") ? request.path.slice(0, -6) : `${request.path}/again` },
  }));
}

/** One redirect each, with CORS headers, to where the metadata and the keys are. */
export function redirectOnce(options) {
  return start(options, (request, site) => {
    const moved = request.path.startsWith("/moved") ? request.path.slice(6) : null;
    if (moved !== null) return published({ ...request, path: moved }, site) ?? notFound;
    return { status: 302, headers: { location: `/moved${request.path}` } };
  });
}

/**
 * CORS headers only for requests with an `Origin`, cacheable, and no `Vary`: a copy from a tab makes later fetches fail.
 * Open `poison` in a tab of the same browser context first; a no-cors fetch does not poison Chromium's cache.
 */
export async function forgetsVary(options) {
  const site = await start(options, (request, own) => {
    const cors = request.headers.origin ? { "access-control-allow-origin": request.headers.origin } : {};
    const answer = published(request, own) ?? notFound;
    return { ...answer, cors, headers: { ...answer.headers, "cache-control": "max-age=3600" } };
  });
  return { ...site, poison: site.jwksUri };
}

/** Keys on another origin than the metadata. Closes both. */
export async function otherOrigin(options) {
  const keys = await good(options);
  const site = await start(options, (request, own) => {
    if (request.path !== own.metadataPath) return notFound;
    return json({ ...own.metadata, jwks_uri: keys.jwksUri });
  });
  const close = async () => { await Promise.all([site.close(), keys.close()]); };
  return { ...site, jwksUri: keys.jwksUri, keysOrigin: keys.origin, keysRequests: keys.requests, close };
}

/** A port on which nobody listens. */
export async function refused(options) {
  const site = await good(options);
  await site.close();
  return { ...site, close: async () => {} };
}

const notFound = { status: 404, headers: jsonType, body: '{"error":"not_found"}' };

function json(value) {
  return { headers: jsonType, body: JSON.stringify(value) };
}

/** The metadata or the keys, where one of them is asked for. */
function published(request, site) {
  if (request.path === site.metadataPath) return json(site.metadata);
  if (request.path === site.jwksPath) return json({ keys: site.keys });
  return null;
}

function publicKey(kid) {
  const { publicKey: key } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return { ...key.export({ format: "jwk" }), kid, use: "sig", alg: "ES256" };
}

/** Writes a key set of about that many bytes, as fast as it is taken, and stops when the reader leaves. */
async function huge(response, keys, bytes) {
  const one = JSON.stringify(publicKey("filler"));
  const part = `,${Array(500).fill(one).join(",")}`;
  const waiting = [];
  for (const event of ["drain", "close"]) response.on(event, () => waiting.splice(0).forEach((done) => done()));
  response.write(`{"keys":[${keys.map((key) => JSON.stringify(key)).join(",") || one}`);
  for (let written = 0; written < bytes && !response.destroyed; written += part.length) {
    if (!response.write(part)) await new Promise((done) => waiting.push(done));
  }
  if (!response.destroyed) response.end("]}");
}

/** Starts a server whose `answer(request, site)` gives `{ status, cors, headers, body }`, or `stream(response)` for a body. */
async function start({ keys = [publicKey("own")], path = "" } = {}, answer) {
  const requests = [];
  const site = { keys, requests, metadataPath: `${path}/.well-known/openid-configuration`, jwksPath: `${path}/jwks` };
  const server = createServer((request, response) => {
    const entry = { method: request.method, url: request.url, headers: request.headers, bytes: 0 };
    requests.push(entry);
    request.on("data", (chunk) => { entry.bytes += chunk.length; });
    const given = answer({ ...entry, path: request.url.split("?")[0] }, site);
    if (given.stream && !given.headers) return; // It hangs.
    response.writeHead(given.status ?? 200, { "cache-control": "no-store", ...given.headers, ...(given.cors ?? anyOrigin) });
    if (given.stream) return given.stream(response);
    response.end(given.body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  site.port = server.address().port;
  site.origin = `http://127.0.0.1:${site.port}`;
  site.issuer = `${site.origin}${path}`;
  site.jwksUri = `${site.origin}${site.jwksPath}`;
  site.metadata = { issuer: site.issuer, jwks_uri: site.jwksUri };
  site.close = () => new Promise((done) => {
    server.close(done);
    server.closeAllConnections();
  });
  return site;
}
