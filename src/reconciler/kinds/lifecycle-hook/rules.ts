import { nameRule } from "../names/rule.ts";
import { AUTO_SCALING_API, type SpecRule } from "../spec-rule.ts";
import type { LifecycleHookSpec } from "./schema.ts";

const PUT = `${AUTO_SCALING_API}/API_PutLifecycleHook.html` as const;

const TARGET = /^arn:[^:]+:(sns|sqs|lambda):[^:]*:[0-9]{12}:.+$/;

/** Topics and queues are published to by a role; a function is not. What is still looked up is a topic. */
function needsRole({ notificationTargetArn: target }: LifecycleHookSpec): boolean {
  if (target === undefined) return false;
  return typeof target !== "string" || ["sns", "sqs"].includes(TARGET.exec(target)?.[1] ?? "");
}

export const lifecycleHookRules: readonly SpecRule<LifecycleHookSpec>[] = [
  nameRule({
    must: "have letters, digits, hyphens, underscores and slashes only",
    isAllowed: (name) => /^[A-Za-z0-9\-_/]+$/.test(name),
    source: PUT,
  }),
  {
    at: "notificationTargetArn",
    must: "be the ARN of a topic of SNS, a queue of SQS or a Lambda function",
    when: ({ notificationTargetArn: target }) => typeof target === "string" && !TARGET.test(target),
    source: PUT,
  },
  {
    at: "roleArn",
    must: "be given with a topic or a queue",
    when: (hook) => needsRole(hook) && hook.roleArn === undefined,
    says: "is required with a topic or a queue: AWS publishes by it",
    reason: "FieldValueRequired",
    source: PUT,
  },
  {
    at: "roleArn",
    must: "be given with a topic or a queue only",
    when: (hook) => !needsRole(hook) && hook.roleArn !== undefined,
    says: "goes with a topic or a queue only",
    source: PUT,
  },
];
