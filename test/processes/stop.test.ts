/** SIGTERM and SIGINT: the AWS call in hand is finished and recorded, and the process ends with 0 within ten seconds. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { WebServiceStatus } from "../../src/model/status.ts";
import { ApiClient } from "../support/api-client.ts";
import { accountEnvironment, DaemonProcess } from "../support/daemon-process.ts";
import { exampleManifest } from "../support/example-manifest.ts";
import { type ServedAccount, SPEED, serveTestAccount, serviceOf } from "../support/served-account.ts";
import { waitUntil } from "../support/wait-until.ts";

const STOP_LIMIT_MS = 10_000;
/** A daemon is up in a second or two, on a machine with other work in several times that. */
const START_LIMIT_MS = 60_000;
const SLOW = { service: "elasticloadbalancing", operation: "CreateTargetGroup" } as const;

let folder: string;
let served: ServedAccount;
let database: string;
let daemon: DaemonProcess;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "holdfast-stop-"));
  database = join(folder, "holdfast.db");
  served = await serveTestAccount(1);
  daemon = await begin();
}, START_LIMIT_MS);
afterEach(async () => {
  await daemon.stop("SIGKILL");
  await served.close();
  rmSync(folder, { recursive: true });
});

function begin(): Promise<DaemonProcess> {
  return DaemonProcess.start(
    ["--cloud", "aws", "--database", database, "--resync-seconds", "5"],
    accountEnvironment(served.url),
  );
}

/** Until AWS has done it, and its answer is on the way for `realMs`. */
async function untilCallIsInHand(realMs: number): Promise<void> {
  served.account.faults.add({
    ...SLOW,
    when: "after",
    times: 1,
    fault: { kind: "slow", ms: realMs * SPEED },
  });
  await new ApiClient(daemon.url).post(exampleManifest());
  const isSent = () => (served.account.calls.counts()[`${SLOW.service}:${SLOW.operation}`] ?? 0) > 0;
  await waitUntil(async () => isSent() || undefined, 20_000);
}

function recorded(): { outcome: string; request_id: string | null }[] {
  const file = new Database(database, { readonly: true });
  const rows = file
    .prepare("SELECT outcome, request_id FROM calls WHERE operation = ?")
    .all(`${SLOW.service}:${SLOW.operation}`);
  file.close();
  return rows as { outcome: string; request_id: string | null }[];
}

function storedStatus(): WebServiceStatus | undefined {
  const file = new Database(database, { readonly: true });
  const text = file.prepare("SELECT status FROM objects").pluck().get() as string | null;
  file.close();
  return text === null ? undefined : JSON.parse(text);
}

async function stopTimed(signal: "SIGTERM" | "SIGINT"): Promise<{ code: number | null; ms: number }> {
  const startMs = performance.now();
  const code = await daemon.stop(signal);
  return { code, ms: performance.now() - startMs };
}

describe("a daemon that is asked to stop", { timeout: 2 * START_LIMIT_MS }, () => {
  it.each(["SIGTERM", "SIGINT"] as const)(
    "by %s while AWS is slow finishes the call in hand, records it, and exits with 0",
    async (signal) => {
      await untilCallIsInHand(3_000);
      const { code, ms } = await stopTimed(signal);
      expect(code).toBe(0);
      expect(ms).toBeLessThan(STOP_LIMIT_MS);
      expect(recorded()).toEqual([{ outcome: "succeeded", request_id: expect.any(String) }]);
      expect(daemon.stderr).toBe("");
      expect(daemon.errors).toEqual([]);
    },
  );

  it("as soon as it has said that it is up exits with 0", async () => {
    await daemon.stop("SIGKILL");
    daemon = await begin();
    expect(await daemon.stop("SIGTERM")).toBe(0);
  });

  it("does not conclude anything from the reads that it gave up", async () => {
    const api = new ApiClient(daemon.url);
    await api.post(exampleManifest());
    await waitUntil(async () => (await api.get("web-api")).status?.dnsName && true, 20_000);
    const reads = { service: "elasticloadbalancing", operation: "DescribeTargetGroups" } as const;
    const before = served.account.calls.counts()[`${reads.service}:${reads.operation}`] ?? 0;
    served.account.faults.add({ ...reads, when: "after", fault: { kind: "slow", ms: 2_000 * SPEED } });
    const isReading = () =>
      (served.account.calls.counts()[`${reads.service}:${reads.operation}`] ?? 0) > before + 1;
    await waitUntil(async () => isReading() || undefined, 20_000);
    expect((await stopTimed("SIGTERM")).code).toBe(0);
    expect(storedStatus()?.conditions.filter((condition) => condition.status === "Unknown")).toEqual([]);
  });

  it("ends in time even when AWS does not answer, and the next one finds what became of the call", async () => {
    await untilCallIsInHand(30_000);
    const { code, ms } = await stopTimed("SIGTERM");
    expect(code).toBe(0);
    expect(ms).toBeLessThan(STOP_LIMIT_MS);
    expect(recorded()).toEqual([{ outcome: "pending", request_id: null }]);
    daemon = await begin();
    const api = new ApiClient(daemon.url);
    await waitUntil(async () => (await api.get("web-api")).status?.dnsName && true, 20_000);
    const { targetGroups } = await served.aws.everything();
    expect(targetGroups.map(serviceOf)).toEqual(["web-api"]);
  });
});
