/** A group that goes by `$Latest` launches whatever version comes next: ours is not made before it names its number. */
import { describe, expect, it } from "vitest";
import { type Installation, WEB_API } from "../../support/installation.ts";
import { addFault, arnOf, converged, type Draft, driftEvents, nameOf, somebody, specWith } from "../world.ts";

const GROUP = "autoScalingGroups.web";
const UPDATE = "autoscaling:UpdateAutoScalingGroup";
const NEXT_VERSION = "ec2:CreateLaunchTemplateVersion";
const DENIED = { kind: "error", code: "AccessDenied", message: "not authorized" } as const;

const under = (management: "Manage" | "Observe", change: (spec: Draft) => void = () => {}) =>
  specWith((spec) => {
    (spec as Draft & { management?: string }).management = management;
    spec.autoScalingGroups.web.name = "tf-asg";
    spec.autoScalingGroups.web.launchTemplate.name = "tf-lt";
    change(spec);
  });
const larger = (spec: Draft) => {
  spec.autoScalingGroups.web.launchTemplate.instanceType = "t3.large";
};

async function followLatest(installation: Installation): Promise<void> {
  await somebody(installation, UPDATE, {
    AutoScalingGroupName: nameOf(installation, GROUP),
    LaunchTemplate: {
      LaunchTemplateId: arnOf(installation, `${GROUP}.launchTemplate`),
      Version: "$Latest",
    },
  });
}

const pushVersion = (installation: Installation) =>
  somebody(installation, NEXT_VERSION, {
    LaunchTemplateId: arnOf(installation, `${GROUP}.launchTemplate`),
    SourceVersion: "1",
    LaunchTemplateData: { InstanceType: "t3.nano" },
  });

async function versionsNamed(installation: Installation): Promise<Record<string, string>> {
  const { AutoScalingGroups } = await somebody(installation, "autoscaling:DescribeAutoScalingGroups", {});
  return Object.fromEntries(
    AutoScalingGroups.map((group) => [
      group.AutoScalingGroupName,
      (group as unknown as { LaunchTemplate: { Version: string } }).LaunchTemplate.Version,
    ]),
  );
}

/** Taken over as it runs: by `$Latest`, which is version 1. */
async function adopted(): Promise<Installation> {
  const installation = await converged(under("Manage"));
  installation.post(under("Observe"));
  await installation.until(() =>
    installation.store.made(WEB_API).every(({ origin }) => origin === "observed"),
  );
  await followLatest(installation);
  await installation.clock.advance(120_000);
  installation.post(under("Manage"));
  await installation.untilReady();
  expect(await versionsNamed(installation)).toEqual({ "tf-asg": "$Latest" });
  return installation;
}

const since = (installation: Installation, from: number) => installation.mutations().slice(from);

describe("a group that goes by $Latest", () => {
  it("of somebody who pushes a version after the adoption goes back to the one that the spec says, as drift", async () => {
    const installation = await adopted();
    await pushVersion(installation);
    installation.controller.request(WEB_API);
    await installation.clock.advance(600_000);
    expect(driftEvents(installation)).toMatchObject([{ field: "launchTemplate", state: "Corrected" }]);
    expect(await versionsNamed(installation)).toEqual({ "tf-asg": "1" });
  });

  it("names a number before our next version, also when somebody has pushed one since the adoption", async () => {
    const installation = await adopted();
    const from = installation.mutations().length;
    await pushVersion(installation);
    installation.post(under("Manage", larger));
    await installation.untilReady();
    expect(since(installation, from).slice(0, 2)).toEqual([UPDATE, NEXT_VERSION]);
    expect(await versionsNamed(installation)).toEqual({ "tf-asg": "3" });
  });

  it("that we have made, and somebody has set to it, is drift as soon as it stands for another version", async () => {
    const installation = await converged();
    await followLatest(installation);
    await pushVersion(installation);
    installation.controller.request(WEB_API);
    await installation.clock.advance(600_000);
    expect(driftEvents(installation)).toMatchObject([{ field: "launchTemplate", state: "Corrected" }]);
    expect(await versionsNamed(installation)).toEqual({ [nameOf(installation, GROUP)]: "1" });
  });

  it("that we have made, and somebody has set to it, names a number before our next version", async () => {
    const installation = await converged();
    await followLatest(installation);
    const from = installation.mutations().length;
    installation.post(specWith(larger));
    await installation.untilReady();
    expect(since(installation, from).slice(0, 2)).toEqual([UPDATE, NEXT_VERSION]);
  });

  it("and that another one is to take over from names a number as well, for it serves until then", async () => {
    const installation = await adopted();
    const from = installation.mutations().length;
    const renamed = under("Manage", (spec) => {
      larger(spec);
      spec.autoScalingGroups.web.name = "tf-asg-2";
    });
    installation.post(renamed);
    await installation.until(() => since(installation, from).includes("autoscaling:CreateAutoScalingGroup"));
    expect(since(installation, from).slice(0, 2)).toEqual([UPDATE, NEXT_VERSION]);
    expect(since(installation, from).filter((operation) => operation === UPDATE)).toHaveLength(1);
    expect(await versionsNamed(installation)).toMatchObject({ "tf-asg": "1" });
    await installation.untilReady();
    expect(await versionsNamed(installation)).toEqual({ "tf-asg-2": "2" });
  });

  it("that AWS does not let be pinned is asked once in a pass, and no version is made", async () => {
    const installation = await adopted();
    addFault(installation, UPDATE, DENIED, { seconds: 100 });
    const from = installation.mutations().length;
    installation.post(under("Manage", larger));
    await installation.clock.advance(1_000);
    expect(since(installation, from)).toEqual([UPDATE]);
    expect(installation.condition("Stalled")?.reason).toBe("RefusedByAws");
    await installation.untilReady();
    expect(await versionsNamed(installation)).toEqual({ "tf-asg": "2" });
  });
});
