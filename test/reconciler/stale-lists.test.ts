import { describe, expect, it } from "vitest";
import { type Address, addressFrom, surplusAddress } from "../../src/model/address.ts";
import type { AppliedRecord, DriftReport } from "../../src/reconciler/consistency/drift.ts";
import type { JournalRow } from "../../src/reconciler/consistency/own-removals.ts";
import { GONE, listLacksIn } from "../../src/reconciler/consistency/stale-lists.ts";
import type { Observation } from "../../src/reconciler/core/observation.ts";
import type { Installation } from "../support/installation.ts";
import { desired, hold, kindNamed, observation, observed } from "./core/fixtures.ts";
import {
  addFault,
  arnOf,
  converged,
  driftEvents,
  port,
  scheme,
  serving,
  somebody,
  specWith,
  watching,
} from "./world.ts";

const ELB = "elasticloadbalancing";

function answerOnce(installation: Installation, operation: string, output: object): void {
  addFault(installation, `${ELB}:${operation}`, { kind: "output", output }, { times: 1 }, "after");
}

describe("a list that does not show what we have made", () => {
  it.each([
    ["the target group that is being replaced", port, "DescribeTargetGroups", { TargetGroups: [] }],
    ["the load balancer that is being replaced", scheme, "DescribeLoadBalancers", { LoadBalancers: [] }],
    ["the listeners", port, "DescribeListeners", { Listeners: [] }],
  ])("hides %s, and no traffic moves because of it", async (_what, change, operation, output) => {
    const installation = await converged();
    answerOnce(installation, operation, output);
    installation.post(specWith(change));
    await watching(installation, async () => expect(serving(installation)).toBeGreaterThan(0));
    await installation.clock.advance(1_200_000);
    expect(installation.condition("Ready")?.status).toBe("True");
    expect(driftEvents(installation)).toEqual([]);
  });

  it.each([1, 2, 3, 5, 8, 13, 21, 34])(
    "hides the predecessor %i s after the replacement has begun",
    async (seconds) => {
      const installation = await converged();
      installation.post(specWith(port));
      await installation.clock.advance(seconds * 1_000);
      const { TargetGroups } = await somebody(installation, `${ELB}:DescribeTargetGroups`, {});
      answerOnce(installation, "DescribeTargetGroups", {
        TargetGroups: TargetGroups.filter((one) => one.Port === 9090),
      });
      await watching(installation, async () => expect(serving(installation)).toBeGreaterThan(0));
      await installation.clock.advance(1_200_000);
      expect(installation.condition("Ready")?.status).toBe("True");
      expect(driftEvents(installation)).toEqual([]);
    },
  );

  it("is told by a dry run", async () => {
    const installation = await converged();
    const fault = { kind: "output", output: { TargetGroups: [] } } as const;
    addFault(installation, `${ELB}:DescribeTargetGroups`, fault, {}, "after");
    const view = await installation.plan(specWith(port));
    expect(JSON.stringify(view)).toMatch(/list lacks [^;]*; a second read decides/);
  });

  it("is believed at a second look: what is replaced may really be gone", async () => {
    const installation = await converged();
    const LoadBalancerArn = arnOf(installation, "loadBalancer");
    await somebody(installation, `${ELB}:DeleteLoadBalancer`, { LoadBalancerArn });
    installation.post(specWith(scheme));
    await installation.untilReady();
    expect(installation.account.parts.elb.loadBalancers()).toHaveLength(1);
  });
});

