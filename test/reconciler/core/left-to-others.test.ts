import { describe, expect, it } from "vitest";
import { addressFrom } from "../../../src/model/address.ts";
import type { Value } from "../../../src/model/value.ts";
import {
  CORRECT_ALL,
  type DriftPolicy,
  type DriftRule,
  spokenOf,
} from "../../../src/reconciler/core/drift-rules.ts";
import { withReferences } from "../../../src/reconciler/core/left-to-others.ts";
import { refTo } from "../../../src/reconciler/core/references.ts";
import type { DesiredResource, Fields, ObservedResource } from "../../../src/reconciler/core/resource.ts";
import { decide } from "../../../src/reconciler/decide.ts";
import { decisionInput, desired, observation, observed, thing } from "./fixtures.ts";

const A = addressFrom("a");

describe("which rule speaks", () => {
  const rule = (resource: string, field?: string, policy: DriftPolicy = "Ignore"): DriftRule => ({
    resource,
    policy,
    ...(field === undefined ? {} : { field }),
  });
  it.each<[rules: DriftRule[], address: string, field: string, policy: DriftPolicy]>([
    [[], "alarms.cpu", "threshold", "Correct"],
    [[rule("alarms.cpu", "threshold")], "alarms.cpu", "threshold", "Ignore"],
    [[rule("alarms.cpu", "threshold")], "alarms.cpu", "period", "Correct"],
    [[rule("alarms.cpu")], "alarms.cpu", "period", "Ignore"],
    [[rule("alarms.cpu")], "alarms.cpu2", "period", "Correct"],
    [[rule("alarms.*")], "alarms.cpu", "period", "Ignore"],
    [[rule("alarms.c*u")], "alarms.cpu", "period", "Ignore"],
    [[rule("autoScalingGroups.*")], "autoScalingGroups.web.launchTemplate", "imageId", "Correct"],
    [
      [rule("autoScalingGroups.*.launchTemplate")],
      "autoScalingGroups.web.launchTemplate",
      "imageId",
      "Ignore",
    ],
    [[rule("*")], "autoScalingGroups.web.launchTemplate", "imageId", "Ignore"],
    [[rule("*", "healthCheck")], "targetGroups.web", "healthCheck.path", "Ignore"],
    [[rule("*", "health")], "targetGroups.web", "healthCheck.path", "Correct"],
    [[rule("*", "*.path")], "targetGroups.web", "healthCheck.path", "Ignore"],
    [[rule("*", "tags.*")], "targetGroups.web", "tags.team", "Ignore"],
    [[rule("*", 'attributes["a.b"]')], "targetGroups.web", "attributes.a.b", "Ignore"],
    [[rule("*", 'attributes["a.b"].c["d"]')], "targetGroups.web", "attributes.a.b.c.d", "Ignore"],
    [[rule("*", "tags.a.b")], "targetGroups.web", "tags.axb", "Correct"],
    [[rule("*", "tags.(a+b|c)[d]{2}?^$\\")], "targetGroups.web", "tags.(a+b|c)[d]{2}?^$\\", "Ignore"],
    [[rule("*", "tags.a*")], "targetGroups.web", "tags.a*", "Ignore"],
    [[rule("*", "*")], "targetGroups.web", "healthCheck.path", "Ignore"],
    [[rule("*", "path")], "targetGroups.web", "healthCheck.path", "Correct"],
    [[rule("cpu")], "alarms.cpu", "period", "Correct"],
    [[rule("*", "subnetIds")], "loadBalancer", "subnets", "Ignore"],
    [[rule("*"), rule("alarms.*", undefined, "Report")], "alarms.cpu", "period", "Report"],
    [[rule("alarms.*", undefined, "Report"), rule("*")], "alarms.cpu", "period", "Ignore"],
    [[rule("*"), rule("*", "period", "Correct")], "alarms.cpu", "period", "Correct"],
  ])("%j: %s %s is %s", (rules, address, field, policy) => {
    const names = field === "subnets" ? [field, "subnetIds"] : [field];
    expect(spokenOf({ policy: "Correct", rules }, addressFrom(address), names).policy).toBe(policy);
  });

  it("is, without a word of the spec, that everything is put right", () => {
    expect(spokenOf(CORRECT_ALL, A, ["x"])).toEqual({ policy: "Correct", by: "spec.drift.policy" });
    expect(CORRECT_ALL.rules).toEqual([]);
  });

  it("is the policy of the spec where none does, and says where it stands", () => {
    const rules = { policy: "Report", rules: [rule("b"), rule("a")] } as const;
    expect(spokenOf(rules, A, ["x"])).toEqual({ policy: "Ignore", by: "spec.drift.rules[1]" });
    expect(spokenOf(rules, addressFrom("c"), ["x"])).toEqual({ policy: "Report", by: "spec.drift.policy" });
  });
});

interface Case {
  readonly policy: DriftPolicy;
  /** What the spec asks for, what was last applied, what AWS has; absent: nothing. */
  readonly wanted?: Value;
  readonly applied?: Value;
  readonly live?: Value;
  /** What a call writes of it: absent, no call. */
  readonly writes?: Value;
}

