import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { FilterTable } from "../../../src/simulator/ec2/filters/filtered.ts";
import {
  IMAGE_FILTERS,
  INSTANCE_TYPE_FILTERS,
  KEY_PAIR_FILTERS,
  OFFERING_FILTERS,
} from "../../../src/simulator/ec2/filters/images.ts";
import {
  CREDIT_FILTERS,
  INSTANCE_FILTERS,
  INSTANCE_STATUS_FILTERS,
} from "../../../src/simulator/ec2/filters/instances.ts";
import { INTERFACE_FILTERS } from "../../../src/simulator/ec2/filters/interfaces.ts";
import {
  GROUP_RULE_FILTERS,
  SECURITY_GROUP_FILTERS,
  SUBNET_FILTERS,
  VPC_FILTERS,
  ZONE_FILTERS,
} from "../../../src/simulator/ec2/filters/network.ts";
import {
  GATEWAY_FILTERS,
  NETWORK_ACL_FILTERS,
  ROUTE_TABLE_FILTERS,
} from "../../../src/simulator/ec2/filters/routing.ts";
import {
  TAG_FILTERS,
  TEMPLATE_FILTERS,
  TEMPLATE_VERSION_FILTERS,
} from "../../../src/simulator/ec2/filters/templates.ts";
import { WIRE_SERVICES } from "../../../src/simulator/wire/schemas.ts";
import { buildLab, type Lab, launch } from "../support.ts";

/** Each operation's table, and where its answer holds the descriptions. */
const TABLES: Readonly<Record<string, { table: FilterTable<never>; at: readonly string[] }>> = {
  DescribeAvailabilityZones: { table: ZONE_FILTERS, at: ["AvailabilityZones"] },
  DescribeImages: { table: IMAGE_FILTERS, at: ["Images"] },
  DescribeInstanceCreditSpecifications: { table: CREDIT_FILTERS, at: ["InstanceCreditSpecifications"] },
  DescribeInstanceStatus: { table: INSTANCE_STATUS_FILTERS, at: ["InstanceStatuses"] },
  DescribeInstanceTypes: { table: INSTANCE_TYPE_FILTERS, at: ["InstanceTypes"] },
  DescribeInstanceTypeOfferings: { table: OFFERING_FILTERS, at: ["InstanceTypeOfferings"] },
  DescribeInstances: { table: INSTANCE_FILTERS, at: ["Reservations", "Instances"] },
  DescribeInternetGateways: { table: GATEWAY_FILTERS, at: ["InternetGateways"] },
  DescribeKeyPairs: { table: KEY_PAIR_FILTERS, at: ["KeyPairs"] },
  DescribeLaunchTemplates: { table: TEMPLATE_FILTERS, at: ["LaunchTemplates"] },
  DescribeLaunchTemplateVersions: { table: TEMPLATE_VERSION_FILTERS, at: ["LaunchTemplateVersions"] },
  DescribeNetworkAcls: { table: NETWORK_ACL_FILTERS, at: ["NetworkAcls"] },
  DescribeNetworkInterfaces: { table: INTERFACE_FILTERS, at: ["NetworkInterfaces"] },
  DescribeRouteTables: { table: ROUTE_TABLE_FILTERS, at: ["RouteTables"] },
  DescribeSecurityGroupRules: { table: GROUP_RULE_FILTERS, at: ["SecurityGroupRules"] },
  DescribeSecurityGroups: { table: SECURITY_GROUP_FILTERS, at: ["SecurityGroups"] },
  DescribeSubnets: { table: SUBNET_FILTERS, at: ["Subnets"] },
  DescribeTags: { table: TAG_FILTERS, at: ["Tags"] },
  DescribeVpcs: { table: VPC_FILTERS, at: ["Vpcs"] },
};

const MODELS = new URL("../../../node_modules/@aws-sdk/client-ec2/dist-types/models/", import.meta.url);
const TYPES = readdirSync(MODELS)
  .map((name) => readFileSync(new URL(name, MODELS), "utf8"))
  .join("\n");

