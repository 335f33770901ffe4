import { describe, expect, it } from "vitest";
import { addressFrom } from "../../../src/model/address.ts";
import type { CallCause } from "../../../src/model/call-cause.ts";
import type { Delete, Update } from "../../../src/reconciler/core/actions.ts";
import { type CauseInput, causeOf } from "../../../src/reconciler/guards/cause.ts";
import { correctionBudget } from "../../../src/reconciler/guards/correction-budget.ts";
import {
  deletionBudget,
  type KindUsage,
  mostDeletions,
} from "../../../src/reconciler/guards/deletion-budget.ts";
import { kindNamed } from "../../../src/reconciler/kinds/registry.ts";
import { observed } from "../core/fixtures.ts";

const call = { operation: "elasticloadbalancing:DeleteTargetGroup", input: {} } as never;
const removal = (n: number): Delete => ({
  ...{ verb: "delete", kind: "targetGroup", name: `t${n}`, id: `arn:t${n}`, reason: "", isLast: true },
  address: addressFrom(`surplus arn:t${n}`),
  calls: [call],
});
const update = (n: number, calls = 1): Update => ({
  ...{ verb: "update", kind: "targetGroup", name: `t${n}`, id: `arn:t${n}`, reason: "" },
  address: addressFrom(`targetGroups.t${n}`),
  differences: [{ field: "port", desired: 80, observed: 81 }],
  calls: Array.from({ length: calls }, () => call),
});
const usage = (more: Partial<KindUsage> = {}): KindUsage => ({
  ...{ owned: 20, deleted: new Set<string>(), isFrozen: false },
  ...more,
});
const budget = (known: KindUsage, cause: CallCause = "edit") =>
  deletionBudget({
    ...{ kind: "targetGroup", title: "target group", service: "default/web-api" },
    causeOf: () => cause,
    usage: () => known,
  });
const stopsOf = (known: KindUsage, count: number, cause?: CallCause) => {
  const { stops } = budget(known, cause);
  return Array.from({ length: count }, (_, n) => stops(removal(n))).filter((reason) => reason !== undefined)
    .length;
};

describe("the deletion budget", () => {
  it("is a tenth of what is owned, and ten in any case", () => {
    expect([0, 99, 100, 119, 250].map(mostDeletions)).toEqual([10, 10, 10, 11, 25]);
    expect(stopsOf(usage(), 10)).toBe(0);
    expect(stopsOf(usage(), 12)).toBe(2);
    expect(stopsOf(usage({ owned: 250 }), 26)).toBe(1);
  });

  it("counts what was deleted within the hour, each resource once", () => {
    const deleted = new Set(Array.from({ length: 9 }, (_, n) => `default/other surplus arn:o${n}`));
    expect(stopsOf(usage({ deleted }), 3)).toBe(2);
    const begun = new Set([...deleted, "default/web-api surplus arn:t0"]);
    expect(stopsOf(usage({ deleted: begun }), 3)).toBe(2);
  });

  it("frozen, lets nothing more go, and says how it is lifted", () => {
    const { stops, obstacle } = budget(usage({ isFrozen: true }));
    expect(stops(removal(1))).toEqual({
      because: "deletions frozen",
      kind: "targetGroup",
      title: "target group",
    });
    expect(obstacle?.([removal(1)])).toMatchObject({
      reason: "DeletionsFrozen",
      message: expect.stringContaining("DELETE /apis/holdfast.dev/v1/freezes/targetGroup"),
    });
    expect(stops(update(1))).toBeUndefined();
    expect(stops({ ...removal(1), kind: "alarm" })).toBeUndefined();
  });

  it("does not count what a person has asked for: the deletion of the object, and what was approved", () => {
    for (const cause of ["deletion", "approved"] as const)
      expect(stopsOf(usage({ isFrozen: true }), 30, cause)).toBe(0);
  });
});

describe("the correction budget", () => {
  const corrections = (most: number, used: number, cause: CallCause = "correction") =>
    correctionBudget({ most, causeOf: () => cause, used: () => used });

  it("lets corrections wait once so many calls were made within the hour", () => {
    const { stops } = corrections(5, 2);
    expect(stops(update(1, 2))).toBeUndefined();
    expect(stops(update(2))).toBeUndefined();
    expect(stops(update(3))).toEqual({ because: "correction budget", most: 5 });
  });

  it("holds no edit", () => {
    expect(corrections(1, 9, "edit").stops(update(1))).toBeUndefined();
  });
});

describe("why an action is done", () => {
  const applied = new Map([[addressFrom("targetGroups.t1"), { port: 80 }]]);
  const desired = [
    { kind: "loadBalancer", address: addressFrom("loadBalancer") },
    { kind: "targetGroup", address: addressFrom("targetGroups.t1") },
  ] as const;
  const resources = [1, 2].map((n) =>
    observed(`targetGroups.t${n}`, { kind: "targetGroup", id: `arn:t${n}` }),
  );
  const input = { goal: "Converge", kindNamed, desired, observation: { resources }, applied } as const;

  it("a correction puts back what was applied; an edit brings what was not", () => {
    expect(causeOf(update(1), input)).toBe("correction");
    expect(causeOf(update(2), input)).toBe("edit");
    expect(causeOf(removal(1), input)).toBe("edit");
  });

  it("a person's word goes before both", () => {
    expect(causeOf(update(1), { ...input, goal: "Delete" })).toBe("deletion");
    const given = { digest: "p1", generation: 1, effects: [] };
    const rules = [() => "defaultsChanged" as const];
    const question = { generation: 1, rules, annotation: undefined, remembered: undefined };
    const approval = { question, needs: [], destructions: [] };
    expect(causeOf(removal(1), { ...input, approval: { ...approval, given } })).toBe("approved");
    expect(causeOf(removal(1), { ...input, approval })).toBe("edit");
  });

  it("who agreed to another load balancer agreed to what its replacement leaves behind, and to nothing that is dropped", () => {
    const effects = [{ key: "loadBalancer", id: "arn:lb", effect: "loadBalancerReplaced" }];
    const given = { digest: "p1", generation: 1, effects };
    const question = { generation: 1, rules: [], annotation: "p1", remembered: given };
    const approval = { question, needs: [], destructions: [] };
    const because = (n: number, asked: CauseInput["approval"]) =>
      causeOf(removal(n), { ...input, ...(asked === undefined ? {} : { approval: asked }) });
    expect(because(1, approval)).toBe("approved");
    // The spec has no such address any more.
    expect(because(2, approval)).toBe("edit");
    expect(because(1, undefined)).toBe("edit");
    expect(because(1, { ...approval, question: { ...question, annotation: undefined } })).toBe("edit");
    const other = { ...given, effects: [{ ...effects[0]!, effect: "groupRemoved" }] };
    expect(because(1, { ...approval, question: { ...question, remembered: other } })).toBe("edit");
  });
});
