// What stands behind the first verdict, as a person uses it: why a signature fails, what kind of token it is, whose it is, its
// times, and another token beside it; with the keyboard alone, too, and nothing of a token becomes anything but text.

import assert from "node:assert/strict";
import { createHash, createHmac, randomBytes } from "node:crypto";
import { after, before, test } from "node:test";
import { chromium, firefox, serve, until } from "./lib/harness.mjs";
import { open } from "./lib/page.mjs";
import { traced } from "./lib/trace.mjs";

let site;
const browsers = {};
before(async () => {
  site = await serve();
  browsers.Chromium = await chromium();
  browsers.Firefox = await firefox();
});
after(async () => {
  for (const browser of Object.values(browsers)) await browser.close();
  await site?.close();
});

const secret = "made-up-secret-of-this-test-32-bytes-long";
const encode = (value) => Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
const seconds = () => Math.floor(Date.now() / 1000);

/** A token that is signed with a shared secret. */
function sign(claims, header = {}, key = secret) {
  const signed = `${encode({ alg: "HS256", ...header })}.${encode(claims)}`;
  return `${signed}.${createHmac("sha256", key).update(signed).digest("base64url")}`;
}

const times = () => ({ iat: seconds() - 600, exp: seconds() + 3000 });
const accessToken = (claims = {}, ...rest) =>
  sign({ iss: "https://issuer.example", sub: "user-4711", aud: "api://orders", client_id: "orders-app", scope: "orders.read", jti: "a1", ...times(), ...claims }, { typ: "at+jwt", ...rest[0] }, rest[1]);
const idToken = (claims = {}) =>
  sign({ iss: "https://issuer.example", sub: "user-4711", aud: "orders-app", nonce: "n-0S6_WzA2Mj", auth_time: seconds() - 660, ...times(), ...claims });
const halfHash = (text) => createHash("sha256").update(text).digest().subarray(0, 16).toString("base64url");

/** Many long RSA keys that are no keys of the token. That no two primes make them shows nowhere. */
function manyKeys() {
  const number = (first) => {
    const bytes = randomBytes(2048);
    bytes[0] = first;
    bytes[2047] |= 1;
    return bytes.toString("base64url");
  };
  const keys = Array.from({ length: 120 }, (_, at) => ({ kty: "RSA", kid: `key-${at}`, n: number(0xc0), e: "AQAB" }));
  const claims = { iss: "https://issuer.example", sub: "user-4711", aud: "api://orders", ...times() };
  return [JSON.stringify({ keys }), `${encode({ alg: "RS256", kid: "key-0" })}.${encode(claims)}.${number(0x10)}`];
}

/** Opens the page, with the secret as the key. */
async function openView(browser, options) {
  const view = await open(browser, `${site.origin}/`, options);
  const { page } = view;
  const text = (selector) => page.$eval(selector, ({ textContent }) => textContent.replace(/\s+/g, " ").trim());
  const shown = (selector) => page.$eval(selector, (element) => element.checkVisibility());
  const press = (selector) => page.evaluate((pressed) => document.querySelector(pressed).click(), selector);
  return {
    ...view,
    text,
    shown,
    press,
    focused: () => page.evaluate(() => document.activeElement.id),
    choose: (id, value) => page.evaluate(([field, chosen]) => {
      const select = document.getElementById(field);
      select.value = chosen;
      select.dispatchEvent(new Event("input", { bubbles: true }));
      select.dispatchEvent(new Event("change", { bubbles: true }));
    }, [id, value]),
    /** Types the secret where keys are given. */
    async withSecret(given = secret) {
      await press("#source-secret");
      await view.fill("secret", given);
    },
    async ends() {
      assert.deepEqual(view.found, { errors: [], violations: [] });
      assert.equal(await text("#ledger-text"), "Nothing sent");
      assert.equal(await page.evaluate(() => document.querySelectorAll("[style]").length), 0, "no style stands in the markup");
      await page.close();
    },
  };
}

