import { describe, expect, it } from "vitest";
import { buildLab, type Lab, launch } from "../../support.ts";
import { makeGroup, makeLoadBalancer, makeNetwork, makeVpc, refused } from "./support.ts";

const WEB = { IpProtocol: "tcp", FromPort: 80, ToPort: 80, IpRanges: [{ CidrIp: "0.0.0.0/0" }] };

interface Group {
  IpPermissions: object[];
  IpPermissionsEgress: object[];
}

async function group(lab: Lab, GroupId: string): Promise<Group> {
  const { SecurityGroups } = await lab.call<{ SecurityGroups: Group[] }>("ec2:DescribeSecurityGroups", {
    GroupIds: [GroupId],
  });
  return SecurityGroups[0]!;
}

interface Rule {
  SecurityGroupRuleId: string;
  IsEgress: boolean;
  Description?: string;
}

async function rules(lab: Lab, GroupId: string): Promise<Rule[]> {
  const { SecurityGroupRules } = await lab.call<{ SecurityGroupRules: Rule[] }>(
    "ec2:DescribeSecurityGroupRules",
    { Filters: [{ Name: "group-id", Values: [GroupId] }] },
  );
  return SecurityGroupRules;
}

async function lonely(): Promise<{ lab: Lab; vpc: string; GroupId: string }> {
  const lab = buildLab();
  const vpc = await makeVpc(lab);
  return { lab, vpc, GroupId: await makeGroup(lab, vpc) };
}

const allow = (lab: Lab, GroupId: string, ...IpPermissions: object[]): Promise<string> =>
  refused(lab, "ec2:AuthorizeSecurityGroupIngress", { GroupId, IpPermissions });

