// How long the page keeps the browser busy at a stretch: the longest task on the main thread from a paste until all is
// known, by a trace of the browser. A part of script/bench; by itself: node script/lib/tasks.mjs [RUNS] [PART OF A NAME]

import { createHmac, generateKeyPairSync, sign as signBytes } from "node:crypto";
import { loadavg } from "node:os";
import { pathToFileURL } from "node:url";
import { chromium, serve } from "../../tests/e2e/lib/harness.mjs";
import { traced } from "../../tests/e2e/lib/trace.mjs";

/** Prints a line for each case: the longest task on the clock and in time of the thread, and how many tasks were over 50 ms. */
export async function longestTasks(browser, origin, runs, wanted = "") {
  const width = 46;
  console.log(`\n${"longest task from paste until all is known".padEnd(width)}${"thread ms".padStart(12)}${"clock ms".padStart(10)}${"over 50".padStart(9)}${"tasks".padStart(7)}${"throttled 4x: thread ms".padStart(26)}`);
  console.log(`  best of ${runs} runs, in brackets the median; load ${loadavg()[0].toFixed(1)}`);
  for (const [name, example] of Object.entries(cases()).filter(([name]) => name.includes(wanted))) {
    const plain = [];
    for (let run = 0; run < runs; run += 1) plain.push(await measure(browser, origin, example));
    const slow = await measure(browser, origin, example, 4);
    const best = (member) => Math.min(...plain.map((one) => one[member]));
    const cell = (member) => `${best(member).toFixed(0)} [${median(plain.map((one) => one[member])).toFixed(0)}]`;
    console.log(`  ${name.padEnd(width - 2)}${cell("thread").padStart(12)}${cell("clock").padStart(10)}${String(best("long")).padStart(9)}${String(best("count")).padStart(7)}${`${slow.thread.toFixed(0)} [${slow.clock.toFixed(0)}]`.padStart(26)}`);
    if (process.env.TOKENSCOPE_TASKS) for (const task of plain[0].tasks.filter(({ thread }) => thread > Number(process.env.TOKENSCOPE_TASKS))) console.log("     ", JSON.stringify(task));
  }
}

/** Pastes the text of a case once all is loaded and compiled, and resolves with what the trace says of the main thread. */
async function measure(browser, origin, { text, field, value, compare, cold }, throttling = 1) {
  const page = await browser.newPage();
  await page.goto(cold ? origin : `${origin}/#token=${other}`);
  if (cold) await page.evaluate(() => import("./boot.js"));
  else await page.locator("#sec-kind:not([hidden]), #sec-server:not([hidden])").first().waitFor();
  await page.evaluate(([id, given, second]) => {
    if (id) document.getElementById(id).value = given;
    if (second) {
      document.getElementById("compare").click();
      document.getElementById("compare-text").value = second;
    }
  }, [field, value, compare]);
  await page.waitForTimeout(400);
  const session = await page.context().newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate: throttling });
  const { tasks } = await traced(browser, page, async () => {
    await page.evaluate((pasted) => {
      const input = document.getElementById("input");
      input.value = pasted;
      input.dispatchEvent(new Event("input", { bubbles: true }));
    }, text);
    await settled(page);
  });
  await page.close();
  const most = (member) => Math.max(0, ...tasks.map((task) => task[member]));
  return { thread: most("thread"), clock: most("clock"), long: tasks.filter(({ thread }) => thread > 50).length, count: tasks.length, tasks };
}

/** Waits until the page has not changed for a while, the drawing of its times aside. */
function settled(page) {
  return page.evaluate(async () => {
    const clock = "#timeline, #timeline-note, #as-of, #counts";
    let changed = performance.now();
    const began = changed;
    new MutationObserver((list) => {
      if (list.some(({ target }) => !(target.closest ?? target.parentElement?.closest)?.call(target.closest ? target : target.parentElement, clock))) changed = performance.now();
    }).observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
    const waits = () => /Looking for the cause/.test(document.getElementById("doctor").textContent) && document.getElementById("sec-doctor").checkVisibility();
    while (performance.now() - began < 15_000 && (performance.now() - changed < 700 || waits())) await new Promise((done) => setTimeout(done, 100));
  });
}

