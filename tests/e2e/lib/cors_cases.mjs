// Random requests to other origins and the answers to them. Each begins as one that works; then something is changed about
// it, so that it just fails or still just works.

/** Everything that stands in a list is as likely as everything else in it: what is written twice is twice as likely. */
const methods = {
  safe: ["GET", "GET", "GET", "GET", "POST", "POST", "HEAD", "get", "Post", "head"],
  other: ["PUT", "DELETE", "PATCH", "OPTIONS", "put", "delete", "patch", "Patch", "options", "FOO", "foo", "X-Y", "GETS", "!#$"],
  none: ["TRACE", "connect", "Track", "A B", "", "é"],
};

const long = (length, filler = "a") => filler.repeat(length);

/** Request headers near the borders of what needs no leave. */
const requestHeaders = [
  ...["text/plain", "TEXT/Plain", "text/plain;charset=utf-8", "text/plain; charset=\"utf-8\"", "text/plain;", "text/plain;;", "text/plain ;x",
    "text/plain\t; charset=x", "text/plain, text/html", "text/plain,text/plain", "text/plain x", "text / plain", "text/plain;charset=(x)",
    "text/plaint", "text/plai", "text/html", "text/", "/plain", "text", "", ";", "*/*", "application/json", "application/json; text/plain",
    "application/x-www-form-urlencoded", "application/x-www-form-urlencoded;charset=UTF-8", "application/X-WWW-form-urlencoded",
    "multipart/form-data", "multipart/form-data; boundary=a", "multipart/form-data; boundary=\"a b\"", "multipart/form-dat",
    "text/plain;" + long(117), "text/plain;" + long(118), "text/plain; a=\x01", "text/plain; a=é", "\x0btext/plain", "text/plain\x0c",
    "message/ad-auction-trusted-signals-request", "text/plain/x", "text/plain;a=[", "text/plain;a=\x7f", "text/plain; a={}",
    "text/plain; ;", "text/plain;;a=b", "text/plain;a=b;", "text/plain;a=b;;c=d", "text/plain;a", "text/plain;=", "text/plain;a=b,c", "text/plain;,", "text/plain,", "text/plain\t;"].map((value) => ["Content-Type", value]),
  ...["*/*", "text/html, application/json;q=0.9", "a\tb", "a:b", "a\"b", "(a)", "a<b", "a>b", "a?b", "a@b", "a[b", "a\\b", "a]b", "a{b", "a}b",
    "a\x7fb", "a\x01b", "a\x1fb", "é", "\xff", long(127), long(128), long(129), ""].map((value) => ["Accept", value]),
  ...["en", "en-US,en;q=0.5", "en_US", "*", "a b", "a\tb", "é", "a/b", "en;q=0,5", long(128), long(129), "a'b", "a!b", "a+b", ""].flatMap((value) =>
    [["Accept-Language", value], ["Content-Language", value]]),
  ...["bytes=0-", "bytes=0-10", "bytes=10-0", "bytes=-5", "bytes=-", "bytes=", "Bytes=0-", "bytes = 0-", "bytes=0 -", "bytes=0-,1-", "bytes=0-1,",
    "bytes=00-01", "bytes=5-5", "bytes=99999999999999999999-", "bytes=0-99999999999999999999", "bytes=0-9223372036854775806", "bytes=9223372036854775806-", "bytes=9223372036854775807-", "bytes=0-9223372036854775807", "bytes=9223372036854775808-", "bytes=0-18446744073709551615", "bytes=0-18446744073709551616", "bytes=a-b", "items=0-", "bytes=0--", " bytes=0-",
    "bytes=0-\t"].map((value) => ["Range", value]),
  ...["1", "0.25", "1.", ".5", "1.5.2", "-1", "1a", "", "on", "On", "off", "2g", "slow-2g", "5g", "4G"].flatMap((value) =>
    ["Device-Memory", "DPR", "Width", "Viewport-Width", "RTT", "Downlink", "ECT", "Save-Data", "Intervention", "Lang"].map((name) => [name, value])),
  ...["X-Trace", "x-requested-with", "X-A", "Authorization", "authorization", "Authorization", "If-None-Match", "Cache-Control", "Pragma", "DPoP",
    "Priority", "User-Agent", "Upgrade-Insecure-Requests", "Content-Encoding", "Content-Location", "X.Y", "!#$%&'*+-.^_`|~", "X-Z_Z", "Last-Event-ID",
    "Content-Disposition", "Purpose", "Sec-Purpose", "Referer", "Origin", "Host", "Cookie", "Cookie2", "DNT", "Date", "Expect", "Keep-Alive", "TE", "Via", "Upgrade",
    "Connection", "Content-Length", "Accept-Charset", "Accept-Encoding", "Access-Control-Request-Method", "Access-Control-Request-Headers",
    "Access-Control-Request-Private-Network", "Access-Control-Request-Local-Network", "Set-Cookie", "Sec-Fetch-Mode", "Sec-CH-UA", "Sec-X", "Proxy-Authorization", "proxy-x", "Trailer",
    "Transfer-Encoding", "X-HTTP-Method", "X-HTTP-Method-Override", "X-Method-Override"].flatMap((name) => [[name, "a"], [name, "PUT"], [name, "1"]]),
  ...["X-HTTP-Method", "X-HTTP-Method-Override", "X-Method-Override"].flatMap((name) =>
    ["TRACE", "connect", "GET, track", "GET,TRACE,PUT", "TRACES", "\"TRACE\""].map((value) => [name, value])),
  ["A B", "1"], ["", "1"], ["X-É", "1"], ["X-Trace", "a\0b"], ["X-Trace", "a\nb"], ["X-Trace", "é"], ["X-Trace", long(2000)],
];

