// Every operation in both browsers and in Node: by WebCrypto, and what it lacks by the module that is loaded then.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { pbkdf2Sync, webcrypto } from "node:crypto";
import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { chromium, dist, firefox, root, serve } from "./lib/harness.mjs";

const bare = { type: "text/html", body: "<!doctype html><title>Another page</title>" };
const lacking = ["lacking.js", "tokenscope_crypto.js", "tokenscope_crypto_bg.wasm"];
const places = {};
let site;
let directory;

before(async () => {
  directory = await mkdtemp(join(tmpdir(), "operate-"));
  const run = promisify(execFile);
  const target = ["--target", "wasm32-unknown-unknown"];
  await run("cargo", ["build", "--locked", ...target, "--example", "operate"], { cwd: root });
  const built = join(root, "target/wasm32-unknown-unknown/debug/examples/operate.wasm");
  await run("wasm-bindgen", ["--target", "web", "--no-typescript", "--out-dir", directory, built]);
  const read = (name) => readFile(join(directory, name));
  site = await serve(dist, {
    overrides: {
      "/bare": bare,
      "/operate.js": { type: "text/javascript", body: await read("operate.js") },
      "/operate_bg.wasm": { type: "application/wasm", body: await read("operate_bg.wasm") },
    },
  });
  for (const [name, start] of Object.entries({ Chromium: chromium, Firefox: firefox })) {
    const browser = await start();
    const page = await browser.newPage();
    await page.goto(`${site.origin}/bare`);
    const call = (what, json) =>
      page.evaluate(
        async ([name, given]) => {
          const { default: init, ...module } = await import("./operate.js");
          await init();
          return module[name](given);
        },
        [what, json],
      );
    places[name] = { call, page, close: () => browser.close() };
  }
  // Node reads its modules from files.
  for (const name of lacking) await copyFile(join(dist, name), join(directory, name));
  await writeFile(join(directory, "package.json"), '{"type":"module"}');
  globalThis.crypto ??= webcrypto;
  const { default: init, ...module } = await import(pathToFileURL(join(directory, "operate.js")).href);
  await init({ module_or_path: await read("operate_bg.wasm") });
  places.Node = { call: (name, json) => module[name](json), close() {} };
});
after(async () => {
  for (const { close } of Object.values(places)) await close();
  await site?.close();
  if (directory) await rm(directory, { recursive: true });
});

const encode = (bytes) => Buffer.from(bytes).toString("base64url");
const decode = (text) => Buffer.from(text, "base64url");
const hex = (text) => encode(Buffer.from(text, "hex"));
const flipped = (text) => {
  const bytes = decode(text);
  bytes[bytes.length >> 1] ^= 4;
  return encode(bytes);
};
const material = ({ kty, crv, x, y, n, e, k, alg, pub }) =>
  ({ RSA: [kty, n, e], EC: [kty, crv, x, y], OKP: [kty, crv, x], AKP: [kty, alg, pub], oct: [kty, k] })[kty];
const privateKey = (jwk) => {
  const { kty, d, p, q, dp, dq, qi, priv } = jwk;
  const half = { RSA: [d, p, q, dp, dq, qi], EC: [d], OKP: [d], AKP: [priv], oct: [] }[kty];
  return [null, null, null, null, material(jwk), half];
};

/** Runs a test in each place, with a function that carries out an operation. */
function everywhere(title, body) {
  for (const name of ["Chromium", "Firefox", "Node"]) {
    test(`${name}: ${title}`, async () => {
      const { call } = places[name];
      const operate = async (...operation) => JSON.parse(await call("carryOut", JSON.stringify(operation)));
      const verify = async (...plan) => JSON.parse(await call("verify", JSON.stringify(plan)));
      /** The bytes of what must succeed. */
      const bytes = async (...operation) => {
        const [outcome, given] = await operate(...operation);
        assert.equal(outcome, "bytes", `${JSON.stringify(operation).slice(0, 200)}: ${given}`);
        return given;
      };
      const generate = async (...kind) => JSON.parse(decode(await bytes(...kind)));
      await body({ operate, verify, bytes, generate, name });
    });
  }
}

const curves = { "P-256": "EC", "P-384": "EC", "P-521": "EC", secp256k1: "EC", Ed25519: "OKP", Ed448: "OKP", X25519: "OKP", X448: "OKP" };
const pairs = ["ML-DSA-44", "ML-DSA-65", "ML-DSA-87"];

