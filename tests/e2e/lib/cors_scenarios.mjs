// Ways to get CORS wrong, and a few to get it right, each as a server's answers and a script's request.
//
// `{ id, request, preflight, response, next }`: `preflight` and `response` are what the server answers, `next` what the
// other server answers to a redirect; `PAGE`, `SERVER` and `OTHER` stand for the three origins, and
// `CASE` for the number, in all texts.

const bearer = { authorization: "Bearer probe" };
const json = { "content-type": "application/json" };
const allow = { "Access-Control-Allow-Origin": "PAGE" };
const any = { "Access-Control-Allow-Origin": "*" };
const answered = (headers = {}, status = 200) => ({ status, headers });
const allowing = (headers) => answered({ ...allow, ...headers }, 204);

export const scenarios = [
  // The origin, without a preflight.
  { id: "origin-exact", response: answered(allow) },
  { id: "origin-any", response: answered(any) },
  { id: "origin-missing", response: answered() },
  { id: "origin-missing-403", response: answered({}, 403) },
  { id: "origin-missing-500", response: answered({ "Content-Type": "text/html" }, 500) },
  { id: "origin-trailing-slash", response: answered({ "Access-Control-Allow-Origin": "PAGE/" }) },
  { id: "origin-path", response: answered({ "Access-Control-Allow-Origin": "PAGE/app" }) },
  { id: "origin-upper-case", response: answered({ "Access-Control-Allow-Origin": "HTTP://127.0.0.1:1" }) },
  { id: "origin-https", response: answered({ "Access-Control-Allow-Origin": "https://127.0.0.1" }) },
  { id: "origin-null", response: answered({ "Access-Control-Allow-Origin": "null" }) },
  { id: "origin-empty", response: answered({ "Access-Control-Allow-Origin": "" }) },
  { id: "origin-word", response: answered({ "Access-Control-Allow-Origin": "localhost" }) },
  { id: "origin-wildcard-port", response: answered({ "Access-Control-Allow-Origin": "http://127.0.0.1:*" }) },
  { id: "origin-wildcard-host", response: answered({ "Access-Control-Allow-Origin": "https://*.example.com" }) },
  { id: "origin-twice", response: answered({ "Access-Control-Allow-Origin": ["PAGE", "PAGE"] }) },
  { id: "origin-any-twice", response: answered({ "Access-Control-Allow-Origin": ["*", "*"] }) },
  { id: "origin-list", response: answered({ "Access-Control-Allow-Origin": "https://a.example https://b.example" }) },
  { id: "origin-any-and-exact", response: answered({ "Access-Control-Allow-Origin": "*, PAGE" }) },
  // Credentials.
  { id: "credentials-good", request: { credentials: "include" }, response: answered({ ...allow, "Access-Control-Allow-Credentials": "true" }) },
  { id: "credentials-any", request: { credentials: "include" }, response: answered(any) },
  { id: "credentials-missing", request: { credentials: "include" }, response: answered(allow) },
  { id: "credentials-upper-case", request: { credentials: "include" }, response: answered({ ...allow, "Access-Control-Allow-Credentials": "True" }) },
  { id: "credentials-false", request: { credentials: "include" }, response: answered({ ...allow, "Access-Control-Allow-Credentials": "false" }) },
  { id: "credentials-preflight-any", request: { credentials: "include", headers: json, method: "POST" }, preflight: answered({ ...any, "Access-Control-Allow-Headers": "*" }, 204), response: answered(allow) },
  { id: "credentials-preflight-missing", request: { credentials: "include", headers: json, method: "POST" }, preflight: allowing({ "Access-Control-Allow-Headers": "content-type" }), response: answered(allow) },
  { id: "credentials-header-wildcard", request: { credentials: "include", headers: { "x-trace": "1" } }, preflight: allowing({ "Access-Control-Allow-Credentials": "true", "Access-Control-Allow-Headers": "*" }), response: answered({ ...allow, "Access-Control-Allow-Credentials": "true" }) },
  { id: "credentials-method-wildcard", request: { credentials: "include", method: "DELETE" }, preflight: allowing({ "Access-Control-Allow-Credentials": "true", "Access-Control-Allow-Methods": "*" }), response: answered({ ...allow, "Access-Control-Allow-Credentials": "true" }) },
  // The preflight.
  { id: "preflight-good", request: { headers: bearer }, preflight: allowing({ "Access-Control-Allow-Headers": "Authorization" }), response: answered(allow) },
  { id: "preflight-wildcard-authorization", request: { headers: bearer }, preflight: answered({ ...any, "Access-Control-Allow-Headers": "*" }, 204), response: answered(any) },
  { id: "preflight-status-404", request: { headers: bearer }, preflight: answered({ ...allow, "Access-Control-Allow-Headers": "authorization" }, 404), response: answered(allow) },
  { id: "preflight-status-500", request: { headers: bearer }, preflight: answered({ ...any }, 500), response: answered(allow) },
  { id: "preflight-no-cors-200", request: { headers: bearer }, preflight: answered(), response: answered(allow) },
  { id: "preflight-other-origin", request: { headers: bearer }, preflight: answered({ "Access-Control-Allow-Origin": "https://app.example.com", "Access-Control-Allow-Headers": "authorization" }, 204), response: answered(allow) },
  { id: "preflight-origin-list", request: { headers: bearer }, preflight: answered({ "Access-Control-Allow-Origin": "PAGE, https://app.example.com" }, 204), response: answered(allow) },
  { id: "preflight-origin-word", request: { headers: bearer }, preflight: answered({ "Access-Control-Allow-Origin": "any" }, 204), response: answered(allow) },
  { id: "preflight-redirect", request: { headers: bearer }, preflight: answered({ ...allow, Location: "SERVER/elsewhere" }, 301), response: answered(allow) },
  { id: "preflight-redirect-bare", request: { headers: bearer }, preflight: answered({ Location: "SERVER/elsewhere" }, 308), response: answered(allow) },
  { id: "preflight-headers-missing", request: { headers: { "x-trace": "1" } }, preflight: allowing(), response: answered(allow) },
  { id: "preflight-headers-other", request: { headers: { "x-trace": "1", ...bearer } }, preflight: allowing({ "Access-Control-Allow-Headers": "Authorization" }), response: answered(allow) },
  { id: "preflight-headers-syntax", request: { headers: { "x-trace": "1" } }, preflight: allowing({ "Access-Control-Allow-Headers": "x trace" }), response: answered(allow) },
  { id: "preflight-methods-syntax", request: { method: "PUT" }, preflight: allowing({ "Access-Control-Allow-Methods": "GET POST PUT" }), response: answered(allow) },
  { id: "preflight-method-missing", request: { method: "DELETE" }, preflight: allowing(), response: answered(allow) },
  { id: "preflight-method-case", request: { method: "patch" }, preflight: allowing({ "Access-Control-Allow-Methods": "PATCH" }), response: answered(allow) },
  { id: "preflight-method-lower", request: { method: "PUT" }, preflight: allowing({ "Access-Control-Allow-Methods": "get, put" }), response: answered(allow) },
  { id: "preflight-method-safelisted", request: { method: "POST", headers: json }, preflight: allowing({ "Access-Control-Allow-Methods": "GET", "Access-Control-Allow-Headers": "content-type" }), response: answered(allow) },
  { id: "preflight-then-missing", request: { headers: bearer }, preflight: allowing({ "Access-Control-Allow-Headers": "authorization" }), response: answered({}, 502) },
  { id: "content-type-charset", request: { method: "POST", headers: { "content-type": "text/plain; charset=utf-8" } }, response: answered(allow) },
  // Redirects.
  { id: "redirect-good", response: answered({ ...allow, Location: "OTHER/next/CASE" }, 302), next: answered(any) },
  { id: "redirect-bare", response: answered({ Location: "OTHER/next/CASE" }, 302), next: answered(any) },
  { id: "redirect-to-login", response: answered({ ...allow, Location: "OTHER/login/CASE?returnTo=%2F" }, 302), next: answered({ "Content-Type": "text/html" }) },
  { id: "redirect-user", response: answered({ ...allow, Location: "http://user:word@127.0.0.1:9/next/CASE" }, 302), next: answered(any) },
  { id: "redirect-null-origin", response: answered({ ...allow, Location: "OTHER/next/CASE" }, 307), next: answered(allow) },
  // Not CORS.
  { id: "mode-no-cors", request: { mode: "no-cors" }, response: answered() },
  { id: "not-exposed", response: answered({ ...allow, "DPoP-Nonce": "abc", "Retry-After": "5" }, 429) },
  { id: "unauthorized", response: answered({ ...allow, "WWW-Authenticate": "Bearer" }, 401) },
];

/** The scenario with the origins and the number put in. */
export function placed(scenario, names) {
  const text = JSON.stringify(scenario).replace(/\b(PAGE|SERVER|OTHER|CASE)\b/g, (name) => names[name]);
  return JSON.parse(text);
}
