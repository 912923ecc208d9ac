// Runs first: takes a token out of the page's address, holds what is pasted or dropped before the module is ready, and
// starts the page. It makes the one Trusted Types policy. Everything else is in the wasm module.

const blobs = new Set();
const policy = globalThis.trustedTypes?.createPolicy("tokenscope", {
  createScriptURL(address) {
    if (address === "sw.js" || blobs.has(address)) return address;
    throw new TypeError(`the policy "tokenscope" makes no script address from ${address}`);
  },
});

/** Starts worker.js from a blob: a worker loaded by its URL would escape the policy in the page's <meta>. */
export function startWorker() {
  const script = `import(${JSON.stringify(new URL("worker.js", import.meta.url).href)});`;
  const address = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  blobs.add(address);
  return new Worker(policy ? policy.createScriptURL(address) : address, { type: "module" });
}

/** What was pasted, dropped or found in the address, and from where: "paste", "file", "fragment" or "query". */
let held = { text: null, from: null };
const waiting = new AbortController();

// The address is scrubbed before anything is awaited, so that the token stays neither in the address bar nor in the history.
const fragment = tokenParameters(location.hash.slice(1));
const query = tokenParameters(location.search.slice(1));
if (fragment || query) {
  history.replaceState(null, "", location.pathname);
  // From the query string the host's log already has the token, so the page refuses it: only the fact goes on.
  held = query ? { text: null, from: "query" } : { text: fragment, from: "fragment" };
}

document.addEventListener("paste", (event) => {
  if (event.target.closest?.("textarea, input")) return; // It lands in the field, where the page reads it.
  event.preventDefault();
  held = { text: event.clipboardData.getData("text/plain"), from: "paste" };
}, { signal: waiting.signal });
document.addEventListener("dragover", (event) => event.preventDefault(), { signal: waiting.signal });
document.addEventListener("drop", (event) => {
  event.preventDefault(); // Otherwise the browser leaves the page for the file.
  const file = event.dataTransfer.files[0];
  held = { text: file ? file.text() : event.dataTransfer.getData("text/plain"), from: file ? "file" : "paste" };
}, { signal: waiting.signal });

try {
  const { default: init, startPage } = await import("./tokenscope.js");
  await init();
  const text = await held.text;
  waiting.abort();
  startPage(text ?? undefined, held.from ?? undefined);
} catch (error) {
  document.getElementById("not-started")?.removeAttribute("hidden");
  throw error;
}

/** The part of a fragment or query string that holds tokens, or null. jwt.io's links put `debugger-io?` before it. */
function tokenParameters(text) {
  const parameters = new URLSearchParams(text.replace(/^[^=&]*\?/, ""));
  const alone = parameters.get("token");
  if (alone) return alone;
  return parameters.get("access_token") || parameters.get("id_token") ? `#${parameters}` : null;
}