const allowOrigins = (origin, other) => [
  ...Array(8).fill(null), ...Array(8).fill("*"), origin, origin, "null", "null", other, other, origin.toUpperCase(), origin.replace("http", "HTTP"), origin.replace("http", "https"), `${origin}/`, `${origin}//`,
  `${origin}?`, `${origin}#`, `${origin}:80`, origin.replace(/:\d+$/, ""), origin.replace(/:\d+$/, ":"), origin.replace("://", "://a@"),
  origin.replace("://", ":"), origin.replace("http://", ""), origin.replace("http:", ""), origin.replace(/:(\d+)$/, ":0$1"), ` ${origin}`, `\t${origin}  `, `${origin} \t`,
  ` *`, `* `, "\t*", "**", "* *", "*,*", "*, *", "*,", ",*", ",", ", ", `,${origin}`, `${origin},`, `${origin}, `, `${origin},,`, `${origin},${origin}`, `${origin}, ${origin}`, `${origin} ${origin}`,
  `*, ${origin}`, `${origin}, *`, `${origin}, null`, `${origin}|${other}`, `"${origin}"`, `'${origin}'`, `<${origin}>`, `"*"`, "'*'", "", " ", "NULL", "Null", "nulll", "undefined", "true", "false", "none", "all", "any", "self",
  "http://", "http:", "http", "https://*", "http://*", "http://*:*", "*://*", "*.example", "http://*.example", "http://localhost", "localhost", "localhost:3000",
  "127.0.0.1", "//", "///", "/", "?", "#", "data:", "data:text/plain,a", "file:///", "about:blank", "a b", "http://a b", "http://a,b", "http://[", "http://[::1]", "http://::1", "http://a:b", "http://a:99999",
  "http://a%b", "http://a%20b", "http://%41", "http://a^b", "http://a|b", "http://a<b", "http://256.256.256.256", "http://1.2.3.4.5", "http://é", "é", "\xff", "http://-", "http://.", "http://..", "http://a..b", "h ttp://a", "1http://a", "-a://b", "a+b://c", "http//a",
  `${origin}\x0b`, `\x0c${origin}`, `${origin}\x00`, `\x00*`, `*\x0b`, `\x0c*`, `*\x01`, `*\x7f`, `${origin}\x7f`, `${origin.slice(0, 9)}\t${origin.slice(9)}`,
  [origin, origin], ["*", "*"], ["*", origin], [origin, "*"], ["", origin], [origin, ""], ["", "*"], ["*", ""], ["", ""], [other, origin], [" ", origin], ["null", "null"],
];

const allowCredentials = [
  null, null, "true", "true", "True", "TRUE", "tRue", "false", "", " true", "true ", "\ttrue\t", "true,", ",true", "true, true", "true true", "\"true\"", "1", "yes", "*", "true;", "truetrue", "tru",
  "true\x0b", "\x0ctrue", "true\x01", "true\x00", ["true", "true"], ["", "true"], ["true", ""], ["false", "true"], ["true", "false"],
];

const allowMethods = (method) => [
  null, null, "*", "*", "", " ", ",", ",,", method, method.toLowerCase(), method.toUpperCase(), `GET, ${method}`, `${method},GET`, `GET,,${method}`, `,${method}`, `${method},`, `GET ,\t${method}\t,`,
  `GET ${method}`, `GET;${method}`, `"${method}"`, `'${method}'`, `${method}\x0b`, `\x0c${method}`, `${method}, (`, `${method}, a b`, `${method}, é`, `${method}, @`, `@, ${method}`, `${method}/`, `x${method}`, `${method}x`,
  "GET, HEAD, POST", "PUT, DELETE, PATCH, OPTIONS", "GET, HEAD, PUT, PATCH, POST, DELETE", "ALL", "ANY", "* ", " *", "*, *", "*,", `*, ${method}`, "**", "'*'", "\"*\"", `*\x0b`, "{}", "(*)", "*;", `${method}\x00`, `${method}\x01`,
  [method, "GET"], ["GET", method], ["*", "("], ["", method], [method, ""], ["GET", "*"], ["@", method],
];

