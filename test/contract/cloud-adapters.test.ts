import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildClients, type SdkClient } from "../../src/aws/clients.ts";
import { type ApiName, OPERATIONS } from "../../src/aws/operations.ts";
import { sdkCloud } from "../../src/aws/sdk-cloud.ts";
import type { CloudError } from "../../src/model/errors.ts";
import type { Cloud, Input, OperationName } from "../../src/ports.ts";
import { seededRng } from "../../src/runtime/seeded-rng.ts";
import { systemClock } from "../../src/runtime/system-clock.ts";
import { buildAccount } from "../../src/simulator/account.ts";
import { simulatedCloud } from "../../src/simulator/cloud.ts";
import type { Fault, Interceptor } from "../../src/simulator/faults/interceptors.ts";
import { sparseAnswers } from "../../src/simulator/faults/sparse.ts";
import { WIRE_SERVICES, type WireOperation } from "../../src/simulator/wire/schemas.ts";
import { type AccountServer, serveAccount } from "../../src/simulator/wire/server.ts";

/** What the next call meets. */
let misbehaviour: Interceptor = {};
const account = buildAccount({
  clock: systemClock({ speed: 2_000 }),
  rng: seededRng(1),
  throttle: false,
  interceptor: {
    before: (call) => misbehaviour.before?.(call),
    after: (call, output) => misbehaviour.after?.(call, output),
  },
});
const direct = simulatedCloud(account);
let server: AccountServer;
let clients: Record<ApiName, SdkClient>;
let overHttp: Cloud;

beforeAll(async () => {
  server = await serveAccount(account, { host: "127.0.0.1", port: 0 });
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  clients = buildClients("us-east-1", { endpoint: server.url, credentials });
  overHttp = sdkCloud(clients);
  await direct.call("ec2:CreateLaunchTemplate", {
    LaunchTemplateName: "web",
    LaunchTemplateData: { ImageId: "ami-12345678" },
  });
});
afterAll(async () => {
  for (const client of Object.values(clients)) client.destroy();
  await server.close();
});

const OPERATION_NAMES = Object.keys(OPERATIONS) as OperationName[];
const before = (fault: Fault): Interceptor => ({ before: () => fault });
const after = (fault: Fault): Interceptor => ({ after: () => fault });

/** What a caller learns: of an answer its members, of an error what code and people go by. */
async function learned(cloud: Cloud, operation: OperationName, input: object): Promise<unknown> {
  try {
    const { $metadata, ...output } = await cloud.call(operation, input as Input<typeof operation>);
    return { output, hasId: $metadata.requestId !== undefined };
  } catch (error) {
    const { name, code, category, message, requestId } = error as CloudError;
    return { name, code, category, message, hasId: requestId !== undefined };
  }
}

async function both(
  operation: OperationName,
  input: object,
  fault: Interceptor,
  hasMessage = true,
): Promise<void> {
  misbehaviour = fault;
  const [first, second] = [
    await learned(direct, operation, input),
    await learned(overHttp, operation, input),
  ];
  misbehaviour = {};
  const shown = (one: unknown): unknown => (hasMessage ? one : { ...(one as object), message: "" });
  expect(shown(first), operation).toEqual(shown(second));
}

type Schema = WireOperation["input"];
type Tuple = readonly [0, 0, 0, 0, string[]?, 0?, number?];

/** Only the members that AWS demands, so that the call gets through to where it is misled. */
function least(schema: Schema): unknown {
  if (schema.isListSchema()) return [least(schema.getValueSchema())];
  if (schema.isMapSchema()) return { x: least(schema.getValueSchema()) };
  if (!schema.isStructSchema()) return schema.isNumericSchema() ? 1 : schema.isBooleanSchema() ? false : "x";
  const [, , , , names = [], , count = 0] = schema.getSchema() as unknown as Tuple;
  const texts = names.filter((name) => schema.getMemberSchema(name)?.isStringSchema());
  // A structure without members does not reach the wire.
  const chosen = count > 0 ? names.slice(0, count) : texts.slice(0, 1);
  return Object.fromEntries(chosen.map((name) => [name, least(schema.getMemberSchema(name)!)]));
}

function leastInput(operation: OperationName): object {
  const [service, name = ""] = operation.split(":");
  const { input } = WIRE_SERVICES.find((one) => one.name === service)!.operations.get(name)!;
  return least(input) as object;
}

