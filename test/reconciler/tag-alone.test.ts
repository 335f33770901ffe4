import { describe, expect, it } from "vitest";
import { exampleSpec, Installation, WEB_API } from "../support/installation.ts";
import { arnOf, census, converged, loudOfBugs, nameOf, port, somebody, specWith } from "./world.ts";

const ELB = "elasticloadbalancing";
const OWNER = "holdfast/default/web-api";
const ownerTags = (address: string) => [
  { Key: "holdfast.dev/owner", Value: OWNER },
  { Key: "holdfast.dev/resource", Value: address },
];

/** A tier under a team's own names, which serves, and which somebody has given our tags. */
async function takenOverByTags(installation: Installation): Promise<string[]> {
  const { LoadBalancers } = await somebody(installation, `${ELB}:CreateLoadBalancer`, {
    Name: "web-api-alb",
    Subnets: ["subnet-1a", "subnet-1b"],
    SecurityGroups: ["sg-alb-12345678"],
    Tags: ownerTags("loadBalancer"),
  });
  const { TargetGroups } = await somebody(installation, `${ELB}:CreateTargetGroup`, {
    Name: "web-api-tg",
    Protocol: "HTTP",
    Port: 8080,
    VpcId: "vpc-12345678",
    HealthCheckPath: "/health",
    Tags: ownerTags("targetGroups.web"),
  });
  const { TargetGroupArn } = TargetGroups[0];
  await somebody(installation, `${ELB}:CreateListener`, {
    LoadBalancerArn: LoadBalancers[0].LoadBalancerArn,
    Port: 80,
    Protocol: "HTTP",
    DefaultActions: [{ Type: "forward", TargetGroupArn }],
    Tags: ownerTags("loadBalancer.listeners.80"),
  });
  const made = (await somebody(installation, "ec2:CreateLaunchTemplate", {
    LaunchTemplateName: "web-api-lt",
    LaunchTemplateData: {
      ImageId: "ami-12345678",
      InstanceType: "t3.medium",
      SecurityGroupIds: ["sg-12345678"],
    },
    TagSpecifications: [
      { ResourceType: "launch-template", Tags: ownerTags("autoScalingGroups.web.launchTemplate") },
    ],
  })) as unknown as { LaunchTemplate: { LaunchTemplateId: string } };
  const { LaunchTemplateId } = made.LaunchTemplate;
  await somebody(installation, "autoscaling:CreateAutoScalingGroup", {
    AutoScalingGroupName: "web-api-asg",
    MinSize: 2,
    MaxSize: 6,
    VPCZoneIdentifier: "subnet-1a,subnet-1b",
    TargetGroupARNs: [TargetGroupArn],
    LaunchTemplate: { LaunchTemplateId, Version: "$Latest" },
    Tags: ownerTags("autoScalingGroups.web").map((tag) => ({
      ...tag,
      ResourceId: "web-api-asg",
      ResourceType: "auto-scaling-group",
      PropagateAtLaunch: false,
    })),
  });
  await installation.clock.advance(400_000);
  return [LoadBalancers[0].LoadBalancerArn, TargetGroupArn, LaunchTemplateId, "web-api-asg"];
}

/** What is theirs in the account, by the names that they gave. */
async function theirs(installation: Installation): Promise<Record<string, unknown>> {
  const all = await census(installation);
  return Object.fromEntries(Object.entries(all).filter(([name]) => /^web-api-(alb|tg|lt|asg)/.test(name)));
}

const isGone = (installation: Installation) => () => installation.store.get(WEB_API) === undefined;

