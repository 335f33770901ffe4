/** A group whose sizes count units: what serves, what is missing and what is ready is told and waited for in units. */
import { describe, expect, it } from "vitest";
import { instancesFor, unitsOf, unitsPerInstance } from "../../../src/reconciler/core/fleet/units.ts";
import type { Fleet, FleetInstance } from "../../../src/reconciler/core/resource.ts";
import { example } from "../../support/example.ts";
import type { Installation } from "../../support/installation.ts";
import { typesOf, withMixed } from "../../support/mixed-specs.ts";
import { converged, driftEvents } from "../world.ts";

const HOUR = 3_600_000;
const REFRESH = "autoscaling:StartInstanceRefresh";

const weighted = (sizes: object = { minSize: 8, maxSize: 24 }) =>
  example().withGroup("web", {
    ...sizes,
    mixedInstancesPolicy: withMixed(typesOf(["m5.large", 4], ["t3.large", 4])),
  });

async function groupOf(installation: Installation) {
  const { AutoScalingGroups } = await installation.aws("autoscaling:DescribeAutoScalingGroups", {});
  return AutoScalingGroups![0]!;
}

describe("a group with weights", () => {
  it("is ready and healthy with fewer instances than units, and is asked nothing for it", async () => {
    const installation = await converged(weighted().spec());
    const { Instances = [], DesiredCapacity } = await groupOf(installation);
    expect([Instances.length, DesiredCapacity]).toEqual([2, 8]);
    expect(installation.condition("Healthy")?.status).toBe("True");
    const looks: string[] = [];
    const { account } = installation;
    const call = account.call;
    account.call = (...asked) => {
      looks.push(JSON.stringify(asked[0]));
      return call(...asked);
    };
    const before = installation.mutations().length;
    await installation.clock.advance(2 * HOUR);
    expect(installation.mutations().slice(before)).toEqual([]);
    expect(looks.length).toBeGreaterThan(0);
    expect(looks.filter((one) => one.includes("DescribeScalingActivities"))).toEqual([]);
    expect(driftEvents(installation)).toEqual([]);
  });

  it("is below its minimum by units: one of two instances of four units serves four of eight", async () => {
    const installation = await converged(weighted().spec());
    const { Instances: [one] = [] } = await groupOf(installation);
    await installation.aws("ec2:TerminateInstances" as never, { InstanceIds: [one!.InstanceId!] } as never);
    await installation.until(() => installation.condition("Healthy")?.status === "False", HOUR);
    expect(installation.condition("Healthy")?.message).toContain(
      "4 of at least 8 units of autoScalingGroups.web",
    );
    await installation.untilReady();
    expect(installation.condition("Healthy")?.status).toBe("True");
  });

  it("rolls out to its end, and moves its requests to a new target group", async () => {
    const installation = await converged(weighted().spec());
    const before = installation.mutations().length;
    installation.post(weighted().withImage("ami-87654321").spec());
    await installation.untilReady();
    expect(
      installation
        .mutations()
        .slice(before)
        .filter((one) => one === REFRESH),
    ).toHaveLength(1);
    installation.post(weighted().withImage("ami-87654321").withTargetGroup("web", { port: 9090 }).spec());
    await installation.untilReady();
    const { Instances = [], TargetGroupARNs = [] } = await groupOf(installation);
    expect(TargetGroupARNs).toHaveLength(1);
    expect(new Set(Instances.map(({ LaunchTemplate }) => LaunchTemplate?.Version))).toEqual(new Set(["2"]));
    expect(driftEvents(installation)).toEqual([]);
  });

  it("gets its weights and its sizes in one call, for the one means nothing without the other", async () => {
    const plain = (sizes: object) =>
      example().withGroup("web", {
        ...sizes,
        mixedInstancesPolicy: withMixed(typesOf("t3.medium", "m5.large")),
      });
    const installation = await converged(plain({ minSize: 2, maxSize: 6 }).spec());
    const before = installation.mutations().length;
    installation.post(
      example()
        .withGroup("web", {
          ...{ minSize: 8, maxSize: 24 },
          mixedInstancesPolicy: withMixed(typesOf(["t3.medium", 4], ["m5.large", 4])),
        })
        .spec(),
    );
    await installation.untilReady();
    expect(installation.mutations().slice(before)).toEqual(["autoscaling:UpdateAutoScalingGroup"]);
    const { Instances = [], MinSize, MaxSize, DesiredCapacity } = await groupOf(installation);
    expect([Instances.length, MinSize, MaxSize, DesiredCapacity]).toEqual([2, 8, 24, 8]);
  });

  it("counts vCPUs where it is told to, and is at peace", async () => {
    const installation = await converged(
      example()
        .withGroup("web", {
          ...{ desiredCapacityType: "vcpu", minSize: 4, maxSize: 20 },
          mixedInstancesPolicy: withMixed([
            { instanceRequirements: { vCpuCount: { min: 2, max: 2 }, memoryMiB: { min: 2048 } } },
          ]),
        })
        .spec(),
    );
    const { Instances = [] } = await groupOf(installation);
    expect(Instances).toHaveLength(2);
    expect(installation.condition("Healthy")?.status).toBe("True");
    await installation.clock.advance(HOUR);
    expect(driftEvents(installation)).toEqual([]);
  });
});

const instance = (units?: number): FleetInstance => ({
  instanceId: "i-1",
  availabilityZone: "us-east-1a",
  lifecycleState: "InService",
  healthStatus: "Healthy",
  protectedFromScaleIn: false,
  template: undefined,
  ...(units === undefined ? {} : { units }),
});

describe("units of a fleet", () => {
  const weightedOf = (...units: (number | undefined)[]) =>
    ({ isWeighted: true, instances: units.map((one) => instance(one)) }) as const;

  it("are its instances where it has no weights", () => {
    const fleet: Pick<Fleet, "isWeighted" | "instances"> = { instances: [instance(), instance()] };
    expect([unitsOf(fleet, fleet.instances), unitsPerInstance(fleet), instancesFor(5, fleet)]).toEqual([
      2, 1, 5,
    ]);
  });

  it("are what they weigh, and unknown as soon as one of them is", () => {
    const fleet = weightedOf(8, 4);
    expect([unitsOf(fleet, fleet.instances), unitsPerInstance(fleet)]).toEqual([12, 6]);
    expect(unitsOf(fleet, weightedOf(8, undefined).instances)).toBeUndefined();
  });

  it.each([
    [10, [4, 4, 4], 3],
    [10, [8, 2], 2],
    [17, [8, 8, 1], 3],
    [8, [], 1],
    [0, [], 0],
  ])("of a size of %i over instances of %j come to %i instances", (size, units, expected) => {
    expect(instancesFor(size, weightedOf(...units))).toBe(expected);
  });
});
