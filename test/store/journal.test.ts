import { describe, expect, it } from "vitest";
import { LOAD_BALANCER, targetGroupAddress } from "../../src/model/address.ts";
import { LIMITS } from "../../src/model/limits.ts";
import type { CallIntent, MadeResource } from "../../src/ports.ts";
import { created, driftOf, KEY, opened } from "./support.ts";

const INTENT: CallIntent = {
  service: KEY,
  generation: 3,
  plan: "sha256:abc",
  address: LOAD_BALANCER,
  affected: [LOAD_BALANCER],
  operation: "elasticloadbalancing:CreateLoadBalancer",
};

describe("store: drift events", () => {
  it("gives a new one uid, version and time, and replaces it by name", () => {
    const { store } = opened();
    store.putDrift(driftOf("d1"));
    const [first] = store.driftEvents({}).items;
    expect(first?.metadata).toMatchObject({
      resourceVersion: "1",
      creationTimestamp: "2026-01-01T00:00:00.000Z",
    });
    expect(first?.metadata.uid).not.toBe("");
    const correction = { operation: "ModifyTargetGroup", requestId: "r-1", time: "2026-01-01T00:01:00.000Z" };
    store.putDrift({
      ...driftOf("d1", {
        state: "Corrected",
        closedTime: "2026-01-01T00:01:00.000Z",
        timeToRepairSeconds: 60.5,
      }),
      arn: "arn:x",
      correction,
    });
    const [second, ...others] = store.driftEvents({}).items;
    expect(others).toEqual([]);
    expect(second).toMatchObject({ state: "Corrected", timeToRepairSeconds: 60.5, arn: "arn:x", correction });
    expect(second?.metadata.uid).toBe(first?.metadata.uid);
    expect(second?.metadata.resourceVersion).toBe("2");
  });

  it("writes nothing when it is put again unchanged", () => {
    const { store } = opened();
    store.putDrift(driftOf("d1"));
    store.putDrift(driftOf("d1"));
    expect(store.resourceVersion()).toBe("1");
  });

  it("lists the newest first, by service, resource and state, in pages", () => {
    const { store } = opened();
    store.putDrift(driftOf("d1"));
    store.putDrift(driftOf("d2", { service: "other" }));
    store.putDrift(driftOf("d3", { state: "Reverted" }));
    const names = (query: Parameters<typeof store.driftEvents>[0]) =>
      store.driftEvents(query).items.map((item) => item.metadata.name);
    expect(names({})).toEqual(["d3", "d2", "d1"]);
    expect(names({ service: "web-api" })).toEqual(["d3", "d1"]);
    expect(names({ namespace: "default", service: "web-api", state: "Open" })).toEqual(["d1"]);
    expect(names({ resource: "loadBalancer" })).toEqual([]);
    expect(names({ namespace: "elsewhere" })).toEqual([]);
    const first = store.driftEvents({ limit: 2 });
    expect(names({ limit: 2, continue: first.continue ?? "" })).toEqual(["d1"]);
    expect(store.openDrift(KEY).map((event) => event.metadata.name)).toEqual(["d1"]);
  });

  it("keeps values as they are: null, numbers, lists and maps", () => {
    const { store } = opened();
    store.putDrift(driftOf("d1", { desired: null, before: [1, "2", { c: true }], after: 0.1 }));
    expect(store.driftEvents({}).items[0]).toMatchObject({
      desired: null,
      before: [1, "2", { c: true }],
      after: 0.1,
    });
  });

  it("keeps no more than its bound, and what is open longest", () => {
    const { store } = opened();
    store.putDrift(driftOf("open"));
    store.transaction(() => {
      for (let n = 0; n < LIMITS.driftEvents + 4; n += 1) {
        store.putDrift(driftOf(`d${n}`, { state: "Corrected" }));
      }
    });
    const kept = store.driftEvents({}).items;
    expect(kept).toHaveLength(LIMITS.driftEvents);
    expect(kept.at(-1)?.metadata.name).toBe("open");
    expect(kept.at(-2)?.metadata.name).toBe("d5");
    const last = store.changesSince(String(Number(store.resourceVersion()) - 2));
    expect(last?.map((change) => `${change.type} ${change.object.metadata.name}`)).toEqual([
      `ADDED d${LIMITS.driftEvents + 3}`,
      "DELETED d4",
    ]);
  });
});

describe("store: core events", () => {
  it("counts an equal event of the last hour and adds another later", async () => {
    const { store, clock } = opened();
    const object = created(store);
    const occurrence = { type: "Warning", reason: "CallFailed", message: "AWS said no" } as const;
    store.record(object, occurrence);
    await clock.advance(1_000);
    store.record(object, occurrence);
    store.record(object, { ...occurrence, message: "AWS said no again" });
    expect(store.events({}).items.map((event) => [event.message, event.count])).toEqual([
      ["AWS said no again", 1],
      ["AWS said no", 2],
    ]);
    await clock.advance(3_600_000);
    store.record(object, occurrence);
    const [newest] = store.events({}).items;
    expect(newest).toMatchObject({
      count: 1,
      firstTimestamp: "2026-01-01T01:00:01.000Z",
      involvedObject: { kind: "WebService", name: "web-api", namespace: "default", uid: object.metadata.uid },
    });
    expect(store.events({}).items).toHaveLength(3);
  });

  it("lists by the object that they are about", () => {
    const { store } = opened();
    const one = created(store, "one");
    store.record(one, { type: "Normal", reason: "Created", message: "a" });
    store.record(created(store, "two"), { type: "Normal", reason: "Updated", message: "b" });
    expect(store.events({ involvedName: "one" }).items).toHaveLength(1);
    expect(
      store.events({ namespace: "default", involvedName: "one", involvedUid: one.metadata.uid }).items,
    ).toHaveLength(1);
    expect(store.events({ involvedName: "one", involvedUid: "other" }).items).toEqual([]);
  });

  it("keeps no more than its bound", () => {
    const { store } = opened();
    const object = created(store);
    store.transaction(() => {
      for (let n = 0; n < LIMITS.events + 3; n += 1) {
        store.record(object, { type: "Normal", reason: "Created", message: `m${n}` });
      }
    });
    const kept = store.events({}).items;
    expect(kept).toHaveLength(LIMITS.events);
    expect(kept.at(-1)?.message).toBe("m3");
  });
});

