// Random tokens, one in three damaged in a random way, for comparing what the page says of their signatures with what
// npm jose says of them in the same browser. The seed fixes what is made and damaged; keys are new each run.

import { createHash, createHmac, generateKeyPairSync } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { CompactSign, importJWK } from "jose";
import { random, root } from "./harness.mjs";

const curves = { ES256: "P-256", ES384: "P-384", ES512: "P-521" };
export const algorithms = [
  "HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519",
];

/** Where the page finds npm jose: every file of its browser build, as overrides for the static server. */
export async function joseFiles() {
  const directory = join(root, "node_modules/jose/dist/webapi");
  const names = (await readdir(directory, { recursive: true })).filter((name) => name.endsWith(".js"));
  const files = names.map(async (name) => [`/jose/${name}`, { type: "text/javascript", body: await readFile(join(directory, name)) }]);
  return Object.fromEntries(await Promise.all(files));
}

/** Two keys for each algorithm: the one that signs, and another one. `[private JWK, public JWK]` each. */
export async function makeKeys(generator) {
  const keys = {};
  const named = { RS: rsaPair(), PS: rsaPair() };
  for (const algorithm of algorithms) {
    const family = algorithm.slice(0, 2);
    keys[algorithm] = [0, 1].map((number) => {
      if (family === "HS") {
        const secret = { kty: "oct", k: Buffer.from(generator.bytes(32 + generator.below(64))).toString("base64url") };
        return [secret, secret];
      }
      if (named[family]) return named[family][number];
      return family === "ES" ? pair("ec", { namedCurve: curves[algorithm] }) : pair("ed25519");
    });
  }
  return keys;
}

/**
 * Makes `count` tokens: `{ token, algorithm, damage, key, secret }`. `damage` is null or the name of what was done,
 * `key` a JWK as it would be pasted.
 */
export async function makeTokens(count, seed, keys) {
  const first = seed ?? Number(process.env.TOKENSCOPE_SEED ?? 20261120);
  keys ??= await makeKeys(random(first));
  const signers = Object.fromEntries(await Promise.all(algorithms.flatMap((algorithm) =>
    keys[algorithm].map(async ([own], number) => [`${algorithm} ${number}`, await importJWK(own, algorithm)]))));
  const made = [];
  for (let number = 0; number < count; number += 1) {
    // One generator for each token: signatures differ from run to run, and what can be done to one changes what is drawn.
    const generator = random(first + number * 7919);
    const algorithm = generator.pick(algorithms);
    const kid = generator.below(2) ? `key-${generator.below(1000)}` : undefined;
    const header = { alg: algorithm, ...(generator.below(2) && { typ: "JWT" }), ...(kid && { kid }) };
    const payload = new TextEncoder().encode(JSON.stringify(somePayload(generator)));
    const token = await new CompactSign(payload).setProtectedHeader(header).sign(signers[`${algorithm} 0`]);
    const labelled = (jwk) => ({ ...jwk, ...(generator.below(2) && { alg: algorithm }), ...(kid && generator.below(2) && { kid }) });
    const item = { token, algorithm, damage: null, key: labelled(keys[algorithm][0][1]) };
    if (generator.below(3) === 0) damage(item, generator, keys, labelled);
    made.push(item);
  }
  return made;
}

function rsaPair() {
  return [0, 1].map(() => pair("rsa", { modulusLength: 2048 }));
}

function pair(type, options) {
  const { privateKey, publicKey } = generateKeyPairSync(type, options);
  return [privateKey.export({ format: "jwk" }), publicKey.export({ format: "jwk" })];
}

function somePayload(generator) {
  const payload = { iss: "https://issuer.example", sub: generator.text(1 + generator.below(20)), exp: 4_000_000_000 };
  // Characters of one to four bytes, so that parts of every length and every last character come up.
  for (let left = generator.below(4); left > 0; left -= 1) {
    payload[generator.text(3)] = generator.pick([generator.below(1e9), "ä€😀", [1, "x"], { a: null }, generator.text(generator.below(40))]);
  }
  return payload;
}

const url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const encode = (bytes) => Buffer.from(bytes).toString("base64url");
const decode = (text) => Buffer.from(text, "base64url");

/** Whether a part is written as its bytes demand: RFC 4648 §5, without padding, and nothing else in it. */
export function isCanonical(part) {
  return encode(decode(part)) === part;
}

