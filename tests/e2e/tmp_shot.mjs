import { axe, chromium, serve, firefox } from "./lib/harness.mjs";
import { open } from "./lib/page.mjs";
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const site = await serve();
const browser = await chromium();
try {
const view = await open(browser, `${site.origin}/#cors`, {size: {width: 1360, height: 900}});
const { page } = view;
await page.waitForSelector("#cors[data-ready]");
console.log("empty", await axe(page, {rules}));
await page.click('[data-cors=example][data-value=curl]').catch(e=>console.log(String(e)));
await page.waitForTimeout(300);
await page.screenshot({ path: "/tmp/shots/curl.png", fullPage: true });
console.log("curl", await axe(page, {rules}));
console.log(await page.title(), page.url(), await page.evaluate(() => document.activeElement.id));
await page.setViewportSize({width:390,height:844});
await page.waitForTimeout(200);
await page.screenshot({ path: "/tmp/shots/curl-390.png", fullPage: true });
await page.click("#theme-auto", {force:true}).catch(()=>{});
await page.evaluate(() => document.getElementById("theme-dark").click());
await page.waitForTimeout(300);
console.log("390", await axe(page, {rules}), await page.evaluate(() => document.documentElement.scrollWidth - innerWidth));
await page.setViewportSize({width:320,height:844});
await page.evaluate(() => document.querySelectorAll("details").forEach((details) => { details.open = true; }));
console.log("320", await page.evaluate(() => document.documentElement.scrollWidth - innerWidth));
await page.setViewportSize({width:1360,height:900});
await page.fill("#cors-url", "https://dev-1234.okta.com/other");
await page.waitForTimeout(300);
await page.screenshot({ path: "/tmp/shots/curl-dark.png", fullPage: true });
console.log("dark", await axe(page, {rules}));
for (const s of ["probe","snippet","har","origins"]) {
  await page.click(`label:has([value=${s}])`);
  await page.waitForTimeout(200);
  await page.screenshot({ path: `/tmp/shots/${s}.png`, fullPage: false });
  console.log(s, await axe(page, {rules}));
}
console.log(JSON.stringify(view.found));
} finally { await browser.close(); await site.close(); }
