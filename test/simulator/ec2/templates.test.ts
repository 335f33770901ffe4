import { describe, expect, it } from "vitest";
import { buildLab, type Lab } from "../support.ts";

interface Template {
  LaunchTemplate: { LaunchTemplateId: string; DefaultVersionNumber: number; LatestVersionNumber: number };
}

const DATA = { ImageId: "ami-12345678", InstanceType: "t3.medium" };

async function create(lab: Lab, name = "web", more: object = {}): Promise<string> {
  const input = { LaunchTemplateName: name, LaunchTemplateData: DATA, ...more };
  return (await lab.call<Template>("ec2:CreateLaunchTemplate", input)).LaunchTemplate.LaunchTemplateId;
}

describe("launch templates", () => {
  it("may name an image that does not exist: the launch fails, not the creation", async () => {
    const lab = buildLab();
    await create(lab, "web", { LaunchTemplateData: { ImageId: "ami-00000000" } });
    const launch = { MinCount: 1, MaxCount: 1, LaunchTemplate: { LaunchTemplateName: "web" } };
    expect(await lab.refusal("ec2:RunInstances", launch)).toBe("InvalidAMIID.NotFound");
  });

  it("have a name of their own", async () => {
    const lab = buildLab();
    await create(lab);
    expect(
      await lab.refusal("ec2:CreateLaunchTemplate", { LaunchTemplateName: "web", LaunchTemplateData: DATA }),
    ).toBe("InvalidLaunchTemplateName.AlreadyExistsException");
    expect(
      await lab.refusal("ec2:CreateLaunchTemplate", { LaunchTemplateName: "a b", LaunchTemplateData: DATA }),
    ).toBe("InvalidLaunchTemplateName.MalformedException");
  });

  it("repeat an answer for the same client token, and refuse the token for something else", async () => {
    const lab = buildLab();
    const id = await create(lab, "web", { ClientToken: "t" });
    expect(await create(lab, "web", { ClientToken: "t" })).toBe(id);
    expect(
      await lab.refusal("ec2:CreateLaunchTemplate", {
        LaunchTemplateName: "other",
        LaunchTemplateData: DATA,
        ClientToken: "t",
      }),
    ).toBe("IdempotentParameterMismatch");
  });

  it("get new versions that take over what is left out from the source version", async () => {
    const lab = buildLab();
    const LaunchTemplateId = await create(lab);
    const { LaunchTemplateVersion: version } = await lab.call<{
      LaunchTemplateVersion: { VersionNumber: number; DefaultVersion: boolean; LaunchTemplateData: object };
    }>("ec2:CreateLaunchTemplateVersion", {
      LaunchTemplateId,
      SourceVersion: "1",
      LaunchTemplateData: { InstanceType: "t3.large" },
    });
    expect(version).toMatchObject({
      VersionNumber: 2,
      DefaultVersion: false,
      LaunchTemplateData: { ImageId: "ami-12345678", InstanceType: "t3.large" },
    });
    const { LaunchTemplate } = await lab.call<Template>("ec2:ModifyLaunchTemplate", {
      LaunchTemplateId,
      DefaultVersion: "2",
    });
    expect(LaunchTemplate).toMatchObject({ DefaultVersionNumber: 2, LatestVersionNumber: 2 });
  });

  it("keep their default version, and never give a number twice", async () => {
    const lab = buildLab();
    const LaunchTemplateId = await create(lab);
    const add = (): Promise<{ LaunchTemplateVersion: { VersionNumber: number } }> =>
      lab.call("ec2:CreateLaunchTemplateVersion", { LaunchTemplateId, LaunchTemplateData: DATA });
    await add();
    expect(await lab.refusal("ec2:DeleteLaunchTemplateVersions", { LaunchTemplateId, Versions: ["1"] })).toBe(
      "OperationNotPermitted",
    );
    await lab.call("ec2:DeleteLaunchTemplateVersions", { LaunchTemplateId, Versions: ["2"] });
    expect((await add()).LaunchTemplateVersion.VersionNumber).toBe(3);
  });

  it("are found by name, tag and wildcard, and unknown ones are an error only when named", async () => {
    const lab = buildLab();
    await create(lab, "web-1", {
      TagSpecifications: [
        { ResourceType: "launch-template", Tags: [{ Key: "holdfast:owner", Value: "default/web" }] },
      ],
    });
    await create(lab, "api");
    const names = async (input: object): Promise<string[]> => {
      const { LaunchTemplates } = await lab.call<{ LaunchTemplates: { LaunchTemplateName: string }[] }>(
        "ec2:DescribeLaunchTemplates",
        input,
      );
      return LaunchTemplates.map((one) => one.LaunchTemplateName);
    };
    expect(await names({ Filters: [{ Name: "tag:holdfast:owner", Values: ["default/*"] }] })).toEqual([
      "web-1",
    ]);
    expect(await names({ Filters: [{ Name: "launch-template-name", Values: ["api", "web-?"] }] })).toEqual([
      "web-1",
      "api",
    ]);
    expect(await names({ Filters: [{ Name: "tag-key", Values: ["none"] }] })).toEqual([]);
    expect(await lab.refusal("ec2:DescribeLaunchTemplates", { LaunchTemplateNames: ["none"] })).toBe(
      "InvalidLaunchTemplateName.NotFoundException",
    );
    expect(
      await lab.refusal("ec2:DescribeLaunchTemplates", { LaunchTemplateIds: ["lt-0123456789abcdef0"] }),
    ).toBe("InvalidLaunchTemplateId.NotFound");
    expect(await lab.refusal("ec2:DescribeLaunchTemplates", { LaunchTemplateIds: ["web"] })).toBe(
      "InvalidLaunchTemplateId.Malformed",
    );
  });

  it("are listed in pages that leave none out when one is deleted in between", async () => {
    const lab = buildLab();
    const ids: string[] = [];
    for (const name of ["aaa", "bbb", "ccc", "ddd"]) ids.push(await create(lab, name));
    type List = { LaunchTemplates: { LaunchTemplateName: string }[]; NextToken?: string };
    const first = await lab.call<List>("ec2:DescribeLaunchTemplates", { MaxResults: 2 });
    await lab.call("ec2:DeleteLaunchTemplate", { LaunchTemplateId: ids[0] });
    const second = await lab.call<List>("ec2:DescribeLaunchTemplates", {
      MaxResults: 2,
      NextToken: first.NextToken,
    });
    expect(second.LaunchTemplates.map((one) => one.LaunchTemplateName)).toEqual(["ccc", "ddd"]);
    expect(second.NextToken).toBeUndefined();
    expect(await lab.refusal("ec2:DescribeLaunchTemplates", { NextToken: "nonsense" })).toBe(
      "InvalidNextToken",
    );
  });

  it("show the default and latest versions of all templates when none is named", async () => {
    const lab = buildLab();
    const LaunchTemplateId = await create(lab);
    await create(lab, "api");
    await lab.call("ec2:CreateLaunchTemplateVersion", { LaunchTemplateId, LaunchTemplateData: DATA });
    const { LaunchTemplateVersions } = await lab.call<{
      LaunchTemplateVersions: { LaunchTemplateName: string; VersionNumber: number }[];
    }>("ec2:DescribeLaunchTemplateVersions", { Versions: ["$Latest", "$Default"] });
    expect(
      LaunchTemplateVersions.map((one) => `${one.LaunchTemplateName} ${one.VersionNumber}`).sort(),
    ).toEqual(["api 1", "web 1", "web 2"]);
    expect(
      await lab.refusal("ec2:DescribeLaunchTemplateVersions", { LaunchTemplateId, Versions: ["9"] }),
    ).toBe("InvalidLaunchTemplateId.VersionNotFound");
  });

  it("do nothing on a dry run", async () => {
    const lab = buildLab();
    const input = { LaunchTemplateName: "web", LaunchTemplateData: DATA, DryRun: true };
    expect(await lab.refusal("ec2:CreateLaunchTemplate", input)).toBe("DryRunOperation");
    await create(lab);
  });
});
