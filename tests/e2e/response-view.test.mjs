// The Response view as a person uses it: a failing answer in, secrets hidden at once, what it means and what to do out; the
// search, the cards and the pages beside it; and nothing that a server wrote becomes anything but text.

import assert from "node:assert/strict";
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

const encode = (value) => Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");

/** A token of the default authorization server that runs until 14:00, and of no use anywhere. */
function token(claims = {}) {
  const payload = {
    ver: 1, iss: "https://dev-1234.okta.com/oauth2/default", aud: "api://default", iat: 1795179600, exp: 1795183200,
    cid: "0oaexample1client", uid: "00uexample1user", scp: ["openid", "orders.read"], sub: "jane.doe@example.com", ...claims,
  };
  return `${encode({ alg: "RS256", kid: "example" })}.${encode(payload)}.${encode("a signature of no meaning, sixty-four bytes long as RS256 has it")}`;
}

/** What curl -v writes about a request with that token which lacks a scope. */
function lacksScope(sent, more = "") {
  return [
    "> POST /v1/orders HTTP/1.1",
    "> Host: api.example.com",
    `> Authorization: Bearer ${sent}`,
    ">",
    "< HTTP/1.1 403 Forbidden",
    "< Date: Fri, 20 Nov 2026 13:41:07 GMT",
    `< WWW-Authenticate: Bearer realm="orders", error="insufficient_scope", error_description="orders.write is required${more}", scope="orders.write"`,
    "< Content-Length: 0",
    "<",
  ].join("\n");
}

/** Opens the page in the Response view. */
async function openResponse(browser, fragment = "#response", options) {
  const view = await open(browser, `${site.origin}/${fragment}`, options);
  const { page } = view;
  await page.waitForSelector("#response[data-ready]");
  const later = [];
  page.on("request", (request) => {
    // Browsers ask for the page's own icon when they like, and Firefox tells of what stands in its own style sheets.
    if (!request.url().startsWith("data:") && !request.url().endsWith("/icons/icon.svg")) later.push(`${request.method()} ${request.url()}`);
  });
  const text = (selector) => page.$eval(selector, ({ textContent }) => textContent.replace(/\s+/g, " ").trim());
  const shown = (selector) => page.$eval(selector, (element) => element.checkVisibility());
  return {
    ...view,
    later,
    text,
    shown,
    value: (id) => page.$eval(`#${id}`, ({ value }) => value),
    verdict: () => page.$eval("#response-verdict", ({ dataset }) => dataset.verdict),
    press: (selector) => page.evaluate((pressed) => document.querySelector(pressed).click(), selector),
    focused: () => page.evaluate(() => document.activeElement.id),
    /** Everything that the view shows, fields included, as one text. */
    everything: () => page.$eval("#response", (view) => view.textContent + [...view.querySelectorAll("textarea, input")].map(({ value }) => value).join("\n")),
    /** Ends the use of the view. `loaded` are files of the page's own which it was to load meanwhile. */
    async ends(loaded = []) {
      assert.deepEqual(view.found, { errors: [], violations: [] });
      const expected = loaded.map((file) => `GET ${site.origin}/${file}`);
      assert.deepEqual(later.sort(), expected, "nothing else is asked for while the view is used");
      assert.equal(await text("#ledger-text"), "Nothing sent");
      await page.close();
    },
  };
}

