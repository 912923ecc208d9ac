// What npm jose and PyPI jwcrypto make, we open; what we make, they open: every pair of algorithms, with fresh keys.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { random, serve } from "./harness.mjs";
import { generate, peers } from "./peers.mjs";

const oct = (size) => ({ kty: "oct", size });
const ec = (crv) => ({ kty: "EC", crv });
const okp = (crv) => ({ kty: "OKP", crv });
const akp = (alg) => ({ kty: "AKP", alg });
const rsa = { kty: "RSA", size: 2048 };

/** Signature algorithms, with the kinds of key that each is tried with. */
const signing = [
  ["HS256", oct(256)], ["HS384", oct(384)], ["HS512", oct(512)],
  ["RS256", rsa], ["RS384", rsa], ["RS512", rsa], ["PS256", rsa], ["PS384", rsa], ["PS512", rsa],
  ["ES256", ec("P-256")], ["ES384", ec("P-384")], ["ES512", ec("P-521")], ["ES256K", ec("secp256k1")],
  ["EdDSA", okp("Ed25519")], ["Ed25519", okp("Ed25519")], ["Ed448", okp("Ed448")], ["EdDSA", okp("Ed448")],
  ["ML-DSA-44", akp("ML-DSA-44")], ["ML-DSA-65", akp("ML-DSA-65")], ["ML-DSA-87", akp("ML-DSA-87")],
];

const agreement = [ec("P-256"), ec("P-384"), ec("P-521"), okp("X25519"), okp("X448")];
const password = "made-up passphrase, ünïcode";
/** Algorithms of key management, with the kinds of key that each is tried with. */
const managing = [
  ["dir", "of enc"], ["A128KW", oct(128)], ["A192KW", oct(192)], ["A256KW", oct(256)],
  ["A128GCMKW", oct(128)], ["A192GCMKW", oct(192)], ["A256GCMKW", oct(256)],
  ["RSA1_5", rsa], ["RSA-OAEP", rsa], ["RSA-OAEP-256", rsa], ["RSA-OAEP-384", rsa], ["RSA-OAEP-512", rsa],
  ...["ECDH-ES", "ECDH-ES+A128KW", "ECDH-ES+A192KW", "ECDH-ES+A256KW"].flatMap((alg) => agreement.map((kind) => [alg, kind])),
  ["PBES2-HS256+A128KW", password], ["PBES2-HS384+A192KW", password], ["PBES2-HS512+A256KW", password],
];
const content = { "A128CBC-HS256": 256, "A192CBC-HS384": 384, "A256CBC-HS512": 512, A128GCM: 128, A192GCM: 192, A256GCM: 256 };

const generator = random();
const keys = new Map();

/** So many fresh keys of each kind. */
async function makeKeys(cases) {
  const kinds = new Map([...signing, ...managing].map(([, kind]) => [name(kind), kind]).filter(([, kind]) => typeof kind === "object"));
  for (const size of Object.values(content)) kinds.set(name(oct(size)), oct(size));
  const wanted = [...kinds].flatMap(([, kind]) => Array.from({ length: cases }, () => kind));
  const made = await generate(wanted);
  wanted.forEach((kind, number) => keys.set(name(kind), [...(keys.get(name(kind)) ?? []), made[number]]));
}

function name(kind) {
  return typeof kind === "string" ? kind : [kind.kty, kind.crv ?? kind.alg ?? kind.size].join(" ");
}

/** Whether an implementation has an algorithm, and the curve of its key. */
function has(peer, alg, kind) {
  return !peers[peer].lacks.includes(alg) && !peers[peer].lacks.includes(kind.crv);
}

function claims() {
  const claims = { iss: "https://issuer.example", sub: generator.text(generator.below(20)), number: generator.below(1 << 30) };
  if (generator.below(2)) claims["длинное имя"] = Array.from({ length: generator.below(20) }, () => generator.text(5));
  return JSON.stringify(claims).replaceAll(/[\ud800-\udfff]/g, "?");
}

/** So many cases of each pair: a header, a payload, and the keys for both sides. */
function plan(cases) {
  const plan = [];
  const add = (kind, alg, enc, number) => {
    const pair = typeof kind === "string" ? { private: kind, public: kind } : keys.get(name(kind))[number];
    const header = { alg, ...(enc && { enc }), ...(generator.below(2) && { kid: `key ${number}` }) };
    if (enc && generator.below(4) === 0) header.zip = "DEF";
    plan.push({
      name: [alg, enc, name(kind)].filter(Boolean).join(" "), alg, kind, encrypted: Boolean(enc),
      header: JSON.stringify(header), payload: claims(),
      // What we advise for passwords takes most of a second a token: the first case has it, the others have fewer rounds.
      ours: JSON.stringify(number > 0 && alg.startsWith("PBES2") ? { ...header, p2c: 1000 + generator.below(4000) } : header),
      secret: pair.private, shared: pair.public ?? pair.private,
    });
  };
  for (let number = 0; number < cases; number += 1) {
    for (const [alg, kind] of signing) add(kind, alg, null, number);
    for (const [alg, kind] of managing) {
      for (const [enc, size] of Object.entries(content)) add(kind === "of enc" ? oct(size) : kind, alg, enc, number);
    }
  }
  return plan;
}

