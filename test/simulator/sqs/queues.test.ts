import { describe, expect, it } from "vitest";
import { LIMITS } from "../../../src/model/limits.ts";
import { buildLab, type Lab } from "../support.ts";

interface Received {
  Messages?: {
    Body: string;
    ReceiptHandle: string;
    MessageId: string;
    Attributes?: Record<string, string>;
  }[];
}

async function queue(lab: Lab, Attributes: Record<string, string> = {}): Promise<string> {
  const { QueueUrl } = await lab.call<{ QueueUrl: string }>("sqs:CreateQueue", {
    QueueName: "tiers",
    Attributes,
  });
  return QueueUrl;
}

async function send(lab: Lab, QueueUrl: string, ...bodies: string[]): Promise<void> {
  for (const MessageBody of bodies) await lab.call("sqs:SendMessage", { QueueUrl, MessageBody });
}

async function receive(
  lab: Lab,
  QueueUrl: string,
  more: object = {},
): Promise<NonNullable<Received["Messages"]>> {
  const input = { QueueUrl, MaxNumberOfMessages: 10, ...more };
  return (await lab.call<Received>("sqs:ReceiveMessage", input)).Messages ?? [];
}

async function attribute(lab: Lab, QueueUrl: string, name: string): Promise<string | undefined> {
  const asked = { QueueUrl, AttributeNames: [name] };
  const { Attributes } = await lab.call<{ Attributes?: Record<string, string> }>(
    "sqs:GetQueueAttributes",
    asked,
  );
  return Attributes?.[name];
}

describe("a queue", () => {
  it("is made once, and again only as it is: sqs/create-again", async () => {
    const lab = buildLab();
    const url = await queue(lab, { VisibilityTimeout: "60" });
    expect(url).toBe("https://sqs.us-east-1.amazonaws.com/123456789012/tiers");
    expect(await queue(lab, { VisibilityTimeout: "60" })).toBe(url);
    const other = { QueueName: "tiers", Attributes: { VisibilityTimeout: "61" } };
    expect(await lab.refusal("sqs:CreateQueue", other)).toBe("QueueAlreadyExists");
    expect(await lab.call("sqs:ListQueues", { QueueNamePrefix: "ti" })).toEqual({ QueueUrls: [url] });
    expect(await lab.call("sqs:GetQueueUrl", { QueueName: "tiers" })).toEqual({ QueueUrl: url });
    const missing = "AWS.SimpleQueueService.NonExistentQueue";
    expect(await lab.refusal("sqs:GetQueueUrl", { QueueName: "other" })).toBe(missing);
    expect(await lab.refusal("sqs:CreateQueue", { QueueName: "a b" })).toBe("InvalidParameterValue");
  });

  it("can be called as one that was deleted after a minute: sqs/sixty-seconds", async () => {
    const lab = buildLab();
    const QueueUrl = await queue(lab);
    await lab.call("sqs:DeleteQueue", { QueueUrl });
    const again = () => lab.refusal("sqs:CreateQueue", { QueueName: "tiers" });
    expect(await again()).toBe("AWS.SimpleQueueService.QueueDeletedRecently");
    await lab.clock.advance(60_000);
    expect(await again()).toBe("no error");
  });

  it("takes attributes within AWS's ranges: sqs/attributes", async () => {
    const lab = buildLab();
    const QueueUrl = await queue(lab);
    const set = (Attributes: object) => lab.refusal("sqs:SetQueueAttributes", { QueueUrl, Attributes });
    expect(await set({ VisibilityTimeout: "43201" })).toBe("InvalidAttributeValue");
    expect(await set({ Policy: "{}" })).toBe("InvalidAttributeValue");
    expect(await set({ Colour: "red" })).toBe("InvalidAttributeName");
    expect(await set({ ReceiveMessageWaitTimeSeconds: "20" })).toBe("no error");
    expect(await attribute(lab, QueueUrl, "ReceiveMessageWaitTimeSeconds")).toBe("20");
    expect(await attribute(lab, QueueUrl, "QueueArn")).toBe("arn:aws:sqs:us-east-1:123456789012:tiers");
  });

  it("has tags", async () => {
    const lab = buildLab();
    const QueueUrl = await queue(lab);
    await lab.call("sqs:TagQueue", { QueueUrl, Tags: { a: "1", b: "2" } });
    await lab.call("sqs:UntagQueue", { QueueUrl, TagKeys: ["a"] });
    expect(await lab.call("sqs:ListQueueTags", { QueueUrl })).toEqual({ Tags: { b: "2" } });
  });
});

