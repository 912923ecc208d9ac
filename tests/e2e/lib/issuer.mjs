// A real OpenID provider on loopback, npm oidc-provider, with keys of its own for each start.
//
// It is driven without a browser: access tokens come by client credentials, ID tokens by the code flow with PKCE through
// the provider's own development forms. Its private keys are at hand, so that a test can sign what no provider would.

import { createHash, generateKeyPairSync, randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { CompactSign, importJWK } from "jose";

/** The algorithms that the issuer signs access tokens with. */
export const algorithms = ["RS256", "PS256", "ES256", "EdDSA"];
/** What its access tokens are meant for. */
export const audience = "api://orders";
/** The client that gets the ID tokens; they are meant for it. */
export const client = "orders-app";

const service = { client_id: "orders-service", client_secret: "a secret that only this test knows" };
const redirect = "http://127.0.0.1:4000/callback";

silence();

/**
 * Starts the issuer: `{ issuer, jwksUri, requests, accessToken, idToken, mint, rotate, close }`.
 *
 * - `accessToken(algorithm)`: an RFC 9068 access token; with `claims`, these private claims in it.
 * - `idToken(nonce)`: an ID token, signed with ES256.
 * - `mint(algorithm, change, header)`: as an access token of the issuer, with `change(payload)` made before signing.
 * - `rotate()`: new keys take the place of the old ones.
 * - `requests`: what was asked, as `{ method, url, headers }`.
 */
export async function startIssuer({ claims = {}, host = "127.0.0.1" } = {}) {
  const requests = [];
  let provider = null;
  let keys = [];
  const server = createServer((request, response) => {
    requests.push({ method: request.method, url: request.url, headers: request.headers });
    provider(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const issuer = `http://${host}:${server.address().port}`;

  async function rotate() {
    keys = newKeys();
    provider = await newProvider(issuer, keys, claims);
  }

  async function accessToken(algorithm = "RS256") {
    const answer = await post(`${issuer}/token`, {
      ...service, grant_type: "client_credentials", resource: `https://orders.example/${algorithm}`, scope: "orders.read",
    });
    return (await json(answer)).access_token;
  }

  async function mint(algorithm, change = (payload) => payload, header = {}) {
    const token = await accessToken(algorithm);
    const [own, payload] = token.split(".").map((part) => Buffer.from(part, "base64url").toString());
    const key = keys.find((one) => one.kid === JSON.parse(own).kid);
    return sign(change(JSON.parse(payload)), { ...JSON.parse(own), ...header }, key);
  }

  await rotate();
  return {
    issuer,
    jwksUri: `${issuer}/jwks`,
    requests,
    rotate,
    accessToken,
    idToken: (nonce) => idToken(issuer, nonce),
    mint,
    close: () => new Promise((done) => {
      server.close(done);
      server.closeAllConnections();
    }),
  };
}

/** Signs a payload with a private JWK. */
export async function sign(payload, header, jwk) {
  const bytes = new TextEncoder().encode(JSON.stringify(payload));
  return new CompactSign(bytes).setProtectedHeader(header).sign(await importJWK(jwk, header.alg));
}

/** A private JWK of each kind that the algorithms need: RSA for RS and PS, P-256, Ed25519. */
export function newKeys() {
  return [["rsa", { modulusLength: 2048 }], ["ec", { namedCurve: "P-256" }], ["ed25519", {}]].map(([type, options]) => ({
    ...generateKeyPairSync(type, options).privateKey.export({ format: "jwk" }),
    kid: randomBytes(12).toString("base64url"),
    use: "sig",
  }));
}

async function newProvider(issuer, keys, claims) {
  const { Provider } = await import("oidc-provider");
  const provider = new Provider(issuer, {
    jwks: { keys },
    cookies: { keys: [randomBytes(16).toString("hex")] },
    clients: [
      { ...service, grant_types: ["client_credentials"], redirect_uris: [], response_types: [] },
      {
        client_id: client,
        token_endpoint_auth_method: "none",
        application_type: "native", // Only native applications may be sent back to 127.0.0.1.
        grant_types: ["authorization_code"],
        redirect_uris: [redirect],
        response_types: ["code"],
        id_token_signed_response_alg: "ES256",
      },
    ],
    scopes: ["openid", "orders.read"],
    claims: { openid: ["sub"], email: ["email"] },
    conformIdTokenClaims: false, // So that the ID token has the e-mail address, too.
    findAccount: (_context, sub) => ({ accountId: sub, claims: () => ({ sub, email: "a@orders.example", ...claims }) }),
    extraTokenClaims: () => claims,
    ttl: { AccessToken: 3600, ClientCredentials: 3600, IdToken: 3600, Grant: 3600, Interaction: 600, Session: 600 },
    enabledJWA: {
      idTokenSigningAlgValues: ["RS256", "PS256", "ES256", "EdDSA"],
      userinfoSigningAlgValues: ["RS256"],
    },
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => [],
        getResourceServerInfo: (_context, resource) => ({
          scope: "orders.read",
          audience,
          accessTokenFormat: "jwt",
          jwt: { sign: { alg: resource.split("/").at(-1) } },
        }),
      },
    },
  });
  return provider.callback();
}

/** The code flow with PKCE, with a cookie jar and the provider's two development forms. */
async function idToken(issuer, nonce) {
  const jar = new Map();
  const verifier = randomBytes(32).toString("base64url");
  const visit = async (address, body) => {
    const answer = await fetch(new URL(address, issuer), {
      method: body ? "POST" : "GET",
      body: body && new URLSearchParams(body),
      headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join("; ") },
      redirect: "manual",
    });
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name, value] = cookie.match(/^([^=]+)=([^;]*)/);
      jar.set(name, value);
    }
    return answer;
  };
  const ask = new URLSearchParams({
    client_id: client, response_type: "code", redirect_uri: redirect, scope: "openid email", nonce, prompt: "consent",
    code_challenge: createHash("sha256").update(verifier).digest("base64url"), code_challenge_method: "S256",
  });
  let answer = await visit(`/auth?${ask}`);
  for (let step = 0; step < 10; step += 1) {
    const location = answer.headers.get("location");
    if (location?.startsWith(redirect)) {
      const code = new URL(location).searchParams.get("code");
      if (!code) throw new Error(`no code came, but ${location}`);
      const granted = await post(`${issuer}/token`, {
        grant_type: "authorization_code", client_id: client, redirect_uri: redirect, code, code_verifier: verifier,
      });
      return (await json(granted)).id_token;
    }
    if (location) {
      answer = await visit(location);
      continue;
    }
    const form = await answer.text();
    const action = form.match(/action="([^"]+)"/)?.[1];
    const prompt = form.match(/name="prompt" value="([^"]+)"/)?.[1];
    if (!action || !prompt) throw new Error(`expected a form of the provider, but found ${answer.status} ${form.slice(0, 300)}`);
    answer = await visit(action, prompt === "login" ? { prompt, login: "alice", password: "any" } : { prompt });
  }
  throw new Error("the sign-in went in circles");
}

function post(address, body) {
  return fetch(address, { method: "POST", body: new URLSearchParams(body) });
}

async function json(answer) {
  const value = await answer.json();
  if (!answer.ok) throw new Error(`the issuer answered ${answer.status} ${JSON.stringify(value)}`);
  return value;
}

/** The provider warns about Node 20 and about its own development forms, which is known here; other words come through. */
function silence() {
  for (const name of ["info", "warn"]) {
    const say = console[name];
    console[name] = (...words) => { if (!/oidc-provider (WARNING|NOTICE)/.test(String(words[0]))) say(...words); };
  }
}
