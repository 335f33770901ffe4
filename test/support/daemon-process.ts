/** The daemon as its users have it: a process of its own, known by its exit code, its output and what it serves. */
import { type ChildProcessByStdio, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { buildCommand, startCommand } from "./start-command.ts";

const ROOT = new URL("../../", import.meta.url);
const START = startCommand();
// As npm does before it; where it has been done already, it takes no time.
execFileSync(process.execPath, [buildCommand()], { cwd: ROOT });
/** Starting takes a second or two; on a machine with other work, several times that. */
const START_LIMIT_MS = 60_000;

export interface Ended {
  /** `null` when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Line {
  readonly level: string;
  readonly message: string;
  readonly [field: string]: unknown;
}

type Child = ChildProcessByStdio<null, Readable, Readable>;

/** What a daemon needs to work on an account that is served elsewhere. */
export function accountEnvironment(accountUrl: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: accountUrl,
    AWS_ACCESS_KEY_ID: "holdfast",
    AWS_SECRET_ACCESS_KEY: "holdfast",
    AWS_REGION: "us-east-1",
  };
}

/** Neither settings nor credentials of whoever runs the tests reach the process. */
function environment(more: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(HOLDFAST|AWS|NODE|VITEST)_/.test(name),
  );
  return { ...Object.fromEntries(inherited), ...START.environment, ...more };
}

/** A test that is cut short leaves no daemon behind. */
const running = new Set<Child>();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

function launch(args: readonly string[], more: Readonly<Record<string, string>>): Child {
  const child = spawn(process.execPath, [...START.options, START.script, ...args], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "pipe"],
    env: environment(more),
  });
  running.add(child);
  child.once("close", () => running.delete(child));
  return child;
}

/** Runs it to its end, which must come by itself. */
export async function runToEnd(
  args: readonly string[],
  more: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const child = launch(args, more);
  const output = collected(child);
  const timer = setTimeout(() => child.kill("SIGKILL"), START_LIMIT_MS);
  await once(child, "close");
  clearTimeout(timer);
  return { code: child.exitCode, ...output };
}

function collected(child: Child): { stdout: string; stderr: string } {
  const output = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output.stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    output.stderr += text;
  });
  return output;
}

export class DaemonProcess {
  readonly pid: number;
  readonly #child: Child;
  /** All that it wrote to standard error: nothing, when all is well. */
  stderr = "";
  /** Lines of its log that tell of an error of ours; the rest is not kept. */
  readonly errors: Line[] = [];
  readonly #up: Promise<string>;
  #url: string | undefined;
  #simulatorUrl: string | undefined;

  private constructor(args: readonly string[], more: Readonly<Record<string, string>>) {
    this.#child = launch(["--listen", "127.0.0.1:0", ...args], more);
    this.pid = this.#child.pid ?? 0;
    this.#child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.stderr += text;
    });
    this.#up = new Promise((resolve, reject) => {
      this.#child.once("close", () => reject(new Error(`the daemon ended before it was up: ${this.stderr}`)));
      this.#read(resolve);
    });
  }

  /** Begins one and does not wait for it; see {@link up}. */
  static begin(args: readonly string[], more: Readonly<Record<string, string>> = {}): DaemonProcess {
    const daemon = new DaemonProcess(args, more);
    // Whoever kills it while it starts does not wait for it to be up.
    daemon.#up.catch(() => undefined);
    return daemon;
  }

  static async start(
    args: readonly string[],
    more: Readonly<Record<string, string>> = {},
  ): Promise<DaemonProcess> {
    const daemon = DaemonProcess.begin(args, more);
    await daemon.up();
    return daemon;
  }

  /** Its address, once it serves. @throws when it ends before */
  up(): Promise<string> {
    return this.#up;
  }

  /** @throws before it is up */
  get url(): string {
    if (this.#url === undefined) throw new Error("the daemon is not up yet");
    return this.#url;
  }

  /** AWS endpoint of the account that it simulates. @throws before it is up, and when it works on another account */
  get simulatorUrl(): string {
    if (this.#simulatorUrl === undefined) throw new Error("there is no simulated account");
    return this.#simulatorUrl;
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Asks it to stop and answers with its exit code; `null` when the signal itself ended it. */
  async stop(signal: "SIGTERM" | "SIGINT" | "SIGKILL" = "SIGTERM"): Promise<number | null> {
    if (this.isRunning) {
      const closed = once(this.#child, "close");
      this.#child.kill(signal);
      await closed;
    }
    return this.#child.exitCode;
  }

  /** Sends it a signal that does not end it. */
  signal(signal: "SIGHUP"): void {
    this.#child.kill(signal);
  }

  /** Whoever reads its log goes away. */
  closeLog(): void {
    this.#child.stdout.destroy();
  }

  #read(resolve: (url: string) => void): void {
    let rest = "";
    this.#child.stdout.setEncoding("utf8").on("data", (text: string) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) this.#take(line, resolve);
    });
  }

  #take(text: string, resolve: (url: string) => void): void {
    const line = JSON.parse(text) as Line;
    if (line.message === "holdfast is up") {
      this.#url = String(line.url);
      if (line.simulator !== undefined) this.#simulatorUrl = String(line.simulator);
      resolve(this.#url);
    }
    if (line.level === "error" || line.level === "fatal") this.errors.push(line);
  }
}
