import { describe, expect, it } from "vitest";
import { buildLab, type Lab, launch } from "../support.ts";
import { refused } from "./network/support.ts";

const attribute = (lab: Lab, InstanceId: string, Attribute: string): Promise<object> =>
  lab.call("ec2:DescribeInstanceAttribute", { InstanceId, Attribute });

async function run(lab: Lab, input: object): Promise<string> {
  const { Instances } = await lab.call<{ Instances: { InstanceId: string }[] }>("ec2:RunInstances", {
    ImageId: "ami-12345678",
    SubnetId: "subnet-1a",
    MinCount: 1,
    MaxCount: 1,
    ...input,
  });
  await lab.clock.advance(100_000);
  return Instances[0]!.InstanceId;
}

describe("attributes of an instance", () => {
  it("are what it was launched with", async () => {
    const lab = buildLab();
    const UserData = Buffer.from("#!/bin/sh").toString("base64");
    const id = await run(lab, { InstanceType: "t3.small", UserData, SecurityGroupIds: ["sg-12345678"] });
    expect(await attribute(lab, id, "instanceType")).toEqual({
      InstanceId: id,
      InstanceType: { Value: "t3.small" },
    });
    expect(await attribute(lab, id, "userData")).toMatchObject({ UserData: { Value: UserData } });
    expect(await attribute(lab, id, "groupSet")).toMatchObject({
      Groups: [{ GroupId: "sg-12345678", GroupName: "web" }],
    });
    expect(await attribute(lab, id, "instanceInitiatedShutdownBehavior")).toMatchObject({
      InstanceInitiatedShutdownBehavior: { Value: "stop" },
    });
    expect(await refused(lab, "ec2:DescribeInstanceAttribute", { InstanceId: id, Attribute: "mood" })).toBe(
      "InvalidParameterValue: Value (mood) for parameter attribute is invalid. Unknown attribute.",
    );
    expect(
      await lab.refusal("ec2:DescribeInstanceAttribute", {
        InstanceId: "i-0123456789abcdef0",
        Attribute: "userData",
      }),
    ).toBe("InvalidInstanceID.NotFound");
  });

  it("among them cores, licences and bandwidth, as they were asked for", async () => {
    const lab = buildLab();
    const license = { LicenseConfigurationArn: "arn:aws:license-manager:us-east-1:123456789012:l:lic-1" };
    const id = await run(lab, {
      InstanceType: "t3.small",
      CpuOptions: { CoreCount: 1, ThreadsPerCore: 1 },
      LicenseSpecifications: [license],
      NetworkPerformanceOptions: { BandwidthWeighting: "vpc-1" },
    });
    const { Reservations } = await lab.call<{ Reservations: { Instances: object[] }[] }>(
      "ec2:DescribeInstances",
      { InstanceIds: [id] },
    );
    expect(Reservations[0]!.Instances[0]).toMatchObject({
      CpuOptions: { CoreCount: 1, ThreadsPerCore: 1 },
      Licenses: [license],
      NetworkPerformanceOptions: { BandwidthWeighting: "vpc-1" },
    });
  });

  it("protect it from being terminated and stopped, until they are changed", async () => {
    const lab = buildLab();
    const id = await run(lab, { DisableApiTermination: true, DisableApiStop: true });
    const InstanceIds = [id];
    expect(await refused(lab, "ec2:TerminateInstances", { InstanceIds })).toBe(
      `OperationNotPermitted: The instance '${id}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.`,
    );
    expect(await refused(lab, "ec2:StopInstances", { InstanceIds })).toBe(
      `OperationNotPermitted: The instance '${id}' may not be stopped. Modify its 'disableApiStop' instance attribute and try again.`,
    );
    await lab.call("ec2:ModifyInstanceAttribute", { InstanceId: id, DisableApiStop: { Value: false } });
    await lab.call("ec2:ModifyInstanceAttribute", {
      InstanceId: id,
      Attribute: "disableApiTermination",
      Value: "false",
    });
    expect(await attribute(lab, id, "disableApiTermination")).toMatchObject({
      DisableApiTermination: { Value: false },
    });
    await lab.call("ec2:StopInstances", { InstanceIds });
    await lab.call("ec2:TerminateInstances", { InstanceIds });
  });

  it("say what a shutdown from within comes to", async () => {
    const lab = buildLab();
    const [one, other] = [await launch(lab), await launch(lab)];
    await lab.call("ec2:ModifyInstanceAttribute", {
      InstanceId: other,
      InstanceInitiatedShutdownBehavior: { Value: "terminate" },
    });
    lab.account.control.stop(one);
    lab.account.control.stop(other);
    await lab.clock.advance(61_000);
    const states = [one, other].map((id) => lab.account.parts.ec2.instance(id)?.state);
    expect(states).toEqual(["stopped", "terminated"]);
  });

  it("change one at a time, to what there is", async () => {
    const lab = buildLab();
    const InstanceId = await launch(lab);
    const change = (input: object): Promise<string> =>
      lab.refusal("ec2:ModifyInstanceAttribute", { InstanceId, ...input });
    expect(await change({ Groups: ["sg-9"] })).toBe("InvalidGroup.NotFound");
    expect(await change({ Groups: ["sg-12345678"], SourceDestCheck: { Value: false } })).toBe(
      "InvalidParameterCombination",
    );
    expect(await change({})).toBe("InvalidParameterCombination");
    expect(await change({ InstanceType: { Value: "t3.nano" } })).toBe("UnsupportedOperation");
    expect(await change({ Groups: ["sg-12345678"] })).toBe("no error");
    expect(await change({ SourceDestCheck: { Value: false } })).toBe("no error");
    const { Reservations } = await lab.call<{ Reservations: { Instances: object[] }[] }>(
      "ec2:DescribeInstances",
      { InstanceIds: [InstanceId] },
    );
    expect(Reservations[0]!.Instances[0]).toMatchObject({
      SecurityGroups: [{ GroupId: "sg-12345678" }],
      SourceDestCheck: false,
    });
  });

  it("of burstable types are standard credits for T2, and unlimited for later ones, unless the launch says otherwise", async () => {
    const lab = buildLab();
    const t2 = await run(lab, { InstanceType: "t2.micro" });
    const t3 = await run(lab, { InstanceType: "t3.micro" });
    const saving = await run(lab, {
      InstanceType: "t3.micro",
      CreditSpecification: { CpuCredits: "standard" },
    });
    await run(lab, { InstanceType: "m5.large" });
    const credits = async (input: object): Promise<[string, string][]> => {
      const { InstanceCreditSpecifications } = await lab.call<{
        InstanceCreditSpecifications: { InstanceId: string; CpuCredits: string }[];
      }>("ec2:DescribeInstanceCreditSpecifications", input);
      return InstanceCreditSpecifications.map((one) => [one.InstanceId, one.CpuCredits]);
    };
    expect(await credits({ InstanceIds: [t2, t3, saving] })).toEqual([
      [t2, "standard"],
      [t3, "unlimited"],
      [saving, "standard"],
    ]);
    expect(await credits({})).toEqual([[t3, "unlimited"]]);
  });
});
