// The Create view as a person uses it: two texts and a key make a token, byte for byte, in both browsers; what is made is
// verified by the Inspect view and by independent implementations; and nothing is signed that nobody asked for.

import assert from "node:assert/strict";
import { createPublicKey, generateKeyPairSync, verify as verifySignature } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import * as jose from "jose";
import { axe, chromium, dist, firefox, serve, until } from "./lib/harness.mjs";
import { password } from "./lib/objects.mjs";
import { open } from "./lib/page.mjs";

const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
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

const encode = (text) => Buffer.from(text).toString("base64url");
const decode = (text) => Buffer.from(text, "base64url").toString();

/** Opens the page in the Create view. */
async function openCreate(browser, options) {
  const view = await open(browser, `${site.origin}/#create`, options);
  const { page } = view;
  await page.waitForSelector("#create[data-ready]");
  const text = (selector) => page.$eval(selector, ({ textContent }) => textContent.replace(/\s+/g, " ").trim());
  const raw = (selector) => page.$eval(selector, ({ textContent }) => textContent);
  const headline = () => text("#create-headline");
  const settled = () => page.$eval("#create-token", (token) => token.getAttribute("aria-busy") === "false");
  return {
    ...view,
    text,
    raw,
    headline,
    shown: (selector) => page.$eval(selector, (element) => element.checkVisibility()),
    value: (id) => page.$eval(`#${id}`, ({ value }) => value),
    press: (what) => page.evaluate((selector) => document.querySelector(selector).click(), `#create [data-create="${what}"]`),
    pressValue: (what, value) => page.evaluate((selector) => document.querySelector(selector).click(), `#create [data-create="${what}"][data-value="${value}"]`),
    /** Makes a choice among radio buttons. */
    choose: (value) => page.evaluate((chosen) => document.querySelector(`#create input[value="${chosen}"]`).click(), value),
    select: (id, value) => page.evaluate(([name, chosen]) => {
      const field = document.getElementById(name);
      field.value = chosen;
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }, [id, value]),
    /** Waits for a headline, and gives the token. */
    async made(pattern, seconds = 20) {
      await until(async () => (await settled()) && pattern.test(await headline()), `${pattern}`, seconds).catch(async (error) => {
        throw new Error(`${error.message}; the headline is: ${await headline()} ${await text("#create-support")}`);
      });
      return raw("#create-token");
    },
    async ends() {
      assert.deepEqual(view.found, { errors: [], violations: [] });
      assert.equal(await text("#ledger-text"), "Nothing sent");
      await page.close();
    },
  };
}

/** Holds that a token is exactly the two texts, and that jose verifies it with the public key that the view gives. */
async function verifies(view, token) {
  const [header, payload] = token.split(".");
  assert.equal(decode(header), await view.value("create-header"), "the header's bytes");
  assert.equal(decode(payload), await view.value("create-payload"), "the payload's bytes");
  const shown = JSON.parse(await view.raw("#create-public"));
  const jwk = shown.keys?.[0] ?? shown;
  assert.ok(!["d", "p", "q", "priv"].some((name) => name in jwk), "no private member is given away");
  const { alg } = JSON.parse(decode(header));
  const known = jose.compactVerify(token, await jose.importJWK(jwk, alg).catch(() => null));
  return known.then(() => jwk);
}

const algorithms = ["RS256", "ES256", "EdDSA", "RS384", "RS512", "PS256", "PS384", "PS512", "ES384", "ES512", "Ed25519"];
const beyondJose = ["Ed448", "ES256K", "ML-DSA-44", "ML-DSA-65", "ML-DSA-87"];
const secrets = { HS256: 32, HS384: 48, HS512: 64 };
const own = ["HS256", "RS256", "ES256", "EdDSA"];

/** Chooses an algorithm and makes a key for it. */
async function withKey(view, algorithm) {
  await view.choose(own.includes(algorithm) ? algorithm : "other");
  if (!own.includes(algorithm)) await view.select("create-algorithm", algorithm);
  await until(async () => JSON.parse(await view.value("create-header")).alg === algorithm, `${algorithm} stands in the header`);
  await view.press("generate");
  return view.made(new RegExp(`^Signed with ${algorithm}$`), 60);
}

