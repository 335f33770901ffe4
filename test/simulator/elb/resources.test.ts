import { describe, expect, it } from "vitest";
import { buildLab, buildWeb, type Lab, WEB } from "../support.ts";

const ELB = "elasticloadbalancing:";

interface Listeners {
  Listeners: { ListenerArn: string; SslPolicy?: string; DefaultActions: object[] }[];
}
interface Rules {
  Rules: { RuleArn: string; Priority: string; IsDefault: boolean; Actions: object[]; Conditions: object[] }[];
}

const OK = [{ Type: "fixed-response", FixedResponseConfig: { StatusCode: "200" } }];
const path = (...Values: string[]): object[] => [{ Field: "path-pattern", Values }];

async function addRule(lab: Lab, listener: string, Priority: number, more: object = {}): Promise<string> {
  const input = { ListenerArn: listener, Priority, Conditions: path(`/${Priority}`), Actions: OK, ...more };
  return (await lab.call<Rules>(`${ELB}CreateRule`, input)).Rules[0]!.RuleArn;
}

describe("load balancers", () => {
  const input = { Name: "web", Subnets: WEB.subnets };

  it("are provisioning for some minutes, then active", async () => {
    const lab = buildLab();
    const state = async (): Promise<string> =>
      (await lab.call<{ LoadBalancers: { State: { Code: string } }[] }>(`${ELB}DescribeLoadBalancers`))
        .LoadBalancers[0]!.State.Code;
    await lab.call(`${ELB}CreateLoadBalancer`, input);
    await lab.clock.advance(130_000);
    expect(await state()).toBe("provisioning");
    await lab.clock.advance(60_000);
    expect(await state()).toBe("active");
  });

  it("are answered again when created again alike, and refused when other", async () => {
    const lab = buildLab();
    const create = (more: object): Promise<{ LoadBalancers: { LoadBalancerArn: string }[] }> =>
      lab.call(`${ELB}CreateLoadBalancer`, { ...input, ...more });
    const first = await create({});
    const again = await create({
      Subnets: [...WEB.subnets].reverse(),
      Tags: [{ Key: "who", Value: "else" }],
    });
    expect(again.LoadBalancers[0]!.LoadBalancerArn).toBe(first.LoadBalancers[0]!.LoadBalancerArn);
    expect(await lab.refusal(`${ELB}CreateLoadBalancer`, { ...input, Scheme: "internal" })).toBe(
      "DuplicateLoadBalancerName",
    );
    // Tags of a repeated create are not applied: nobody's resource changes hands.
    const { TagDescriptions } = await lab.call<{ TagDescriptions: { Tags: object[] }[] }>(
      `${ELB}DescribeTags`,
      {
        ResourceArns: [first.LoadBalancers[0]!.LoadBalancerArn],
      },
    );
    expect(TagDescriptions[0]!.Tags).toEqual([]);
  });

  it.each([
    [{ Subnets: ["subnet-1a"] }, "ValidationError"],
    [{ Subnets: ["subnet-1a", "subnet-12345"] }, "InvalidConfigurationRequest"],
    [{ Subnets: ["subnet-1a", "subnet-9"] }, "SubnetNotFound"],
    [{ SecurityGroups: ["sg-9"] }, "InvalidSecurityGroup"],
    [{ Scheme: "public" }, "InvalidScheme"],
    [{ Name: "-web" }, "ValidationError"],
    [{ Name: "internal-web" }, "ValidationError"],
    [{ Name: "w".repeat(33) }, "ValidationError"],
    [{ Type: "network" }, "InvalidConfigurationRequest"],
    [
      {
        Tags: [
          { Key: "a", Value: "1" },
          { Key: "a", Value: "2" },
        ],
      },
      "DuplicateTagKeys",
    ],
  ])("are refused with %j: %s", async (change, code) => {
    expect(await buildLab().refusal(`${ELB}CreateLoadBalancer`, { ...input, ...change })).toBe(code);
  });

  it("hold to the quota of the Region", async () => {
    const lab = buildLab({ quotas: { loadBalancers: 1 } });
    await lab.call(`${ELB}CreateLoadBalancer`, input);
    expect(await lab.refusal(`${ELB}CreateLoadBalancer`, { ...input, Name: "api" })).toBe(
      "TooManyLoadBalancers",
    );
  });

  it("take listeners and rules with them, leave target groups, and are deleted with success when gone", async () => {
    const lab = buildLab();
    const web = await buildWeb(lab);
    const rule = await addRule(lab, web.listener, 10);
    await lab.call(`${ELB}DeleteLoadBalancer`, { LoadBalancerArn: web.loadBalancer });
    await lab.call(`${ELB}DeleteLoadBalancer`, { LoadBalancerArn: web.loadBalancer });
    expect(await lab.refusal(`${ELB}DescribeListeners`, { ListenerArns: [web.listener] })).toBe(
      "ListenerNotFound",
    );
    expect(await lab.refusal(`${ELB}DescribeRules`, { RuleArns: [rule] })).toBe("RuleNotFound");
    expect(await lab.refusal(`${ELB}DescribeTags`, { ResourceArns: [web.loadBalancer] })).toBe(
      "LoadBalancerNotFound",
    );
    await lab.call(`${ELB}DescribeTargetGroups`, { TargetGroupArns: [web.group] });
  });

  it("are kept by deletion protection", async () => {
    const lab = buildLab();
    const { loadBalancer: LoadBalancerArn } = await buildWeb(lab);
    const protect = (Value: string): Promise<object> =>
      lab.call(`${ELB}ModifyLoadBalancerAttributes`, {
        LoadBalancerArn,
        Attributes: [{ Key: "deletion_protection.enabled", Value }],
      });
    await protect("true");
    expect(await lab.refusal(`${ELB}DeleteLoadBalancer`, { LoadBalancerArn })).toBe("OperationNotPermitted");
    await protect("false");
    await lab.call(`${ELB}DeleteLoadBalancer`, { LoadBalancerArn });
  });

  it("keep the bucket of their logs, which cannot be emptied, and do not log without one", async () => {
    const lab = buildLab();
    const { loadBalancer: LoadBalancerArn } = await buildWeb(lab);
    const modify = (...pairs: [string, string][]): object => ({
      LoadBalancerArn,
      Attributes: pairs.map(([Key, Value]) => ({ Key, Value })),
    });
    const operation = `${ELB}ModifyLoadBalancerAttributes` as const;
    const on: [string, string] = ["access_logs.s3.enabled", "true"];
    const off: [string, string] = ["access_logs.s3.enabled", "false"];
    expect(await lab.refusal(operation, modify(on))).toBe("ValidationError");
    await lab.call(
      operation,
      modify(on, ["access_logs.s3.bucket", "logs"], ["access_logs.s3.prefix", "web"]),
    );
    expect(await lab.refusal(operation, modify(off, ["access_logs.s3.bucket", ""]))).toBe("ValidationError");
    await lab.call(operation, modify(["access_logs.s3.prefix", ""]));
    const { Attributes } = await lab.call<{ Attributes: object[] }>(operation, modify(off));
    expect(Attributes).toContainEqual({ Key: "access_logs.s3.bucket", Value: "logs" });
    expect(Attributes).toContainEqual({ Key: "access_logs.s3.enabled", Value: "false" });
  });

  it("have 23 attributes, refuse keys that they do not have and values out of range, and then change none", async () => {
    const lab = buildLab();
    const { loadBalancer: LoadBalancerArn } = await buildWeb(lab);
    type Attributes = { Attributes: { Key: string; Value: string }[] };
    const modify = (...pairs: [string, string][]): object => ({
      LoadBalancerArn,
      Attributes: pairs.map(([Key, Value]) => ({ Key, Value })),
    });
    const before = await lab.call<Attributes>(`${ELB}DescribeLoadBalancerAttributes`, { LoadBalancerArn });
    expect(before.Attributes).toHaveLength(23);
    expect(
      await lab.refusal(
        `${ELB}ModifyLoadBalancerAttributes`,
        modify(["idle_timeout.timeout_seconds", "30"], ["made.up", "1"]),
      ),
    ).toBe("ValidationError");
    expect(
      await lab.refusal(
        `${ELB}ModifyLoadBalancerAttributes`,
        modify(["idle_timeout.timeout_seconds", "4001"]),
      ),
    ).toBe("ValidationError");
    expect(
      await lab.refusal(
        `${ELB}ModifyLoadBalancerAttributes`,
        modify(...before.Attributes.slice(0, 21).map((one): [string, string] => [one.Key, one.Value])),
      ),
    ).toBe("ValidationError");
    expect(await lab.call<Attributes>(`${ELB}DescribeLoadBalancerAttributes`, { LoadBalancerArn })).toEqual(
      before,
    );
  });

  it("fail a whole description for one unknown ARN", async () => {
    const lab = buildLab();
    const { loadBalancer } = await buildWeb(lab);
    const unknown = `${loadBalancer.slice(0, -1)}x`;
    expect(
      await lab.refusal(`${ELB}DescribeLoadBalancers`, { LoadBalancerArns: [loadBalancer, unknown] }),
    ).toBe("LoadBalancerNotFound");
    expect(await lab.refusal(`${ELB}DescribeLoadBalancers`, { Names: ["none"] })).toBe(
      "LoadBalancerNotFound",
    );
  });
});