for (const name of ["Chromium", "Firefox"]) {
  test(`${name}: the doctor names the cause: the secret has a line break at its end`, async () => {
    const view = await openView(browsers[name]);
    await view.paste(accessToken({}, {}, `${secret}\n`));
    await view.withSecret();
    await view.verdict("rejected");
    await until(() => view.page.$eval("#doctor", (doctor) => doctor.querySelector("[data-code='signature.secret-newline']") !== null), "the cause is named");
    assert.equal(await view.text("#doctor .tag"), "Proved");
    assert.equal(await view.page.$$eval("#doctor > *", ({ length }) => length), 1, "one cause");
    assert.ok(await view.shown("#sec-not"), "what it is not stands below");
    assert.deepEqual(await view.page.$$eval("#doctor-causes .st", (states) => [...new Set(states.map(({ textContent }) => textContent.trim()))].filter((word) => !["Ruled out", "Not decided"].includes(word))), []);
    const order = await view.page.$$eval("#results > section", (sections) => sections.filter((section) => section.checkVisibility()).map(({ id }) => id));
    assert.deepEqual(order.slice(0, 5), ["sec-doctor", "sec-tried", "sec-not", "sec-checks", "sec-kind"]);
    assert.equal(order[0], "sec-doctor", `directly below the verdict: ${order}`);
    assert.ok(order.indexOf("sec-doctor") < order.indexOf("sec-checks") && order.indexOf("sec-checks") < order.indexOf("sec-timeline"));
    // The evidence is folded, and the list of checks only names the cause.
    assert.deepEqual(await view.page.$$eval("#sec-tried details, #sec-not details", (list) => list.map(({ open: isOpen }) => isOpen)), [false, false]);
    await until(() => view.page.$eval("#checks > [data-code='signature.invalid'] details", ({ open: isOpen }) => !isOpen), "what is said above is folded");
    const row = await view.text("#checks > [data-code='signature.invalid'] .why");
    assert.match(row, /Signature doctor/);
    assert.doesNotMatch(row, /changed after it was signed/, "what is said of all such failures is not said where the cause is known");
    await until(async () => /^Signature doctor: /.test(await view.text("#announcer")), "the cause is read out");

    // With the right secret there is nothing to explain.
    await view.withSecret(`${secret}\n`);
    await until(async () => !(await view.shown("#sec-doctor")), "the doctor is gone");
    assert.equal(await view.shown("#sec-tried"), false);
    assert.equal(await view.shown("#sec-not"), false);
    await view.ends();
  });

  test(`${name}: the kind of a token, and another kind that is chosen for it`, async () => {
    const view = await openView(browsers[name]);
    await view.paste(accessToken());
    await view.withSecret();
    await until(() => view.shown("#sec-kind"), "the kind is known");
    assert.match(await view.text("#kind-name"), /access token/i);
    assert.match(await view.text("#kind-evidence"), /Known by: .*at\+jwt/);
    assert.equal(await view.text("#kind-sure"), "The token says so");
    assert.equal(await view.shown("#kind-broken"), false, await view.text("#kind-broken"));
    const kinds = await view.page.$$eval("#kind-choice option", (options) => options.map(({ value }) => value));
    assert.ok(kinds.length > 15 && kinds[0] === "" && kinds.includes("oidc-id-token"), kinds.join(", "));

    await view.choose("kind-choice", "oidc-id-token");
    await until(async () => (await view.text("#kind-sure")) === "Chosen", "the chosen kind counts");
    assert.match(await view.text("#kind-name"), /ID token/);
    await view.choose("kind-choice", "");
    await until(async () => (await view.text("#kind-sure")) === "The token says so", "the recognised kind counts again");

    // A choice is for one token: another one is recognised anew.
    await view.choose("kind-choice", "dpop-proof");
    await until(async () => (await view.text("#kind-sure")) === "Chosen", "the chosen kind counts");
    await view.verdict("rejected");
    assert.ok(await view.shown("#kind-broken"));
    const rows = await view.page.$$eval("#kind-broken > li", (list) => list.map((row) => row.querySelector(".st").textContent.trim()));
    assert.deepEqual([...new Set(rows)], ["Broken"]);
    await view.paste(idToken());
    await until(async () => /ID token/.test(await view.text("#kind-name")), "the other token is recognised");
    assert.equal(await view.page.$eval("#kind-choice", ({ value }) => value), "");
    await view.ends();
  });

  test(`${name}: for an API an ID token is the wrong token, whatever is typed meanwhile`, async () => {
    const view = await openView(browsers[name]);
    const answer = (token) => JSON.stringify({ id_token: token, token_type: "Bearer" });
    await view.paste(answer(idToken()));
    await view.withSecret();
    await until(() => view.shown("#sec-kind"), "the kind is known");
    assert.notEqual((await view.state()).verdict, "rejected", "nobody in particular has nothing against it");
    await view.press("#role-api");
    let state = await view.verdict("rejected");
    assert.ok(state.codes.fail.includes("role.id-token-at-api"), JSON.stringify(state.codes));
    await until(() => view.shown("#sec-server"), "what an API checks is listed");
    assert.ok((await view.page.$$("#server > li")).length >= 6);
    assert.ok(await view.shown("#server > li"), "an API has the list open");
    await view.paste(answer(idToken({ sub: "somebody-else" })));
    state = await view.verdict("rejected");
    assert.equal(await view.page.$eval("#role-api", ({ checked }) => checked), true, "the role stays");
    await view.press("#role-client");
    await until(async () => !(await view.state()).codes.fail.includes("role.id-token-at-api"), "for the client it is the right one");
    await view.ends();
  });

  test(`${name}: what came with an ID token is asked for where it would tell more`, async () => {
    const view = await openView(browsers[name]);
    assert.equal(await view.shown("#beside"), false);
    await view.paste(idToken());
    await view.withSecret();
    await until(() => view.shown("#sec-kind"), "the kind is known");
    assert.equal(await view.shown("#beside"), false, "without a hash there is nothing to hold beside it");
    await view.paste(idToken({ at_hash: halfHash("made-up-opaque-access-token") }));
    await until(() => view.shown("#beside-access-token"), "the access token is asked for");
    assert.equal(await view.shown("#beside-code"), false);
    await view.fill("beside-access-token", "another-made-up-opaque-token");
    await view.verdict("rejected");
    await view.fill("beside-access-token", "made-up-opaque-access-token");
    await until(async () => (await view.state()).verdict !== "rejected", "its hash is the right one");
    assert.ok(await view.shown("#beside-access-token"), "what was given stays to be seen");
    await view.press("#forget");
    assert.equal(await view.page.$eval("#beside-access-token", ({ value }) => value), "");
    assert.equal(await view.page.$eval("#role-looking", ({ checked }) => checked), true);
    await view.ends();
  });

  test(`${name}: the timeline says in words what it shows`, async () => {
    const view = await openView(browsers[name]);
    await view.paste(accessToken({ iat: seconds() - 7200, exp: seconds() - 3600 }));
    await view.withSecret();
    await until(() => view.shown("#sec-timeline"), "the timeline is drawn");
    const drawing = await view.page.$eval("#timeline svg", (svg) => ({ role: svg.getAttribute("role"), words: svg.getAttribute("aria-label"), bars: svg.querySelectorAll("rect.life, rect.late").length }));
    assert.equal(drawing.role, "img");
    assert.match(drawing.words, /iat.*exp/);
    assert.equal(drawing.bars, 2, "the life of the token, and how late it is");
    assert.ok((await view.text("#timeline-note")).length > 10);
    const verifiers = await view.page.$$eval("#verifiers > li", (list) => list.map(({ textContent }) => textContent));
    assert.ok(verifiers.length > 2 && verifiers.every((line) => /Refuses/.test(line)), verifiers.join("; "));
    // No label lies over another one, on a phone either.
    for (const width of [1280, 900, 390, 320]) {
      const size = { width, height: 800 };
      await (view.page.setViewportSize ?? view.page.setViewport).call(view.page, size);
      await new Promise((done) => setTimeout(done, 150));
      const over = await view.page.evaluate(() => {
        const boxes = [...document.querySelectorAll("#timeline text")].map((label) => ({ label: label.textContent, box: label.getBoundingClientRect() }));
        const meet = (one, other) => one.left < other.right && other.left < one.right && one.top + 3 < other.bottom && other.top + 3 < one.bottom;
        const outside = boxes.filter(({ box }) => box.left < -1 || box.right > innerWidth + 1).map(({ label }) => label);
        return [...outside, ...boxes.flatMap(({ label, box }, at) => boxes.slice(at + 1).filter((other) => meet(box, other.box)).map((other) => `${label} / ${other.label}`))];
      });
      assert.deepEqual(over, [], `${width} px`);
    }
    await view.ends();
  });

  test(`${name}: another token beside it: the one that has expired is explained`, async () => {
    const view = await openView(browsers[name]);
    await view.paste(accessToken());
    await view.withSecret();
    await until(() => view.shown("#sec-timeline"), "all is known");
    assert.equal(await view.shown("#sec-compare"), false);
    await view.press("#compare");
    assert.equal(await view.focused(), "compare-text");
    assert.equal(await view.page.$eval("#compare", (button) => button.getAttribute("aria-expanded")), "true");
    await view.fill("compare-text", "no token in here");
    await until(() => view.shown("#compare-none"), "that there is none is said");
    await view.fill("compare-text", `Authorization: Bearer ${accessToken({ iat: seconds() - 7200, exp: seconds() - 3600, jti: "a0" })}`);
    await until(() => view.shown("#compare-result"), "the two are compared");
    assert.equal(await view.shown("#compare-none"), false);
    assert.match(await view.text("#compare-headline"), /expired/i);
    const first = await view.text("#compare-rows > tr:first-child");
    assert.match(first, /exp.*Explains it/);
    assert.ok(await view.page.$eval("#compare-rows", (rows) => rows.querySelector("del") !== null && rows.querySelector("ins") !== null), "what differs is marked");
    assert.equal(await view.page.$eval("#compare-rest", ({ open: isOpen }) => isOpen), false, "what always differs is folded");
    await until(async () => /expired/i.test(await view.text("#announcer")), "the headline is read out");

    await view.press("#compare-clear");
    await until(async () => !(await view.shown("#compare-result")), "it is cleared");
    assert.equal(await view.focused(), "compare-text");
    await view.press("#compare-close");
    assert.equal(await view.shown("#sec-compare"), false);
    assert.equal(await view.focused(), "compare", "the focus is back where it was");
    // Nothing of it is kept.
    await view.press("#compare");
    await view.fill("compare-text", accessToken());
    const stored = await view.page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }) + location.href + document.title);
    assert.ok(!stored.includes("eyJ"), stored);
    await view.press("#forget");
    assert.equal(await view.page.$eval("#compare-text", ({ value }) => value), "");
    assert.equal(await view.shown("#sec-compare"), false);
    await view.ends();
  });

  test(`${name}: by keyboard alone, from the text to another kind and another token`, async () => {
    const view = await openView(browsers[name]);
    const { page } = view;
    const tabTo = async (id) => {
      for (let presses = 0; presses < 90; presses += 1) {
        if (await view.focused() === id) return;
        await page.keyboard.press("Tab");
      }
      assert.fail(`the focus never came to ${id}`);
    };
    await page.focus("#input");
    await page.keyboard.type(accessToken());
    await until(() => view.shown("#sec-kind"), "the kind is known");
    await tabTo("role-looking");
    await page.keyboard.press("ArrowLeft");
    await until(() => page.$eval("#role-client", ({ checked }) => checked), "another role is chosen");
    await page.keyboard.press("ArrowRight");
    await tabTo("compare");
    await page.keyboard.press("Enter");
    assert.equal(await view.focused(), "compare-text");
    await page.keyboard.type(accessToken({ aud: "api://other" }));
    await until(() => view.shown("#compare-result"), "the two are compared");
    assert.equal(await view.focused(), "compare-text", "the focus stays while the page is painted");
    await tabTo("kind-choice");
    await page.keyboard.press("ArrowDown");
    await until(async () => (await view.text("#kind-sure")) === "Chosen", "the next kind is chosen");
    assert.equal(await view.focused(), "kind-choice");
    await new Promise((done) => setTimeout(done, 1500));
    assert.equal(await view.focused(), "kind-choice", "and stays while times go on");
    await view.ends();
  });

  test(`${name}: a press on Compare counts once its module has come`, async () => {
    const view = await openView(browsers[name]);
    const { page } = view;
    // The style sheet of the module is held back.
    await page.evaluate(() => {
      document.head.append = (link) => {
        delete document.head.append;
        window.letGo = () => document.head.append(link);
      };
    });
    await view.paste(accessToken());
    await until(() => page.evaluate(() => Boolean(window.letGo)), "the module is on its way");
    await page.focus("#compare");
    await page.keyboard.press("Enter");
    assert.equal(await view.shown("#sec-compare"), false);
    await page.evaluate(() => window.letGo());
    await until(() => view.shown("#sec-compare"), "the field for another token is there");
    assert.equal(await view.focused(), "compare-text");
    await view.ends();
  });

  test(`${name}: nothing of a token stays in the page when it goes`, async () => {
    const view = await openView(browsers[name]);
    const { page } = view;
    const claims = { sub: "canary-sub", name: "canary-name", groups: ["canary-group"], client_id: "canary-client", jti: "canary-jti", iss: "https://canary.okta.com/oauth2/default" };
    const left = () => page.evaluate(() => {
      const values = [...document.querySelectorAll("input, textarea, select")].map(({ value }) => value);
      return [...new Set((document.documentElement.outerHTML + values.join(" ") + location.href + document.title).match(/canary[\w-]*/g))];
    });
    for (const way of ["#clear", "#forget"]) {
      await view.paste(accessToken(claims, { kid: "canary-kid" }, "another-secret"));
      await view.withSecret();
      await until(() => page.$eval("#doctor", (doctor) => doctor.querySelector("[data-code]") !== null), "the doctor is done");
      await until(() => view.shown("#sec-kind"), "the kind is known");
      if (way === "#forget") {
        await view.press("#compare");
        await view.fill("compare-text", accessToken({ ...claims, sub: "canary-other" }));
        await until(() => view.shown("#compare-result"), "the two are compared");
      }
      assert.ok((await left()).length > 5);
      await view.press(way);
      await until(async () => (await left()).length === 0, `nothing is left: ${await left()}`);
      await new Promise((done) => setTimeout(done, 1300));
      assert.deepEqual(await left(), [], "a second later, too");
    }
    await view.ends();
  });

  test(`${name}: the redacted report says kind, issuer and cause, and nothing of the person`, async () => {
    const view = await openView(browsers[name]);
    const { page } = view;
    const names = ["sub", "uid", "name", "email", "preferred_username", "phone_number", "groups", "nonce", "jti", "sid", "ip", "custom"];
    const claims = Object.fromEntries(names.map((claim) => [claim, claim === "groups" ? ["canary-groups"] : `canary-${claim}`]));
    const token = accessToken({ ...claims, iss: "https://dev-1234.okta.com/oauth2/default" }, {}, `${secret}\n`);
    await view.paste(token);
    await view.withSecret();
    await until(() => page.$eval("#doctor", (doctor) => doctor.querySelector("[data-code]") !== null), "the cause is named");
    await page.evaluate(() => { navigator.clipboard.writeText = async (text) => { window.written = text; }; });
    await view.press("#copy-report");
    await until(() => page.evaluate(() => Boolean(window.written)), "the report is copied");
    const report = await page.evaluate(() => window.written);
    assert.doesNotMatch(report, /canary/);
    for (const part of token.split(".")) assert.ok(!report.includes(part.slice(0, 16)), "no part of the token");
    assert.ok(!report.includes(secret), "no secret");
    assert.match(report, /^Kind: JWT access token\.$/m);
    assert.match(report, /^Issued by: Okta/m);
    assert.match(report, /Signature doctor, proved: The signature fits the secret with a line feed behind it/);
    await view.ends();
  });

  for (const way of ["the button", "Escape"]) {
    test(`${name}: a search that takes long shows how far it is, and ${way} ends it`, async () => {
      const view = await openView(browsers[name]);
      const { page } = view;
      const [set, token] = manyKeys();
      await page.evaluate(() => {
        window.counts = new Set();
        const count = document.getElementById("doctor-count");
        new MutationObserver(() => document.getElementById("doctor-search").hidden || window.counts.add(count.textContent)).observe(count.parentElement, { subtree: true, childList: true, characterData: true, attributes: true });
      });
      await view.press("#source-pasted");
      await view.fill("pasted-keys", set);
      await view.paste(token);
      await until(() => view.shown("#doctor-search"), "how far it is stands there");
      assert.match(await view.text("#doctor-count"), /^\d+ of \d+ tests$/);
      await until(() => page.evaluate(() => window.counts.size > 1), "the count moves while it goes on");
      if (way === "Escape") {
        await page.evaluate(() => document.activeElement.blur());
        await page.keyboard.press("Escape");
      } else {
        await page.focus("#doctor-stop");
        await page.keyboard.press("Enter");
      }
      await until(() => page.$eval("#doctor", (doctor) => doctor.querySelector("h3") !== null), "it has ended");
      assert.equal(await view.text("#doctor h3"), "The search was stopped before a cause was found");
      assert.equal(await view.shown("#doctor-search"), false);
      assert.equal(await page.$eval("#input", ({ value }) => value), token, "the text stays");
      if (way === "the button") assert.equal(await view.focused(), "h-doctor", "the focus is not lost");
      await until(async () => (await view.text("#announcer")) === "Signature doctor: the search was stopped before a cause was found", "that is read out");
      await view.ends();
    });
  }

  test(`${name}: a key that is pressed during a search is heard before the search ends`, async () => {
    const view = await openView(browsers[name]);
    const { page } = view;
    const [set, token] = manyKeys();
    await view.press("#source-pasted");
    await view.fill("pasted-keys", set);
    await view.paste(token);
    await until(() => view.shown("#doctor-search"), "the search goes on");
    await page.evaluate(() => {
      document.activeElement.blur();
      // What is shown when the sheet of keys opens, which the page does in the key's own task.
      const sheet = document.getElementById("key-sheet");
      new MutationObserver(() => { window.then = document.getElementById("doctor-search").checkVisibility(); }).observe(sheet, { attributes: true });
    });
    await page.keyboard.press("?");
    await until(() => page.evaluate(() => window.then !== undefined), "the key is heard");
    assert.equal(await page.evaluate(() => window.then), true, "while the search goes on");
    await view.press("#doctor-stop");
    await view.ends();
  });

  test(`${name}: of a long list the beginning is shown, and a button shows the rest, by keyboard too`, async () => {
    const view = await openView(browsers[name]);
    const { page } = view;
    const groups = Array.from({ length: 1400 }, (_, at) => `group-${at}`);
    await view.paste(accessToken({ groups }));
    await view.withSecret();
    await until(() => view.shown("#sec-kind"), "all is known");
    const lines = () => page.$$eval("#payload > div", ({ length }) => length);
    const few = await lines();
    assert.ok(few < 60, `${few} lines`);
    assert.equal(await view.text("#payload button"), "Show 1380 more");
    assert.ok((await view.text("#raw")).includes('"group-1399"'), "the raw payload has them all");
    await page.focus("#payload button");
    // Counts the steps in which lines come.
    await page.evaluate(() => {
      window.slices = 0;
      new MutationObserver(() => { window.slices += 1; }).observe(document.getElementById("payload"), { childList: true });
    });
    await page.keyboard.press("Enter");
    await until(async () => (await lines()) === few - 1 + 1380, "all of them are there");
    const all = await page.$$eval("#payload dt", (list) => list.map(({ textContent }) => textContent.match(/group-\d+/)?.[0]).filter(Boolean));
    assert.deepEqual(all, groups, "in their order");
    assert.ok(await page.evaluate(() => window.slices) > 20, "a few at a time");
    assert.equal(await page.evaluate(() => document.activeElement.textContent.trim()), '"group-20",', "the focus is where the rest begins");
    const clock = await page.evaluate(() => document.getElementById("as-of").placeholder);
    await until(() => page.evaluate((before) => document.getElementById("as-of").placeholder !== before, clock), "a tick");
    assert.equal(await lines(), few - 1 + 1380, "they stay");
    assert.equal(await page.evaluate(() => document.activeElement.textContent.trim()), '"group-20",');
    await view.paste(accessToken({ groups, jti: "a2" }));
    await until(async () => (await lines()) === few, "of another token the beginning again");
    await view.ends();
  });

  test(`${name}: whatever a token says stays text`, async () => {
    const view = await openView(browsers[name]);
    const hostile = "<img src=x onerror=alert(1)>\"'`{exp}\u202e<script>1</script>";
    const claims = { iss: `https://${hostile}`, aud: hostile, client_id: hostile, scope: hostile, scp: [hostile], groups: [hostile], [hostile]: hostile, at_hash: hostile, ...times() };
    await view.paste(sign(claims, { kid: hostile, typ: hostile, jku: hostile }, "other"));
    await view.withSecret();
    await until(() => view.shown("#sec-timeline"), "all is known");
    await view.press("#compare");
    await view.fill("compare-text", sign({ ...claims, [hostile]: `${hostile}2`, exp: 1 }, { kid: `${hostile}3` }));
    await until(() => view.shown("#compare-result"), "the two are compared");
    await view.choose("kind-choice", "oidc-id-token");
    await until(async () => (await view.text("#kind-sure")) === "Chosen", "the chosen kind counts");
    await view.page.evaluate(() => document.querySelectorAll("details").forEach((details) => { details.open = true; }));
    assert.equal(await view.page.evaluate(() => document.querySelectorAll("main img, main script").length), 0);
    assert.ok(!(await view.page.$eval("#results", ({ textContent }) => textContent)).includes("\u202e"), "what turns text around is made visible");
    assert.ok(await view.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "nothing scrolls sideways");
    await view.ends();
  });
}

