// Everyone can use it: axe-core finds nothing in any state and any look, the main path works by keyboard alone, nothing
// scrolls sideways, and the painted copy is as high as the text, whatever the text.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import * as hostile from "./lib/hostile.mjs";
import { axe, chromium, firefox, random, serve, until } from "./lib/harness.mjs";
import { audience, startIssuer } from "./lib/issuer.mjs";
import * as objects from "./lib/objects.mjs";
import { open } from "./lib/page.mjs";

const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
let site;
let issuer;
let silent;
const browsers = {};
before(async () => {
  site = await serve();
  issuer = await startIssuer();
  silent = await hostile.noCors();
  browsers.Chromium = await chromium();
  browsers.Firefox = await firefox();
});
after(async () => {
  for (const browser of Object.values(browsers)) await browser.close();
  for (const server of [silent, issuer, site]) await server?.close();
});

/** Brings the page from nothing to one state. */
const states = {
  empty: async () => {},
  "examples open": (view) => press(view, "examples-button"),
  "nothing found": (view) => view.paste("There is no token in this text."),
  rejected: async (view) => {
    await example(view, "tampered");
    await view.verdict("rejected");
  },
  accepted: async (view) => {
    await example(view, "good");
    await view.verdict("accepted");
  },
  undecided: async (view) => {
    await view.paste(await issuer.accessToken());
    await view.verdict("undecided");
  },
  "many tokens": async (view) => {
    const tokens = await Promise.all(["RS256", "ES256", "EdDSA"].map((algorithm) => issuer.accessToken(algorithm)));
    await view.paste(`First ${tokens[0]}, then ${tokens[1]}\nand ${tokens[2]}.`);
    await until(() => view.page.$eval("#pick", ({ childElementCount }) => childElementCount === 3), "three are found");
  },
  "a failed fetch": async (view) => {
    await view.paste(await issuer.accessToken());
    await view.fill("issuer", silent.issuer);
    await press(view, "fetch");
    await until(async () => (await view.state()).keys.includes("fetch.blocked-or-unreachable"), "the failure is named");
  },
  "rejected, with its doctor and another token beside it, all of it open": async (view) => {
    await example(view, "tampered");
    await view.verdict("rejected");
    await until(() => view.page.$eval("#sec-doctor", ({ dataset }) => dataset.doctor !== undefined), "the doctor has looked at it");
    await beside(view, await issuer.accessToken());
  },
  "accepted, with another token beside it, for an API, held against another kind": async (view) => {
    await example(view, "good");
    await view.verdict("accepted");
    await press(view, "role-api");
    await until(() => view.page.$eval("#sec-kind", (section) => section.checkVisibility()), "its kind is known");
    await view.page.evaluate(() => {
      const choice = document.getElementById("kind-choice");
      choice.value = "oidc-id-token";
      choice.dispatchEvent(new Event("input", { bubbles: true }));
    });
    await view.verdict("rejected");
    await beside(view, await issuer.accessToken());
  },
  "a cause that was found, with its evidence unfolded": async (view) => {
    await example(view, "tampered");
    await until(() => view.page.$eval("#sec-not", (section) => section.checkVisibility()), "the cause is named");
    await view.page.evaluate(() => document.querySelectorAll("#results details").forEach((details) => { details.open = true; }));
  },
  "a search for the cause that takes a while": async (view) => {
    await example(view, "tampered");
    await view.verdict("rejected");
    await view.page.evaluate(() => {
      const doctor = document.getElementById("sec-doctor");
      doctor.dataset.doctor = "found";
      document.getElementById("doctor-count").textContent = "61 of 94 tests";
      document.getElementById("doctor-search").hidden = false;
      document.getElementById("beside").hidden = false;
      document.getElementById("compare").click();
    });
  },
  "encrypted, without a key": async (view) => {
    await view.paste((await objects.encrypted("words")).token);
    await shown(view, "#sec-decryption");
  },
  "encrypted, with its key, and a token inside": async (view) => {
    const { token, jwk } = await objects.encrypted(objects.sign(objects.claims()), { cty: "JWT" });
    await withKeys(view, token, jwk);
    await shown(view, "#inside");
  },
  "encrypted, with the wrong key": async (view) => {
    await withKeys(view, (await objects.encrypted("words")).token, (await objects.encrypted("words")).jwk);
    await view.verdict("rejected", 20);
  },
  "encrypted, with a key under a password that is wrong": async (view) => {
    const { token, locked } = await objects.encrypted("words");
    await withKeys(view, token, locked);
    await shown(view, "#beside-password");
    await view.fill("beside-password", "another");
    await until(() => view.page.$eval("#key-findings", ({ textContent }) => /does not open/.test(textContent)), "the password is wrong");
  },
  "several recipients": async (view) => {
    const { token, keys } = await objects.recipients("words");
    await withKeys(view, token, keys[1]);
    await shown(view, "#recipients tr");
  },
  "several signatures": async (view) => {
    await view.paste(objects.several(objects.claims(), [["another", { kid: "a" }], [objects.secret, { kid: "b" }]]));
    await shown(view, "#signatures tr");
  },
  "an SD-JWT with key binding": async (view) => {
    await view.paste(objects.credential());
    await shown(view, "#sec-disclosure");
  },
  "a DPoP proof for another access token": async (view) => {
    await view.paste(objects.proof({ ath: "wrong" }).request);
    await shown(view, "#sec-kind");
  },
  "a detached payload that is another one": async (view) => {
    await view.paste(objects.detached("a payload"));
    await press(view, "source-secret");
    await view.fill("secret", objects.secret);
    await shown(view, "#beside-payload");
    await view.fill("beside-payload", "another");
    await view.verdict("rejected");
  },
  "the key sheet": (view) => view.page.evaluate(() => document.querySelector("[data-do=key-sheet]").click()),
  "CORS, empty": cors,
  "CORS, blocked": (view) => corsExample(view, "curl"),
  "CORS, from the console": (view) => corsExample(view, "console"),
  "CORS, trusted origins": (view) => corsExample(view, "origins"),
  "CORS, allowed": (view) => corsExample(view, "allowed"),
  "CORS, not recognised": async (view) => {
    await cors(view);
    await view.fill("cors-text", "Nothing of that kind.");
  },
  "CORS, a failed probe": async (view) => {
    await cors(view);
    await view.page.evaluate(() => document.querySelector("[name=cors-source][value=probe]").click());
    await view.fill("cors-url", silent.issuer);
    await press(view, "cors-probe");
    await until(() => view.page.$eval("#cors-reach", ({ hidden }) => !hidden), "the second button is there");
  },
  "CORS, the snippet": async (view) => {
    await corsExample(view, "curl");
    await view.page.evaluate(() => document.querySelector("[name=cors-source][value=snippet]").click());
  },
  "HAR, choosing": async (view) => {
    await cors(view);
    await view.page.evaluate(() => document.querySelector("[name=cors-source][value=har]").click());
  },
  "HAR, read": async (view) => {
    await cors(view);
    await view.page.evaluate((token) => {
      const headers = [{ name: "Origin", value: "https://app.example" }, { name: "X-Token", value: token }];
      const request = { method: "GET", url: "https://api.example/items", headers };
      const entry = { startedDateTime: "2026-11-20T14:00:00.000Z", time: 1, request, response: { status: 200, headers: [], content: {}, _error: "net::ERR_FAILED" } };
      const data = new DataTransfer();
      data.items.add(new File([JSON.stringify({ log: { creator: { name: "WebInspector", version: "1" }, entries: [entry, entry] } })], "one.har"));
      document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
    }, await issuer.accessToken());
    await until(() => view.page.$eval("#har-all", ({ hidden }) => !hidden), "the file is read");
    await press(view, "har-all");
  },
  "Response, empty": response,
  "Response, a missing scope, with all that is hidden shown": async (view) => {
    await responseExample(view, "scope");
    await press(view, "response-show");
    await press(view, "response-token-show");
  },
  "Response, an expired token": (view) => responseExample(view, "expired"),
  "Response, a rate limit": (view) => responseExample(view, "limit"),
  "Response, an authorization request": (view) => responseExample(view, "authorize"),
  "Response, an answer of a gateway": (view) => responseExample(view, "gateway"),
  "Response, not recognised": async (view) => {
    await response(view);
    await view.fill("response-text", "Nothing of that kind.");
  },
  "Response, a page": async (view) => {
    await response(view);
    await view.page.evaluate(() => document.querySelector("#response-page-links a[href$='403']").click());
    await until(() => view.page.$eval("#response-article-title", (title) => title.checkVisibility()), "the page is shown");
  },
  "Response, a search": async (view) => {
    await response(view);
    await view.fill("response-search", "expired");
  },
  "Response, a search without results": async (view) => {
    await response(view);
    await view.fill("response-search", "zzzzzz no such thing");
  },
  "Response, the card of a code": (view) => card(view, "E0000006"),
  "Response, the card of a scope": (view) => card(view, "okta.users.manage"),
  "Response, the card of an operation": (view) => card(view, "GET /api/v1/users/{userId}"),
};