/** A listener with TLS at a new load balancer: its ARN. */
async function secureListener(lab: Lab, Certificates: object[]): Promise<string> {
  const { loadBalancer: LoadBalancerArn } = await buildWeb(lab);
  const { Listeners: made } = await lab.call<Listeners>(`${ELB}CreateListener`, {
    LoadBalancerArn,
    Port: 443,
    Protocol: "HTTPS",
    Certificates,
    DefaultActions: OK,
  });
  return made[0]!.ListenerArn;
}

describe("listeners", () => {
  it("need a certificate that exists and a policy that exists for HTTPS, and drop both with HTTP", async () => {
    const lab = buildLab();
    const { loadBalancer: LoadBalancerArn } = await buildWeb(lab);
    const input = { LoadBalancerArn, Port: 443, Protocol: "HTTPS", DefaultActions: OK };
    const Certificates = [{ CertificateArn: WEB.certificate }];
    expect(await lab.refusal(`${ELB}CreateListener`, input)).toBe("ValidationError");
    expect(
      await lab.refusal(`${ELB}CreateListener`, {
        ...input,
        Certificates: [{ CertificateArn: `${WEB.certificate}0` }],
      }),
    ).toBe("CertificateNotFound");
    expect(await lab.refusal(`${ELB}CreateListener`, { ...input, Certificates, SslPolicy: "mine" })).toBe(
      "SSLPolicyNotFound",
    );
    const { Listeners: made } = await lab.call<Listeners>(`${ELB}CreateListener`, { ...input, Certificates });
    expect(made[0]!.SslPolicy).toBe("ELBSecurityPolicy-2016-08");
    const { Listeners: plain } = await lab.call<Listeners>(`${ELB}ModifyListener`, {
      ListenerArn: made[0]!.ListenerArn,
      Protocol: "HTTP",
    });
    expect(plain[0]).not.toHaveProperty("SslPolicy");
    expect(plain[0]).not.toHaveProperty("Certificates");
  });

  it("are answered again when created again alike, and refused on a port that is taken", async () => {
    const lab = buildLab();
    const { loadBalancer: LoadBalancerArn, listener, group } = await buildWeb(lab);
    const input = { LoadBalancerArn, Port: 80, Protocol: "HTTP" };
    const forward = [{ Type: "forward", TargetGroupArn: group }];
    const again = await lab.call<Listeners>(`${ELB}CreateListener`, { ...input, DefaultActions: forward });
    expect(again.Listeners[0]!.ListenerArn).toBe(listener);
    expect(await lab.refusal(`${ELB}CreateListener`, { ...input, DefaultActions: OK })).toBe(
      "DuplicateListener",
    );
  });

  it("hold further certificates beside the default one, which stays", async () => {
    const lab = buildLab();
    const Certificates = [{ CertificateArn: WEB.certificate }];
    const ListenerArn = await secureListener(lab, Certificates);
    const other = [{ CertificateArn: WEB.otherCertificate }];
    await lab.call(`${ELB}AddListenerCertificates`, { ListenerArn, Certificates: other });
    await lab.call(`${ELB}AddListenerCertificates`, { ListenerArn, Certificates: other });
    const list = (): Promise<{ Certificates: object[] }> =>
      lab.call(`${ELB}DescribeListenerCertificates`, { ListenerArn });
    expect((await list()).Certificates).toEqual([
      { CertificateArn: WEB.certificate, IsDefault: true },
      { CertificateArn: WEB.otherCertificate, IsDefault: false },
    ]);
    expect(await lab.refusal(`${ELB}RemoveListenerCertificates`, { ListenerArn, Certificates })).toBe(
      "OperationNotPermitted",
    );
    await lab.call(`${ELB}RemoveListenerCertificates`, { ListenerArn, Certificates: other });
    expect((await list()).Certificates).toHaveLength(1);
  });

  it("take the default certificate into the list as well, and keep the list when the default changes", async () => {
    const lab = buildLab();
    const Certificates = [{ CertificateArn: WEB.certificate }];
    const other = [{ CertificateArn: WEB.otherCertificate }];
    const ListenerArn = await secureListener(lab, Certificates);
    await lab.call(`${ELB}AddListenerCertificates`, { ListenerArn, Certificates });
    expect(await lab.refusal(`${ELB}RemoveListenerCertificates`, { ListenerArn, Certificates })).toBe(
      "OperationNotPermitted",
    );
    await lab.call(`${ELB}ModifyListener`, { ListenerArn, Certificates: other });
    expect(await lab.call(`${ELB}DescribeListenerCertificates`, { ListenerArn })).toMatchObject({
      Certificates: [
        { CertificateArn: WEB.otherCertificate, IsDefault: true },
        { CertificateArn: WEB.certificate, IsDefault: false },
      ],
    });
  });

  it("show actions as AWS does: forward twice, redirects filled", async () => {
    const lab = buildLab();
    const { loadBalancer: LoadBalancerArn, group } = await buildWeb(lab);
    const { Listeners: all } = await lab.call<Listeners>(`${ELB}DescribeListeners`, { LoadBalancerArn });
    expect(all[0]!.DefaultActions).toEqual([
      {
        Type: "forward",
        TargetGroupArn: group,
        ForwardConfig: {
          TargetGroups: [{ TargetGroupArn: group, Weight: 1 }],
          TargetGroupStickinessConfig: { Enabled: false },
        },
      },
    ]);
    const redirect = {
      Type: "redirect",
      RedirectConfig: { Protocol: "HTTPS", Port: "443", StatusCode: "HTTP_301" },
    };
    const { Listeners: made } = await lab.call<Listeners>(`${ELB}CreateListener`, {
      LoadBalancerArn,
      Port: 81,
      Protocol: "HTTP",
      DefaultActions: [redirect],
    });
    expect(made[0]!.DefaultActions[0]).toEqual({
      Type: "redirect",
      RedirectConfig: {
        Protocol: "HTTPS",
        Port: "443",
        Host: "#{host}",
        Path: "/#{path}",
        Query: "#{query}",
        StatusCode: "HTTP_301",
      },
    });
  });

  it.each([
    ["no action at the end", [], "InvalidLoadBalancerAction"],
    ["two last actions", [...OK, ...OK], "InvalidLoadBalancerAction"],
    [
      "a redirect to itself",
      [{ Type: "redirect", RedirectConfig: { StatusCode: "HTTP_301" } }],
      "InvalidLoadBalancerAction",
    ],
    [
      "authentication over HTTP",
      [
        { Type: "authenticate-oidc", Order: 1 },
        { ...OK[0], Order: 2 },
      ],
      "InvalidLoadBalancerAction",
    ],
    [
      "a fixed response of 302",
      [{ Type: "fixed-response", FixedResponseConfig: { StatusCode: "302" } }],
      "ValidationError",
    ],
    [
      "a target group that is not there",
      [
        {
          Type: "forward",
          TargetGroupArn: "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/x/1",
        },
      ],
      "TargetGroupNotFound",
    ],
  ])("refuse %s", async (_, DefaultActions, code) => {
    const lab = buildLab();
    const { loadBalancer: LoadBalancerArn } = await buildWeb(lab);
    expect(
      await lab.refusal(`${ELB}CreateListener`, {
        LoadBalancerArn,
        Port: 8080,
        Protocol: "HTTP",
        DefaultActions,
      }),
    ).toBe(code);
  });
});

