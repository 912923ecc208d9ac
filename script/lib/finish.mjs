// Runs as Trunk's post_build hook, on the directory that becomes dist/: copies www/ without its comments, optimises the
// wasm modules and their glue, and compresses.

import { createHash } from "node:crypto";
import { execFile } from "node:child_process";
import { appendFile, cp, mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants } from "node:zlib";
import { shortenNames, withoutComments } from "./glue.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const staging = process.env.TRUNK_STAGING_DIR ?? join(root, "dist");
const wasmOpt = join(root, "node_modules/binaryen/bin/wasm-opt");
const cache = join(root, "target/finished");

// Only what every browser of the last years runs: --all-features makes modules that Chromium refuses.
const optimise = [
  "-Oz",
  "--mvp-features",
  "--enable-bulk-memory",
  "--enable-bulk-memory-opt",
  "--enable-sign-ext",
  "--enable-mutable-globals",
  "--enable-nontrapping-float-to-int",
  "--enable-reference-types",
  "--enable-multivalue",
  "--strip-debug",
  "--strip-producers",
  "--strip-target-features",
];

await cp(join(root, "www"), staging, { recursive: true });
// Trunk's own lines and the comment above them are for the build only.
const page = await readFile(join(root, "www/index.html"), "utf8");
await writeFile(join(staging, "index.html"), page.replace(/^.*(data-trunk|Trunk builds).*\n/gm, ""));
for (const name of (await readdir(staging)).filter((name) => name.endsWith("_bg.wasm")).sort()) {
  await replace(join(staging, name), join(staging, name.replace("_bg.wasm", ".js")));
}
// What scripts import is one file, with the functions of the second module at its end.
const lazy = join(staging, "tokenscope.lazy.js");
await appendFile(join(staging, "tokenscope.js"), await readFile(lazy));
await rm(lazy);
for (const name of (await readdir(staging)).filter((name) => /\.(css|js)$/.test(name))) {
  const path = join(staging, name);
  await writeFile(path, withoutComments(await readFile(path, "utf8")));
}
await writeFile(join(staging, "catalogue.js"), await catalogue());
for (const entry of await readdir(staging, { recursive: true })) {
  if (/\.(html|css|js|json|svg|wasm|webmanifest)$/.test(entry)) await compress(join(staging, entry));
}

async function replace(path, gluePath) {
  const { module: input, glue } = shortenNames(await readFile(path), await readFile(gluePath, "utf8"));
  await writeFile(path, input);
  await writeFile(gluePath, glue);
  const output = await kept([optimise.join(" "), await version(), input], async (unfinished) => {
    await promisify(execFile)(process.execPath, [wasmOpt, path, ...optimise, "-o", unfinished]);
  });
  await writeFile(path, output);
}

/** The catalogue of the response doctor: its files as one JSON text, in a module, because a module needs no other door. */
async function catalogue() {
  const directory = join(root, "src/data/catalogue");
  const joined = {};
  for (const name of (await readdir(directory)).filter((name) => name.endsWith(".json")).sort()) {
    joined[name.replace(/\.json$/, "")] = JSON.parse(await readFile(join(directory, name), "utf8"));
  }
  return `export default ${JSON.stringify(JSON.stringify(joined)).replace(/[\u2028\u2029]/g, (one) => `\\u${one.charCodeAt(0).toString(16)}`)};\n`;
}

/** Leaves a brotli copy beside a file, for servers that can't compress so well on the fly. */
async function compress(path) {
  const input = await readFile(path);
  const output = await kept(["brotli", input], async (unfinished) => {
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: input.length };
    await writeFile(unfinished, await promisify(brotliCompress)(input, { params }));
  });
  if (output.length < input.length) await writeFile(`${path}.br`, output);
}

/** Both take seconds, so what `make` writes is kept under the hash of what went in. */
async function kept(parts, make) {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  const file = join(cache, hash.digest("hex"));
  if (!(await stat(file).catch(() => null))) {
    await mkdir(cache, { recursive: true });
    const unfinished = `${file}.${process.pid}`;
    await make(unfinished);
    await rename(unfinished, file);
  }
  return readFile(file);
}

async function version() {
  return JSON.parse(await readFile(join(root, "node_modules/binaryen/package.json"), "utf8")).version;
}
