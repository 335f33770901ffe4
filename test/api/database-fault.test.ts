import { describe, expect, it } from "vitest";
import { servedStores } from "../../src/api/access/served-store.ts";
import { StoreError } from "../../src/model/errors.ts";
import type { Store, StoreFault } from "../../src/ports.ts";
import { openStore } from "../../src/store/open.ts";
import { newUids, statusOf } from "../store/support.ts";
import { VirtualClock } from "../support/virtual-clock.ts";
import { BASE, manifest, post, type World, world } from "./support.ts";

const FAULT: StoreFault = { message: "the disk is full (SQLITE_FULL)", since: "2026-01-01T00:10:00.000Z" };

/** A store that holds a service which is ready, and takes nothing as soon as it is `full`. */
function filling(): { store: Store; disk: { isFull: boolean } } {
  const disk = { isFull: false };
  const store = openStore({ path: ":memory:", clock: new VirtualClock(), newUid: newUids() });
  const refuse = () => {
    throw new StoreError(`database /secret/place.db: ${FAULT.message}`, undefined, FAULT.message);
  };
  return {
    disk,
    store: {
      ...store,
      transaction: (run) => (disk.isFull ? refuse() : store.transaction(run)),
      fault: () => (disk.isFull ? FAULT : undefined),
    },
  };
}

async function withReady(): Promise<World & { disk: { isFull: boolean } }> {
  const { store, disk } = filling();
  const w = { ...world({ store }), store, disk };
  await post(w, manifest("a"));
  const { uid } = store.list({}).items[0]!.metadata;
  store.updateStatus({ namespace: "default", name: "a" }, uid, statusOf("2026-01-01T00:00:00.000Z"));
  return w;
}

describe("while the database takes nothing", () => {
  it("a watch that begins then tells the truth again when it is over", async () => {
    const w = await withReady();
    w.disk.isFull = true;
    const { store } = w;
    const served = servedStores({ store, withoutSecrets: (spec) => spec })({});
    const readiness: unknown[] = [];
    const leave = served.subscribe((changes) => {
      for (const { object } of changes)
        if ("spec" in object)
          readiness.push(object.status?.conditions.find(({ type }) => type === "Ready")?.status);
    });
    w.disk.isFull = false;
    const headers = { "content-type": "application/merge-patch+json" };
    const payload = JSON.stringify({ metadata: { labels: { team: "shop" } } });
    await w.app.inject({ method: "PATCH", url: `${BASE}/a`, headers, payload });
    leave();
    expect(readiness).toEqual(["True"]);
  });

  it("a spec is refused with 503 and when to try again, and nothing is told of the machine", async () => {
    const w = await withReady();
    w.disk.isFull = true;
    const answer = await post(w, manifest("b"));
    expect([answer.statusCode, answer.json().reason, answer.headers["retry-after"]]).toEqual([
      503,
      "ServiceUnavailable",
      "5",
    ]);
    expect(answer.json().message).toContain("the disk is full");
    expect(answer.body).not.toContain("/secret");
    w.disk.isFull = false;
    expect((await post(w, manifest("b"))).statusCode).toBe(201);
  });

  it("nobody is shown as ready: read, listed, watched, on the page and in the metrics", async () => {
    const w = await withReady();
    const readyOf = (object: { status: { conditions: { type: string }[] } }) =>
      object.status.conditions.find(({ type }) => type === "Ready");
    const read = async (url: string) => (await w.app.inject(url)).json();
    expect(readyOf(await read(`${BASE}/a`))).toMatchObject({ status: "True" });
    w.disk.isFull = true;
    const unknown = { status: "Unknown", reason: "DatabaseFault", lastTransitionTime: FAULT.since };
    expect(readyOf(await read(`${BASE}/a`))).toMatchObject(unknown);
    expect(readyOf((await read(BASE)).items[0])).toMatchObject(unknown);
    expect(readyOf((await read("/status/default/a?format=json")).service)).toMatchObject(unknown);
    const fleet = await read("/status?format=json");
    expect(fleet.services[0].conditions[0]).toMatchObject(unknown);
    const metrics = (await w.app.inject("/metrics")).body;
    expect(metrics).toContain('holdfast_webservices{condition="Ready",status="Unknown"} 1\n');
    expect(metrics).not.toContain('status="True"');
    expect(metrics).toContain("holdfast_database_writable 0\n");
    expect(metrics).toContain("holdfast_log_lines_lost_total 7\n");
    w.disk.isFull = false;
    expect(readyOf(await read(`${BASE}/a`))).toMatchObject({ status: "True" });
    expect((await w.app.inject("/metrics")).body).toContain("holdfast_database_writable 1\n");
  });
});