describe("rules", () => {
  it("show numbers as text, conditions twice, and the default rule last", async () => {
    const lab = buildLab();
    const { listener: ListenerArn } = await buildWeb(lab);
    await addRule(lab, ListenerArn, 20);
    await addRule(lab, ListenerArn, 10, {
      Conditions: [{ Field: "path-pattern", PathPatternConfig: { Values: ["/api/*"] } }],
    });
    const { Rules } = await lab.call<Rules>(`${ELB}DescribeRules`, { ListenerArn });
    expect(Rules.map((rule) => rule.Priority)).toEqual(["10", "20", "default"]);
    expect(Rules[0]!.Conditions).toEqual([
      { Field: "path-pattern", Values: ["/api/*"], PathPatternConfig: { Values: ["/api/*"] } },
    ]);
    expect(Rules[2]).toMatchObject({ IsDefault: true, Conditions: [] });
  });

  it("swap priorities in one call, and change none when two would be alike", async () => {
    const lab = buildLab();
    const { listener: ListenerArn } = await buildWeb(lab);
    const [a, b] = [await addRule(lab, ListenerArn, 1), await addRule(lab, ListenerArn, 2)];
    expect(
      await lab.refusal(`${ELB}CreateRule`, {
        ListenerArn,
        Priority: 1,
        Conditions: path("/1"),
        Actions: OK,
      }),
    ).toBe("PriorityInUse");
    expect(
      await lab.refusal(`${ELB}SetRulePriorities`, { RulePriorities: [{ RuleArn: a, Priority: 2 }] }),
    ).toBe("PriorityInUse");
    await lab.call(`${ELB}SetRulePriorities`, {
      RulePriorities: [
        { RuleArn: a, Priority: 2 },
        { RuleArn: b, Priority: 1 },
      ],
    });
    const { Rules } = await lab.call<Rules>(`${ELB}DescribeRules`, { ListenerArn });
    expect(Rules.map((rule) => rule.RuleArn).slice(0, 2)).toEqual([b, a]);
  });

  it("keep the default rule from being deleted or moved", async () => {
    const lab = buildLab();
    const { listener: ListenerArn } = await buildWeb(lab);
    const { Rules } = await lab.call<Rules>(`${ELB}DescribeRules`, { ListenerArn });
    const RuleArn = Rules[0]!.RuleArn;
    expect(await lab.refusal(`${ELB}DeleteRule`, { RuleArn })).toBe("OperationNotPermitted");
    expect(await lab.refusal(`${ELB}SetRulePriorities`, { RulePriorities: [{ RuleArn, Priority: 1 }] })).toBe(
      "OperationNotPermitted",
    );
  });

  it.each([
    ["no condition", { Conditions: [] }],
    ["a priority of 0", { Priority: 0 }],
    ["six values", { Conditions: path("/1", "/2", "/3", "/4", "/5", "/6") }],
    ["seven wildcards", { Conditions: path("/*/*/*/*/*/*/*") }],
    ["two path conditions", { Conditions: [...path("/1"), ...path("/2")] }],
    ["an unknown field", { Conditions: [{ Field: "cookie", Values: ["a"] }] }],
  ])("are refused with %s", async (_, change) => {
    const lab = buildLab();
    const { listener: ListenerArn } = await buildWeb(lab);
    expect(
      await lab.refusal(`${ELB}CreateRule`, {
        ListenerArn,
        Priority: 5,
        Conditions: path("/5"),
        Actions: OK,
        ...change,
      }),
    ).toBe("ValidationError");
  });

  it("keep what a modification leaves out or gives empty", async () => {
    const lab = buildLab();
    const { listener } = await buildWeb(lab);
    const RuleArn = await addRule(lab, listener, 7);
    const { Rules } = await lab.call<Rules>(`${ELB}ModifyRule`, {
      RuleArn,
      Conditions: path("/new"),
      Actions: [],
    });
    expect(Rules[0]).toMatchObject({ Priority: "7", Conditions: [{ Values: ["/new"] }], Actions: OK });
  });
});

