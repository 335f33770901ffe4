import { readFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import type { AlarmRow } from "../../src/model/status.ts";
import { DAY_MS, iso } from "../../src/model/time.ts";
import type { Store } from "../../src/ports.ts";
import { openStore } from "../../src/store/open.ts";
import { VirtualClock } from "../support/virtual-clock.ts";
import { created, driftOf, folder, KEY, newUids, opened, SPEC, statusOf } from "./support.ts";

const RETENTION = { driftDays: 10, driftEvents: 100, statusHistoryDays: 10, statusHistory: 100 };

function small(change: Partial<typeof RETENTION> = {}) {
  const clock = new VirtualClock();
  const store = openStore({
    path: ":memory:",
    clock,
    newUid: newUids(),
    retention: { ...RETENTION, ...change },
  });
  return { store, clock, at: () => iso(clock.nowMs()) };
}

const statesAt = (store: Store, time: string) => store.statesAt(time, { limit: 10 }).items;
const alarm = (state: string): AlarmRow => ({ key: "alarms.a", name: "a", state });

describe("drift events are kept", () => {
  it("for so many days after they were closed, and for ever while they are open", async () => {
    const { store, clock, at } = small();
    store.putDrift(driftOf("open"));
    store.putDrift(driftOf("closed", { state: "Corrected", closedTime: at() }));
    expect(store.keptSince("drift_events")).toBeUndefined();
    await clock.advance(10 * DAY_MS);
    store.check();
    expect(store.driftEvents({}).items).toHaveLength(2);
    await clock.advance(3_600_001);
    store.check();
    expect(store.driftEvents({}).items.map(({ metadata }) => metadata.name)).toEqual(["open"]);
    expect(store.keptSince("drift_events")).toBe("2026-01-01T00:00:00.000Z");
  });

  it("after their service is gone", () => {
    const { store } = small();
    const { uid } = created(store).metadata;
    store.putDrift(driftOf("d1"));
    store.release(KEY, uid);
    expect(store.get(KEY)).toBeUndefined();
    expect(store.driftEvents({ service: KEY.name }).items).toHaveLength(1);
  });

  it("no more than the setting says", () => {
    const { store } = small({ driftEvents: 3 });
    for (let n = 0; n < 5; n += 1) {
      store.putDrift(driftOf(`d${n}`, { state: "Reverted", closedTime: `2026-01-01T00:00:0${n}.000Z` }));
    }
    expect(store.driftEvents({}).items.map(({ metadata }) => metadata.name)).toEqual(["d4", "d3", "d2"]);
    expect(store.keptSince("drift_events")).toBe("2026-01-01T00:00:01.000Z");
  });
});

describe("drift events are found", () => {
  it("by kind, field, change, and the time in which they were first seen", () => {
    const { store } = small();
    const on = (day: number) => ({ firstSeenTime: `2026-01-0${day}T00:00:00.000Z` });
    store.putDrift(driftOf("d1", { ...on(1), resourceKind: "alarm", field: "threshold" }));
    store.putDrift(driftOf("d2", { ...on(2), change: "Missing", field: "" }));
    store.putDrift(driftOf("d3", { ...on(3), state: "Corrected", closedTime: "2026-01-05T00:00:00.000Z" }));
    const names = (query: Parameters<typeof store.driftEvents>[0]) =>
      store.driftEvents(query).items.map((item) => item.metadata.name);
    expect(names({ resourceKind: "alarm" })).toEqual(["d1"]);
    expect(names({ field: "healthCheck.path" })).toEqual(["d3"]);
    expect(names({ change: "Missing" })).toEqual(["d2"]);
    expect(names({ since: "2026-01-02T00:00:00.000Z" })).toEqual(["d3", "d2"]);
    expect(names({ since: "2026-01-02T00:00:00.000Z", until: "2026-01-03T00:00:00.000Z" })).toEqual(["d2"]);
    expect(names({ openAt: "2026-01-04T00:00:00.000Z" })).toEqual(["d3", "d2", "d1"]);
    expect(names({ openAt: "2026-01-05T00:00:00.000Z" })).toEqual(["d2", "d1"]);
    expect(names({ openAt: "2026-01-01T12:00:00.000Z" })).toEqual(["d1"]);
  });
});

describe("the states of a service", () => {
  it("are written where condition, alarm or generation has moved, and not for a quiet one", async () => {
    const { store, clock, at } = small();
    const { uid } = created(store).metadata;
    const states = () => {
      const found = [];
      for (let time = at(); ; ) {
        const { before } = store.statesAround(KEY, time);
        if (before === undefined) return found;
        found.unshift(before);
        time = iso(Date.parse(before.since) - 1);
      }
    };
    const pass = async (status: ReturnType<typeof statusOf>) => {
      await clock.advance(60_000);
      store.updateStatus(KEY, uid, status);
    };
    await pass(statusOf(at()));
    await pass(statusOf(at()));
    await pass({ ...statusOf(at()), alarms: [alarm("OK")] });
    await pass({ ...statusOf(at()), alarms: [{ ...alarm("OK"), reason: "said otherwise" }] });
    await pass({ ...statusOf(at()), alarms: [alarm("ALARM")] });
    await pass({ ...statusOf(at(), "Paused"), alarms: [alarm("ALARM")] });
    store.update(KEY, { spec: { ...SPEC, more: 1 } });
    await clock.advance(1_000);
    expect(
      states().map(({ generation, conditions, alarms }) => [
        generation,
        conditions[0]?.reason,
        alarms[0]?.state,
      ]),
    ).toEqual([
      [1, undefined, undefined],
      [1, "InSync", undefined],
      [1, "InSync", "OK"],
      [1, "InSync", "ALARM"],
      [2, "Paused", "ALARM"],
    ]);
    const [first, second, last] = [states()[0], states()[1], states().at(-1)];
    expect(first?.until).toBe(second?.since);
    expect(last).not.toHaveProperty("until");
  });

  it("are known of one that is gone, and not of one that was not there yet", async () => {
    const { store, clock, at } = small();
    const before = at();
    await clock.advance(1_000);
    const { uid } = created(store).metadata;
    await clock.advance(1_000);
    const during = at();
    store.updateStatus(KEY, uid, statusOf(during));
    await clock.advance(1_000);
    store.release(KEY, uid);
    await clock.advance(1_000);
    const names = (time: string) => statesAt(store, time).map(({ name }) => name);
    expect([before, during, at()].map(names)).toEqual([[], ["web-api"], []]);
    expect(store.statesAround(KEY, before).before).toBeUndefined();
    expect(store.statesAround(KEY, before).after?.creationTimestamp).toBe("2026-01-01T00:00:01.000Z");
    expect(store.statesAround(KEY, at()).before?.until).toBe("2026-01-01T00:00:03.000Z");
  });

  it("are forgotten by age, and the present one never; since when all is known is remembered", async () => {
    const { store, clock, at } = small();
    const { uid } = created(store).metadata;
    await clock.advance(1_000);
    store.updateStatus(KEY, uid, statusOf(at()));
    await clock.advance(20 * DAY_MS);
    store.check();
    const [state] = statesAt(store, at());
    expect(state?.since).toBe("2026-01-01T00:00:01.000Z");
    expect(statesAt(store, "2026-01-01T00:00:00.500Z")).toEqual([]);
    expect(store.keptSince("status_history")).toBe("2026-01-01T00:00:01.000Z");
  });

  it("are forgotten by number, the oldest first", async () => {
    const { store, clock, at } = small({ statusHistory: 5 });
    const { uid } = created(store).metadata;
    for (let pass = 0; pass < 100; pass += 1) {
      await clock.advance(1_000);
      store.updateStatus(KEY, uid, statusOf(at(), pass % 2 === 0 ? "InSync" : "Paused"));
    }
    await clock.advance(3_600_001);
    store.check();
    const since = store.keptSince("status_history") ?? "";
    expect(since).toBe("2026-01-01T00:01:36.000Z");
    expect(statesAt(store, since)).toHaveLength(1);
  });

  it("join the commit of the status: what is rolled back is not remembered", () => {
    const { store } = opened();
    const { uid } = created(store).metadata;
    expect(() =>
      store.transaction(() => {
        store.updateStatus(KEY, uid, statusOf("2026-01-01T00:00:00.000Z"));
        throw new Error("no");
      }),
    ).toThrow("no");
    expect(statesAt(store, "2026-01-01T00:00:00.000Z")[0]?.conditions).toEqual([]);
  });
});

describe("a database of an earlier release", () => {
  /** With an event that was put right. */
  function earlier(): string {
    const path = join(folder(), "holdfast.db");
    const file = new Database(path);
    file.exec(readFileSync("test/fixtures/earlier-release/database.sql", "utf8"));
    file.exec(`INSERT INTO drift_events (namespace, name, uid, generation, resource_version, creation_time, labels,
        annotations, service, resource, resource_kind, resource_name, field, change, desired, before, after, state,
        first_seen_time, last_seen_time, closed_time, correction_operation, correction_time)
      VALUES ('default', 'old', 'u', 1, 1, '2025-12-31T00:00:00.000Z', '{}', '{}', 'web', 'targetGroups.web',
        'targetGroup', 'x', 'port', 'Modified', '1', '1', '2', 'Corrected', '2025-12-31T00:00:00.000Z',
        '2025-12-31T00:00:00.000Z', '2025-12-31T00:01:00.000Z', 'elasticloadbalancing:ModifyTargetGroup', null)`);
    file.close();
    return path;
  }

  it("keeps its ledger, and knows that of its past nothing was written", () => {
    const { store, clock } = opened(earlier());
    expect(store.driftEvents({}).items).toMatchObject([{ attempts: 1, state: "Corrected" }]);
    expect(store.keptSince("drift_events")).toBeUndefined();
    const now = iso(clock.nowMs());
    expect(store.keptSince("status_history")).toBe(now);
    expect(statesAt(store, now)).toEqual([]);
    const [service] = store.list({}).items;
    store.updateStatus(service!.metadata, service!.metadata.uid, service!.status);
    expect(statesAt(store, now)).toMatchObject([{ name: service!.metadata.name }]);
  });
});
