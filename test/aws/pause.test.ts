import { expect, it } from "vitest";
import { AccountBudget } from "../../src/aws/account-budget.ts";
import { withPause } from "../../src/aws/with-pause.ts";
import { withRateLimit } from "../../src/aws/with-rate-limit.ts";
import { mayHaveBeenDone } from "../../src/reconciler/consistency/indeterminate-writes.ts";
import { VirtualClock } from "../support/virtual-clock.ts";
import { errorOf, ScriptedCloud } from "./scripted-cloud.ts";

it("no write is sent after everything was paused, not even one that has waited for its rate limit; reads are", async () => {
  const clock = new VirtualClock(0);
  const aws = new ScriptedCloud(() => clock.nowMs());
  let isPaused = false;
  const cloud = withRateLimit(
    withPause(aws, () => isPaused),
    new AccountBudget({ clock }),
  );
  const asked = Array.from({ length: 22 }, () => cloud.call("elasticloadbalancing:CreateRule", {} as never));
  void Promise.allSettled(asked);
  const last = errorOf(cloud.call("elasticloadbalancing:CreateRule", {} as never));
  await clock.advance(0);
  expect(aws.asked).toHaveLength(20);
  isPaused = true;
  await clock.advance(2_500);
  expect(aws.asked).toHaveLength(20);
  const waited = await last;
  expect(waited).toMatchObject({ code: "Paused", category: "wait" });
  // Nobody needs to find out what became of it.
  expect(mayHaveBeenDone("elasticloadbalancing:CreateRule", waited.code)).toBe(false);
  await cloud.call("elasticloadbalancing:DescribeRules", {});
  isPaused = false;
  await cloud.call("elasticloadbalancing:CreateRule", {} as never);
  expect(aws.asked).toHaveLength(22);
});

it("what AWS's events tell is heard during a pause, and the queue is not tagged", async () => {
  const aws = new ScriptedCloud();
  const cloud = withPause(aws, () => true);
  await cloud.call("sqs:ReceiveMessage", { QueueUrl: "queue" });
  await cloud.call("sqs:DeleteMessageBatch", { QueueUrl: "queue", Entries: [] });
  expect(await errorOf(cloud.call("sqs:TagQueue", { QueueUrl: "queue", Tags: {} }))).toMatchObject({
    code: "Paused",
  });
  expect(aws.asked.map(({ operation }) => operation)).toEqual([
    "sqs:ReceiveMessage",
    "sqs:DeleteMessageBatch",
  ]);
});
