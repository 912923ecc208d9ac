// The last step of script/server: node script/lib/server.mjs PORT ADDRESS

import { fileURLToPath } from "node:url";
import { serve } from "./static.mjs";

const [port, address] = process.argv.slice(2);
try {
  const { origin } = await serve(fileURLToPath(new URL("../../dist", import.meta.url)), {
    port: Number(port),
    address,
  });
  console.log(`Tokenscope is at ${origin}/ (stop with Ctrl-C)`);
  if (!/^(127\.|::1$|localhost$)/.test(address)) {
    console.log(
      "Over plain http other machines can decode and check, but not verify: WebCrypto needs https or localhost.",
    );
  }
} catch (error) {
  console.error(
    error.code === "EADDRINUSE"
      ? `error: port ${port} is taken: choose another with --port`
      : `error: ${error.message}`,
  );
  process.exit(1);
}