const allowHeaders = (names) => {
  const all = names.join(",");
  const without = names.slice(1).join(", ");
  return [
    null, null, "*", "*", "*", "*", "", " ", ",", all, all.toUpperCase(), names.join(" , "), `,${all},`, `${all},,x-b`, without, without, without, `*, ${without}`, `${all} x-b`, names.join(" "), names.join(";"), `"${all}"`, `'${all}'`,
    `${all}\x0b`, `\x0c${all}`, `${all}, (`, `${all}, a b`, `${all}, é`, `${all}, @`, `@, ${all}`, `${all}:`, `${all}, x:y`, `x${all}`, `${all}x`, "authorization", "Authorization", "*, authorization", "*, Authorization", "authorization, content-type",
    "content-type, accept, x-trace", "X-Requested-With", "All", "* ", " *", "*,", "**", "*x", "'*'", "\"*\"", "*;", `*\x0b`, `${all}\x00`, `${all}\x01`, [...names, "x-b"], ["*", "("], ["", all], [all, ""], ["x-b", all], ["*", "authorization"], ["(", all],
  ];
};

const exposeHeaders = [
  null, null, "*", "*", "X-One", "x-one, X-TWO", "x-two,", ",x-one", "x-one x-two", "x-one;x-two", "x-one, (", "(, x-one", "x-one, a b", "*, x-one", "* ", "**", "'*'", "*, (", "", " ", "Set-Cookie", "set-cookie, x-one", "ETag, DPoP-Nonce",
  "x-one\x0b", "\x0cx-one", "x-one\x01", "\"x-one\"", "x-one, é", "x-one,\tx-two", "x-one\t", ["x-one", "x-two"], ["x-one", "("], ["(", "x-one"], ["", "x-one"], ["x-one", ""], ["*", "x-one"], ["x-one", "*"],
];

const responseHeaders = [
  ["X-One", "1"], ["x-two", "2"], ["X-Two", "3"], ["ETag", "\"a\""], ["DPoP-Nonce", "n"], ["Content-Language", "en"], ["Expires", "0"], ["Last-Modified", "Sat, 21 Nov 2026 00:00:00 GMT"],
  ["Pragma", "no-cache"], ["Set-Cookie", "a=b; Max-Age=0"], ["Set-Cookie2", "a=b"], ["Cache-Control", "no-store"], ["Content-Type", "application/json"], ["Vary", "Origin"], ["Allow", "GET"],
  ["Retry-After", "1"], ["X-RateLimit-Remaining", "0"], ["Link", "<a>"], ["Server", "a"], ["Timing-Allow-Origin", "*"], ["Access-Control-Max-Age", "0"],
];

const okStatuses = [200, 200, 201, 202, 203, 204, 206, 207, 226, 250, 299];
const otherStatuses = [300, 301, 302, 303, 304, 305, 306, 307, 308, 399, 400, 401, 402, 403, 404, 405, 410, 418, 429, 451, 499, 500, 501, 502, 503, 504, 511, 599];
const redirectStatuses = [301, 302, 303, 307, 308];

const strangeLocations = ["data:text/plain,a", "about:blank", "file:///", "javascript:1", "http://", "http://a^b/", "http://[/", "https://127.0.0.1:99999/", "http://127.0.0.1:x/"];
const externalLocations = ["ftp://127.0.0.1/", "mailto:a@b", "x-app://callback"];

/**
 * One case: `{ id, exchange, hops }`. `exchange` is what the model takes; `hops` is what the server answers.
 *
 * `external` is for redirects to addresses that other programs open: Firefox tries that even for fetch, and where no page is
 * left to ask, it ends the process that all pages are in.
 */
