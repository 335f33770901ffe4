/**
 * Does the daemon keep its memory, file descriptors, log and quickness over an hour of work? Twenty services on a
 * simulated account that lives sixty times as fast, each in a process of its own.
 * `node bench/soak.ts --minutes 60`: one line each minute, exit code 1 when a bound does not hold.
 */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { parseArgs } from "node:util";
import { seededRng } from "../src/runtime/seeded-rng.ts";
import { ApiClient } from "../test/support/api-client.ts";
import { accountEnvironment, DaemonProcess } from "../test/support/daemon-process.ts";
import { pause } from "../test/support/wait-until.ts";
import { faultsOf, headerLine, rssSlope, type Sample, sampleLine } from "./soak-verdict.ts";
import {
  changeSpec,
  fillChangeWindow,
  Meddler,
  manifestOf,
  openWatches,
  readEverything,
  replaceService,
  restoreServices,
  untilAllReady,
} from "./soak-workload.ts";

const SERVICES = 20;
const WATCHES = 20;
const SPEED = "60";
const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const READY_LIMIT_MS = 10 * MINUTE_MS;
const MIB = 1_048_576;

const { values } = parseArgs({ options: { minutes: { type: "string", default: "60" } } });
const minutes = Number(values.minutes);
if (!(minutes >= 1)) {
  process.stderr.write("--minutes: a number from 1\n");
  process.exit(2);
}

const folder = mkdtempSync(join(tmpdir(), "holdfast-soak-"));
const database = join(folder, "holdfast.db");
const account = spawn(process.execPath, [new URL("soak-account.ts", import.meta.url).pathname, SPEED], {
  stdio: ["ignore", "pipe", "inherit"],
});
process.on("exit", () => account.kill("SIGKILL"));
// Whoever ends the soak ends what it has started, too.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit(1));
const accountUrl = await firstLine(account);
const settings = ["--cloud", "aws", "--database", database];
const daemon = await DaemonProcess.start(settings, accountEnvironment(accountUrl));
process.exitCode = await soak();
await daemon.stop();
account.kill();
rmSync(folder, { recursive: true });

async function soak(): Promise<number> {
  const api = new ApiClient(daemon.url);
  const names = Array.from({ length: SERVICES }, (_, index) => `soak-${String(index + 1).padStart(2, "0")}`);
  await api.post(...names.map(manifestOf));
  await untilAllReady(api, READY_LIMIT_MS);
  await fillChangeWindow(api, names);
  const watches = openWatches(daemon.url, WATCHES);
  const troubles: string[] = [];
  const stopWork = beginWork(api, names, troubles);
  process.stdout.write(`${headerLine()}\n`);
  // The first scrape begins the measurement of delay.
  await metrics();
  const samples: Sample[] = [];
  const startMs = performance.now();
  for (let minute = 1; minute <= minutes; minute += 1) {
    const rss = await rssUntil(startMs + minute * MINUTE_MS);
    if (!daemon.isRunning) break;
    const sample = await look(minute, rss);
    samples.push(sample);
    process.stdout.write(`${sampleLine(sample)}\n`);
  }
  stopWork();
  const isAlive = daemon.isRunning;
  watches.close();
  const slope = rssSlope(samples);
  process.stdout.write(
    `growth after the warm-up: ${slope === undefined ? "too short a run to say" : `${slope.toFixed(2)} MiB in ten minutes`}; lines that watchers got: ${watches.lines()}\n`,
  );
  const faults = [
    ...faultsOf(samples),
    ...(isAlive ? [] : ["the daemon ended by itself"]),
    ...(daemon.stderr === "" ? [] : [`the daemon wrote to standard error: ${daemon.stderr.slice(0, 2_000)}`]),
    ...daemon.errors.slice(0, 5).map((line) => `the daemon logged ${JSON.stringify(line)}`),
    ...troubles.slice(0, 5).map((trouble) => `the workload failed: ${trouble}`),
  ];
  for (const fault of faults) process.stdout.write(`FAIL ${fault}\n`);
  if (faults.length === 0) process.stdout.write("PASS every bound held\n");
  return faults.length === 0 ? 0 : 1;
}

/** Each piece of work at its own pace, and never twice at once. */
function beginWork(api: ApiClient, names: readonly string[], troubles: string[]): () => void {
  const rng = seededRng(7);
  const meddler = new Meddler(accountUrl, rng);
  const anyName = () => names[Math.floor(rng.next() * names.length)] ?? "";
  const work: readonly (readonly [everyMs: number, run: () => Promise<void>])[] = [
    [4_000, () => changeSpec(api, rng, names)],
    [6_000, () => meddler.edit()],
    [15_000, () => meddler.breakInstance()],
    [1_000, () => readEverything(api, anyName())],
    [120_000, () => replaceService(api, anyName())],
    [10_000, () => restoreServices(api, names)],
  ];
  const timers = work.map(([everyMs, run]) => {
    let isRunning = false;
    return setInterval(async () => {
      if (isRunning) return;
      isRunning = true;
      try {
        await run();
      } catch (error) {
        troubles.push(error instanceof Error ? error.message : String(error));
      }
      isRunning = false;
    }, everyMs);
  });
  return () => {
    for (const timer of timers) clearInterval(timer);
  };
}

/** The resident set of the daemon in MiB, once a second until `performance.now()` is `untilMs` or the daemon has ended. */
async function rssUntil(untilMs: number): Promise<number[]> {
  const values: number[] = [];
  while (performance.now() < untilMs && daemon.isRunning) {
    const status = readFileSync(`/proc/${daemon.pid}/status`, "utf8");
    values.push(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1_024);
    await pause(Math.min(SECOND_MS, untilMs - performance.now()));
  }
  return values;
}

async function look(minute: number, rss: readonly number[]): Promise<Sample> {
  const text = await metrics();
  return {
    minute,
    machineLoad: loadavg()[0] ?? 0,
    leastRssMib: Math.min(...rss),
    mostRssMib: Math.max(...rss),
    heapUsedMib: sumOf(text, /^holdfast_nodejs_heap_size_used_bytes (\S+)/gm) / MIB,
    fds: readdirSync(`/proc/${daemon.pid}/fd`).length,
    walMib: statSync(`${database}-wal`).size / MIB,
    delayP99Ms: sumOf(text, /^holdfast_nodejs_eventloop_lag_p99_seconds (\S+)/gm) * 1_000,
    crashedPasses: sumOf(text, /^holdfast_passes_total\{result="crashed"\} (\S+)/gm),
    passes: sumOf(text, /^holdfast_passes_total\{.*\} (\S+)/gm),
    awsCalls: sumOf(text, /^holdfast_aws_calls_total\{.*\} (\S+)/gm),
  };
}

async function metrics(): Promise<string> {
  return (await fetch(`${daemon.url}/metrics`)).text();
}

function sumOf(text: string, pattern: RegExp): number {
  return [...text.matchAll(pattern)].reduce((sum, [, value]) => sum + Number(value), 0);
}

async function firstLine(child: ChildProcessByStdio<null, Readable, null>): Promise<string> {
  let text = "";
  for await (const chunk of child.stdout.setEncoding("utf8")) {
    text += chunk;
    if (text.includes("\n")) break;
  }
  return text.trim();
}
