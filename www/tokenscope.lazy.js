// The end of tokenscope.js: the functions that need another module, which is loaded when one of them is first called.

const modules = {};

async function load(name) {
  modules[name] ??= import(`./${name}.js`).then(async (module) => {
    // What has no start, such as the catalogue, is only data.
    if (module.initSync) await module.default(await source(name));
    return module;
  });
  // A module that could not be loaded is asked for again.
  modules[name].catch(() => delete modules[name]);
  return modules[name];
}

/** Where the wasm of a module comes from: it knows that itself, but for Node, whose fetch reads no files. */
async function source(name) {
  const address = new URL(`./${name}_bg.wasm`, import.meta.url);
  if (address.protocol !== "file:" || !globalThis.process?.versions?.node) return undefined;
  const { readFile } = await import("node:fs/promises");
  return { module_or_path: await readFile(address) };
}

export async function explainCors(...given) {
  return (await load("tokenscope_more")).explainCors(...given);
}

export async function analyseHar(...given) {
  return (await load("tokenscope_more")).analyseHar(...given);
}

export async function explainResponse(text, options) {
  const [module, catalogue] = await Promise.all([load("tokenscope_response"), load("catalogue")]);
  return module.explainResponse(text, options, catalogue.default);
}

export async function sign(...given) {
  return (await load("tokenscope_create")).sign(...given);
}

export async function encrypt(...given) {
  return (await load("tokenscope_create")).encrypt(...given);
}

export async function generateKey(...given) {
  return (await load("tokenscope_create")).generateKey(...given);
}