const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const signed = (header, payload, sign) => {
  const text = `${encode(header)}.${encode(payload)}`;
  return `${text}.${sign(text).toString("base64url")}`;
};
const hmac = (secret) => (text) => createHmac("sha256", secret).update(text).digest();
const claims = { iss: "https://issuer.example", aud: "api://orders", sub: "1", exp: 4_000_000_000 };
const other = signed({ alg: "HS256" }, { ...claims, sub: "2", scope: "openid" }, hmac("a secret of the bench"));

/** Ordinary tokens, each with what makes its signature fail or not; then large ones. */
function cases() {
  const secret = "a secret of the bench";
  const rsa = () => generateKeyPairSync("rsa", { modulusLength: 2048 });
  const elliptic = () => generateKeyPairSync("ec", { namedCurve: "P-256" });
  const jwk = ({ publicKey }, kid) => ({ ...publicKey.export({ format: "jwk" }), kid });
  const rs256 = (pair) => (text) => signBytes("sha256", Buffer.from(text), pair.privateKey);
  const es256 = (pair) => (text) => signBytes("sha256", Buffer.from(text), { key: pair.privateKey, dsaEncoding: "ieee-p1363" });
  const own = rsa();
  const curve = elliptic();
  const set = JSON.stringify({ keys: Array.from({ length: 24 }, (_, number) => jwk(rsa(), `k${number}`)) });
  const access = { ...claims, client_id: "orders-app", scope: "orders.read orders.write", iat: 1_795_000_000, jti: "a1" };
  const good = signed({ alg: "RS256", kid: "k", typ: "at+jwt" }, access, rs256(own));
  const [header, , signature] = good.split(".");
  const altered = [header, encode({ ...access, sub: "admin" }), signature].join(".");
  const expired = { iss: "https://dev-1234.okta.com/oauth2/default", aud: "orders-app", sub: "00u1", nonce: "n", auth_time: 1_700_000_000, iat: 1_700_000_000, exp: 1_700_003_600, amr: ["pwd"], idp: "00o1", ver: 1, jti: "ID.1", at_hash: "x" };
  const grouped = (count, name = "group") => ({ ...access, groups: Array.from({ length: count }, (_, number) => `${name}-${number}-of-a-directory`.slice(0, count > 2000 ? 10 : 25)) });
  const hs = (payload, key = secret) => signed({ alg: "HS256" }, payload, hmac(key));
  const ten = Array.from({ length: 10 }, (_, number) => hs({ ...access, sub: `user-${number}` }, number % 2 ? secret : "another one")).join("\n");
  const withSecret = { field: "secret", value: secret };
  const withKey = { field: "pasted-keys", value: JSON.stringify(jwk(own, "k")) };
  return {
    "HS256, wrong secret": { ...withSecret, text: hs(access, "another one") },
    "HS256, wrong secret, first token of a page": { ...withSecret, cold: true, text: hs(access, "another one") },
    "HS256, secret that lost its line break": { ...withSecret, text: hs(access, `${secret}\n`) },
    "RS256, changed after signing, right key": { ...withKey, text: altered },
    "RS256, 24 keys, none of which fits": { field: "pasted-keys", value: set, text: signed({ alg: "RS256", kid: "other" }, access, rs256(own)) },
    "ES256, wrong key": { field: "pasted-keys", value: JSON.stringify(jwk(elliptic(), "k")), text: signed({ alg: "ES256", kid: "k" }, access, es256(curve)) },
    "RS256, valid access token": { ...withKey, text: good },
    "ID token, expired, no key": { text: signed({ alg: "RS256", kid: "k" }, expired, rs256(own)) },
    "50 KB, 1,400 groups, valid": { ...withSecret, text: hs(grouped(1400)) },
    "50 KB, 1,400 groups, wrong secret": { ...withSecret, text: hs(grouped(1400), "another one") },
    "4,000 groups, wrong secret": { ...withSecret, text: hs(grouped(4000), "another one") },
    "4,000 groups, valid": { ...withSecret, text: hs(grouped(4000)) },
    "ten tokens, five with another secret": { ...withSecret, text: ten },
    "a second token to compare": { ...withSecret, text: hs(access), compare: hs({ ...access, exp: 1_700_003_600 }) },
    "1,400 groups, a second such to compare": { ...withSecret, text: hs(grouped(1400)), compare: hs(grouped(1400, "other")) },
  };
}

function median(values) {
  const sorted = [...values].sort((one, another) => one - another);
  return sorted[sorted.length >> 1];
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const site = await serve();
  const browser = await chromium();
  await longestTasks(browser, site.origin, Number(process.argv[2] ?? 3), process.argv[3]);
  await browser.close();
  await site.close();
}
