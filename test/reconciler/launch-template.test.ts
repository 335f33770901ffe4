/** A launch template is the spec's as a whole: what somebody else puts into it, and whose versions are rolled out. */
import { describe, expect, it } from "vitest";
import type { Interceptor } from "../../src/simulator/faults/interceptors.ts";
import type { Installation } from "../support/installation.ts";
import { arnOf, converged, driftEvents, somebody, specWith, untilRepaired } from "./world.ts";

const LT = "autoScalingGroups.web.launchTemplate";
const MORE = {
  ElasticInferenceAccelerators: [{ Type: "eia2.medium" }],
  ElasticGpuSpecifications: [{ Type: "eg1.medium" }],
  SecurityGroups: ["others"],
};

interface Version {
  readonly VersionNumber: number;
  readonly VersionDescription?: string;
  readonly DefaultVersion: boolean;
  readonly LaunchTemplateData: Record<string, unknown>;
}

const template = (installation: Installation) => ({ LaunchTemplateId: arnOf(installation, LT) });

async function versionsOf(installation: Installation): Promise<Version[]> {
  const answer = await somebody(installation, "ec2:DescribeLaunchTemplateVersions", template(installation));
  return answer.LaunchTemplateVersions as unknown as Version[];
}

async function defaultOf(installation: Installation): Promise<number | undefined> {
  return (await versionsOf(installation)).find((version) => version.DefaultVersion)?.VersionNumber;
}

/** Somebody makes a version, out of ours unless told otherwise, and makes it the default. */
async function somebodysVersion(
  installation: Installation,
  data: object,
  more: object = { SourceVersion: "1" },
) {
  const LaunchTemplateData = data;
  await somebody(installation, "ec2:CreateLaunchTemplateVersion", {
    ...template(installation),
    LaunchTemplateData,
    ...more,
  });
  await somebody(installation, "ec2:ModifyLaunchTemplate", {
    ...template(installation),
    DefaultVersion: "$Latest",
  });
}

const rolledOut = (installation: Installation) =>
  installation.mutations().filter((one) => one === "autoscaling:StartInstanceRefresh").length;

const fieldsOf = (installation: Installation) =>
  driftEvents(installation)
    .map(({ field, state }) => `${field} ${state}`)
    .sort();

/** AWS answers about the versions of templates as `change` says. */
function answering(change: (version: Version) => Version): Interceptor {
  return {
    after({ operation }, output) {
      if (operation !== "DescribeLaunchTemplateVersions") return undefined;
      const { LaunchTemplateVersions } = output as { LaunchTemplateVersions: Version[] };
      return {
        kind: "output",
        output: { ...output, LaunchTemplateVersions: LaunchTemplateVersions.map(change) },
      };
    },
  };
}

