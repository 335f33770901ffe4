/** A service that is only observed is looked at, told of, and never written to; and the ways there and back. */
import { describe, expect, it } from "vitest";
import type { Value } from "../../../src/model/value.ts";
import {
  exampleSpec,
  type Installation,
  type InstallationOptions,
  WEB_API,
} from "../../support/installation.ts";
import {
  addFault,
  arnOf,
  census,
  converged,
  type Draft,
  driftEvents,
  nameOf,
  resizeGroup,
  somebody,
  specWith,
} from "../world.ts";

const ELB = "elasticloadbalancing";
const UNTAGGING = [
  "autoscaling:DeleteTags",
  "cloudwatch:UntagResource",
  "ec2:DeleteTags",
  "elasticloadbalancing:RemoveTags",
];
const TAGGING = [
  "autoscaling:CreateOrUpdateTags",
  "cloudwatch:TagResource",
  "ec2:CreateTags",
  "elasticloadbalancing:AddTags",
];

type Management = Draft & { management?: "Manage" | "Observe" };
const under = (management: "Manage" | "Observe", change: (spec: Draft) => void = () => {}) =>
  specWith((spec) => {
    (spec as Management).management = management;
    change(spec);
  });

const origins = ({ store }: Installation) => [...new Set(store.made(WEB_API).map(({ origin }) => origin))];
const conditions = (installation: Installation) =>
  Object.fromEntries(
    (["Ready", "Synced", "Drifted", "Reconciling", "Stalled"] as const).map((type) => {
      const { status, reason } = installation.condition(type) ?? {};
      return [type, `${status} ${reason}`];
    }),
  );
const verbs = (installation: Installation) =>
  installation.get().status?.plan?.rows.map(({ verb, key }) => `${verb} ${key}`) ?? [];
const instanceIds = async (installation: Installation) => {
  const { AutoScalingGroups } = await somebody(installation, "autoscaling:DescribeAutoScalingGroups", {});
  return AutoScalingGroups.flatMap((group) => group.Instances.map(({ InstanceId }) => InstanceId)).sort();
};

/** Everything in the account but our own tags. */
async function withoutOurTags(installation: Installation): Promise<Value> {
  const text = JSON.stringify(await census(installation));
  return JSON.parse(text, (_name, value) =>
    Array.isArray(value) ? value.filter((item) => !item?.Key?.startsWith?.("holdfast.dev/")) : value,
  );
}

const isOwnTag = (value: unknown) => JSON.stringify(value).includes("holdfast.dev/");

/** A tier that runs, and that nobody's tags say to be ours. */
async function observed(options: InstallationOptions = {}): Promise<Installation> {
  const installation = await converged(exampleSpec(), options);
  installation.post(under("Observe"));
  await installation.until(() => origins(installation).join() === "observed");
  await installation.clock.advance(120_000);
  return installation;
}

/** Somebody else removes the tier. */
async function removeAll(installation: Installation): Promise<void> {
  const LoadBalancerArn = arnOf(installation, "loadBalancer");
  const TargetGroupArn = arnOf(installation, "targetGroups.web");
  const AutoScalingGroupName = nameOf(installation, "autoScalingGroups.web");
  const { MetricAlarms } = await somebody(installation, "cloudwatch:DescribeAlarms", {});
  await somebody(installation, "autoscaling:DeleteAutoScalingGroup", {
    AutoScalingGroupName,
    ForceDelete: true,
  });
  await somebody(installation, `${ELB}:DeleteLoadBalancer`, { LoadBalancerArn });
  await installation.clock.advance(600_000);
  await somebody(installation, `${ELB}:DeleteTargetGroup`, { TargetGroupArn });
  await somebody(installation, "cloudwatch:DeleteAlarms", {
    AlarmNames: MetricAlarms.map(({ AlarmName }) => AlarmName),
  });
}

