import { describe, expect, it } from "vitest";
import {
  cameBack,
  type Flow,
  isFlowing,
  isHeartbeatDue,
  PROOF_EVERY_MS,
  patienceMs,
  STILL,
  sent as sentBy,
  usualDelayMs,
} from "../../src/events/flow.ts";

const S = 1_000;
const MIN = 60 * S;

/** A call that is told of when it is sent, or later. */
const sent = (flow: Flow, id: string, atMs: number, nowMs = Math.max(atMs, flow.returned?.atMs ?? 0)) =>
  sentBy(flow, id, atMs, nowMs);

/** A call that is sent then, and comes back after the delay. */
function returned(flow: Flow, id: string, atMs: number, delayMs: number): Flow {
  return cameBack(sent(flow, id, atMs), { requestId: id, atMs }, atMs + delayMs);
}

describe("events", () => {
  it("do not flow before anything has come back, and a heartbeat is due at once", () => {
    expect(isFlowing(STILL, 0)).toBe(false);
    expect(isHeartbeatDue(STILL, 0)).toBe(true);
  });

  it("flow once a call of ours has come back, for as long as the next may take", () => {
    const flow = returned(STILL, "a", 0, 5 * S);
    expect(isFlowing(flow, 5 * S)).toBe(true);
    expect(isFlowing(flow, PROOF_EVERY_MS + 59 * S)).toBe(true);
    expect(isFlowing(flow, PROOF_EVERY_MS + 61 * S)).toBe(false);
  });

  it("await no call from before the one that came back last, however long ago it was made", () => {
    const flow = sent(returned(STILL, "a", 60 * MIN, 5 * S), "old", 0);
    expect(flow.awaited).toEqual([]);
  });

  it("are not believed to flow while the clock is back before what came back, until the next has", () => {
    const flow = returned(STILL, "a", 60 * MIN, 5 * S);
    expect([isFlowing(flow, MIN), isHeartbeatDue(flow, MIN)]).toEqual([false, true]);
    const next = sent(flow, "b", MIN, MIN);
    expect(next.awaited).toHaveLength(1);
    expect(isFlowing(cameBack(next, { requestId: "b", atMs: MIN }, MIN + 5 * S), MIN + 5 * S)).toBe(true);
  });

  it("are silent when a call has not come back in three times the longest of the usual delays", () => {
    const flow = sent(returned(STILL, "a", 0, 40 * S), "b", MIN);
    expect(isFlowing(flow, MIN + 119 * S)).toBe(true);
    expect(isFlowing(flow, MIN + 121 * S)).toBe(false);
  });

  it.each([5 * S, 5 * MIN])("flow without a break where each call comes back after %i ms", (delay) => {
    let flow = STILL;
    for (let call = 0; call < 20; call += 1)
      flow = returned(flow, `call-${call}`, call * PROOF_EVERY_MS, delay);
    expect(usualDelayMs(flow)).toBe(delay);
    const late = sent(flow, "next", 20 * PROOF_EVERY_MS);
    expect(isFlowing(late, 20 * PROOF_EVERY_MS + delay)).toBe(true);
  });

  it("are given minutes before anything is known of their delay, and never more than twenty", () => {
    expect(patienceMs(STILL)).toBe(20 * MIN);
    expect(patienceMs(returned(STILL, "a", 0, 30 * MIN))).toBe(20 * MIN);
    expect(patienceMs(returned(STILL, "a", 0, 1 * S))).toBe(MIN);
  });

  it("flow on where one is lost, as the next heartbeat is sent early", () => {
    const lost = sent(returned(STILL, "a", 0, 5 * S), "lost", 5 * MIN);
    expect(isHeartbeatDue(lost, 5 * MIN + 20 * S)).toBe(false);
    expect(isHeartbeatDue(lost, 5 * MIN + 31 * S)).toBe(true);
    const next = returned(lost, "next", 5 * MIN + 31 * S, 5 * S);
    expect(isFlowing(next, 5 * MIN + 61 * S)).toBe(true);
  });

  it("are known by the newest that came, whatever the order", () => {
    const both = sent(sent(STILL, "old", 0), "new", MIN);
    const flow = cameBack(both, { requestId: "new", atMs: MIN }, MIN + 5 * S);
    const late = cameBack(flow, { requestId: "old", atMs: 0 }, MIN + 6 * S);
    expect(late.returned?.requestId).toBe("new");
    expect(isFlowing(late, 2 * MIN)).toBe(true);
  });

  it("need no heartbeat while the fleet writes", () => {
    const flow = returned(STILL, "a", 0, 5 * S);
    expect(isHeartbeatDue(flow, 4 * MIN)).toBe(false);
    expect(isHeartbeatDue(sent(flow, "b", 4 * MIN), 4 * MIN + 20 * S)).toBe(false);
    expect(isHeartbeatDue(flow, 5 * MIN)).toBe(true);
  });

  it("are waited for in a bounded number", () => {
    let flow = STILL;
    for (let call = 0; call < 500; call += 1) flow = sent(flow, `call-${call}`, call);
    expect(flow.awaited).toHaveLength(100);
    expect(flow.awaited[0]?.atMs).toBe(0);
    expect(flow.awaited.at(-1)?.atMs).toBe(499);
  });
});
