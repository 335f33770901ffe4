/** Every member of AWS's answers is in a table, and every table is about members that there are. */
import { describe, expect, it } from "vitest";
import { inputMembers, notSupportedPage, writtenMembers } from "../../../scripts/not-supported-page.ts";
import { leavesOf, outputAt } from "../../../scripts/sdk-facts.ts";
import { MEMBER_TABLES, membersOf } from "../../../src/reconciler/kinds/coverage/answer-members.ts";
import { AWS_MEMBERS } from "../../../src/reconciler/kinds/coverage/aws-members.ts";
import { CALL_MEMBERS } from "../../../src/reconciler/kinds/coverage/call-members.ts";
import { type AnswerTable, ruleAt } from "../../../src/reconciler/kinds/coverage/member-table.ts";
import { fieldsOf } from "../../../src/reconciler/kinds/field.ts";
import { KINDS } from "../../../src/reconciler/kinds/registry.ts";

const TABLES = Object.entries(MEMBER_TABLES).flatMap(([kind, { answers }]) =>
  answers.map((table) => [`${kind}: ${table.operation}`, table] as const),
);
const ATTRIBUTES = {
  "elasticloadbalancing:DescribeLoadBalancerAttributes": "spec.loadBalancer.attributes",
  "elasticloadbalancing:DescribeTargetGroupAttributes": "spec.targetGroups.<name>.attributes",
};

const pathsOf = ({ operation, at }: AnswerTable) => leavesOf(outputAt(operation, [at]));

function keysOf(table: AnswerTable): string[] {
  const place = ATTRIBUTES[table.operation as keyof typeof ATTRIBUTES];
  return AWS_MEMBERS[place]?.[1].split(" ") ?? [];
}

describe("what the members of AWS's answers are", () => {
  it.each(TABLES)("%s: every member is in the table", (_name, table) => {
    const unknown = table.isKeyed
      ? keysOf(table).filter((key) => table.rules[key] === undefined)
      : pathsOf(table).filter((path) => ruleAt(table.rules, path) === undefined);
    expect(unknown).toEqual([]);
  });

  it.each(TABLES)("%s: the table names no member that there is not", (_name, table) => {
    const there = table.isKeyed ? keysOf(table) : pathsOf(table);
    const paths = there.map((path) => path.replace(/(\[\])+$/, ""));
    const strange = Object.keys(table.rules).filter(
      (rule) =>
        !paths.some((path) => path === rule || path.startsWith(`${rule}.`) || path.startsWith(`${rule}[`)),
    );
    expect(strange).toEqual([]);
  });

  it.each(TABLES)("%s: what is not compared has a reason", (_name, { rules }) => {
    const mute = Object.entries(rules).filter(
      ([, { is, why }]) => (is === "notSupported" || is === "elsewhere") && (why ?? "") === "",
    );
    expect(mute).toEqual([]);
  });

  it.each(KINDS.map((kind) => [kind.name, kind] as const))(
    "%s: every field of the schema is held",
    (name, kind) => {
      const held = MEMBER_TABLES[name].answers.flatMap(({ rules }) =>
        Object.values(rules).flatMap(({ field }) => field ?? []),
      );
      const lost = fieldsOf(kind.schema)
        .map(({ path }) => path)
        .filter((path) => !path.startsWith("launchTemplate.") && !held.includes(path));
      expect(lost).toEqual([]);
    },
  );
});

const INPUTS = Object.entries(MEMBER_TABLES).flatMap(([kind, table]) =>
  table.inputs.map((input) => [`${kind}: ${input.operation}`, table, input] as const),
);