describe("a list lacks", () => {
  const NOTHING: DriftReport = { findings: [], holds: [] };
  const WEB = addressFrom("web");
  const wanted = [desired("web", { kind: "targetGroup", name: "new" })];
  const record = (more: Partial<AppliedRecord> = {}): ReadonlyMap<Address, AppliedRecord> =>
    new Map([[WEB, { name: "old", fields: {}, generation: 1, writtenAtMs: 0, ...more }]]);
  /** Names of what a list lacks, and no second look has shown to be gone. */
  const lacking = (
    seen: Observation,
    applied: ReadonlyMap<Address, AppliedRecord>,
    { drift = NOTHING, nowMs = 10_000 } = {},
  ) =>
    listLacksIn({
      kindNamed,
      desired: wanted,
      observation: seen,
      applied,
      drift,
      made: [],
      calls: () => [],
      nowMs,
    })
      .filter(({ isConfirmed }) => !isConfirmed)
      .map(({ name }) => name);

  it("a predecessor that is not seen, for as long as a second look takes", () => {
    expect(lacking(observation([]), record())).toEqual(["old"]);
    expect(lacking(observation([]), record({ suspectedAtMs: { [GONE]: 8_000 } }))).toEqual(["old"]);
    expect(lacking(observation([]), record({ suspectedAtMs: { [GONE]: 5_000 } }))).toEqual([]);
  });

  it("nothing that is there, that was never made, or that could not be read", () => {
    const there = [observed("web", { kind: "targetGroup", name: "old" })];
    expect(lacking(observation(there), record(), { nowMs: 0 })).toEqual([]);
    expect(lacking(observation([]), new Map(), { nowMs: 0 })).toEqual([]);
    const unread = observation([], { unknownKinds: new Map([["targetGroup", "no answer"]]) });
    expect(lacking(unread, record(), { nowMs: 0 })).toEqual([]);
  });

  it("what is wanted and missing, until the drift is confirmed", () => {
    const drift: DriftReport = { findings: [], holds: [hold("web", "unconfirmed")] };
    const missing = record({ name: "new" });
    expect(lacking(observation([]), missing, { drift, nowMs: 0 })).toEqual(["new"]);
    expect(lacking(observation([]), missing, { nowMs: 0 })).toEqual([]);
  });

  it("a group that we have made, while another one is to be made, which may have to take over from it", () => {
    const kind = "autoScalingGroup";
    const old = { kind, id: "old", name: "old", address: addressFrom("autoScalingGroups.web") } as const;
    const lackingGroups = (seen: Observation, missingSinceMs?: number) =>
      listLacksIn({
        kindNamed,
        desired: [desired("autoScalingGroups.app", { kind, name: "new" })],
        observation: seen,
        applied: new Map(),
        drift: NOTHING,
        made: [{ ...old, ...(missingSinceMs === undefined ? {} : { missingSinceMs }) }],
        calls: () => [],
        nowMs: 10_000,
      })
        .filter(({ isConfirmed }) => !isConfirmed)
        .map(({ name }) => name);
    expect(lackingGroups(observation([]))).toEqual(["old"]);
    expect(lackingGroups(observation([]), 8_000)).toEqual(["old"]);
    expect(lackingGroups(observation([]), 5_000)).toEqual([]);
    expect(lackingGroups(observation([observed("x", { kind, id: "old", name: "old" })]))).toEqual([]);
    expect(lackingGroups(observation([observed("x", { kind, name: "new" })]))).toEqual([]);
    const unread = observation([], { unknownKinds: new Map([[kind, "no answer"]]) });
    expect(lackingGroups(unread)).toEqual([]);
  });

  it("what may be protected from deletion, while the service is being deleted, unless we have removed it", () => {
    const kind = "loadBalancer";
    const row = { kind, id: "lb", name: "web", address: addressFrom("loadBalancer") } as const;
    const template = { ...row, kind: "launchTemplate", id: "template", name: "t" } as const;
    const unseen = (
      seen: Observation,
      { calls = [], missingSinceMs }: { calls?: JournalRow[]; missingSinceMs?: number } = {},
    ) =>
      listLacksIn({
        kindNamed,
        desired: [],
        observation: seen,
        applied: new Map(),
        drift: NOTHING,
        made: [{ ...row, ...(missingSinceMs === undefined ? {} : { missingSinceMs }) }, template],
        calls: () => calls,
        nowMs: 10_000,
      })
        .filter(({ isConfirmed }) => !isConfirmed)
        .map(({ name }) => name);
    const removal: JournalRow = {
      address: surplusAddress("lb"),
      operation: `${ELB}:DeleteLoadBalancer`,
      outcome: "succeeded",
    };
    expect(unseen(observation([]))).toEqual(["web"]);
    expect(unseen(observation([]), { missingSinceMs: 8_000 })).toEqual(["web"]);
    expect(unseen(observation([]), { missingSinceMs: 5_000 })).toEqual([]);
    expect(unseen(observation([observed("x", { kind, id: "lb", name: "web" })]))).toEqual([]);
    expect(unseen(observation([]), { calls: [removal] })).toEqual([]);
    const refused = { outcome: "failed", errorCode: "OperationNotPermitted" } as const;
    expect(unseen(observation([]), { calls: [{ ...removal, ...refused }] })).toEqual(["web"]);
    expect(unseen(observation([]), { calls: [{ ...removal, address: surplusAddress("other") }] })).toEqual([
      "web",
    ]);
  });
});
