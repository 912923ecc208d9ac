// Reads Chromium's own network log: what was asked of whom, and every byte that went over a socket.

import { readFile } from "node:fs/promises";

/** Reads a log that `--log-net-log` wrote: `{ requests, hosts, addresses, texts }`. */
export async function readNetLog(file) {
  const { constants, events } = JSON.parse(await readFile(file, "utf8"));
  const type = (name) => {
    const number = constants.logEventTypes[name];
    if (number === undefined) throw new Error(`this Chromium has no event ${name}`);
    return number;
  };
  const of = (name) => events.filter((event) => event.type === type(name) && event.params).map(({ params }) => params);
  return {
    /** What was requested, each as `{ method, url }`. */
    requests: of("URL_REQUEST_START_JOB").filter(({ url }) => url !== undefined).map(({ method, url }) => ({ method, url })),
    /** Names that were looked up. */
    hosts: [...new Set(of("HOST_RESOLVER_MANAGER_REQUEST").map(({ host }) => String(host)))],
    /** Addresses that connections were tried to. */
    addresses: [...new Set(of("TCP_CONNECT_ATTEMPT").map(({ address }) => address).filter(Boolean))],
    /** Bytes that were sent, in one text. */
    sent: of("SOCKET_BYTES_SENT").map(({ bytes }) => Buffer.from(bytes, "base64").toString("latin1")).join("\n"),
    /** Every text in the log, and every recorded byte as text: what a leak is looked for in. */
    texts: [...new Set(events.flatMap(({ params }) => strings(params)))],
  };
}

function strings(value, name = "") {
  if (typeof value === "string") {
    const found = [value];
    if (name === "bytes") found.push(Buffer.from(value, "base64").toString("latin1"));
    if (value.includes("%")) {
      try { found.push(decodeURIComponent(value)); } catch { /* It is no address. */ }
    }
    return found;
  }
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, inner]) => strings(inner, Array.isArray(value) ? name : key));
}

const length = 16;

/**
 * Looks for 16 characters in a row of any secret: `[{ name, text }]`. Each secret is looked for as it is, and as base64,
 * base64url, hex and percent-encoded text, at every alignment.
 */
export function leaks(texts, secrets) {
  const needles = new Map();
  for (const [name, secret] of Object.entries(secrets)) {
    for (const [form, text] of forms(secret)) {
      for (let at = 0; at + length <= text.length; at += 1) needles.set(text.slice(at, at + length), `${name}, ${form}`);
    }
  }
  const found = new Map();
  for (const text of texts) {
    for (let at = 0; at + length <= text.length; at += 1) {
      const name = needles.get(text.slice(at, at + length));
      if (name && !found.has(name)) found.set(name, text.slice(Math.max(0, at - 60), at + 60));
    }
  }
  return [...found].map(([name, text]) => ({ name, text }));
}

function forms(secret) {
  const bytes = Buffer.from(secret);
  const encoded = [0, 1, 2].flatMap((shift) => ["base64", "base64url"].map((kind) => {
    // The first and the last characters depend on what stands beside.
    const text = Buffer.concat([Buffer.alloc(shift), bytes]).toString(kind).replace(/=+$/, "");
    return [kind, text.slice(shift ? shift + 1 : 0, -2)];
  }));
  return [["as it is", secret], ["reversed", [...secret].reverse().join("")], ["hex", bytes.toString("hex")],
    ["percent-encoded", [...bytes].map((byte) => `%${byte.toString(16).padStart(2, "0").toUpperCase()}`).join("")], ...encoded];
}