/** Lets it look several times: what is written then is written by it. */
async function writesDuring(installation: Installation, doing: () => Promise<unknown> | unknown) {
  const before = installation.mutations().length;
  await doing();
  installation.controller.request(WEB_API);
  await installation.clock.advance(300_000);
  return installation.mutations().slice(before);
}

describe("a service that is only observed", () => {
  it("is released first: our tags come off, and nothing else is written", async () => {
    const installation = await converged();
    const before = await withoutOurTags(installation);
    const written = await writesDuring(installation, () => installation.post(under("Observe")));
    expect(new Set(written)).toEqual(new Set(UNTAGGING));
    expect(isOwnTag(await census(installation))).toBe(false);
    expect(await withoutOurTags(installation)).toEqual(before);
    expect(origins(installation)).toEqual(["observed"]);
  });

  it("says that all is as the spec has it, and that nothing is written", async () => {
    const installation = await observed();
    expect(conditions(installation)).toEqual({
      Ready: "True Ready",
      Synced: "True InSync",
      Drifted: "False AsApplied",
      Reconciling: "False ObserveOnly",
      Stalled: "False NotStalled",
    });
    expect(installation.get().status?.waitingFor).toEqual([]);
    expect(driftEvents(installation)).toEqual([]);
  });

  it("shows what managing it would do: it begins with our tags", async () => {
    const installation = await observed();
    const { resources = [] } = installation.get().status ?? {};
    expect(verbs(installation)).toEqual(resources.map(({ key }) => `adopt ${key}`));
    const rows = installation.get().status?.plan?.rows ?? [];
    expect(new Set(rows.flatMap(({ calls }) => calls))).toEqual(new Set(TAGGING));
  });

  it("records what moves as drift, leaves it, and says when it is back", async () => {
    const installation = await observed();
    const written = await writesDuring(installation, () => resizeGroup(installation, 20));
    expect(written).toEqual([]);
    expect(driftEvents(installation)).toMatchObject([
      { resource: "autoScalingGroups.web", field: "maxSize", after: 20, state: "Open" },
    ]);
    expect(conditions(installation)).toMatchObject({
      Ready: "False ObserveOnly",
      Synced: "False ObserveOnly",
      Drifted: "True AwsMoved",
      Reconciling: "False ObserveOnly",
      Stalled: "False NotStalled",
    });
    expect(installation.condition("Synced")?.message).toContain("nothing is written");
    expect(verbs(installation)).toContain("update autoScalingGroups.web");
    expect(await writesDuring(installation, () => resizeGroup(installation, 10))).toEqual([]);
    expect(driftEvents(installation)).toMatchObject([{ state: "Reverted" }]);
    expect(conditions(installation)).toMatchObject({ Ready: "True Ready", Drifted: "False AsApplied" });
  });

  it("is never written to: not by edits, not where something goes, not after restarts, not without its database", async () => {
    const installation = await observed();
    const edit = under("Observe", (spec) => {
      spec.targetGroups.web.port = 9090;
      spec.autoScalingGroups.web.launchTemplate.instanceType = "t3.large";
      spec.tags.Team = "storefront";
    });
    expect(await writesDuring(installation, () => installation.post(edit))).toEqual([]);
    expect(conditions(installation)).toMatchObject({
      Synced: "False ObserveOnly",
      Stalled: "False NotStalled",
    });
    expect(await writesDuring(installation, () => installation.post(under("Observe")))).toEqual([]);
    const ListenerArn = arnOf(installation, "loadBalancer.listeners.80");
    const goes = () => somebody(installation, `${ELB}:DeleteListener`, { ListenerArn });
    expect(await writesDuring(installation, goes)).toEqual([]);
    expect(driftEvents(installation)).toMatchObject([{ change: "Missing", state: "Open" }]);
    expect(await writesDuring(installation, () => installation.restart())).toEqual([]);
    await installation.restart({ lost: true });
    expect(await writesDuring(installation, () => installation.post(under("Observe")))).toEqual([]);
  });

  it("is let go at once when it is deleted, and AWS keeps everything", async () => {
    const installation = await observed();
    const before = await census(installation);
    const count = installation.mutations().length;
    installation.remove();
    await installation.until(() => installation.store.get(WEB_API) === undefined, 1_000);
    expect(installation.mutations()).toHaveLength(count);
    expect(await census(installation)).toEqual(before);
    const [last] = installation.store.events({ limit: 1 }).items;
    expect(last?.message).toContain("everything is left in AWS");
  });

  it("that is deleted before our tags are off loses them, and nothing is deleted", async () => {
    const installation = await converged();
    const before = await withoutOurTags(installation);
    const count = installation.mutations().length;
    installation.post(under("Observe"));
    installation.remove();
    await installation.until(() => installation.store.get(WEB_API) === undefined);
    expect(new Set(installation.mutations().slice(count))).toEqual(new Set(UNTAGGING));
    expect(isOwnTag(await census(installation))).toBe(false);
    expect(await withoutOurTags(installation)).toEqual(before);
  });

  it("finds a rule again by its ARN when its priority is changed, and says so", async () => {
    const installation = await observed();
    const RuleArn = arnOf(installation, "loadBalancer.listeners.443.rules.block-admin");
    const moves = () =>
      somebody(installation, `${ELB}:SetRulePriorities`, { RulePriorities: [{ RuleArn, Priority: 77 }] });
    expect(await writesDuring(installation, moves)).toEqual([]);
    expect(driftEvents(installation)).toMatchObject([{ field: "priority", after: 77, state: "Open" }]);
  });
});