/** Each takes the three parts and gives the new text, or null where it is not possible. */
const damages = {
  "a bit of a part's bytes": (parts, generator) => {
    const at = generator.below(3);
    const bytes = decode(parts[at]);
    if (bytes.length === 0) return null;
    bytes[generator.below(bytes.length)] ^= 1 << generator.below(8);
    return parts.with(at, encode(bytes)).join(".");
  },
  "a bit of a part's text": (parts, generator) => {
    const at = generator.below(3);
    const place = generator.below(parts[at].length);
    const code = parts[at].charCodeAt(place) ^ (1 << generator.below(7));
    return parts.with(at, parts[at].slice(0, place) + String.fromCharCode(code) + parts[at].slice(place + 1)).join(".");
  },
  "a character of a part": (parts, generator) => {
    const at = generator.below(3);
    const place = generator.below(parts[at].length);
    return parts.with(at, parts[at].slice(0, place) + generator.pick([...url]) + parts[at].slice(place + 1)).join(".");
  },
  "cut at the end": (parts, generator) => parts.join(".").slice(0, -1 - generator.below(20)),
  "cut at the beginning": (parts, generator) => parts.join(".").slice(1 + generator.below(20)),
  "cut in the middle": (parts, generator) => {
    const at = generator.below(3);
    const place = generator.below(parts[at].length);
    return parts.with(at, parts[at].slice(0, place) + parts[at].slice(place + 1 + generator.below(8))).join(".");
  },
  "parts swapped": (parts, generator) => {
    const [first, second] = generator.pick([[0, 1], [0, 2], [1, 2]]);
    return parts.with(first, parts[second]).with(second, parts[first]).join(".");
  },
  "a part left out": (parts, generator) => parts.toSpliced(generator.below(3), 1).join("."),
  "a part emptied": (parts, generator) => parts.with(generator.below(3), "").join("."),
  "a part twice": (parts, generator) => {
    const at = generator.below(3);
    return parts.toSpliced(at, 0, parts[at]).join(".");
  },
  "another algorithm": (parts, generator) => {
    const header = JSON.parse(decode(parts[0]));
    const others = [...algorithms, "none", "ES256K", "rs256", "HS1", ""].filter((name) => name !== header.alg);
    return parts.with(0, encode(JSON.stringify({ ...header, alg: generator.pick(others) }))).join(".");
  },
  "padding": (parts, generator) => {
    const at = generator.below(3);
    return parts.with(at, parts[at] + "=".repeat((4 - (parts[at].length % 4)) % 4 || 1 + generator.below(2))).join(".");
  },
  "stray bits": (parts, generator) => {
    const able = [0, 1, 2].filter((at) => parts[at].length % 4 !== 0);
    if (able.length === 0) return null;
    const at = generator.pick(able);
    const free = parts[at].length % 4 === 2 ? 16 : 4;
    const last = url.indexOf(parts[at].at(-1));
    return parts.with(at, parts[at].slice(0, -1) + url[last - (last % free) + 1 + generator.below(free - 1)]).join(".");
  },
  "the standard alphabet": (parts, generator) => {
    const able = [0, 1, 2].filter((at) => /[-_]/.test(parts[at]));
    if (able.length === 0) return null;
    const at = generator.pick(able);
    return parts.with(at, parts[at].replaceAll("-", "+").replaceAll("_", "/")).join(".");
  },
  "white space": (parts, generator) => {
    const token = parts.join(".");
    const place = generator.below(token.length + 1);
    return token.slice(0, place) + generator.pick([" ", "\n", "\r\n", "\t", "\n  "]) + token.slice(place);
  },
  "a character of no alphabet": (parts, generator) => {
    const at = generator.below(3);
    const place = generator.below(parts[at].length + 1);
    return parts.with(at, parts[at].slice(0, place) + generator.pick(["!", "*", "é", "%", "~", "\u200b"]) + parts[at].slice(place)).join(".");
  },
  "a DER signature": (parts, generator) => {
    const bytes = decode(parts[2]);
    const half = bytes.length / 2;
    const integer = (part) => [2, part.length + 1, 0, ...part];
    const body = [...integer(bytes.subarray(0, half)), ...integer(bytes.subarray(half))];
    return parts.with(2, encode([0x30, ...(body.length > 127 ? [0x81] : []), body.length & 0xff, ...body])).join(".");
  },
  "zeros for a signature": (parts) => parts.with(2, encode(Buffer.alloc(decode(parts[2]).length))).join("."),
  "a longer signature": (parts, generator) => parts.with(2, encode([...decode(parts[2]), ...generator.bytes(1 + generator.below(3))])).join("."),
  "the public key as a secret": (parts, _generator, item) => {
    // The oldest trick: HS256 with what everyone knows of the public key.
    const header = { ...JSON.parse(decode(parts[0])), alg: "HS256" };
    const signed = `${encode(JSON.stringify(header))}.${parts[1]}`;
    return `${signed}.${createHmac("sha256", JSON.stringify(item.key)).update(signed).digest("base64url")}`;
  },
  "a hash for a signature": (parts) => parts.with(2, createHash("sha256").update(`${parts[0]}.${parts[1]}`).digest("base64url")).join("."),
};