/** Waits until a part of the page is there. */
function shown(view, selector) {
  return until(() => view.page.evaluate((name) => Boolean(document.querySelector(name)?.checkVisibility()), selector), `${selector} is shown`);
}

async function withKeys(view, token, keys) {
  await view.paste(token);
  await press(view, "source-pasted");
  await view.fill("pasted-keys", keys);
}

/** Puts another token beside the first, and opens all that is folded. */
async function beside(view, token) {
  await press(view, "compare");
  await view.fill("compare-text", token);
  await until(() => view.page.$eval("#compare-result", (result) => result.checkVisibility()), "the two are compared");
  await view.page.evaluate(() => document.querySelectorAll("#results details").forEach((details) => { details.open = true; }));
}

/** Opens the Response view. */
async function response(view) {
  await view.page.evaluate(() => document.querySelector(".views [data-view=response]").click());
  await view.page.waitForSelector("#response[data-ready]");
}

async function responseExample(view, name) {
  await response(view);
  await view.page.evaluate((value) => document.querySelector(`[data-response=example][data-value=${value}]`).click(), name);
  await until(() => view.page.$eval("#response-verdict", ({ dataset }) => dataset.verdict !== "none"), "the example is explained");
}

/** Opens the first result of a search. */
async function card(view, query) {
  await response(view);
  await view.fill("response-search", query);
  await view.page.evaluate(() => document.querySelector("#response-hits button").click());
}

