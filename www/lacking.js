// What browsers lack, in a module of its own, which is loaded when it is first needed. The wasm modules that verify, decrypt
// and sign import this file.

let loading = null; // A promise of the module, once it was asked for.

/** Carries out an operation with 32 random bytes; both ways it is the text of `crypto::operation::carry`. */
export async function operate(operation, seed) {
  // The seed lies in the memory of the module that asks, which may move while this one is loaded.
  const kept = seed.slice();
  return (await load()).operate(operation, kept);
}

/** Verifies a signature. */
export async function verify(plan) {
  return (await load()).verify(plan);
}

function load() {
  loading ??= start();
  // A module that could not be loaded is asked for again.
  loading.catch(() => (loading = null));
  return loading;
}

async function start() {
  const module = await import("./tokenscope_crypto.js");
  const address = new URL("./tokenscope_crypto_bg.wasm", import.meta.url);
  if (address.protocol === "file:") {
    // Node, whose fetch reads no files.
    const { readFile } = await import("node:fs/promises");
    await module.default({ module_or_path: await readFile(address) });
  } else {
    await module.default();
  }
  return module;
}