/** One field `x`, and beside it `y`, which is edited when `isEdited`. */
function writesOf({ policy, wanted, applied, live }: Case, isWhole: boolean, isEdited: boolean) {
  const field = (value: Value | undefined): Fields => (value === undefined ? {} : { x: value });
  const want: DesiredResource = desired("a", { fields: { ...field(wanted), y: isEdited ? 2 : 1 } });
  const have: ObservedResource = observed("a", { fields: { ...field(live), y: 1 } });
  const { actions } = decide(
    decisionInput({
      kindNamed: () => thing(isWhole ? { isWhole } : {}),
      desired: [want],
      observation: observation([have]),
      applied: new Map([[A, { ...field(applied), y: 1 }]]),
      drift: {
        rules: { policy: "Correct", rules: [{ resource: "a", field: "x", policy }] },
        records: new Map(),
        isUnseen: () => false,
      },
    }),
  );
  return actions.flatMap((action) =>
    action.verb === "update" ? action.calls.map(({ input }) => input) : [],
  );
}

describe("a field that differs", () => {
  const CASES: readonly Case[] = [
    // Drift: AWS has moved, and the spec has not.
    { policy: "Correct", wanted: 1, applied: 1, live: 9, writes: 1 },
    { policy: "Report", wanted: 1, applied: 1, live: 9 },
    { policy: "Ignore", wanted: 1, applied: 1, live: 9 },
    // An edit: the spec has moved.
    { policy: "Correct", wanted: 2, applied: 1, live: 1, writes: 2 },
    { policy: "Report", wanted: 2, applied: 1, live: 1, writes: 2 },
    { policy: "Ignore", wanted: 2, applied: 1, live: 1 },
    // Both have.
    { policy: "Report", wanted: 2, applied: 1, live: 9, writes: 2 },
    { policy: "Ignore", wanted: 2, applied: 1, live: 9 },
    // It was not in the spec before.
    { policy: "Report", wanted: 2, live: 9, writes: 2 },
    { policy: "Ignore", wanted: 2, live: 9 },
    // Others have taken it away.
    { policy: "Report", wanted: 1, applied: 1 },
    { policy: "Ignore", wanted: 1, applied: 1 },
    // An edit whose answer is not known is tried again.
    { policy: "Report", wanted: 2, applied: null, live: 1, writes: 2 },
  ];

  it.each(CASES)("%j", (one) => {
    const written = writesOf(one, false, false);
    expect(written).toEqual(one.writes === undefined ? [] : [{ x: one.writes, y: 1 }]);
  });

  it.each(CASES)("in a call of the whole, for another field: %j", (one) => {
    const carried = one.writes ?? one.live;
    expect(writesOf(one, true, true)).toEqual([{ ...(carried === undefined ? {} : { x: carried }), y: 2 }]);
  });

  it("that the spec does not have is left in a whole, and carried", () => {
    for (const policy of ["Report", "Ignore"] as const) {
      expect(writesOf({ policy, live: 9 }, true, false)).toEqual([]);
      expect(writesOf({ policy, live: 9 }, true, true)).toEqual([{ x: 9, y: 2 }]);
    }
    expect(writesOf({ policy: "Correct", live: 9 }, true, false)).toEqual([{ y: 1 }]);
  });
});

describe("a resource that is made anew", () => {
  const made = (policy: DriftPolicy, wanted: Value, left: Value, applied: Value) =>
    decide(
      decisionInput({
        desired: [desired("a", { fields: { x: wanted } })],
        drift: {
          rules: { policy: "Correct", rules: [{ resource: "a", policy }] },
          records: new Map([[A, { fields: { x: applied }, left: { x: left } }]]),
          isUnseen: () => false,
        },
      }),
    ).comparisons[0]?.fields;

  it.each<[DriftPolicy, wanted: Value, left: Value, applied: Value, expected: Value]>([
    ["Ignore", 1, 9, 1, 9],
    ["Ignore", 2, 9, 1, 9],
    ["Report", 1, 9, 1, 9],
    ["Report", 2, 9, 1, 2],
    ["Correct", 1, 9, 1, 1],
    // Of a secret only the digest is remembered.
    ["Ignore", "sha256:aa", "sha256:bb", "sha256:aa", "sha256:aa"],
  ])(
    "%s: the spec says %j, others had %j, applied was %j: it gets %j",
    (policy, wanted, left, applied, expected) => {
      expect(made(policy, wanted, left, applied)).toEqual({ x: expected });
    },
  );

  it("finds its siblings under the ids that they have then", () => {
    const there = new Map([[A, observed("a", { attributes: { arn: "arn:a" } })]]);
    expect(withReferences({ list: [{ arn: "arn:a", weight: 1 }, "arn:b"] }, there)).toEqual({
      list: [{ arn: refTo(A, "arn"), weight: 1 }, "arn:b"],
    });
  });
});

it("our tags are nobody else's, whatever a rule says", () => {
  const tags = { "tags.holdfast.dev/resource": "a", "tags.team": "x" };
  const { actions } = decide(
    decisionInput({
      desired: [desired("a", { fields: tags })],
      observation: observation([observed("a", { fields: { "tags.team": "y" } })]),
      drift: {
        rules: { policy: "Correct", rules: [{ resource: "*", policy: "Ignore" }] },
        records: new Map(),
        isUnseen: () => false,
      },
    }),
  );
  expect(actions).toMatchObject([{ differences: [{ field: "tags.holdfast.dev/resource" }] }]);
});
