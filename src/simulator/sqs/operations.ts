/** Simple Queue Service: standard queues, which deliver at least once and in no promised order. */
import type * as sqs from "@aws-sdk/client-sqs";
import { LIMITS } from "../../model/limits.ts";
import { AwsError } from "../account/aws-error.ts";
import type { AccountContext } from "../account/context.ts";
import { pageOf } from "../account/paging.ts";
import type { Troubles } from "../account/troubles.ts";
import type { Identity } from "../cloudtrail/identity.ts";
import type { Service, SqsPart } from "../services.ts";
import { changedAttributes, USUAL_ATTRIBUTES } from "./attributes.ts";
import { invalidValue, noSuchQueue, unmodelled } from "./errors.ts";
import { type MessageState, messageOperations, newMessage, waitMsOf } from "./messages.ts";
import { verdictOf } from "./policy.ts";
import { Queue } from "./queue.ts";

/** sqs/sixty-seconds */
const SIXTY_SECONDS_MS = 60_000;
const LIST_PAGE = 1_000;
const MOST_TAGS = 50;
const EVENT_BRIDGE = "events.amazonaws.com";

interface QueueState extends MessageState {
  readonly queues: Map<string, Queue>;
  /** When a queue was deleted, by name. */
  readonly deletedAtMs: Map<string, number>;
  urlOf(name: string): string;
}

interface Sqs extends Service<SqsPart> {
  /** What a receive waits for before it answers. */
  arrival(input: sqs.ReceiveMessageRequest): Promise<void>;
  /** Queue URLs name this origin from now on. */
  serveAt(origin: string): void;
}

export function buildSqs(context: AccountContext, troubles: Troubles, caller: () => Identity): Sqs {
  const { region, accountId } = context;
  const queues = new Map<string, Queue>();
  let origin = `https://sqs.${region}.amazonaws.com`;
  const state: QueueState = {
    context,
    queues,
    deletedAtMs: new Map(),
    troubles,
    caller,
    urlOf: (name) => `${origin}/${accountId}/${name}`,
    queue: (url = "") => {
      const [, account, name = ""] = /\/([^/]+)\/([^/]+)$/.exec(url) ?? [];
      const queue = account === accountId ? queues.get(name) : undefined;
      if (queue === undefined) throw noSuchQueue();
      return queue;
    },
  };
  return {
    operations: { ...queueOperations(state), ...tagOperations(state), ...messageOperations(state) },
    part: { deliver: (queueArn, ruleArn, body) => deliver(state, queueArn, ruleArn, body) },
    arrival: async (input) => {
      const waitMs = waitMsOf(state, input);
      if (waitMs > 0) await state.queue(input.QueueUrl).arrival(waitMs);
    },
    serveAt: (url) => {
      origin = url;
    },
  };
}

/** sqs/policy-for-rules */
function deliver(state: QueueState, queueArn: string, ruleArn: string, body: string): boolean {
  const queue = [...state.queues.values()].find(({ arn }) => arn === queueArn);
  const verdict = verdictOf(queue?.attributes.Policy, {
    service: EVENT_BRIDGE,
    action: "sqs:SendMessage",
    resource: queueArn,
    context: {
      "aws:sourcearn": ruleArn,
      "aws:sourceaccount": state.context.accountId,
      "aws:securetransport": "true",
    },
  });
  if (queue === undefined || verdict !== "allow") return false;
  queue.add(newMessage(state.context, body, "AIDAEVENTBRIDGE000001", queue.seconds("DelaySeconds")));
  return true;
}

