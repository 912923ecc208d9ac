// The end of tokenscope.js: the functions that need another module, which is loaded when one of them is first called.

const modules = {};

async function load(name) {
  modules[name] ??= import(`./${name}.js`).then(async (module) => {
    // What has no start, such as the catalogue, is only data.
    if (module.initSync) await module.default();
    return module;
  });
  // A module that could not be loaded is asked for again.
  modules[name].catch(() => delete modules[name]);
  return modules[name];
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
