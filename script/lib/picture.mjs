// Takes the pictures of the README: docs/inspect.png, the Inspect view with an example that is meant for another
// audience, docs/cors.png, the CORS view with an example of a preflight that is not answered, and docs/response.png, the
// Response view with an example of a token that lacks a scope.

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
