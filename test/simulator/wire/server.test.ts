import { request } from "node:http";
import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  DescribeAutoScalingGroupsCommand,
} from "@aws-sdk/client-auto-scaling";
import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  PutMetricAlarmCommand,
  ResourceNotFoundException,
  TagResourceCommand,
} from "@aws-sdk/client-cloudwatch";
import {
  CreateLaunchTemplateCommand,
  CreateVpcPeeringConnectionCommand,
  DescribeLaunchTemplateVersionsCommand,
  DescribeSubnetsCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  DescribeLoadBalancersCommand,
  DescribeTagsCommand,
  ElasticLoadBalancingV2Client,
  LoadBalancerNotFoundException,
  ModifyLoadBalancerAttributesCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { cbor } from "@smithy/core/cbor";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Account, buildAccount } from "../../../src/simulator/account.ts";
import { type AccountServer, serveAccount } from "../../../src/simulator/wire/server.ts";
import { HurryingClock } from "../hurrying-clock.ts";
import { clientConfig, seeded, WEB } from "../support.ts";

let account: Account;
let server: AccountServer;
let clients: {
  elb: ElasticLoadBalancingV2Client;
  ec2: EC2Client;
  asg: AutoScalingClient;
  cw: CloudWatchClient;
};

beforeAll(async () => {
  account = buildAccount({ clock: new HurryingClock(), rng: seeded(1), throttle: false });
  server = await serveAccount(account, { host: "127.0.0.1", port: 0 });
  const config = clientConfig(server.url);
  clients = {
    elb: new ElasticLoadBalancingV2Client(config),
    ec2: new EC2Client(config),
    asg: new AutoScalingClient(config),
    cw: new CloudWatchClient(config),
  };
});

afterAll(async () => {
  for (const client of Object.values(clients)) client.destroy();
  await server.close();
});

const post = (
  body: string | Uint8Array,
  headers: Record<string, string> = {},
  path = "/",
): Promise<Response> =>
  fetch(server.url + path, {
    method: "POST",
    body,
    headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
  });

