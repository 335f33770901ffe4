import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildCommand, startCommand } from "../support/start-command.ts";
import { environmentOf, instructionsOf, lastStage, restsOf } from "./dockerfile.ts";

const INSTRUCTIONS = instructionsOf(readFileSync("Dockerfile", "utf8"));
const IMAGE = lastStage(INSTRUCTIONS);
const WORKDIR = restsOf(IMAGE, "WORKDIR")[0]!;
const ENVIRONMENT = environmentOf(IMAGE);
const INSTALL_LIMIT_MS = 200_000;

/** Folders that stand for the root of a file system: that of each stage by its name, and the image's. */
const stages = new Map<string, string>();
/** The image's, once the last stage has begun. */
let root = "";
let port: number;
let daemon: ChildProcess | undefined;
let said = "";

beforeAll(async () => {
  for (const { name, rest } of INSTRUCTIONS) {
    if (name === "FROM") beginStage(rest);
    if (name === "WORKDIR") mkdirSync(inImage(rest), { recursive: true });
    if (name === "COPY") copy(rest);
    if (name === "RUN" && rest.startsWith("npm ")) runNpm(rest);
    if (name === "RUN" && rest.startsWith("[")) runNode(wordsAfterNode(rest));
    if (name === "VOLUME") mkdirSync(inImage(rest), { recursive: true });
  }
  port = await freePort();
  daemon = start(await freePort());
  await untilAnswered();
}, INSTALL_LIMIT_MS);

afterAll(async () => {
  if (daemon !== undefined && daemon.exitCode === null) {
    daemon.kill("SIGTERM");
    await once(daemon, "exit");
  }
  for (const folder of stages.values()) rmSync(folder, { recursive: true, force: true });
}, 60_000);

function beginStage(rest: string): void {
  root = mkdtempSync(join(tmpdir(), "holdfast-image-"));
  stages.set(/ AS (\w+)$/.exec(rest)?.[1] ?? "", root);
}

function inImage(path: string): string {
  return join(root, path);
}

function copy(rest: string): void {
  const words = rest.split(" ");
  const stage = /^--from=(\w+)$/.exec(words[0]!)?.[1];
  const target = words.pop()!;
  const sources = stage === undefined ? words : words.slice(1).map((path) => join(stages.get(stage)!, path));
  for (const source of sources) {
    const into =
      sources.length > 1 || (stage === undefined && target.endsWith("/")) ? join(target, source) : target;
    cpSync(source, join(inImage(WORKDIR), into), { recursive: true });
  }
}

function runNpm(line: string): void {
  const [command = "", ...words] = line.split(" ");
  execFileSync(command, [...words, "--prefer-offline"], {
    cwd: inImage(WORKDIR),
    env: withoutOurs(process.env),
    stdio: "pipe",
  });
}

function wordsAfterNode(list: string): string[] {
  const [command, ...words] = JSON.parse(list) as string[];
  if (command !== "node") throw new Error(`not a command of Node: ${list}`);
  return words;
}

function runNode(words: readonly string[]): void {
  execFileSync(process.execPath, words, {
    cwd: inImage(WORKDIR),
    env: withoutOurs(process.env),
    stdio: "pipe",
  });
}

/** The image's environment, with the paths moved to where this machine has room. */
function environmentInImage(): NodeJS.ProcessEnv {
  const moved = Object.entries(ENVIRONMENT).map(([name, value]) => [
    name,
    value.startsWith("/") ? inImage(value) : value,
  ]);
  return { ...withoutOurs(process.env), ...Object.fromEntries(moved) };
}

/** The image's command and environment; only paths and ports are moved to where this machine has room. */
function start(simulatorPort: number): ChildProcess {
  const tokenFile = inImage(ENVIRONMENT.HOLDFAST_TOKEN_FILE!);
  mkdirSync(dirname(tokenFile), { recursive: true });
  writeFileSync(tokenFile, "a-token-of-this-test-alone\n", { mode: 0o600 });
  const child = spawn(process.execPath, wordsAfterNode(restsOf(INSTRUCTIONS, "CMD")[0]!), {
    cwd: inImage(WORKDIR),
    env: {
      ...environmentInImage(),
      HOLDFAST_LISTEN: ENVIRONMENT.HOLDFAST_LISTEN!.replace(/\d+$/, String(port)),
      HOLDFAST_SIMULATOR_LISTEN: `127.0.0.1:${simulatorPort}`,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      said += chunk.toString();
    });
  }
  return child;
}

