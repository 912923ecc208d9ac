// Lists what the built wasm modules can do. A module can only call what it imports, so its imports are all it can do.

import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const file = join(root, "capabilities.txt");

// What could reach the network, keep something, or run anything at all. An import like these needs a line in
// `explanations`, or the test fails; a new line there is what a reviewer should look at first.
const farReaching = new RegExp(
  "^(….(call|apply|bind|constructor|write|writeln|execCommand|setAttribute|setItem|writeText|open|click|submit)\\(\\)" +
    "|….(sendBeacon|fetch|assign|replaceState|pushState|postMessage|importScripts|createObjectURL|store|put)\\(\\)" +
    "|….(innerHTML|outerHTML|href|src|srcdoc|location|action|cookie) =|….cookie" +
    "|Reflect\\..*|(eval|import|fetch)\\(\\)" +
    "|new (Function|Worker|SharedWorker|WebSocket|WebTransport|XMLHttpRequest|EventSource|Image|BroadcastChannel))$",
);
const explanations = {
  "Reflect.has()": "asks whether an option of inspect() is a Map or the like, which is no plain object",
  "….call()": "settles the promises that the API returned, and tells the caller of analyseHar() of progress; nothing else is called so",
  "fetch()": "the one door, src/browser/fetch.rs: a GET of a public address without body, credentials or headers",
  "….click()": "chooses where the keys come from, on the press of a button that says so; choosing sends nothing",
  "….execCommand()": "inserts or copies text in the field, so that the browser's undo goes on working",
  "….pushState()": "keeps in the browser's history which page of the knowledge is shown: a code, a page or a search, never a token",
  "….replaceState()": "writes the same into the current entry of the history; without an address",
  "….setAttribute()": "names come from the page's own code, values are text; the policy forbids handlers and styles",
  "….setItem()": "stores settings: never a token, a key or a secret",
  "….writeText()": "copies what a button names to the clipboard",
};

const header = `\
What the built page can do, written by script/capabilities --update. A test fails when it changes.

A wasm module can only call what it imports. Each line is an import (without the number that tells several of the same
name apart) and what the JavaScript glue does for it, "…" standing for values that the module passes. Below are the
hashes of the scripts written by hand, with their comments; nothing else runs.
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
    /\bnew (?<made>[A-Z]\w*)/,
    /\binstanceof (?<tested>\w+)/,
    /\barg\d+\[[^\]]*\](?<assignedAt>\s*=(?!=))?/,
    /(?<![\w.])(?<owner>[a-zA-Z]\w*)\.(?<member>[\w.]+)(?<use>\s*=(?!=)|\()?/,
    /(?<![\w.])(?<called>[a-z]\w*)\(/,
    /\bret = (?:typeof (?=\w))?(?<taken>[a-z]\w*)\b(?=;| ===)/,
  ]
    .map(({ source }) => source)
    .join("|"),
  "g",
);
const keywords = new Set(["if", "for", "while", "switch", "catch", "return", "function", "typeof", "ret", "obj", "wasm"]);

/** What the glue's function for an import touches: constructors, members of what is passed, globals, assignments. */
function actionsOf(glue, imported) {
  const start = glue.indexOf(`        ${imported}: `);
  if (start < 0) throw new Error(`the glue has no function for the import ${imported}`);
  const body = glue.slice(start + imported.length + 10, glue.indexOf("\n        },", start)).replace(/\/\/.*$/gm, "");
  const inside = (name) => keywords.has(name) || glue.includes(`function ${name}(`);
  const actions = new Set();
  for (const { 0: text, groups: found } of body.matchAll(actionPattern)) {
    const use = found.use === "(" ? "()" : found.use ? " =" : "";
    if (found.made) actions.add(`new ${found.made}`);
    else if (found.tested) actions.add(`instanceof ${found.tested}`);
    else if (found.called) inside(found.called) || actions.add(`${found.called}()`);
    else if (found.taken) /^(arg\d+|undefined|true|false|null)$/.test(found.taken) || actions.add(found.taken);
    else if (found.owner && /^(arg\d+|obj)$/.test(found.owner)) actions.add(`….${found.member}${use}`);
    else if (found.owner) inside(found.owner) || actions.add(`${found.owner}.${found.member}${use}`);
    else if (text.includes("[")) actions.add(`…[…]${found.assignedAt ? " =" : ""}`);
  }
  return [...actions];
}

function plain(imported) {
  return imported.replace(/_\d+$/, "");
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