describe("what the members of AWS's inputs are", () => {
  it.each(INPUTS)("%s: every member is in a table", (_name, table, input) => {
    const members = inputMembers(table, input);
    expect(members.length).toBeGreaterThan(1);
    expect(members.filter(([, rule]) => rule === undefined).map(([path]) => path)).toEqual([]);
  });

  it.each(INPUTS)("%s: the table of the input names no member that there is not", (_name, table, input) => {
    const paths = inputMembers(table, input).map(([path]) => path.replace(/(\[\])+$/, ""));
    const strange = Object.keys(input.at === undefined ? input.rules : {}).filter(
      (rule) =>
        !paths.some((path) => path === rule || path.startsWith(`${rule}.`) || path.startsWith(`${rule}[`)),
    );
    expect(strange).toEqual([]);
  });

  it("every member of every call of Auto Scaling and EC2 that writes is in a table, or filled in by Holdfast", () => {
    const members = writtenMembers();
    expect(members.length).toBeGreaterThan(500);
    const untold = members.filter(([, , by]) => by === undefined);
    expect(untold.map(([operation, path]) => `${operation} ${path}`)).toEqual([]);
    const filledIn = new Set(
      members.filter(([, , by]) => by === "call").map(([, path]) => path.split(/[.[]/)[0]!),
    );
    // None is listed that no call has, or that a table tells anyway.
    expect(Object.keys(CALL_MEMBERS).filter((member) => !filledIn.has(member))).toEqual([]);
  });

  it("those that no field holds are on the page", () => {
    const page = notSupportedPage();
    for (const member of [
      "NetworkInterfaces[].NetworkInterfaceId",
      "TargetControlPort",
      "MutualAuthentication.Mode",
    ])
      expect(page).toContain(`\`${member}\``);
    expect(page).not.toContain("`HealthCheckPath`");
  });
});

describe("membersOf", () => {
  const balancer = {
    LoadBalancerArn: "arn",
    Scheme: "internal",
    SecurityGroups: [],
    State: { Code: "active" },
    AvailabilityZones: [
      { ZoneName: "us-east-1a", SubnetId: "subnet-1a", LoadBalancerAddresses: [] },
      { ZoneName: "us-east-1b", SubnetId: "subnet-1b", OutpostId: "op-1" },
    ],
    EnablePrefixForIpv6SourceNat: "off",
  };

  it("says of each member what it is, and nothing of what is absent or empty", () => {
    const members = membersOf("loadBalancer", { "elasticloadbalancing:DescribeLoadBalancers": balancer });
    expect(members.map(({ path, is }) => [path, is])).toEqual([
      ["LoadBalancerArn", "record"],
      ["Scheme", "held"],
      ["State.Code", "record"],
      ["AvailabilityZones[].ZoneName", "record"],
      ["AvailabilityZones[].SubnetId", "held"],
      ["AvailabilityZones[].OutpostId", "notSupported"],
      ["EnablePrefixForIpv6SourceNat", "notSupported"],
      ["capacity reservation", "notRead"],
    ]);
    expect(members).toContainEqual({
      path: "AvailabilityZones[].OutpostId",
      value: ["op-1"],
      is: "notSupported",
      why: "the spec cannot hold Outposts yet",
    });
    expect(members.find(({ path }) => path === "Scheme")).toMatchObject({
      field: "scheme",
      value: "internal",
    });
  });

  it("tells AWS's documented default as that", () => {
    const members = membersOf("loadBalancer", { "elasticloadbalancing:DescribeLoadBalancers": balancer });
    expect(members.find(({ path }) => path.startsWith("EnablePrefix"))).toMatchObject({ isDefault: true });
    const [on] = membersOf("loadBalancer", {
      "elasticloadbalancing:DescribeLoadBalancers": { EnablePrefixForIpv6SourceNat: "on" },
    });
    expect(on).not.toHaveProperty("isDefault");
  });

  it("knows attributes by their keys, and those that nobody has heard of", () => {
    const members = membersOf("loadBalancer", {
      "elasticloadbalancing:DescribeLoadBalancerAttributes": [
        { Key: "idle_timeout.timeout_seconds", Value: "60" },
        { Key: "load_balancing.cross_zone.enabled", Value: "true" },
        { Key: "health_check_logs.s3.enabled", Value: "true" },
        { Key: "access_logs.s3.bucket", Value: "" },
        { Key: "brand.new", Value: "1" },
      ],
    });
    expect(members.filter(({ is }) => is !== "notRead")).toMatchObject([
      {
        path: "Attributes[idle_timeout.timeout_seconds]",
        is: "held",
        field: "attributes.idle_timeout.timeout_seconds",
      },
      { path: "Attributes[load_balancing.cross_zone.enabled]", is: "notSupported", isDefault: true },
      { path: "Attributes[health_check_logs.s3.enabled]", is: "notSupported", value: "true" },
      {
        path: "Attributes[brand.new]",
        is: "notSupported",
        why: "this version of Holdfast has never heard of it",
      },
    ]);
  });

  it("shows of what may be secret a digest, and nothing else", () => {
    const texts = ["user-pool-secret", "header-password", "token-of-a-proxy", "#!/bin/sh", "client-1"];
    const members = [
      ...membersOf("rule", {
        "elasticloadbalancing:DescribeRules": {
          Conditions: [
            {
              Field: "http-header",
              HttpHeaderConfig: {
                HttpHeaderName: "X-Proxy",
                Values: ["header-password"],
                RegexValues: ["token-of-a-proxy"],
              },
            },
          ],
          Actions: [
            {
              Type: "authenticate-oidc",
              AuthenticateOidcConfig: {
                ClientId: "client-1",
                ClientSecret: "user-pool-secret",
                AuthenticationRequestExtraParams: { hint: "user-pool-secret" },
              },
            },
          ],
        },
      }),
      ...membersOf("launchTemplate", {
        "ec2:DescribeLaunchTemplateVersions": { LaunchTemplateData: { UserData: "#!/bin/sh" } },
      }),
    ];
    const shown = JSON.stringify(members);
    for (const text of texts) expect(shown).not.toContain(text);
    expect(shown).toContain("X-Proxy");
    expect(shown).toContain("AuthenticateOidcConfig.ClientSecret");
  });

  it("shows nothing of what a secret rule compares", () => {
    const answers = {
      "elasticloadbalancing:DescribeRules": {
        Priority: "10",
        Conditions: [{ Field: "path-pattern", PathPatternConfig: { Values: ["/hidden-door"] } }],
        Transforms: [
          { Type: "url-rewrite", UrlRewriteConfig: { Rewrites: [{ Regex: "/hidden-door", Replace: "/" }] } },
        ],
      },
    };
    expect(JSON.stringify(membersOf("rule", answers, true))).not.toContain("hidden-door");
    expect(JSON.stringify(membersOf("rule", answers))).toContain("hidden-door");
  });

  it("takes a group's own records as a whole: ten thousand instances are one member", () => {
    const instance = { InstanceId: "i-1", LifecycleState: "InService", HealthStatus: "Healthy" };
    const members = membersOf("autoScalingGroup", {
      "autoscaling:DescribeAutoScalingGroups": {
        Instances: Array.from({ length: 10_000 }, () => instance),
        LaunchTemplate: { LaunchTemplateId: "lt-1", LaunchTemplateName: "web", Version: "$Latest" },
        DesiredCapacity: 3,
        TrafficSources: [
          { Identifier: "arn:aws:elasticloadbalancing:us-east-1:1:targetgroup/web/1", Type: "elbv2" },
          { Identifier: "arn:aws:vpc-lattice:us-east-1:1:targetgroup/tg-1", Type: "vpc-lattice" },
        ],
        ServiceLinkedRoleARN:
          "arn:aws:iam::1:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling",
      },
    });
    expect(members.filter(({ is }) => is !== "notRead")).toMatchObject([
      { path: "Instances", value: 10_000, is: "record" },
      { path: "LaunchTemplate.LaunchTemplateId", is: "held", field: "launchTemplate" },
      { path: "LaunchTemplate.LaunchTemplateName", is: "elsewhere" },
      { path: "LaunchTemplate.Version", is: "held", field: "launchTemplate", value: "$Latest" },
      { path: "DesiredCapacity", is: "held", field: "desiredCapacity", isInitial: true },
      { path: "TrafficSources[].Identifier", is: "notSupported" },
      { path: "TrafficSources[].Type", is: "notSupported" },
      { path: "ServiceLinkedRoleARN", is: "held" },
    ]);
    expect(members.filter(({ is }) => is === "notRead").map(({ path }) => path)).toEqual([]);
  });
});