for (const name of ["Chromium", "Firefox"]) {
  test(`${name}: a key of every kind is made and signs what is shown, and jose verifies it`, { timeout: 240_000 }, async () => {
    const view = await openCreate(browsers[name]);
    for (const algorithm of algorithms) await verifies(view, await withKey(view, algorithm));
    for (const [algorithm, length] of Object.entries(secrets)) {
      const token = await withKey(view, algorithm);
      const { k } = JSON.parse(await view.raw("#create-public"));
      assert.equal(Buffer.from(k, "base64url").length, length);
      await jose.compactVerify(token, Buffer.from(k, "base64url"));
    }
    await view.ends();
  });

  test(`${name}: what jose has no algorithm for is verified by Node and by the Inspect view`, { timeout: 240_000 }, async () => {
    const view = await openCreate(browsers[name]);
    for (const algorithm of beyondJose) {
      const token = await withKey(view, algorithm);
      const [header, payload, signature] = token.split(".");
      const [jwk] = JSON.parse(await view.raw("#create-public")).keys;
      if (!algorithm.startsWith("ML")) {
        const key = createPublicKey({ key: jwk, format: "jwk" });
        const hash = algorithm === "ES256K" ? "sha256" : null;
        const good = verifySignature(hash, Buffer.from(`${header}.${payload}`), { key, dsaEncoding: "ieee-p1363" }, Buffer.from(signature, "base64url"));
        assert.ok(good, algorithm);
      }
    }
    await view.press("inspect");
    await until(() => view.page.$eval("#checks", (list) => list.querySelector("[data-code='signature.valid']") !== null), "the Inspect view verifies ML-DSA-87", 30);
    await view.ends();
  });

  test(`${name}: every template has its times and its algorithm, and Inspect takes token and key`, { timeout: 120_000 }, async () => {
    const view = await openCreate(browsers[name]);
    const templates = await view.page.$$eval("#create-templates button", (buttons) => buttons.map(({ dataset }) => dataset.value));
    assert.deepEqual(templates, ["plain", "access-token", "id-token", "client-assertion", "dpop-proof", "logout-token"]);
    await withKey(view, "ES256");
    for (const template of templates) {
      await view.pressValue("template", template);
      const token = await view.made(/^Signed with ES256$/);
      const claims = JSON.parse(decode(token.split(".")[1]));
      assert.ok(Math.abs(claims.iat - Date.now() / 1000) < 30, template);
      assert.ok(claims.exp === undefined || claims.exp > claims.iat, template);
      await verifies(view, token);
    }
    await view.pressValue("template", "dpop-proof");
    const proof = await view.made(/^Signed with ES256$/);
    const embedded = JSON.parse(decode(proof.split(".")[0])).jwk;
    await jose.compactVerify(proof, jose.EmbeddedJWK);
    assert.equal(embedded.d, undefined);
    await view.press("generate");
    await until(async () => JSON.parse(await view.value("create-header")).jwk.x !== embedded.x, "the new key stands in the header");
    await jose.compactVerify(await view.made(/^Signed with ES256$/), jose.EmbeddedJWK);

    await view.pressValue("template", "access-token");
    const token = await view.made(/^Signed with ES256$/);
    await view.press("inspect");
    await until(() => view.page.$eval("#checks", (list) => list.querySelector("[data-code='signature.valid']") !== null), "the Inspect view verifies it");
    assert.equal(await view.value("input"), token);
    await view.ends();
  });

  test(`${name}: the helpers change one value and leave every other byte`, async () => {
    const view = await openCreate(browsers[name]);
    const before = '{"iat" : 1.0,\n\t"exp":[1,2], "x":"é\\u00e9", "iat":2, "n":9007199254740993 }';
    await view.fill("create-payload", before);
    const now = () => Math.floor(Date.now() / 1000);
    const close = (text, expected) => assert.ok(Math.abs(Number(text) - expected) < 30, text);
    await view.pressValue("set", "iat+0");
    let [, first, set] = (await view.value("create-payload")).match(/^([^]*"iat":)(\d+)(?=, "n")/);
    assert.equal(first, before.slice(0, before.indexOf(":2, ") + 1));
    close(set, now());
    await view.pressValue("set", "exp+300");
    [, set] = (await view.value("create-payload")).match(/^\{"iat" : 1\.0,\n\t"exp":(\d+), "x":"é\\u00e9", /);
    close(set, now() + 300);
    await view.pressValue("set", "exp+3600");
    close(JSON.parse(await view.value("create-payload")).exp, now() + 3600);
    await view.pressValue("set", "jti");
    await until(async () => /9007199254740993, "jti":"[\w-]{22}" \}$/.test(await view.value("create-payload")), "a jti is added as its neighbour is written");
    await view.fill("create-payload", "no JSON");
    assert.equal(await view.page.$eval("[data-create=set]", ({ disabled }) => disabled), true, "there is no member to set");
    await view.ends();
  });

  test(`${name}: what is wrong is said and signed as written`, async () => {
    const view = await openCreate(browsers[name]);
    await view.fill("create-secret", "x9Vt");
    await view.made(/^Signed with HS256, but the secret can be guessed$/);
    assert.match(await view.text("#create-key-notes"), /^Warn ?4 bytes\. HS256 needs 32 or more/);
    await view.fill("create-secret", "a made-up secret of 32 bytes, ok");
    await view.made(/^Signed with HS256$/);
    await view.fill("create-payload", '{\n  "role": "viewer",\n  "role": "admin"\n}');
    const twice = await view.made(/^Signed with HS256, but it names a member twice$/);
    assert.equal(decode(twice.split(".")[1]), await view.value("create-payload"));
    assert.match(await view.text("#create-payload-notes"), /Lines 2 and 3 repeat role\. Both are signed as written\./);
    assert.equal((await view.page.$$("#create-payload-mirror .marked")).length, 2);
    await view.fill("create-payload", '{\n  "a": 1,\n}');
    const broken = await view.made(/no JWT library will read it$/);
    assert.equal(decode(broken.split(".")[1]), '{\n  "a": 1,\n}');
    assert.match(await view.text("#create-payload-notes"), /line 3, column 1/);
    await view.fill("create-payload", "{}");
    await view.fill("create-header", '{"alg":"RS256"}');
    await view.made(/^Signed with HS256, but its header says RS256$/);
    await view.fill("create-header", "{}");
    await view.made(/^Signed with HS256, but its header does not say with what$/);
    await view.ends();
  });

  test(`${name}: a token from elsewhere is a draft until Sign is pressed, and stays as it was in Inspect`, async () => {
    const view = await openCreate(browsers[name]);
    await view.fill("create-secret", "a made-up secret of 32 bytes, ok");
    await view.made(/^Signed/);
    await view.page.evaluate(() => { location.hash = "#inspect"; });
    const elsewhere = `${encode('{"alg":"HS256"}')}.${encode('{ "sub": "a" }')}.c2lnbmF0dXJl`;
    await view.paste(elsewhere);
    await until(() => view.shown("[data-carry=create]"), "it can be taken along");
    await view.page.evaluate(() => document.querySelector("[data-carry=create]").click());
    await until(async () => /^Not signed: it is a copy/.test(await view.headline()), "it is a draft");
    assert.equal(await view.value("create-payload"), '{ "sub": "a" }');
    await view.fill("create-payload", '{ "sub": "b" }');
    await new Promise((done) => setTimeout(done, 300));
    assert.match(await view.headline(), /^Not signed/, "editing signs nothing");
    assert.equal(await view.raw("#create-token"), "");
    assert.equal(await view.value("input"), elsewhere);
    await view.press("sign");
    const token = await view.made(/^Signed with HS256$/);
    assert.equal(decode(token.split(".")[1]), '{ "sub": "b" }');
    assert.equal(await view.value("input"), elsewhere, "what was pasted in Inspect stays");
    await view.ends();
  });

  test(`${name}: a pasted private key signs, in every form; a public one is named`, async () => {
    const view = await openCreate(browsers[name]);
    const pair = generateKeyPairSync("ec", { namedCurve: "P-384" });
    const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
    await view.choose("paste");
    await view.made(/^Not signed: there is no key yet$/);
    for (const [text, algorithm] of [
      [pair.privateKey.export({ format: "pem", type: "pkcs8" }), "ES384"],
      [pair.privateKey.export({ format: "pem", type: "sec1" }), "ES384"],
      [JSON.stringify(pair.privateKey.export({ format: "jwk" })), "ES384"],
      [rsa.privateKey.export({ format: "pem", type: "pkcs1" }), "RS256"],
    ]) {
      await view.fill("create-header", `{"alg":"${algorithm}"}`);
      await view.fill("create-key", text);
      await verifies(view, await view.made(new RegExp(`^Signed with ${algorithm}$`)));
    }
    await view.select("create-algorithm", "PS512");
    await verifies(view, await view.made(/^Signed with PS512$/));
    await view.fill("create-key", rsa.publicKey.export({ format: "pem", type: "spki" }));
    await view.made(/^Not signed: a public key signs nothing$/);
    await view.fill("create-key", "no key at all");
    await view.made(/^Not signed: /);
    await view.ends();
  });

  test(`${name}: a private key under a password has a field for it, which opens it`, async () => {
    const view = await openCreate(browsers[name]);
    const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const form = { type: "pkcs8", format: "pem" };
    const locked = pair.privateKey.export({ ...form, cipher: "aes-256-cbc", passphrase: password });
    await view.choose("paste");
    await view.fill("create-header", '{"alg":"ES256"}');
    assert.equal(await view.shown("#create-row-password"), false);
    await view.fill("create-key", pair.privateKey.export(form));
    await view.made(/^Signed with ES256$/);
    assert.equal(await view.shown("#create-row-password"), false, "a key without a password needs none");
    await view.fill("create-key", locked);
    await view.made(/^Not signed: the private key #1 is under a password$/);
    assert.equal(await view.shown("#create-password"), true);
    await view.fill("create-password", `${password} `);
    await view.made(/^Not signed: the password does not open the private key #1$/);
    await view.fill("create-password", password);
    await verifies(view, await view.made(/^Signed with ES256$/));
    // Under its name in JSON it is opened, too.
    await view.fill("create-key", JSON.stringify({ one: locked }));
    await verifies(view, await view.made(/^Signed with ES256$/));
    await view.page.evaluate(() => document.querySelector("[data-do=forget]").click());
    await until(async () => (await view.value("create-password")) === "", "the password is forgotten");
    await view.ends();
  });

  test(`${name}: signed and then encrypted in one step, both shown, and Inspect reads both`, { timeout: 120_000 }, async () => {
    const view = await openCreate(browsers[name]);
    await withKey(view, "ES256");
    await view.fill("create-payload", '{ "sub":"a", "n":1.0 }');
    await view.press("nest");
    await view.made(/^Not encrypted: there is no key to encrypt for yet$/);
    assert.equal(JSON.parse(await view.value("outer-header")).cty, "JWT");
    await view.select("outer-algorithm", "ECDH-ES+A128KW");
    await view.select("outer-encryption", "A128CBC-HS256");
    await view.page.evaluate(() => document.querySelector("#outer-key-buttons button").click());
    const token = await view.made(/^Signed with ES256, then encrypted with ECDH-ES\+A128KW and A128CBC-HS256$/, 60);
    const inside = await view.raw("#inner-token");
    assert.equal(await view.shown("#inner-token"), true);
    const key = await jose.importJWK(JSON.parse(await view.raw("#outer-private")), "ECDH-ES+A128KW");
    const { plaintext, protectedHeader } = await jose.compactDecrypt(token, key);
    assert.equal(new TextDecoder().decode(plaintext), inside, "what is encrypted is the signed token, byte for byte");
    assert.equal(protectedHeader.cty, "JWT");
    await verifies(view, inside);
    await view.fill("outer-header", '{"alg":"ECDH-ES+A128KW","enc":"A128CBC-HS256"}');
    await view.made(/, but its header does not say that a token stands inside$/);
    assert.match(await view.text("#outer-header-notes"), /"cty": "JWT"/);
    await view.fill("outer-header", '{"alg":"ECDH-ES+A128KW","enc":"A128CBC-HS256","cty":"JWT"}');
    await view.made(/A128CBC-HS256$/);
    await view.press("inspect");
    const codes = () => view.page.$eval("#checks", (list) => [...list.children].map(({ dataset }) => dataset.code));
    await until(async () => (await codes()).includes("beyond.inside"), "Inspect decrypts it", 30);
    await view.page.evaluate(() => document.querySelector("#inside button").click());
    await until(async () => (await codes()).includes("signature.valid"), "Inspect verifies the token inside", 30);
    await view.page.evaluate(() => { location.hash = "#create"; });
    await view.press("nest");
    await view.made(/^Signed with ES256$/);
    assert.deepEqual([await view.shown("#outer-part"), await view.shown("#inner-token"), await view.shown("#outer-sec-give")], [false, false, false]);
    await view.ends();
  });

  test(`${name}: what the token says, and what its kind lacks`, async () => {
    const view = await openCreate(browsers[name]);
    const lines = () => view.page.$$eval("#create-says > div", (rows) => rows.map((row) => `${row.className}|${row.textContent.replace(/\s+/g, " ")}`));
    await view.pressValue("template", "id-token");
    await until(async () => /OIDC ID token/.test(await view.text("#create-says-aside")), "it is read as an ID token");
    assert.ok((await lines()).every((line) => line.startsWith("|")), JSON.stringify(await lines()));
    const expires = async () => (await lines()).find((line) => line.includes('"exp"'));
    assert.match(await expires(), /UTC, in (1 h|59 min)/);
    const before = await expires();
    await until(async () => (await expires()) !== before, "the time goes by");
    await view.fill("create-payload", '{"iss":"https://issuer.example","role":"viewer","role":"admin","exp":1}');
    await until(async () => (await lines()).some((line) => /^flag\|aud ?Warn ?Missing/.test(line)), "what is missing is named");
    const flagged = (await lines()).filter((line) => line.startsWith("flag"));
    assert.match(flagged[0], /"role": "viewer", "admin" ?Warn ?Written 2 times/);
    assert.match(flagged[1], /"exp": 1 ?Warn ?Expired/);
    assert.deepEqual(flagged.slice(2).map((line) => line.match(/^flag\|(\w+?) ?Warn/)[1]).sort(), ["aud", "iat", "sub"]);
    await view.fill("create-payload", "[1]");
    await until(async () => !(await view.shown("#create-sec-says")), "what is no object says nothing");
    await view.ends();
  });

  test(`${name}: encrypted tokens: jose decrypts them with the private key that was made`, { timeout: 120_000 }, async () => {
    const view = await openCreate(browsers[name]);
    await view.press("mode");
    await view.made(/^Not encrypted: there is no key to encrypt for yet$/);
    for (const [algorithm, content] of [["RSA-OAEP-256", "A256GCM"], ["ECDH-ES", "A128CBC-HS256"], ["ECDH-ES+A256KW", "A256GCM"]]) {
      await view.select("create-algorithm", algorithm);
      await view.select("create-encryption", content);
      await view.press("generate");
      const token = await view.made(new RegExp(`^Encrypted with ${algorithm.replace("+", "\\+")} and ${content}$`), 60);
      const key = await jose.importJWK(JSON.parse(await view.raw("#create-private")), algorithm);
      const { plaintext } = await jose.compactDecrypt(token, key);
      assert.equal(new TextDecoder().decode(plaintext), await view.value("create-payload"));
    }
    await view.select("create-algorithm", "dir");
    await view.press("generate");
    const token = await view.made(/^Encrypted with dir and A256GCM$/);
    const { k } = JSON.parse(await view.raw("#create-public"));
    await jose.compactDecrypt(token, Buffer.from(k, "base64url"));
    await view.ends();
  });

  test(`${name}: Forget everything drops texts, keys and secrets; nothing is stored`, async () => {
    const view = await openCreate(browsers[name]);
    await withKey(view, "ES256");
    await view.fill("create-payload", '{"sub":"someone in particular"}');
    await view.made(/^Signed/);
    const secretive = JSON.parse(await view.raw("#create-private")).d;
    await view.page.evaluate(() => document.querySelector("[data-do=forget]").click());
    await until(async () => /^Not signed/.test(await view.headline()), "there is no key any more");
    const all = await view.page.$eval("#create", (main) => main.textContent + [...main.querySelectorAll("textarea, input")].map(({ value }) => value).join("\n"));
    assert.ok(!all.includes(secretive) && !all.includes("someone in particular"));
    const stored = await view.page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }) + location.href);
    assert.ok(!stored.includes(secretive));
    await view.ends();
  });

  test(`${name}: all of it by keyboard`, async () => {
    const view = await openCreate(browsers[name]);
    const { page } = view;
    const focused = () => page.evaluate(() => document.activeElement.id || document.activeElement.dataset.create || document.activeElement.value);
    await page.evaluate(() => document.activeElement.blur());
    await page.keyboard.press("e");
    assert.equal(await focused(), "template");
    await page.keyboard.press("Enter");
    await until(async () => (await focused()) === "create-examples-button", "the focus stays in sight");
    await page.focus("#create-secret");
    await page.keyboard.type("a made-up secret of 32 bytes, ok");
    await view.made(/^Signed with HS256$/);
    await page.keyboard.press("Escape");
    await page.keyboard.press("1");
    await until(() => page.evaluate(() => location.hash === "#inspect"), "1 shows Inspect");
    await page.keyboard.press("4");
    await until(() => view.shown("#create"), "4 shows Create");
    await page.keyboard.press("/");
    assert.equal(await focused(), "create-payload");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await until(async () => (await view.value("create-payload")) === "", "Escape clears");
    await view.press("undo");
    await view.made(/^Signed with HS256$/);
    await view.ends();
  });

  for (const [look, size] of [["wide", { width: 1280, height: 800 }], ["narrow", { width: 390, height: 844 }]]) {
    test(`${name}, ${look}: axe finds nothing in any state, and nothing scrolls sideways`, { timeout: 120_000 }, async () => {
      const view = await openCreate(browsers[name], { size });
      const check = async (state) => {
        assert.deepEqual(await axe(view.page, { rules }), [], state);
        assert.ok(await view.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${state} scrolls sideways`);
        for (const id of ["create-header", "create-payload"]) {
          const [field, mirror] = await view.page.$eval(`#${id}`, (area) => [area.scrollHeight, area.previousElementSibling.scrollHeight]);
          assert.ok(Math.abs(field - mirror) <= 1, `${state}: ${id} breaks its lines as its copy does: ${field}, ${mirror}`);
        }
      };
      await check("no secret");
      await view.fill("create-secret", "x9Vt");
      await view.made(/guessed$/);
      await check("weak secret");
      await view.fill("create-payload", `{"long":"${"abc def ".repeat(40)}",\n\n\t"a":"é","a":01`);
      await check("faults");
      await view.page.evaluate(() => document.querySelector("[data-create=examples]").click());
      await check("examples");
      await view.fill("create-payload", "{}");
      await withKey(view, "ES256");
      await view.page.evaluate(() => { document.getElementById("create-private-part").open = true; });
      await check("signed, with the private key");
      await view.press("mode");
      await check("encrypting");
      await view.select("create-algorithm", "ECDH-ES");
      await view.press("generate");
      await view.made(/^Encrypted/);
      await check("encrypted");
      await view.press("mode");
      await view.press("nest");
      await check("to be encrypted after it is signed");
      await view.page.evaluate(() => document.querySelector("#outer-key-buttons button").click());
      await view.made(/, then encrypted/, 60);
      await check("signed and encrypted");
      await view.press("nest");
      await view.choose("paste");
      const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
      await view.fill("create-key", privateKey.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: password }));
      await view.made(/under a password$/);
      await check("a key under a password");
      await view.fill("create-payload", '{"role":1,"role":2,"exp":1}');
      await view.fill("create-password", password);
      await view.made(/^Signed with ES256/);
      await check("a key that was opened, and claims with faults");
      await view.ends();
    });
  }
}

