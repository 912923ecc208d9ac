// What the built page can do is what capabilities.txt says.

import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { describe, difference } from "../../script/lib/capabilities.mjs";
import { dist, root } from "./lib/harness.mjs";

test("capabilities.txt lists what the built modules import, and every script written by hand", async () => {
  const { text, unexplained } = await describe();
  const checkedIn = await readFile(join(root, "capabilities.txt"), "utf8");
  assert.equal(difference(checkedIn, text), "", "if the change is meant: script/capabilities --update");
  assert.equal(text, checkedIn);
  assert.deepEqual(unexplained, [], "imports that reach far need an explanation in script/lib/capabilities.mjs");
});

test("dist/ has no script but those written by hand and the glue of the listed modules", async () => {
  // The lazy exports become a part of tokenscope.js.
  const expected = (await readdir(join(root, "www"), { recursive: true })).filter(
    (name) => name.endsWith(".js") && name !== "tokenscope.lazy.js",
  );
  const glue = (await readdir(dist))
    .filter((name) => name.endsWith("_bg.wasm"))
    .map((name) => name.replace("_bg.wasm", ".js"));
  const found = (await readdir(dist, { recursive: true })).filter((name) => /\.m?js$/.test(name)).sort();
  assert.deepEqual(found, [...expected, ...glue, "catalogue.js"].sort());
});

test("catalogue.js is one JSON text and nothing else: the files of src/data/catalogue", async () => {
  const script = await readFile(join(dist, "catalogue.js"), "utf8");
  const [, literal] = /^export default ("(?:[^"\\\n\r\u2028\u2029]|\\.)*");\n$/.exec(script) ?? [];
  assert.ok(literal, "it exports one text");
  const directory = join(root, "src/data/catalogue");
  const files = (await readdir(directory)).filter((name) => name.endsWith(".json"));
  const joined = await Promise.all(
    files.map(async (name) => [name.replace(".json", ""), JSON.parse(await readFile(join(directory, name), "utf8"))]),
  );
  assert.deepEqual(JSON.parse(JSON.parse(literal)), Object.fromEntries(joined));
});

test("no page in dist/ has an inline script, an inline style or a handler attribute", async () => {
  for (const name of (await readdir(dist, { recursive: true })).filter((name) => name.endsWith(".html"))) {
    const page = await readFile(join(dist, name), "utf8");
    assert.doesNotMatch(page, /<script(?![^>]*\ssrc=)/i, name);
    assert.doesNotMatch(page, /<style|\sstyle=|\son[a-z]+=/i, name);
    assert.doesNotMatch(page, /data-trunk|src="(?:https?:)?\/\/|<link[^>]*href="(?:https?:)?\/\//i, name);
  }
});
