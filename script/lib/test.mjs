// Runs the steps of script/test one after the other, and adds up what their runners count.

import { spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const minutes = 60_000;
const ci = process.env.CI === "true";
const { all, fresh, names } = options(process.argv.slice(2));
const seed = chooseSeed();
const vectors = findVectors();

// Every browser and server that a test starts names this directory in its command line: none is left behind unseen.
const temporary = mkdtempSync(join(tmpdir(), "tokenscope-"));
const environment = {
  ...process.env,
  TMPDIR: temporary,
  TOKENSCOPE_SEED: seed,
  PROPTEST_RNG_SEED: seed,
  ...(vectors && { TOKENSCOPE_VECTORS: vectors }),
  ...(all && { TOKENSCOPE_LONG: "1" }),
  CHROMEDRIVER: process.env.CHROMEDRIVER ?? "/usr/bin/chromedriver",
  CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER: "wasm-bindgen-test-runner",
  WASM_BINDGEN_TEST_TIMEOUT: process.env.WASM_BINDGEN_TEST_TIMEOUT ?? "120",
};
delete environment.RUSTFLAGS; // It would replace the flags of environment.sh, and everything would be built twice.

const steps = chooseSteps();
const sum = { passed: 0, failed: 0, skipped: 0 };
const failures = [];
const started = Date.now();
console.log(`seed ${seed}${fresh ? " (fresh: TOKENSCOPE_SEED=" + seed + " script/test repeats it)" : ""}`);
if (!vectors) {
  console.log(
    "test vectors: absent, so the tests that need them are skipped. TOKENSCOPE_VECTORS names their directory.",
  );
  if (ci) count("vectors", { passed: 0, failed: 1, skipped: 0 });
}
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, stopAll);
for (const step of steps) await run(step);
cleanUp();

if (failures.length > 0) console.log(`\nfailed: ${failures.join(", ")}`);
console.log(`\nall steps took ${seconds(started)}`);
console.log(`${sum.passed} passed, ${sum.failed} failed${sum.skipped > 0 ? `, ${sum.skipped} skipped` : ""}`);
process.exit(sum.failed > 0 ? 1 : 0);

/** Every step: its name, its command, how to count its tests, and how long it may take. */
function allSteps() {
  const wasm = ["--target", "wasm32-unknown-unknown"];
  const suite = (directory, limit) =>
    (existsSync(`tests/${directory}`) ? readdirSync(`tests/${directory}`) : [])
      .filter((file) => file.endsWith(".test.mjs"))
      .sort()
      .map((file) => ({
        name: `${directory}/${file.replace(".test.mjs", "")}`,
        command: ["node", "--test", "--test-reporter=spec", `tests/${directory}/${file}`],
        count: countNode,
        limit,
      }));
  return [
    { name: "fmt", command: ["cargo", "fmt", "--check"], count: countOne, limit: 2 * minutes },
    {
      name: "clippy",
      command: ["cargo", "clippy", "--locked", "--all-targets", "--", "-D", "warnings"],
      count: countOne,
      limit: 15 * minutes,
    },
    {
      name: "clippy-wasm",
      command: [
        "cargo",
        "clippy",
        "--locked",
        ...wasm,
        "--lib",
        "--bins",
        "--test",
        "browser*",
        "--",
        "-D",
        "warnings",
      ],
      count: countOne,
      limit: 15 * minutes,
    },
    {
      name: "native",
      command: ["cargo", "test", "--locked", "--no-fail-fast", "--", "--quiet"],
      count: countRust,
      limit: (all ? 40 : 15) * minutes,
    },
    {
      name: "wasm",
      command: ["cargo", "test", "--locked", "--no-fail-fast", ...wasm, "--test", "browser*"],
      count: countRust,
      limit: 15 * minutes,
    },
    { name: "build", command: ["script/build"], count: countOne, limit: 15 * minutes },
    ...suite("e2e", 10 * minutes),
    ...suite("long", 40 * minutes),
  ];
}

function chooseSteps() {
  const every = allSteps();
  if (names.length === 0) return every.filter(({ name }) => all || !name.startsWith("long/"));
  for (const asked of names) {
    if (!every.some(({ name }) => fits(name, asked))) {
      console.error(
        `error: expected the name of a step, but found ${asked}. Steps: ${every.map(({ name }) => name).join(" ")}`,
      );
      process.exit(2);
    }
  }
  // What runs in a browser needs what was built last.
  const build = names.some((asked) => /^(e2e|long)\b/.test(asked));
  return every.filter(({ name }) => (build && name === "build") || names.some((asked) => fits(name, asked)));
}

function fits(name, asked) {
  return name === asked || name.startsWith(`${asked}/`);
}