const TEMPLATE = { LaunchTemplateName: "web" };
/** A reading and a writing call of each service, with an answer and without one. */
const CALLS: readonly (readonly [OperationName, object])[] = [
  ["elasticloadbalancing:DescribeLoadBalancers", {}],
  ["elasticloadbalancing:DeleteLoadBalancer", { LoadBalancerArn: "arn:aws:x:loadbalancer/app/a/b" }],
  ["ec2:DescribeLaunchTemplates", {}],
  ["ec2:ModifyLaunchTemplate", { ...TEMPLATE, DefaultVersion: "1" }],
  ["ec2:CreateTags", { Resources: ["ami-12345678"], Tags: [{ Key: "a", Value: "1" }] }],
  ["autoscaling:DescribeAutoScalingGroups", {}],
  ["autoscaling:CreateOrUpdateTags", { Tags: [] }],
  ["cloudwatch:DescribeAlarms", {}],
  ["cloudwatch:DeleteAlarms", { AlarmNames: ["none"] }],
  ["ssm:GetParameter", { Name: "/golden/web" }],
  ["ssm:GetParameter", { Name: "/nowhere" }],
  ["ssm:GetParameter", { Name: "/golden/web:9" }],
  ["acm:ListCertificates", { CertificateStatuses: ["ISSUED"], Includes: { keyTypes: ["RSA_2048"] } }],
  ["acm:DescribeCertificate", { CertificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/none" }],
  ["sns:GetTopicAttributes", { TopicArn: "arn:aws:sns:us-east-1:123456789012:alerts" }],
  ["sns:GetTopicAttributes", { TopicArn: "arn:aws:sns:us-east-1:123456789012:none" }],
  ["iam:GetInstanceProfile", { InstanceProfileName: "holdfast" }],
  ["iam:GetInstanceProfile", { InstanceProfileName: "none" }],
  ["ec2:DescribeImages", { ImageIds: ["ami-00000000"] }],
];

describe("the direct adapter and the one over the SDK say the same of", () => {
  it("an empty 200, whatever was asked", async () => {
    for (const operation of OPERATION_NAMES) {
      await both(operation, leastInput(operation), before({ kind: "damaged", body: "empty" }));
    }
  });

  it("an answer without its list or resource, whatever was asked", async () => {
    for (const operation of OPERATION_NAMES) {
      await both(operation, leastInput(operation), before({ kind: "output", output: {} }));
    }
  });

  it.each(CALLS)("%s: an answer, and one that is empty after the call was done", async (operation, input) => {
    await both(operation, input, {});
    await both(operation, input, after({ kind: "damaged", body: "empty" }));
  });

  it.each(CALLS)("%s: an answer that is cut off, or a page of somebody else's", async (operation, input) => {
    // Where a parser gave up is its own business.
    await both(operation, input, after({ kind: "damaged", body: "truncated" }), false);
    await both(operation, input, after({ kind: "damaged", body: "garbage" }), false);
  });

  it.each(CALLS)("%s: a connection that ends without an answer", async (operation, input) => {
    await both(operation, input, before({ kind: "lost", afterMs: 0 }));
    await both(operation, input, after({ kind: "lost", afterMs: 0 }));
  });

  it.each(CALLS)("%s: errors, known or not, with any status", async (operation, input) => {
    for (const [code, status] of [
      ["ValidationError", 400],
      ["ValidationError", 503],
      ["Throttling", 400],
      ["Weird", 400],
      ["Weird", 429],
      ["Weird", 500],
      ["AccessDenied", 403],
      ["InternalFailure", 500],
    ] as const) {
      await both(operation, input, before({ kind: "error", code, message: "no", status }));
    }
  });

  it("what AWS refuses", async () => {
    await both(
      "elasticloadbalancing:CreateRule",
      { ListenerArn: "x", Conditions: [], Actions: [], Priority: 1 },
      {},
    );
    await both(
      "elasticloadbalancing:DescribeTargetHealth",
      { TargetGroupArn: "arn:aws:x:targetgroup/a/b" },
      {},
    );
    await both("ec2:ModifyLaunchTemplate", { LaunchTemplateName: "none", DefaultVersion: "1" }, {});
    await both("autoscaling:DeleteAutoScalingGroup", { AutoScalingGroupName: "none" }, {});
    await both("cloudwatch:PutMetricAlarm", { AlarmName: "a" }, {});
  });

  it("an answer with no more in it than AWS promises", async () => {
    for (const [operation, input] of CALLS) await both(operation, input, sparseAnswers());
  });
});
