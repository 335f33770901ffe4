/** An unmodified kubectl, where there is one. */
import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
/** The first one that reads OpenAPI v3, and so knows of a server what it asks for before it applies. */
const OLDEST_MINOR = 28;

function missing(): string | undefined {
  const answer = spawnSync("kubectl", ["version", "--client", "--output=json"], { encoding: "utf8" });
  if (answer.status !== 0) return "there is no kubectl on this machine";
  const { major, minor } = JSON.parse(answer.stdout).clientVersion;
  const isOld = major === "1" && Number.parseInt(minor, 10) < OLDEST_MINOR;
  return isOld ? `kubectl ${major}.${minor} is older than 1.${OLDEST_MINOR}` : undefined;
}

/** Why it cannot be had; `undefined` when it can. */
export const MISSING_KUBECTL = missing();

export interface Answer {
  code: number;
  stdout: string;
  stderr: string;
}

/** A kubectl that speaks with the daemon at `url` and has a home of its own. */
export function kubectlFor(url: string): (...args: string[]) => Promise<Answer> {
  const home = mkdtempSync(join(tmpdir(), "holdfast-kubectl-"));
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "holdfast", cluster: { server: url } }],
    users: [{ name: "somebody", user: {} }],
    contexts: [
      { name: "holdfast", context: { cluster: "holdfast", user: "somebody", namespace: "default" } },
    ],
    "current-context": "holdfast",
  };
  const file = join(home, "config");
  writeFileSync(file, JSON.stringify(config));
  const env = { PATH: process.env.PATH, HOME: home, KUBECONFIG: file };
  return async (...args) => {
    try {
      return { code: 0, ...(await run("kubectl", args, { env, timeout: 60_000 })) };
    } catch (error) {
      const { code, stdout, stderr } = error as Answer;
      if (typeof code !== "number") throw error;
      return { code, stdout, stderr };
    }
  };
}
