import { describe, expect, it } from "vitest";
import { addressFrom } from "../../../src/model/address.ts";
import type { CallCause } from "../../../src/model/call-cause.ts";
import type { Delete, Update } from "../../../src/reconciler/core/actions.ts";
import { type CauseInput, causeOf } from "../../../src/reconciler/guards/cause.ts";
import { correctionBudget } from "../../../src/reconciler/guards/correction-budget.ts";
import {
  deletionBudget,
  deletionKey,
  type KindUsage,
  mostDeletions,
  WINDOW_MS,
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

  it("is asked once for all that it is asked of, and only when something of the kind is to be deleted", () => {
    let asked = 0;
    const { stops } = deletionBudget({
      ...{ kind: "targetGroup", title: "target group", service: "default/web-api" },
      causeOf: ({ address }) => (address === removal(9).address ? "approved" : "correction"),
      usage: () => {
        asked += 1;
        return usage();
      },
    });
    for (const action of [update(1), { ...removal(1), kind: "alarm" as const }, removal(9)])
      expect(stops(action)).toBeUndefined();
    expect(asked).toBe(0);
    for (const n of [1, 2, 3]) expect(stops(removal(n))).toBeUndefined();
    expect(asked).toBe(1);
  });

  it("lets what it has let through be asked of again: a group that is emptied counts once", () => {
    const { stops } = budget(usage());
    const twelve = Array.from({ length: 12 }, (_, n) => stops(removal(n)) === undefined);
    const again = Array.from({ length: 12 }, (_, n) => stops(removal(n)) === undefined);
    expect(twelve.indexOf(false)).toBe(10);
    expect(again).toEqual(twelve);
  });

  it("holds what corrects as it holds what was edited", () => {
    expect(stopsOf(usage(), 12, "correction")).toBe(2);
  });

  it("tells a person of the first that it stops, and where it stops none, of the kind", () => {
    const { obstacle } = budget(usage());
    expect(obstacle?.([removal(3), removal(4)]).address).toBe(removal(3).address);
    expect(obstacle?.([])).toEqual({
      address: "targetGroup",
      reason: "DeletionsFrozen",
      message:
        "Nothing more of the kind target group is deleted: within an hour corrections and edits delete a tenth of " +
        "what is owned of a kind over all services, and 10 in any case. Find out why so many are to go; then lift " +
        "it: DELETE /apis/holdfast.dev/v1/freezes/targetGroup.",
    });
  });

  it("counts within an hour", () => {
    expect(WINDOW_MS).toBe(60 * 60 * 1_000);
    expect(deletionKey("default/web", "alarms.cpu")).not.toBe(deletionKey("default/web2", "alarms.cpu"));
    expect(deletionKey("default/web", "alarms.cpu")).toBe("default/web alarms.cpu");
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

  it("counts what it lets through once, however often it is asked", () => {
    const { stops } = corrections(2, 0);
    for (const n of [1, 1, 2, 1, 2]) expect(stops(update(n))).toBeUndefined();
    expect(stops(update(3))).toBeDefined();
    expect(stops(update(1))).toBeUndefined();
  });

  it("counts each call of an action, two of one operation as two, and more calls than before as new ones", () => {
    const { stops } = corrections(3, 0);
    expect([stops(update(1, 1)), stops(update(1, 3))]).toEqual([undefined, undefined]);
    expect(stops(update(2))).toBeDefined();
    const other = { operation: "elasticloadbalancing:AddTags", input: {} } as never;
    expect(stops({ ...update(1), calls: [other] })).toBeDefined();
  });

  it("is spent where as many were made as may be, and asked of only once, when something is to be corrected", () => {
    let asked = 0;
    const { stops } = correctionBudget({
      most: 4,
      causeOf: ({ address }) => (address === update(9).address ? "edit" : "correction"),
      used: () => {
        asked += 1;
        return 4;
      },
    });
    expect([stops(update(9)), asked]).toEqual([undefined, 0]);
    expect([stops(update(1)), stops(update(2)), asked]).toEqual([
      { because: "correction budget", most: 4 },
      { because: "correction budget", most: 4 },
      1,
    ]);
  });

  it("lets what needs no call go on", () => {
    expect(corrections(0, 9).stops(update(1, 0))).toBeUndefined();
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
