// Runs first: takes a token out of the page's address, starts the page, shows the view that the address names, and hands
// what is pasted, dropped or chosen to it. It makes the one Trusted Types policy. Everything else is in the wasm modules.

const blobs = new Set();
const policy = globalThis.trustedTypes?.createPolicy("tokenscope", {
  createScriptURL(address) {
    if (address === "sw.js" || blobs.has(address)) return address;
    throw new TypeError(`the policy "tokenscope" makes no script address from ${address}`);
  },
});

/** Starts worker.js from a blob: a worker loaded by its URL would escape the policy in the page's <meta>. */
export function startWorker() {
  const module = JSON.stringify(new URL("worker.js", import.meta.url).href);
  const script = `import(${module}).catch(({ message }) => postMessage({ error: message }));`;
  const address = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  blobs.add(address);
  return new Worker(policy ? policy.createScriptURL(address) : address, { type: "module" });
}

const input = document.getElementById("input");
const root = document.documentElement;
const views = {
  inspect: document.getElementById("main"),
  cors: document.getElementById("cors"),
  response: document.getElementById("response"),
  create: document.getElementById("create"),
};
const shared = { inspect: "results", cors: "cors-shared", response: "response-shared", create: "create-results" };
const titles = { cors: "CORS · Tokenscope", response: "Response · Tokenscope", create: "Create · Tokenscope" };
// The views that have a module of their own, which is loaded when the view is first opened.
const lazy = {
  cors: {
    load: () => import("./tokenscope_more.js"),
    start: (module) => module.startCors(host),
    settings: (module, settings) => module.corsSettings(settings),
    text: (module, text) => module.corsText(text),
    file: (module, file, recording) => module.corsFile(file, file.name ?? "", recording),
  },
  response: {
    load: async () => {
      const [module, catalogue] = await Promise.all([import("./tokenscope_response.js"), import("./catalogue.js")]);
      return { ...module, catalogue: catalogue.default };
    },
    start: (module) => module.startResponse(host, module.catalogue),
    settings: (module, settings) => module.responseSettings(settings),
    text: (module, text) => module.responseText(text),
    file: (module, file) => module.responseFile(file, file.name ?? ""),
  },
  create: {
    load: () => import("./tokenscope_create.js"),
    start: (module) => module.startCreate(host),
    settings: () => {},
    text: (module, text) => module.createText(text),
    file: (module, file) => module.createFile(file),
  },
};
const loading = {}; // A promise of each such module, once its view was opened.
const styles = {}; // A promise of each style sheet that was asked for.
let page = null; // The page's module, once it has started.
const earlyFiles = [];
let switched = false; // Whether another view is shown than the one that the page was opened with.

let behind = null; // A promise of the module of what stands behind a verdict.
let looked = null; // What it is to look at.
let started = false; // Whether that module has come.
let pressed = false; // Whether another token was asked for before that.