describe("a security group", () => {
  it("lets everything out and nothing in at first", async () => {
    const { lab, GroupId } = await lonely();
    expect(await group(lab, GroupId)).toMatchObject({
      GroupName: "web",
      IpPermissions: [],
      IpPermissionsEgress: [{ IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }], UserIdGroupPairs: [] }],
    });
  });

  it.each([
    [{}, /^InvalidGroup\.Duplicate: The security group 'web' already exists for VPC 'vpc-\w+'$/],
    [
      { GroupName: "sg-web" },
      /^InvalidParameterValue: Value \(sg-web\) for parameter GroupName is invalid\. Group names may not be in the format sg-\*\.$/,
    ],
    [{ GroupName: "default" }, /^InvalidGroup\.Reserved: /],
    [
      { GroupName: "wéb" },
      /^InvalidParameterValue: Value \(wéb\) for parameter GroupName is invalid\. Character sets beyond ASCII are not supported\.$/,
    ],
    [
      { GroupName: "a", Description: "ü" },
      /^InvalidParameterValue: Value \(ü\) for parameter GroupDescription is invalid\. Character sets beyond ASCII are not supported\.$/,
    ],
    [{ GroupName: "a".repeat(256) }, /^InvalidParameterValue: /],
    [{ VpcId: "vpc-9" }, /^InvalidVpcID\.NotFound: /],
  ])("is not made with %j", async (change, text) => {
    const { lab, vpc } = await lonely();
    const input = { GroupName: "web", Description: "web", VpcId: vpc, ...change };
    expect(await refused(lab, "ec2:CreateSecurityGroup", input)).toMatch(text);
  });

  it("is made in the default VPC when none is named, and may have there a name of another VPC's", async () => {
    const { lab } = await lonely();
    await lab.call("ec2:CreateSecurityGroup", { GroupName: "other", Description: "x" });
    const { SecurityGroups } = await lab.call<{ SecurityGroups: object[] }>("ec2:DescribeSecurityGroups", {
      GroupNames: ["other"],
    });
    expect(SecurityGroups).toMatchObject([{ VpcId: "vpc-12345678" }]);
    await lab.call("ec2:DeleteSecurityGroup", { GroupName: "other" });
    expect(await refused(lab, "ec2:DeleteSecurityGroup", { GroupName: "other" })).toBe(
      "InvalidGroup.NotFound: The security group 'other' does not exist in default VPC 'vpc-12345678'",
    );
  });

  it("stays while an instance, a load balancer or another group's rule uses it", async () => {
    const lab = buildLab();
    const { vpc, subnets } = await makeNetwork(lab);
    const GroupId = await makeGroup(lab, vpc);
    const says = `DependencyViolation: resource ${GroupId} has a dependent object`;
    const LoadBalancerArn = await makeLoadBalancer(lab, { Subnets: subnets, SecurityGroups: [GroupId] });
    expect(await refused(lab, "ec2:DeleteSecurityGroup", { GroupId })).toBe(says);
    await lab.call("elasticloadbalancing:DeleteLoadBalancer", { LoadBalancerArn });
    const id = await launch(lab, subnets[0]);
    await lab.call("ec2:ModifyInstanceAttribute", { InstanceId: id, Groups: [GroupId] });
    expect(await refused(lab, "ec2:DeleteSecurityGroup", { GroupId })).toBe(says);
    await lab.call("ec2:TerminateInstances", { InstanceIds: [id] });
    await lab.clock.advance(61_000);
    const other = await makeGroup(lab, vpc, "other");
    const own = { IpProtocol: "tcp", FromPort: 1, ToPort: 2, UserIdGroupPairs: [{ GroupId }] };
    expect(await allow(lab, other, own)).toBe("no error");
    // A rule of its own about itself holds nothing.
    expect(await allow(lab, GroupId, own)).toBe("no error");
    expect(await refused(lab, "ec2:DeleteSecurityGroup", { GroupId })).toBe(says);
    await lab.call("ec2:RevokeSecurityGroupIngress", { GroupId: other, IpPermissions: [own] });
    await lab.call("ec2:DeleteSecurityGroup", { GroupId });
    expect(await refused(lab, "ec2:DescribeSecurityGroups", { GroupIds: [GroupId] })).toBe(
      `InvalidGroup.NotFound: The security group '${GroupId}' does not exist`,
    );
    expect(
      await lab.refusal("elasticloadbalancing:CreateLoadBalancer", {
        Name: "web",
        Subnets: subnets,
        SecurityGroups: [GroupId],
      }),
    ).toBe("InvalidSecurityGroup");
  });

  it("that is a VPC's default one is never deleted", async () => {
    expect(await refused(buildLab(), "ec2:DeleteSecurityGroup", { GroupId: "sg-default" })).toBe(
      'CannotDelete: the specified group: "sg-default" name: "default" cannot be deleted by a user',
    );
  });

  it("is given to a launch by name in the default VPC, and by id beside a subnet", async () => {
    const lab = buildLab();
    const run = (input: object): Promise<string> =>
      refused(lab, "ec2:RunInstances", { ImageId: "ami-12345678", MinCount: 1, MaxCount: 1, ...input });
    expect(await run({ SecurityGroups: ["web"] })).toBe("no error");
    expect(await run({ SecurityGroups: ["web"], SubnetId: "subnet-1a" })).toBe(
      "InvalidParameterCombination: The parameter groupName cannot be used with the parameter subnet",
    );
    expect(await run({ SecurityGroups: ["none"] })).toBe(
      "InvalidGroup.NotFound: The security group 'none' does not exist in default VPC 'vpc-12345678'",
    );
  });

  it("is on an interface with four others at most", async () => {
    const lab = buildLab();
    const { vpc, subnets } = await makeNetwork(lab);
    const groups: string[] = [];
    for (const name of "abcdef") groups.push(await makeGroup(lab, vpc, name));
    const run = (SecurityGroupIds: string[]): Promise<string> =>
      lab.refusal("ec2:RunInstances", {
        ImageId: "ami-12345678",
        SubnetId: subnets[0],
        SecurityGroupIds,
        MinCount: 1,
        MaxCount: 1,
      });
    expect(await run(groups)).toBe("SecurityGroupsPerInterfaceLimitExceeded");
    expect(await run(groups.slice(1))).toBe("no error");
  });
});

