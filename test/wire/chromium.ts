/** A headless Chromium, where there is one. */
import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const NAMES = ["chromium", "chromium-browser", "google-chrome"];

const command = NAMES.find((name) => spawnSync(name, ["--version"]).status === 0);

/** Why it cannot be had; `undefined` when it can. */
export const MISSING_CHROMIUM =
  command === undefined ? `there is none of ${NAMES.join(", ")} on this machine` : undefined;

/** The page at an address as it is after `ms` of the page's own time, in which its scripts have run. */
export async function pageAfter(address: string, ms: number): Promise<string> {
  if (command === undefined) throw new Error(MISSING_CHROMIUM);
  const home = mkdtempSync(join(tmpdir(), "holdfast-chromium-"));
  try {
    const options = ["--headless", "--no-sandbox", "--disable-gpu", `--user-data-dir=${home}`];
    const { stdout } = await run(
      command,
      [...options, `--virtual-time-budget=${ms}`, "--dump-dom", address],
      { timeout: 60_000, maxBuffer: 64 * 1024 * 1024 },
    );
    return stdout;
  } finally {
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  }
}
