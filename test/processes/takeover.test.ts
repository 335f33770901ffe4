/** The commands by which README.md takes a tier over, run as they are written, on free ports. */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { conditionOf } from "../../src/model/conditions.ts";
import type { WebService } from "../../src/model/object.ts";
import { ApiClient } from "../support/api-client.ts";
import { DaemonProcess } from "../support/daemon-process.ts";
import { waitUntil } from "../support/wait-until.ts";

const LIMIT_MS = 90_000;
const [START = "", ...COMMANDS] = commandsOf("Take over what runs");

/** The shell commands below a heading of README.md, without the comments between them. */
function commandsOf(heading: string): string[] {
  const [, section = ""] = readFileSync("README.md", "utf8").split(`## ${heading}\n`);
  const [, block = ""] = /```sh\n([\s\S]*?)```/.exec(section) ?? [];
  return block
    .replaceAll("\\\n", " ")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));
}

let folder: string;
let daemon: DaemonProcess;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "holdfast-takeover-"));
  const [, settings = ""] = START.split("npm start -- ");
  daemon = await DaemonProcess.start([...settings.split(" "), "--simulator-listen", "127.0.0.1:0"]);
}, LIMIT_MS);
afterAll(async () => {
  await daemon.stop();
  rmSync(folder, { recursive: true });
});

async function run(command = ""): Promise<string> {
  const there = command.replaceAll("http://127.0.0.1:8080", daemon.url);
  const { stdout } = await promisify(execFile)(
    "sh",
    ["-c", there.replace("curl ", "curl -sS --fail-with-body ")],
    {
      cwd: folder,
    },
  );
  return stdout;
}

/** Once the spec as it is now has been compared with AWS, and nothing differs. */
async function synced(): Promise<WebService> {
  let told = "";
  return waitUntil(
    async () => {
      const service = await new ApiClient(daemon.url).get("shop");
      const condition = conditionOf(service.status?.conditions, "Synced");
      told = condition?.message ?? "";
      const isNow = service.status?.observedGeneration === service.metadata.generation;
      return isNow && condition?.reason === "InSync" ? service : undefined;
    },
    LIMIT_MS,
    () => told,
  );
}

const instanceIds = (text: string) => [...new Set(text.match(/\bi-[0-9a-f]{17}\b/g))].sort();

describe("README.md takes over what runs", { timeout: 3 * LIMIT_MS }, () => {
  it("in six commands, with the instances that served before", async () => {
    expect(COMMANDS).toHaveLength(5);
    const [read, observe, look, adopt, lookAgain] = COMMANDS;
    await run(read);
    expect(readFileSync(join(folder, "shop.yaml"), "utf8")).toContain("management: Observe");
    await run(observe);
    const observed = await synced();
    expect(observed.status?.coverage).toMatchObject({ complete: true, different: 0 });
    const before = instanceIds(await run(look));
    expect(before).toHaveLength(2);
    await run(adopt);
    const { spec, status } = await synced();
    expect(spec.management).toBe("Manage");
    expect(status?.resources.map(({ state }) => state)).not.toContain("Missing");
    const text = await run(lookAgain);
    expect(instanceIds(text)).toEqual(before);
    expect(text).toContain("elasticloadbalancing:AddTags");
    expect(daemon.stderr).toBe("");
  });
});
