// What every end-to-end test uses: the built page on loopback, the two browsers, and what they complain about.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { chromium as playwright } from "playwright-core";
import puppeteer from "puppeteer-core";
import { serve as serveDirectory } from "../../../script/lib/static.mjs";

export const root = fileURLToPath(new URL("../../..", import.meta.url));
export const dist = fileURLToPath(new URL("../../../dist", import.meta.url));
export const vectors = process.env.TOKENSCOPE_VECTORS;
export const long = process.env.TOKENSCOPE_LONG === "1";

/** Serves the built page, or another directory, on a free port of 127.0.0.1: `{ origin, port, close }`. */
export function serve(directory = dist, options = {}) {
  return serveDirectory(directory, options);
}

/**
 * Starts Debian's Chromium under Playwright; `netLog` names a file for all that it sends.
 *
 * Chromium's own calls (updates, sync, QUIC probes) are switched off, so that what the log shows is the page's.
 */
export function chromium({ args = [], netLog, headless = true } = {}) {
  return playwright.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    headless,
    args: [
      "--no-sandbox", // Chromium refuses to start as root otherwise, as in most containers.
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      ...(netLog ? [`--log-net-log=${netLog}`, "--net-log-capture-mode=Everything"] : []),
      ...args,
    ],
  });
}

/** Starts Debian's Firefox under puppeteer-core, over WebDriver BiDi: Playwright can't drive an unpatched Firefox. */
export function firefox({ preferences = {}, args = [] } = {}) {
  return puppeteer.launch({
    browser: "firefox",
    executablePath: process.env.FIREFOX ?? "/usr/bin/firefox-esr",
    headless: true,
    args,
    extraPrefsFirefox: {
      "network.captive-portal-service.enabled": false,
      "network.connectivity-service.enabled": false,
      "browser.aboutConfig.showWarning": false,
      ...preferences,
    },
  });
}

/**
 * Collects what a page complains about: `{ errors, violations }`, two lists of text that go on filling.
 *
 * Call it before the navigation. CSP violations come from the page's own events and, where those come too late, from
 * the console. Works on pages of both browsers.
 */
export async function complaints(page) {
  const found = { errors: [], violations: [] };
  const note = (text) => {
    const list = /content.security.policy|trusted ?types?|TrustedScript/i.test(text) ? found.violations : found.errors;
    list.push(text);
  };
  page.on("console", (message) => {
    if (["error", "assert"].includes(message.type())) note(message.text());
    else if (message.text().startsWith("csp-violation ")) found.violations.push(message.text());
  });
  page.on("pageerror", (error) => note(String(error?.stack ?? error)));
  page.on("requestfailed", (request) => {
    const failure = request.failure();
    found.errors.push(`${request.method()} ${request.url()} failed: ${failure?.errorText ?? "no reason given"}`);
  });
  const listen = () => {
    document.addEventListener("securitypolicyviolation", (event) => {
      console.info(
        `csp-violation ${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`,
      );
    });
  };
  if (page.addInitScript) await page.addInitScript(listen);
  else await page.evaluateOnNewDocument(listen);
  return found;
}

/**
 * Runs axe-core in the page and resolves with its violations, each in one line of text.
 *
 * The source goes in through the driver, not through a <script>, so the page's policy does not block it.
 */
export async function axe(page, { rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] } = {}) {
  await page.evaluate(
    (await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8")) + "\n;void 0;",
  );
  const result = await page.evaluate(
    (values) => globalThis.axe.run(document, { runOnly: { type: "tag", values } }),
    rules,
  );
  return result.violations.map(
    ({ id, impact, help, nodes }) =>
      `${id} (${impact}): ${help}: ${nodes.map(({ target }) => target.join(" ")).join(" | ")}`,
  );
}

/** Waits until `condition()` holds (it may be async), and fails naming `what` after `seconds`. */
export async function until(condition, what, seconds = 20) {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await new Promise((done) => setTimeout(done, 20))) {
    if (await condition()) return;
  }
  throw new Error(`waited ${seconds} s in vain: ${what}`);
}

/** A random generator (splitmix32): `next()` in 0..1, `below(n)`, `pick(list)`, `bytes(n)` and `text(n)`. The seed fixes it. */
export function random(seed = Number(process.env.TOKENSCOPE_SEED ?? 20261120)) {
  let state = seed >>> 0;
  const word = () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  };
  const next = () => word() / 2 ** 32;
  const below = (limit) => Math.floor(next() * limit);
  const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  return {
    next,
    below,
    pick: (list) => list[below(list.length)],
    bytes: (length) => Uint8Array.from({ length }, () => below(256)),
    text: (length) => Array.from({ length }, () => letters[below(letters.length)]).join(""),
  };
}
