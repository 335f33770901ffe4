import * as autoscaling from "@aws-sdk/client-auto-scaling";
import * as cloudtrail from "@aws-sdk/client-cloudtrail";
import * as cloudwatch from "@aws-sdk/client-cloudwatch";
import * as ec2 from "@aws-sdk/client-ec2";
import * as elbv2 from "@aws-sdk/client-elastic-load-balancing-v2";
import * as events from "@aws-sdk/client-eventbridge";
import * as sqs from "@aws-sdk/client-sqs";
import { describe } from "vitest";
import { itWorksWith, type ServiceName, type WireClient } from "./client-facts.ts";

/** All clients of the SDK send commands in the same way; their types differ by operation. */
interface SdkClient {
  send(command: unknown): Promise<object>;
  destroy(): void;
}

const MODULES: Readonly<Record<ServiceName, Readonly<Record<string, unknown>>>> = {
  autoscaling,
  cloudwatch,
  ec2,
  elbv2,
  sqs,
  events,
  cloudtrail,
};

/** Other clients take times as texts. */
function withDates(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withDates);
  if (typeof value === "string" && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value)) return new Date(value);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withDates(member)]));
}

describe("the unmodified AWS SDK for JavaScript", () => {
  itWorksWith(async (endpoint): Promise<WireClient> => {
    const credentials = { accessKeyId: "somebody", secretAccessKey: "somebody" };
    const where = { region: "us-east-1", endpoint, credentials };
    const clients: Readonly<Record<ServiceName, SdkClient>> = {
      autoscaling: new autoscaling.AutoScalingClient(where) as SdkClient,
      cloudwatch: new cloudwatch.CloudWatchClient(where) as SdkClient,
      ec2: new ec2.EC2Client(where) as SdkClient,
      elbv2: new elbv2.ElasticLoadBalancingV2Client(where) as SdkClient,
      sqs: new sqs.SQSClient(where) as SdkClient,
      events: new events.EventBridgeClient(where) as SdkClient,
      cloudtrail: new cloudtrail.CloudTrailClient(where) as SdkClient,
    };
    return {
      async call(service, operation, input) {
        const Command = MODULES[service][`${operation}Command`] as new (input: object) => object;
        try {
          return await clients[service].send(new Command(withDates(input) as object));
        } catch (error) {
          throw new Error(`${(error as Error).name}: ${(error as Error).message}`, { cause: error });
        }
      },
      close: () => {
        for (const client of Object.values(clients)) client.destroy();
      },
    };
  });
});
