/** What the simulated account promises to do with the calls of SQS as AWS does, and where AWS says so. */
import { type Behaviour, documented } from "../account/documented.ts";

const GUIDE = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide";
const API = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference";

export const SQS_BEHAVIOURS: readonly Behaviour[] = documented("sqs", "sqs", [
  [
    "names",
    "The name of a queue has 1 to 80 letters, digits, hyphens and underscores.",
    `${API}/API_CreateQueue.html`,
  ],
  [
    "create-again",
    "A queue that is there is answered with its URL, unless it is asked for with other attributes.",
    `${API}/API_CreateQueue.html`,
  ],
  [
    "sixty-seconds",
    "A name can be used again 60 seconds after its queue was deleted, and a queue is purged once in 60 seconds.",
    `${API}/API_DeleteQueue.html`,
  ],
  [
    "attributes",
    "An attribute outside of its range, or an unknown one, is refused.",
    `${API}/API_SetQueueAttributes.html`,
  ],
  ["list-pages", "A list has a next page only where MaxResults is given.", `${API}/API_ListQueues.html`],
  [
    "at-least-once",
    "A message can be received more than once.",
    `${GUIDE}/standard-queues-at-least-once-delivery.html`,
  ],
  [
    "best-effort-order",
    "Messages can be received in another order than they were sent in.",
    `${GUIDE}/standard-queues.html`,
  ],
  [
    "long-polling",
    "A receive that may wait, at most 20 seconds, answers as soon as there is a message.",
    `${GUIDE}/sqs-short-and-long-polling.html`,
  ],
  [
    "visibility-timeout",
    "A received message is hidden until its visibility timeout is over, and then received again unless it was deleted.",
    `${GUIDE}/sqs-visibility-timeout.html`,
  ],
  [
    "receipt-handles",
    "Each receive of a message gives another receipt handle; with an earlier one it may stay undeleted, and nobody is told.",
    `${API}/API_DeleteMessage.html`,
  ],
  [
    "retention",
    "A message that nobody deletes goes when its retention period is over.",
    `${API}/API_SetQueueAttributes.html`,
  ],
  ["in-flight", "At most 120,000 messages are in flight.", `${GUIDE}/quotas-messages.html`],
  ["message-contents", "A message is text that XML allows, of at most 1 MiB.", `${API}/API_SendMessage.html`],
  [
    "batches",
    "A batch has at most ten entries of distinct ids; each succeeds or fails for itself.",
    `${API}/API_SendMessageBatch.html`,
  ],
  [
    "policy",
    "What the queue's policy denies to everybody is AccessDenied.",
    `${GUIDE}/sqs-creating-custom-policies.html`,
  ],
  [
    "policy-for-rules",
    "EventBridge can send only what the queue's policy lets it send from that rule; otherwise nothing comes, and nobody is told.",
    "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html",
  ],
]);
