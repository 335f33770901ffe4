import { describe, expect, it } from "vitest";
import { StoreError } from "../../src/model/errors.ts";
import type { DriftEvent } from "../../src/model/ledger/drift.ts";
import { iso } from "../../src/model/time.ts";
import type { Store } from "../../src/ports.ts";
import { driftOf, KEY, statusOf } from "../store/support.ts";
import type { VirtualClock } from "../support/virtual-clock.ts";
import { ALICE, BOB, pathChanged, record, TARGET_GROUP } from "./records.ts";
import { listening, OWN_CALL } from "./support.ts";

const S = 1_000;
const MIN = 60 * S;

/** Drift of the path of the service's target group, first seen now. */
function drifted(store: Store, clock: VirtualClock, change: Partial<DriftEvent> = {}): DriftEvent {
  const now = iso(clock.nowMs());
  const times = { firstSeenTime: now, lastSeenTime: now };
  const event = driftOf("web-api-1", { resourceKind: "targetGroup", arn: TARGET_GROUP, ...times, ...change });
  store.putDrift(event);
  return event;
}

function stored(store: Store): DriftEvent {
  return store.driftEvents({ limit: 1 }).items[0]!;
}

/** A pass that has read everything ends now. */
function seenRight(store: Store, clock: VirtualClock): void {
  store.updateStatus(KEY, store.get(KEY)!.metadata.uid, statusOf(iso(clock.nowMs())));
}

function now(clock: VirtualClock): { eventTime: string } {
  return { eventTime: iso(clock.nowMs()).replace(/\.\d+Z$/, "Z") };
}

describe("a drift event", () => {
  it("says who did it, once both the drift is seen and the record has come", async () => {
    const { store, clock, account, events } = listening();
    events.start();
    seenRight(store, clock);
    await clock.advance(20 * S);
    account.waiting.push(pathChanged(now(clock)));
    await clock.advance(5 * S);
    drifted(store, clock);
    expect(stored(store).attribution).toMatchObject({
      confidence: "certain",
      principal: ALICE,
      from: "event",
    });
    const { items } = store.events({ limit: 5 });
    expect(items.map(({ reason }) => reason)).toContain("DriftAttributed");
    expect(items[0]?.message).toMatch(
      /^targetGroups\.web: healthCheck\.path was changed by arn:aws:iam.*; certain\.$/,
    );
  });

  it("says it when the record comes long after it was put right, and not an hour later", async () => {
    const { store, clock, account, events } = listening();
    events.start();
    const seen = now(clock);
    const event = drifted(store, clock);
    await clock.advance(MIN);
    store.putDrift({ ...event, state: "Corrected", closedTime: iso(clock.nowMs()) });
    await clock.advance(50 * MIN);
    account.waiting.push(pathChanged(seen));
    await clock.advance(MIN);
    expect(stored(store)).toMatchObject({
      state: "Corrected",
      attribution: { principal: ALICE, confidence: "likely" },
    });
    await clock.advance(20 * MIN);
    const by = { userIdentity: { type: "IAMUser", arn: BOB } };
    account.waiting.push(pathChanged({ ...seen, ...by }));
    await clock.advance(MIN);
    expect(stored(store).attribution?.principal).toBe(ALICE);
  });

  it("says that it may have been another one, once a second record fits", async () => {
    const { store, clock, account, events } = listening();
    events.start();
    await clock.advance(MIN);
    account.waiting.push(pathChanged(now(clock)));
    await clock.advance(S);
    drifted(store, clock);
    expect(stored(store).attribution?.confidence).toBe("likely");
    account.waiting.push(pathChanged({ ...now(clock), userIdentity: { type: "IAMUser", arn: BOB } }));
    await clock.advance(S);
    expect(stored(store).attribution).toMatchObject({ confidence: "possible", principal: BOB });
  });

  it("is not owed to whoever moved the same field before it was put right", async () => {
    const { store, clock, account, events } = listening();
    events.start();
    seenRight(store, clock);
    account.waiting.push(pathChanged(now(clock)));
    await clock.advance(20 * S);
    const first = drifted(store, clock);
    const correction = { operation: "ModifyTargetGroup", requestId: "r", time: iso(clock.nowMs() + 10 * S) };
    await clock.advance(15 * S);
    store.putDrift({ ...first, state: "Corrected", closedTime: iso(clock.nowMs()), correction });
    await clock.advance(20 * S);
    const again = { metadata: { ...first.metadata, name: "web-api-2" } };
    drifted(store, clock, again);
    expect(stored(store).metadata.name).toBe("web-api-2");
    expect(stored(store).attribution).toBeUndefined();
    account.waiting.push(pathChanged({ ...now(clock), userIdentity: { type: "IAMUser", arn: BOB } }));
    await clock.advance(S);
    expect(stored(store).attribution).toMatchObject({ principal: BOB, confidence: "certain" });
  });

  it("is not owed to us: not by a call that is in the journal, nor by one that AWS has not answered", async () => {
    const { store, clock, account, events } = listening();
    events.start();
    const ours = { userIdentity: { type: "IAMUser", arn: BOB } };
    const opened = () => store.openCall({ ...OWN_CALL, operation: "elasticloadbalancing:ModifyTargetGroup" });
    store.closeCall(opened(), { outcome: "succeeded", requestId: "ours-1" });
    account.waiting.push(pathChanged({ ...now(clock), ...ours, requestID: "ours-1" }));
    await clock.advance(20 * S);
    opened();
    account.waiting.push(pathChanged({ ...now(clock), ...ours }));
    await clock.advance(S);
    drifted(store, clock);
    await clock.advance(MIN);
    expect(stored(store).attribution).toBeUndefined();
  });

  it("keeps who did it through what the reconciler writes of it", async () => {
    const { store, clock, account, events } = listening();
    events.start();
    account.waiting.push(pathChanged(now(clock)));
    await clock.advance(S);
    drifted(store, clock);
    store.putDrift({ ...store.openDrift(KEY)[0]!, attempts: 1 });
    expect(stored(store)).toMatchObject({ attempts: 1, attribution: { principal: ALICE } });
  });

  it("is opened all the same where who did it cannot be written down", async () => {
    const { store, clock, account, events, warned } = listening();
    events.start();
    account.waiting.push(pathChanged(now(clock)));
    await clock.advance(S);
    store.driftEvent = () => {
      throw new StoreError("the disk is full");
    };
    expect(() => drifted(store, clock)).not.toThrow();
    expect(stored(store).state).toBe("Open");
    expect(warned).toEqual([{ fault: "the disk is full" }]);
  });

  it("that was open at the start is sought for, too", async () => {
    const { store, clock, account, events } = listening();
    await clock.advance(MIN);
    drifted(store, clock);
    const seen = now(clock);
    await clock.advance(MIN);
    events.start();
    account.waiting.push(pathChanged(seen));
    await clock.advance(S);
    expect(stored(store).attribution?.principal).toBe(ALICE);
  });
});

