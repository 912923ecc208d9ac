// The second look in the Inspect view: several signatures, encrypted tokens, what an SD-JWT discloses, tokens inside tokens;
// in both browsers, with the keyboard, on a narrow screen, and without a violation of the policy.

import assert from "node:assert/strict";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { after, before, test } from "node:test";
import { CompactEncrypt } from "jose";
import { axe, chromium, firefox, serve, until } from "./lib/harness.mjs";
import { claims, credential, detached, encode, encrypted, password, proof, recipients, secret, several, sign } from "./lib/objects.mjs";
import { open } from "./lib/page.mjs";

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

async function openView(browser, options) {
  const view = await open(browser, `${site.origin}/`, options);
  const { page } = view;
  const text = (selector) => page.$eval(selector, ({ textContent }) => textContent.replace(/\s+/g, " ").trim());
  const shown = (selector) => page.$eval(selector, (element) => element.checkVisibility());
  const press = (selector) => page.evaluate((pressed) => document.querySelector(pressed).click(), selector);
  return {
    ...view, text, shown, press,
    rows: (selector) => page.$$eval(`${selector} > *`, (rows) => rows.map(({ textContent }) => textContent.replace(/\s+/g, " ").trim())),
    async withSecret(given = secret) {
      await press("#source-secret");
      await view.fill("secret", given);
    },
    async ends() {
      assert.deepEqual(view.found, { errors: [], violations: [] });
      assert.equal(await text("#ledger-text"), "Nothing sent");
      assert.equal(await page.evaluate(() => document.querySelectorAll("[style]").length), 0, "no style stands in the markup");
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "nothing scrolls sideways");
      await page.close();
    },
  };
}