/** The names that AWS's reference, as the SDK repeats it, lists for an operation; `tag` stands for `tag:<key>`. */
function documentedFilters(operation: string): string[] {
  const [, request = ""] = new RegExp(`interface ${operation}Request \\{([^]*?)\\n\\}`).exec(TYPES) ?? [];
  const text = request.slice(0, request.indexOf(" Filters?:"));
  const list = text.slice(text.lastIndexOf("/**"));
  return [...list.matchAll(/<li>\s*(?:\*\s*)?<p>\s*(?:\*\s*)?<code>\s*([^<\s]*)/g)].map(([, name = ""]) =>
    name.replace(/:$/, ""),
  );
}

/** Severity levels stand in a list inside of the list of filters. */
const NO_FILTERS = ["informational", "low", "medium", "high", "critical", "Owner"];

async function found(lab: Lab, operation: string, Name: string, ...Values: string[]): Promise<object[]> {
  const answer = await lab.call<Record<string, object[]>>(`ec2:${operation}`, {
    Filters: [{ Name, Values }],
  });
  const [first = "", second] = TABLES[operation]!.at;
  const all = answer[first] ?? [];
  return second === undefined ? all : all.flatMap((one) => (one as Record<string, object[]>)[second] ?? []);
}

describe.each(Object.entries(TABLES))("the filters of %s", (operation, { table, at }) => {
  const names = documentedFilters(operation).filter((name) => !NO_FILTERS.includes(name));

  it("are AWS's, each answered or refused by name", () => {
    expect(names.length).toBeGreaterThan(0);
    const known = [...Object.keys(table.read), ...table.lacks, ...(table.tag ? ["tag"] : [])];
    expect(names.filter((name) => !known.includes(name))).toEqual([]);
    expect(table.lacks.filter((name) => Object.hasOwn(table.read, name))).toEqual([]);
  });

  it("read members that AWS's answer has", () => {
    const answer = WIRE_SERVICES.find((one) => one.name === "ec2")!.operations.get(operation)!.output;
    const description = at.reduce(
      (schema, member) => schema.getMemberSchema(member)!.getValueSchema(),
      answer,
    );
    for (const reading of Object.values(table.read)) {
      if (typeof reading === "function") continue;
      const path: string = typeof reading === "string" ? reading : reading[0];
      if (path === "OwnerId" || path === "ReservationId" || path === "RequesterId") continue;
      let schema = description;
      for (const member of path.split(".")) {
        const struct = schema.isListSchema() ? schema.getValueSchema() : schema;
        expect(struct.getMemberSchemas(), path).toHaveProperty(member);
        schema = struct.getMemberSchema(member)!;
      }
    }
  });

  it("are refused when AWS does not know them, also while there is nothing to filter", async () => {
    const lab = buildLab();
    const refused = { Filters: [{ Name: "no-such-filter", Values: ["x"] }] };
    await expect(lab.call(`ec2:${operation}`, versionsOfAll(operation, refused))).rejects.toMatchObject({
      code: "InvalidParameterValue",
      message: "The filter 'no-such-filter' is invalid",
    });
    for (const Name of table.lacks) {
      await expect(
        lab.call(`ec2:${operation}`, { Filters: [{ Name, Values: ["x"] }] }),
      ).rejects.toMatchObject({
        code: "InvalidParameterValue",
        message: expect.stringContaining(`'${Name}'`),
      });
    }
  });
});

function versionsOfAll(operation: string, input: object): object {
  return operation === "DescribeLaunchTemplateVersions" ? { ...input, Versions: ["$Latest"] } : input;
}

