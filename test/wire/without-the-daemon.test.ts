/** The daemon is dead: what docs/operations.md says to do then is done with the AWS CLI, as it stands there. */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { conditionOf } from "../../src/model/conditions.ts";
import { ApiClient } from "../support/api-client.ts";
import { accountEnvironment, DaemonProcess } from "../support/daemon-process.ts";
import { exampleManifest } from "../support/example-manifest.ts";
import { type ServedAccount, serveTestAccount } from "../support/served-account.ts";
import { waitUntil } from "../support/wait-until.ts";
import {
  INSTALL_LIMIT_MS,
  installPythonClients,
  MISSING_PYTHON,
  pythonClient,
  titled,
} from "./python-clients.ts";

const run = promisify(execFile);
const READY_LIMIT_MS = 90_000;
const API = "/apis/holdfast.dev/v1";
const JSON_TYPE = "application/json";
const PAGE = readFileSync(new URL("../../docs/operations.md", import.meta.url), "utf8");

function commands(): string {
  const [, text = ""] =
    /<!-- begin without-the-daemon -->\s+```sh\n([\s\S]*?)```\s+<!-- end without-the-daemon -->/.exec(PAGE) ??
    [];
  if (text === "") throw new Error("the page has no commands for it");
  return text;
}

describe.skipIf(MISSING_PYTHON !== undefined)(titled("without the daemon"), () => {
  it(
    "a tier is found, looked at and changed with the commands of the documentation, and a daemon that comes back lets that be accepted (Meta 2021-10-04)",
    async () => {
      const clients = await installPythonClients();
      const folder = mkdtempSync(join(tmpdir(), "holdfast-without-"));
      const served = await serveTestAccount(1);
      const args = ["--cloud", "aws", "--database", join(folder, "holdfast.db"), "--resync-seconds", "5"];
      const start = () => DaemonProcess.start(args, accountEnvironment(served.url));
      let daemon = await start();
      try {
        const api = new ApiClient(daemon.url);
        await api.post(exampleManifest());
        await waitUntil(() => isReady(api), READY_LIMIT_MS);
        await api.request("PUT", `${API}/pause`, '{"paused":true,"reason":"an incident"}', JSON_TYPE);
        await daemon.stop("SIGKILL");

        const { command, env } = pythonClient(clients, served.url);
        const script = `set -eu\naws() { ${command} -m awscli "$@"; }\n${commands()}`;
        const { stdout } = await run("bash", ["-c", script], { env });
        expect(stdout).toContain('"State": "healthy"');
        await expectChanged(served);

        daemon = await start();
        const again = new ApiClient(daemon.url);
        await waitUntil(async () => {
          const open = (await again.drift()).filter(({ state }) => state === "Open");
          return open.some(({ field }) => field === "minSize") || undefined;
        }, READY_LIMIT_MS);
        const service = `${API}/namespaces/default/webservices/web-api`;
        await again.request(
          "POST",
          `${service}/drift/accept`,
          '{"reason":"by hand, in the night"}',
          JSON_TYPE,
        );
        await again.request("PUT", `${API}/pause`, '{"paused":false}', JSON_TYPE);
        await waitUntil(() => isReady(again), READY_LIMIT_MS);
        await expectChanged(served);
      } finally {
        await daemon.stop("SIGKILL");
        await served.close();
        rmSync(folder, { recursive: true });
      }
    },
    INSTALL_LIMIT_MS + 3 * READY_LIMIT_MS,
  );
});

async function isReady(api: ApiClient): Promise<true | undefined> {
  const { metadata, status } = await api.get("web-api");
  const isSeen = status?.observedGeneration === metadata.generation;
  return (isSeen && conditionOf(status?.conditions, "Ready")?.status === "True") || undefined;
}

/** As the commands would have it. */
async function expectChanged({ aws }: ServedAccount): Promise<void> {
  const [group] = await aws.groups();
  expect(group?.item.MinSize).toBe(4);
  expect(group?.item.SuspendedProcesses?.map(({ ProcessName }) => ProcessName)).toEqual(["ReplaceUnhealthy"]);
}