test("axe-core finds nothing in these sections, in light and dark, wide and narrow", async () => {
  const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const key = randomBytes(32);
  const encrypted = await new CompactEncrypt(Buffer.from("words")).setProtectedHeader({ alg: "dir", enc: "A256GCM" }).encrypt(key);
  for (const [text, keys, section] of [[credential(), secret, "#sec-disclosure"], [encrypted, JSON.stringify({ kty: "oct", k: key.toString("base64url") }), "#decrypted-part"]]) {
    const view = await openView(browsers.Chromium);
    await view.paste(text);
    if (keys === secret) {
      await view.withSecret();
    } else {
      await view.press("#source-pasted");
      await view.fill("pasted-keys", keys);
    }
    await until(() => view.shown(section), section, 20);
    await view.page.evaluate(() => document.querySelectorAll("#results details").forEach((details) => { details.open = true; }));
    for (const width of [1280, 390, 320]) {
      await view.page.setViewportSize({ width, height: 844 });
      for (const theme of ["light", "dark"]) {
        await view.press(`#theme-${theme}`);
        await until(() => view.page.evaluate(() => document.getAnimations().every(({ playState }) => playState === "finished")), "the colours have changed");
        assert.deepEqual(await axe(view.page, { rules }), [], `${section} ${width} ${theme}`);
        assert.ok(await view.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${section} at ${width} px`);
      }
    }
    await view.page.close();
  }
});

for (const name of ["Chromium", "Firefox"]) {
  test(`${name}: what an SD-JWT discloses, what it keeps, and whose it is`, async () => {
    const view = await openView(browsers[name]);
    await view.paste(credential());
    await view.withSecret();
    await until(() => view.shown("#sec-disclosure"), "the disclosures are shown");
    assert.equal(await view.text("#disclosure-aside"), "3 disclosed, 3 undisclosed");
    const rows = await view.rows("#disclosed");
    assert.equal(rows.length, 3);
    assert.match(rows[0], /^given_name ?"Ada" ?\/payload\/given_name ?Disclosed$/);
    assert.match(rows[1], /Town <b>x<\/b>/, "markup stays text");
    assert.match(rows[2], /^element of a list/);
    assert.equal(await view.page.$eval("#disclosure-kept-part", ({ open: isOpen }) => isOpen), false, "digests are folded");
    assert.equal((await view.rows("#disclosure-kept")).length, 3);
    const processed = JSON.parse(await view.text("#disclosure-processed"));
    assert.deepEqual([processed.given_name, processed.nationalities, processed._sd], ["Ada", ["DE"], undefined]);
    await until(async () => /^Bound/.test(await view.text("#disclosure-binding")), "the key binding is verified");
    // The key-binding token has a button, and the way back too.
    assert.match(await view.text("#inside"), /stands inside this one/);
    await view.page.focus("#inside button");
    await view.page.keyboard.press("Enter");
    await until(async () => /has this one inside/.test(await view.text("#inside")), "the token inside is shown");
    assert.equal(await view.shown("#sec-disclosure"), false);
    await view.press("#inside button");
    await until(() => view.shown("#sec-disclosure"), "the way back");
    await view.ends();
  });

  test(`${name}: a disclosure that nobody signed for is named, and breaks the key binding`, async () => {
    const view = await openView(browsers[name], { size: { width: 390, height: 844 } });
    const [whole, added] = [credential(), encode(["salt-9", "admin", true])];
    await view.paste(whole.replace(/~(?=[^~]*$)/, `~${added}~`));
    await view.withSecret();
    await view.verdict("rejected");
    await until(() => view.shown("#sec-disclosure"), "the disclosures are shown");
    await until(async () => /^Not bound/.test(await view.text("#disclosure-binding")), "the key binding is for another presentation");
    assert.match((await view.rows("#disclosed"))[3], /No digest$/);
    assert.doesNotMatch(await view.text("#disclosure-processed"), /admin/);
    const { codes } = await view.state();
    assert.ok(JSON.stringify(codes).includes("disclosure.not-referred"), JSON.stringify(codes));
    await view.paste(sign(claims()));
    await until(async () => !(await view.shown("#sec-disclosure")), "nothing of it stays");
    await view.ends();
  });

  test(`${name}: how decrypting went, step by step, and the token inside`, async () => {
    const view = await openView(browsers[name]);
    const key = randomBytes(32);
    const jwk = JSON.stringify({ kty: "oct", k: key.toString("base64url") });
    const inner = sign(claims());
    const encrypted = await new CompactEncrypt(Buffer.from(inner)).setProtectedHeader({ alg: "dir", enc: "A256GCM", cty: "JWT" }).encrypt(key);
    await view.paste(encrypted);
    await until(() => view.shown("#sec-decryption"), "decryption is shown");
    const states = async () => view.page.$$eval("#decryption-walk .st", (list) => list.map(({ textContent }) => textContent.trim()));
    await until(async () => JSON.stringify(await states()) === JSON.stringify(["Pass", "No key", "Not reached", "Not reached"]), "no key yet");
    await view.press("#source-pasted");
    await view.fill("pasted-keys", jwk);
    await until(async () => JSON.stringify(await states()) === JSON.stringify(["Pass", "Pass", "Pass", "Not needed"]), "decrypted", 20);
    assert.match(await view.text("#inside"), /stands inside this one/);
    // A changed tag is named as what failed.
    await view.paste(encrypted.slice(0, -4) + (encrypted.endsWith("AAAA") ? "BBBB" : "AAAA"));
    await until(async () => (await states())[2] === "Fail", "the tag is wrong", 20);
    // What is neither JSON nor a token stands as it is.
    await view.paste(await new CompactEncrypt(Buffer.from("only <i>words</i>")).setProtectedHeader({ alg: "dir", enc: "A256GCM" }).encrypt(key));
    await until(async () => (await view.text("#decrypted")) === "only <i>words</i>", "the text is shown", 20);
    await view.ends();
  });

  test(`${name}: each signature, and each recipient, has its own result`, async () => {
    const view = await openView(browsers[name]);
    await view.paste(several(claims(), [["another", { kid: "a" }], [secret, { kid: "b" }]]));
    await view.withSecret();
    await until(() => view.shown("#sec-signatures"), "the signatures are shown");
    await until(async () => /Verified$/.test((await view.rows("#signatures"))[1] ?? ""), "one is good");
    assert.match((await view.rows("#signatures"))[0], /Invalid$/);
    const { token, keys } = await recipients("words");
    await view.paste(token);
    await view.press("#source-pasted");
    await view.fill("pasted-keys", keys[1]);
    await until(async () => /Decrypted$/.test((await view.rows("#recipients"))[1] ?? ""), "one is decrypted", 20);
    await view.ends();
  });

  test(`${name}: a private key under a password is opened by it, and a wrong one is said`, { timeout: 60_000 }, async () => {
    const view = await openView(browsers[name]);
    const { token, locked } = await encrypted(sign(claims()), { cty: "JWT" });
    await view.paste(token);
    await view.press("#source-pasted");
    assert.equal(await view.shown("#beside-password"), false, "without a key there is nothing to open");
    await view.fill("pasted-keys", locked);
    const headline = (pattern) => until(async () => pattern.test(await view.text("#headline")), `${pattern}`, 20);
    await headline(/^Undecided: .*its private key is under a password/);
    assert.equal(await view.shown("#beside-password"), true);
    assert.match(await view.text("#key-findings"), /is under a password.*Enter the password/);
    const hint = "#key-notes [data-code='keys.private-encrypted']";
    assert.ok(!(await view.page.evaluate((one) => document.querySelector(one)?.checkVisibility(), hint)), "what only verifying needs is not said");
    await view.fill("beside-password", `${password} `);
    await headline(/^Undecided: .*the password does not open the private key/);
    assert.match(await view.text("#key-findings"), /The password does not open/);
    await view.fill("beside-password", password);
    await until(async () => (await view.text("#support")) === "Decrypted with a pasted key; inside is a signed token.", "it is decrypted", 20);
    assert.doesNotMatch(await view.text("#sec-keys"), /password/);
    // Without the key the field goes once it is empty.
    await view.fill("beside-password", "");
    await view.fill("pasted-keys", "");
    await until(async () => !(await view.shown("#beside-password")), "nothing asks for a password");
    await view.ends();
  });

  test(`${name}: a detached payload beside its token: unencoded and encoded, wrong and right`, async () => {
    const view = await openView(browsers[name]);
    for (const unencoded of [true, false]) {
      const payload = unencoded ? "any text, not base64url: é" : '{"sub":"user-4711"}';
      await view.paste(detached(payload, { unencoded }));
      await view.withSecret();
      await until(async () => /its payload is not in it/.test(await view.text("#headline")), "the payload is asked for");
      await until(() => view.shown("#beside-payload"), "there is a field for it");
      await view.fill("beside-payload", `${payload}!`);
      await view.verdict("rejected");
      await until(async () => /signature is invalid/.test(await view.text("#headline")), "another payload");
      await view.fill("beside-payload", payload);
      await until(async () => /^The signature is valid by the secret/.test(await view.text("#support")), "the payload that was signed");
      assert.ok((await view.state()).codes.pass.includes("signature.valid"));
      await view.fill("beside-payload", "");
    }
    await view.ends();
  });

  test(`${name}: a DPoP proof is signed by its own key, and no key was pasted`, async () => {
    const view = await openView(browsers[name]);
    await view.paste(proof().proof);
    await until(async () => /^The signature is valid by the key in its own header/.test(await view.text("#support")), "whose key it is");
    await view.ends();
  });

  test(`${name}: what is worth knowing about a pasted key is said`, async () => {
    const view = await openView(browsers[name]);
    await view.paste(sign(claims()));
    await view.press("#source-pasted");
    // RFC 8037, appendix A.2: everybody has its private half.
    await view.fill("pasted-keys", '{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}');
    await until(() => view.page.evaluate(() => /public example/.test(document.getElementById("key-findings")?.textContent)), "the key is known");
    await view.ends();
  });

  test(`${name}: a key that only the second look could read is no failure in the list of keys`, async () => {
    const view = await openView(browsers[name]);
    await view.paste(sign(claims()));
    await view.press("#source-pasted");
    const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const pem = publicKey.export({ type: "spki", format: "pem" });
    await view.fill("pasted-keys", pem.replaceAll("\n", "&#10;").replaceAll("+", "&#43;"));
    await until(() => view.page.evaluate(() => /EC P-256/.test(document.getElementById("sets").textContent)), "the key is listed");
    const sets = await view.text("#sets");
    assert.doesNotMatch(sets, /Fail|cannot be used/);
    assert.match(await view.text("#key-findings"), /mended/);
    await view.ends();
  });

  test(`${name}: a text that comes late is put into its own field, not into the one that has the focus elsewhere`, async () => {
    const view = await openView(browsers[name]);
    await view.page.evaluate(() => { location.hash = "#create"; });
    await view.page.waitForSelector("#create[data-ready]");
    await view.page.focus("#create-payload");
    const before = await view.page.$eval("#create-payload", ({ value }) => value);
    const token = sign(claims());
    await view.page.evaluate(async (text) => {
      const { receiveText } = await import("./tokenscope_page.js");
      receiveText(text);
    }, token);
    await until(() => view.page.$eval("#input", ({ value }, text) => value === text, token), "it stands in Inspect");
    assert.equal(await view.page.$eval("#create-payload", ({ value }) => value), before);
    await view.ends();
  });
}
