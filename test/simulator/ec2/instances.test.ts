import { describe, expect, it } from "vitest";
import { buildLab, type Lab, launch } from "../support.ts";

async function state(lab: Lab, id: string): Promise<string> {
  const { Reservations } = await lab.call<{ Reservations: { Instances: { State: { Name: string } }[] }[] }>(
    "ec2:DescribeInstances",
    {
      InstanceIds: [id],
    },
  );
  return Reservations[0]!.Instances[0]!.State.Name;
}

async function checks(lab: Lab, id: string): Promise<string> {
  const { InstanceStatuses } = await lab.call<{
    InstanceStatuses: { SystemStatus: { Status: string }; InstanceStatus: { Status: string } }[];
  }>("ec2:DescribeInstanceStatus", { InstanceIds: [id], IncludeAllInstances: true });
  return `${InstanceStatuses[0]!.SystemStatus.Status} ${InstanceStatuses[0]!.InstanceStatus.Status}`;
}

const ONE = {
  ImageId: "ami-12345678",
  InstanceType: "t3.micro",
  SubnetId: "subnet-1a",
  MinCount: 1,
  MaxCount: 1,
};

describe("instances", () => {
  it("are pending, run, boot their application, and only later pass their status checks", async () => {
    const lab = buildLab();
    const { Instances } = await lab.call<{ Instances: { InstanceId: string; State: { Name: string } }[] }>(
      "ec2:RunInstances",
      ONE,
    );
    const { InstanceId: id, State } = Instances[0]!;
    expect(State.Name).toBe("pending");
    await lab.clock.advance(31_000);
    expect(await state(lab, id)).toBe("running");
    expect(await checks(lab, id)).toBe("initializing initializing");
    expect(lab.account.parts.ec2.respond(id, 80, "/")).toEqual({ reachable: false, timedOut: false });
    await lab.clock.advance(60_000);
    expect(lab.account.parts.ec2.respond(id, 80, "/")).toEqual({ reachable: true, statusCode: 200 });
    await lab.clock.advance(80_000);
    expect(await checks(lab, id)).toBe("ok ok");
  });

  it("are shown for about an hour after they were terminated, then not at all", async () => {
    const lab = buildLab();
    const id = await launch(lab);
    await lab.call("ec2:TerminateInstances", { InstanceIds: [id] });
    expect(await state(lab, id)).toBe("shutting-down");
    await lab.clock.advance(61_000);
    expect(await state(lab, id)).toBe("terminated");
    await lab.clock.advance(3_900_000);
    expect(await lab.refusal("ec2:DescribeInstances", { InstanceIds: [id] })).toBe(
      "InvalidInstanceID.NotFound",
    );
  });

  it("stop and start again, and answer only when booted again", async () => {
    const lab = buildLab();
    const id = await launch(lab);
    await lab.call("ec2:StopInstances", { InstanceIds: [id] });
    expect(await state(lab, id)).toBe("stopping");
    expect(await lab.refusal("ec2:StartInstances", { InstanceIds: [id] })).toBe("IncorrectInstanceState");
    await lab.clock.advance(61_000);
    expect(await state(lab, id)).toBe("stopped");
    await lab.call("ec2:StartInstances", { InstanceIds: [id] });
    await lab.clock.advance(31_000);
    expect(await state(lab, id)).toBe("running");
    expect(lab.account.parts.ec2.respond(id, 80, "/").reachable).toBe(false);
    await lab.clock.advance(60_000);
    expect(lab.account.parts.ec2.respond(id, 80, "/").reachable).toBe(true);
  });

  it("fail their status checks within two minutes when the host fails, and pass them again when it is mended", async () => {
    const lab = buildLab();
    const id = await launch(lab);
    lab.account.control.impair(id, { system: true, instance: false });
    expect(await checks(lab, id)).toBe("ok ok");
    expect(lab.account.parts.ec2.respond(id, 80, "/")).toEqual({ reachable: false, timedOut: true });
    await lab.clock.advance(121_000);
    expect(await checks(lab, id)).toBe("impaired impaired");
    lab.account.control.impair(id, { system: false, instance: false });
    await lab.clock.advance(121_000);
    expect(await checks(lab, id)).toBe("ok ok");
  });

  it("cannot be launched in a zone that is away, and those in it do not answer", async () => {
    const lab = buildLab();
    const id = await launch(lab);
    lab.account.control.failZone("us-east-1a");
    expect(lab.account.parts.ec2.respond(id, 80, "/").reachable).toBe(false);
    expect(await lab.refusal("ec2:RunInstances", ONE)).toBe("InsufficientInstanceCapacity");
    lab.account.control.restoreZone("us-east-1a");
    expect(lab.account.parts.ec2.respond(id, 80, "/").reachable).toBe(true);
  });

  it.each([
    [{ ImageId: "ami-99999999" }, "InvalidAMIID.NotFound"],
    [{ ImageId: "web" }, "InvalidAMIID.Malformed"],
    [{ InstanceType: "t3.huge" }, "InvalidParameterValue"],
    [{ SubnetId: "subnet-9" }, "InvalidSubnetID.NotFound"],
    [{ SecurityGroupIds: ["sg-9"] }, "InvalidGroup.NotFound"],
    [{ KeyName: "none" }, "InvalidKeyPair.NotFound"],
    [{ UserData: "not base64!" }, "InvalidUserData.Malformed"],
    [{ MinCount: 0 }, "InvalidParameterValue"],
  ])("are not launched with %j: %s", async (change, code) => {
    expect(await buildLab().refusal("ec2:RunInstances", { ...ONE, ...change })).toBe(code);
  });

  it("take from the template what the request leaves out, tags included", async () => {
    const lab = buildLab();
    await lab.call("ec2:CreateLaunchTemplate", {
      LaunchTemplateName: "web",
      LaunchTemplateData: {
        ImageId: "ami-87654321",
        InstanceType: "t3.small",
        TagSpecifications: [{ ResourceType: "instance", Tags: [{ Key: "Name", Value: "web" }] }],
      },
    });
    const { Instances } = await lab.call<{ Instances: object[] }>("ec2:RunInstances", {
      LaunchTemplate: { LaunchTemplateName: "web" },
      InstanceType: "t3.large",
      MinCount: 1,
      MaxCount: 1,
    });
    expect(Instances[0]).toMatchObject({
      ImageId: "ami-87654321",
      InstanceType: "t3.large",
      Tags: [
        { Key: "Name", Value: "web" },
        { Key: "aws:ec2launchtemplate:id", Value: expect.stringMatching(/^lt-/) },
        { Key: "aws:ec2launchtemplate:version", Value: "1" },
      ],
    });
  });

  it("get the same ids from the same seed and others from another", async () => {
    const ids = await Promise.all([1, 1, 2].map((seed) => launch(buildLab({ seed }))));
    expect(ids[0]).toBe(ids[1]);
    expect(ids[0]).not.toBe(ids[2]);
    expect(ids[0]).toMatch(/^i-[0-9a-f]{17}$/);
  });
});

