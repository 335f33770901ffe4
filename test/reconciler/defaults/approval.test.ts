import { describe, expect, it } from "vitest";
import { ANNOTATION_APPROVED_PLAN } from "../../../src/model/object.ts";
import type { WebServiceStatus } from "../../../src/model/status.ts";
import { example } from "../../support/example.ts";
import type { Installation } from "../../support/installation.ts";
import { converged, driftEvents, nameOf, resizeGroup, somebody } from "../world.ts";

/** The example as AWS would have it: an older TLS policy, no IMDSv2, no tag `Name`. */
const DECLINED = example().with({ defaults: "AWS" });

const planOf = (installation: Installation): WebServiceStatus["plan"] => installation.get().status?.plan;

function digestOf(installation: Installation): string {
  const digest = planOf(installation)?.approval?.digest;
  if (digest === undefined) throw new Error("nothing waits for approval");
  return digest;
}

const approve = (installation: Installation, digest: string) =>
  installation.annotate({ [ANNOTATION_APPROVED_PLAN]: digest });

async function instanceIds(installation: Installation): Promise<string[]> {
  const { AutoScalingGroups } = await somebody(installation, "autoscaling:DescribeAutoScalingGroups", {});
  return AutoScalingGroups[0].Instances.map(({ InstanceId }) => InstanceId).sort();
}

/** A service whose defaults have been changed, and that waits. */
async function waiting(): Promise<Installation> {
  const installation = await converged();
  installation.post(DECLINED.spec());
  await installation.until(() => installation.condition("Stalled")?.status === "True");
  return installation;
}

describe("a change of spec.defaults", () => {
  it("waits for approval, and nothing of it is begun", async () => {
    const installation = await converged();
    const before = installation.mutations().length;
    const instances = await instanceIds(installation);
    installation.post(DECLINED.spec());
    await installation.until(() => installation.condition("Stalled")?.status === "True");
    const digest = digestOf(installation);
    await installation.clock.advance(600_000);
    expect(installation.mutations().slice(before)).toEqual([]);
    expect(await instanceIds(installation)).toEqual(instances);
    for (const type of ["Stalled", "Synced", "Ready"] as const)
      expect(installation.condition(type)?.reason).toBe("ApprovalRequired");
    expect(installation.condition("Healthy")?.status).toBe("True");
    expect(installation.condition("Stalled")?.message).toContain(`${ANNOTATION_APPROVED_PLAN}: ${digest}.`);
    expect(digestOf(installation)).toBe(digest);
    expect(planOf(installation)?.digest).toBe(digest);
    expect(planOf(installation)?.rows.flatMap(({ calls }) => calls)).toEqual([
      "elasticloadbalancing:ModifyListener",
      "ec2:CreateLaunchTemplateVersion",
    ]);
    expect(installation.get().status?.defaults).toBe("Recommended");
  });

  it("is told by a dry run, with the digest that it will have", async () => {
    const installation = await converged();
    const stored = installation.get();
    const key = { namespace: "default", name: "web-api" };
    const plan = await installation.plan(DECLINED.spec(), key);
    expect(plan.approval?.effects.map(({ effect }) => effect)).toContain("defaultsChanged");
    expect(plan.rows.at(-1)).toMatchObject({ verb: "stop", blockedBy: ["ApprovalRequired"] });
    expect(installation.get()).toEqual(stored);
  });

  it("leaves the correction of drift alone, which goes on", async () => {
    const installation = await waiting();
    const digest = digestOf(installation);
    const before = installation.mutations().length;
    await resizeGroup(installation, 12);
    await installation.until(
      () => driftEvents(installation).some(({ state }) => state === "Corrected"),
      1_200_000,
    );
    expect(installation.mutations().slice(before)).toEqual(["autoscaling:UpdateAutoScalingGroup"]);
    expect(digestOf(installation)).toBe(digest);
  });

  it("goes on once its digest stands in the annotation, to its end", async () => {
    const installation = await waiting();
    const instances = await instanceIds(installation);
    approve(installation, digestOf(installation));
    await installation.untilReady();
    expect(await instanceIds(installation)).not.toEqual(instances);
    const { status } = installation.get();
    expect(status?.defaults).toBe("AWS");
    expect(status?.approval).toBeUndefined();
    expect(status?.plan).toBeUndefined();
    const reasons = installation.store.events({ limit: 500 }).items.map(({ reason }) => reason);
    expect(reasons.filter((reason) => reason === "Approved")).toHaveLength(1);
    installation.post(
      example()
        .with({ defaults: "AWS", tags: { Environment: "test" } })
        .spec(),
    );
    await installation.untilReady();
  });

  it("goes on after the process has died in the middle of it", async () => {
    const installation = await waiting();
    const before = installation.mutations().length;
    approve(installation, digestOf(installation));
    await installation.until(() => installation.mutations().length > before);
    installation.crash();
    await installation.untilReady();
    expect(installation.get().status?.defaults).toBe("AWS");
  });

  it("tells an approval of another plan as what it is", async () => {
    const installation = await waiting();
    const old = digestOf(installation);
    installation.post(DECLINED.withTargetGroup("web", { healthCheck: { intervalSeconds: 20 } }).spec());
    await installation.until(() => installation.get().status?.observedGeneration === 3);
    const digest = digestOf(installation);
    expect(digest).not.toBe(old);
    const before = installation.mutations().length;
    approve(installation, old);
    await installation.until(
      () => installation.condition("Stalled")?.message.includes("is of another plan") === true,
    );
    expect(installation.condition("Stalled")?.message).toContain(`"${old}" is of another plan`);
    expect(installation.mutations().length).toBe(before);
    approve(installation, digest);
    await installation.untilReady();
  });

  it("needs none where there is nothing yet, where it changes nothing, and where it is taken back", async () => {
    const installation = await converged(DECLINED.spec());
    expect(installation.get().status?.defaults).toBe("AWS");
    const before = installation.mutations().length;
    const { spec } = installation.get();
    installation.post({ ...spec, defaults: "Recommended" });
    await installation.until(() => installation.get().status?.observedGeneration === 2);
    await installation.until(() => installation.condition("Stalled") !== undefined);
    // What had no value yet gets ours: IMDSv2, and with it a version.
    expect(planOf(installation)?.approval?.effects.map(({ key }) => key)).toContain(
      "autoScalingGroups.web.launchTemplate",
    );
    installation.post(spec);
    await installation.untilReady();
    expect(installation.mutations().slice(before)).toEqual([]);
    expect(nameOf(installation, "targetGroups.web")).toBeDefined();
  });

  it("is no reason to hold a deletion: who deletes has agreed", async () => {
    const installation = await waiting();
    installation.remove();
    await installation.until(
      () => installation.store.get({ namespace: "default", name: "web-api" }) === undefined,
    );
  });
});