describe("a resource that only carries our tags", () => {
  it("is left as it is, told with what to do, and in nobody's way", async () => {
    const installation = new Installation({ log: loudOfBugs });
    const ids = await takenOverByTags(installation);
    const before = await theirs(installation);
    expect(Object.keys(before)).toHaveLength(5);
    installation.post(exampleSpec());
    await installation.until(() => installation.condition("Healthy")?.status === "True");
    await installation.clock.advance(900_000);

    expect(await theirs(installation)).toEqual(before);
    const { resources, unowned } = installation.get().status!;
    expect(resources.map(({ state }) => state)).not.toContain("Surplus");
    expect(resources.every(({ state }) => state === "InSync")).toBe(true);
    expect(unowned.map(({ id }) => id).sort()).toEqual([...ids].sort());
    for (const type of ["Synced", "Stalled"] as const)
      expect(installation.condition(type)).toMatchObject({ reason: "NotOurs" });
    expect(installation.condition("Stalled")?.message).toContain("Take the tags");
    const told = installation.store
      .events({ limit: 200, involvedName: WEB_API.name })
      .items.filter(({ reason }) => reason === "NotOurs");
    for (const id of ids) expect(told.some(({ message }) => message.includes(id))).toBe(true);
  });

  it("holds no finalizer, and the last word names it", async () => {
    const installation = await converged();
    const ids = await takenOverByTags(installation);
    const before = await theirs(installation);
    installation.remove();
    await installation.until(isGone(installation), 4 * 3_600_000);
    expect(await theirs(installation)).toEqual(before);
    const last = installation.store
      .events({ limit: 200, involvedName: WEB_API.name })
      .items.find(({ message }) => message.startsWith("AWS holds nothing of this service any more."));
    for (const id of ids) expect(last?.message).toContain(id);
  });

  it("does not stand in the way of what is ours and not wanted any more", async () => {
    const installation = await converged();
    await takenOverByTags(installation);
    const before = await theirs(installation);
    const old = arnOf(installation, "targetGroups.web");
    installation.post(specWith(port));
    await installation.until(() => !installation.account.parts.elb.targetGroupExists(old), 4 * 3_600_000);
    expect(await theirs(installation)).toEqual(before);
  });

  it("is no rule of ours when it carries the tags of one that is", async () => {
    const installation = await converged();
    const listener = arnOf(installation, "loadBalancer.listeners.443");
    const address = "loadBalancer.listeners.443.rules.block-admin";
    const ours = arnOf(installation, address);
    const { Rules } = await somebody(installation, `${ELB}:CreateRule`, {
      ListenerArn: listener,
      Priority: 500,
      Conditions: [{ Field: "path-pattern", PathPatternConfig: { Values: ["/theirs"] } }],
      Actions: [{ Type: "fixed-response", FixedResponseConfig: { StatusCode: "200" } }],
      Tags: ownerTags(address),
    });
    const calls = installation.mutations().length;
    installation.controller.request(WEB_API);
    await installation.clock.advance(900_000);
    expect(installation.mutations().slice(calls)).toEqual([]);
    expect(arnOf(installation, address)).toBe(ours);
    expect(installation.get().status?.unowned.map(({ id }) => id)).toEqual([Rules[0].RuleArn]);
  });
});

describe("with the database lost", () => {
  it("what we have made is known by its name, whatever kind it is, and goes with the service", async () => {
    const installation = await converged();
    await installation.restart({ lost: true });
    installation.post(exampleSpec());
    installation.remove();
    await installation.confirmEpoch();
    await installation.until(isGone(installation), 4 * 3_600_000);
    expect(await census(installation)).toEqual({});
  });

  it.each([
    ["a target group of another port", port],
    [
      "a load balancer of another scheme",
      (spec: Parameters<typeof port>[0]) => {
        spec.loadBalancer.scheme = "internal";
      },
    ],
  ])("%s is known as ours and gives way", async (_what, change) => {
    const installation = await converged();
    const old = ["loadBalancer", "targetGroups.web"].map((address) => nameOf(installation, address));
    await installation.restart({ lost: true });
    installation.post(specWith(change));
    await installation.confirmEpoch();
    await installation.untilReady();
    await installation.clock.advance(900_000);
    const names = Object.keys(await census(installation));
    const now = ["loadBalancer", "targetGroups.web"].map((address) => nameOf(installation, address));
    for (const [index, name] of old.entries()) if (name !== now[index]) expect(names).not.toContain(name);
    expect(now).not.toEqual(old);
    expect(installation.condition("Ready")?.status).toBe("True");
  });

  it("a create whose answer nobody has heard is ours all the same, and goes when it is not wanted", async () => {
    const installation = new Installation({ log: loudOfBugs });
    installation.post(exampleSpec());
    await installation.until(() => installation.mutations().length >= 3);
    installation.crash();
    installation.post(
      specWith((spec) => {
        spec.targetGroups.web.port = 9090;
        spec.loadBalancer.scheme = "internal";
      }),
    );
    await installation.untilReady();
    await installation.clock.advance(900_000);
    const names = Object.keys(await census(installation)).filter((name) => /^web-api/.test(name));
    const rows = installation.get().status!.resources.map(({ name }) => name);
    expect(names.filter((name) => !name.includes("/") && !rows.includes(name))).toEqual([]);
  });
});

describe("the rows of what we have made", () => {
  it("name each resource of ours once, by its own id, and go with a release", async () => {
    const installation = await converged(
      specWith((spec) => {
        spec.deletionPolicy = "Retain";
      }),
    );
    const rows = installation.store.made(WEB_API);
    const arns = installation.get().status!.resources.map(({ arn }) => arn);
    expect(rows.map(({ id }) => id).sort()).toEqual([...arns].sort());
    installation.remove();
    await installation.until(isGone(installation), 4 * 3_600_000);
    expect(installation.store.made(WEB_API)).toEqual([]);
  });

  it("go when nobody has seen the resource for two looks", async () => {
    const installation = await converged();
    const old = arnOf(installation, "targetGroups.web");
    installation.post(specWith(port));
    await installation.untilReady();
    await installation.clock.advance(900_000);
    const ids = installation.store.made(WEB_API).map(({ id }) => id);
    expect(ids).not.toContain(old);
    expect(ids).toContain(arnOf(installation, "targetGroups.web"));
  });
});
