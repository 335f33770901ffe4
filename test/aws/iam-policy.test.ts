import { describe, expect, it } from "vitest";
import { iamPolicies } from "../../src/aws/iam-policy.ts";
import { OPERATIONS } from "../../src/aws/operations.ts";
import { isRead, type OperationName } from "../../src/ports.ts";
import { OWN_TAGS, TAG_OWNER } from "../../src/reconciler/core/names.ts";

const POLICIES = iamPolicies();
const { Statement } = POLICIES.manage;
const ALL_OPERATIONS = Object.keys(OPERATIONS) as OperationName[];
const isApart = (operation: OperationName) => /^(sqs|cloudtrail):/.test(operation);
/** What a tier needs. */
const OPERATION_NAMES = ALL_OPERATIONS.filter((operation) => !isApart(operation));

function conditionsOn(action: string): string[] {
  return Statement.filter((statement) => statement.Action.includes(action)).map((statement) =>
    JSON.stringify(statement.Condition ?? {}),
  );
}

describe("the IAM policy to manage", () => {
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
});

describe("the IAM policy to observe", () => {
  it("allows every read that the daemon may call, and nothing else", () => {
    const allowed = POLICIES.observe.Statement.flatMap((statement) => statement.Action);
    expect(allowed.sort()).toEqual(OPERATION_NAMES.filter(isRead).sort());
  });
});

describe("the IAM policy to adopt", () => {
  const statements = POLICIES.adopt.Statement;

  it("allows the operations that write tags, and no others", () => {
    const tagging = OPERATION_NAMES.filter(
      (operation) => /(Tags|[Tt]agResource)$/.test(operation) && !isRead(operation),
    );
    expect(tagging).toHaveLength(8);
    expect(statements.flatMap((statement) => statement.Action).sort()).toEqual([...tagging].sort());
  });

  it("confines them to our own tags, of which a request names at least one", () => {
    const [pattern] = new Set(
      statements.map(({ Condition }) => Condition?.["ForAllValues:StringLike"]?.["aws:TagKeys"]),
    );
    const confined = new RegExp(`^${String(pattern).replaceAll(".", "\\.").replace("*", ".*")}$`);
    expect(OWN_TAGS.every((tag) => confined.test(tag))).toBe(true);
    expect(["Name", "Team", "aws:x", "xholdfast.dev/owner"].some((tag) => confined.test(tag))).toBe(false);
    for (const { Condition } of statements) {
      expect(Condition).toMatchObject({
        "ForAllValues:StringLike": { "aws:TagKeys": pattern },
        Null: { "aws:TagKeys": "false" },
      });
    }
  });

  it("puts tags on what has no owner tag, and takes them off what has one", () => {
    const wantsNoOwner = statements.flatMap(({ Action, Condition }) =>
      Action.map((action) => [action, Condition?.Null?.[`aws:ResourceTag/${TAG_OWNER}`] === "true"]),
    );
    for (const [action, isFree] of wantsNoOwner)
      expect([action, isFree]).toEqual([action, !/Remove|Delete|Untag/.test(String(action))]);
  });
});

describe("the IAM policies for events", () => {
  it("are all that who listens and who asks needs, and stand in no other", () => {
    const actions = [...POLICIES.events.Statement, ...POLICIES.attribution.Statement].flatMap(
      ({ Action }) => Action,
    );
    const needed = ALL_OPERATIONS.filter(isApart).map((operation) =>
      operation.replace("MessageBatch", "Message"),
    );
    expect([...actions].sort()).toEqual([...needed].sort());
    const others = [POLICIES.observe, POLICIES.adopt, POLICIES.manage].flatMap(({ Statement: of }) => of);
    expect(others.flatMap(({ Action }) => Action).filter((action) => actions.includes(action))).toEqual([]);
  });

  it("reach one queue", () => {
    expect(POLICIES.events.Statement.map(({ Resource }) => Resource)).toEqual([
      "arn:aws:sqs:eu-central-1:123456789012:holdfast-events",
    ]);
  });
});

describe.each(Object.entries(POLICIES))("the IAM policy to %s", (_, policy) => {
  it("names its statements differently, as IAM demands", () => {
    const ids = policy.Statement.map((statement) => statement.Sid);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every((id) => /^[A-Za-z0-9]+$/.test(id))).toBe(true);
  });

  // docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html: white space does not count.
  it("fits into a managed policy", () => {
    expect(JSON.stringify(policy).length).toBeLessThanOrEqual(6_144);
  });
});