everywhere("keys of every kind are made, without labels", async ({ bytes, generate }) => {
  for (const [curve, type] of Object.entries(curves)) {
    const jwk = await generate("generate-curve", curve);
    assert.deepEqual(Object.keys(jwk).sort(), type === "EC" ? ["crv", "d", "kty", "x", "y"] : ["crv", "d", "kty", "x"]);
    assert.deepEqual([jwk.kty, jwk.crv], [type, curve]);
  }
  for (const name of pairs) {
    const jwk = await generate("generate-pair", name);
    assert.deepEqual(Object.keys(jwk).sort(), ["alg", "kty", "priv", "pub"]);
    assert.deepEqual([jwk.kty, jwk.alg, decode(jwk.priv).length], ["AKP", name, 32]);
  }
  const jwk = await generate("generate-rsa", "2048");
  assert.deepEqual(Object.keys(jwk).sort(), ["d", "dp", "dq", "e", "kty", "n", "p", "q", "qi"]);
  assert.deepEqual([decode(jwk.n).length, jwk.e], [256, "AQAB"]);
  assert.equal(decode(await bytes("generate-octets", "33")).length, 33);
  for (const length of [0, 1, 70_000]) assert.equal(decode(await bytes("random", "0", String(length))).length, length);
});

everywhere("what is signed verifies, with every algorithm, and nothing else does", async ({ operate, verify, bytes, generate }) => {
  const rsa = await generate("generate-rsa", "2048");
  const algorithms = { ES256: "P-256", ES384: "P-384", ES512: "P-521", ES256K: "secp256k1", Ed25519: "Ed25519", Ed448: "Ed448" };
  const keys = Object.entries(algorithms).map(([name, curve]) => [name, () => generate("generate-curve", curve)]);
  for (const curve of ["Ed25519", "Ed448"]) keys.push(["EdDSA", () => generate("generate-curve", curve)]);
  for (const name of pairs) keys.push([name, () => generate("generate-pair", name)]);
  for (const bits of [256, 384, 512]) {
    for (const kind of ["RS", "PS"]) keys.push([kind + bits, () => rsa]);
    keys.push([`HS${bits}`, () => ({ kty: "oct", k: encode(Buffer.alloc(64, 7)) })]);
  }
  const data = encode("eyJhbGciOiJ0ZXN0In0.e30");
  for (const [algorithm, make] of keys) {
    const jwk = await make();
    const signature = await bytes("sign", algorithm, privateKey(jwk), data);
    assert.deepEqual(await verify(algorithm, material(jwk), data, signature), ["valid"], algorithm);
    assert.deepEqual(await verify(algorithm, material(jwk), data, flipped(signature)), ["invalid"], algorithm);
    assert.deepEqual(await verify(algorithm, material(jwk), flipped(data), signature), ["invalid"], algorithm);
  }
  const empty = [null, null, null, null, ["oct", ""], []];
  assert.equal((await operate("sign", "HS256", empty, data))[0], "refused", "an empty secret");
});

everywhere("RSA opens what it encrypted, with every padding", async ({ operate, bytes, generate }) => {
  const jwk = await generate("generate-rsa", "2048");
  for (const padding of ["", "SHA-1", "SHA-256", "SHA-384", "SHA-512"]) {
    const key = encode(Buffer.alloc(64, 9));
    const sealed = await bytes("rsa-encrypt", padding, material(jwk), key);
    assert.equal(await bytes("rsa-decrypt", padding, privateKey(jwk), sealed), key, padding);
    assert.deepEqual(await operate("rsa-decrypt", padding, privateKey(jwk), flipped(sealed)), ["failed"], padding);
    const longer = encode(Buffer.concat([Buffer.alloc(1), decode(sealed)]));
    assert.deepEqual(await operate("rsa-decrypt", padding, privateKey(jwk), longer), ["failed"], padding);
  }
});

everywhere("AES wraps and opens with keys of every size", async ({ operate, bytes }) => {
  const vector = encode(Buffer.alloc(12, 1));
  const block = encode(Buffer.alloc(16, 2));
  for (const size of [16, 24, 32]) {
    const key = encode(Buffer.alloc(size, 3));
    for (const length of [16, 24, 32, 48, 64]) {
      const secret = encode(Buffer.alloc(length, 4));
      const wrapped = await bytes("wrap", key, secret);
      assert.equal(decode(wrapped).length, length + 8);
      assert.equal(await bytes("unwrap", key, wrapped), secret, `${size} ${length}`);
      assert.deepEqual(await operate("unwrap", key, flipped(wrapped)), ["failed"], `${size} ${length}`);
    }
    assert.deepEqual(await operate("unwrap", key, encode(Buffer.alloc(23))), ["failed"], `${size}`);
    for (const length of [0, 1, 16, 1000]) {
      const plain = encode(Buffer.alloc(length, 5));
      for (const additional of ["", encode("eyJ9")]) {
        const sealed = decode(await bytes("gcm-encrypt", key, vector, additional, plain));
        const [cipher, tag] = [sealed.subarray(0, length), sealed.subarray(length)].map(encode);
        assert.equal(await bytes("gcm-decrypt", key, vector, additional, cipher, tag), plain, `${size} ${length}`);
        assert.deepEqual(await operate("gcm-decrypt", key, vector, additional, cipher, flipped(tag)), ["failed"]);
        assert.deepEqual(await operate("gcm-decrypt", key, vector, encode("x"), cipher, tag), ["failed"]);
      }
      const sealed = await bytes("cbc-encrypt", key, block, plain);
      assert.equal(await bytes("cbc-decrypt", key, block, sealed), plain, `${size} ${length}`);
    }
    assert.deepEqual(await operate("cbc-decrypt", key, block, encode(Buffer.alloc(15))), ["failed"]);
    assert.deepEqual(await operate("cbc-decrypt", key, block, encode(Buffer.alloc(32, 6))), ["failed"]);
  }
  // RFC 3394 §4.2
  const kek = hex("000102030405060708090a0b0c0d0e0f1011121314151617");
  const wrapped = hex("96778b25ae6ca435f92b5b97c050aed2468ab8a17ad84e5d");
  assert.equal(await bytes("wrap", kek, hex("00112233445566778899aabbccddeeff")), wrapped);
  const outcome = await operate("wrap", encode(Buffer.alloc(20)), block);
  assert.equal(outcome[0], "refused", "no size of AES");
});

