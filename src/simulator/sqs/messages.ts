/** The operations on messages: sent, received, hidden for a while, deleted. */
import type * as sqs from "@aws-sdk/client-sqs";
import { AwsError } from "../account/aws-error.ts";
import type { AccountContext } from "../account/context.ts";
import { uuidFrom } from "../account/ids.ts";
import { happens, type Troubles } from "../account/troubles.ts";
import type { Identity } from "../cloudtrail/identity.ts";
import { invalidHandle, invalidValue, unmodelled } from "./errors.ts";
import { verdictOf } from "./policy.ts";
import { type Message, md5Of, type Queue } from "./queue.ts";

const MOST_PER_CALL = 10;
const LONGEST_WAIT_SECONDS = 20;
const LONGEST_HIDDEN_SECONDS = 43_200;
const LONGEST_DELAY_SECONDS = 900;
/** sqs/in-flight */
const MOST_IN_FLIGHT = 120_000;
/** Bytes of all messages of one batch together. */
const MOST_BATCH_BYTES = 1_048_576;

export interface MessageState {
  readonly context: AccountContext;
  /** @throws AwsError when there is no such queue */
  queue(url: string | undefined): Queue;
  readonly troubles: Troubles;
  caller(): Identity;
}

type Sent = Pick<
  sqs.SendMessageRequest,
  "MessageBody" | "DelaySeconds" | "MessageAttributes" | "MessageGroupId"
>;

export function messageOperations(state: MessageState) {
  return {
    SendMessage(input: sqs.SendMessageRequest): sqs.SendMessageResult {
      const queue = sendable(state, input.QueueUrl);
      const message = messageOf(state, queue, input);
      queue.add(message);
      return { MessageId: message.id, MD5OfMessageBody: md5Of(message.body) };
    },
    SendMessageBatch(input: sqs.SendMessageBatchRequest): sqs.SendMessageBatchResult {
      const queue = sendable(state, input.QueueUrl);
      const entries = checkedBatch(input.Entries);
      const bytes = entries.reduce((sum, { MessageBody }) => sum + Buffer.byteLength(MessageBody ?? ""), 0);
      if (bytes > MOST_BATCH_BYTES) {
        throw new AwsError(
          "AWS.SimpleQueueService.BatchRequestTooLong",
          `Batch requests cannot be longer than ${MOST_BATCH_BYTES} bytes. You have sent ${bytes} bytes.`,
        );
      }
      return each(entries, (entry) => {
        const message = messageOf(state, queue, entry);
        queue.add(message);
        return { Id: entry.Id, MessageId: message.id, MD5OfMessageBody: md5Of(message.body) };
      });
    },
    ReceiveMessage: (input: sqs.ReceiveMessageRequest): sqs.ReceiveMessageResult => receive(state, input),
    DeleteMessage(input: sqs.DeleteMessageRequest): object {
      remove(state.queue(input.QueueUrl), input.ReceiptHandle);
      return {};
    },
    DeleteMessageBatch(input: sqs.DeleteMessageBatchRequest): sqs.DeleteMessageBatchResult {
      const queue = state.queue(input.QueueUrl);
      return each(checkedBatch(input.Entries), (entry) => {
        remove(queue, entry.ReceiptHandle);
        return { Id: entry.Id };
      });
    },
    ChangeMessageVisibility(input: sqs.ChangeMessageVisibilityRequest): object {
      hide(state, state.queue(input.QueueUrl), input.ReceiptHandle, input.VisibilityTimeout);
      return {};
    },
  };
}

/** How long a receive may have to wait for a message. @throws AwsError as the receive itself */
export function waitMsOf(state: MessageState, input: sqs.ReceiveMessageRequest): number {
  const queue = state.queue(input.QueueUrl);
  const seconds = input.WaitTimeSeconds ?? queue.seconds("ReceiveMessageWaitTimeSeconds");
  checkRange("WaitTimeSeconds", seconds, 0, LONGEST_WAIT_SECONDS);
  return seconds * 1_000;
}

function receive(state: MessageState, input: sqs.ReceiveMessageRequest): sqs.ReceiveMessageResult {
  const queue = state.queue(input.QueueUrl);
  const { MaxNumberOfMessages: most = 1 } = input;
  const hiddenSeconds = input.VisibilityTimeout ?? queue.seconds("VisibilityTimeout");
  checkRange("MaxNumberOfMessages", most, 1, MOST_PER_CALL);
  checkRange("VisibilityTimeout", hiddenSeconds, 0, LONGEST_HIDDEN_SECONDS);
  waitMsOf(state, input);
  if (queue.counts().inFlight >= MOST_IN_FLIGHT) {
    throw new AwsError("OverLimit", "The queue has too many messages in flight.", 403);
  }
  const { rng, clock } = state.context;
  const { disorderRate, duplicateRate } = state.troubles.queue;
  const nowMs = clock.nowMs();
  const wanted = new Set<string>([
    ...(input.MessageSystemAttributeNames ?? []),
    ...(input.AttributeNames ?? []),
  ]);
  const taken: sqs.Message[] = [];
  for (const message of queue.visible()) {
    if (taken.length >= most) break;
    // sqs/best-effort-order
    if (happens(disorderRate, rng)) continue;
    message.receives += 1;
    message.firstReceivedAtMs ??= nowMs;
    // sqs/at-least-once
    const stays = happens(duplicateRate, rng);
    message.visibleAtMs = stays ? nowMs : nowMs + hiddenSeconds * 1_000;
    taken.push(shown(message, wanted));
  }
  return taken.length === 0 ? {} : { Messages: taken };
}

