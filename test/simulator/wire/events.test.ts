import {
  CloudTrailClient,
  CreateTrailCommand,
  InvalidLookupAttributesException,
  LookupEventsCommand,
  StartLoggingCommand,
} from "@aws-sdk/client-cloudtrail";
import { EC2Client, RunInstancesCommand } from "@aws-sdk/client-ec2";
import {
  EventBridgeClient,
  InvalidEventPatternException,
  PutRuleCommand,
  PutTargetsCommand,
} from "@aws-sdk/client-eventbridge";
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  QueueDoesNotExist,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildAccount } from "../../../src/simulator/account.ts";
import { type AccountServer, serveAccount } from "../../../src/simulator/wire/server.ts";
import { HurryingClock } from "../hurrying-clock.ts";
import { clientConfig, seeded } from "../support.ts";

let server: AccountServer;
let clients: { sqs: SQSClient; events: EventBridgeClient; trail: CloudTrailClient; ec2: EC2Client };

beforeAll(async () => {
  const account = buildAccount({
    clock: new HurryingClock(),
    rng: seeded(1),
    throttle: false,
    troubles: { cloudtrail: { delay: [500, 1_000] }, lookupDelay: [0, 0] },
  });
  server = await serveAccount(account, { host: "127.0.0.1", port: 0 });
  const config = clientConfig(server.url);
  clients = {
    sqs: new SQSClient(config),
    events: new EventBridgeClient(config),
    trail: new CloudTrailClient(config),
    ec2: new EC2Client(config),
  };
});

afterAll(async () => {
  for (const client of Object.values(clients)) client.destroy();
  await server.close();
});

describe("the SDK's clients of SQS, EventBridge and CloudTrail", () => {
  it("hear over a queue what was called, by whom and from where", async () => {
    const { sqs, events, trail, ec2 } = clients;
    const QueueArn = "arn:aws:sqs:us-east-1:123456789012:tiers";
    const allow = {
      Effect: "Allow",
      Principal: { Service: "events.amazonaws.com" },
      Action: "sqs:SendMessage",
      Resource: QueueArn,
    };
    const Attributes = { Policy: JSON.stringify({ Statement: [allow] }) };
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "tiers", Attributes }));
    expect(QueueUrl).toBe(`${server.url}/123456789012/tiers`);
    const asked = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] }));
    expect(asked.Attributes).toEqual({ QueueArn });

    const EventPattern = JSON.stringify({
      "detail-type": ["AWS API Call via CloudTrail"],
      detail: { eventName: ["RunInstances"] },
    });
    await events.send(new PutRuleCommand({ Name: "calls", EventPattern }));
    const put = new PutTargetsCommand({ Rule: "calls", Targets: [{ Id: "queue", Arn: QueueArn }] });
    expect(await events.send(put)).toMatchObject({ FailedEntryCount: 0 });
    await trail.send(new CreateTrailCommand({ Name: "all", S3BucketName: "logs" }));
    await trail.send(new StartLoggingCommand({ Name: "all" }));

    await ec2.send(new RunInstancesCommand({ ImageId: "ami-12345678", MinCount: 1, MaxCount: 1 }));
    const poll = new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20, MaxNumberOfMessages: 10 });
    const [message] = (await sqs.send(poll)).Messages ?? [];
    expect(JSON.parse(message?.Body ?? "{}")).toMatchObject({
      source: "aws.ec2",
      detail: {
        eventName: "RunInstances",
        sourceIPAddress: "127.0.0.1",
        userAgent: expect.stringContaining("aws-sdk-js"),
        userIdentity: { arn: "arn:aws:iam::123456789012:user/AKIATEST", accessKeyId: "AKIATEST" },
      },
    });
    const Entries = [{ Id: "a", ReceiptHandle: message?.ReceiptHandle }];
    const { Successful } = await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    expect(Successful).toEqual([{ Id: "a" }]);

    const { Events } = await trail.send(
      new LookupEventsCommand({
        LookupAttributes: [{ AttributeKey: "EventName", AttributeValue: "RunInstances" }],
        StartTime: new Date(0),
      }),
    );
    expect(Events?.[0]).toMatchObject({ Username: "AKIATEST", EventTime: expect.any(Date) });
  });

  it("carry texts as they are, and throw the modelled classes", async () => {
    const { sqs, events, trail } = clients;
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "texts" }));
    const MessageBody = 'ä "quoted" \\ <tag> 🚀\n';
    const sent = await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
    const { Messages } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MessageSystemAttributeNames: ["All"] }),
    );
    expect(Messages?.[0]).toMatchObject({
      Body: MessageBody,
      MD5OfBody: sent.MD5OfMessageBody,
      Attributes: { ApproximateReceiveCount: "1" },
    });

    const missing = sqs.send(new ReceiveMessageCommand({ QueueUrl: `${QueueUrl}s` }));
    const refusal = await missing.catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(QueueDoesNotExist);
    const badRule = events.send(new PutRuleCommand({ Name: "bad", EventPattern: "{" }));
    await expect(badRule).rejects.toBeInstanceOf(InvalidEventPatternException);
    const two = ["a", "b"].map((AttributeValue) => ({ AttributeKey: "EventId" as const, AttributeValue }));
    const badLookup = trail.send(new LookupEventsCommand({ LookupAttributes: two }));
    await expect(badLookup).rejects.toBeInstanceOf(InvalidLookupAttributesException);
  });
});
