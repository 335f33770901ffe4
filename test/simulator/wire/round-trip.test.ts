import { isDeepStrictEqual } from "node:util";
import * as acm from "@aws-sdk/client-acm";
import * as autoScaling from "@aws-sdk/client-auto-scaling";
import * as cloudWatch from "@aws-sdk/client-cloudwatch";
import * as ec2 from "@aws-sdk/client-ec2";
import * as elb from "@aws-sdk/client-elastic-load-balancing-v2";
import * as iam from "@aws-sdk/client-iam";
import * as sns from "@aws-sdk/client-sns";
import * as ssm from "@aws-sdk/client-ssm";
import { HttpResponse } from "@smithy/core/protocols";
import type { NormalizedSchema } from "@smithy/core/schema";
import { describe, expect, it } from "vitest";
import { readRequest, writeAnswer } from "../../../src/simulator/wire/http.ts";
import { WIRE_SERVICES, type WireOperation } from "../../../src/simulator/wire/schemas.ts";
import { seeded } from "../support.ts";

const TEXTS = [" lead", "a&b<c>\"d'", "line\r\nend", "é😀", "]]>", "__proto__", "0"];

/** A value of the schema with every list, map and member filled; empty lists where only other protocols than EC2's can carry them. */
function sample(schema: NormalizedSchema, random: () => number, depth: number): unknown {
  const pick = (most: number): number => Math.floor(random() * most);
  if (schema.isStructSchema()) {
    const struct: Record<string, unknown> = {};
    for (const [name, member] of schema.structIterator()) {
      if (depth > 8 && !isScalar(member)) continue;
      struct[name] = sample(member, random, depth + 1);
    }
    return struct;
  }
  if (schema.isListSchema())
    return Array.from({ length: 1 + pick(2) }, () => sample(schema.getValueSchema(), random, depth + 1));
  if (schema.isMapSchema())
    return { [TEXTS[pick(TEXTS.length - 2)]!]: sample(schema.getValueSchema(), random, depth + 1) };
  if (schema.isBooleanSchema()) return random() < 0.5;
  if (schema.isNumericSchema()) return pick(100_000);
  if (schema.isTimestampSchema()) return new Date(1_700_000_000_000 + pick(1_000_000) * 1000);
  if (schema.isBlobSchema()) return Uint8Array.from([1, 2, 255]);
  return TEXTS[pick(TEXTS.length)];
}

function isScalar(schema: NormalizedSchema): boolean {
  return !schema.isStructSchema() && !schema.isListSchema() && !schema.isMapSchema();
}

/** What says nothing is not carried: structures without members. */
function pruned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(pruned).filter((item) => item !== undefined);
  if (typeof value !== "object" || value === null || value instanceof Date || value instanceof Uint8Array)
    return value;
  const entries = Object.entries(value).map(([key, item]) => [key, pruned(item)] as const);
  const kept = entries.filter(
    ([, item]) => item !== undefined && !(Array.isArray(item) && item.length === 0),
  );
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}

type Sent = { operation: string; input: unknown; output: unknown };

interface AnyClient {
  send(command: unknown): Promise<Record<string, unknown>>;
}
type Constructor<T> = new (input: unknown) => T;

const MODULES: Record<string, { module: Record<string, unknown>; client: string }> = {
  elasticloadbalancing: { module: elb, client: "ElasticLoadBalancingV2Client" },
  autoscaling: { module: autoScaling, client: "AutoScalingClient" },
  cloudwatch: { module: cloudWatch, client: "CloudWatchClient" },
  ec2: { module: ec2, client: "EC2Client" },
  acm: { module: acm, client: "ACMClient" },
  iam: { module: iam, client: "IAMClient" },
  sns: { module: sns, client: "SNSClient" },
  ssm: { module: ssm, client: "SSMClient" },
};

/** To the first the client adds members of its own; the others have structures in themselves, which no sample ends. */
const UNFIT = ["CopySnapshot", "GetInventory", "GetOpsSummary"];

interface OutgoingRequest {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string | Uint8Array | undefined;
}

/** Sends each operation through the SDK's client to our reader and back through our writer. */
async function roundTrips(service: string): Promise<{ tried: number; wrong: string[] }> {
  const { operations } = WIRE_SERVICES.find((one) => one.name === service)!;
  const { module, client: clientName } = MODULES[service]!;
  const random = seeded(7);
  let expected: Sent = { operation: "", input: undefined, output: undefined };
  let received: unknown;
  const handle = async (request: OutgoingRequest): Promise<{ response: HttpResponse }> => {
    const body =
      typeof request.body === "string" ? Buffer.from(request.body) : (request.body ?? new Uint8Array());
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([key, value]) => [key.toLowerCase(), value]),
    );
    const call = readRequest(
      { method: request.method, url: request.path, headers, body: Uint8Array.from(body) },
      10_000_000,
    );
    received = call.input;
    const answer = writeAnswer(call, expected.output as object, "id");
    return {
      response: new HttpResponse({ statusCode: answer.status, headers: answer.headers, body: answer.body }),
    };
  };
  const client = new (module[clientName] as Constructor<AnyClient>)({
    endpoint: "http://localhost",
    region: "us-east-1",
    credentials: { accessKeyId: "a", secretAccessKey: "s" },
    maxAttempts: 1,
    requestHandler: {
      handle,
      metadata: {},
      destroy: () => undefined,
      updateHttpClientConfig: () => undefined,
      httpHandlerConfigs: () => ({}),
    },
  });
  const wrong: string[] = [];
  let tried = 0;
  for (const operation of operations.values()) {
    if (UNFIT.includes(operation.name)) continue;
    tried += 1;
    expected = sampleOf(operation, random.next);
    const error = await client
      .send(new (module[`${operation.name}Command`] as Constructor<unknown>)(expected.input))
      .then(
        ({ $metadata, ...output }) => {
          if (!isDeepStrictEqual(pruned(received), pruned(expected.input))) return "input";
          return isDeepStrictEqual(pruned(output), pruned(expected.output)) ? undefined : "output";
        },
        (thrown: unknown) => String(thrown),
      );
    if (error !== undefined) wrong.push(`${operation.name}: ${error}`);
  }
  return { tried, wrong };
}

function sampleOf(operation: WireOperation, random: () => number): Sent {
  const of = (schema: NormalizedSchema): unknown => (schema.isUnitSchema() ? {} : sample(schema, random, 0));
  return { operation: operation.name, input: of(operation.input), output: of(operation.output) };
}

describe("the wire codec", () => {
  it.each([
    ["elasticloadbalancing", 51],
    ["autoscaling", 60],
    ["cloudwatch", 50],
    ["ec2", 800],
    ["acm", 15],
    ["iam", 150],
    ["sns", 40],
    ["ssm", 130],
  ])("carries every operation of %s both ways, hostile texts included", async (service, least) => {
    const { tried, wrong } = await roundTrips(service);
    expect(wrong).toEqual([]);
    expect(tried).toBeGreaterThanOrEqual(least);
  });
});
