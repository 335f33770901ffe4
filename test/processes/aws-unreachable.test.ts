/** AWS cannot be reached when the daemon starts: it serves, claims nothing, and goes on when AWS is back. */
import { createServer } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { conditionOf } from "../../src/model/conditions.ts";
import { ApiClient } from "../support/api-client.ts";
import { accountEnvironment, DaemonProcess } from "../support/daemon-process.ts";
import { exampleManifest } from "../support/example-manifest.ts";
import { type ServedAccount, serveTestAccount } from "../support/served-account.ts";
import { waitUntil } from "../support/wait-until.ts";

const LIMIT_MS = 90_000;

let daemon: DaemonProcess | undefined;
let served: ServedAccount | undefined;

afterEach(async () => {
  await daemon?.stop("SIGKILL");
  await served?.close();
});

/** A port at which nothing listens for now. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" ? (address?.port ?? 0) : 0;
}

describe("a daemon that cannot reach AWS", () => {
  it("is up, answers, claims nothing, and converges once AWS is there", {
    timeout: 2 * LIMIT_MS,
  }, async () => {
    const port = await freePort();
    daemon = await DaemonProcess.start(
      ["--cloud", "aws", "--database", ":memory:", "--resync-seconds", "2"],
      accountEnvironment(`http://127.0.0.1:${port}`),
    );
    const api = new ApiClient(daemon.url);
    await api.post(exampleManifest());
    const status = await waitUntil(async () => (await api.get("web-api")).status, LIMIT_MS);
    expect(
      status.conditions
        .filter(({ type }) => ["Ready", "Synced", "Healthy"].includes(type))
        .map((condition) => condition.status),
    ).toEqual(["Unknown", "Unknown", "Unknown"]);
    for (const path of ["/livez", "/readyz", "/status", "/status/default/web-api", "/metrics"])
      expect([path, (await api.request("GET", path)).status]).toEqual([path, 200]);
    expect(daemon.isRunning).toBe(true);

    served = await serveTestAccount(1, { port });
    await waitUntil(async () => {
      const ready = conditionOf((await api.get("web-api")).status?.conditions, "Ready");
      return ready?.status === "True" ? true : undefined;
    }, LIMIT_MS);
    expect([daemon.errors, daemon.stderr]).toEqual([[], ""]);
  });
});