export function makeCase(random, id, origin, ports, { external }) {
  const { below, pick, next } = random;
  const chance = (share) => next() < share;
  const origins = ports.flatMap((port) => [`http://127.0.0.1:${port}`, `http://localhost:${port}`]);
  const others = origins.filter((other) => other !== origin);
  const place = () => (chance(0.12) ? origin : pick(others));

  const method = pick(chance(0.6) ? methods.safe : chance(0.97) ? methods.other : methods.none);
  const credentials = pick(["omit", "same-origin", "same-origin", "include", "include"]);
  const mode = chance(0.9) ? "cors" : pick(["no-cors", "no-cors", "same-origin"]);
  const redirect = chance(0.88) ? "follow" : pick(["manual", "error"]);
  const headers = chance(0.45) ? [] : Array.from({ length: 1 + below(chance(0.1) ? 12 : 3) }, () => pick(requestHeaders));
  if (headers.length > 0 && chance(0.1)) headers.push(pick(headers));
  if (chance(0.01)) for (let number = 0; number < 9; number++) headers.push([pick(["Accept", "Accept-Language", "Content-Type"]), long(110 + below(19))]);

  const places = [place()];
  while (places.length < 4 && chance(0.25)) places.push(place());
  const names = [...new Set(headers.map(([name]) => name.toLowerCase()).filter((name) => /^[!-~]+$/.test(name)))];
  const upper = method.toUpperCase();
  const normalised = ["DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"].includes(upper) ? upper : method;
  const changes = pick([0, 0, 0.08, 0.16, 0.3]);
  let tainted = false;

  const hops = places.map((at, number) => {
    if (number > 0 && at !== places[number - 1]) tainted ||= places[number - 1] !== origin;
    const expected = tainted ? "null" : origin;
    const cors = (preflight) => {
      const lines = [];
      const add = (name, right, wrong) => {
        const value = chance(changes) ? pick(wrong) : right;
        if (value !== null) for (const each of [value].flat()) lines.push([chance(0.2) ? name.toLowerCase() : name, each]);
      };
      const right = credentials !== "include" && chance(0.4) ? "*" : expected;
      add("Access-Control-Allow-Origin", right, allowOrigins(expected, pick(others)));
      add("Access-Control-Allow-Credentials", credentials === "include" || chance(0.2) ? "true" : null, allowCredentials);
      if (preflight) {
        const star = credentials !== "include" && chance(0.3);
        add("Access-Control-Allow-Methods", star ? "*" : `GET, ${normalised}`, allowMethods(normalised));
        add("Access-Control-Allow-Headers", star ? "*" : names.length > 0 ? names.join(", ") : null, allowHeaders(names));
        lines.push(["Access-Control-Max-Age", "0"]);
      } else if (chance(0.4)) {
        add("Access-Control-Expose-Headers", pick(exposeHeaders), exposeHeaders);
      }
      return lines;
    };
    const preflight = { status: chance(changes) ? pick(otherStatuses) : pick(okStatuses), headers: cors(true) };
    if (preflight.status < 400 && preflight.status >= 300 && chance(0.7)) preflight.headers.push(["Location", `/c/${id}/${number}`]);
    const response = { status: chance(0.8) ? 200 : pick([...okStatuses, ...otherStatuses]), headers: cors(false) };
    if (number + 1 < places.length) {
      response.status = pick(redirectStatuses);
      response.headers.push(["Location", location(random, at, places[number + 1], id, number + 1)]);
    } else if (chance(0.04)) {
      response.status = pick(redirectStatuses);
      const target = pick([...strangeLocations, ...(external ? externalLocations : []), null, null]);
      if (target !== null) response.headers.push(["Location", target]);
    } else if (chance(0.03) && !redirectStatuses.includes(response.status)) {
      response.headers.push(["Location", "/elsewhere"]);
    }
    while (chance(0.5)) response.headers.push(pick(responseHeaders));
    for (const answer of [preflight, response]) {
      if (chance(0.002)) answer.headers.push(["X-Broken", "a\0b"]);
      if (![204, 304].includes(answer.status)) answer.headers.push(["Content-Length", "0"]);
    }
    return { preflight, response };
  });

  const [{ preflight, response }, ...redirects] = hops;
  const request = { method, url: `${places[0]}/c/${id}/0`, headers, credentials, mode, redirect };
  return { id, hops, exchange: { origin, request, preflight, response, redirects } };
}

/** A `Location` for the next hop, in one of the ways to write it. */
function location({ next, pick }, from, to, id, number) {
  const path = `/c/${id}/${number}`;
  const ways = [`${to}${path}`, `${to}${path}#a`, `${to}/x/..${path}`, `${to.toUpperCase()}${path}`, to.replace("http:", "") + path, ` ${to}${path}`, `${to}\\c/${id}/${number}`];
  if (from === to) ways.push(path, String(number), `./${number}`, `../${id}/${number}`, `http:${number}`);
  if (next() < 0.08) {
    return pick(["a:b@", "a@", ":b@", "@", ":@", "a:@"].map((user) => to.replace("://", `://${user}`) + path));
  }
  return next() < 0.6 ? ways[0] : pick(ways);
}
