/** What every AWS client must see of queues, rules and CloudTrail: a call is heard of over a queue, and found again. */
import type { LookupEventsResponse } from "@aws-sdk/client-cloudtrail";
import type { PutTargetsResponse } from "@aws-sdk/client-eventbridge";
import type { CreateQueueResult, GetQueueAttributesResult, ReceiveMessageResult } from "@aws-sdk/client-sqs";
import { expect } from "vitest";
import { waitUntil } from "../support/wait-until.ts";
import type { WireClient } from "./client-facts.ts";

const NAME = "wire-events";

/** Hears of the change of a tag of nobody's template, and asks the history who made it. */
export async function itHearsOfCalls(client: WireClient, limitMs: number): Promise<void> {
  const ask = async <Output>(...call: Parameters<WireClient["call"]>) =>
    (await client.call(...call)) as Output;
  const { QueueUrl } = await ask<CreateQueueResult>("sqs", "CreateQueue", { QueueName: NAME });
  const asked = { QueueUrl, AttributeNames: ["All"] };
  const { Attributes } = await ask<GetQueueAttributesResult>("sqs", "GetQueueAttributes", asked);
  const QueueArn = Attributes?.QueueArn ?? "";
  const allow = {
    Effect: "Allow",
    Principal: { Service: "events.amazonaws.com" },
    Action: "sqs:SendMessage",
    Resource: QueueArn,
  };
  const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [allow] });
  await client.call("sqs", "SetQueueAttributes", { QueueUrl, Attributes: { Policy } });
  const EventPattern = JSON.stringify({
    "detail-type": ["AWS API Call via CloudTrail"],
    detail: { eventName: ["CreateLaunchTemplate"] },
  });
  await client.call("events", "PutRule", { Name: NAME, EventPattern });
  const Targets = [{ Id: "queue", Arn: QueueArn }];
  const put = await ask<PutTargetsResponse>("events", "PutTargets", { Rule: NAME, Targets });
  expect(put.FailedEntryCount).toBe(0);
  await client.call("cloudtrail", "CreateTrail", { Name: NAME, S3BucketName: "logs" });
  await client.call("cloudtrail", "StartLogging", { Name: NAME });

  const LaunchTemplateName = NAME;
  const LaunchTemplateData = { ImageId: "ami-12345678", UserData: "c2VjcmV0" };
  await client.call("ec2", "CreateLaunchTemplate", { LaunchTemplateName, LaunchTemplateData });
  const message = await waitUntil(async () => {
    const poll = { QueueUrl, WaitTimeSeconds: 20, MaxNumberOfMessages: 10 };
    return (await ask<ReceiveMessageResult>("sqs", "ReceiveMessage", poll)).Messages?.[0];
  }, limitMs);
  const { detail } = JSON.parse(message.Body ?? "{}") as { detail: { eventID: string } };
  expect(detail).toMatchObject({
    eventName: "CreateLaunchTemplate",
    userIdentity: { type: "IAMUser", userName: "somebody" },
    sourceIPAddress: "127.0.0.1",
  });
  expect(message.Body).not.toContain("c2VjcmV0");
  await client.call("sqs", "DeleteMessage", { QueueUrl, ReceiptHandle: message.ReceiptHandle });

  const found = await waitUntil(async () => {
    const LookupAttributes = [{ AttributeKey: "EventId", AttributeValue: detail.eventID }];
    return (await ask<LookupEventsResponse>("cloudtrail", "LookupEvents", { LookupAttributes })).Events?.[0];
  }, limitMs);
  expect(found).toMatchObject({ EventName: "CreateLaunchTemplate", Username: "somebody" });
  await expect(client.call("sqs", "GetQueueUrl", { QueueName: "none" })).rejects.toThrow(
    /NonExistentQueue|QueueDoesNotExist/,
  );
  await client.call("cloudtrail", "StopLogging", { Name: NAME });
}