/** What the other views ask of the page: it knows all the modules. */
const host = {
  /** What stands behind the verdict, for the list of checks. */
  explained: (findings) => page?.explained(findings),
  /** A request of another view, for the list of all requests. */
  sent: (number, what, left) => page?.requestSent(number, what, left),
  startWorker,
  /** Says something to the worker, as `{ [what]: value }`. */
  tell: (worker, what, value) => worker.postMessage({ [what]: value }),
  /** Takes a text to the Inspect view, and the keys that go with it. */
  inspect(text, keys) {
    location.hash = "#inspect";
    show("inspect");
    if (keys) {
      const field = document.getElementById("pasted-keys");
      field.value = keys;
      document.getElementById("source-pasted").click();
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    receive(text);
  },
  /** Takes a text to another view. */
  carry(name, text) {
    location.hash = `#${name}`;
    show(name);
    within(name, "text", text);
  },
};

// The theme first, so that the first paint has it; an unreadable storage leaves the system's.
try {
  const theme = localStorage.getItem("tokenscope.theme");
  if (theme) root.dataset.theme = theme;
} catch {}

// The address is scrubbed before anything is awaited: the token stays neither in the address bar nor in the history.
let arrival = readAddress();
route();
root.dataset.view ??= "inspect";
// An address with another fragment can be entered while the page is open.
addEventListener("hashchange", () => {
  const arrived = readAddress();
  route();
  if (!arrived?.startsWith("expect=")) {
    if (arrived) input.dispatchEvent(new Event("input", { bubbles: true }));
  } else if (page) {
    page.sharedSettings(arrived);
  } else {
    arrival = arrived;
  }
});

// What is pasted beside a field, dropped or chosen goes to the view that is shown; a text in a field is the field's own
// business. Before the modules are ready it is kept.
document.addEventListener("paste", (event) => {
  if (inField(event)) return;
  event.preventDefault();
  const [file] = event.clipboardData.files;
  if (file) receiveFile(file);
  else receive(event.clipboardData.getData("text/plain"));
});
document.addEventListener("dragover", (event) => {
  if (inField(event) && !event.dataTransfer.types.includes("Files")) return;
  event.preventDefault();
  document.body.classList.add("dropping");
});
document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) document.body.classList.remove("dropping");
});
document.addEventListener("drop", (event) => {
  document.body.classList.remove("dropping");
  const [file] = event.dataTransfer.files;
  if (inField(event) && !file) return;
  event.preventDefault(); // Otherwise the browser leaves the page for the file.
  if (file) receiveFile(file);
  else receive(event.dataTransfer.getData("text/plain"));
});
document.addEventListener("change", ({ target }) => {
  if (target.type !== "file") return;
  if (target.files[0]) receiveFile(target.files[0]);
  target.value = ""; // So that choosing the same file again is a change again.
});
// A link that takes the text along: in memory, not in its address.
document.addEventListener("click", ({ target }) => {
  const name = target.closest?.("[data-carry]")?.dataset.carry;
  if (name) within(name, "text", input.value);
});

try {
  const { default: init, ...module } = await import("./tokenscope_page.js");
  await init();
  page = module;
  module.startPage(arrival ?? undefined, { inspected: look, report });
  earlyFiles.forEach(receiveFile);
} catch (error) {
  document.getElementById("not-started")?.removeAttribute("hidden");
  throw error;
}

function inField({ target }) {
  return Boolean(target.closest?.("textarea, select, input:not([type=radio], [type=checkbox], [type=file])"));
}

function receive(text) {
  if (lazy[root.dataset.view]) within(root.dataset.view, "text", text);
  else if (page) page.receiveText(text);
  else input.value = text;
}