function damage(item, generator, keys, labelled) {
  const names = [...Object.keys(damages), "another key", "a key of another algorithm"];
  for (;;) {
    const name = generator.pick(names);
    if (name === "another key") {
      item.key = labelled(keys[item.algorithm][1][1]);
    } else if (name === "a key of another algorithm") {
      const other = generator.pick(algorithms.filter((algorithm) => algorithm !== item.algorithm));
      item.key = labelled(keys[other][0][1]);
    } else {
      const text = damages[name](item.token.split("."), generator, item);
      if (text === null || text === item.token) continue;
      item.token = text;
    }
    item.damage = name;
    return;
  }
}

/**
 * Asks both in the page, and resolves with `{ status, codes, read, pieces, jose, joseOfRead }` for each token: our status,
 * the characters that we took for the token, and whether jose verifies all that was pasted, and those characters.
 */
function compare(page, items) {
  return page.evaluate(async (given) => {
    const { default: init, inspect } = await import("./tokenscope.js");
    const { compactVerify } = await import("./jose/index.js");
    await init();
    const verifies = (token, key) => compactVerify(token, key).then(() => true, () => false);
    const answers = [];
    for (const { token, key } of given) {
      const report = await inspect(token, { keys: JSON.stringify(key) });
      const [first] = report.tokens;
      const read = first ? first.pieces.map(({ start, end }) => token.slice(start, end)).join("") : null;
      const jose = await verifies(token, key);
      answers.push({
        version: report.version,
        status: first?.signature.status ?? "no token",
        codes: [...report.findings, ...(first?.findings ?? [])].map(({ code }) => code),
        read,
        pieces: first?.pieces ?? [],
        jose,
        joseOfRead: read === null || read === token ? jose : await verifies(read, key),
      });
    }
    return answers;
  }, items);
}

/**
 * Judges one answer: "same" where ours equals jose's; "non-canonical" where jose accepts what base64url does not allow;
 * "left out" where jose refuses the text, but not the token in it that we read; or else "different".
 */
export function judge(item, answer) {
  const ours = answer.status === "valid";
  if (ours === answer.jose) return "same";
  if (!ours) return item.token.split(".").every(isCanonical) ? "different" : "non-canonical";
  return answer.read !== item.token && answer.joseOfRead ? "left out" : "different";
}

/**
 * What was left out of the text around and inside a token, which is not for jose to know: null for nothing, or whether it
 * is "named" in the report, as text around the token or as white space inside of it, or "hidden", which must never be.
 */
export function leftOut(item, answer) {
  if (answer.read === null || answer.read === item.token) return null;
  const { pieces } = answer;
  const around = item.token.slice(0, pieces[0].start) + item.token.slice(pieces.at(-1).end);
  const inside = pieces.slice(1).map(({ start }, number) => item.token.slice(pieces[number].end, start)).join("");
  if (around.trim() !== "" && !answer.codes.includes("signature.prefix")) return "hidden";
  if (pieces.length > 1 && !answer.codes.includes("signature.line-breaks")) return "hidden";
  return inside.replace(/[\s\u200b]/g, "") === "" ? "named" : "hidden";
}

/** Compares all, says in the test's output what deviates, and gives what must not be. */
export async function survey(page, items, say) {
  const answers = await compare(page, items);
  const results = items.map((item, number) => {
    const answer = answers[number];
    return { number, ...item, ...answer, kind: judge(item, answer), left: leftOut(item, answer) };
  });
  const noncanonical = results.filter(({ kind }) => kind === "non-canonical");
  const named = results.filter(({ kind }) => kind === "left out");
  const damages = new Set(items.map(({ damage }) => damage).filter(Boolean));
  const equal = results.filter(({ kind }) => kind === "same").length;
  say(`${items.length} tokens, ${items.filter(({ damage }) => damage).length} damaged in ${damages.size} ways: ${equal} verdicts equal`);
  say(`not canonical base64url, which jose accepts and we call invalid: ${noncanonical.length}`);
  for (const { number, algorithm, damage, status } of noncanonical) say(`  token ${number}, ${algorithm}, ${damage}: "${status}"`);
  say(`valid without the text around them or the white space inside, which we name and jose stumbles over: ${named.length}`);
  for (const { number, algorithm, damage, status } of named) say(`  token ${number}, ${algorithm}, ${damage}: "${status}"`);
  return {
    results,
    noncanonical,
    different: results.filter(({ kind }) => kind === "different"),
    lenient: noncanonical.filter(({ status }) => status !== "invalid"),
    hidden: results.filter(({ left }) => left === "hidden"),
    broken: results.filter(({ version }) => version !== 1),
    intact: results.filter(({ damage, status }) => damage === null && status !== "valid"),
  };
}

/** Whether both outcomes came up for each algorithm: a comparison says nothing of what never happened. */
export function missing(results) {
  return algorithms.flatMap((algorithm) => [true, false].map((verdict) => [algorithm, verdict]))
    .filter(([algorithm, verdict]) => !results.some((one) => one.algorithm === algorithm && one.jose === verdict));
}