describe("members of a launch template that the spec does not know", () => {
  it("are drift, one by one, and our version becomes the default again; nothing is rolled out", async () => {
    const installation = await converged();
    const calls = installation.mutations().length;
    await somebodysVersion(installation, MORE);
    await installation.clock.advance(65_000);
    await untilRepaired(installation);
    expect(fieldsOf(installation)).toEqual(
      [
        "madeBy",
        ...Object.keys(MORE)
          .sort()
          .map((name) => `unknown.${name}`),
      ].map((name) => `${name} Corrected`),
    );
    const groups = driftEvents(installation).find(({ field }) => field === "unknown.SecurityGroups");
    expect(groups).toMatchObject({ desired: null, before: null, after: ["others"] });
    expect(installation.mutations().slice(calls)).toEqual(["ec2:ModifyLaunchTemplate"]);
    expect(await defaultOf(installation)).toBe(1);
  });

  it("are told before they are put right, and nobody says that all is well meanwhile", async () => {
    const installation = await converged();
    await somebodysVersion(installation, MORE);
    await installation.until(() => installation.condition("Synced")?.status !== "True");
    expect(installation.condition("Synced")?.reason).toBe("Confirming");
    expect(await defaultOf(installation)).toBe(2);
    await untilRepaired(installation);
    const [first] = installation.store.calls({ limit: 1 });
    const seen = Math.max(...driftEvents(installation).map(({ firstSeenTime }) => Date.parse(firstSeenTime)));
    expect(Date.parse(first?.time ?? "") - seen).toBeGreaterThanOrEqual(4_000);
  });

  it("stand in the plan of the next change, which is built on none of them", async () => {
    const installation = await converged();
    installation.annotate({ "holdfast.dev/paused": "true" });
    await somebodysVersion(installation, MORE);
    await installation.clock.advance(65_000);
    const spec = specWith(({ autoScalingGroups: { web } }) => {
      web.launchTemplate.instanceType = "t3.large";
    });
    const plan = await installation.plan(spec);
    const differences = plan.rows.find(({ key }) => key === LT)?.differences ?? [];
    expect(differences.map(({ field }) => field)).toEqual(
      expect.arrayContaining(["instanceType", ...Object.keys(MORE).map((name) => `unknown.${name}`)]),
    );
    installation.annotate({});
    installation.post(spec);
    await installation.untilReady();
    const newest = (await versionsOf(installation)).find(({ VersionNumber }) => VersionNumber === 3);
    expect(newest).toMatchObject({ DefaultVersion: true, LaunchTemplateData: { InstanceType: "t3.large" } });
    for (const name of Object.keys(MORE)) expect(newest?.LaunchTemplateData).not.toHaveProperty(name);
  });

  it.each([
    [
      "a member of a known record",
      { MetadataOptions: { HttpTokens: "required", HttpProtocolIpv6: "enabled" } },
    ],
    [
      "tags of something else",
      { TagSpecifications: [{ ResourceType: "network-interface", Tags: [{ Key: "a", Value: "b" }] }] },
    ],
    [
      "a member of a volume",
      { BlockDeviceMappings: [{ DeviceName: "/dev/xvda", Ebs: { VolumeInitializationRate: 200 } }] },
    ],
    ["a network interface", { NetworkInterfaces: [{ DeviceIndex: 0, AssociatePublicIpAddress: true }] }],
  ])("count wherever they stand: %s", async (_where, data) => {
    const installation = await converged();
    await somebodysVersion(installation, data);
    await untilRepaired(installation);
    expect(await defaultOf(installation)).toBe(1);
    expect(rolledOut(installation)).toBe(0);
  });

  it("do not count when AWS itself puts them into every answer", async () => {
    const interceptor = answering((version) => ({
      ...version,
      LaunchTemplateData: {
        ...version.LaunchTemplateData,
        MetadataOptions: {
          ...(version.LaunchTemplateData.MetadataOptions as object),
          HttpEndpoint: "enabled",
          HttpPutResponseHopLimit: 1,
        },
        EnclaveOptions: { Enabled: false },
        Operator: { Managed: false },
        LicenseSpecifications: [],
      },
    }));
    const installation = await converged(undefined, { interceptor });
    const calls = installation.mutations().length;
    await installation.clock.advance(600_000);
    expect([installation.mutations().length, driftEvents(installation)]).toEqual([calls, []]);
    // What somebody adds still counts beside them.
    await somebodysVersion(installation, MORE);
    await untilRepaired(installation);
    expect(fieldsOf(installation)).toHaveLength(4);
    expect(await defaultOf(installation)).toBe(1);
  });
});

describe("versions of a launch template", () => {
  it("carry the digest of their content", async () => {
    const installation = await converged();
    installation.post(
      specWith(({ autoScalingGroups: { web } }) => {
        web.launchTemplate.instanceType = "t3.large";
      }),
    );
    await installation.untilReady();
    const descriptions = (await versionsOf(installation)).map(({ VersionDescription }) => VersionDescription);
    for (const description of descriptions) expect(description).toMatch(/^holdfast sha256:[0-9a-f]{64}$/);
    expect(new Set(descriptions).size).toBe(2);
  });

  it("that somebody else made are not rolled out, even when they hold what ours holds", async () => {
    const installation = await converged();
    await somebodysVersion(installation, { InstanceType: "t3.medium" });
    await untilRepaired(installation);
    expect(fieldsOf(installation)).toEqual(["madeBy Corrected"]);
    expect([await defaultOf(installation), rolledOut(installation)]).toEqual([1, 0]);
  });

  it("that somebody else made are not used when the spec comes to ask for the same", async () => {
    const installation = await converged();
    await somebodysVersion(installation, { InstanceType: "t3.large" });
    installation.post(
      specWith(({ autoScalingGroups: { web } }) => {
        web.launchTemplate.instanceType = "t3.large";
      }),
    );
    await installation.untilReady();
    expect(await defaultOf(installation)).toBe(3);
    const { AutoScalingGroups } = await somebody(installation, "autoscaling:DescribeAutoScalingGroups", {});
    for (const { LaunchTemplate } of AutoScalingGroups[0].Instances) expect(LaunchTemplate.Version).toBe("3");
  });

  it("of an earlier Holdfast, which say nothing of who made them, are ours", async () => {
    const silent = answering(({ VersionDescription: _, ...version }) => version);
    const installation = await converged(undefined, { interceptor: silent });
    const calls = installation.mutations().length;
    await installation.clock.advance(600_000);
    expect([installation.mutations().length, driftEvents(installation)]).toEqual([calls, []]);
    expect(installation.condition("Ready")?.status).toBe("True");
  });
});