describe("filters", () => {
  it("are any of their values, with wildcards, and all of several", async () => {
    const lab = buildLab();
    const zones = async (...filters: [string, ...string[]][]): Promise<number> => {
      const Filters = filters.map(([Name, ...Values]) => ({ Name, Values }));
      const { Subnets } = await lab.call<{ Subnets: object[] }>("ec2:DescribeSubnets", { Filters });
      return Subnets.length;
    };
    expect(await zones(["availability-zone", "us-east-1a", "us-east-1c"])).toBe(3);
    expect(await zones(["availability-zone", "us-east-1?"], ["subnet-id", "subnet-1*"])).toBe(4);
    expect(await zones(["tag:Name", "subnet-1a"], ["tag-key", "Name"])).toBe(1);
    expect(await zones(["tag:Name", "SUBNET-1A"])).toBe(0);
    expect(await zones(["subnet-id", "subnet-1\\*"])).toBe(0);
    expect(await zones(["ipv6-native", "false"], ["map-public-ip-on-launch", "true"])).toBe(5);
  });

  it("hold at most 200 values, of at most 255 characters", async () => {
    const lab = buildLab();
    const ask = (...Values: string[]): Promise<string> =>
      lab.refusal("ec2:DescribeInstances", { Filters: [{ Name: "instance-id", Values }] });
    const ids = Array.from({ length: 200 }, (_, index) => `i-${index}`);
    expect(await ask(...ids)).toBe("no error");
    expect(await ask(...ids, "i-200")).toBe("FilterLimitExceeded");
    expect(await ask("i".repeat(256))).toBe("FilterLimitExceeded");
  });

  it("find instances by what they were launched with", async () => {
    const lab = buildLab();
    await launch(lab);
    await lab.call("ec2:RunInstances", {
      ImageId: "ami-12345678",
      MinCount: 1,
      MaxCount: 1,
      KeyName: "holdfast",
      Monitoring: { Enabled: true },
      EbsOptimized: true,
      MetadataOptions: { HttpTokens: "required" },
      Placement: { Tenancy: "dedicated", AvailabilityZone: "us-east-1b" },
    });
    for (const [name, value] of [
      ["monitoring-state", "enabled"],
      ["ebs-optimized", "true"],
      ["metadata-options.http-tokens", "required"],
      ["tenancy", "dedicated"],
      ["key-name", "hold*"],
      ["availability-zone-id", "use1-az2"],
    ] as const) {
      expect(await found(lab, "DescribeInstances", name, value), name).toHaveLength(1);
    }
    for (const [name, value] of [
      ["owner-id", "123456789012"],
      ["instance.group-name", "default"],
      ["metadata-options.http-protocol-ipv4", "enabled"],
      ["network-interface.vpc-id", "vpc-12345678"],
      ["instance-state-code", "*"],
    ] as const) {
      expect(await found(lab, "DescribeInstances", name, value), name).toHaveLength(2);
    }
  });

  it("find versions of launch templates by their data", async () => {
    const lab = buildLab();
    const add = (name: string, data: object): Promise<object> =>
      lab.call("ec2:CreateLaunchTemplate", { LaunchTemplateName: name, LaunchTemplateData: data });
    await add("web", { ImageId: "ami-12345678", MetadataOptions: { HttpTokens: "required" } });
    await add("api", { ImageId: "ami-87654321", EbsOptimized: true });
    const versions = async (Name: string, Value: string): Promise<string[]> => {
      const { LaunchTemplateVersions: all } = await lab.call<{
        LaunchTemplateVersions: { LaunchTemplateName: string }[];
      }>("ec2:DescribeLaunchTemplateVersions", {
        Versions: ["$Latest"],
        Filters: [{ Name, Values: [Value] }],
      });
      return all.map((one) => one.LaunchTemplateName);
    };
    expect(await versions("image-id", "ami-1*")).toEqual(["web"]);
    expect(await versions("http-tokens", "required")).toEqual(["web"]);
    expect(await versions("ebs-optimized", "false")).toEqual(["web"]);
    expect(await versions("is-default-version", "true")).toEqual(["web", "api"]);
  });
});
