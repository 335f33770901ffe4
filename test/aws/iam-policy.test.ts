import { describe, expect, it } from "vitest";
import { iamPolicy } from "../../src/aws/iam-policy.ts";
import { OPERATIONS } from "../../src/aws/operations.ts";
import { isRead, type OperationName } from "../../src/ports.ts";
import { TAG_OWNER } from "../../src/reconciler/core/names.ts";

const { Statement } = iamPolicy();
const OPERATION_NAMES = Object.keys(OPERATIONS) as OperationName[];

function conditionsOn(action: string): string[] {
  return Statement.filter((statement) => statement.Action.includes(action)).map((statement) =>
    JSON.stringify(statement.Condition ?? {}),
  );
}

describe("the IAM policy", () => {
  it("allows every operation that the daemon may call", () => {
    const allowed = new Set(Statement.flatMap((statement) => statement.Action));
    expect(OPERATION_NAMES.filter((operation) => !allowed.has(operation))).toEqual([]);
  });

  it("allows nothing else but what AWS asks of the caller on behalf of its services", () => {
    const others = Statement.flatMap((statement) => statement.Action).filter(
      (action) => !OPERATION_NAMES.includes(action as OperationName),
    );
    expect(others.sort()).toEqual([
      "ec2:RunInstances",
      "iam:CreateServiceLinkedRole",
      "iam:PassRole",
      "ssm:GetParameters",
    ]);
  });

  it("confines every write to what carries the owner tag, but for the one that AWS cannot confine", () => {
    const loose = OPERATION_NAMES.filter((operation) => !isRead(operation)).filter((operation) =>
      conditionsOn(operation).some(
        (condition) => !condition.includes(TAG_OWNER) && !condition.includes("RunInstances"),
      ),
    );
    expect(loose).toEqual(["elasticloadbalancing:SetRulePriorities"]);
  });

  it("lets a delete happen only on a resource that carries the owner tag", () => {
    const deletes = OPERATION_NAMES.filter((operation) => /:Delete/.test(operation));
    expect(deletes).not.toEqual([]);
    for (const operation of deletes) {
      expect(conditionsOn(operation)).toEqual([`{"Null":{"aws:ResourceTag/${TAG_OWNER}":"false"}}`]);
    }
  });

  it("lets nobody tag an existing resource of Elastic Load Balancing or EC2 as ours", () => {
    for (const action of ["elasticloadbalancing:AddTags", "ec2:CreateTags"]) {
      for (const condition of conditionsOn(action)) {
        expect(condition).toMatch(/aws:ResourceTag\/holdfast.dev\/owner|:CreateAction/);
      }
    }
  });

  it("names its statements differently, as IAM demands", () => {
    const ids = Statement.map((statement) => statement.Sid);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every((id) => /^[A-Za-z0-9]+$/.test(id))).toBe(true);
  });
});
