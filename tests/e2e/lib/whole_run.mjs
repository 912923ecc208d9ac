// A whole visit to the page, as the network log and the policy are held to it: everything a person can do, with canaries
// in every token.

import { generateKeyPairSync, randomBytes } from "node:crypto";
import * as hostile from "./hostile.mjs";
import { until } from "./harness.mjs";
import { audience, sign } from "./issuer.mjs";
import { open } from "./page.mjs";

/** A value that stands nowhere else: 32 letters and digits, fresh for each run. */
export function canary() {
  return `canary${randomBytes(13).toString("hex")}`;
}

/**
 * Visits the page and does everything: resolves with `{ found, secrets, tokens, report, urls }`. `secrets` are the
 * canaries and the typed secret by name, `tokens` all that was pasted, `report` what was copied, `urls` what may be
 * fetched besides the page's own files.
 */
export async function wholeRun(browser, site, issuer) {
  const names = ["sub", "jti", "email", "private claim", "nonce", "secret", "opaque", "broken"];
  const secrets = Object.fromEntries(names.map((name) => [name, canary()]));
  const claims = { sub: secrets.sub, jti: secrets.jti, email: `${secrets.email}@orders.example`, "https://orders.example/private": secrets["private claim"] };
  const enriched = (payload) => ({ ...payload, ...claims });
  const silent = await hostile.noCors();
  const gone = await hostile.refused();
  const view = await open(browser, `${site.origin}/`);
  const { page, found } = view;
  const tokens = new Set();
  const paste = async (text, token) => {
    tokens.add(token);
    await view.paste(text);
    await until(async () => (await view.state()).state === "found", "a token is found");
  };
  const choose = (id) => page.click(`label:has(#${id})`);
  try {
    // The examples, signed in the page.
    for (const [name, verdict] of Object.entries({ good: "accepted", expired: "rejected", audience: "rejected", tampered: "rejected", hs256: "accepted" })) {
      await view.example(name);
      await view.verdict(verdict);
      tokens.add(await page.$eval("#input", ({ value }) => value));
      await page.click("#clear");
    }
    await page.click("#forget");

    // A real token in many forms.
    const access = await issuer.mint("RS256", enriched);
    const id = await issuer.mint("ES256", (payload) => ({ ...enriched(payload), nonce: secrets.nonce }));
    const forms = [
      access, `Bearer ${access}`, `Authorization: Bearer ${access}`, `"${access}"`, access.replace(/.{64}/g, "$&\n"),
      JSON.stringify({ access_token: access, id_token: id, refresh_token: secrets.opaque, token_type: "Bearer" }, null, 2),
      `https://app.example/callback#access_token=${access}&id_token=${id}&state=x`, `https://app.example/callback?id_token=${id}`,
      `curl 'https://api.example/orders' -H 'Authorization: Bearer ${access}' -H 'Accept: application/json'`,
      `Why is ${access} refused, and ${id} not?`,
    ];
    for (const form of forms) await paste(form, access);
    tokens.add(id);
    await choose("theme-dark");
    await choose("theme-light");

    // What is expected, and the keys through CORS.
    await paste(access, access);
    await view.source("issuer");
    await view.fill("issuer", issuer.issuer);
    await view.fill("audience", audience);
    await view.fill("client-id", "orders-service");
    await view.fill("required-claims", `sub=${secrets.sub}`);
    await view.fetchKeys();
    await view.verdict("accepted");
    await view.fill("nonce", secrets.nonce);
    await paste(id, id);
    await view.verdict("accepted");
    await page.click("#fill");
    await view.fill("nonce", "");

    // What goes wrong: a changed payload, an unknown key, broken text, hosts that do not answer.
    const [header, , signature] = access.split(".");
    const changed = Buffer.from(JSON.stringify({ ...claims, aud: audience })).toString("base64url");
    await paste(`${header}.${changed}.${signature}`, `${header}.${changed}.${signature}`);
    const stranger = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "jwk" });
    const unknown = await sign({ ...claims, iss: issuer.issuer, aud: audience }, { alg: "RS256", kid: "unknown-to-all" }, stranger);
    await paste(unknown, unknown);
    await view.fetchKeys();
    await view.verdict("rejected");
    const broken = `${header}.${Buffer.from(`{"sub":"${secrets.broken}`).toString("base64url")}!.${signature}`;
    await paste(broken, broken);
    await view.paste(`no token here, but ${secrets.broken}`);
    for (const { issuer: bad } of [silent, gone]) {
      await paste(access, access);
      await view.fill("issuer", bad);
      await view.fetchKeys();
      await until(async () => (await view.state()).keys.includes("fetch.blocked-or-unreachable"), "the failure is named");
    }
    // An address with a piece of the token in it is not asked.
    await view.source("url");
    await view.fill("jwks-url", `${issuer.issuer}/${access.split(".")[1].slice(8, 40)}`);
    await page.click("#fetch").catch(() => {});
    await view.fill("jwks-url", issuer.jwksUri);
    await view.fetchKeys();

    // Keys and secrets by hand.
    await view.source("pasted");
    await view.fill("pasted-keys", JSON.stringify(stranger));
    const hmac = await sign({ ...claims, aud: audience }, { alg: "HS256" }, { kty: "oct", k: Buffer.from(secrets.secret).toString("base64url") });
    await paste(hmac, hmac);
    await view.source("secret");
    await view.fill("secret", secrets.secret);
    await until(async () => (await view.state()).codes.pass.includes("signature.valid"), "the secret verifies it");
    tokens.add(`${stranger.d}`);

    // What leaves by the clipboard is a person's own doing, and holds no token all the same.
    await page.evaluate(() => { navigator.clipboard.writeText = async (text) => { (globalThis.copied ??= []).push(text); }; });
    for (const id of ["copy-report", "share"]) await page.click(`#${id}`);
    await until(() => page.evaluate(() => globalThis.copied?.length === 2), "both were copied");
    const [report, link] = await page.evaluate(() => globalThis.copied);
    await page.keyboard.press("Escape");
    await page.keyboard.press("?");
    await page.click("#can-do summary, #can-do h2").catch(() => {});
    await page.click("#forget");
    const shared = await open(browser, link);
    await shared.page.close();
    return {
      found, secrets, report, tokens: [...tokens],
      urls: [issuer, silent, gone].flatMap(({ issuer: name }) => [`${name}/.well-known/openid-configuration`, `${name}/jwks`]),
      quiet: [silent.origin, gone.origin],
    };
  } finally {
    await page.close();
    await silent.close();
    await gone.close();
  }
}