everywhere("both sides agree on every curve", async ({ operate, bytes, generate }) => {
  for (const [curve, length] of Object.entries({ "P-256": 32, "P-384": 48, "P-521": 66, X25519: 32, X448: 56 })) {
    const [one, other] = [await generate("generate-curve", curve), await generate("generate-curve", curve)];
    const secret = await bytes("agree", privateKey(one), material(other));
    assert.equal(await bytes("agree", privateKey(other), material(one)), secret, curve);
    assert.equal(decode(secret).length, length, curve);
    if (!curve.startsWith("X")) continue;
    const low = ["OKP", curve, encode(Buffer.alloc(length))];
    assert.equal((await operate("agree", privateKey(one), low))[0], "refused", `${curve}: a point of low order`);
  }
});

everywhere("passwords give what they give in Node", async ({ bytes }) => {
  for (const hash of ["SHA-1", "SHA-256", "SHA-384", "SHA-512"]) {
    for (const [password, salt, length] of [["passwd", "salt", 64], ["", "salt", 16], ["ä", "", 24]]) {
      const expected = encode(pbkdf2Sync(password, salt, 1000, length, hash.replace("-", "")));
      const given = await bytes("derive", hash, encode(password), encode(salt), "1000", String(length));
      assert.equal(given, expected, `${hash} "${password}"`);
    }
  }
});

test("what a browser has loads nothing; what it lacks is loaded once, and asked for again after a failure", async () => {
  const browser = await chromium();
  try {
    const page = await browser.newPage();
    const asked = [];
    let broken = true;
    await page.route("**/tokenscope_crypto*", async (route) => {
      asked.push(new URL(route.request().url()).pathname);
      if (broken) await route.abort();
      else await route.continue();
    });
    await page.goto(`${site.origin}/bare`);
    const operate = async (...operation) =>
      JSON.parse(
        await page.evaluate(async (given) => {
          const { default: init, carryOut } = await import("./operate.js");
          await init();
          return carryOut(given);
        }, JSON.stringify(operation)),
      );
    const [key, block] = [16, 24].map((size) => encode(Buffer.alloc(size, 1)));
    assert.equal((await operate("wrap", key, block))[0], "bytes");
    assert.deepEqual(asked, [], "128 bits need no other module");
    assert.deepEqual(await operate("wrap", block, block), ["unavailable"]);
    assert.deepEqual(asked, ["/tokenscope_crypto.js"]);
    broken = false;
    assert.equal((await operate("wrap", block, block))[0], "bytes");
    assert.equal((await operate("generate-curve", "X448"))[0], "bytes");
    assert.deepEqual(asked.slice(1), ["/tokenscope_crypto.js", "/tokenscope_crypto_bg.wasm"]);
    // In a worker there is no window.
    const outcome = await page.evaluate(async (given) => {
      const code = `
        import init, { carryOut } from "${location.origin}/operate.js";
        await init();
        onmessage = async ({ data }) => postMessage(await carryOut(data));
        postMessage("ready");`;
      const worker = new Worker(URL.createObjectURL(new Blob([code], { type: "text/javascript" })), { type: "module" });
      const answer = () => new Promise((done, fail) => { worker.onmessage = ({ data }) => done(data); worker.onerror = ({ message }) => fail(new Error(message)); });
      await answer();
      worker.postMessage(given);
      return answer();
    }, JSON.stringify(["wrap", block, block]));
    assert.equal(JSON.parse(outcome)[0], "bytes");
  } finally {
    await browser.close();
  }
});
