/** A browser without a window, driven over its own debugging protocol: where the machine has one. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { waitUntil } from "./wait-until.ts";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const START_MS = 30_000;

/** Where the browser is; `undefined` where there is none. */
export const BROWSER = PLACES.find((place) => existsSync(place));

export interface Page {
  /** The value of an expression in the page. */
  evaluate<T>(expression: string): Promise<T>;
  /** One command of the debugging protocol. */
  command(method: string, params: object): Promise<unknown>;
  close(): Promise<void>;
}

/** Opens one page, `width` pixels wide. */
export async function openPage(url: string, width: number): Promise<Page> {
  const profile = mkdtempSync(join(tmpdir(), "holdfast-browser-"));
  const args = ["--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0"];
  const browser = spawn(
    BROWSER ?? "",
    [...args, `--user-data-dir=${profile}`, `--window-size=${width},2000`, url],
    { stdio: "ignore" },
  );
  const portFile = join(profile, "DevToolsActivePort");
  const port = await waitUntil(
    async () => portIn(portFile),
    START_MS,
    () => "the browser does not start",
  );
  const socket = new WebSocket(await debuggerOf(port, url));
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = reject;
  });
  return pageOver(socket, browser, profile);
}

/** The browser writes it down, the port first, once it listens. */
function portIn(file: string): string | undefined {
  if (!existsSync(file)) return undefined;
  const [port, rest] = readFileSync(file, "utf8").split("\n");
  return rest === undefined ? undefined : port;
}

async function debuggerOf(port: string, url: string): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${port}/json`);
  const targets = (await answer.json()) as { type: string; url: string; webSocketDebuggerUrl: string }[];
  const page = targets.find((target) => target.type === "page");
  if (page === undefined) throw new Error(`the browser has no page of ${url}`);
  return page.webSocketDebuggerUrl;
}

function pageOver(socket: WebSocket, browser: ChildProcess, profile: string): Page {
  const waiting = new Map<number, (result: unknown) => void>();
  socket.onmessage = ({ data }) => {
    const { id, result } = JSON.parse(String(data)) as { id: number; result?: unknown };
    waiting.get(id)?.(result);
    waiting.delete(id);
  };
  let last = 0;
  const command = (method: string, params: object) =>
    new Promise<unknown>((resolve) => {
      last += 1;
      waiting.set(last, resolve);
      socket.send(JSON.stringify({ id: last, method, params }));
    });
  return {
    command,
    async evaluate<T>(expression: string) {
      const params = { expression, returnByValue: true, awaitPromise: true };
      const answer = (await command("Runtime.evaluate", params)) as
        | { result?: { value?: unknown } }
        | undefined;
      return answer?.result?.value as T;
    },
    async close() {
      socket.close();
      const gone = new Promise((resolve) => browser.once("exit", resolve));
      browser.kill();
      await gone;
      // What the browser has started may write for a moment longer.
      rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    },
  };
}