test("Chromium: the verdict, what stands behind it, and the whole list of checks are painted in tasks of their own", async () => {
  const groups = (count) => ({ groups: Array.from({ length: count }, (_, at) => `group-${at}`) });
  const cases = {
    "a wrong secret": accessToken({ jti: "b1" }, {}, "another-secret"),
    "a secret that lost its line break": accessToken({ jti: "b2" }, {}, `${secret}\n`),
    "1,400 groups, a wrong secret": accessToken(groups(1400), {}, "another-secret"),
    "a valid token": accessToken({ jti: "b3" }),
  };
  for (const [what, token] of Object.entries(cases)) {
    const view = await openView(browsers.Chromium);
    const { page } = view;
    await view.paste(idToken());
    await view.withSecret();
    await until(() => view.shown("#sec-kind"), "all is loaded");
    await new Promise((done) => setTimeout(done, 1500));
    const { tasks, marks } = await traced(browsers.Chromium, page, async () => {
      await page.evaluate((pasted) => {
        // A mutation is told of at the end of what caused it, so in its task.
        for (const id of ["headline", "doctor", "kind-name", "timeline-note", "server", "checks"]) {
          const tell = () => performance.mark(`changed ${id}`);
          new MutationObserver(tell).observe(document.getElementById(id), { subtree: true, childList: true, characterData: true, attributes: true });
        }
        const input = document.getElementById("input");
        input.value = pasted;
        performance.mark("changed input");
        input.dispatchEvent(new Event("input", { bubbles: true }));
      }, token);
      await until(async () => /access token/i.test(await view.text("#kind-name")), "the kind is known");
      await until(() => page.evaluate(() => performance.getEntriesByName("changed checks").length > 1 || document.querySelector("#lint [data-code^='lint.']") !== null), "the checks are whole");
    });
    const task = (at) => tasks.findIndex((one) => one.at <= at && at < one.at + one.clock);
    const within = (id) => [...new Set(marks.filter(({ name: mark }) => mark === `changed ${id}`).map(({ at }) => task(at)))];
    const [input] = within("input");
    const [kind] = within("kind-name");
    const checks = within("checks");
    assert.ok(input >= 0 && input < kind, `${what}: what stands behind the verdict comes in a later task: ${input}, ${kind}`);
    assert.ok(within("headline").every((at) => at !== kind), `${what}: the verdict is not painted with it`);
    assert.ok(checks.length > 0 && !checks.includes(kind), `${what}: nor is the list of checks: ${checks}, ${kind}`);
    await view.ends();
  }
});

