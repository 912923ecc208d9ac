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

const input = document.getElementById("input");
const waiting = new AbortController();
let dropped = null;
let receiveSettings = null;

// The theme first, so that the first paint has it; an unreadable storage leaves the system's.
try {
  const theme = localStorage.getItem("tokenscope.theme");
  if (theme) document.documentElement.dataset.theme = theme;
} catch {}

// The address is scrubbed before anything is awaited: the token stays neither in the address bar nor in the history.
let arrival = readAddress();
// An address with another fragment can be entered while the page is open.
addEventListener("hashchange", () => {
  const arrived = readAddress();
  if (!arrived?.startsWith("expect=")) {
    if (arrived) input.dispatchEvent(new Event("input", { bubbles: true }));
  } else if (receiveSettings) {
    receiveSettings(arrived);
  } else {
    arrival = arrived;
  }
});

// What arrives now is put where it belongs, and read from there once the module is ready. A paste into the field itself
// needs no help.
document.addEventListener("paste", (event) => {
  if (event.target.closest?.("textarea, input")) return;
  event.preventDefault();
  input.value = event.clipboardData.getData("text/plain");
}, { signal: waiting.signal });
document.addEventListener("dragover", (event) => event.preventDefault(), { signal: waiting.signal });
document.addEventListener("drop", (event) => {
  event.preventDefault(); // Otherwise the browser leaves the page for the file.
  const file = event.dataTransfer.files[0];
  dropped = Promise.resolve(file ? file.text() : event.dataTransfer.getData("text/plain"));
}, { signal: waiting.signal });

try {
  const { default: init, startPage, sharedSettings } = await import("./tokenscope_page.js");
  await init();
  if (dropped) input.value = await dropped;
  waiting.abort();
  startPage(arrival ?? undefined);
  receiveSettings = sharedSettings;
} catch (error) {
  document.getElementById("not-started")?.removeAttribute("hidden");
  throw error;
}

/**
 * Takes out of the address what is meant for the page. A token in the fragment goes into the field and makes
 * "fragment". From the query string the host's log already has it, so it is refused: only the fact remains, "query".
 * Shared settings, which hold no token, are returned as they are, with their `expect=`.
 */
function readAddress() {
  const fragment = location.hash.slice(1);
  const held = tokenParameters(fragment);
  const refused = tokenParameters(location.search.slice(1));
  const settings = fragment.startsWith("expect=") ? fragment : null;
  if (!held && !refused && !settings) return null;
  history.replaceState(null, "", location.pathname + (refused ? "" : location.search));
  if (held) input.value = held;
  return refused ? "query" : held ? "fragment" : settings;
}

/** The part of a fragment or query string that holds tokens, or null. jwt.io's links put `debugger-io?` before it. */
function tokenParameters(text) {
  const parameters = new URLSearchParams(text.replace(/^[^=&]*\?/, ""));
  const alone = parameters.get("token");
  if (alone) return alone;
  return parameters.get("access_token") || parameters.get("id_token") ? `#${text}` : null;
}
