// Uses the Inspect page as a person does, in both browsers: fields, buttons, the verdict and the check list.

import { complaints, until } from "./harness.mjs";

/**
 * Opens the page in a browser, or in one of its contexts, and waits until it has started: an object with the driver's
 * `page`, what it complained about as `found`, and what a person can do with it.
 */
export async function open(browser, address, { size = { width: 1280, height: 800 } } = {}) {
  const page = await browser.newPage();
  if (page.setViewportSize) await page.setViewportSize(size);
  else await page.setViewport(size);
  const found = await complaints(page);
  await page.goto(address, { waitUntil: "load" });
  await page.evaluate(() => import("./boot.js")); // Resolves when the module has started.
  return { page, found, ...hands(page) };
}

/** What a person can do with an opened page. */
export function hands(page) {
  const paste = (text) => fill(page, "input", text);
  return {
    paste,
    fill: (id, text) => fill(page, id, text),
    press: (id) => page.click(`#${id}`),
    source: (name) => page.click(`label:has(#source-${name})`),
    /** Chooses an example from the list. */
    async example(name) {
      await page.click("#examples-button");
      await page.click(`[data-do="example"][data-value="${name}"]`);
    },
    state: () => page.evaluate(state),
    /** Presses the fetch button and waits for the end of fetching; resolves with what the button said. */
    async fetchKeys() {
      const label = await page.$eval("#fetch-text", (element) => element.textContent);
      await page.click("#fetch");
      const busy = () => page.$eval("#fetch", (button) => button.getAttribute("aria-busy") === "true");
      await until(async () => !(await busy()), "fetching ends", 30);
      return label;
    },
    /** Waits for a verdict, and resolves with the state of the page. */
    async verdict(expected, seconds = 5) {
      try {
        await until(async () => (await page.evaluate(state)).verdict === expected, expected, seconds);
      } catch {
        const now = await page.evaluate(state);
        throw new Error(`expected the verdict ${expected}, but found ${now.verdict}: ${now.headline} ${JSON.stringify(now.codes)}`);
      }
      return page.evaluate(state);
    },
  };
}

/**
 * What the page complained about, without one thing: that Chromium calls a request aborted, now and then on a busy machine,
 * whose answer script has read to the end. The page's own list of requests knows which were answered.
 */
export async function complained({ page, found }) {
  const answered = await page.$$eval("#requests li", (rows) => rows.map(({ textContent }) => textContent.match(/GET (\S+), answered 200/)?.[1]));
  const harmless = (text) => answered.some((address) => address && text === `GET ${address} failed: net::ERR_ABORTED`);
  return { errors: found.errors.filter((text) => !harmless(text)), violations: found.violations };
}

/** Puts a text into a field at once, as a paste does; typing a token key by key is another test's business. */
async function fill(page, id, text) {
  await page.evaluate(({ id: name, value }) => {
    const field = document.getElementById(name);
    field.focus();
    field.select?.();
    // The browser's own editing, so that the page hears what it hears from a person.
    if (!document.execCommand(value === "" ? "delete" : "insertText", false, value) || field.value !== value) {
      field.value = value;
      field.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertFromPaste" }));
    }
  }, { id, value: text });
}

/** Runs in the page: all that a person sees of the outcome, as codes. */
function state() {
  const codes = (selector) => [...document.querySelectorAll(selector)].map((row) => row.dataset.code).sort();
  const visible = (element) => element.getClientRects().length > 0;
  return {
    // Without a token the verdict's place is not shown.
    verdict: visible(document.getElementById("verdict")) ? document.getElementById("verdict").dataset.verdict : null,
    headline: document.getElementById("headline").textContent,
    support: document.getElementById("support").textContent,
    codes: { fail: codes("#checks > .fail"), warn: codes("#checks > .warn"), pass: codes("#checks > .pass"), skip: codes("#checks > .skip") },
    keys: codes("#sets [data-code]"),
    notes: codes("#key-notes [data-code]"),
    state: document.getElementById("main").dataset.state,
  };
}