test("sign, encrypt and generateKey for scripts: byte for byte, every algorithm, and errors that name what is wrong", { timeout: 120_000 }, async () => {
  const page = await browsers.Chromium.newPage();
  await page.goto(`${site.origin}/icons/icon.svg`);
  const call = (name, ...given) => page.evaluate(async ([address, called, values]) => {
    const module = await import(address);
    await module.default();
    try {
      return await module[called](...values);
    } catch (error) {
      return { error: String(error), isError: error instanceof Error };
    }
  }, [`${site.origin}/tokenscope.js`, name, given]);
  for (const algorithm of [...algorithms, ...beyondJose, ...Object.keys(secrets)]) {
    const { publicJwk, privateJwk } = await call("generateKey", algorithm);
    assert.equal(publicJwk === null, algorithm.startsWith("HS"), algorithm);
    const header = `{ "alg":"${algorithm}" }`;
    const token = await call("sign", header, '{ "a":1.0, "a":2 }', privateJwk);
    assert.equal(decode(token.split(".")[0]), header);
    assert.equal(decode(token.split(".")[1]), '{ "a":1.0, "a":2 }');
    const report = await call("inspect", token, { keys: publicJwk ?? privateJwk });
    assert.equal(report.tokens[0].signature.status, "valid", algorithm);
  }
  for (const algorithm of ["RSA-OAEP", "ECDH-ES+A128KW", "A128KW"]) {
    const { publicJwk, privateJwk } = await call("generateKey", algorithm);
    const token = await call("encrypt", `{"alg":"${algorithm}","enc":"A128GCM"}`, "any text, é", publicJwk ?? privateJwk);
    const { plaintext } = await jose.compactDecrypt(token, await jose.importJWK(privateJwk, algorithm));
    assert.equal(new TextDecoder().decode(plaintext), "any text, é");
  }
  const hmac = await call("sign", '{"alg":"HS256"}', "{}", { secret: "00ff", secretEncoding: "hex" });
  await jose.compactVerify(hmac, Buffer.from("00ff", "hex"));
  const header = '{"alg":"ES256"}';
  const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const locked = pair.privateKey.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: password });
  const opened = await call("sign", header, "{}", locked, { keyPassword: password });
  await jose.compactVerify(opened, pair.publicKey);
  // Signed, then encrypted: the one is the content of the other, byte for byte.
  const recipient = await call("generateKey", "RSA-OAEP-256");
  const nested = await call("encrypt", '{"alg":"RSA-OAEP-256","enc":"A256GCM","cty":"JWT"}', opened, recipient.publicJwk);
  const { plaintext } = await jose.compactDecrypt(nested, await jose.importJWK(recipient.privateJwk, "RSA-OAEP-256"));
  assert.equal(new TextDecoder().decode(plaintext), opened);
  for (const [given, words] of [
    [["sign", {}, "{}", ""], /header.*string/],
    [["sign", header, 1, ""], /payload.*string/],
    [["sign", header, "{}", null], /key.*JWK/],
    [["sign", header, "{}", { secret: "x", encoding: "hex" }], /key\.encoding.*secretEncoding/],
    [["sign", header, "{}", { secret: "x" }], /ES256.*secret/],
    [["sign", "{}", "{}", { secret: "x" }], /alg/],
    [["sign", '{"alg":"ES1"}', "{}", { secret: "x" }], /ES1/],
    [["sign", header, "{}", "no key"], /key/],
    [["sign", header, "{}", { secret: "x" }, { alg: "HS256" }], /alg.*algorithm/],
    [["sign", header, "{}", locked], /under a password/],
    [["sign", header, "{}", locked, { keyPassword: "another" }], /password does not open/],
    [["generateKey", "es256"], /algorithm/],
    [["generateKey", "RS256", { modulusLength: 1024 }], /modulusLength.*2048/],
    [["encrypt", header, "x", { secret: "x" }], /ES256/],
  ]) {
    const result = await call(...given);
    assert.ok(result.isError, JSON.stringify(given));
    assert.match(result.error, words, JSON.stringify(given));
  }
  await page.close();
});

test("in Node the same functions work, from the files", async () => {
  const module = await import(pathToFileURL(join(dist, "tokenscope.js")).href);
  await module.default({ module_or_path: await readFile(join(dist, "tokenscope_bg.wasm")) });
  for (const algorithm of ["ES256", "Ed448"]) {
    const { publicJwk, privateJwk } = await module.generateKey(algorithm);
    const token = await module.sign(`{"alg":"${algorithm}"}`, "{}", privateJwk);
    assert.equal((await module.inspect(token, { keys: publicJwk })).tokens[0].signature.status, "valid", algorithm);
  }
});
