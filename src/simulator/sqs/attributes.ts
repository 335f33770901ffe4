/** The attributes of a queue that can be set: their ranges, defaults and AWS's words about others. */
import { AwsError } from "../account/aws-error.ts";
import { unmodelled } from "./errors.ts";
import { parsePolicy } from "./policy.ts";

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html */
const NUMBERS: Readonly<Record<string, readonly [least: number, most: number, usual: number]>> = {
  VisibilityTimeout: [0, 43_200, 30],
  MessageRetentionPeriod: [60, 1_209_600, 345_600],
  ReceiveMessageWaitTimeSeconds: [0, 20, 0],
  DelaySeconds: [0, 900, 0],
  MaximumMessageSize: [1_024, 1_048_576, 1_048_576],
};
const UNMODELLED = ["RedrivePolicy", "RedriveAllowPolicy", "KmsMasterKeyId", "KmsDataKeyReusePeriodSeconds"];
const FIFO = ["FifoQueue", "ContentBasedDeduplication", "DeduplicationScope", "FifoThroughputLimit"];

export type SettableAttributes = Readonly<Record<string, string>>;

export const USUAL_ATTRIBUTES: SettableAttributes = {
  ...Object.fromEntries(Object.entries(NUMBERS).map(([name, [, , usual]]) => [name, String(usual)])),
  SqsManagedSseEnabled: "true",
};

/** What the queue has after the change. sqs/attributes @throws AwsError */
export function changedAttributes(before: SettableAttributes, given: SettableAttributes): SettableAttributes {
  for (const [name, value] of Object.entries(given)) check(name, value);
  const after = { ...before, ...given };
  // An empty policy is none.
  return Object.fromEntries(
    Object.entries(after).filter(([name, value]) => name !== "Policy" || value !== ""),
  );
}

function check(name: string, value: string): void {
  if (name === "Policy") {
    if (value !== "" && parsePolicy(value) === undefined) throw invalid(name);
    return;
  }
  if (name === "SqsManagedSseEnabled") {
    if (!/^(true|false)$/.test(value)) throw invalid(name);
    return;
  }
  if (FIFO.includes(name)) throw unmodelled("FIFO queues");
  if (UNMODELLED.includes(name)) throw unmodelled(`the attribute ${name}`);
  const range = NUMBERS[name];
  if (range === undefined) throw new AwsError("InvalidAttributeName", `Unknown Attribute ${name}.`);
  const number = Number(value);
  if (!/^\d+$/.test(value) || number < range[0] || number > range[1]) throw invalid(name);
}

function invalid(name: string): AwsError {
  return new AwsError("InvalidAttributeValue", `Invalid value for the parameter ${name}.`);
}
