// Tokens and keys of the kinds that the second look reads, made anew for each run; all of it made up.

import { createHash, createHmac, generateKeyPairSync, randomBytes, sign as signWith } from "node:crypto";
import { CompactEncrypt, GeneralEncrypt, exportJWK } from "jose";

export const secret = "made-up-secret-of-this-test-32-bytes-long";
export const password = "made up password";
export const encode = (value) => Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
export const digest = (text) => createHash("sha256").update(text).digest("base64url");
export const seconds = () => Math.floor(Date.now() / 1000);
export const claims = () => ({ iss: "https://issuer.example", sub: "user-4711", aud: "api://orders", iat: seconds() - 600, exp: seconds() + 3000 });

/** A compact token with HS256. */
export function sign(payload, header = {}, key = secret) {
  const signed = `${encode({ alg: "HS256", ...header })}.${encode(payload)}`;
  return `${signed}.${createHmac("sha256", key).update(signed).digest("base64url")}`;
}

/** A compact token with ES256, by a key of `node:crypto`. */
export function signES256(payload, header, key) {
  const signed = `${encode({ alg: "ES256", ...header })}.${encode(payload)}`;
  return `${signed}.${signWith("sha256", Buffer.from(signed), { key, dsaEncoding: "ieee-p1363" }).toString("base64url")}`;
}

/** An SD-JWT with a key-binding token, which a change of the disclosures makes one for another presentation. */
export function credential() {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const disclosures = [["salt-1", "given_name", "Ada"], ["salt-2", "address", { locality: "Town <b>x</b>", postal_code: "10115" }], ["salt-3", "DE"]].map(encode);
  const payload = {
    ...claims(), vct: "https://credentials.example/identity", _sd_alg: "sha-256",
    _sd: [digest(disclosures[0]), digest(disclosures[1]), digest("kept back"), digest("a decoy")],
    nationalities: [{ "...": digest(disclosures[2]) }, { "...": digest("another") }],
    cnf: { jwk: publicKey.export({ format: "jwk" }) },
  };
  const presented = `${[sign(payload, { typ: "dc+sd-jwt" }), ...disclosures].join("~")}~`;
  const binding = { iat: seconds() - 10, aud: "https://verifier.example", nonce: "n-1", sd_hash: digest(presented) };
  return `${presented}${signES256(binding, { typ: "kb+jwt" }, privateKey)}`;
}

/** A token whose payload stands beside it: signed as it is (RFC 7797) or in base64url. */
export function detached(payload, { unencoded = true } = {}) {
  const header = encode(unencoded ? { alg: "HS256", b64: false, crit: ["b64"] } : { alg: "HS256" });
  const input = `${header}.${unencoded ? payload : encode(payload)}`;
  return `${header}..${createHmac("sha256", secret).update(input).digest("base64url")}`;
}

/** A token in the general JSON serialisation, with a signature by each key. */
export function several(payload, keys) {
  const encoded = encode(payload);
  const signatures = keys.map(([key, header]) => {
    const protectedHeader = encode({ alg: "HS256", ...header });
    return { protected: protectedHeader, signature: createHmac("sha256", key).update(`${protectedHeader}.${encoded}`).digest("base64url") };
  });
  return JSON.stringify({ payload: encoded, signatures });
}

/** A text that is encrypted for two secrets, which are `keys`. */
export async function recipients(text) {
  const keys = [randomBytes(32), randomBytes(32)];
  const token = await new GeneralEncrypt(Buffer.from(text)).setProtectedHeader({ enc: "A256GCM" })
    .addRecipient(keys[0]).setUnprotectedHeader({ alg: "A256KW", kid: "one" })
    .addRecipient(keys[1]).setUnprotectedHeader({ alg: "A256KW", kid: "two" })
    .encrypt();
  return { token: JSON.stringify(token), keys: keys.map((key, number) => JSON.stringify({ kty: "oct", kid: ["one", "two"][number], k: key.toString("base64url") })) };
}

/** A text encrypted for an RSA key, and its private half: as a JWK, as PEM, and as PEM under [`password`]. */
export async function encrypted(text, header = {}) {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const token = await new CompactEncrypt(Buffer.from(text)).setProtectedHeader({ alg: "RSA-OAEP-256", enc: "A256GCM", ...header }).encrypt(publicKey);
  const form = { type: "pkcs8", format: "pem" };
  return { token, jwk: JSON.stringify(await exportJWK(privateKey)), pem: privateKey.export(form), locked: privateKey.export({ ...form, cipher: "aes-256-cbc", passphrase: password }) };
}

/** A DPoP proof, the access token that it is for, and the request that both stand in. */
export function proof({ ath } = {}) {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const jwk = publicKey.export({ format: "jwk" });
  const jkt = digest(JSON.stringify({ crv: jwk.crv, kty: jwk.kty, x: jwk.x, y: jwk.y }));
  const accessToken = sign({ ...claims(), cnf: { jkt } }, { typ: "at+jwt" });
  const payload = { htm: "GET", htu: "https://api.example/orders", iat: seconds() - 5, jti: "made-up-identifier-1", ath: ath ?? digest(accessToken) };
  const dpop = signES256(payload, { typ: "dpop+jwt", jwk }, privateKey);
  return { proof: dpop, accessToken, request: `GET /orders HTTP/1.1\nHost: api.example\nAuthorization: DPoP ${accessToken}\nDPoP: ${dpop}\n` };
}
