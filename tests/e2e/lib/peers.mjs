// Two implementations of JOSE that share nothing with ours, npm jose and PyPI jwcrypto, behind one form: a list of orders
// in, a list of answers out. An answer that begins with "refused: " is one.

import { spawn } from "node:child_process";
import { homedir } from "node:os";
import { fileURLToPath } from "node:url";
import * as jose from "jose";

const tools = process.env.TOKENSCOPE_TOOLS ?? `${homedir()}/.cache/tokenscope/tools`;
const script = fileURLToPath(new URL("jwcrypto_peer.py", import.meta.url));
const bytes = (text) => new TextEncoder().encode(text);

/** What each has. */
export const peers = {
  jose: {
    answer: (orders) => Promise.all(orders.map(joseAnswers)),
    lacks: ["ES256K", "Ed448", "RSA1_5", "X448", "ML-DSA-44", "ML-DSA-65", "ML-DSA-87"],
  },
  jwcrypto: {
    answer: jwcryptoAnswers,
    lacks: ["RSA-OAEP-384", "RSA-OAEP-512"],
  },
};

/** Fresh keys, as `{ private, public }` of JWKs; `parameters` as jwcrypto takes them. */
export async function generate(parameters) {
  const answers = await jwcryptoAnswers(parameters.map((parameters) => ({ do: "generate", parameters })));
  const refused = answers.find((answer) => typeof answer === "string");
  if (refused) throw new Error(refused);
  return answers;
}

async function jwcryptoAnswers(orders) {
  const child = spawn(`${tools}/python/bin/python`, [script], { stdio: ["pipe", "pipe", "inherit"] });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text) => (output += text));
  child.stdin.end(JSON.stringify(orders));
  const code = await new Promise((resolve, reject) => child.on("error", reject).on("close", resolve));
  if (code !== 0) throw new Error(`the Python peer ended with ${code}`);
  return JSON.parse(output);
}

async function joseAnswers(order) {
  try {
    return await does[order.do](order);
  } catch (error) {
    return `refused: ${error.name}: ${error.message}`;
  }
}

const does = {
  async sign({ header, payload, key }) {
    return new jose.CompactSign(bytes(payload)).setProtectedHeader(JSON.parse(header)).sign(await read(key, header));
  },
  async verify({ token, key }) {
    const { payload } = await jose.compactVerify(token, await read(key, token));
    return new TextDecoder().decode(payload);
  },
  async encrypt({ header, payload, key }) {
    return new jose.CompactEncrypt(bytes(payload)).setProtectedHeader(JSON.parse(header)).encrypt(await read(key, header));
  },
  async decrypt({ token, key }) {
    const algorithms = [jose.decodeProtectedHeader(token).alg];
    const options = { keyManagementAlgorithms: algorithms, maxPBES2Count: 1_000_000 };
    const { plaintext } = await jose.compactDecrypt(token, await read(key, token), options);
    return new TextDecoder().decode(plaintext);
  },
};

/** A key, imported for the algorithm of a header or of a token; a text is a password. */
async function read(key, from) {
  if (typeof key === "string") return bytes(key);
  const header = from.startsWith("{") ? JSON.parse(from) : jose.decodeProtectedHeader(from);
  return jose.importJWK(key, header.alg === "dir" ? header.enc : header.alg);
}
