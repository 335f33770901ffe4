import { describe, expect, it } from "vitest";
import { plainAlarm } from "../support/alarm-input.ts";
import { example } from "../support/example.ts";
import { Installation, WEB_API } from "../support/installation.ts";
import {
  arnOf,
  census,
  converged,
  driftEvents,
  loudOfBugs,
  resizeGroup,
  somebody,
  untilRepaired,
} from "./world.ts";

const ELB = "elasticloadbalancing";
const HOURS_MS = 4 * 3_600_000;

/** A tier of somebody else's, so that "the account as it was" is not "an empty account". */
async function withNeighbours(installation: Installation): Promise<void> {
  const { LoadBalancers } = await somebody(installation, `${ELB}:CreateLoadBalancer`, {
    Name: "web-api-neighbour",
    Subnets: ["subnet-1a", "subnet-1b"],
    Tags: [{ Key: "holdfast.dev/owner", Value: "holdfast/default/web-api-2" }],
  });
  const { TargetGroups } = await somebody(installation, `${ELB}:CreateTargetGroup`, {
    Name: "web-api-neighbour",
    Protocol: "HTTP",
    Port: 80,
    VpcId: "vpc-12345678",
  });
  await somebody(installation, `${ELB}:CreateListener`, {
    LoadBalancerArn: LoadBalancers[0].LoadBalancerArn,
    Port: 80,
    Protocol: "HTTP",
    DefaultActions: [{ Type: "forward", TargetGroupArn: TargetGroups[0].TargetGroupArn }],
  });
  await somebody(
    installation,
    "cloudwatch:PutMetricAlarm",
    plainAlarm("holdfast/default/web-api-2/high-5xx"),
  );
}

function withoutOwnerTags(value: unknown): unknown {
  if (Array.isArray(value))
    return value.filter((item) => item?.Key?.startsWith("holdfast.dev/") !== true).map(withoutOwnerTags);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withoutOwnerTags(member)]));
}

const isGone = (installation: Installation) => () => installation.store.get(WEB_API) === undefined;

describe("a lost database", () => {
  it("costs nothing: the spec posted again finds everything and changes nothing", async () => {
    const installation = await converged();
    const before = await census(installation);
    const calls = installation.account.calls.mutating();
    await installation.restart({ lost: true });
    installation.post(example().spec());
    await installation.untilReady();
    await installation.clock.advance(600_000);
    expect(installation.account.calls.mutating()).toBe(calls);
    expect(await census(installation)).toEqual(before);
    expect(driftEvents(installation)).toEqual([]);
  });

  it("between two edits of the spec is made up for by what AWS says, once a person has confirmed it: a rule that is no longer declared goes", async () => {
    const installation = await converged();
    await installation.restart({ lost: true });
    installation.post(example().withoutRule("block-admin").spec());
    await installation.confirmEpoch();
    await installation.untilReady();
    expect(installation.mutations()).toEqual([`${ELB}:DeleteRule`]);
  });
});