describe("tags and furniture", () => {
  it("keep AWS's own tags and refuse new ones with their prefix", async () => {
    const lab = buildLab();
    const id = await launch(lab);
    expect(
      await lab.refusal("ec2:CreateTags", { Resources: [id], Tags: [{ Key: "aws:x", Value: "1" }] }),
    ).toBe("InvalidParameterValue");
    expect(
      await lab.refusal("ec2:CreateTags", {
        Resources: ["i-0123456789abcdef0"],
        Tags: [{ Key: "a", Value: "1" }],
      }),
    ).toBe("InvalidInstanceID.NotFound");
    await lab.call("ec2:CreateTags", { Resources: [id], Tags: [{ Key: "a", Value: "1" }] });
    await lab.call("ec2:DeleteTags", { Resources: [id], Tags: [{ Key: "a", Value: "other" }] });
    const tags = (): Promise<{ Tags: object[] }> =>
      lab.call("ec2:DescribeTags", { Filters: [{ Name: "resource-id", Values: [id] }] });
    expect((await tags()).Tags).toHaveLength(1);
    await lab.call("ec2:DeleteTags", { Resources: [id], Tags: [{ Key: "a" }] });
    expect((await tags()).Tags).toHaveLength(0);
  });

  it("are there from the start under the article's ids", async () => {
    const lab = buildLab();
    const { Subnets } = await lab.call<{ Subnets: { AvailabilityZone: string }[] }>("ec2:DescribeSubnets", {
      SubnetIds: ["subnet-1a", "subnet-1b", "subnet-1c", "subnet-12345", "subnet-67890"],
    });
    expect(Subnets.map((one) => one.AvailabilityZone)).toEqual([
      "us-east-1a",
      "us-east-1b",
      "us-east-1c",
      "us-east-1a",
      "us-east-1b",
    ]);
    await lab.call("ec2:DescribeVpcs", { VpcIds: ["vpc-12345678"] });
    await lab.call("ec2:DescribeSecurityGroups", { GroupIds: ["sg-12345678", "sg-alb-12345678"] });
    await lab.call("ec2:DescribeImages", { ImageIds: ["ami-12345678", "ami-87654321"] });
    await lab.call("ec2:DescribeInstanceTypes", {
      InstanceTypes: ["t3.micro", "t3.2xlarge", "m5.large", "c5.large"],
    });
    expect(await lab.refusal("ec2:DescribeSubnets", { SubnetIds: ["subnet-9"] })).toBe(
      "InvalidSubnetID.NotFound",
    );
    expect(await lab.refusal("ec2:DescribeSubnets", { Filters: [{ Name: "nonsense", Values: ["x"] }] })).toBe(
      "InvalidParameterValue",
    );
  });
});
