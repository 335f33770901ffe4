/** A status says what was observed, for as long as there is something to observe, and of the rest that it is not known. */
import { describe, expect, it } from "vitest";
import type { WebServiceStatus } from "../../src/model/status.ts";
import type { Fault } from "../../src/simulator/faults/interceptors.ts";
import { example } from "../support/example.ts";
import { exampleSpec, Installation, WEB_API } from "../support/installation.ts";
import {
  addFault,
  arnOf,
  converged,
  type Draft,
  loudOfBugs,
  nameOf,
  port,
  scheme,
  somebody,
  specWith,
  watching,
} from "./world.ts";

const GROUP = "autoScalingGroups.web";
const BAD_IMAGE = "ami-0bad0bad";
const DENIED: Fault = { kind: "error", code: "AccessDenied", message: "not authorized", status: 403 };

const status = (installation: Installation) => installation.get().status!;
const serving = (installation: Installation) =>
  status(installation).instances.map((instance) => instance.serving);
const healthy = (installation: Installation) => installation.condition("Healthy");

/** One of the instances dies. */
async function kill(installation: Installation): Promise<void> {
  const [first] = status(installation).instances;
  await somebody(installation, "ec2:TerminateInstances", { InstanceIds: [first?.instanceId] });
}

describe("instances that cannot come", () => {
  it("are not told to be starting: the process that launches them is suspended", async () => {
    const installation = await converged();
    await somebody(installation, "autoscaling:SuspendProcesses", {
      AutoScalingGroupName: nameOf(installation, GROUP),
      ScalingProcesses: ["Launch"],
    });
    await kill(installation);
    await installation.clock.advance(900_000);
    expect(healthy(installation)).toMatchObject({ status: "False", reason: "LaunchSuspended" });
    expect(healthy(installation)?.message).toContain("process Launch of");
  });

  it("are not told to be starting: every launch fails, for AWS's reason", async () => {
    const installation = await converged();
    for (const zone of ["us-east-1a", "us-east-1b", "us-east-1c"])
      installation.account.control.failZone(zone);
    await installation.clock.advance(900_000);
    expect(healthy(installation)).toMatchObject({ status: "False", reason: "LaunchFailing" });
    expect(healthy(installation)?.message).toMatch(/the last launch failed: .*capacity/i);
  });
});

describe("a deletion that is held", () => {
  it("does not hide who serves", async () => {
    const guarded = example().withLoadBalancer({ attributes: { "deletion_protection.enabled": true } });
    const installation = await converged(guarded.spec());
    installation.remove();
    await installation.clock.advance(60_000);
    expect(installation.condition("Stalled")?.reason).toBe("DeletionProtected");
    expect(serving(installation)).toEqual(["yes", "yes"]);
    expect(healthy(installation)).toMatchObject({ status: "True", reason: "Serving" });
    expect(status(installation).alarms).toHaveLength(Object.keys(exampleSpec().alarms as object).length);
  });
});

