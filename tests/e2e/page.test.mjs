// The Inspect view in both browsers: the painted copy never drifts from the field, nothing moves that did not change,
// axe-core finds nothing in any state, and keyboard, presets, sharing and forgetting do what they say.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe, chromium, complaints, firefox, serve, until } from "./lib/harness.mjs";

let site;
const browsers = {};
before(async () => {
  site = await serve();
  browsers.Chromium = await chromium({ args: ["--host-resolver-rules=MAP team.test 127.0.0.1"] });
  browsers.Firefox = await firefox();
});
after(async () => {
  await Promise.all(Object.values(browsers).map((browser) => browser?.close()));
  await site.close();
});

const base64url = (text) => Buffer.from(text).toString("base64url");
const token = (payload, header = { alg: "RS256", kid: "k" }) =>
  [JSON.stringify(header), JSON.stringify(payload), "x".repeat(256)].map(base64url).join(".");
const issuer = "https://issuer.example/oauth2/default";
const now = Math.floor(Date.now() / 1000);
const sample = token({ iss: issuer, aud: "api://default", exp: now + 3000, iat: now - 60, scope: "read" });
const wide = { width: 1360, height: 900 };

async function open(name, address = `${site.origin}/`) {
  // Each page has its own storage, as each visitor has.
  const browser = browsers[name];
  const context = await (browser.newContext ?? browser.createBrowserContext).call(browser);
  const page = await context.newPage();
  page.complaints = await complaints(page);
  await resize(page, wide);
  await page.goto(address);
  await page.evaluate(() => import("./boot.js")); // Resolves when the module has started.
  page.done = () => {
    assert.deepEqual(page.complaints, { errors: [], violations: [] });
    return context.close();
  };
  return page;
}

const resize = (page, size) => (page.setViewportSize ?? page.setViewport).call(page, size);
const value = (page, id) => page.evaluate((id) => document.getElementById(id).value, id);
const text = (page, id) => page.evaluate((id) => document.getElementById(id).textContent, id);
const state = (page) => page.evaluate(() => document.getElementById("main").dataset.state);
const visible = (page, id) => page.evaluate((id) => document.getElementById(id).checkVisibility(), id);
const focused = (page) => page.evaluate(() => document.activeElement.id || document.activeElement.tagName);