for (const name of ["Chromium", "Firefox"]) {
  test(`${name}: what curl -v wrote: the token is hidden at once and moved to its part, the missing scope is named`, async () => {
    const view = await openResponse(browsers[name]);
    const sent = token();
    const parts = sent.split(".");
    await view.fill("response-text", lacksScope(sent));
    const pasted = await view.value("response-text");
    assert.match(pasted, /Authorization: Bearer \[access token 1\]/);
    assert.match(pasted, /insufficient_scope/, "what is no secret stays");
    const everything = await view.everything();
    for (const part of parts.slice(1)) assert.ok(!everything.includes(part), "no part of it is shown");
    assert.match(await view.text("#response-hiding"), /^Hidden: 1 access token/);
    assert.equal(await view.text("#response-token-what"), "Access token");
    assert.match(await view.text("#response-token-about"), /dev-1234\.okta\.com .*2 scopes .*14:00:00 UTC.* found in what was pasted/);
    assert.equal(await view.shown("#response-token"), false, "the field of the token gives way to the line about it");

    assert.equal(await view.verdict(), "rejected");
    assert.match(await view.text("#response-headline"), /403.*orders\.write/);
    assert.equal(await view.page.title(), "403 · Response · Tokenscope");
    const scopes = await view.page.$$eval("#response-scopes tr", (rows) => rows.map(({ children }) => [...children].map(({ textContent }) => textContent.trim()).join(" ")));
    assert.equal(scopes[0], "orders.write no yes Missing");
    assert.ok(scopes.includes("orders.read yes no Granted"), scopes.join(", "));
    const tags = await view.page.$$eval("#response-findings .tag", (found) => found.map(({ textContent }) => textContent));
    assert.ok(tags.includes("Proved") && tags.includes("Stated by server"), tags.join(", "));
    assert.match(await view.text("#response-challenges"), /Bearer.*realm="orders".*error="insufficient_scope".*scope="orders\.write"/);
    assert.equal(await view.text("#response-challenges mark"), "insufficient_scope");
    assert.ok((await view.page.$$("#response-steps > li")).length > 0, "there is something to do");
    const checkup = await view.page.$$eval("#response-checkup > li", (rows) => rows.map(({ dataset, className }) => [dataset.key, className]));
    assert.deepEqual(checkup.map(([key]) => key), ["connectivity", "rate-limits", "payload", "expiry", "scopes", "issuer-audience", "introspection", "service-status"]);
    assert.equal(Object.fromEntries(checkup).scopes, "fail");
    await until(async () => /orders\.write/.test(await view.text("#announcer")), "the headline is read out");
    await view.ends();
  });

  test(`${name}: hidden values are shown when asked for, removed, and taken to Inspect`, async () => {
    const view = await openResponse(browsers[name]);
    const sent = token();
    await view.fill("response-text", lacksScope(sent));
    await view.press("#response-show");
    assert.ok((await view.value("response-text")).includes(sent));
    assert.equal(await view.text("#response-show-text"), "Hide");
    await view.press("#response-show");
    assert.ok(!(await view.value("response-text")).includes(sent));
    await view.press("#response-token-show");
    assert.equal(await view.page.$eval("#response-token-text", ({ textContent }) => textContent), sent);
    assert.equal(await view.page.$$eval("#response-token-text .sh, #response-token-text .sp, #response-token-text .ss", ({ length }) => length), 3);
    await view.press("#response-token-show");
    assert.ok(!(await view.everything()).includes(sent));

    await view.press("#response-token-inspect");
    await until(() => view.page.$eval("#input", ({ value }, given) => value === given, sent), "the token is inspected");
    assert.equal(view.page.url(), `${site.origin}/#inspect`);
    await view.press(".views [data-view=response]");
    await until(() => view.shown("#response-token-remove"), "the view is as it was");
    await view.press("#response-token-remove");
    assert.equal(await view.shown("#response-token"), true, "the field is there again");
    assert.ok(!(await view.value("response-text")).includes("[access token 1]"));
    assert.equal(await view.focused(), "response-token");

    // A token in its own field, and what is typed in a field and left.
    await view.fill("response-token", `Authorization: Bearer ${sent}`);
    assert.equal(await view.value("response-token"), "");
    assert.equal(await view.text("#response-token-what"), "Access token");
    assert.equal(await view.focused(), "response-token-show", "the focus is not lost with the field");
    await view.page.focus("#response-request");
    await view.page.keyboard.type("GET https://api.example.com/?access_token=made-up-secret-123");
    assert.match(await view.value("response-request"), /made-up-secret-123/, "nothing changes under the fingers");
    await view.page.focus("#response-text");
    await until(async () => /access_token=\[access token \d\]$/.test(await view.value("response-request")), "it is hidden when the field is left");

    await view.press("#forget");
    assert.deepEqual([await view.value("response-text"), await view.value("response-request")], ["", ""]);
    assert.equal(await view.shown("#response-hiding"), false);
    assert.equal(await view.shown("#response-token-held"), false);
    assert.equal(await view.verdict(), "none");
    await view.ends(["lacking.js", "tokenscope_why.js", "tokenscope_why_bg.wasm"]);
  });

  test(`${name}: pasted beside the fields, dropped as a file, cleared and brought back`, async () => {
    const view = await openResponse(browsers[name]);
    const { page } = view;
    await page.evaluate((given) => {
      document.activeElement.blur();
      const data = new DataTransfer();
      data.setData("text/plain", given);
      document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, dataType: "text/plain", data: given, bubbles: true, cancelable: true }));
    }, lacksScope(token()));
    await until(async () => (await view.verdict()) === "rejected", "it is explained");
    assert.match(await view.value("response-text"), /\[access token 1\]/);
    await view.press("#response-clear");
    assert.equal(await view.value("response-text"), "");
    assert.equal(await view.shown("#response-greeting"), true);
    await view.press("#response-undo");
    assert.match(await view.value("response-text"), /\[access token 1\]/);
    assert.equal(await view.verdict(), "rejected");
    assert.equal(await view.text("#response-token-what"), "Access token", "what was hidden is still known");
    await page.evaluate(() => {
      const data = new DataTransfer();
      data.items.add(new File(['HTTP/2 401\ndate: Fri, 20 Nov 2026 13:41:07 GMT\nwww-authenticate: Bearer error="invalid_token"\n'], "answer.txt"));
      document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
    });
    await until(async () => /^HTTP\/2 401/.test(await view.value("response-text")), "the file is read");
    assert.equal(await view.shown("#response-hiding"), false, "what was hidden before is gone with its text");
    await view.ends();
  });

  test(`${name}: every example is explained, and holds what it says`, async () => {
    const view = await openResponse(browsers[name]);
    const examples = await view.page.$$eval("[data-response=example]", (buttons) => buttons.map(({ dataset }) => dataset.value));
    assert.ok(examples.length >= 6);
    for (const example of examples) {
      await view.press(`[data-response=example][data-value=${example}]`);
      const headline = await view.text("#response-headline");
      assert.notEqual(await view.verdict(), "none", `${example}: ${headline}`);
      assert.ok((await view.page.$$("#response-findings > li")).length > 0, `${example} has findings`);
      assert.ok((await view.page.$$("#response-steps > li")).length > 0, `${example} has steps`);
      assert.equal(await view.focused(), "response-headline");
      assert.equal(await view.shown("#response-token-held"), ["scope", "expired", "role"].includes(example), `${example}: the token`);
      if (["redirect", "authorize"].includes(example)) assert.equal(await view.shown("#response-registered-part"), true, example);
    }
    // The last one differs from what is registered by a slash at its end.
    assert.equal(await view.text("#response-findings .diff del"), "/");
    await view.ends();
  });

  test(`${name}: a search answers each keystroke; cards and pages lead to one another and back`, async () => {
    const view = await openResponse(browsers[name]);
    const { page } = view;
    const times = [];
    for (const query of ["E0000047", "okta.users.manage", "AADSTS50011", "invalid_grant", "expired"]) {
      for (let length = 1; length <= query.length; length += 1) {
        times.push(await page.evaluate(async (typed) => {
          const field = document.getElementById("response-search");
          const begun = performance.now();
          field.value = typed;
          field.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertText" }));
          document.getElementById("response-hits").getBoundingClientRect(); // Laid out, which comes before painting.
          const ready = performance.now() - begun;
          await new Promise((painted) => requestAnimationFrame(() => setTimeout(painted)));
          return { ready, painted: performance.now() - begun };
        }, query.slice(0, length)));
      }
      assert.match(await view.text("#response-hits li"), new RegExp(query.replace(/\W/g, "\\$&"), "i"), `${query} is found first`);
      assert.match(await view.text("#response-found"), /result/);
    }
    const sorted = (key) => times.map((time) => time[key]).sort((one, other) => one - other);
    const at = (list, share) => list[Math.min(list.length - 1, Math.floor(list.length * share))].toFixed(1);
    for (const key of ["ready", "painted"]) {
      const list = sorted(key);
      console.log(`${name}: keystroke to results ${key}: median ${at(list, 0.5)} ms, 95 % ${at(list, 0.95)} ms, most ${at(list, 1)} ms`);
    }
    assert.ok(Number(at(sorted("ready"), 0.95)) < 100, "results are there before the next keystroke");

    await view.fill("response-search", "zzzzzz no such thing");
    assert.equal(await view.text("#response-found"), "Nothing found");
    assert.equal(await view.shown("#response-none"), true);

    // From the results to a card, on to a page that has it, on to another card, and all the way back.
    await view.fill("response-search", "E0000006");
    await page.focus("#response-search");
    await page.keyboard.press("Enter");
    assert.match(await view.text("#response-article-title"), /^E0000006/);
    assert.equal(await view.focused(), "response-article-title");
    assert.match(await view.text("#response-article-body"), /Status ?403/);
    assert.match(await view.text("#response-article-body"), /Source.*\d{4}-\d{2}/, "with its source and date");
    await view.press('#response-article-body [data-value^="page 403"]');
    const page403 = await view.text("#response-article-title");
    assert.ok((await page.$$("#response-article-body .branches > li")).length > 2, page403);
    assert.equal(await view.text("#response-back-text"), "Back to E0000006");
    await view.press("#response-article-body .branches [data-response=open]");
    assert.equal(await view.text("#response-back-text"), "Back to 403");
    await view.press("#response-back");
    assert.equal(await view.text("#response-article-title"), page403);
    await view.press("#response-back");
    await view.press("#response-back");
    assert.equal(await view.text("#response-back-text"), "Back to the start");
    await view.press("#response-back");
    assert.equal(await view.shown("#response-greeting"), true);
    assert.equal(await view.value("response-search"), "");

    // A scope, and an operation that needs it.
    await view.fill("response-search", "okta.users.read");
    await view.press('#response-hits [data-value="scope okta.users.read"]');
    assert.equal(await view.text("#response-article-title"), "okta.users.read");
    await view.press('#response-article-body [data-value^="operation GET /api/v1/users"]');
    assert.match(await view.text("#response-article-title"), /^GET \/api\/v1\/users/);
    assert.match(await view.text("#response-article-body"), /okta\.users\.read/);
    assert.match(await view.text("#response-article-body"), /SSWS|OAuth/);
    await view.ends();
  });

  test(`${name}: pages and cards have addresses, and need no case`, async () => {
    for (const key of ["401", "403", "429", "500"]) {
      const view = await openResponse(browsers[name], `#response?page=${key}`);
      await until(() => view.shown("#response-article-title"), "the page is shown");
      assert.match(await view.text("#response-article-title"), new RegExp(key));
      assert.ok((await view.text("#response-article-body")).length > 500, "there is something to read");
      assert.equal(view.page.url(), `${site.origin}/#response`);
      assert.equal(await view.focused(), "response-article-title");
      await view.ends();
    }
    const view = await openResponse(browsers[name], "#response?code=okta.E0000047");
    await until(async () => /^E0000047/.test(await view.text("#response-article-title")), "the card is shown");
    await view.page.evaluate(() => { location.hash = "#response?search=E0000011"; });
    await until(async () => /E0000011/.test(await view.text("#response-hits")), "the results are shown");
    await view.page.evaluate(() => { location.hash = "#response?code=no.such.code"; });
    await until(async () => /no\.such\.code/.test(await view.text("#response-list-title")), "what is not known is looked for");
    // The links of the view lead to the pages, too.
    await view.press("#response-page-links a");
    await until(() => view.shown("#response-article-title"), "a page is shown");
    // A text brings the explanation back.
    await view.fill("response-text", lacksScope(token()));
    assert.equal(await view.shown("#response-headline"), true);
    assert.equal(await view.verdict(), "rejected");
    await view.ends();
  });

  test(`${name}: what is not to the point is not shown, and what is cut says so`, async () => {
    const view = await openResponse(browsers[name]);
    const sent = token();
    await view.fill("response-text", lacksScope(sent));
    assert.match(await view.text("#response-token-about"), /expires Fri 20 Nov 2026, 14:00:00 UTC, 18 min 53 s after the answer/);
    assert.equal(await view.shown("#response-sec-scopes"), true);
    await view.fill("response-text", lacksScope(token({ exp: 1795181400 })));
    assert.match(await view.text("#response-token-about"), /expired Fri 20 Nov 2026, 13:30:00 UTC, 11 min 7 s before the answer/);
    // Nothing asks for a scope here, so those of the token do not matter.
    await view.fill("response-text", `> GET /v1/orders HTTP/1.1\n> Host: api.example.com\n> Authorization: Bearer ${sent}\n>\n< HTTP/1.1 401 Unauthorized\n< WWW-Authenticate: Bearer error="invalid_token"\n<`);
    assert.equal(await view.shown("#response-sec-scopes"), false);
    assert.match(await view.text("#response-token-about"), /by this computer’s clock/, "no time of the answer is known");
    assert.ok(!/okta-diag/.test(await view.text("#response-checkup")));

    const parameters = Array.from({ length: 60 }, (_, number) => `p${number}="v"`).join(", ");
    await view.fill("response-text", `HTTP/1.1 401 Unauthorized\n${Array.from({ length: 25 }, (_, number) => `WWW-Authenticate: Scheme${number} ${parameters}`).join("\n")}\n`);
    assert.equal(await view.text("#response-challenges-more"), "and 5 more");
    assert.equal(await view.text("#response-challenges dl:first-child > :last-child dt"), "and 10 more");
    await view.fill("response-text", lacksScope(sent));
    assert.equal(await view.text("#response-challenges-more"), "");
    await view.ends();
  });

  test(`${name}: a mark that was damaged or cut out and comes back finds its value; another text ends that`, async () => {
    const view = await openResponse(browsers[name]);
    const sent = token();
    await view.fill("response-text", lacksScope(sent));
    const masked = await view.value("response-text");
    const about = await view.text("#response-token-about");
    for (const damaged of [masked.replace("token 1]", ""), masked.replace("[access token 1]", ""), ""]) {
      await view.fill("response-text", damaged);
      assert.equal(await view.shown("#response-hiding"), false, "no mark is left");
      assert.equal(await view.shown("#response-token-held"), false, "nor is half a mark a token");
      await view.fill("response-text", masked);
      assert.match(await view.text("#response-hiding"), /^Hidden: 1 access token/);
      assert.equal(await view.text("#response-token-about"), about);
    }
    await view.fill("response-text", "HTTP/1.1 401 Unauthorized\n");
    await view.fill("response-text", masked);
    assert.equal(await view.shown("#response-token-held"), false, "what was hidden in the text before is forgotten");
    // A text that is shorter than the one in its place is pasted, too, and what is secret in it hidden.
    await view.fill("response-text", "POST /token HTTP/1.1\n\nclient_id=app&client_secret=made-up-secret");
    assert.match(await view.value("response-text"), /client_secret=\[client secret 1\]/);
    // A token that is typed stays in its field until that is left.
    const typed = "eyJhbGciOiJSUzI1NiJ9.e30.AAAA";
    await view.page.focus("#response-token");
    await view.page.keyboard.type(typed);
    assert.equal(await view.value("response-token"), typed);
    await view.page.keyboard.press("Tab");
    await until(() => view.shown("#response-token-held"), "the token is taken");
    assert.equal(await view.focused(), "response-request", "and the focus goes on to the next one");
    assert.equal(await view.value("response-token"), "");
    await view.ends();
  });

  test(`${name}: of a text that is too long the beginning is kept and looked at, and that is said`, async () => {
    const view = await openResponse(browsers[name]);
    const sent = token();
    const line = `2026-11-20T13:41:07Z Authorization: Bearer ${sent} status=200\n`;
    const long = `${lacksScope(sent)}\n${line.repeat(Math.ceil((2 * 1024 * 1024) / line.length))}`;
    // Without a driver's detour through the browser's own editing, which takes seconds for such a text.
    const spent = await view.page.evaluate((text) => {
      const field = document.getElementById("response-text");
      field.value = text;
      const begun = performance.now();
      field.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertFromPaste" }));
      return performance.now() - begun;
    }, long);
    console.log(`${name}: 2 MiB are handled in ${spent.toFixed(0)} ms`);
    assert.match(await view.text("#response-notice"), /longer than 512 KiB/);
    assert.match(await view.text("#response-headline"), /orders\.write/, "its beginning is explained");
    const kept = await view.value("response-text");
    assert.ok(kept.length > 1000 && kept.length <= 512 * 1024);
    assert.match(kept, /\[access token 2\]$/, "no line is cut");
    for (const part of sent.split(".").slice(1)) assert.ok(!kept.includes(part), "nothing secret is left");
    await view.fill("response-text", lacksScope(sent));
    assert.equal(await view.shown("#response-notice"), false);
    await view.ends();
  });

  test(`${name}: Back and Forward go through cards and pages, and they are there after the page is loaded anew`, async () => {
    const view = await openResponse(browsers[name]);
    const { page } = view;
    const title = () => page.$eval("#response-known", (known) => (known.checkVisibility() ? document.getElementById("response-article-title").textContent : null));
    const go = async (steps, wanted) => {
      await page.evaluate((count) => history.go(count), steps);
      await until(async () => (wanted ? wanted.test((await title()) ?? "") : (await title()) === null), `${steps}: ${wanted}`);
    };
    await page.evaluate(() => { location.hash = "#response?page=403"; });
    await until(async () => /^403/.test((await title()) ?? ""), "the page is shown");
    await view.press("#response-article-body .branches [data-response=open]");
    const card = await title();
    const isCard = new RegExp(card.replace(/\W/g, "\\$&"));
    await go(-1, /^403/);
    await until(async () => (await view.focused()) === "response-article-title", "the heading has the focus");
    await go(1, isCard);
    assert.equal(await view.text("#response-back-text"), "Back to 403");
    await go(-2, null);
    await go(2, isCard);
    assert.equal(page.url(), `${site.origin}/#response`);

    await page.reload();
    await page.waitForSelector("#response[data-ready]");
    await until(async () => (await title()) === card, "the card is there again");
    view.later.length = 0; // The page itself.
    await view.press("#response-back");
    assert.match(await title(), /^403/);
    // To another view and back again: what was read is still there.
    await page.evaluate(() => { location.hash = "#cors"; });
    await until(() => view.shown("#cors-text"), "the other view is shown");
    await page.evaluate(() => history.back());
    await until(async () => /^403/.test((await title()) ?? ""), "the page is shown");
    // A text takes the place of what is read, and Back brings that again.
    await view.fill("response-text", lacksScope(token()));
    assert.equal(await title(), null);
    await go(-1, /^403/);
    await go(1, null);
    assert.equal(await view.verdict(), "rejected");
    assert.ok(!(await page.evaluate(() => String(history.state))).includes("orders"), "nothing of the text is in the history");
    await page.close();
  });

  test(`${name}: Inspect, CORS and a HAR file hand over the answer that they hold`, async () => {
    const sent = token();
    const refused = 'HTTP/1.1 403 Forbidden\nDate: Fri, 20 Nov 2026 13:41:07 GMT\nWWW-Authenticate: Bearer error="insufficient_scope", scope="orders.write"\n';
    const arrived = async (view) => {
      await until(() => view.page.evaluate(() => document.documentElement.dataset.view === "response" && document.getElementById("response").dataset.ready !== undefined), "the view is shown");
      await until(async () => /^403: the token/.test(await view.text("#response-headline")), "the answer is explained");
      assert.equal(view.page.url(), `${site.origin}/#response`);
    };
    const opened = async (fragment) => {
      const view = await open(browsers[name], `${site.origin}/${fragment}`);
      const { page } = view;
      return {
        ...view,
        text: (selector) => page.$eval(selector, ({ textContent }) => textContent.replace(/\s+/g, " ").trim()),
        shown: (selector) => page.$eval(selector, (element) => element.checkVisibility()),
        click: (selector) => page.evaluate((pressed) => document.querySelector(pressed).click(), selector),
      };
    };

    const inspect = await opened("");
    await inspect.paste(refused);
    await until(() => inspect.shown("#to-response"), "Inspect says what it holds");
    assert.match(await inspect.text("#to-response"), /holds the answer of a server that says no/);
    await inspect.click("#to-response [data-carry=response]");
    await arrived(inspect);
    await inspect.page.evaluate(() => history.back());
    await until(() => inspect.shown("#input"), "Back leads to Inspect");
    await inspect.page.close();

    const cors = await opened("#cors");
    await cors.page.waitForSelector("#cors[data-ready]");
    await cors.fill("cors-text", refused);
    await until(() => cors.shown("#cors-respond"), "the CORS view offers it");
    await cors.click("#cors-respond");
    await arrived(cors);
    await cors.page.close();

    const header = (entry) => Object.entries(entry).map(([key, value]) => ({ name: key, value }));
    const har = {
      log: {
        version: "1.2", creator: { name: "WebInspector", version: "537.36" }, pages: [],
        entries: [{
          startedDateTime: "2026-11-20T13:41:07.000Z", time: 40,
          request: { method: "POST", url: "https://api.example.com/v1/orders", httpVersion: "HTTP/1.1", cookies: [], queryString: [], headersSize: -1, bodySize: 0, headers: header({ Host: "api.example.com", Authorization: `Bearer ${sent}` }) },
          response: { status: 403, statusText: "Forbidden", httpVersion: "HTTP/1.1", cookies: [], redirectURL: "", headersSize: -1, bodySize: 0, content: { size: 0, mimeType: "text/plain" }, headers: header({ Date: "Fri, 20 Nov 2026 13:41:07 GMT", "WWW-Authenticate": 'Bearer error="insufficient_scope", scope="orders.write"' }) },
          cache: {}, timings: { send: 1, wait: 38, receive: 1 },
        }],
      },
    };
    const recording = await opened("#response");
    await recording.page.waitForSelector("#response[data-ready]");
    await recording.page.evaluate((text) => {
      const data = new DataTransfer();
      data.items.add(new File([text], "session.har"));
      document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
    }, JSON.stringify(har));
    await until(() => recording.page.$("[data-cors=har-respond]"), "the recording has a request that was refused");
    await recording.click("[data-cors=har-respond]");
    await arrived(recording);
    assert.equal(await recording.text("#response-token-what"), "Access token", "the token of the request came along");
    const scopes = await recording.text("#response-scopes");
    assert.match(scopes, /orders\.write ?no ?yes ?Missing/, scopes);
    const everything = await recording.page.$eval("#response", (part) => part.textContent + [...part.querySelectorAll("textarea")].map(({ value }) => value).join("\n"));
    for (const part of sent.split(".").slice(1)) assert.ok(!everything.includes(part), "and is hidden");
    assert.deepEqual(recording.found, { errors: [], violations: [] });
    await recording.page.close();
  });

  test(`${name}: what servers wrote is text, whatever they wrote`, async () => {
    const view = await openResponse(browsers[name]);
    const { page } = view;
    const markup = "<img src=x onerror=alert(1)>";
    const backwards = "\u202Etxet\u202C\u2066x\u2069\u200B";
    const texts = [
      lacksScope(token(), ` ${markup} ${backwards}`),
      `HTTP/2 403\ndate: Fri, 20 Nov 2026 13:41:07 GMT\nserver: ${markup}\nx-okta-request-id: ${markup}${backwards}\ncontent-type: application/json\n\n${JSON.stringify({ errorCode: "E0000006", errorSummary: `${markup}${backwards}`, errorId: markup, errorCauses: [{ errorSummary: markup }] })}`,
      `HTTP/2 401\nwww-authenticate: ${markup} ${backwards}="${markup}", error="${markup}"\n`,
      `https://app.example/callback?error=${encodeURIComponent(markup)}&error_description=${encodeURIComponent(markup + backwards)}&error_uri=javascript:alert(1)`,
      `HTTP/1.1 502 Bad Gateway\ncontent-type: text/html\n\n<html><head><title>${markup}</title></head><body>${markup}<script>alert(1)</script></body></html>`,
      `${"[".repeat(200_000)}`,
      `HTTP/2 401\nwww-authenticate: Bearer ${"a=b, ".repeat(20_000)}\n`,
      token({ iss: `https://${markup}`, scp: [markup, backwards, ...Array.from({ length: 3000 }, (_, number) => `scope.${number}`)] }),
    ];
    for (const text of texts) {
      await view.fill("response-text", text);
      const found = await page.$eval("#response", (element) => ({
        markup: element.querySelectorAll("img, script, iframe, [onerror]").length,
        links: [...element.querySelectorAll("a[href]")].map((link) => link.protocol).filter((protocol) => !/^https?:$/.test(protocol)),
        directions: /[\u202a-\u202e\u2066-\u2069\u200b]/.test(element.querySelector("#response-results").innerText),
        sideways: document.documentElement.scrollWidth > innerWidth,
      }));
      assert.deepEqual(found, { markup: 0, links: [], directions: false, sideways: false }, text.slice(0, 80));
    }
    await view.fill("response-search", `${markup}${backwards}`);
    assert.match(await view.text("#response-list-title"), /<img src=x onerror=alert\(1\)>/);
    assert.equal(await page.$eval("#response", (element) => element.querySelectorAll("img").length), 0);
    await view.ends();
  });

  test(`${name}: the main path by keyboard alone`, async () => {
    const view = await openResponse(browsers[name]);
    const { page } = view;
    const tabTo = async (what, fits, key = "Tab") => {
      for (let presses = 0; presses < 90; presses += 1) {
        if (await page.evaluate(fits)) return;
        if (key === "Shift+Tab") await page.keyboard.down("Shift");
        await page.keyboard.press("Tab");
        if (key === "Shift+Tab") await page.keyboard.up("Shift");
        assert.ok(await page.evaluate(() => document.activeElement.matches("body, :focus-visible")), "the focus can be seen");
      }
      assert.fail(`the focus never came to ${what}`);
    };
    assert.equal(await view.focused(), "response-text", "one can paste at once");
    await page.keyboard.type('HTTP/2 403\nwww-authenticate: Bearer error="insufficient_scope", scope="orders.write"\n');
    await until(async () => (await view.verdict()) === "rejected", "the verdict is there");
    await tabTo("the token", () => document.activeElement.id === "response-token");
    await page.keyboard.type("abc");
    assert.equal(await view.value("response-token"), "abc", "typing goes on in the field");
    await page.keyboard.press("Backspace");
    await page.keyboard.press("Backspace");
    await page.keyboard.press("Backspace");
    await tabTo("the request", () => document.activeElement.id === "response-request");
    await page.keyboard.type("GET https://api.example.com/orders");
    await tabTo("the search", () => document.activeElement.id === "response-search");
    await page.keyboard.type("E0000006");
    await page.keyboard.press("Enter");
    assert.match(await view.text("#response-article-title"), /^E0000006/);
    await page.keyboard.press("Escape");
    assert.equal(await view.focused(), "response-headline", "back at the explanation");
    assert.equal(await view.verdict(), "rejected");
    await tabTo("the report", () => document.activeElement.id === "response-copy-report");
    await tabTo("a finding", () => document.activeElement.matches("#response-findings summary"));
    const isOpen = () => page.evaluate(() => document.activeElement.closest("details").open);
    const before = await isOpen();
    await page.keyboard.press("Enter");
    assert.equal(await isOpen(), !before);
    await tabTo("a copy button", () => document.activeElement.matches("[data-response=copy]"));

    // Single keys: to the search, to the text, and away with the text; all of it can be switched off.
    await page.keyboard.press("s");
    assert.equal(await view.focused(), "response-search");
    assert.equal(await view.value("response-search"), "");
    await page.keyboard.press("Escape");
    await page.keyboard.press("/");
    assert.equal(await view.focused(), "response-text");
    await page.keyboard.press("Escape");
    await page.evaluate(() => { document.getElementById("single-keys").checked = false; });
    await page.keyboard.press("s");
    assert.notEqual(await view.focused(), "response-search");
    await page.evaluate(() => { document.getElementById("single-keys").checked = true; });
    await page.keyboard.press("Escape");
    assert.equal(await view.value("response-text"), "");
    await view.ends();
  });
}