describe("store: what was applied, and the journal of calls", () => {
  it("keeps what was applied, times and suspicions included, until it is removed", () => {
    const { store } = opened();
    const applied = {
      address: targetGroupAddress("web"),
      kind: "targetGroup" as const,
      name: "hf-web",
      id: "arn:tg",
      fields: { port: 8080, matcher: null, tags: ["a"] },
      generation: 2,
      writtenAtMs: 1_767_225_600_123,
      suspectedAtMs: { port: 1_767_225_601_000 },
      unseen: {
        port: {
          operation: "elasticloadbalancing:ModifyTargetGroup",
          requestId: "r-1",
          wanted: 9090,
          was: null,
          answered: 2,
          sentAtMs: 1_767_225_601_000,
        },
      },
    };
    store.putApplied(KEY, applied);
    expect([...store.applied(KEY)]).toEqual([[applied.address, applied]]);
    expect(() => {
      Object.assign(store.applied(KEY).get(applied.address)?.fields ?? {}, { port: 1 });
    }).toThrow(TypeError);
    const others = { ...applied, left: { action: { arn: "arn:green" }, port: 8081 } };
    store.putApplied(KEY, others);
    expect([...store.applied(KEY).values()]).toEqual([others]);
    const { id: _, suspectedAtMs: __, unseen: ___, ...bare } = applied;
    store.putApplied(KEY, bare);
    expect([...store.applied(KEY).values()]).toEqual([bare]);
    expect(store.applied({ namespace: "default", name: "other" }).size).toBe(0);
    store.removeApplied(KEY, applied.address);
    expect(store.applied(KEY).size).toBe(0);
  });

  it("keeps what was made by AWS's id, replaces it, forgets it, and forgets all of it with the object", () => {
    const { store } = opened();
    const { uid } = created(store).metadata;
    const made: MadeResource = {
      kind: "targetGroup",
      id: "arn:1",
      origin: "made",
      name: "web-1",
      address: targetGroupAddress("web"),
      sinceMs: 1_767_225_600_123,
      takesOver: [],
    };
    store.putMade(KEY, made);
    store.putMade(KEY, { ...made, id: "arn:2", takesOver: ["arn:1"] });
    expect(store.made(KEY)).toEqual([made, { ...made, id: "arn:2", takesOver: ["arn:1"] }]);
    store.putMade(KEY, { ...made, missingSinceMs: 1_767_225_601_000 });
    expect(store.made(KEY)[0]).toEqual({ ...made, missingSinceMs: 1_767_225_601_000 });
    const adopted: MadeResource = {
      ...made,
      origin: "adopted",
      adoptedIn: 3,
      inherited: { members: { "unknown.CreditSpecification.CpuCredits": "unlimited" }, version: "7" },
    };
    store.putMade(KEY, adopted);
    expect(store.made(KEY)[0]).toEqual(adopted);
    expect(store.made({ namespace: "default", name: "other" })).toEqual([]);
    store.removeMade(KEY, made);
    expect(store.made(KEY).map(({ id }) => id)).toEqual(["arn:2"]);
    store.release(KEY, uid);
    expect(store.made(KEY)).toEqual([]);
  });

  it("has a call pending from before it is sent until its outcome is known", async () => {
    const { store, clock } = opened();
    const first = store.openCall(INTENT);
    const second = store.openCall(INTENT);
    await clock.advance(250);
    store.closeCall(first, { outcome: "succeeded", requestId: "r-1" });
    store.closeCall(second, { outcome: "failed", errorCode: "Throttling", errorMessage: "Rate exceeded" });
    const third = store.openCall({ ...INTENT, service: { namespace: "default", name: "other" } });
    const [newest, failed, succeeded] = store.calls({ limit: 10 });
    expect(newest).toMatchObject({ id: third, outcome: "pending" });
    expect(newest).not.toHaveProperty("endTime");
    expect(failed).toMatchObject({
      outcome: "failed",
      errorCode: "Throttling",
      errorMessage: "Rate exceeded",
    });
    expect(succeeded).toEqual({
      ...INTENT,
      id: first,
      time: "2026-01-01T00:00:00.000Z",
      endTime: "2026-01-01T00:00:00.250Z",
      outcome: "succeeded",
      requestId: "r-1",
    });
    expect(store.calls({ service: KEY, limit: 1 }).map((call) => call.id)).toEqual([second]);
  });

  it("keeps no more calls than its bound", () => {
    const { store } = opened();
    store.transaction(() => {
      for (let n = 0; n < LIMITS.calls + 2; n += 1) store.openCall(INTENT);
    });
    const kept = store.calls({ limit: LIMITS.calls + 10 });
    expect(kept).toHaveLength(LIMITS.calls);
    expect(kept.at(-1)?.id).toBe(3);
  });
});