/** Opens the CORS view. */
async function cors(view) {
  await view.page.evaluate(() => document.querySelector(".views [data-view=cors]").click());
  await view.page.waitForSelector("#cors[data-ready]");
}

async function corsExample(view, name) {
  await cors(view);
  await view.page.evaluate((value) => document.querySelector(`[data-cors=example][data-value=${value}]`).click(), name);
  await until(() => view.page.$eval("#cors-verdict", ({ dataset }) => dataset.verdict !== "none"), "the example is explained");
}

/** A press that does not depend on what is in view; how pressing works is the keyboard test's business. */
function press(view, id) {
  return view.page.evaluate((name) => document.getElementById(name).click(), id);
}

async function example(view, name) {
  await press(view, "examples-button");
  await view.page.evaluate((value) => document.querySelector(`[data-do=example][data-value=${value}]`).click(), name);
}

const looks = {
  light: { theme: "light", size: { width: 1280, height: 800 } },
  dark: { theme: "dark", size: { width: 1280, height: 800 } },
  "390 px wide": { theme: "light", size: { width: 390, height: 844 } },
};

for (const [name, chosen] of [["Chromium", ["light", "dark", "390 px wide"]], ["Firefox", ["light", "dark"]]]) {
  for (const [state, reach] of Object.entries(states)) {
    test(`${name}, ${state}: axe-core finds nothing in any look, and nothing scrolls sideways at 320 px`, async () => {
      const view = await open(browsers[name], `${site.origin}/`);
      const { page } = view;
      const resize = (size) => (page.setViewportSize ?? page.setViewport).call(page, size);
      const wider = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      await reach(view);
      for (const look of chosen) {
        await resize(looks[look].size);
        await page.evaluate((theme) => document.getElementById(`theme-${theme}`).click(), looks[look].theme);
        // Colours fade into one another, and half-way there they have no contrast to speak of. In what is folded away
        // Firefox lets time stand still.
        await until(() => page.evaluate(() => document.getAnimations().every(({ playState, effect }) => playState === "finished" || !effect.target.checkVisibility())), "the colours have changed");
        assert.deepEqual(await axe(page, { rules }), [], look);
        assert.ok(await wider() <= 0, `${look}: ${await wider()} px too wide`);
        const headings = () => [...document.querySelectorAll("h1")].filter((heading) => heading.checkVisibility()).length;
        assert.equal(await page.evaluate(headings), 1, "one heading of the first level");
      }
      await resize({ width: 320, height: 640 });
      await page.evaluate(() => document.querySelectorAll("details").forEach((details) => { details.open = true; }));
      assert.ok(await wider() <= 0, `320 px: ${await wider()} px too wide`);
      assert.deepEqual(view.found.violations, []);
      await page.close();
    });
  }

  test(`${name}: the main path by keyboard alone`, async () => {
    const { page, found, ...view } = await open(browsers[name], `${site.origin}/`);
    const focused = () => page.evaluate(() => {
      const element = document.activeElement;
      const style = getComputedStyle(element);
      const shown = element.closest("label") ?? element;
      const outlined = [style, getComputedStyle(shown), getComputedStyle(element.closest(".tok, .seg, .theme") ?? element)]
        .some(({ outlineStyle, outlineWidth, boxShadow }) => (outlineStyle !== "none" && outlineWidth !== "0px") || boxShadow !== "none");
      return { id: element.id, tag: element.tagName, outlined };
    });
    /** Presses Tab until the focus is where it is wanted, and holds that it can be seen on the way. */
    const tabTo = async (what, fits, key = "Tab") => {
      for (let presses = 0; presses < 60; presses += 1) {
        const now = await focused();
        if (await fits(now)) return;
        await shiftable(page, key);
        const next = await focused();
        if (next.tag !== "BODY") assert.ok(next.outlined, `the focus can be seen on ${next.tag} ${next.id}`);
      }
      assert.fail(`the focus never came to ${what}`);
    };
    const token = await issuer.accessToken("ES256");

    assert.equal((await focused()).id, "input", "one can type at once");
    await page.keyboard.type(token);
    await view.verdict("undecided");
    await tabTo("the issuer", ({ id }) => id === "issuer");
    await page.keyboard.type(issuer.issuer);
    await tabTo("the audience", ({ id }) => id === "audience");
    await page.keyboard.type(audience);
    await tabTo("the fetch button", ({ id }) => id === "fetch");
    await page.keyboard.press("Enter");
    await view.verdict("accepted");
    await until(() => page.$eval("#announcer", ({ textContent }) => /Accepted/.test(textContent)), "the verdict is read out");

    // On to the checks: open one and read it.
    await tabTo("a check", ({ tag, id }) => tag === "SUMMARY" && id === "" );
    const isOpen = () => page.evaluate(() => document.activeElement.closest("details")?.open);
    const before = await isOpen();
    await page.keyboard.press("Enter");
    assert.equal(await isOpen(), !before, "Enter opens and closes a check");

    // Back to the text, and on to another verdict.
    await tabTo("the audience", ({ id }) => id === "audience", "Shift+Tab");
    await page.keyboard.type("x");
    const state = await view.verdict("rejected");
    assert.deepEqual(state.codes.fail, ["claims.audience-mismatch"]);
    await tabTo("Clear", ({ id }) => id === "clear", "Shift+Tab");
    await page.keyboard.press("Enter");
    await until(async () => (await view.state()).state === "empty", "the text is cleared");

    // An example, from the list.
    await tabTo("the examples", ({ id }) => id === "examples-button");
    await page.keyboard.press("Enter");
    await tabTo("the expired example", () => page.evaluate(() => document.activeElement.dataset.value === "expired"));
    await page.keyboard.press("Enter");
    await view.verdict("rejected");
    assert.deepEqual(found, { errors: [], violations: [] });
    await page.close();
  });

  test(`${name}: the painted copy is as high as the text, for 100 random texts`, async () => {
    const generator = random();
    const token = await issuer.accessToken("ES256");
    const pieces = [" ", "\n", "\t", "word", "-", "/", "_", ".", "😀", "日本", "e\u0301", "\u200b", "\u00a0", "العربية", "fi", "a-b?c", "…", `Bearer ${token}`, token.slice(0, 90)];
    const view = await open(browsers[name], `${site.origin}/`);
    for (let number = 0; number < 100; number += 1) {
      const text = Array.from({ length: 1 + generator.below(60) }, () => generator.pick([...pieces, generator.text(1 + generator.below(60))]).repeat(1 + generator.below(3))).join("");
      const size = { width: 320 + generator.below(1200), height: 800 };
      if (number % 10 === 0) await (view.page.setViewportSize ?? view.page.setViewport).call(view.page, size);
      const measured = await view.page.evaluate((given) => {
        const field = document.getElementById("input");
        field.value = given;
        field.dispatchEvent(new Event("input", { bubbles: true }));
        const copy = document.getElementById("mirror");
        return { same: copy.textContent === `${field.value}\n`, copy: copy.offsetHeight, text: Math.max(field.scrollHeight, field.offsetHeight), sideways: document.documentElement.scrollWidth > innerWidth };
      }, text);
      assert.deepEqual(measured, { same: true, copy: measured.text, text: measured.text, sideways: false }, JSON.stringify(text));
    }
    await view.page.close();
  });
}

/** A key, with Shift held where it says so; puppeteer has no names for such chords. */
async function shiftable(page, key) {
  if (!key.startsWith("Shift+")) return page.keyboard.press(key);
  await page.keyboard.down("Shift");
  await page.keyboard.press(key.slice(6));
  await page.keyboard.up("Shift");
}
