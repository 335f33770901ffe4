import { describe, expect, it } from "vitest";
import { addressFrom } from "../../src/model/address.ts";
import type { DriftEvent } from "../../src/model/ledger/drift.ts";
import { iso } from "../../src/model/time.ts";
import type { Store } from "../../src/ports.ts";
import type { Finding } from "../../src/reconciler/consistency/drift.ts";
import type { Comparison } from "../../src/reconciler/core/compare.ts";
import { closeSettled, recordFindings } from "../../src/reconciler/drift-ledger.ts";
import { created, driftOf, KEY, opened } from "../store/support.ts";
import type { VirtualClock } from "../support/virtual-clock.ts";
import { addFault, arnOf, converged, driftEvents, somebody, untilRepaired } from "./world.ts";

const ELB = "elasticloadbalancing";
const MODIFY = `${ELB}:ModifyTargetGroup`;
const address = addressFrom("targetGroups.web");

function ledger() {
  const { store, clock } = opened();
  const object = created(store);
  const input = () => ({ store, object, nowMs: clock.nowMs() });
  return { store, clock, input };
}

function finding(clock: VirtualClock, change: Partial<Finding> = {}): Finding {
  return {
    ...{ address, kind: "targetGroup", name: "hf-web", id: "arn:1", change: "Modified", field: "path" },
    ...{ desired: "/a", before: "/a", after: "/b", firstSeenMs: clock.nowMs(), isConfirmed: true },
    ...change,
  } as Finding;
}

/** A read that shows the target group, equal to the spec or not. */
function seen(...differing: string[]): Comparison[] {
  const differences = differing.map((field) => ({ field, desired: "/a", observed: "/b" }));
  const desired = { address, kind: "targetGroup", name: "hf-web", fields: { path: "/a" } };
  return [{ desired, observed: {}, fields: desired.fields, differences } as unknown as Comparison];
}

const wanted = { wanted: new Set([address]), stands: () => false };
const only = (store: Store) => store.driftEvents({}).items[0] as DriftEvent;

describe("a read that equals the spec", () => {
  it("closes nothing that we have not put right before a second one shows the same, seconds later", async () => {
    const { store, clock, input } = ledger();
    recordFindings(input(), [finding(clock)], []);
    await clock.advance(60_000);
    closeSettled(input(), seen(), wanted);
    expect(only(store).state).toBe("Open");
    await clock.advance(3_999);
    closeSettled(input(), seen(), wanted);
    expect(only(store).state).toBe("Open");
    await clock.advance(1);
    closeSettled(input(), seen(), wanted);
    expect(only(store)).toMatchObject({ state: "Reverted", timeToRepairSeconds: 60 });
    expect(only(store)).not.toHaveProperty("rightSinceTime");
  });

  it("and was an older answer where the next one shows the drift again", async () => {
    const { store, clock, input } = ledger();
    const moved = finding(clock);
    recordFindings(input(), [moved], []);
    closeSettled(input(), seen(), wanted);
    expect(only(store).rightSinceTime).toBeDefined();
    await clock.advance(10_000);
    closeSettled(input(), seen("path"), wanted);
    await clock.advance(10_000);
    closeSettled(input(), seen(), wanted);
    expect(only(store).state).toBe("Open");
  });

  it("counts on where AWS was not asked in between", async () => {
    const { store, clock, input } = ledger();
    recordFindings(input(), [finding(clock)], []);
    closeSettled(input(), seen(), wanted);
    await clock.advance(10_000);
    closeSettled(input(), [], wanted);
    closeSettled(input(), seen(), wanted);
    expect(only(store).state).toBe("Reverted");
  });
});

describe("the time to repair", () => {
  it("is of what was put right or went back by itself, and not of what another spec has overtaken", async () => {
    const { store, clock, input } = ledger();
    recordFindings(input(), [finding(clock)], []);
    await clock.advance(60_000);
    closeSettled(input(), [], { ...wanted, wanted: new Set() });
    expect(only(store)).toMatchObject({ state: "Superseded", closedTime: iso(clock.nowMs()) });
    expect(only(store)).not.toHaveProperty("timeToRepairSeconds");
  });

  it("that an earlier version wrote of what was overtaken is not told", () => {
    const { store } = opened();
    store.putDrift(driftOf("d1", { state: "Superseded", timeToRepairSeconds: 60 }));
    store.putDrift(driftOf("d2", { state: "Reverted", timeToRepairSeconds: 60 }));
    expect(store.driftEvents({}).items.map(({ timeToRepairSeconds }) => timeToRepairSeconds)).toEqual([
      60,
      undefined,
    ]);
  });
});

describe("what stays open", () => {
  it("says when it was last seen, and is written for that every five minutes and not each time", async () => {
    const { store, clock, input } = ledger();
    const moved = finding(clock);
    recordFindings(input(), [moved], []);
    const writes: string[] = [];
    store.subscribe((changes) => writes.push(...changes.map(({ type }) => type)));
    const from = only(store).lastSeenTime;
    for (let minute = 1; minute <= 10; minute += 1) {
      await clock.advance(60_000);
      recordFindings(input(), [moved], []);
    }
    expect(writes).toHaveLength(2);
    expect(Date.parse(only(store).lastSeenTime) - Date.parse(from)).toBe(600_000);
  });

  it("says since when AWS holds what it holds", async () => {
    const { store, clock, input } = ledger();
    const moved = finding(clock);
    recordFindings(input(), [moved], []);
    expect(only(store)).not.toHaveProperty("afterSinceTime");
    await clock.advance(60_000);
    recordFindings(input(), [{ ...moved, after: "/c" } as Finding], []);
    const { after, afterSinceTime, firstSeenTime } = only(store);
    expect(after).toBe("/c");
    expect(Date.parse(afterSinceTime ?? "") - Date.parse(firstSeenTime)).toBe(60_000);
  });

  it("keeps what a person has decided about it", async () => {
    const { store, clock, input } = ledger();
    recordFindings(input(), [finding(clock)], []);
    const decision = {
      verb: "ignore",
      actor: "ann",
      reason: "a trial",
      time: "2026-01-01T00:00:00.000Z",
    } as const;
    store.putDrift({ ...only(store), decision });
    recordFindings(input(), [finding(clock, { after: "/c" } as never)], []);
    expect(store.openDrift(KEY)[0]).toMatchObject({ after: "/c", decision });
  });
});

describe("the attempts of an event", () => {
  const movePath = async (installation: Awaited<ReturnType<typeof converged>>) =>
    somebody(installation, MODIFY, {
      TargetGroupArn: arnOf(installation, "targetGroups.web"),
      HealthCheckPath: "/elsewhere",
    });

  it("are the corrections that were sent, those that AWS refused included", async () => {
    const installation = await converged();
    await movePath(installation);
    addFault(
      installation,
      MODIFY,
      { kind: "error", code: "InternalFailure", message: "no", status: 500 },
      { times: 2 },
    );
    await untilRepaired(installation);
    const sent = installation.mutations().filter((operation) => operation === MODIFY);
    expect(driftEvents(installation)).toMatchObject([{ state: "Corrected", attempts: sent.length }]);
    expect(sent.length).toBeGreaterThan(1);
  });

  it("is one where one call was enough", async () => {
    const installation = await converged();
    await movePath(installation);
    await untilRepaired(installation);
    expect(driftEvents(installation)).toMatchObject([{ state: "Corrected", attempts: 1 }]);
    const [{ correction }] = driftEvents(installation) as [DriftEvent];
    expect(correction?.requestId).toBeDefined();
  });
});