describe("a part that cannot be read", () => {
  it.each([
    ["certificates", "elasticloadbalancing:DescribeListenerCertificates"],
    ["refreshes", "autoscaling:DescribeInstanceRefreshes"],
    ["attributes of target groups", "elasticloadbalancing:DescribeTargetGroupAttributes"],
    ["policies", "autoscaling:DescribePolicies"],
    ["alarms", "cloudwatch:DescribeAlarms"],
    ["tags of alarms", "cloudwatch:ListTagsForResource"],
    ["versions of the template", "ec2:DescribeLaunchTemplateVersions"],
    ["activities", "autoscaling:DescribeScalingActivities"],
  ])("leaves what the others say: %s", async (_what, operation) => {
    const installation = await converged();
    // A second version makes the refreshes worth reading.
    installation.post(example().withLaunchTemplate({ imageId: "ami-87654321" }).spec());
    addFault(installation, operation, DENIED);
    await installation.clock.advance(30_000);
    const rows = status(installation).instances;
    expect(rows.some((row) => row.serving === "yes")).toBe(true);
    expect(rows.every((row) => row.targetHealth !== undefined && row.lastSeenAt === undefined)).toBe(true);
    expect(healthy(installation)?.reason).not.toBe("NotObserved");
  });

  it("is named, and nothing is said of it", async () => {
    const installation = await converged();
    addFault(installation, "elasticloadbalancing:DescribeTargetHealth", DENIED);
    await installation.clock.advance(120_000);
    expect(serving(installation)).toEqual(["unknown", "unknown"]);
    expect(status(installation).instances.every((row) => row.targetHealth === undefined)).toBe(true);
    expect(status(installation).unread?.map(({ kind }) => kind)).toEqual(["targetGroup"]);
    expect(healthy(installation)).toMatchObject({ status: "Unknown", reason: "NotObserved" });
  });

  it("keeps the instances as they were last seen when their group is not read", async () => {
    const installation = await converged();
    const before = status(installation).instances.map((row) => row.instanceId);
    addFault(installation, "autoscaling:DescribeAutoScalingGroups", DENIED);
    await installation.clock.advance(120_000);
    const rows = status(installation).instances;
    expect(rows.map((row) => row.instanceId)).toEqual(before);
    expect(rows.every((row) => row.serving === "unknown" && row.lastSeenAt !== undefined)).toBe(true);
  });
});

const anotherKey = (spec: Draft) => {
  const { web, ...others } = spec.autoScalingGroups;
  Object.assign(spec, { autoScalingGroups: { ...others, app: web } });
  delete (spec.alarms as Record<string, unknown>).cpu;
};

/** Once, AWS answers as it did before anything was made. */
const OLD_ANSWERS = [
  ["load balancers", "elasticloadbalancing:DescribeLoadBalancers", { LoadBalancers: [] }],
  ["listeners", "elasticloadbalancing:DescribeListeners", { Listeners: [] }],
  ["rules", "elasticloadbalancing:DescribeRules", { Rules: [] }],
  ["target groups", "elasticloadbalancing:DescribeTargetGroups", { TargetGroups: [] }],
  ["groups", "autoscaling:DescribeAutoScalingGroups", { AutoScalingGroups: [] }],
  ["policies", "autoscaling:DescribePolicies", { ScalingPolicies: [] }],
  ["templates", "ec2:DescribeLaunchTemplates", { LaunchTemplates: [] }],
  ["alarms", "cloudwatch:DescribeAlarms", { MetricAlarms: [], CompositeAlarms: [] }],
] as const;

/** What a status claims to be missing, failing, or worse than it was at first. */
function claimsIn(installation: Installation, before: WebServiceStatus): string[] {
  const { instances, resources, scorecard } = status(installation);
  const { status: is, reason } = healthy(installation)!;
  const passed = new Set(before.scorecard.filter(({ result }) => result === "pass").map(({ id }) => id));
  return [
    ...(is === "False" ? [`Healthy: ${reason}`] : []),
    ...resources.filter(({ state }) => state === "Missing").map(({ key }) => `${key} is missing`),
    ...instances.filter(({ serving: does }) => does === "no").map(({ verdict }) => verdict),
    ...(instances.length < before.instances.length ? ["instances have gone"] : []),
    ...scorecard.filter(({ id, result }) => result === "fail" && passed.has(id)).map(({ id }) => id),
  ];
}