for (const name of ["Chromium", "Firefox"]) {
  const texts = [
    "", "a", "a\n", "\n", "\n\n\n", "x\n".repeat(40), sample, `${sample}\n`, `Bearer ${sample}`, `${sample}   \n   `,
    `  lead\t\ttabs\n\ttab ${sample}\n\n`, `${sample.slice(0, 50)}\n${sample.slice(50, 120)}\r\n${sample.slice(120)}`,
    `العربية ${sample} עברית`, "日本語テキスト".repeat(30) + sample, "👩‍👩‍👧‍👦 🎉".repeat(20) + sample,
    "word ".repeat(400) + sample, "a-b/c?d=e&f ".repeat(200), `${sample} ${sample}\n${sample}`, " ".repeat(300) + sample,
    "-".repeat(500), "e\u0301".repeat(200) + sample, `ﬁ -> => != === ${sample}`, `\u00a0\u00a0${sample}`,
    "a\u200bb".repeat(90) + sample, "\u{1d400}".repeat(100), `${sample}\n`.repeat(60),
  ];

  test(`${name}: the painted copy never drifts from the field`, async () => {
    const page = await open(name);
    for (const width of [1900, 1360, 900, 390, 320]) {
      await resize(page, { width, height: 900 });
      for (const pasted of texts) {
        await page.evaluate((pasted) => {
          const field = document.getElementById("input");
          field.value = pasted;
          field.dispatchEvent(new Event("input", { bubbles: true }));
        }, pasted);
        const found = await page.evaluate(() => {
          const field = document.getElementById("input");
          const copy = document.getElementById("mirror");
          return {
            text: copy.textContent === `${field.value}\n`,
            height: field.offsetHeight - copy.offsetHeight,
            overflow: Math.max(0, field.scrollHeight - field.clientHeight),
            width: field.clientWidth - copy.clientWidth,
            sideways: document.documentElement.scrollWidth > innerWidth,
          };
        });
        const expected = { text: true, height: 0, overflow: 0, width: 0, sideways: false };
        assert.deepEqual(found, expected, `${width} px: ${JSON.stringify(pasted.slice(0, 40))}`);
      }
    }
    await page.done();
  });

  test(`${name}: axe-core finds nothing in any state`, async () => {
    const page = await open(name);
    const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    const check = async (what) => {
      // Half-way through a transition a button has the old colour behind it and the new one in its text.
      await page.evaluate(() => Promise.allSettled(document.getAnimations().map(({ finished }) => finished)).then(() => null));
      assert.deepEqual(await axe(page, { rules }), [], what);
    };
    const set = (pasted) => page.evaluate((pasted) => {
      const field = document.getElementById("input");
      field.value = pasted;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }, pasted);
    await check("empty");
    await page.click("#examples-button");
    await check("the examples are open");
    await page.click("[data-value=tampered]");
    await until(async () => (await text(page, "headline")).startsWith("Rejected"), "the example is rejected");
    await check("rejected");
    await page.evaluate(() => document.getElementById("theme-dark").click());
    await check("rejected, dark");
    await set(`${sample} and ${sample}`);
    await check("two tokens");
    for (const source of ["url", "pasted", "secret"]) {
      await page.evaluate((source) => document.getElementById(`source-${source}`).click(), source);
      await check(`key source ${source}`);
    }
    await page.evaluate(() => document.getElementById("preset-save").click());
    await check("naming a preset");
    await set("no token");
    await check("nothing found");
    await page.evaluate(() => document.querySelector("[data-do=key-sheet]").click());
    await check("the list of keys");
    await resize(page, { width: 320, height: 640 });
    await set(sample);
    // Wherever the window is scrolled to, something stands half behind the bar, and is small there.
    await page.evaluate(() => scrollTo(0, 0));
    await check("narrow");
    await page.evaluate(() => document.querySelectorAll(".fold").forEach((fold) => (fold.open = true)));
    await check("narrow, unfolded");
    const small = await page.evaluate(() =>
      [...document.querySelectorAll("a, button, summary, select, textarea, input:not(.vh, [type=checkbox])")]
        .filter((element) => element.checkVisibility() && !element.matches(".skiplink"))
        .filter((element) => element.getBoundingClientRect().height < 44)
        .map((element) => element.id || element.outerHTML.slice(0, 80)));
    assert.deepEqual(small, [], "touch targets are 44 px high");
    await page.done();
  });

  test(`${name}: keys of the keyboard, Clear and Undo`, async () => {
    const page = await open(name);
    assert.equal(await focused(page), "input");
    await page.keyboard.type("hello");
    assert.equal(await state(page), "nothing");
    assert.equal(await focused(page), "input", "the field stays where it is while the layout changes");
    await page.keyboard.press("Escape");
    assert.notEqual(await focused(page), "input");
    await page.keyboard.press("Escape");
    assert.equal(await value(page, "input"), "");
    assert.equal(await state(page), "empty");
    await page.click("#undo");
    assert.equal(await value(page, "input"), "hello");

    await page.evaluate((pasted) => {
      document.activeElement.blur();
      const data = new DataTransfer();
      data.setData("text/plain", pasted);
      // Firefox takes the data under other names.
      const carried = { clipboardData: data, dataType: "text/plain", data: pasted };
      document.body.dispatchEvent(new ClipboardEvent("paste", { ...carried, bubbles: true, cancelable: true }));
    }, `Bearer ${sample}`);
    assert.equal(await value(page, "input"), `Bearer ${sample}`, "a paste beside the field");
    assert.equal(await state(page), "found");

    await page.evaluate(() => document.activeElement.blur());
    await page.keyboard.press("j");
    assert.equal(await focused(page), "SUMMARY");
    await page.keyboard.press("Enter");
    const isOpen = () => page.evaluate(() => document.activeElement.parentElement.open);
    assert.equal(await isOpen(), true);
    const clock = await page.evaluate(() => document.getElementById("as-of").placeholder);
    await until(() => page.evaluate((clock) => document.getElementById("as-of").placeholder !== clock, clock), "a tick");
    assert.equal(await focused(page), "SUMMARY", "the focus outlives a tick");
    assert.equal(await isOpen(), true, "and so does what was opened");
    await page.keyboard.press("x");
    assert.equal(await page.evaluate(() => document.querySelectorAll("#checks details:not([open])").length), 0);
    await page.keyboard.press("?");
    assert.equal(await visible(page, "key-sheet"), true);
    await page.keyboard.press("/");
    assert.equal(await focused(page), "input");
    assert.equal(await value(page, "input"), `Bearer ${sample}`, "the key is not typed");
    await page.evaluate(() => {
      document.activeElement.blur();
      document.getElementById("single-keys").click();
      document.activeElement.blur();
    });
    await page.keyboard.press("/");
    assert.notEqual(await focused(page), "input", "single keys can be switched off");
    assert.equal(await text(page, "ledger-text"), "Nothing sent");
    await page.done();
  });

  test(`${name}: settings are kept and shared, tokens, nonces and secrets are not`, async () => {
    const page = await open(name);
    const set = (fields) => page.evaluate((fields) => {
      for (const [id, text] of Object.entries(fields)) {
        const field = document.getElementById(id);
        field.value = text;
        field.dispatchEvent(new Event("input", { bubbles: true }));
      }
    }, fields);
    await set({ input: sample });
    await page.click("#fill");
    assert.equal(await value(page, "issuer"), issuer);
    assert.equal(await value(page, "audience"), "api://default");
    await set({ nonce: "canary-nonce", secret: "canary-secret", "pasted-keys": "canary-key", leeway: "60 s" });
    await set({ "client-id": sample.slice(0, 60), "as-of": "tomorrow", "jwks-url": "https://keys.example/jwks" });
    assert.equal(await visible(page, "as-of-fault"), true);
    await page.click("#preset-save");
    await set({ "preset-name": "Orders" });
    await page.click("[data-do=preset-save]");
    const stored = await page.evaluate(() => JSON.stringify(localStorage));
    assert.match(stored, /Orders/);
    assert.doesNotMatch(stored, /canary|eyJ/);
    await set({ audience: "other" });
    assert.equal(await visible(page, "edited-note"), true);

    await page.evaluate(() => {
      navigator.clipboard.writeText = async (text) => void (globalThis.copied = text);
    });
    await page.click("#share");
    await until(() => page.evaluate(() => globalThis.copied), "the link is copied");
    const link = await page.evaluate(() => globalThis.copied);
    assert.doesNotMatch(decodeURIComponent(link), /canary|eyJ/);
    const other = await open(name, link);
    assert.equal(await value(other, "issuer"), issuer);
    assert.equal(await value(other, "leeway"), "60 s");
    assert.equal(await value(other, "jwks-url"), "", "a link does not choose where keys come from");
    const typeInto = (id, text) => other.evaluate(([id, text]) => {
      const field = document.getElementById(id);
      field.value = text;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }, [id, text]);
    await typeInto("input", sample);
    assert.match(await text(other, "callouts"), /came with the link/);
    await typeInto("issuer", "https://other.example");
    assert.doesNotMatch(await text(other, "callouts"), /came with the link/);
    await other.evaluate((hash) => void (location.hash = hash), new URL(link).hash);
    await until(async () => (await value(other, "issuer")) === issuer, "a link entered into the open page is taken");
    assert.match(await text(other, "callouts"), /came with the link/);
    assert.notEqual(await value(other, "input"), "", "and the text stays");
    assert.equal(new URL(other.url()).hash, "", "the settings are taken out of the address");
    await other.done();

    await set({ "client-id": "" });
    await page.click("#copy-report");
    await until(() => page.evaluate(() => globalThis.copied.startsWith("# ")), "the report is copied");
    assert.doesNotMatch(await page.evaluate(() => globalThis.copied), /canary|eyJ/);
    await page.click("#forget");
    assert.equal(await page.evaluate(() => localStorage.length), 0);
    assert.equal(await value(page, "input") + await value(page, "secret") + await value(page, "issuer"), "");
    assert.equal(await state(page), "empty");
    await page.done();
  });

  test(`${name}: a token in the address is taken from the fragment and refused in the query`, async () => {
    const check = async (address, pasted, where) => {
      const page = await open(name, `${site.origin}/${address}`);
      assert.equal(await value(page, "input"), pasted, where);
      assert.equal(page.url(), `${site.origin}/`, where);
      assert.equal(/refused/.test(await text(page, "callouts")), where === "query", where);
      await page.done();
    };
    await check(`#token=${sample}`, sample, "fragment");
    await check(`#debugger-io?token=${sample}`, sample, "jwt.io");
    await check(`#access_token=${sample}&id_token=${sample}`, `#access_token=${sample}&id_token=${sample}`, "both");
    await check(`?id_token=${sample}`, "", "query");
  });

  test(`${name}: the examples run through the whole path`, async () => {
    const page = await open(name);
    for (const [example, verdict] of Object.entries(
      { good: "accepted", expired: "rejected", audience: "rejected", tampered: "rejected", hs256: "accepted" })) {
      await page.evaluate(() => document.getElementById("clear").click());
      await page.evaluate(() => document.getElementById("examples-button").click());
      await page.click(`[data-value=${example}]`);
      await until(() => page.evaluate((verdict) => document.getElementById("verdict").dataset.verdict === verdict, verdict),
        `${example} is ${verdict}`);
    }
    await page.done();
  });
}

test("Over http from another host the page decodes, checks and says why it can't verify", async () => {
  const page = await open("Chromium", `http://team.test:${site.port}/`);
  await page.fill("#input", sample);
  assert.equal(await state(page), "found");
  assert.match(await text(page, "callouts"), /plain http/);
  assert.match(await text(page, "headline"), /^Undecided/);
  await page.done();
});
