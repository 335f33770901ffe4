/** The database is a memory, and no more: AWS itself says what is ours. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { conditionOf } from "../../src/model/conditions.ts";
import { ApiClient, RefusedByApi } from "../support/api-client.ts";
import { accountEnvironment, DaemonProcess } from "../support/daemon-process.ts";
import { exampleManifest } from "../support/example-manifest.ts";
import { type ServedAccount, serveTestAccount, serviceOf } from "../support/served-account.ts";
import { pause, waitUntil } from "../support/wait-until.ts";

const LIMIT_MS = 60_000;

let folder: string;
let served: ServedAccount;
let daemon: DaemonProcess | undefined;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "holdfast-lost-"));
  served = await serveTestAccount(1);
});
afterAll(async () => {
  await daemon?.stop("SIGKILL");
  await served.close();
  rmSync(folder, { recursive: true });
});

async function begin(): Promise<ApiClient> {
  daemon = await DaemonProcess.start(
    ["--cloud", "aws", "--resync-seconds", "2", "--database", join(folder, "holdfast.db")],
    accountEnvironment(served.url),
  );
  return new ApiClient(daemon.url);
}

async function untilReady(api: ApiClient): Promise<void> {
  let message = "";
  await waitUntil(
    async () => {
      const { status } = await api.get("web-api");
      const ready = conditionOf(status?.conditions, "Ready");
      message = ready?.message ?? "not seen yet";
      return ready?.status === "True" ? true : undefined;
    },
    LIMIT_MS,
    () => message,
  );
}

/** What the owner of the account sees, without what AWS keeps of the past. */
async function seen(): Promise<object> {
  const { policies, ...tagged } = await served.aws.everything();
  return { ...tagged, policies: policies.map((policy) => policy.PolicyName) };
}

describe("a daemon whose database is lost", () => {
  it("finds everything again when the spec is posted, changes nothing, and can still delete it all", {
    timeout: 4 * LIMIT_MS,
  }, async () => {
    const asFound = await seen();
    let api = await begin();
    await api.post(exampleManifest());
    await untilReady(api);
    expect(await daemon?.stop()).toBe(0);
    for (const end of ["", "-wal", "-shm", ".lock"])
      rmSync(join(folder, `holdfast.db${end}`), { force: true });

    const written = served.account.calls.mutating();
    api = await begin();
    expect(await api.list()).toEqual([]);
    await api.post(exampleManifest());
    await untilReady(api);
    // Some resyncs more: what looks right at first must stay so.
    await pause(5_000);
    expect(served.account.calls.mutating() - written).toBe(0);
    expect(await api.drift()).toEqual([]);
    const { loadBalancers } = await served.aws.everything();
    expect(loadBalancers.map(serviceOf)).toEqual(["web-api"]);

    await api.remove("web-api");
    await waitUntil(async () => {
      try {
        await api.get("web-api");
        return undefined;
      } catch (error) {
        if (error instanceof RefusedByApi && error.code === 404) return true;
        throw error;
      }
    }, LIMIT_MS);
    expect(await seen()).toEqual(asFound);
    expect([daemon?.errors, daemon?.stderr]).toEqual([[], ""]);
  });
});