test("Chromium: what is copied is what is shown, and neither report nor ticket holds a secret", async () => {
  const context = await browsers.Chromium.newContext();
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: site.origin });
  const view = await openResponse(context);
  const sent = token();
  const copied = async (selector) => {
    await view.page.evaluate(() => navigator.clipboard.writeText(""));
    await view.press(selector);
    await until(() => view.page.$eval(selector, ({ classList }) => classList.contains("said")), "it says so");
    assert.equal(await view.page.$eval(`${selector} [data-said]`, ({ textContent }) => textContent), "Copied");
    return view.page.evaluate(() => navigator.clipboard.readText());
  };
  await view.fill("response-text", lacksScope(sent));
  assert.equal(await copied("#response-ticket-copy"), await view.page.$eval("#response-ticket", ({ textContent }) => textContent));
  assert.equal(await copied("#response-checkup [data-response=copy]"), await view.page.$eval("#response-checkup pre", ({ textContent }) => textContent));
  await view.page.evaluate(() => document.activeElement.blur());
  const report = await copied("#response-copy-report");
  assert.match(report, /^# .*orders\.write/);
  assert.match(report, /## What is known\n[^]*## Next steps/);
  for (const text of [report, await view.text("#response-ticket"), await view.text("#response-commands"), await view.text("#response-checkup")]) {
    for (const part of sent.split(".")) assert.ok(!text.includes(part), "no part of the token");
  }
  await view.page.evaluate(() => navigator.clipboard.writeText(""));
  await view.page.keyboard.press("c");
  await until(async () => (await view.page.evaluate(() => navigator.clipboard.readText())) === report, "the key copies the report");
  await view.ends();
  await context.close();
});
