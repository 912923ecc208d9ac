// Files of keys, chosen and dropped: bytes that are no text arrive as keys in the field for keys, and forms of other worlds
// are answered with what to do.

import assert from "node:assert/strict";
import { generateKeyPairSync, sign } from "node:crypto";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { chromium, firefox, serve, until } from "./lib/harness.mjs";
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

const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
const spki = pair.publicKey.export({ format: "der", type: "spki" });
const data = `${encode({ alg: "ES256" })}.${encode({ exp: 4102444800 })}`;
const token = `${data}.${sign("sha256", Buffer.from(data), { key: pair.privateKey, dsaEncoding: "ieee-p1363" }).toString("base64url")}`;
// The same key with one coordinate left out: the sign stands where the 4 was, and the lengths are 32 less.
const compressed = Buffer.concat([Buffer.from("3039301306072a8648ce3d020106082a8648ce3d030107032200", "hex"), Buffer.from([2 + (spki.at(-1) & 1)]), spki.subarray(-64, -32)]);
const pem = (label, der) => `-----BEGIN ${label}-----\n${der.toString("base64").replace(/.{64}/g, "$&\n").trim()}\n-----END ${label}-----\n`;

/** The text of a case of the corpus. */
async function corpus(path) {
  const text = await readFile(new URL(`../corpus/${path}.txt`, import.meta.url), "utf8");
  return text.slice(text.indexOf("---\n") + 4);
}

/** Drops a file of these bytes. */
const drop = (page, name, bytes) => page.evaluate(([called, held]) => {
  const carried = new DataTransfer();
  carried.items.add(new File([Uint8Array.from(atob(held), (one) => one.charCodeAt(0))], called));
  document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: carried, bubbles: true, cancelable: true }));
}, [name, Buffer.from(bytes).toString("base64")]);

const valueOf = (page, id) => page.$eval(`#${id}`, ({ value }) => value);

for (const name of ["Chromium", "Firefox"]) {
  test(`${name}: a key of bytes that is dropped beside a token verifies it`, async () => {
    const files = {
      "key.der": spki,
      "private.p8": pair.privateKey.export({ format: "der", type: "pkcs8" }),
      "private.key": pair.privateKey.export({ format: "der", type: "sec1" }),
      "key.pem": pem("PUBLIC KEY", spki),
      "key-of-notepad.pem": Buffer.from(`\ufeff${pem("PUBLIC KEY", spki)}`, "utf16le"),
      "compressed.der": compressed,
      "compressed.pem": pem("PUBLIC KEY", compressed),
      "key.jwk": JSON.stringify({ ...pair.publicKey.export({ format: "jwk" }), kid: "a" }),
    };
    for (const [called, bytes] of Object.entries(files)) {
      const view = await open(browsers[name], `${site.origin}/`);
      await view.paste(token);
      await view.verdict("undecided");
      await drop(view.page, called, bytes);
      await until(async () => (await valueOf(view.page, "pasted-keys")) !== "", `${called} arrives`);
      const valid = () => view.page.$$eval("#checks > *", (rows) => rows.some(({ dataset }) => dataset.code === "signature.valid"));
      await until(valid, `${called} verifies`, 20);
      assert.equal(await valueOf(view.page, "input"), token, called);
      assert.deepEqual(view.found, { errors: [], violations: [] }, called);
      await view.page.close();
    }
  });

  test(`${name}: a key store is answered with the command that takes the key out`, async () => {
    const forms = {
      "keys_foreign/pkcs12-openssl": ["keys.pkcs-12", /openssl pkcs12 -in store\.p12 -clcerts -nokeys/],
      "keys_foreign/keytool-jks": ["keys.java-key-store", /keytool -exportcert -rfc/],
    };
    for (const [path, [code, command]] of Object.entries(forms)) {
      const view = await open(browsers[name], `${site.origin}/`);
      await view.paste(token);
      await drop(view.page, "store", Buffer.from(await corpus(path), "base64"));
      const said = () => view.page.$$eval(`#sec-keys [data-code="${code}"]`, (rows) => rows.map(({ textContent }) => textContent).join());
      await until(async () => command.test(await said()), `${code} is said`, 20);
      assert.deepEqual(view.found, { errors: [], violations: [] });
      await view.page.close();
    }
  });

  test(`${name}: a token in a file of UTF-16 is a token, and a key without one shows in the large field`, async () => {
    const view = await open(browsers[name], `${site.origin}/`);
    await drop(view.page, "token.txt", Buffer.from(`\ufeff${token}`, "utf16le"));
    await view.verdict("undecided");
    assert.equal(await valueOf(view.page, "input"), token);
    assert.equal(await valueOf(view.page, "pasted-keys"), "");
    await view.page.close();

    const other = await open(browsers[name], `${site.origin}/`);
    await drop(other.page, "key.der", spki);
    await until(async () => (await valueOf(other.page, "input")) !== "", "the key arrives");
    assert.equal(await valueOf(other.page, "pasted-keys"), await valueOf(other.page, "input"));
    await other.paste(token);
    const valid = () => other.page.$$eval("#checks > *", (rows) => rows.some(({ dataset }) => dataset.code === "signature.valid"));
    await until(valid, "the key that was there verifies", 20);
    assert.deepEqual(other.found, { errors: [], violations: [] });
    await other.page.close();
  });

  test(`${name}: a text with a token and a key in it stays a text`, async () => {
    const view = await open(browsers[name], `${site.origin}/`);
    await drop(view.page, "notes.txt", `${pem("PUBLIC KEY", spki)}\n${token}\n`);
    await view.verdict("undecided");
    assert.match(await valueOf(view.page, "input"), /BEGIN PUBLIC KEY/);
    assert.equal(await valueOf(view.page, "pasted-keys"), "");
    await view.page.close();
  });

  test(`${name}: a private key of bytes signs in the Create view`, async () => {
    const view = await open(browsers[name], `${site.origin}/#create`);
    await view.page.waitForSelector("#create[data-ready]");
    await drop(view.page, "private.p8", pair.privateKey.export({ format: "der", type: "pkcs8" }));
    await until(async () => (await valueOf(view.page, "create-key")) !== "", "the key arrives");
    const headline = () => view.page.$eval("#create-headline", ({ textContent }) => textContent);
    await until(async () => /Signed/.test(await headline()), "a token is made", 20).catch(async () => assert.fail(await headline()));
    assert.deepEqual(view.found, { errors: [], violations: [] });
    await view.page.close();
  });
}
