// Probes one URL from the page that this console belongs to, and prints what came of it as JSON: paste that back.
// It sends no token, no cookie value that you could read here, and no body. Where the app sends an Authorization header,
// the literal text "Bearer probe" is sent in its place. Do not put a real token in: the result does not need one.
// With credentials, the browser itself may add the cookies that it has for that server.
(async () => {
  const URL_PROBED = /*url*/ "";
  const METHOD = /*method*/ "GET";
  const HEADERS = /*headers*/ [];
  const CREDENTIALS = /*credentials*/ "include";
  // A request with METHOD itself can change something on the server when the server allows it. So the headers are probed
  // with GET, unless METHOD is GET, HEAD or OPTIONS, or you set this to true.
  const SEND_METHOD = false;

  const SAFE = ["GET", "HEAD", "OPTIONS"];
  const method = SEND_METHOD || SAFE.includes(METHOD.toUpperCase()) ? METHOD : "GET";
  const userAgent = navigator.userAgent;
  const engine = /Firefox\//.test(userAgent) ? "firefox" : /Chrome\//.test(userAgent) ? "chromium" : "webkit";
  const violations = [];
  const listen = (event) => violations.push(event.effectiveDirective);
  document.addEventListener("securitypolicyviolation", listen);

  const permission = async () => {
    const order = { granted: 0, prompt: 1, denied: 2 };
    let state = null;
    for (const name of ["local-network-access", "local-network", "loopback-network"]) {
      try {
        const found = (await navigator.permissions.query({ name })).state;
        if (state === null || order[found] > order[state]) state = found;
      } catch {
        // This browser has no permission of that name.
      }
    }
    return state;
  };

  const probes = [];
  const probe = async (kind, options, url = URL_PROBED) => {
    const before = await permission();
    const seen = violations.length;
    const entries = performance.getEntriesByName(url).length;
    const abort = new AbortController();
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      abort.abort();
    }, 8000);
    const started = performance.now();
    const result = { kind, method: options.method ?? "GET", headers: Object.keys(options.headers ?? {}) };
    result.credentials = options.credentials ?? "omit";
    probes.push(result);
    try {
      const response = await fetch(url, { credentials: "omit", signal: abort.signal, ...options });
      if (response.type === "opaque" || response.type === "opaqueredirect") result.result = response.type;
      else Object.assign(result, { result: "read", status: response.status, redirected: response.redirected });
      response.body?.cancel().catch(() => {});
    } catch {
      const elapsed = Math.round(performance.now() - started);
      // The event and the entry come after the rejection.
      await new Promise((done) => setTimeout(done, 60));
      const entry = performance.getEntriesByName(url).slice(entries).at(-1);
      Object.assign(result, { result: "failed", elapsed, entry: Boolean(entry), timedOut });
      result.noResponse = Boolean(entry) && entry.duration === 0;
      result.responded = Boolean(entry) && entry.responseStart > 0;
      if (entry?.responseStatus) result.entryStatus = entry.responseStatus;
      if (violations.length > seen) result.policy = violations[seen];
      const after = await permission();
      if (before !== null && after !== null) result.permission = [before, after];
    } finally {
      clearTimeout(timer);
    }
    return result;
  };

  const placeholder = (name) => {
    if (name.toLowerCase() === "authorization") return "Bearer probe";
    return name.toLowerCase() === "content-type" ? "application/json" : "probe";
  };
  const headers = Object.fromEntries(HEADERS.map((name) => [name, placeholder(name)]));

  performance.setResourceTimingBufferSize?.(1000);
  await probe("plain", {});
  await probe("reload", { cache: "reload" });
  await probe("manual", { redirect: "manual", cache: "no-store" });
  if (HEADERS.length > 0 || method !== "GET") await probe("custom", { method, headers, cache: "no-store" });
  if (CREDENTIALS === "include") await probe("credentials", { credentials: "include", cache: "no-store" });
  // Last, and past the cache: its answer, to a request without an Origin header, would be stored for the others.
  const last = await probe("noCors", { mode: "no-cors", cache: "no-store" });
  if (last.result === "failed" && /^https?:/.test(URL_PROBED)) {
    await probe("noCorsElsewhere", { mode: "no-cors", cache: "no-store" }, new URL("/favicon.ico", URL_PROBED).href);
  }
  document.removeEventListener("securitypolicyviolation", listen);

  const run = { tokenscope: "cors-probe", version: 1, origin: self.origin, url: URL_PROBED, engine };
  const json = JSON.stringify({ ...run, offline: !navigator.onLine, probes });
  console.log(json);
  try {
    copy(json);
    console.log("It is on the clipboard: paste it into Tokenscope.");
  } catch {
    // Only consoles have copy().
  }
  return json;
})();