describe("rules", () => {
  it("are gathered by protocol and ports, and shown one by one with ids of their own", async () => {
    const { lab, GroupId } = await lonely();
    const { SecurityGroupRules } = await lab.call<{ SecurityGroupRules: Rule[] }>(
      "ec2:AuthorizeSecurityGroupIngress",
      {
        GroupId,
        IpPermissions: [
          { ...WEB, IpRanges: [{ CidrIp: "10.0.0.1/8", Description: "near" }, { CidrIp: "192.168.0.0/16" }] },
          { IpProtocol: "6", FromPort: 80, ToPort: 80, UserIdGroupPairs: [{ GroupId }] },
        ],
        TagSpecifications: [{ ResourceType: "security-group-rule", Tags: [{ Key: "for", Value: "web" }] }],
      },
    );
    expect(SecurityGroupRules).toMatchObject([
      { CidrIpv4: "10.0.0.0/8", Description: "near", IsEgress: false, FromPort: 80, ToPort: 80 },
      { CidrIpv4: "192.168.0.0/16", Tags: [{ Key: "for", Value: "web" }] },
      { ReferencedGroupInfo: { GroupId }, IpProtocol: "tcp" },
    ]);
    expect((await group(lab, GroupId)).IpPermissions).toEqual([
      {
        IpProtocol: "tcp",
        FromPort: 80,
        ToPort: 80,
        IpRanges: [{ CidrIp: "10.0.0.0/8", Description: "near" }, { CidrIp: "192.168.0.0/16" }],
        Ipv6Ranges: [],
        PrefixListIds: [],
        UserIdGroupPairs: [{ GroupId, UserId: "123456789012" }],
      },
    ]);
    const { SecurityGroupRules: tagged } = await lab.call<{ SecurityGroupRules: Rule[] }>(
      "ec2:DescribeSecurityGroupRules",
      { Filters: [{ Name: "tag:for", Values: ["web"] }] },
    );
    expect(tagged).toEqual(SecurityGroupRules);
  });

  it.each([
    [WEB, "peer: 0.0.0.0/0, TCP, from port: 80, to port: 80, ALLOW"],
    [
      { IpProtocol: "-1", FromPort: 0, ToPort: 0, IpRanges: [{ CidrIp: "10.0.0.0/8" }] },
      "peer: 10.0.0.0/8, ALL, ALLOW",
    ],
    [
      { IpProtocol: "icmp", FromPort: 8, ToPort: -1, IpRanges: [{ CidrIp: "10.0.0.0/8" }] },
      "peer: 10.0.0.0/8, ICMP, type: 8, code: ALL, ALLOW",
    ],
    [
      { IpProtocol: "udp", FromPort: 53, ToPort: 54, Ipv6Ranges: [{ CidrIpv6: "::/0" }] },
      "peer: ::/0, UDP, from port: 53, to port: 54, ALLOW",
    ],
    [{ IpProtocol: "50", IpRanges: [{ CidrIp: "10.0.0.0/8" }] }, "peer: 10.0.0.0/8, protocol: 50, ALLOW"],
  ])("are not there twice, and all of a request or none: %j", async (permission, text) => {
    const { lab, GroupId } = await lonely();
    expect(await allow(lab, GroupId, permission)).toBe("no error");
    expect(await allow(lab, GroupId, { ...WEB, FromPort: 1, ToPort: 1 }, permission)).toBe(
      `InvalidPermission.Duplicate: the specified rule "${text}" already exists`,
    );
    expect((await group(lab, GroupId)).IpPermissions).toHaveLength(1);
  });

  it.each([
    [[WEB, WEB], "InvalidParameterValue: The same permission must not appear multiple times"],
    [
      [{ ...WEB, FromPort: undefined }],
      "InvalidParameterValue: Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange.",
    ],
    [[{ ...WEB, FromPort: 81 }], "InvalidParameterValue: Invalid TCP/UDP port range (81-80)"],
    [[{ ...WEB, ToPort: 65_536 }], "InvalidParameterValue: Invalid TCP/UDP port range (80-65536)"],
    [
      [{ ...WEB, IpRanges: [] }],
      "MissingParameter: Missing source specification: include source security group or CIDR information",
    ],
    [[{ ...WEB, IpRanges: [{ CidrIp: "10.0.0" }] }], "InvalidParameterValue: CIDR block 10.0.0 is malformed"],
    [
      [{ ...WEB, IpProtocol: "web" }],
      "InvalidParameterValue: Invalid value 'web' for IP protocol. Unknown protocol.",
    ],
    [
      [{ ...WEB, IpRanges: [{ CidrIp: "10.0.0.0/8", Description: "a\nb" }] }],
      "InvalidParameterValue: Invalid rule description. Valid descriptions are strings less than 256 characters from the following set:  a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*",
    ],
    [
      [{ ...WEB, UserIdGroupPairs: [{ GroupId: "sg-9" }] }],
      "InvalidGroup.NotFound: The security group 'sg-9' does not exist",
    ],
    [
      [{ ...WEB, UserIdGroupPairs: [{ GroupId: "sg-12345678" }] }],
      "InvalidGroup.NotFound: You have specified two resources that belong to different networks.",
    ],
    [
      [{ ...WEB, PrefixListIds: [{ PrefixListId: "pl-9" }] }],
      "InvalidPrefixListID.NotFound: The prefix list ID 'pl-9' does not exist",
    ],
  ])("are refused: %j", async (permissions, text) => {
    const { lab, GroupId } = await lonely();
    expect(await allow(lab, GroupId, ...permissions)).toBe(text);
  });

  it("can be given in the older form, with one block", async () => {
    const { lab, GroupId } = await lonely();
    await lab.call("ec2:AuthorizeSecurityGroupIngress", {
      GroupId,
      IpProtocol: "tcp",
      FromPort: 22,
      ToPort: 22,
      CidrIp: "10.0.0.0/8",
    });
    expect((await group(lab, GroupId)).IpPermissions).toMatchObject([
      { FromPort: 22, IpRanges: [{ CidrIp: "10.0.0.0/8" }] },
    ]);
  });

  it("are sixty for each direction and family, and one about a group counts for both families", async () => {
    const { lab, GroupId } = await lonely();
    const ports = (from: number, count: number, peer: object): object[] =>
      Array.from({ length: count }, (_, index) => ({
        IpProtocol: "tcp",
        FromPort: from + index,
        ToPort: from + index,
        ...peer,
      }));
    const four = { IpRanges: [{ CidrIp: "10.0.0.0/8" }] };
    const six = { Ipv6Ranges: [{ CidrIpv6: "::/0" }] };
    const says =
      "RulesPerSecurityGroupLimitExceeded: The maximum number of rules per security group has been reached.";
    expect(await allow(lab, GroupId, ...ports(1, 61, four))).toBe(says);
    expect(await allow(lab, GroupId, ...ports(1, 59, four))).toBe("no error");
    expect(await allow(lab, GroupId, ...ports(1, 1, { UserIdGroupPairs: [{ GroupId }] }))).toBe("no error");
    expect(await allow(lab, GroupId, ...ports(100, 1, four))).toBe(says);
    expect(await allow(lab, GroupId, ...ports(1, 60, six))).toBe(says);
    expect(await allow(lab, GroupId, ...ports(1, 59, six))).toBe("no error");
    const out = { GroupId, IpPermissions: ports(1, 59, four) };
    expect(await refused(lab, "ec2:AuthorizeSecurityGroupEgress", out)).toBe("no error");
  });

  it("are revoked by what they say or by id, and by nothing that is not there", async () => {
    const { lab, GroupId } = await lonely();
    await allow(lab, GroupId, WEB, { ...WEB, FromPort: 443, ToPort: 443 });
    expect(
      await refused(lab, "ec2:RevokeSecurityGroupIngress", {
        GroupId,
        IpPermissions: [WEB, { ...WEB, ToPort: 81 }],
      }),
    ).toBe("InvalidPermission.NotFound: The specified rule does not exist in this security group.");
    expect((await group(lab, GroupId)).IpPermissions).toHaveLength(2);
    await lab.call("ec2:RevokeSecurityGroupIngress", { GroupId, IpPermissions: [WEB] });
    const left = (await rules(lab, GroupId)).find((rule) => !rule.IsEgress)!.SecurityGroupRuleId;
    const byId = { GroupId, SecurityGroupRuleIds: [left] };
    expect(await refused(lab, "ec2:RevokeSecurityGroupEgress", byId)).toBe(
      `InvalidSecurityGroupRuleId.NotFound: The security group rule ID '${left}' does not exist`,
    );
    await lab.call("ec2:RevokeSecurityGroupIngress", byId);
    expect((await group(lab, GroupId)).IpPermissions).toEqual([]);
    await lab.call("ec2:RevokeSecurityGroupEgress", {
      GroupId,
      IpPermissions: [{ IpProtocol: "-1", FromPort: 0, ToPort: 0, IpRanges: [{ CidrIp: "0.0.0.0/0" }] }],
    });
    expect(await rules(lab, GroupId)).toEqual([]);
  });

  it("of the default VPC's groups that are not there are named in the answer when they are revoked", async () => {
    const lab = buildLab();
    expect(
      await lab.call("ec2:RevokeSecurityGroupIngress", { GroupId: "sg-12345678", IpPermissions: [WEB] }),
    ).toMatchObject({
      Return: true,
      UnknownIpPermissions: [{ FromPort: 80 }],
      RevokedSecurityGroupRules: [],
    });
  });

  it("are replaced as a whole under their id, and not by one that is there", async () => {
    const { lab, GroupId } = await lonely();
    await allow(lab, GroupId, WEB, { ...WEB, FromPort: 443, ToPort: 443 });
    const [, one] = await rules(lab, GroupId);
    const change = (SecurityGroupRule: object): Promise<string> =>
      refused(lab, "ec2:ModifySecurityGroupRules", {
        GroupId,
        SecurityGroupRules: [{ SecurityGroupRuleId: one!.SecurityGroupRuleId, SecurityGroupRule }],
      });
    const https = { IpProtocol: "tcp", FromPort: 443, ToPort: 443, CidrIpv4: "0.0.0.0/0" };
    expect(await change(https)).toBe(
      'InvalidPermission.Duplicate: the specified rule "peer: 0.0.0.0/0, TCP, from port: 443, to port: 443, ALLOW" already exists',
    );
    expect(await change({ ...https, FromPort: 8080, ToPort: 8080, Description: "other" })).toBe("no error");
    expect((await rules(lab, GroupId))[1]).toMatchObject({
      SecurityGroupRuleId: one!.SecurityGroupRuleId,
      FromPort: 8080,
      Description: "other",
    });
    expect(await change({ IpProtocol: "-1", ReferencedGroupId: GroupId })).toBe("no error");
    expect((await rules(lab, GroupId))[1]).toMatchObject({ ReferencedGroupInfo: { GroupId }, FromPort: -1 });
  });

  it("get another description by what they say or by id, or none", async () => {
    const { lab, GroupId } = await lonely();
    await allow(lab, GroupId, WEB);
    const update = (input: object): Promise<string> =>
      refused(lab, "ec2:UpdateSecurityGroupRuleDescriptionsIngress", { GroupId, ...input });
    const said = async (): Promise<string | undefined> => (await rules(lab, GroupId))[1]!.Description;
    const IpRanges = [{ CidrIp: "0.0.0.0/0", Description: "all" }];
    expect(await update({ IpPermissions: [{ ...WEB, IpRanges }] })).toBe("no error");
    expect(await said()).toBe("all");
    const { SecurityGroupRuleId } = (await rules(lab, GroupId))[1]!;
    expect(
      await update({ SecurityGroupRuleDescriptions: [{ SecurityGroupRuleId, Description: "each" }] }),
    ).toBe("no error");
    expect(await said()).toBe("each");
    expect(await update({ IpPermissions: [WEB] })).toBe("no error");
    expect(await said()).toBeUndefined();
    expect(await update({ IpPermissions: [{ ...WEB, FromPort: 1 }] })).toBe(
      "InvalidPermission.NotFound: The specified rule does not exist in this security group.",
    );
  });
});
