// Reads Chromium's own network log: what was asked of whom, and every byte that went over a socket.

import { readFile } from "node:fs/promises";

/**
 * Debian's Chromium calls home in spite of all switches: for updates, for the signed-in account, and about the shape of
 * the forms on a page. Such requests have no page as their initiator, and go to these names and no other.
 */
const home = /^(update|content-autofill|optimizationguide-pa|safebrowsing|www)\.googleapis\.com$|^(accounts|clients2|www)\.google\.com$/;

/**
 * Reads a log that `--log-net-log` wrote. Chromium's own requests are told from those of pages; the bytes and texts of
 * both are there.
 */
export async function readNetLog(file) {
  const { constants, events } = JSON.parse(await readFile(file, "utf8"));
  const type = (name) => {
    const number = constants.logEventTypes[name];
    if (number === undefined) throw new Error(`this Chromium has no event ${name}`);
    return number;
  };
  const of = (name) => events.filter((event) => event.type === type(name) && event.params).map(({ params }) => params);
  const requests = of("URL_REQUEST_START_JOB").filter(({ url }) => url !== undefined)
    .map(({ method, url, initiator }) => ({ method, url, own: initiator === "not an origin" && home.test(new URL(url).hostname) }));
  const names = new Set(of("HOST_RESOLVER_MANAGER_REQUEST").filter(({ host }) => host !== undefined).map(({ host }) => String(host).replace(/^\w+:\/\//, "").replace(/:\d+$/, "")));
  return {
    /** What was requested, each as `{ method, url }`. */
    requests: requests.filter(({ own }) => !own).map(({ method, url }) => ({ method, url })),
    /** Chromium's own requests: `[url]`. */
    own: requests.filter(({ own }) => own).map(({ url }) => url),
    /** Names that were looked up, without Chromium's own. */
    hosts: [...names].filter((host) => !home.test(host)),
    /** Bytes that were sent, in one text. */
    sent: of("SOCKET_BYTES_SENT").map(({ bytes }) => Buffer.from(bytes, "base64").toString("latin1")).join("\n"),
    /** Every text in the log, and every recorded byte as text: what a leak is looked for in. */
    texts: [...new Set(events.flatMap(({ params }) => strings(params)))],
  };
}

function strings(value, name = "") {
  if (typeof value === "string") {
    // The log writes bytes as base64, which is its own notation: what went over the socket is what it stands for.
    const found = [name === "bytes" ? Buffer.from(value, "base64").toString("latin1") : value];
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
