// Runs as Trunk's post_build hook, on the directory that becomes dist/: copies www/, optimises the wasm modules, and
// compresses.

import { createHash } from "node:crypto";
import { execFile } from "node:child_process";
import { cp, mkdir, readdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants } from "node:zlib";

const root = fileURLToPath(new URL("../..", import.meta.url));
const staging = process.env.TRUNK_STAGING_DIR ?? join(root, "dist");
const wasmOpt = join(root, "node_modules/binaryen/bin/wasm-opt");
const cache = join(root, "target/wasm-opt");

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
for (const name of (await readdir(staging)).filter((name) => name.endsWith(".wasm")).sort()) {
  await replace(join(staging, name));
}
for (const entry of await readdir(staging, { recursive: true })) {
  if (/\.(html|css|js|json|svg|wasm|webmanifest)$/.test(entry)) await compress(join(staging, entry));
}

/** wasm-opt takes seconds, so its result is kept under the hash of what went in. */
async function replace(path) {
  const input = await readFile(path);
  const key = createHash("sha256")
    .update(optimise.join(" "))
    .update(await version())
    .update(input)
    .digest("hex");
  const kept = join(cache, `${key}.wasm`);
  if (!(await stat(kept).catch(() => null))) {
    await mkdir(cache, { recursive: true });
    const unfinished = `${kept}.${process.pid}`;
    await promisify(execFile)(process.execPath, [wasmOpt, path, ...optimise, "-o", unfinished]);
    await rename(unfinished, kept);
  }
  await writeFile(path, await readFile(kept));
}

/** Leaves a brotli copy beside a file, for servers that can't compress so well on the fly. */
async function compress(path) {
  const input = await readFile(path);
  const output = await promisify(brotliCompress)(input, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: input.length },
  });
  if (output.length < input.length) await writeFile(`${path}.br`, output);
}

async function version() {
  return JSON.parse(await readFile(join(root, "node_modules/binaryen/package.json"), "utf8")).version;
}
