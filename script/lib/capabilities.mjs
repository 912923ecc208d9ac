// Lists what the built wasm modules can do. A module can only call what it imports, so its imports are all it can do.

import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const file = join(root, "capabilities.txt");

// What could call or reach anything at all, and why it is harmless here. An import like these without a line fails.
const farReaching = new RegExp(
  "^(….(call|apply|bind|constructor|write|sendBeacon)|….(inner|outer)HTML =|Reflect\\.\\w+|eval\\(\\)|import\\(\\)" +
    "|new (Function|Worker|WebSocket|XMLHttpRequest|EventSource|Image))$",
);
const explanations = {};

const header = `\
What the built page can do, written by script/capabilities --update. A test fails when it changes.

A wasm module can only call what it imports. Each line is an import (without the hash that wasm-bindgen adds to its name)
and what the JavaScript glue does for it, "…" standing for values that the module passes. Below are the hashes of the
scripts written by hand; nothing else runs.
`;

/** The text that capabilities.txt should have, and the far-reaching imports that nobody has explained. */
export async function describe(dist = join(root, "dist")) {
  const parts = [header];
  const unexplained = [];
  for (const name of (await readdir(dist)).filter((name) => name.endsWith("_bg.wasm")).sort()) {
    const glue = await readFile(join(dist, name.replace("_bg.wasm", ".js")), "utf8");
    const imports = WebAssembly.Module.imports(new WebAssembly.Module(await readFile(join(dist, name))));
    const lines = new Set();
    for (const { name: imported } of imports) {
      const actions = actionsOf(glue, imported);
      const remarks = actions.filter((action) => farReaching.test(action));
      for (const action of remarks) if (!explanations[action]) unexplained.push(`${imported}: ${action}`);
      const remark = remarks
        .map((action) => explanations[action])
        .filter(Boolean)
        .join(" ");
      lines.add(
        `  ${plain(imported)}: ${actions.join(", ") || "nothing outside the module"}${remark ? `  (${remark})` : ""}\n`,
      );
    }
    parts.push(`\n${name}\n`, ...[...lines].sort());
  }
  parts.push("\nscripts\n");
  for (const name of (await readdir(join(root, "www"), { recursive: true }))
    .filter((name) => name.endsWith(".js"))
    .sort()) {
    parts.push(
      `  ${createHash("sha256")
        .update(await readFile(join(root, "www", name)))
        .digest("hex")}  ${name}\n`,
    );
  }
  return { text: parts.join(""), unexplained };
}

/** The lines in which two texts differ, `-` for what only `before` has and `+` for what only `after` has. */
export function difference(before, after) {
  const [old, fresh] = [before.split("\n"), after.split("\n")];
  return [
    ...old.filter((line) => !fresh.includes(line)).map((line) => `- ${line}`),
    ...fresh.filter((line) => !old.includes(line)).map((line) => `+ ${line}`),
  ].join("\n");
}

const actionPattern = new RegExp(
  [
    /\bnew ([A-Z]\w*)/,
    /\binstanceof (\w+)/,
    /(?<![\w.])(arg\d+|ret|[A-Z][A-Za-z]+|globalThis|window|self|document|console|performance|crypto)\.(\w+)(\s*=(?!=))?/,
    /\b(arg\d+)\[[^\]]*\](\s*=(?!=))?/,
    /(?<![\w.])(eval|fetch|import|queueMicrotask|setTimeout|setInterval|clearTimeout|clearInterval|requestAnimationFrame)\(/,
  ]
    .map(({ source }) => source)
    .join("|"),
  "g",
);

/** What the glue's function for an import touches: constructors, members of what is passed, globals, assignments. */
function actionsOf(glue, imported) {
  const start = glue.indexOf(`        ${imported}: `);
  if (start < 0) throw new Error(`the glue has no function for the import ${imported}`);
  const body = glue.slice(start + imported.length + 10, glue.indexOf("\n        },", start)).replace(/\/\/.*$/gm, "");
  const found = body.matchAll(actionPattern);
  const actions = new Set();
  for (const [, made, tested, owner, member, assigned, indexed, set, called] of found) {
    if (made) actions.add(`new ${made}`);
    else if (tested) actions.add(`instanceof ${tested}`);
    else if (indexed) actions.add(set ? "…[…] =" : "…[…]");
    else if (called) actions.add(`${called}()`);
    else if (owner !== "ret") actions.add(`${/^arg\d/.test(owner) ? "…" : owner}.${member}${assigned ? " =" : ""}`);
  }
  return [...actions];
}

function plain(imported) {
  return imported.replace(/_[0-9a-f]{16}$/, "").replace(/^__wbg_/, "");
}

if (resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const { text, unexplained } = await describe();
  const checkedIn = await readFile(file, "utf8").catch(() => "");
  if (process.argv[2] === "--update") await writeFile(file, text);
  else if (text !== checkedIn) {
    console.log(difference(checkedIn, text));
    console.error(
      "error: capabilities.txt differs from what was built. If the change is meant: script/capabilities --update",
    );
    process.exitCode = 1;
  }
  if (unexplained.length > 0) {
    console.error(
      `error: these imports reach far and need an explanation in script/lib/capabilities.mjs:\n  ${unexplained.join("\n  ")}`,
    );
    process.exitCode = 1;
  }
}