describe("deletion of a service", () => {
  it.each([false, true])(
    "leaves the account as it was found (database lost on the way: %s)",
    async (lost) => {
      const installation = new Installation({ log: loudOfBugs });
      await withNeighbours(installation);
      const before = await census(installation);
      installation.post(example().spec());
      await installation.untilReady();
      if (lost) {
        await installation.restart({ lost: true });
        installation.post(example().spec());
        await installation.clock.advance(100);
      }
      installation.remove();
      await installation.until(isGone(installation), HOURS_MS);
      expect(await census(installation)).toEqual(before);
      const { Reservations } = await somebody(installation, "ec2:DescribeInstances", {});
      const instances = Reservations.flatMap((reservation) => reservation.Instances);
      expect(instances.filter((instance) => instance.State.Name !== "terminated")).toEqual([]);
    },
  );

  it("in the middle of the first convergence leaves nothing behind", async () => {
    for (const afterMs of [50, 400, 900, 1_300, 1_600, 3_000, 30_000]) {
      const installation = new Installation({ log: loudOfBugs });
      const before = await census(installation);
      installation.post(example().spec());
      await installation.clock.advance(afterMs);
      installation.remove();
      await installation.until(isGone(installation), HOURS_MS);
      expect(await census(installation)).toEqual(before);
    }
  });

  it("goes on although a resource is already gone", async () => {
    const installation = await converged();
    const before = await census(new Installation());
    await somebody(installation, `${ELB}:DeleteLoadBalancer`, {
      LoadBalancerArn: arnOf(installation, "loadBalancer"),
    });
    installation.remove();
    await installation.until(isGone(installation), HOURS_MS);
    expect(await census(installation)).toEqual(before);
  });

  it("takes away scale-in protection that would keep instances", async () => {
    const guarded = example().withGroup("web", { newInstancesProtectedFromScaleIn: true });
    const installation = await converged(guarded.spec());
    installation.remove();
    await installation.until(isGone(installation), HOURS_MS);
    expect(installation.mutations()).toContain("autoscaling:SetInstanceProtection");
  });

  it("with Retain takes our tags away and nothing else", async () => {
    const installation = await converged(example().with({ deletionPolicy: "Retain" }).spec());
    const before = await census(installation);
    const calls = installation.mutations().length;
    installation.remove();
    await installation.until(isGone(installation), HOURS_MS);
    expect(withoutOwnerTags(await census(installation))).toEqual(withoutOwnerTags(before));
    expect(JSON.stringify(await census(installation))).not.toContain("holdfast.dev/");
    expect(
      new Set(
        installation.store
          .calls({ limit: 100 })
          .slice(0, -calls)
          .map((row) => row.operation.split(":")[1]),
      ),
    ).toEqual(new Set(["RemoveTags", "DeleteTags", "UntagResource"]));
  });

  it("stops at deletion protection with a condition that says what to change, and removes nothing", async () => {
    const guarded = example().withLoadBalancer({ attributes: { "deletion_protection.enabled": true } });
    const installation = await converged(guarded.spec());
    const before = await census(installation);
    const calls = installation.mutations().length;
    installation.remove();
    await installation.clock.advance(3_600_000);
    expect(installation.condition("Stalled")).toMatchObject({ status: "True", reason: "DeletionProtected" });
    expect(installation.condition("Stalled")?.message).toContain("deletion_protection.enabled");
    expect(installation.mutations()).toHaveLength(calls);
    expect(await census(installation)).toEqual(before);
    await somebody(installation, `${ELB}:ModifyLoadBalancerAttributes`, {
      LoadBalancerArn: arnOf(installation, "loadBalancer"),
      Attributes: [{ Key: "deletion_protection.enabled", Value: "false" }],
    });
    await installation.until(isGone(installation), HOURS_MS);
  });

  it("supersedes drift that is still open", async () => {
    const installation = await converged();
    installation.annotate({ "holdfast.dev/paused": "true" });
    await resizeGroup(installation, 3);
    await installation.until(() => driftEvents(installation).length === 1);
    installation.annotate({});
    installation.remove();
    await installation.until(isGone(installation), HOURS_MS);
    expect(driftEvents(installation).map((event) => event.state)).toEqual(["Superseded"]);
  });
});

describe("a paused service", () => {
  it("is looked after but never written to, and shows what it would do", async () => {
    const installation = await converged();
    installation.annotate({ "holdfast.dev/paused": "true" });
    await installation.clock.advance(10_000);
    const calls = installation.account.calls.mutating();
    await somebody(installation, "cloudwatch:DeleteAlarms", {
      AlarmNames: ["holdfast/default/web-api/high-5xx"],
    });
    await somebody(installation, `${ELB}:ModifyTargetGroup`, {
      TargetGroupArn: arnOf(installation, "targetGroups.web"),
      HealthCheckPath: "/",
    });
    await installation.clock.advance(600_000);
    expect(installation.account.calls.mutating()).toBe(calls + 2);
    expect(
      driftEvents(installation)
        .map((event) => [event.resource, event.state])
        .sort(),
    ).toEqual([
      ["alarms.high-5xx", "Open"],
      ["targetGroups.web", "Open"],
    ]);
    const { plan } = installation.get().status!;
    expect(plan?.rows.map((row) => [row.verb, row.key, row.calls])).toEqual([
      ["update", "targetGroups.web", [`${ELB}:ModifyTargetGroup`]],
      ["create", "alarms.high-5xx", ["cloudwatch:PutMetricAlarm"]],
    ]);
    expect(installation.condition("Reconciling")).toMatchObject({ status: "False", reason: "Paused" });
    expect(installation.condition("Synced")).toMatchObject({ status: "False", reason: "Paused" });
    installation.annotate({});
    await untilRepaired(installation);
    expect(driftEvents(installation).map((event) => event.state)).toEqual(["Corrected", "Corrected"]);
    expect(installation.get().status?.plan).toBeUndefined();
  });

  it("that somebody else puts right is recorded as reverted", async () => {
    const installation = await converged();
    installation.annotate({ "holdfast.dev/paused": "true" });
    await resizeGroup(installation, 3);
    await installation.until(() => driftEvents(installation).length === 1);
    await resizeGroup(installation, 10);
    await installation.until(() => driftEvents(installation)[0]?.state !== "Open");
    expect(driftEvents(installation)[0]).toMatchObject({ state: "Reverted", before: 10, after: 3 });
  });

  it("that has never been applied is not made", async () => {
    const installation = new Installation({ log: loudOfBugs });
    const object = installation.post(example().spec());
    installation.annotate({ ...object.metadata.annotations, "holdfast.dev/paused": "true" });
    await installation.clock.advance(600_000);
    expect(installation.account.calls.mutating()).toBe(0);
    expect(installation.get().status?.plan?.summary.create).toBe(9);
  });
});