describe("adoption", () => {
  it("writes our tags and nothing else, and no instance notices", async () => {
    const installation = await observed();
    const [before, instances] = [await withoutOurTags(installation), await instanceIds(installation)];
    const written = await writesDuring(installation, () => installation.post(under("Manage")));
    expect(new Set(written)).toEqual(new Set(TAGGING));
    expect(await withoutOurTags(installation)).toEqual(before);
    expect(await instanceIds(installation)).toEqual(instances);
    expect(origins(installation)).toEqual(["adopted"]);
    expect(conditions(installation)).toMatchObject({ Ready: "True Ready", Reconciling: "False Converged" });
    expect(installation.get().status?.plan).toBeUndefined();
  });

  it("is worth what making it is: drift is put right, and a deletion deletes", async () => {
    const installation = await observed();
    installation.post(under("Manage"));
    await installation.untilReady();
    await writesDuring(installation, () => resizeGroup(installation, 20));
    expect(driftEvents(installation)).toMatchObject([{ field: "maxSize", state: "Corrected" }]);
    installation.remove();
    await installation.until(() => installation.store.get(WEB_API) === undefined);
    expect(await census(installation)).toEqual({});
  });

  it("that would do more than write our tags waits for a person, and then begins with them", async () => {
    const installation = await observed();
    const larger = under("Manage", (spec) => {
      spec.autoScalingGroups.web.maxSize = 12;
    });
    expect(await writesDuring(installation, () => installation.post(larger))).toEqual([]);
    expect(conditions(installation)).toMatchObject({ Stalled: "True ApprovalRequired" });
    // What it would do beside writing tags comes first.
    expect(installation.condition("Stalled")?.message).toContain(
      "more than write our tags: update autoScalingGroups.web, adopt ",
    );
    expect(installation.condition("Drifted")?.message).not.toContain("applied");
    const { digest = "" } = installation.get().status?.plan?.approval ?? {};
    const written = await writesDuring(installation, () =>
      installation.annotate({ "holdfast.dev/approved-plan": digest }),
    );
    const first = written.findIndex((operation) => !TAGGING.includes(operation));
    expect(written.slice(first)).toEqual(["autoscaling:UpdateAutoScalingGroup"]);
    expect(first).toBe(
      installation.store.made(WEB_API).filter(({ kind }) => kind !== "scalingPolicy").length,
    );
    expect(conditions(installation)).toMatchObject({ Ready: "True Ready", Stalled: "False NotStalled" });
  });

  it("that is denied half-way leaves a tier that serves and a plan that says what is left, and goes on", async () => {
    const installation = await observed();
    const fault = { kind: "error", code: "AccessDenied", message: "not authorized" } as const;
    addFault(installation, "cloudwatch:TagResource", fault, { seconds: 60 });
    const before = await withoutOurTags(installation);
    installation.post(under("Manage"));
    await installation.clock.advance(10_000);
    expect(conditions(installation)).toMatchObject({ Stalled: "True RefusedByAws" });
    expect(installation.condition("Healthy")?.status).toBe("True");
    expect(verbs(installation)).toEqual(expect.arrayContaining([expect.stringMatching(/^adopt alarms\./)]));
    expect(verbs(installation).filter((row) => !row.startsWith("adopt alarms."))).toEqual([]);
    expect(await withoutOurTags(installation)).toEqual(before);
    await installation.untilReady();
    expect(origins(installation)).toEqual(["adopted"]);
  });

  it("goes on after a crash between any two of its calls", async () => {
    for (const after of [1, 3, 6]) {
      const installation = await observed();
      const before = await withoutOurTags(installation);
      const count = installation.mutations().length;
      installation.post(under("Manage"));
      await installation.until(() => installation.mutations().length >= count + after);
      installation.crash();
      await installation.untilReady();
      expect(new Set(installation.mutations().slice(count))).toEqual(new Set(TAGGING));
      expect(origins(installation)).toEqual(["adopted"]);
      expect(await withoutOurTags(installation)).toEqual(before);
    }
  });

  it("takes nothing that somebody else manages, before a person says that they do not any more", async () => {
    const installation = await observed();
    const LoadBalancerArn = arnOf(installation, "loadBalancer");
    await somebody(installation, `${ELB}:AddTags`, {
      ResourceArns: [LoadBalancerArn],
      Tags: [{ Key: "elbv2.k8s.aws/cluster", Value: "prod" }],
    });
    expect(await writesDuring(installation, () => installation.post(under("Manage")))).toEqual([]);
    expect(conditions(installation)).toMatchObject({ Stalled: "True ManagedElsewhere" });
    expect(installation.condition("Stalled")?.message).toContain("elbv2.k8s.aws/cluster");
    installation.annotate({ "holdfast.dev/no-longer-managed-by": "kubernetes" });
    await installation.untilReady();
    expect(origins(installation)).toEqual(["adopted"]);
  });

  it("does not take what somebody has put in the place of what was observed", async () => {
    const installation = await observed();
    const ListenerArn = arnOf(installation, "loadBalancer.listeners.80");
    const [listener] = (
      await somebody(installation, `${ELB}:DescribeListeners`, { ListenerArns: [ListenerArn] })
    ).Listeners;
    installation.controller.request(WEB_API);
    await installation.restart();
    await somebody(installation, `${ELB}:DeleteListener`, { ListenerArn });
    await somebody(installation, `${ELB}:CreateListener`, {
      LoadBalancerArn: listener.LoadBalancerArn,
      Port: 80,
      Protocol: "HTTP",
      DefaultActions: listener.DefaultActions,
    });
    installation.post(under("Manage"));
    await installation.clock.advance(300_000);
    expect(conditions(installation)).toMatchObject({ Stalled: "True NotOurs" });
    expect(installation.condition("Stalled")?.message).toContain("loadBalancer.listeners.80");
  });

  it("takes what stands under the name by then, where somebody has made it anew while it was observed", async () => {
    const installation = await observed();
    const former = arnOf(installation, "loadBalancer.listeners.80");
    const { Listeners } = await somebody(installation, `${ELB}:DescribeListeners`, {
      ListenerArns: [former],
    });
    const [{ LoadBalancerArn, Port, Protocol, DefaultActions }] = Listeners;
    const { TagDescriptions } = await somebody(installation, `${ELB}:DescribeTags`, {
      ResourceArns: [former],
    });
    const [{ Tags }] = TagDescriptions;
    await somebody(installation, `${ELB}:DeleteListener`, { ListenerArn: former });
    await writesDuring(installation, () => {});
    await somebody(installation, `${ELB}:CreateListener`, {
      LoadBalancerArn,
      Port,
      Protocol,
      DefaultActions,
      Tags,
    });
    await writesDuring(installation, () => {});
    const written = await writesDuring(installation, () => installation.post(under("Manage")));
    expect(new Set(written)).toEqual(new Set(TAGGING));
    expect(origins(installation)).toEqual(["adopted"]);
    const ids = installation.store.made(WEB_API).map(({ id }) => id);
    expect(ids).toContain(arnOf(installation, "loadBalancer.listeners.80"));
    expect(ids).not.toContain(former);
  });

  it.each([
    { slip: "names of which nothing is there", named: true },
    { slip: "a spec whose tier has gone meanwhile", named: false },
  ])("builds nothing beside or instead of what was observed without a person: $slip", async ({ named }) => {
    const installation = await observed();
    const slipped = (management: "Manage" | "Observe") =>
      under(management, (spec) => {
        if (!named) return;
        spec.loadBalancer.name = "slip-alb";
        spec.targetGroups.web.name = "slip-tg";
        spec.autoScalingGroups.web.name = "slip-asg";
        spec.autoScalingGroups.web.launchTemplate.name = "slip-lt";
        for (const [name, alarm] of Object.entries(spec.alarms)) alarm.name = `slip-${name}`;
      });
    if (named) installation.post(slipped("Observe"));
    else await removeAll(installation);
    installation.controller.request(WEB_API);
    await installation.clock.advance(3_600_000);
    expect(await writesDuring(installation, () => installation.post(slipped("Manage")))).toEqual([]);
    await installation.restart();
    await installation.clock.advance(300_000);
    expect(conditions(installation)).toMatchObject({ Stalled: "True ApprovalRequired" });
    const { digest = "" } = installation.get().status?.plan?.approval ?? {};
    installation.annotate({ "holdfast.dev/approved-plan": digest });
    await installation.untilReady();
    // Agreed to once: what moves from now on is put right.
    await writesDuring(installation, () => resizeGroup(installation, 20));
    expect(driftEvents(installation)).toContainEqual(
      expect.objectContaining({ field: "maxSize", state: "Corrected" }),
    );
  });

  it("in one edit with other names builds no second tier without a person", async () => {
    const installation = await observed();
    const renamed = under("Manage", (spec) => {
      spec.loadBalancer.name = "second-alb";
      spec.targetGroups.web.name = "second-tg";
      spec.autoScalingGroups.web.name = "second-asg";
      spec.autoScalingGroups.web.launchTemplate.name = "second-lt";
      for (const [name, alarm] of Object.entries(spec.alarms)) alarm.name = `second-${name}`;
    });
    expect(await writesDuring(installation, () => installation.post(renamed))).toEqual([]);
    expect(conditions(installation)).toMatchObject({ Stalled: "True ApprovalRequired" });
  });

  it("and the way back leave the account as it was, byte for byte", async () => {
    const installation = await observed();
    const before = await census(installation);
    installation.post(under("Manage"));
    await installation.untilReady();
    installation.post(under("Observe"));
    await installation.until(() => origins(installation).join() === "observed");
    expect(await census(installation)).toEqual(before);
    const events = installation.store.events({ limit: 200, involvedName: WEB_API.name }).items;
    expect(events.filter(({ reason }) => reason === "UnownedResource")).toEqual([]);
  });
});