describe("without a queue, CloudTrail", () => {
  const asking = () => listening({ queue: undefined, isCloudTrailAsked: true });
  const lookedUp = (account: ReturnType<typeof asking>["account"]) =>
    account.asked.filter(({ operation }) => operation === "cloudtrail:LookupEvents");
  const changed = (clock: VirtualClock) =>
    record(
      "elasticloadbalancing",
      "ModifyTargetGroup",
      { targetGroupArn: TARGET_GROUP, healthCheckPath: "/" },
      now(clock),
    );

  it("is asked who did it, by the operations that can have, until it knows", async () => {
    const { store, clock, account, events, flow } = asking();
    expect(flow).toThrow();
    events.start();
    seenRight(store, clock);
    await clock.advance(10 * S);
    const made = changed(clock);
    await clock.advance(10 * S);
    drifted(store, clock);
    await clock.advance(4 * MIN);
    expect(stored(store).attribution).toBeUndefined();
    account.trail.push(made);
    await clock.advance(5 * MIN);
    expect(stored(store).attribution).toMatchObject({
      confidence: "certain",
      principal: ALICE,
      from: "lookup",
    });
    const before = lookedUp(account);
    expect(before.map(({ input }) => input.LookupAttributes)).toEqual(
      before.map(() => [{ AttributeKey: "EventName", AttributeValue: "ModifyTargetGroup" }]),
    );
    await clock.advance(60 * MIN);
    expect(lookedUp(account)).toHaveLength(before.length);
  });

  it("is asked ever more rarely, and given up after twenty minutes", async () => {
    const { store, clock, account, events } = asking();
    events.start();
    drifted(store, clock);
    const start = clock.nowMs();
    await clock.advance(3 * 60 * MIN);
    const asked = lookedUp(account).map(({ atMs }) => (atMs - start) / S);
    expect(asked).toEqual([30, 90, 210, 450, 810, 1_200]);
  });

  it("is asked once for all that wait for the same answer", async () => {
    const { store, clock, account, events } = asking();
    events.start();
    for (let index = 0; index < 50; index += 1) {
      const event = driftOf(`web-api-${index}`, { resourceKind: "targetGroup", arn: TARGET_GROUP });
      store.putDrift({ ...event, firstSeenTime: iso(clock.nowMs()), lastSeenTime: iso(clock.nowMs()) });
    }
    account.trail.push(changed(clock));
    await clock.advance(MIN);
    expect(lookedUp(account)).toHaveLength(1);
    expect(store.openDrift(KEY).every(({ attribution }) => attribution?.principal === ALICE)).toBe(true);
  });

  it("that refuses is told once, and asked again", async () => {
    const { store, clock, account, events, warned } = asking();
    account.refuses = () => Object.assign(new Error("no"), { code: "AccessDenied" }) as never;
    events.start();
    drifted(store, clock);
    await clock.advance(30 * MIN);
    expect(lookedUp(account)).toHaveLength(6);
    expect(warned).toHaveLength(1);
  });

  it("is not asked where nobody wants to know", async () => {
    const { store, clock, account, events } = listening({ queue: undefined });
    events.start();
    drifted(store, clock);
    await clock.advance(30 * MIN);
    expect(account.asked).toEqual([]);
  });
});
