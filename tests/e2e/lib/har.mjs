// A HAR file made up of random entries, of any size, and what is in it.

/**
 * Makes a HAR file of about that many bytes in the browser: `{ blob, expected }`. It is sent into pages as its source, so
 * it needs nothing from outside.
 *
 * `expected` has the number of entries, of each cause and of the tokens.
 */
export function makeHar({ seed, size, expires }) {
  let state = seed >>> 0;
  const word = () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  };
  const below = (limit) => Math.floor((word() / 2 ** 32) * limit);
  const pick = (list) => list[below(list.length)];
  const base64url = (text) => btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const token = (number, exp) =>
    [{ alg: "RS256", kid: "k" }, { iss: "https://issuer.example", sub: `user-${number}`, exp }]
      .map((part) => base64url(JSON.stringify(part)))
      .concat(base64url(`signature ${number}`))
      .join(".");
  const tokens = Array.from({ length: 8 }, (_, number) => token(number, expires + 60 * number));

  // Bodies are slices of these, so that making a hundred megabytes takes no longer than reading them.
  const words = ["const", "function", "\"name\"", "\n\t", "value", "=>", "{", "}", "[1,2,3]", "e", "example.token", "ünïcödé", "\\\\"];
  let prose = "";
  while (prose.length < 300_000) prose += `${pick(words)} `;
  let bytes = "";
  while (bytes.length < 200_000) bytes += String.fromCharCode(word() & 255, word() & 255, word() & 255);
  const image = btoa(bytes);
  const proseAsJson = Array.from({ length: 16 }, () => {
    const begin = below(200_000);
    return JSON.stringify(prose.slice(begin, begin + 60_000 + below(60_000)));
  });

  const origin = "https://app.example";
  const begin = Date.UTC(2026, 10, 20, 14);
  const named = (headers) => Object.entries(headers).map(([name, value]) => ({ name, value }));
  const usual = { "Accept-Encoding": "gzip, deflate, br", "Accept-Language": "en-GB,en;q=0.9", "User-Agent": "Mozilla/5.0 (X11; Linux x86_64)" };
  const expected = { entries: 0, tokens: tokens.length, causes: {} };
  const count = (code) => (expected.causes[code] = (expected.causes[code] ?? 0) + 1);
  const parts = [`{"log":{"version":"1.2","creator":{"name":"WebInspector","version":"537.36"},"pages":[],"entries":[`];
  let length = 0;
  let time = 0;
  const add = (entry, text) => {
    const body = text ? JSON.stringify(entry).replace('"%body%"', () => text) : JSON.stringify(entry);
    const part = (expected.entries > 0 ? "," : "") + body;
    parts.push(part);
    length += part.length;
    expected.entries++;
    time += 1000;
  };
  const entry = (method, url, type, request, response, content) => ({
    _initiator: { type: "script", stack: { callFrames: [{ functionName: "f", url: `${origin}/main.js`, lineNumber: 1 }] } },
    _resourceType: type,
    request: { method, url, httpVersion: "http/2.0", headers: named({ ...usual, ...request }), queryString: [], cookies: [] },
    response: {
      status: response.status,
      statusText: "",
      headers: named(response.headers),
      cookies: [],
      content: { size: 0, ...content },
      redirectURL: "",
      _error: response.error ?? null,
    },
    startedDateTime: new Date(begin + time).toISOString(),
    time: 12.5,
    timings: { blocked: 1, send: 1, wait: 9, receive: 1.5 },
  });
  const cors = { Origin: origin, "Sec-Fetch-Mode": "cors", Referer: `${origin}/` };
  const preflight = { ...cors, "Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "authorization" };
  const allowed = { "access-control-allow-origin": origin, "access-control-allow-headers": "authorization" };
  for (const text of tokens) {
    const body = JSON.stringify(JSON.stringify({ access_token: text, expires_in: 60 }));
    const answer = { status: 200, headers: { "access-control-allow-origin": origin } };
    add(entry("POST", "https://issuer.example/token", "fetch", cors, answer, { mimeType: "application/json", text: "%body%" }), body);
  }
  for (let number = 0; length < size; number++) {
    const url = `https://api.example/items/${number}`;
    const letter = below(tokens.length);
    const bearer = { ...cors, authorization: `Bearer ${tokens[letter]}` };
    const kind = below(20);
    if (kind < 8) {
      const answer = { status: 200, headers: { "content-type": "text/javascript" } };
      add(entry("GET", `${origin}/${number}.js`, "script", { "Sec-Fetch-Mode": "no-cors" }, answer, { mimeType: "text/javascript", text: "%body%" }), pick(proseAsJson));
    } else if (kind < 11) {
      const at = below(100_000);
      const text = image.slice(at, at + 4 * below(25_000));
      add(entry("GET", `${origin}/${number}.png`, "image", {}, { status: 200, headers: {} }, { mimeType: "image/png", encoding: "base64", text }));
    } else if (kind < 14) {
      const at = 4 * below(25_000);
      const text = image.slice(at, at + 4 * below(25_000));
      add(entry("GET", `${origin}/${number}.bin`, "fetch", {}, { status: 200, headers: {} }, { mimeType: "application/octet-stream", text, encoding: "base64" }));
    } else if (kind < 16) {
      add(entry("OPTIONS", url, "preflight", preflight, { status: 204, headers: allowed }, {}));
      const answer = { status: 200, headers: { "access-control-allow-origin": origin } };
      if (begin + time >= 1000 * (expires + 60 * letter)) count("har.token-expired");
      add(entry("GET", url, "fetch", bearer, answer, { mimeType: "application/json", text: "%body%" }), pick(proseAsJson));
    } else if (kind < 18) {
      add(entry("GET", url, "fetch", cors, { status: 200, headers: {}, error: "net::ERR_FAILED" }, {}));
      count("cors.missing-allow-origin-header");
    } else if (kind < 19) {
      add(entry("OPTIONS", url, "preflight", preflight, { status: 200, headers: { "access-control-allow-origin": origin } }, {}));
      add(entry("GET", url, "fetch", { authorization: "Bearer x" }, { status: 0, headers: {}, error: "net::ERR_FAILED" }, {}));
      count("cors.header-disallowed-by-preflight-response");
    } else {
      add(entry("GET", `${url}?access_token=${tokens[letter]}`, "fetch", cors, { status: 401, headers: { "access-control-allow-origin": "*" } }, {}));
      count("har.unauthorized");
      count("har.token-in-url");
    }
  }
  parts.push("]}}");
  return { blob: new Blob(parts, { type: "application/json" }), expected };
}

/** The sum of the groups' counts by code. */
export function countsByCode(causes) {
  const counts = {};
  for (const { code, count } of causes) counts[code] = (counts[code] ?? 0) + count;
  return counts;
}