describe("one answer that lacks what was there", () => {
  it.each(OLD_ANSWERS)("is not told as what is: %s", async (_what, operation, output) => {
    const installation = await converged();
    const before = status(installation);
    // Only one of the two listeners has rules beside the default one.
    const times = operation === "elasticloadbalancing:DescribeRules" ? 2 : 1;
    addFault(installation, operation, { kind: "output", output }, { times }, "after");
    installation.annotate({ "holdfast.dev/reconcile-requested-at": "now" });
    const synced = new Set<string | undefined>();
    const claims = new Set<string>();
    const lacking = new Set<string>();
    for (let passedMs = 0; passedMs < 60_000; passedMs += 1_000) {
      await installation.clock.advance(1_000);
      synced.add(installation.condition("Synced")?.reason);
      for (const claim of claimsIn(installation, before)) claims.add(claim);
      for (const { reason } of status(installation).unread ?? []) lacking.add(reason);
    }
    expect([...synced]).toContain("Confirming");
    expect([...lacking]).toEqual(["AWS's answer lacks it; a second read decides"]);
    expect([...claims]).toEqual([]);
    expect(installation.condition("Ready")?.status).toBe("True");
  });

  it.each(OLD_ANSWERS.filter(([what]) => /balancers|listeners|target|^groups/.test(what)))(
    "is not told as what is while the service is being deleted: %s",
    async (_what, operation, output) => {
      const guarded = example().withLoadBalancer({ attributes: { "deletion_protection.enabled": true } });
      const installation = await converged(guarded.spec());
      installation.remove();
      await installation.clock.advance(60_000);
      const before = status(installation);
      addFault(installation, operation, { kind: "output", output }, { times: 1 }, "after");
      installation.annotate({ "holdfast.dev/reconcile-requested-at": "now" });
      const told = new Set<string>();
      for (let passedMs = 0; passedMs < 900_000; passedMs += 1_000) {
        await installation.clock.advance(1_000);
        const { status: is, reason } = healthy(installation)!;
        if (is !== "True") told.add(reason);
        for (const claim of claimsIn(installation, before)) told.add(claim);
      }
      expect([...told]).toEqual(["Unconfirmed"]);
      expect(healthy(installation)?.reason).toBe("Serving");
    },
  );

  /** With what each says where nothing is old: the targets of another load balancer begin anew. */
  const CUTOVERS = [
    ["another port", port, []],
    ["a group under another key", anotherKey, []],
    ["another scheme", scheme, ["InstancesStarting"]],
  ] as const;

  it.each(
    OLD_ANSWERS.filter(([what]) => /balancers|listeners|target|^groups/.test(what)).flatMap(
      ([what, operation, output]) =>
        CUTOVERS.map(([change, edit, calm]) => ({ what, operation, output, change, edit, calm })),
    ),
  )("is not told as what is in a cutover: $what, $change", async ({ operation, output, edit, calm }) => {
    for (const seconds of [10, 80]) {
      const installation = await converged();
      installation.post(specWith(edit));
      await installation.clock.advance(seconds * 1_000);
      addFault(installation, operation, { kind: "output", output }, { times: 1 }, "after");
      installation.annotate({ "holdfast.dev/reconcile-requested-at": "now" });
      const told = new Set<string>();
      await installation.clock.advance(1_000);
      await watching(installation, () => {
        const { status: is, reason } = healthy(installation)!;
        if (is === "False") told.add(reason);
      });
      expect(calm).toEqual(expect.arrayContaining([...told]));
    }
  });

  it("is believed at a second look", async () => {
    const installation = await converged();
    const LoadBalancerArn = arnOf(installation, "loadBalancer");
    addFault(installation, "elasticloadbalancing:CreateLoadBalancer", DENIED);
    await somebody(installation, "elasticloadbalancing:DeleteLoadBalancer", { LoadBalancerArn });
    const told = () => status(installation).resources.find(({ key }) => key === "loadBalancer")?.state;
    await installation.until(() => told() === "Unknown");
    // What the targets say is known: nobody sends them requests any more.
    expect(healthy(installation)).toMatchObject({ status: "False", reason: "BelowMinimum" });
    await installation.until(() => healthy(installation)?.reason === "LoadBalancerMissing");
  });

  it("of what we have removed ourselves is no question", async () => {
    const installation = await converged();
    installation.remove();
    const told = new Set<string | undefined>();
    await installation.until(() => {
      const object = installation.store.get(WEB_API);
      if (object !== undefined) told.add(healthy(installation)?.reason);
      return object === undefined;
    });
    expect([...told]).toContain("LoadBalancerMissing");
    expect([...told]).not.toContain("Unconfirmed");
  });
});