/** Gives a page what does one thing with each of many, a few at a time, because most of each is waiting. */
function lanes() {
  globalThis.inLanes = async (items, does) => {
    const answers = [];
    const lane = async (first) => {
      for (let at = first; at < items.length; at += 4) answers[at] = await does(items[at]);
    };
    await Promise.all([0, 1, 2, 3].map(lane));
    return answers;
  };
}

/** Hands orders over in batches: drivers give up on what takes minutes. */
async function inBatches(page, orders, does) {
  await page.evaluate(lanes);
  const answers = [];
  for (let at = 0; at < orders.length; at += 200) {
    answers.push(...(await page.evaluate(does, orders.slice(at, at + 200))));
  }
  return answers;
}

/** Opens tokens with what the page is made of: the text of each, or what was said instead. */
async function weOpen(page, orders) {
  return inBatches(page, orders, async (orders) => {
    const { default: init, inspect } = await import("./tokenscope.js");
    await init();
    return inLanes(orders, async ({ token, key, encrypted }) => {
      const options = typeof key === "string" ? { secret: key } : { keys: JSON.stringify(key) };
      const report = await inspect(token, options);
      const [found] = report.tokens;
      const { status } = encrypted ? found.decryption ?? {} : found.signature;
      if (status === (encrypted ? "decrypted" : "valid")) return encrypted ? found.decryption.text : null;
      return `refused: ${status}: ${found.findings.slice(0, 3).map(({ code }) => code).join(" ")}`;
    });
  });
}

/** Makes tokens with what the page is made of. */
async function weMake(page, orders) {
  return inBatches(page, orders, async (orders) => {
    const { default: init, sign, encrypt } = await import("./tokenscope.js");
    await init();
    return inLanes(orders, ({ header, payload, key, encrypted }) => {
      const given = typeof key === "string" ? { secret: key } : JSON.stringify(key);
      return (encrypted ? encrypt : sign)(header, payload, given).catch((error) => `refused: ${error.message}`);
    });
  });
}

function tally(t, what, plan, wrong) {
  const pairs = new Set(plan.map(({ name }) => name));
  t.diagnostic(`${what}: ${plan.length} tokens of ${pairs.size} pairs, ${wrong.length} wrong`);
  for (const line of wrong.slice(0, 20)) t.diagnostic(`  ${line}`);
  assert.deepEqual(wrong, []);
}

/** Registers the tests of one browser: its name, how to start it, and how many cases each pair has. */
export function bothWays(browser, start, cases) {
  let started;
  let site;
  before(async () => {
    site = await serve();
    started = await start();
    await makeKeys(cases);
  });
  after(async () => {
    await started?.close();
    await site?.close();
  });

  for (const peer of Object.keys(peers)) {
    test(`${browser}: what ${peer} makes we open`, async (t) => {
      const all = plan(cases).filter(({ alg, kind }) => has(peer, alg, kind));
      const tokens = await peers[peer].answer(all.map(({ header, payload, secret, shared, encrypted }) =>
        ({ do: encrypted ? "encrypt" : "sign", header, payload, key: encrypted ? shared : secret })));
      const page = await started.newPage();
      await page.goto(`${site.origin}/`);
      const opened = await weOpen(page, all.map(({ secret, shared, encrypted }, number) =>
        ({ token: tokens[number], key: encrypted ? secret : shared, encrypted })));
      const wrong = all.map((one, number) => {
        if (tokens[number].startsWith("refused")) return `${one.name}: ${peer} makes none: ${tokens[number]}`;
        const right = one.encrypted ? opened[number] === one.payload : opened[number] === null;
        return right ? null : `${one.name}: ${opened[number]}`;
      });
      tally(t, `${peer} → ${browser}`, all, wrong.filter(Boolean));
      await page.close();
    });

    test(`${browser}: what we make ${peer} opens`, async (t) => {
      const all = plan(cases).filter(({ alg, kind }) => has(peer, alg, kind));
      const page = await started.newPage();
      await page.goto(`${site.origin}/`);
      const tokens = await weMake(page, all.map(({ ours, payload, secret, shared, encrypted }) =>
        ({ header: ours, payload, key: encrypted ? shared : secret, encrypted })));
      const opened = await peers[peer].answer(all.map(({ secret, shared, encrypted }, number) =>
        ({ do: encrypted ? "decrypt" : "verify", token: tokens[number], key: encrypted ? secret : shared })));
      const wrong = all.map((one, number) => {
        if (tokens[number].startsWith("refused")) return `${one.name}: we make none: ${tokens[number]}`;
        return opened[number] === one.payload ? null : `${one.name}: ${opened[number]}`;
      });
      tally(t, `${browser} → ${peer}`, all, wrong.filter(Boolean));
      await page.close();
    });
  }
}

/** Registers the test that none of the pairs is left out. */
export function leavesNoneOut() {
  test("every pair of algorithms is known to one of the two at least", () => {
    for (const [alg, kind] of [...signing, ...managing]) {
      assert.ok(Object.keys(peers).some((peer) => has(peer, alg, kind)), alg);
    }
  });
}