/** Asks until somebody answers, or nobody ever will. */
async function untilAnswered(): Promise<void> {
  const deadlineMs = performance.now() + 30_000;
  while (performance.now() < deadlineMs) {
    if (daemon?.exitCode !== null) throw new Error(`the daemon ended with ${daemon?.exitCode}: ${said}`);
    const answer = await ask("/livez").catch(() => undefined);
    if (answer !== undefined) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`no answer: ${said}`);
}

function ask(path: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`http://127.0.0.1:${port}${path}`, { headers });
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}

/** Settings of the machine that runs the test are not the image's. */
function withoutOurs(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^(HOLDFAST_|npm_|VITEST|NODE_ENV)/.test(name)),
  );
}

describe("the image, built and started as its Dockerfile says", () => {
  it("answers /livez", async () => {
    const answer = await ask("/livez");
    expect(answer.status).toBe(200);
  });

  it("demands the token for everything else", async () => {
    const refused = await ask("/apis/holdfast.dev/v1/webservices");
    expect(refused.status).toBe(401);
    const headers = { authorization: "Bearer a-token-of-this-test-alone" };
    const answer = await ask("/apis/holdfast.dev/v1/webservices", headers);
    expect(answer.status).toBe(200);
  });

  it("keeps its database in the one folder that it may write to", () => {
    expect(existsSync(inImage(ENVIRONMENT.HOLDFAST_DATABASE!))).toBe(true);
    expect(restsOf(INSTRUCTIONS, "VOLUME")).toEqual([dirname(ENVIRONMENT.HOLDFAST_DATABASE!)]);
  });

  it("holds no development dependency", () => {
    const { devDependencies } = JSON.parse(readFileSync("package.json", "utf8")) as {
      devDependencies: Record<string, string>;
    };
    const installed = Object.keys(devDependencies).filter((name) =>
      existsSync(join(inImage(WORKDIR), "node_modules", name)),
    );
    expect(installed).toEqual([]);
  });

  it("stops cleanly on the signal that it names", async () => {
    daemon?.kill(restsOf(INSTRUCTIONS, "STOPSIGNAL")[0] as NodeJS.Signals);
    await once(daemon!, "exit");
    expect(daemon?.exitCode).toBe(0);
  });
});

describe("the Dockerfile", () => {
  it("installs from the lock file, and takes along nothing that only development needs", () => {
    const [install, prune, ...others] = restsOf(INSTRUCTIONS, "RUN").filter((line) =>
      line.startsWith("npm "),
    );
    expect(install).toMatch(/^npm ci\b/);
    expect(prune).toMatch(/^npm prune --omit=dev\b/);
    expect(others).toEqual([]);
  });

  it("builds and starts as npm start does", () => {
    const { options, script, environment } = startCommand();
    const built = restsOf(INSTRUCTIONS, "RUN").filter((line) => line.startsWith("["));
    expect(built.map(wordsAfterNode)).toEqual([[buildCommand()]]);
    expect(wordsAfterNode(restsOf(IMAGE, "CMD")[0]!)).toEqual([...options, script]);
    expect(ENVIRONMENT).toMatchObject(environment);
  });

  it("runs as a user with a number that is not root's", () => {
    expect(restsOf(INSTRUCTIONS, "USER").at(-1)).toMatch(/^[1-9]\d*:[1-9]\d*$/);
  });

  it("checks the health of the port that it exposes and listens on", () => {
    const exposed = restsOf(INSTRUCTIONS, "EXPOSE")[0];
    expect(ENVIRONMENT.HOLDFAST_LISTEN).toBe(`0.0.0.0:${exposed}`);
    expect(restsOf(INSTRUCTIONS, "HEALTHCHECK")[0]).toContain(`127.0.0.1:${exposed}/livez`);
  });

  it("copies nothing that .dockerignore keeps out", () => {
    const ignore = readFileSync(".dockerignore", "utf8").split("\n");
    expect(ignore[0]).toBe("*");
    const sources = restsOf(INSTRUCTIONS, "COPY")
      .filter((rest) => !rest.startsWith("--from="))
      .flatMap((rest) => rest.split(" ").slice(0, -1));
    expect(sources.filter((source) => !ignore.includes(`!${source}`))).toEqual([]);
  });
});
