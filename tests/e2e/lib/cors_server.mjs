// A server on raw sockets that answers exactly what it is told: NUL bytes, repeated lines, odd statuses and methods. Node's
// own HTTP server would refuse half of that.

import { createServer } from "node:net";

/**
 * Starts a server on `ports` free ports of the loopback addresses, and resolves with `{ ports, put, seen, close }`.
 *
 * `put(id, hops)` says what `/c/<id>/<hop>` answers: `hops` is a list of `{ preflight, response }`, each `{ status, headers
 * }` with headers as pairs. `seen(id)` tells what came, by hop: `{ preflights: [...], requests: [...] }`, each with `method`
 * and `headers`. Everything else is an empty page.
 */
export async function startCorsServer({ ports: count = 3 } = {}) {
  const cases = new Map();
  const servers = [];
  const sockets = new Set();
  const accept = (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    socket.setNoDelay(true);
    let buffer = "";
    socket.on("data", (data) => {
      buffer += data.toString("latin1");
      for (let end = buffer.indexOf("\r\n\r\n"); end >= 0; end = buffer.indexOf("\r\n\r\n")) {
        const request = parse(buffer.slice(0, end));
        const length = Number(request.headers["content-length"] ?? 0);
        if (buffer.length < end + 4 + length) return;
        buffer = buffer.slice(end + 4 + length);
        socket.write(answer(cases, request), "latin1");
      }
    });
  };
  const listen = (port, host) =>
    new Promise((resolve, reject) => {
      const server = createServer(accept);
      server.once("error", reject);
      server.listen(port, host, () => {
        servers.push(server);
        resolve(server.address().port);
      });
    });

  const ports = [];
  while (ports.length < count) {
    const port = await listen(0, "127.0.0.1");
    // Browsers try `localhost` on ::1 first, where there is one; another program may have the port there.
    await listen(port, "::1").catch(() => {});
    ports.push(port);
  }
  return {
    ports,
    put: (id, hops) => cases.set(String(id), { hops, seen: hops.map(() => ({ preflights: [], requests: [] })) }),
    seen: (id) => cases.get(String(id)).seen,
    clear: () => cases.clear(),
    close: () => {
      for (const socket of sockets) socket.destroy();
      return Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
    },
  };
}

function parse(head) {
  const [first, ...lines] = head.split("\r\n");
  const [method, target] = first.split(" ");
  const headers = Object.create(null);
  for (const line of lines) {
    const colon = line.indexOf(":");
    headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  return { method, target, headers };
}

function answer(cases, { method, target, headers }) {
  const [, id, number] = /\/c\/(\d+)\/(\d+)/.exec(target) ?? [];
  const found = cases.get(id);
  const hop = found?.hops[number];
  if (!hop) return wire(method, { status: 200, headers: [["Content-Type", "text/html"], ["Content-Length", "0"]] });
  const asks = method === "OPTIONS" && "access-control-request-method" in headers;
  const { preflights, requests } = found.seen[number];
  (asks ? preflights : requests).push({ method, headers });
  return wire(method, asks ? hop.preflight : hop.response);
}

function wire(method, { status, headers, body = "" }) {
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  return `HTTP/1.1 ${status} Status\r\n${lines}\r\n${method === "HEAD" ? "" : body}`;
}