describe("the SDK's own clients", () => {
  it("create and read through all four protocols", async () => {
    const { elb, ec2, asg, cw } = clients;
    const made = await elb.send(
      new CreateLoadBalancerCommand({
        Name: "wire",
        Subnets: WEB.subnets,
        Tags: [{ Key: "a & b".replace("& ", ""), Value: "1" }],
      }),
    );
    expect(made.$metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);
    const { LoadBalancers } = await elb.send(new DescribeLoadBalancersCommand({ Names: ["wire"] }));
    expect(LoadBalancers).toEqual(made.LoadBalancers);
    expect(LoadBalancers?.[0]?.CreatedTime).toBeInstanceOf(Date);

    const data = {
      ImageId: "ami-12345678",
      InstanceType: "t3.micro" as const,
      UserData: "IyEvYmluL3No",
      MetadataOptions: { HttpTokens: "required" as const },
    };
    await ec2.send(new CreateLaunchTemplateCommand({ LaunchTemplateName: "wire", LaunchTemplateData: data }));
    const { LaunchTemplateVersions } = await ec2.send(
      new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateName: "wire" }),
    );
    expect(LaunchTemplateVersions?.[0]?.LaunchTemplateData).toEqual({
      ...data,
      MetadataOptions: { State: "applied", HttpTokens: "required" },
    });

    await asg.send(
      new CreateAutoScalingGroupCommand({
        AutoScalingGroupName: "wire",
        MinSize: 0,
        MaxSize: 2,
        VPCZoneIdentifier: "subnet-1a,subnet-1b",
        LaunchTemplate: { LaunchTemplateName: "wire", Version: "1" },
      }),
    );
    const { AutoScalingGroups } = await asg.send(new DescribeAutoScalingGroupsCommand({}));
    expect(AutoScalingGroups?.[0]).toMatchObject({ AutoScalingGroupName: "wire", MinSize: 0, Instances: [] });

    await cw.send(
      new PutMetricAlarmCommand({
        AlarmName: "wire",
        Namespace: "AWS/ApplicationELB",
        MetricName: "HTTPCode_Target_5XX_Count",
        Statistic: "Sum",
        Period: 60,
        EvaluationPeriods: 2,
        Threshold: 10.5,
        ComparisonOperator: "GreaterThanThreshold",
      }),
    );
    const { MetricAlarms } = await cw.send(new DescribeAlarmsCommand({ AlarmNames: ["wire"] }));
    expect(MetricAlarms?.[0]).toMatchObject({ Threshold: 10.5, StateValue: "INSUFFICIENT_DATA" });
    expect(MetricAlarms?.[0]?.StateUpdatedTimestamp).toBeInstanceOf(Date);
  });

  it("see an empty list as an empty list, not as one that is missing", async () => {
    const { LoadBalancers } = await clients.elb.send(new DescribeLoadBalancersCommand({ PageSize: 400 }));
    expect(Array.isArray(LoadBalancers)).toBe(true);
    const { Subnets } = await clients.ec2.send(
      new DescribeSubnetsCommand({ Filters: [{ Name: "vpc-id", Values: ["vpc-none"] }] }),
    );
    expect(Subnets).toEqual([]);
  });

  it("throw the modelled classes with AWS's codes on the wire", async () => {
    const arn = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/none/0123456789abcdef";
    const missing = await clients.elb
      .send(new DescribeLoadBalancersCommand({ LoadBalancerArns: [arn] }))
      .catch((error: unknown) => error);
    expect(missing).toBeInstanceOf(LoadBalancerNotFoundException);
    expect(missing).toMatchObject({ Code: "LoadBalancerNotFound", $metadata: { httpStatusCode: 400 } });
    const alarm = await clients.cw
      .send(
        new TagResourceCommand({
          ResourceARN: "arn:aws:cloudwatch:us-east-1:123456789012:alarm:none",
          Tags: [],
        }),
      )
      .catch((error: unknown) => error);
    expect(alarm).toBeInstanceOf(ResourceNotFoundException);
    expect(alarm).toMatchObject({ $metadata: { httpStatusCode: 404 } });
    const template = await clients.ec2
      .send(new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateName: "none" }))
      .catch((error: unknown) => error);
    expect(template).toMatchObject({ Code: "InvalidLaunchTemplateName.NotFoundException" });
  });

  it("get InvalidAction for what the account does not have, and required members checked inside structures", async () => {
    const peering = await clients.ec2
      .send(new CreateVpcPeeringConnectionCommand({ VpcId: "vpc-12345678", PeerVpcId: "vpc-12345678" }))
      .catch((error: unknown) => error);
    expect(peering).toMatchObject({ Code: "InvalidAction" });
    const listener = await clients.elb
      .send(
        new CreateListenerCommand({ LoadBalancerArn: "x", DefaultActions: [{ Type: undefined, Order: 1 }] }),
      )
      .catch((error: unknown) => error);
    expect(listener).toMatchObject({
      Code: "ValidationError",
      message: expect.stringContaining("defaultActions.1.member.type"),
    });
    const tags = await clients.elb
      .send(new DescribeTagsCommand({ ResourceArns: undefined }))
      .catch((error: unknown) => error);
    expect(tags).toMatchObject({ Code: "ValidationError" });
  });

  it("meet faults as they would meet AWS's", async () => {
    const read = new DescribeLoadBalancersCommand({});
    const rule = {
      service: "elasticloadbalancing",
      operation: "DescribeLoadBalancers",
      when: "after",
      times: 1,
    } as const;
    const outcome = async (): Promise<unknown> => clients.elb.send(read).catch((error: unknown) => error);
    account.faults.add({ ...rule, fault: { kind: "error", code: "Throttling", message: "Rate exceeded" } });
    expect(await outcome()).toMatchObject({ name: "Throttling" });
    account.faults.add({ ...rule, fault: { kind: "lost", afterMs: 1 } });
    expect(await outcome()).toMatchObject({ code: "ECONNRESET" });
    account.faults.add({ ...rule, fault: { kind: "damaged", body: "truncated" } });
    expect(await outcome()).toBeInstanceOf(Error);
    account.faults.add({ ...rule, fault: { kind: "damaged", body: "garbage" } });
    expect(await outcome()).toBeInstanceOf(Error);
    account.faults.add({ ...rule, fault: { kind: "damaged", body: "empty" } });
    expect(await outcome()).not.toHaveProperty("LoadBalancers");
  });

  it("are known to the account by their access key", async () => {
    await clients.elb
      .send(new ModifyLoadBalancerAttributesCommand({ LoadBalancerArn: "x", Attributes: [] }))
      .catch(() => undefined);
    expect(account.calls.list().at(-1)).toMatchObject({
      operation: "ModifyLoadBalancerAttributes",
      accessKeyId: "AKIATEST",
    });
  });
});

