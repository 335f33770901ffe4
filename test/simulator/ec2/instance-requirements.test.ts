import { describe, expect, it } from "vitest";
import { buildLab, type Lab } from "../support.ts";

const LEAST = { VCpuCount: { Min: 2, Max: 4 }, MemoryMiB: { Min: 8_192, Max: 16_384 } };

async function types(lab: Lab, more: object = {}, architecture = "x86_64"): Promise<string[]> {
  const { InstanceTypes } = await lab.call<{ InstanceTypes: { InstanceType: string }[] }>(
    "ec2:GetInstanceTypesFromInstanceRequirements",
    {
      ArchitectureTypes: [architecture],
      VirtualizationTypes: ["hvm"],
      InstanceRequirements: { ...LEAST, ...more },
    },
  );
  return InstanceTypes.map((one) => one.InstanceType).sort();
}

const FIXED = ["m5.large", "m5.xlarge", "m6i.large", "m6i.xlarge", "m7i.large", "m7i.xlarge"];
const COMPUTE = ["c5.xlarge", "c6i.xlarge", "c7i.xlarge"];

describe("types chosen by what they have", () => {
  it("are neither burstable nor of another architecture unless asked for", async () => {
    const lab = buildLab();
    expect(await types(lab)).toEqual([...COMPUTE, ...FIXED]);
    expect(await types(lab, { BurstablePerformance: "required" }, "arm64")).toEqual([
      "t4g.large",
      "t4g.xlarge",
    ]);
  });

  it.each([
    [{ InstanceGenerations: ["current"] }, ["c6i.xlarge", "c7i.xlarge", "m7i.large", "m7i.xlarge"]],
    [{ MemoryGiBPerVCpu: { Max: 2 } }, COMPUTE],
    [{ AllowedInstanceTypes: ["m5.*", "c7*"] }, ["c7i.xlarge", "m5.large", "m5.xlarge"]],
    [{ ExcludedInstanceTypes: ["m*", "c5*.*"] }, ["c6i.xlarge", "c7i.xlarge"]],
    [{ NetworkInterfaceCount: { Min: 4 } }, [...COMPUTE, "m5.xlarge", "m6i.xlarge", "m7i.xlarge"]],
    [{ CpuManufacturers: ["amd"] }, []],
    [{ LocalStorage: "required" }, []],
    [{ AcceleratorCount: { Min: 1 } }, []],
    [{ AcceleratorCount: { Max: 0 }, BareMetal: "included" }, [...COMPUTE, ...FIXED]],
  ])("have %o", async (more, expected) => {
    expect(await types(buildLab(), more)).toEqual(expected);
  });

  it("cannot be launched by RunInstances, nor by a group without a mixed instances policy", async () => {
    const lab = buildLab();
    const { LaunchTemplate, Warning } = await lab.call<{
      LaunchTemplate: { LaunchTemplateId: string };
      Warning?: object;
    }>("ec2:CreateLaunchTemplate", {
      LaunchTemplateName: "any",
      LaunchTemplateData: { ImageId: "ami-12345678", InstanceRequirements: LEAST },
    });
    // Auto Scaling takes it: EC2 has nothing to warn of.
    expect(Warning).toBeUndefined();
    const template = { LaunchTemplateId: LaunchTemplate.LaunchTemplateId };
    const run = { LaunchTemplate: template, MinCount: 1, MaxCount: 1 };
    expect(await lab.refusal("ec2:RunInstances", run)).toBe("InvalidParameterCombination");
    const group = { AutoScalingGroupName: "web", MinSize: 0, MaxSize: 1, VPCZoneIdentifier: "subnet-1a" };
    expect(
      await lab.refusal("autoscaling:CreateAutoScalingGroup", { ...group, LaunchTemplate: template }),
    ).toBe("ValidationError");
    const MixedInstancesPolicy = { LaunchTemplate: { LaunchTemplateSpecification: template } };
    expect(await lab.refusal("autoscaling:CreateAutoScalingGroup", { ...group, MixedInstancesPolicy })).toBe(
      "no error",
    );
  });
});