/** A recording of the network (HAR) opens the CORS view, wherever it arrives. */
async function receiveFile(file) {
  const beginning = await file.slice(0, 4096).text().catch(() => "");
  const recording = /\.har$/i.test(file.name ?? "") || /^\s*\{\s*"log"\s*:/.test(beginning);
  if (recording && root.dataset.view !== "cors") {
    location.hash = "#cors";
    show("cors");
  }
  // Bytes that are no UTF-8, and keys, which belong into another field.
  if (page && /[\0\ufffd]|-BEGIN |^PuTTY|^ssh-|^ecdsa-|"k(ty|eys)"|<RSAK/.test(beginning)) {
    file = await import("./key-file.js").then(({ take }) => take(file, root.dataset.view), () => file);
    if (!file) return;
  }
  if (lazy[root.dataset.view]) {
    within(root.dataset.view, "file", file, recording);
  } else if (page) {
    page.receiveFile(file);
  } else {
    earlyFiles.push(file);
  }
}

/** Shows the view that the address names. Other fragments are places within a view. */
function route() {
  const [, name, settings] = location.hash.match(/^#?(\w*)(?:\?(.*))?$/) ?? [];
  if (lazy[name]) {
    // What a link carries may be private: it is used once and does not stay in the address.
    if (settings) history.replaceState(null, "", `#${name}`);
    show(name);
    within(name, "settings", settings ?? "");
  } else if (name === "" || name === "inspect") {
    show("inspect");
  }
}

function show(name) {
  const before = root.dataset.view;
  if (name === before) return;
  root.dataset.view = name;
  if (!before && name === "inspect") return; // As the document has it.
  for (const [other, view] of Object.entries(views)) view.hidden = other !== name;
  for (const link of document.querySelectorAll(".views a")) {
    if (link.dataset.view === name) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  document.getElementById(shared[name]).append(document.getElementById("shared"));
  document.getElementById("skip").setAttribute("href", `#${views[name].dataset.results}`);
  titles[before ?? "inspect"] = document.title;
  document.title = titles[name];
  if (!before) return;
  // The field of the first view has the focus from the start; later the heading gets it, so that the view is read out.
  switched = true;
  focusHeading(views[name]);
  scrollTo(0, 0);
}

function focusHeading(view) {
  const heading = [...view.querySelectorAll("h1")].find((element) => element.getClientRects().length > 0) ?? view;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
}

/** Has the module of a view do something; it is loaded when it is first needed. */
async function within(name, what, ...given) {
  const [wait, failed] = ["loading", "failed"].map((state) => document.getElementById(`${name}-${state}`));
  wait.hidden = false;
  failed.hidden = true;
  loading[name] ??= load(name);
  let module;
  try {
    module = await loading[name];
  } catch (error) {
    delete loading[name];
    wait.hidden = true;
    failed.hidden = false;
    throw error;
  }
  lazy[name][what](module, ...given);
}

async function load(name) {
  const [{ default: init, ...module }] = await Promise.all([lazy[name].load(), loadStyles("views.css")]);
  await init();
  await lazy[name].start(module);
  const view = views[name];
  const focused = document.activeElement;
  const lost = focused === document.body || view.contains(focused);
  view.dataset.ready = "";
  if (lost && root.dataset.view === name) {
    if (switched) focusHeading(view);
    else view.querySelector("textarea").focus();
  }
  return module;
}

/** Looks behind the verdict on an input. Its module is loaded once there is a token, after the verdict is painted. */
async function look(generation, chosen, count) {
  looked = { generation, chosen };
  if (count === 0 && !behind) return;
  const failed = document.getElementById("why-failed");
  // The verdict first, and what stands behind it in a task of its own.
  await new Promise((done) => setTimeout(done));
  behind ??= loadBehind();
  let module;
  try {
    module = await behind;
    failed.hidden = true;
  } catch (error) {
    behind = null; // The next input asks for it again.
    pressed = false;
    failed.hidden = false;
    throw error;
  }
  if (looked.generation === generation && looked.chosen === chosen) module.lookWhy(page.carried(), generation, chosen);
}

/** The redacted report, when all is known: the search for a cause may still be going on. */
async function report(generation) {
  const module = await behind;
  for (let tries = 0; tries < 50; tries += 1) {
    const text = module.reportWhy(generation);
    if (text !== undefined) return text;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error("the report was not ready in time");
}

// A press before the module has come counts once it has; after a failure it asks for the module again.
document.getElementById("compare").addEventListener("click", () => {
  if (started || !looked) return;
  pressed = true;
  if (!behind) look(looked.generation, looked.chosen, 1);
});

/** Opens the field for another token; who types elsewhere meanwhile goes on there. */
function openComparison() {
  const { activeElement } = document;
  document.getElementById("compare").click();
  if (inField({ target: activeElement })) activeElement.focus();
}

async function loadBehind() {
  const [{ default: init, ...module }] = await Promise.all([import("./tokenscope_why.js"), loadStyles("views.css")]);
  await init();
  module.startWhy(host);
  page.learn(module.explanations());
  // What that paints is a task, and what is looked at is another one.
  await new Promise((done) => setTimeout(done));
  started = true;
  if (pressed) openComparison();
  return module;
}

function loadStyles(address) {
  styles[address] ??= linkStyles(address);
  styles[address].catch(() => delete styles[address]);
  return styles[address];
}

function linkStyles(address) {
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: address });
  return new Promise((done, fail) => {
    link.onload = done;
    link.onerror = () => {
      link.remove();
      fail(new Error(`${address} did not come`));
    };
    document.head.append(link);
  });
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