test("Chromium: the place of the doctor is kept from the first verdict on, and nothing above it moves", async () => {
  const view = await openView(browsers.Chromium);
  const { page } = view;
  let release;
  const held = new Promise((done) => { release = done; });
  await page.route("**/tokenscope_why_bg.wasm", async (route) => {
    await held;
    await route.continue();
  });
  await view.paste(accessToken({}, {}, "another-secret"));
  await view.withSecret();
  await view.verdict("rejected");
  await until(() => view.shown("#sec-doctor"), "its place is kept");
  assert.equal(await view.text("#doctor"), "Looking for the cause…");
  const places = () => page.evaluate(() => ["verdict", "sec-doctor"].map((id) => document.getElementById(id).getBoundingClientRect().top));
  const before = await places();
  release();
  await until(async () => (await view.text("#doctor")) !== "Looking for the cause…", "the doctor has an answer");
  assert.deepEqual(await places(), before);
  await view.ends();
});

test("Chromium: a failed check says what to do at once, and why as soon as what stands behind the verdict has come", async () => {
  const view = await openView(browsers.Chromium);
  const { page } = view;
  let release;
  const held = new Promise((done) => { release = done; });
  await page.route("**/tokenscope_why_bg.wasm", async (route) => {
    await held;
    await route.continue();
  });
  await view.paste(accessToken({ exp: seconds() - 900 }));
  await view.withSecret();
  await view.verdict("rejected");
  const row = '#checks [data-code="claims.expired"]';
  const parts = () => page.$$eval(`${row} dt`, (terms) => terms.map(({ textContent }) => textContent));
  await until(() => view.shown(row), "the check is there");
  assert.deepEqual(await parts(), ["Fix"]);
  release();
  await until(async () => (await parts()).length > 1, "the rest of it comes");
  assert.deepEqual(await parts(), ["Why", "Fix", "Spec"]);
  assert.match(await view.text(row), /Lifetime from issue to expiry/);
  await view.ends();
});
