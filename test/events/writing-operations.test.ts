import { describe, expect, it } from "vitest";
import { OPERATIONS } from "../../src/aws/operations.ts";
import { admit } from "../../src/reconciler/kinds/admission.ts";
import { desiredOf, KINDS } from "../../src/reconciler/kinds/registry.ts";
import type { WebServiceSpec } from "../../src/reconciler/kinds/web-service.ts";
import { operationsFor, writesField } from "../../src/reconciler/kinds/writing-operations.ts";
import { FULL_SPECS } from "../support/full-specs.ts";

/** What no call changes in place, or nobody but Holdfast has. */
const REPLACED = /^(scheme|protocol|port|protocolVersion|targetType|ipAddressType|vpcId|madeBy)$/;

describe("the operations that write a field", () => {
  const resources = FULL_SPECS.flatMap((example) => {
    const spec = admit(example.spec()) as WebServiceSpec;
    return desiredOf({ key: { namespace: "default", name: "web" }, owner: "owner", spec });
  });
  const fields = new Map(
    resources.flatMap(({ kind, fields: of }) =>
      Object.keys(of).map((field) => [`${kind} ${field}`, { kind, field }]),
    ),
  );

  it("are known of every field that a spec can declare and AWS can change", () => {
    const unknown = [...fields.values()].filter(
      ({ kind, field }) => operationsFor(kind, field).length === 0 && !REPLACED.test(field),
    );
    expect(fields.size).toBeGreaterThan(150);
    expect(unknown).toEqual([]);
  });

  it("are known of every kind that may go", () => {
    expect(KINDS.filter(({ name }) => operationsFor(name, "").length === 0)).toEqual([]);
  });

  it("of Holdfast's own stand in the table of operations", () => {
    const own = [
      "elasticloadbalancing:ModifyTargetGroup",
      "autoscaling:PutScalingPolicy",
      "cloudwatch:PutMetricAlarm",
    ];
    for (const operation of own) expect(OPERATIONS).toHaveProperty([operation]);
  });

  it.each([
    [
      "elasticloadbalancing:ModifyTargetGroup",
      "targetGroup",
      "healthCheck.path",
      { members: ["healthCheckPath"] },
    ],
    [
      "elasticloadbalancing:ModifyTargetGroup",
      "targetGroup",
      "healthCheck.matcher.httpCode",
      { members: ["matcher"] },
    ],
    ["elasticloadbalancing:ModifyListener", "listener", "defaultAction", { members: ["defaultActions"] }],
    ["elasticloadbalancing:AddTags", "targetGroup", "tags.Environment", { members: ["tags.Environment"] }],
    ["elasticloadbalancing:SetRulePriorities", "rule", "priority", {}],
    ["autoscaling:UpdateAutoScalingGroup", "autoScalingGroup", "minSize", { members: ["minSize"] }],
    ["autoscaling:SuspendProcesses", "autoScalingGroup", "suspendedProcesses", {}],
    ["cloudwatch:PutMetricAlarm", "alarm", "threshold", {}],
    ["elasticloadbalancing:DeleteTargetGroup", "targetGroup", "", {}],
    ["elasticloadbalancing:DeleteTargetGroup", "targetGroup", "healthCheck.path", undefined],
    ["autoscaling:DeleteAutoScalingGroup", "launchTemplate", "", undefined],
  ] as const)("%s and %s %s", (operation, kind, field, answer) => {
    expect(writesField(operation, kind, field)).toEqual(answer);
  });
});