function shown(message: Message, wanted: ReadonlySet<string>): sqs.Message {
  const all = {
    SenderId: message.senderId,
    SentTimestamp: String(message.sentAtMs),
    ApproximateReceiveCount: String(message.receives),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAtMs),
  };
  const asked = Object.entries(all).filter(([name]) => wanted.has("All") || wanted.has(name));
  return {
    MessageId: message.id,
    ReceiptHandle: handleOf(message),
    MD5OfBody: md5Of(message.body),
    Body: message.body,
    ...(asked.length > 0 && { Attributes: Object.fromEntries(asked) }),
  };
}

/** Each receive gives another handle. sqs/receipt-handles */
function handleOf({ id, receives }: Message): string {
  return Buffer.from(JSON.stringify([id, receives])).toString("base64");
}

function parseHandle(handle: string | undefined): readonly [id: string, receives: number] {
  try {
    const value: unknown = JSON.parse(Buffer.from(handle ?? "", "base64").toString("utf8"));
    if (Array.isArray(value) && typeof value[0] === "string" && typeof value[1] === "number") {
      return [value[0], value[1]];
    }
  } catch {
    // Not one of ours: said below.
  }
  throw invalidHandle(handle);
}

/** With a handle of an earlier receive nothing is deleted, and nobody is told. sqs/receipt-handles */
function remove(queue: Queue, handle: string | undefined): void {
  const [id, receives] = parseHandle(handle);
  if (queue.get(id)?.receives === receives) queue.delete(id);
}

function hide(
  state: MessageState,
  queue: Queue,
  handle: string | undefined,
  seconds: number | undefined,
): void {
  const [id] = parseHandle(handle);
  checkRange("VisibilityTimeout", seconds, 0, LONGEST_HIDDEN_SECONDS);
  const message = queue.get(id);
  const nowMs = state.context.clock.nowMs();
  if (message === undefined || message.visibleAtMs <= nowMs) {
    throw new AwsError(
      "AWS.SimpleQueueService.MessageNotInflight",
      `Value ${handle} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.`,
    );
  }
  message.visibleAtMs = nowMs + (seconds ?? 0) * 1_000;
  queue.wake();
}

/** The account lets anybody in; what its policy denies to everybody stays denied. sqs/policy */
function sendable(state: MessageState, url: string | undefined): Queue {
  const queue = state.queue(url);
  const request = { action: "sqs:SendMessage", resource: queue.arn, context: {} };
  if (verdictOf(queue.attributes.Policy, request) === "deny") {
    throw new AwsError("AccessDenied", "Access to the resource is denied by its policy.", 403);
  }
  return queue;
}

function messageOf(state: MessageState, queue: Queue, sent: Sent): Message {
  const { MessageBody: body = "", DelaySeconds: delay = queue.seconds("DelaySeconds") } = sent;
  if (Object.keys(sent.MessageAttributes ?? {}).length > 0) throw unmodelled("message attributes");
  if (body === "")
    throw new AwsError("MissingParameter", "The request must contain the parameter MessageBody.");
  // sqs/message-contents
  if (/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u.test(body)) {
    throw new AwsError("InvalidMessageContents", "The message contains characters outside the allowed set.");
  }
  const most = queue.seconds("MaximumMessageSize");
  if (Buffer.byteLength(body) > most) {
    throw new AwsError(
      "InvalidParameterValue",
      `One or more parameters are invalid. Reason: Message must be shorter than ${most} bytes.`,
    );
  }
  checkRange("DelaySeconds", delay, 0, LONGEST_DELAY_SECONDS);
  return newMessage(state.context, body, state.caller().userIdentity.principalId, delay);
}

export function newMessage(context: AccountContext, body: string, senderId: string, delay: number): Message {
  const nowMs = context.clock.nowMs();
  return {
    id: uuidFrom(context),
    body,
    senderId,
    sentAtMs: nowMs,
    visibleAtMs: nowMs + delay * 1_000,
    receives: 0,
    firstReceivedAtMs: undefined,
  };
}

function checkRange(member: string, value: number | undefined, least: number, most: number): void {
  if (value !== undefined && Number.isInteger(value) && value >= least && value <= most) return;
  throw invalidValue(member, value, `Must be between ${least} and ${most}, if provided.`);
}

/** sqs/batches @throws AwsError */
function checkedBatch<Entry extends { Id?: string | undefined }>(
  entries: readonly Entry[] = [],
): readonly Entry[] {
  const no = (code: string, message: string) => new AwsError(`AWS.SimpleQueueService.${code}`, message);
  const ids = entries.map(({ Id }) => Id ?? "");
  if (ids.length === 0) throw no("EmptyBatchRequest", "There should be at least one entry in the request.");
  if (ids.length > MOST_PER_CALL) {
    throw no(
      "TooManyEntriesInBatchRequest",
      `Maximum number of entries per request are ${MOST_PER_CALL}. You have sent ${ids.length}.`,
    );
  }
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw no("BatchEntryIdsNotDistinct", `Id ${twice} repeated.`);
  if (!ids.every((id) => /^[\w-]{1,80}$/.test(id))) {
    throw no(
      "InvalidBatchEntryId",
      "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.",
    );
  }
  return entries;
}

/** What fails of a batch fails for itself. sqs/batches */
function each<Entry extends { Id?: string | undefined }, Done>(
  entries: readonly Entry[],
  run: (entry: Entry) => Done,
): { Successful: Done[]; Failed: sqs.BatchResultErrorEntry[] } {
  const Successful: Done[] = [];
  const Failed: sqs.BatchResultErrorEntry[] = [];
  for (const entry of entries) {
    try {
      Successful.push(run(entry));
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      Failed.push({ Id: entry.Id, SenderFault: true, Code: error.code, Message: error.message });
    }
  }
  return { Successful, Failed };
}
