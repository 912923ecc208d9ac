// The end of tokenscope.js: the functions that need the second module, which is loaded when one of them is first called.

let loading;

function more() {
  loading ??= import("./tokenscope_more.js").then(async (module) => {
    await module.default();
    return module;
  });
  // A module that could not be loaded is asked for again.
  loading.catch(() => (loading = undefined));
  return loading;
}

export async function explainCors(...given) {
  return (await more()).explainCors(...given);
}

export async function analyseHar(...given) {
  return (await more()).analyseHar(...given);
}
