/** What a version of a launch template holds, there and back. */
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { secretDigest } from "../../../src/model/secrets.ts";
import {
  dataOf,
  descriptionOf,
  fieldsOfMembers,
  secretsOf,
  versionsOf,
} from "../../../src/reconciler/kinds/launch-template/content.ts";
import { example } from "../../support/example.ts";
import { WEB_API } from "../../support/installation.ts";
import { converged, somebody } from "../world.ts";

describe("user data", () => {
  it("of any bytes goes from one version into the next as it is", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const UserData = Buffer.from(bytes).toString("base64");
        const list = [{ VersionNumber: 1, LaunchTemplateData: { UserData } }];
        const fields = versionsOf(list, undefined, undefined)[0]!.fields;
        const secrets = secretsOf(list, 1)!;
        expect(Object.keys(secrets)).toEqual([fields.userData]);
        expect(dataOf(fields, secrets)?.UserData).toBe(UserData);
      }),
    );
  });

  it("that differs in a byte that is no text has another digest", () => {
    const digestOf = (bytes: Buffer) =>
      Object.keys(
        secretsOf([{ VersionNumber: 1, LaunchTemplateData: { UserData: bytes.toString("base64") } }], 1)!,
      );
    expect(digestOf(Buffer.from([0xff]))).not.toEqual(digestOf(Buffer.from([0xfe])));
    expect(digestOf(gzipSync("#!/bin/sh"))).not.toEqual([secretDigest("#!/bin/sh")]);
  });
});

describe("an answer of AWS about a version", () => {
  const wanted = {
    imageId: "ami-1",
    networkInterfaces: [
      {
        deviceIndex: 0,
        groups: ["sg-1", "sg-2"],
        associateCarrierIpAddress: false,
        interfaceType: "interface",
      },
    ],
  };
  const observed = (one: object) =>
    versionsOf(
      [
        {
          VersionNumber: 1,
          VersionDescription: descriptionOf(wanted),
          LaunchTemplateData: { ImageId: "ami-1", NetworkInterfaces: [one] },
        },
      ],
      wanted,
      undefined,
    )[0]?.fields;

  it("that leaves out what it takes for granted, or states it, is no drift", () => {
    const least = { DeviceIndex: 0, Groups: ["sg-2", "sg-1"] };
    expect(observed(least)).toEqual(wanted);
    expect(observed({ ...least, NetworkCardIndex: 0, Ipv6Addresses: [], PrimaryIpv6: false })).toEqual(
      wanted,
    );
  });

  it("that says something else is", () => {
    expect(observed({ DeviceIndex: 0, Groups: ["sg-1"] })).not.toEqual(wanted);
    expect(observed({ DeviceIndex: 0, Groups: ["sg-1", "sg-2"], Ipv6AddressCount: 1 })).not.toEqual(wanted);
  });
});

describe("members that were carried along before a spec could hold them", () => {
  const CARRIED = {
    "unknown.CreditSpecification": { CpuCredits: "unlimited" },
    "unknown.MetadataOptions.HttpProtocolIpv6": "enabled",
    "unknown.TagSpecifications.network-interface": { a: "b" },
    "unknown.Placement.SpreadDomain": "others",
  };

  it("are the fields that hold them now; what no field holds stays as it was", () => {
    expect(fieldsOfMembers(CARRIED)).toEqual({
      "creditSpecification.cpuCredits": "unlimited",
      "metadataOptions.httpProtocolIpv6": "enabled",
      "tagSpecifications.network-interface": { a: "b" },
      "unknown.Placement.SpreadDomain": "others",
    });
    expect(fieldsOfMembers({})).toEqual({});
  });

  it("are in every version that we make, until the spec says something else", async () => {
    const installation = await converged();
    const { store } = installation;
    const row = store.made(WEB_API).find(({ kind }) => kind === "launchTemplate")!;
    store.putMade(WEB_API, { ...row, inherited: { members: CARRIED } });
    const newest = async () => {
      const answer = await somebody(installation, "ec2:DescribeLaunchTemplateVersions", {
        LaunchTemplateId: row.id,
        Versions: ["$Default"],
      });
      return (answer.LaunchTemplateVersions as unknown as { LaunchTemplateData: object }[])[0]!
        .LaunchTemplateData;
    };
    installation.post(example().withLaunchTemplate({ instanceType: "t3.large" }).spec());
    await installation.untilReady();
    expect(await newest()).toMatchObject({
      InstanceType: "t3.large",
      CreditSpecification: { CpuCredits: "unlimited" },
      Placement: { SpreadDomain: "others" },
      TagSpecifications: expect.arrayContaining([
        { ResourceType: "network-interface", Tags: [{ Key: "a", Value: "b" }] },
      ]),
    });
    const calls = installation.mutations().length;
    await installation.clock.advance(1_200_000);
    expect(installation.mutations().slice(calls)).toEqual([]);
    const declared = { instanceType: "t3.large", creditSpecification: { cpuCredits: "standard" } } as const;
    installation.post(example().withLaunchTemplate(declared).spec());
    await installation.untilReady();
    expect(await newest()).toMatchObject({
      CreditSpecification: { CpuCredits: "standard" },
      MetadataOptions: { HttpProtocolIpv6: "enabled" },
    });
  });
});

describe("tags apart", () => {
  it("of volumes stand in for those of the instances; the same ones say nothing", async () => {
    const tagSpecifications = { volume: { backup: "daily" }, "network-interface": { net: "public" } };
    const installation = await converged(example().withLaunchTemplate({ tagSpecifications }).spec());
    const id = installation.store.made(WEB_API).find(({ kind }) => kind === "launchTemplate")!.id;
    const answer = await somebody(installation, "ec2:DescribeLaunchTemplateVersions", {
      LaunchTemplateId: id,
    });
    const [{ LaunchTemplateData }] = answer.LaunchTemplateVersions as unknown as [
      { LaunchTemplateData: { TagSpecifications: { ResourceType: string; Tags: object[] }[] } },
    ];
    const tagsOf = (type: string) =>
      LaunchTemplateData.TagSpecifications.find(({ ResourceType }) => ResourceType === type)?.Tags;
    expect(tagsOf("volume")).toEqual([{ Key: "backup", Value: "daily" }]);
    expect(tagsOf("network-interface")).toEqual([{ Key: "net", Value: "public" }]);
    expect(tagsOf("instance")).not.toEqual(tagsOf("volume"));
    const calls = installation.mutations().length;
    await installation.clock.advance(1_200_000);
    expect(installation.mutations().slice(calls)).toEqual([]);
  });
});