describe("other clients", () => {
  it("may speak Query to CloudWatch", async () => {
    const response = await post("Action=DescribeAlarms&Version=2010-08-01&AlarmNames.member.1=none");
    expect(response.status).toBe(200);
    expect(await response.text()).toContain("<MetricAlarms></MetricAlarms>");
  });

  it("may speak CBOR to CloudWatch", async () => {
    const headers = { "content-type": "application/cbor", "smithy-protocol": "rpc-v2-cbor" };
    const path = "/service/GraniteServiceVersion20100801/operation/DescribeAlarms";
    const response = await post(Uint8Array.from(cbor.serialize({ AlarmNames: ["wire"] })), headers, path);
    expect(response.headers.get("smithy-protocol")).toBe("rpc-v2-cbor");
    const { MetricAlarms } = cbor.deserialize(new Uint8Array(await response.arrayBuffer())) as {
      MetricAlarms: { AlarmName: string }[];
    };
    expect(MetricAlarms.map((one) => one.AlarmName)).toEqual(["wire"]);
  });

  it("may ask who they are", async () => {
    const response = await post("Action=GetCallerIdentity&Version=2011-06-15");
    expect(await response.text()).toContain("<Account>123456789012</Account>");
  });

  it.each([
    ["an unknown action", "Action=Nonsense&Version=2015-12-01", "InvalidAction"],
    ["no action", "Version=2015-12-01", "MissingAction"],
    ["an unknown version", "Action=DescribeLoadBalancers&Version=1999-01-01", "NoSuchVersion"],
    [
      "a number that is none",
      "Action=DescribeLoadBalancers&Version=2015-12-01&PageSize=many",
      "MalformedInput",
    ],
    ["a missing member", "Action=DeleteListener&Version=2015-12-01", "ValidationError"],
    ["a missing member in EC2", "Action=DescribeTags&Version=2016-11-15&MaxResults=x", "MalformedInput"],
    ["a prototype's name as action", "Action=constructor&Version=2015-12-01", "InvalidAction"],
    ["nonsense", "%%%&&&===", "MissingAction"],
  ])("are told what is wrong with %s", async (_, body, code) => {
    const response = await post(body);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain(`<Code>${code}</Code>`);
  });

  it.each([
    ["JSON that is cut", '{"AlarmNames":', "SerializationException"],
    ["a list where a text belongs", '{"AlarmNamePrefix":["a"]}', "SerializationException"],
    ["a text where a list belongs", '{"AlarmNames":"a"}', "SerializationException"],
    ["a list at the top", "[]", "SerializationException"],
  ])("are told what is wrong with %s", async (_, body, code) => {
    const headers = {
      "content-type": "application/x-amz-json-1.0",
      "x-amz-target": "GraniteServiceVersion20100801.DescribeAlarms",
    };
    const response = await post(body, headers);
    expect(response.status).toBe(400);
    expect(((await response.json()) as { __type: string }).__type).toContain(code);
  });

  it("cannot send more than a mebibyte, compressed or not", async () => {
    const large = await post(`Action=${"x".repeat(1_100_000)}`).then(
      (response) => response.status,
      () => "closed",
    );
    expect([413, "closed"]).toContain(large);
    const bomb = await new Response(
      new Blob(["x".repeat(4_000_000)]).stream().pipeThrough(new CompressionStream("gzip")),
    ).bytes();
    const response = await post(bomb, {
      "content-encoding": "gzip",
      "x-amz-target": "GraniteServiceVersion20100801.DescribeAlarms",
    });
    expect(response.status).toBe(400);
  });

  it("get no date, by which they would set their clocks", async () => {
    expect((await post("Action=GetCallerIdentity&Version=2011-06-15")).headers.get("date")).toBeNull();
  });
});

describe("a web page in somebody's browser", () => {
  /** Node's fetch does not let anybody choose a Host. */
  function post(headers: Record<string, string>, path = "/"): Promise<number> {
    return new Promise((resolve, reject) => {
      const sent = request(`${server.url}${path}`, {
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
      });
      sent.on("response", (answer) => resolve(answer.resume().statusCode ?? 0)).on("error", reject);
      sent.end("Action=DescribeLoadBalancers&Version=2015-12-01");
    });
  }

  it("cannot use the account: neither by a form post, nor under a name of its own", async () => {
    for (const headers of [
      { origin: "https://evil.example" },
      { origin: "null" },
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site", origin: "http://localhost:3000" },
      { host: "evil.example:4566" },
      { host: "localhost.evil.example" },
    ] as Record<string, string>[]) {
      expect([headers, await post(headers)]).toEqual([headers, 403]);
      expect([headers, await post(headers, "/_simulator/clock")]).toEqual([headers, 403]);
    }
  });

  it("is told apart from AWS clients, by whatever local name they come", async () => {
    for (const host of [
      "localhost:4566",
      "127.0.0.1",
      "[::1]:4566",
      "holdfast:4566",
      "host.docker.internal:4566",
    ]) {
      expect([host, await post({ host })]).toEqual([host, 200]);
    }
  });
});