describe("messages", () => {
  it("are hidden once received, come again, and are gone when deleted: sqs/visibility-timeout", async () => {
    const lab = buildLab();
    const QueueUrl = await queue(lab);
    await send(lab, QueueUrl, "one");
    const [first] = await receive(lab, QueueUrl, { MessageSystemAttributeNames: ["All"] });
    expect(first).toMatchObject({ Body: "one", MD5OfBody: "f97c5d29941bfb1b2fdab0874906ab82" });
    expect(first?.Attributes).toMatchObject({ ApproximateReceiveCount: "1" });
    expect(Number(first?.Attributes?.SentTimestamp)).toBeGreaterThan(Date.parse("2026-01-01"));
    expect(await receive(lab, QueueUrl)).toEqual([]);
    expect(await attribute(lab, QueueUrl, "ApproximateNumberOfMessagesNotVisible")).toBe("1");
    await lab.clock.advance(30_000);
    const [second] = await receive(lab, QueueUrl, { AttributeNames: ["ApproximateReceiveCount"] });
    expect(second?.Attributes).toEqual({ ApproximateReceiveCount: "2" });

    await lab.call("sqs:DeleteMessage", { QueueUrl, ReceiptHandle: first?.ReceiptHandle });
    expect(await attribute(lab, QueueUrl, "ApproximateNumberOfMessagesNotVisible")).toBe("1");
    await lab.call("sqs:DeleteMessage", { QueueUrl, ReceiptHandle: second?.ReceiptHandle });
    await lab.clock.advance(30_000);
    expect(await receive(lab, QueueUrl)).toEqual([]);
    expect(await lab.refusal("sqs:DeleteMessage", { QueueUrl, ReceiptHandle: "x" })).toBe(
      "ReceiptHandleIsInvalid",
    );
  });

  it("can be hidden longer, or shown at once", async () => {
    const lab = buildLab();
    const QueueUrl = await queue(lab);
    await send(lab, QueueUrl, "one");
    const [message] = await receive(lab, QueueUrl);
    const hide = (VisibilityTimeout: number) =>
      lab.refusal("sqs:ChangeMessageVisibility", {
        QueueUrl,
        ReceiptHandle: message?.ReceiptHandle,
        VisibilityTimeout,
      });
    await hide(600);
    await lab.clock.advance(300_000);
    expect(await receive(lab, QueueUrl)).toEqual([]);
    await hide(0);
    expect(await hide(0)).toBe("AWS.SimpleQueueService.MessageNotInflight");
    expect(await receive(lab, QueueUrl)).toHaveLength(1);
  });

  it("end a long poll as they come, and it ends without them when its time is over: sqs/long-polling", async () => {
    const lab = buildLab();
    const QueueUrl = await queue(lab);
    const wait = { QueueUrl, WaitTimeSeconds: 20 };
    const startMs = lab.clock.nowMs();
    expect(await lab.call("sqs:ReceiveMessage", wait)).toEqual({});
    expect(lab.clock.nowMs() - startMs).toBeGreaterThanOrEqual(20_000);

    const fromMs = lab.clock.nowMs();
    const polled = lab.account.call("sqs", "ReceiveMessage", wait);
    await lab.clock.advance(5_000);
    await send(lab, QueueUrl, "late");
    expect(await lab.clock.resolve(polled)).toMatchObject({ Messages: [{ Body: "late" }] });
    expect(lab.clock.nowMs() - fromMs).toBeLessThan(6_000);
    // What becomes visible meanwhile ends it too.
    const hiddenMs = lab.clock.nowMs();
    expect(await lab.call("sqs:ReceiveMessage", wait)).toEqual({});
    expect(await lab.call("sqs:ReceiveMessage", wait)).toMatchObject({ Messages: [{ Body: "late" }] });
    expect(lab.clock.nowMs() - hiddenMs).toBeLessThan(31_000);
    expect(await lab.refusal("sqs:ReceiveMessage", { QueueUrl, WaitTimeSeconds: 21 })).toBe(
      "InvalidParameterValue",
    );
    expect(await lab.refusal("sqs:ReceiveMessage", { QueueUrl, MaxNumberOfMessages: 11 })).toBe(
      "InvalidParameterValue",
    );
  });

  it("go in batches, of which each entry succeeds or fails for itself: sqs/batches", async () => {
    const lab = buildLab();
    const QueueUrl = await queue(lab);
    const Entries = [
      { Id: "a", MessageBody: "one" },
      { Id: "b", MessageBody: "\u0000" },
    ];
    expect(await lab.call("sqs:SendMessageBatch", { QueueUrl, Entries })).toMatchObject({
      Successful: [{ Id: "a" }],
      Failed: [{ Id: "b", Code: "InvalidMessageContents", SenderFault: true }],
    });
    const [{ ReceiptHandle } = { ReceiptHandle: "" }] = await receive(lab, QueueUrl);
    const done = await lab.call("sqs:DeleteMessageBatch", {
      QueueUrl,
      Entries: [
        { Id: "a", ReceiptHandle },
        { Id: "b", ReceiptHandle: "x" },
      ],
    });
    expect(done).toMatchObject({ Successful: [{ Id: "a" }], Failed: [{ Id: "b" }] });
    const twice = [...Entries.slice(0, 1), ...Entries.slice(0, 1)];
    const prefix = "AWS.SimpleQueueService.";
    const refused = (given: object[]) => lab.refusal("sqs:SendMessageBatch", { QueueUrl, Entries: given });
    expect(await refused(twice)).toBe(`${prefix}BatchEntryIdsNotDistinct`);
    expect(await refused([])).toBe(`${prefix}EmptyBatchRequest`);
    const eleven = Array.from({ length: 11 }, (_, index) => ({ Id: `${index}`, MessageBody: "x" }));
    expect(await refused(eleven)).toBe(`${prefix}TooManyEntriesInBatchRequest`);
  });

  it("go when their retention is over, and are purged once in a minute: sqs/retention", async () => {
    const lab = buildLab();
    const QueueUrl = await queue(lab, { MessageRetentionPeriod: "60" });
    await send(lab, QueueUrl, "old");
    await lab.clock.advance(61_000);
    expect(await attribute(lab, QueueUrl, "ApproximateNumberOfMessages")).toBe("0");
    await send(lab, QueueUrl, "new");
    await lab.call("sqs:PurgeQueue", { QueueUrl });
    expect(await receive(lab, QueueUrl)).toEqual([]);
    expect(await lab.refusal("sqs:PurgeQueue", { QueueUrl })).toBe(
      "AWS.SimpleQueueService.PurgeQueueInProgress",
    );
  });

  it("of a queue that holds all it can push out the oldest", async () => {
    const lab = buildLab();
    const QueueUrl = await queue(lab);
    const Entries = Array.from({ length: 10 }, (_, index) => ({ Id: `${index}`, MessageBody: "x" }));
    for (let sent = 0; sent <= LIMITS.simulatorQueueMessages; sent += 10) {
      await lab.call("sqs:SendMessageBatch", { QueueUrl, Entries });
    }
    expect(await attribute(lab, QueueUrl, "ApproximateNumberOfMessages")).toBe(
      `${LIMITS.simulatorQueueMessages}`,
    );
  });

  it("come twice and in another order where that is asked for: sqs/at-least-once, sqs/best-effort-order", async () => {
    const lab = buildLab({ troubles: { queue: { duplicateRate: 1 } } });
    const QueueUrl = await queue(lab);
    await send(lab, QueueUrl, "1", "2", "3", "4", "5", "6", "7", "8");
    expect(await receive(lab, QueueUrl)).toHaveLength(8);
    expect(await receive(lab, QueueUrl)).toHaveLength(8);
    lab.account.setTroubles({ queue: { duplicateRate: 0, disorderRate: 0.5 } });
    const seen: string[] = [];
    while (seen.length < 8) for (const { Body } of await receive(lab, QueueUrl)) seen.push(Body);
    expect(seen).not.toEqual(seen.toSorted());
    expect(seen.toSorted()).toEqual(["1", "2", "3", "4", "5", "6", "7", "8"]);
  });

  it("are refused where the queue's policy denies them to everybody: sqs/policy", async () => {
    const lab = buildLab();
    const deny = { Effect: "Deny", Principal: "*", Action: "sqs:SendMessage", Resource: "*" };
    const QueueUrl = await queue(lab, { Policy: JSON.stringify({ Statement: [deny] }) });
    expect(await lab.refusal("sqs:SendMessage", { QueueUrl, MessageBody: "x" })).toBe("AccessDenied");
    await lab.call("sqs:SetQueueAttributes", { QueueUrl, Attributes: { Policy: "" } });
    expect(await lab.refusal("sqs:SendMessage", { QueueUrl, MessageBody: "x" })).toBe("no error");
  });
});
