import { QUEUE_POLICY, RULE_PATTERNS } from "../../scripts/events-page.ts";
import { buildEvents, type Events } from "../../src/events/build.ts";
import type { Queue } from "../../src/events/queue.ts";
import { oldestComparedMs } from "../../src/model/fleet/freshness.ts";
import { operationsFor, writesField } from "../../src/reconciler/kinds/writing-operations.ts";
import type { Account } from "../../src/simulator/account.ts";
import type { ServiceName } from "../../src/simulator/services.ts";
import { type Installation, silent } from "./installation.ts";

const QUEUE_NAME = "holdfast-events";
/** The Region and the account that docs/events.md takes for an example. */
const [, , , REGION = "", ACCOUNT = ""] = (QUEUE_POLICY.Statement[0]?.Resource ?? "").split(":");

/**
 * Sets up in the account what docs/events.md tells: a queue with its policy, the rules, and a trail that logs.
 * @param run waits for an answer in virtual time
 */
export async function setUpEvents(
  account: Account,
  run: <T>(answer: Promise<T>) => Promise<T>,
): Promise<Queue> {
  const { accountId, region } = account.context;
  const own = (text: string) => text.replaceAll(ACCOUNT, accountId).replaceAll(`:${REGION}:`, `:${region}:`);
  const call = (service: ServiceName, operation: string, input: object) =>
    run(account.call(service, operation, input)) as Promise<Record<string, string>>;
  const { QueueUrl: url = "" } = await call("sqs", "CreateQueue", { QueueName: QUEUE_NAME });
  const Policy = own(JSON.stringify(QUEUE_POLICY));
  await call("sqs", "SetQueueAttributes", { QueueUrl: url, Attributes: { Policy } });
  for (const [Name, pattern] of Object.entries(RULE_PATTERNS)) {
    await call("events", "PutRule", { Name, EventPattern: JSON.stringify(pattern) });
    const Arn = `arn:aws:sqs:${region}:${accountId}:${QUEUE_NAME}`;
    await call("events", "PutTargets", { Rule: Name, Targets: [{ Id: "holdfast", Arn }] });
  }
  await call("cloudtrail", "CreateTrail", { Name: "all", S3BucketName: "trails" });
  await call("cloudtrail", "StartLogging", { Name: "all" });
  return { url, name: QUEUE_NAME, account: accountId, region };
}

/**
 * Sets up what {@link setUpEvents} does, and listens to it as the daemon has it: whose looks are brought forward is looked at.
 * The answer is not started.
 */
export async function eventsOf(installation: Installation): Promise<{ events: Events; queue: Queue }> {
  const { account, clock, store } = installation;
  const queue = await setUpEvents(account, (answer) => installation.waiting(answer));
  const events = buildEvents({
    ...{
      store,
      clock,
      log: silent,
      cloudFor: () => installation.askedCloud,
      queue,
      writesField,
      operationsFor,
    },
    isCloudTrailAsked: false,
    suspect: (keys) => {
      for (const key of keys) installation.controller.request(key, "suspicion");
    },
    oldestReadMs: (key) => oldestComparedMs(installation.observatory.freshnessOf(key)),
  });
  return { events, queue };
}