describe("a cutover", () => {
  it.each([
    ["of a target group", specWith(port)],
    ["of a group under another key", specWith(anotherKey)],
  ])("in which nobody is lost is healthy all the time: %s", async (_what, spec) => {
    const installation = await converged();
    installation.post(spec);
    const said = new Set<string>();
    await watching(installation, () => {
      const { status: is, reason, message } = healthy(installation)!;
      if (is !== "True") said.add(`${reason}: ${message}`);
    });
    expect([...said]).toEqual([]);
  });
});

describe("a rollout of an image that does not work", () => {
  it("is told in the same words all the time, also while no failing instance is there", async () => {
    const installation = await converged();
    installation.post(example().withLaunchTemplate({ imageId: BAD_IMAGE }).spec());
    await installation.until(() => healthy(installation)?.reason === "RolloutFailing");
    const said = new Set<string>();
    for (let seconds = 0; seconds < 2_400; seconds += 5) {
      await installation.clock.advance(5_000);
      said.add(healthy(installation)!.message);
    }
    expect([...said]).toEqual([
      expect.stringContaining("becomes healthy: unhealthy in targetGroups.web (Target."),
    ]);
  });

  it("is told as what it is: what changes, who serves, when AWS gives up, and the way back", async () => {
    const installation = await converged();
    const spec = example().withLaunchTemplate({ imageId: BAD_IMAGE });
    installation.post(spec.spec());
    await installation.until(() => healthy(installation)?.reason === "RolloutFailing");
    const { message } = healthy(installation)!;
    expect(message).toContain(
      `The rollout of generation 2 to ${GROUP} fails: it changes imageId from ami-12345678 to ${BAD_IMAGE}.`,
    );
    expect(message).toMatch(/becomes healthy: .*; \d of 2 serve, all from before\. AWS gives it up /);
    expect(message).toMatch(/around \d\d:\d\d:\d\dZ; then AWS brings back what ran before\. /);
    expect(message).toContain("launchTemplate to imageId: ami-12345678");
    expect(installation.condition("Ready")).toMatchObject({ status: "False", reason: "RolloutFailing" });
    const verdicts = status(installation).instances.map((row) => row.verdict);
    expect(verdicts.filter((text) => text.includes("healthCheckGracePeriod, "))).toEqual([]);
    // The way back that it names is one.
    installation.post(exampleSpec());
    await installation.untilReady();
    expect(status(installation).instances.every((row) => row.serving === "yes")).toBe(true);
  });
});

describe("a pause in the middle of an action", () => {
  it("is not told as done", async () => {
    const installation = await converged();
    addFault(installation, "ec2:CreateLaunchTemplateVersion", { kind: "slow", ms: 20_000 }, { times: 1 });
    installation.post(
      specWith((spec) => {
        spec.tags = { Environment: "production", Team: "storefront" };
      }),
    );
    await installation.clock.advance(3_000);
    installation.annotate({ "holdfast.dev/paused": "true" });
    await installation.clock.advance(120_000);
    const events = installation.store.events({ involvedName: WEB_API.name, limit: 100 }).items;
    const ofTemplate = events.filter(({ message }) => message.startsWith("launch template"));
    const told = ofTemplate.map(({ reason }) => reason);
    expect(told).toContain("Interrupted");
    expect(told).not.toContain("Updated");
    expect(ofTemplate.find(({ reason }) => reason === "Interrupted")?.message).toMatch(
      /ec2:CreateLaunchTemplateVersion was made, and ec2:CreateTags not/,
    );
  });
});

describe("a group that may be empty, and is", () => {
  it("does not keep the service from being ready", async () => {
    const installation = new Installation({ log: loudOfBugs });
    installation.post(example().withGroup("web", { minSize: 0, desiredCapacity: 0 }).spec());
    await installation.untilReady();
    expect(healthy(installation)).toMatchObject({ status: "True", reason: "ScaledToZero" });
  });
});

describe("an Availability Zone", () => {
  it("that is declared and has no instance is named", async () => {
    const installation = await converged();
    const zones = status(installation).zones ?? [];
    expect(zones.map(({ instances }) => instances).sort()).toEqual([0, 1, 1]);
    const [empty] = zones.filter(({ instances }) => instances === 0);
    expect(healthy(installation)?.message).toContain(`none from ${empty?.name}`);
  });
});