function queueOperations(state: QueueState) {
  const { context } = state;
  const nowMs = (): number => context.clock.nowMs();
  return {
    CreateQueue({ QueueName: name = "", Attributes: given = {}, tags = {} }: sqs.CreateQueueRequest): object {
      if (name.endsWith(".fifo")) throw unmodelled("FIFO queues");
      // sqs/names
      if (!/^[\w-]{1,80}$/.test(name)) {
        throw new AwsError(
          "InvalidParameterValue",
          "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length",
        );
      }
      const present = state.queues.get(name);
      if (present !== undefined) {
        refuseOther(present, given);
        return { QueueUrl: state.urlOf(name) };
      }
      const attributes = changedAttributes(USUAL_ATTRIBUTES, given);
      if (nowMs() - (state.deletedAtMs.get(name) ?? Number.NEGATIVE_INFINITY) < SIXTY_SECONDS_MS) {
        throw new AwsError(
          "AWS.SimpleQueueService.QueueDeletedRecently",
          "You must wait 60 seconds after deleting a queue before you can create another with the same name.",
        );
      }
      if (state.queues.size >= LIMITS.simulatorQueues) throw unmodelled("so many queues");
      const arn = `arn:aws:sqs:${context.region}:${context.accountId}:${name}`;
      const queue = new Queue(name, arn, context.clock);
      queue.attributes = attributes;
      setTags(queue, tags);
      state.queues.set(name, queue);
      state.deletedAtMs.delete(name);
      return { QueueUrl: state.urlOf(name) };
    },
    GetQueueUrl({ QueueName: name = "" }: sqs.GetQueueUrlRequest): object {
      if (!state.queues.has(name)) throw noSuchQueue();
      return { QueueUrl: state.urlOf(name) };
    },
    ListQueues(input: sqs.ListQueuesRequest): sqs.ListQueuesResult {
      const { QueueNamePrefix: prefix = "", MaxResults: size = LIST_PAGE, NextToken: token } = input;
      if (size < 1 || size > LIST_PAGE) throw invalidValue("MaxResults", size, "Must be between 1 and 1000");
      const names = [...state.queues.keys()].filter((name) => name.startsWith(prefix)).sort();
      const page = pageOf(names, (name) => name, { token, size }, "InvalidParameterValue");
      if (page.items.length === 0) return {};
      // sqs/list-pages
      const next = input.MaxResults === undefined ? undefined : page.next;
      return { QueueUrls: page.items.map(state.urlOf), ...(next !== undefined && { NextToken: next }) };
    },
    GetQueueAttributes(input: sqs.GetQueueAttributesRequest): sqs.GetQueueAttributesResult {
      const all = attributesOf(state.queue(input.QueueUrl));
      const names = input.AttributeNames ?? [];
      const unknown = names.find((name) => name !== "All" && !READABLE.has(name));
      if (unknown !== undefined) throw new AwsError("InvalidAttributeName", `Unknown Attribute ${unknown}.`);
      const asked = Object.entries(all).filter(
        ([name]) => names.includes("All") || (names as string[]).includes(name),
      );
      return asked.length === 0 ? {} : { Attributes: Object.fromEntries(asked) };
    },
    SetQueueAttributes(input: sqs.SetQueueAttributesRequest): object {
      const queue = state.queue(input.QueueUrl);
      queue.attributes = changedAttributes(queue.attributes, input.Attributes ?? {});
      queue.changedAtMs = nowMs();
      return {};
    },
    PurgeQueue(input: sqs.PurgeQueueRequest): object {
      const queue = state.queue(input.QueueUrl);
      if (nowMs() - queue.purgedAtMs < SIXTY_SECONDS_MS) {
        throw new AwsError(
          "AWS.SimpleQueueService.PurgeQueueInProgress",
          `Only one PurgeQueue operation on ${queue.name} is allowed every 60 seconds.`,
          403,
        );
      }
      queue.purgedAtMs = nowMs();
      queue.clear();
      return {};
    },
    DeleteQueue(input: sqs.DeleteQueueRequest): object {
      const queue = state.queue(input.QueueUrl);
      state.queues.delete(queue.name);
      for (const [name, atMs] of state.deletedAtMs) {
        if (nowMs() - atMs >= SIXTY_SECONDS_MS) state.deletedAtMs.delete(name);
      }
      state.deletedAtMs.set(queue.name, nowMs());
      return {};
    },
  };
}

/** sqs/create-again @throws AwsError */
function refuseOther(queue: Queue, given: Readonly<Record<string, string>>): void {
  const other = Object.entries(given).find(([name, value]) => queue.attributes[name] !== value);
  if (other === undefined) return;
  throw new AwsError(
    "QueueAlreadyExists",
    `A queue already exists with the same name and a different value for attribute ${other[0]}`,
  );
}

const COUNTED = [
  "ApproximateNumberOfMessages",
  "ApproximateNumberOfMessagesNotVisible",
  "ApproximateNumberOfMessagesDelayed",
  "CreatedTimestamp",
  "LastModifiedTimestamp",
  "QueueArn",
  "Policy",
];
const READABLE = new Set<string>([...Object.keys(USUAL_ATTRIBUTES), ...COUNTED]);

function attributesOf(queue: Queue): Record<string, string> {
  const { visible, inFlight, delayed } = queue.counts();
  return {
    ...queue.attributes,
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    CreatedTimestamp: String(Math.floor(queue.createdAtMs / 1_000)),
    LastModifiedTimestamp: String(Math.floor(queue.changedAtMs / 1_000)),
    QueueArn: queue.arn,
  };
}

function tagOperations(state: QueueState) {
  return {
    TagQueue(input: sqs.TagQueueRequest): object {
      setTags(state.queue(input.QueueUrl), input.Tags ?? {});
      return {};
    },
    UntagQueue(input: sqs.UntagQueueRequest): object {
      const queue = state.queue(input.QueueUrl);
      for (const key of input.TagKeys ?? []) queue.tags.delete(key);
      return {};
    },
    ListQueueTags(input: sqs.ListQueueTagsRequest): sqs.ListQueueTagsResult {
      const { tags } = state.queue(input.QueueUrl);
      return tags.size === 0 ? {} : { Tags: Object.fromEntries(tags) };
    },
  };
}

function setTags(queue: Queue, tags: Readonly<Record<string, string>>): void {
  if (new Set([...queue.tags.keys(), ...Object.keys(tags)]).size > MOST_TAGS) {
    throw new AwsError("InvalidParameterValue", `Too many tags added for queue ${queue.name}.`);
  }
  for (const [key, value] of Object.entries(tags)) queue.tags.set(key, value);
}