describe("target groups", () => {
  const input = { Name: "api", Protocol: "HTTP", Port: 80, VpcId: WEB.vpc };
  const create = async (lab: Lab, more: object = {}): Promise<string> =>
    (
      await lab.call<{ TargetGroups: { TargetGroupArn: string }[] }>(`${ELB}CreateTargetGroup`, {
        ...input,
        ...more,
      })
    ).TargetGroups[0]!.TargetGroupArn;

  it("keep the target control port, and are for HTTP1 when the protocol version is given empty", async () => {
    const lab = buildLab();
    const arn = await create(lab, { TargetControlPort: 3_000, ProtocolVersion: "" });
    const { TargetGroups } = await lab.call<{ TargetGroups: object[] }>(`${ELB}DescribeTargetGroups`, {
      TargetGroupArns: [arn],
    });
    expect(TargetGroups).toMatchObject([{ TargetControlPort: 3_000, ProtocolVersion: "HTTP1" }]);
    expect(await lab.refusal(`${ELB}CreateTargetGroup`, { ...input, TargetControlPort: 3_001 })).toBe(
      "DuplicateTargetGroupName",
    );
  });

  it("cannot be deleted while an action refers to them, a weight of 0 included", async () => {
    const lab = buildLab();
    const web = await buildWeb(lab);
    const api = await create(lab);
    const tuples = [
      { TargetGroupArn: web.group, Weight: 1 },
      { TargetGroupArn: api, Weight: 0 },
    ];
    const RuleArn = await addRule(lab, web.listener, 1, {
      Actions: [{ Type: "forward", ForwardConfig: { TargetGroups: tuples } }],
    });
    expect(await lab.refusal(`${ELB}DeleteTargetGroup`, { TargetGroupArn: api })).toBe("ResourceInUse");
    await lab.call(`${ELB}DeleteRule`, { RuleArn });
    await lab.call(`${ELB}DeleteTargetGroup`, { TargetGroupArn: api });
    await lab.call(`${ELB}DeleteTargetGroup`, { TargetGroupArn: api });
  });

  it("serve one load balancer only", async () => {
    const lab = buildLab();
    const { group } = await buildWeb(lab);
    const { LoadBalancers } = await lab.call<{ LoadBalancers: { LoadBalancerArn: string }[] }>(
      `${ELB}CreateLoadBalancer`,
      { Name: "two", Subnets: WEB.subnets },
    );
    const DefaultActions = [{ Type: "forward", TargetGroupArn: group }];
    expect(
      await lab.refusal(`${ELB}CreateListener`, {
        LoadBalancerArn: LoadBalancers[0]!.LoadBalancerArn,
        Port: 80,
        Protocol: "HTTP",
        DefaultActions,
      }),
    ).toBe("TargetGroupAssociationLimit");
  });

  it("are answered again when created again alike, and refused when other", async () => {
    const lab = buildLab();
    expect(await create(lab)).toBe(await create(lab));
    expect(await lab.refusal(`${ELB}CreateTargetGroup`, { ...input, Port: 81 })).toBe(
      "DuplicateTargetGroupName",
    );
  });

  it.each([
    [{ HealthCheckIntervalSeconds: 4 }],
    [{ HealthCheckTimeoutSeconds: 30, HealthCheckIntervalSeconds: 30 }],
    [{ HealthyThresholdCount: 11 }],
    [{ HealthCheckPath: "health" }],
    [{ Matcher: { HttpCode: "200-500" } }],
    [{ HealthCheckPort: "0" }],
    [{ Port: 65_536 }],
    [{ VpcId: "vpc-9" }],
  ])("are refused with %j", async (change) => {
    expect(await buildLab().refusal(`${ELB}CreateTargetGroup`, { ...input, ...change })).toBe(
      "ValidationError",
    );
  });

  it("allow slow start with round robin only", async () => {
    const lab = buildLab();
    const TargetGroupArn = await create(lab);
    const set = (...pairs: [string, string][]): object => ({
      TargetGroupArn,
      Attributes: pairs.map(([Key, Value]) => ({ Key, Value })),
    });
    expect(
      await lab.refusal(
        `${ELB}ModifyTargetGroupAttributes`,
        set(["slow_start.duration_seconds", "30"], ["load_balancing.algorithm.type", "weighted_random"]),
      ),
    ).toBe("InvalidConfigurationRequest");
    await lab.call(`${ELB}ModifyTargetGroupAttributes`, set(["slow_start.duration_seconds", "30"]));
  });

  it("are listed in pages", async () => {
    const lab = buildLab();
    const names = ["a", "b", "c"];
    for (const Name of names) await create(lab, { Name });
    type List = { TargetGroups: { TargetGroupName: string }[]; NextMarker?: string };
    const seen: string[] = [];
    let Marker: string | undefined;
    do {
      const page: List = await lab.call<List>(`${ELB}DescribeTargetGroups`, { PageSize: 2, Marker });
      seen.push(...page.TargetGroups.map((one) => one.TargetGroupName));
      Marker = page.NextMarker;
    } while (Marker !== undefined);
    expect(seen).toEqual(names);
    expect(await lab.refusal(`${ELB}DescribeTargetGroups`, { PageSize: 401 })).toBe("ValidationError");
  });
});