async function run({ name, command, count: counted, limit }) {
  const begun = Date.now();
  console.log(`\n── ${name}: ${command.join(" ")}`);
  const { code, output } = await execute(command, limit);
  const result = counted(code, output);
  // A runner that broke off without counting a failure has failed all the same.
  if (code !== 0 && result.failed === 0) result.failed = 1;
  count(name, result);
  const skipped = result.skipped > 0 ? `, ${result.skipped} skipped` : "";
  console.log(
    `── ${name}: ${result.passed} of its tests passed, ${result.failed} failed${skipped} (${seconds(begun)})`,
  );
}

function count(name, result) {
  for (const key of Object.keys(sum)) sum[key] += result[key];
  if (result.failed > 0) failures.push(name);
}

function execute([program, ...rest], limit) {
  return new Promise((resolve) => {
    let output = "";
    const child = spawn(program, rest, { env: environment, stdio: ["ignore", "pipe", "pipe"] });
    const timer = setTimeout(() => {
      console.log(`── stopped: it took longer than ${limit / minutes} minutes`);
      for (const pid of descendants(child.pid).reverse()) stop(pid, "SIGTERM");
      setTimeout(() => {
        for (const pid of descendants(child.pid).reverse()) stop(pid, "SIGKILL");
      }, 5000).unref();
    }, limit);
    for (const [stream, to] of [
      [child.stdout, process.stdout],
      [child.stderr, process.stderr],
    ]) {
      stream.setEncoding("utf8");
      stream.on("data", (text) => {
        output += text;
        to.write(text);
      });
    }
    child.on("error", (error) => {
      clearTimeout(timer);
      console.log(String(error));
      resolve({ code: 127, output });
    });
    // "exit", not "close": a process left behind would hold the pipes open for ever.
    child.on("exit", (code) => {
      clearTimeout(timer);
      setTimeout(() => resolve({ code: code ?? 1, output }), 100);
    });
  });
}

function countOne(code) {
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
}

/** Adds up `test result: ok. 3 passed; 0 failed; 1 ignored; …`, one line for each binary, in both Rust runners. */
function countRust(_code, output) {
  const result = { passed: 0, failed: 0, skipped: 0 };
  for (const [, passed, failed, ignored] of output.matchAll(
    /^test result: .*?(\d+) passed; (\d+) failed; (\d+) ignored/gm,
  )) {
    result.passed += Number(passed);
    result.failed += Number(failed);
    result.skipped += Number(ignored);
  }
  return result;
}

/** Reads the closing lines of Node's spec reporter: `ℹ pass 3`, `ℹ fail 0`, … */
function countNode(_code, output) {
  const number = (name) => Number(output.match(new RegExp(`^ℹ ${name} (\\d+)$`, "m"))?.[1] ?? 0);
  return {
    passed: number("pass"),
    failed: number("fail") + number("cancelled"),
    skipped: number("skipped") + number("todo"),
  };
}

function stopAll(signal) {
  console.log(`\nstopped by ${signal}`);
  for (const pid of descendants(process.pid).slice(1).reverse()) stop(pid, "SIGKILL");
  cleanUp();
  process.exit(130);
}

function cleanUp() {
  removeWhatIsLeft();
  rmSync(temporary, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}

/** A process that still names our temporary directory was left behind by a test: that is a failure, and it is ended. */
function removeWhatIsLeft() {
  const left = readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry) && Number(entry) !== process.pid)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(temporary);
      } catch {
        return false; // It has ended meanwhile.
      }
    });
  for (const pid of left) {
    let command = "";
    try {
      command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").slice(0, 160);
    } catch {
      continue;
    }
    console.log(`left behind: process ${pid}: ${command}`);
    stop(Number(pid), "SIGKILL");
  }
  if (left.length > 0) count("processes left behind", { passed: 0, failed: 1, skipped: 0 });
}

function descendants(pid) {
  let children = [];
  try {
    children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").filter(Boolean).map(Number);
  } catch {
    /* It has ended meanwhile. */
  }
  return [pid, ...children.flatMap(descendants)];
}

function stop(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch {
    /* It has ended meanwhile. */
  }
}

function options(given) {
  const known = { "--all": false, "--fresh": false };
  const names = given.filter((argument) => {
    if (!argument.startsWith("--")) return true;
    if (!(argument in known)) {
      console.error(`error: expected --all, --fresh or names of steps, but found ${argument}`);
      process.exit(2);
    }
    known[argument] = true;
    return false;
  });
  return { all: known["--all"], fresh: known["--fresh"], names };
}

function chooseSeed() {
  if (!fresh) return process.env.TOKENSCOPE_SEED ?? "20261120";
  if (ci) {
    console.error("error: --fresh is refused where CI=true: a run there must be repeatable");
    process.exit(2);
  }
  return String(randomInt(2 ** 32));
}

function findVectors() {
  if (process.env.TOKENSCOPE_VECTORS) return process.env.TOKENSCOPE_VECTORS;
  const beside = join(process.cwd(), "../shared/vectors");
  return existsSync(beside) ? beside : null;
}

function seconds(since) {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`;
}
