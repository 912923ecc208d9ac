// Takes the pictures of the README: docs/inspect.png, the Inspect view with an example that is meant for another
// audience; docs/why.png, the same view with a secret that lost its line break; docs/cors.png, the CORS view with an
// example of a preflight that is not answered; docs/response.png, the Response view with an example of a token that lacks
// a scope.

import { createHmac } from "node:crypto";
import { fileURLToPath } from "node:url";
import { chromium, serve } from "../../tests/e2e/lib/harness.mjs";

const picture = (name) => fileURLToPath(new URL(`../../docs/${name}.png`, import.meta.url));
const server = await serve();
const browser = await chromium();
try {
  const page = await browser.newPage({ viewport: { width: 1360, height: 900 } });
  await page.goto(server.origin);
  await page.getByText("Load an example").first().click();
  await page.getByRole("button", { name: /audience/i }).click();
  await page.locator("#verdict[data-verdict=rejected]").waitFor();
  await page.locator(".checks .st.pass").first().waitFor();
  await page.mouse.move(1350, 890);
  await page.evaluate(() => document.activeElement?.blur());
  await page.screenshot({ path: picture("inspect") });

  const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: "https://issuer.example", aud: "api://orders", sub: "orders-job", client_id: "orders-job" };
  const signed = `${encode({ alg: "HS256", typ: "at+jwt" })}.${encode({ ...claims, scope: "orders.read", iat: now - 600, exp: now + 3000, jti: "1" })}`;
  const secret = "a demonstration secret, from a file";
  await page.goto("about:blank");
  await page.goto(server.origin);
  await page.fill("#input", `Bearer ${signed}.${createHmac("sha256", `${secret}\n`).update(signed).digest("base64url")}`);
  await page.getByText("Secret", { exact: true }).first().click();
  await page.fill("#secret", secret);
  await page.locator("#sec-doctor .callout h3").waitFor();
  await page.mouse.move(1350, 890);
  await page.evaluate(() => document.activeElement?.blur());
  await page.waitForTimeout(600);
  await page.screenshot({ path: picture("why") });

  await page.goto("about:blank");
  await page.goto(`${server.origin}/#cors`);
  await page.getByRole("button", { name: /preflight without an answer/i }).click();
  await page.locator("#cors-walk .st.fail").first().waitFor();
  await page.evaluate(() => {
    document.activeElement?.blur();
    scrollTo(0, 0);
  });
  await page.screenshot({ path: picture("cors") });

  await page.goto("about:blank"); // So that nothing was sent since the page was loaded.
  await page.goto(`${server.origin}/#response`);
  await page.getByRole("button", { name: /^403, with the token/ }).click();
  await page.locator("#response-scopes .st.fail").first().waitFor();
  await page.evaluate(() => {
    document.activeElement?.blur();
    scrollTo(0, 0);
  });
  await page.screenshot({ path: picture("response") });
} finally {
  await browser.close();
  await server.close();
}
