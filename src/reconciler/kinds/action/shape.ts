/** Listener and rule actions in comparable shape: AWS's form of them with its echoes removed. */

import { targetGroupAddress } from "../../../model/address.ts";
import type { Value } from "../../../model/value.ts";
import { refTo, setOf, sortedSet } from "../../core/references.ts";
import type { Fields } from "../../core/resource.ts";
import { asRecord, choice, optionalNumber, optionalText, records, text } from "../field-values.ts";
import type { Item } from "../kind.ts";
import { required } from "../required.ts";
import { type ActionSpec, redirectSchema, targetGroupsOf } from "./schema.ts";

type Action = NonNullable<Item<"elasticloadbalancing:DescribeRules", "Rules">["Actions"]>[number];
type TargetGroupTuple = NonNullable<NonNullable<Action["ForwardConfig"]>["TargetGroups"]>[number];

/** An action of the spec in comparable shape. With one target group its weight means nothing and is left out. */
export function desiredAction(action: ActionSpec): Value {
  if (action.redirect !== undefined) return { type: "redirect", ...action.redirect };
  if (action.fixedResponse !== undefined) {
    const { statusCode, contentType, messageBody } = action.fixedResponse;
    return { type: "fixed-response", statusCode, contentType, ...(messageBody ? { messageBody } : {}) };
  }
  const entries =
    action.forward?.targetGroups ?? targetGroupsOf(action).map((targetGroup) => ({ targetGroup, weight: 1 }));
  const arn = (name: string) => refTo(targetGroupAddress(name), "arn");
  const stickiness = action.forward?.stickiness;
  return {
    type: "forward",
    targetGroups: setOf(
      entries.length === 1
        ? entries.map((entry) => ({ arn: arn(entry.targetGroup) }))
        : entries.map((entry) => ({ arn: arn(entry.targetGroup), weight: entry.weight })),
    ),
    ...(stickiness?.enabled && stickiness.durationSeconds !== undefined
      ? { stickinessSeconds: stickiness.durationSeconds }
      : {}),
  };
}

/**
 * AWS's actions in comparable shape. AWS fills what a redirect leaves open, mirrors a single target group into
 * ForwardConfig, and keeps no order among target groups (aws API reference: Action, ForwardActionConfig).
 * @throws CloudError `malformed` for an action that lacks what makes it one: what is read here is also written back,
 *   with the weights of a cutover, and an empty ARN or code must not be
 */
export function observedAction(actions: readonly Action[]): Value {
  const ordered = [...actions].sort((a, b) => (a.Order ?? 0) - (b.Order ?? 0));
  const last = ordered.at(-1);
  const before = ordered.slice(0, -1).map((action) => required(action.Type, "Type of an action"));
  const value = last === undefined ? { type: "none" } : observedFinalAction(last);
  return before.length === 0 ? value : { ...value, after: before };
}

function observedFinalAction(action: Action): Fields {
  const { RedirectConfig: redirect, FixedResponseConfig: fixed } = action;
  if (action.Type === "redirect") {
    const { StatusCode } = required(redirect, "RedirectConfig");
    return {
      type: "redirect",
      protocol: redirect?.Protocol ?? "#{protocol}",
      host: redirect?.Host ?? "#{host}",
      port: redirect?.Port ?? "#{port}",
      path: redirect?.Path ?? "/#{path}",
      query: redirect?.Query ?? "#{query}",
      statusCode: required(StatusCode, "StatusCode of a redirect"),
    };
  }
  if (action.Type === "fixed-response") {
    const { StatusCode, ContentType, MessageBody } = required(fixed, "FixedResponseConfig");
    return {
      type: "fixed-response",
      statusCode: required(StatusCode, "StatusCode of a fixed response"),
      contentType: ContentType ?? "text/plain",
      ...(MessageBody ? { messageBody: MessageBody } : {}),
    };
  }
  const type = required(action.Type, "Type of an action");
  if (type !== "forward") return { type };
  const listed: readonly TargetGroupTuple[] = action.ForwardConfig?.TargetGroups ?? [];
  const tuples = listed.length > 0 ? listed : [{ TargetGroupArn: action.TargetGroupArn }];
  const arnIn = (tuple: TargetGroupTuple) => required(tuple.TargetGroupArn, "a target group of a forward");
  const stickiness = action.ForwardConfig?.TargetGroupStickinessConfig;
  return {
    type: "forward",
    targetGroups: sortedSet(
      tuples.length === 1
        ? tuples.map((tuple) => ({ arn: arnIn(tuple) }))
        : tuples.map((tuple) => ({ arn: arnIn(tuple), weight: tuple.Weight ?? 1 })),
    ),
    ...(stickiness?.Enabled
      ? { stickinessSeconds: required(stickiness.DurationSeconds, "DurationSeconds of a stickiness") }
      : {}),
  };
}

/** ARNs of the target groups that an action in comparable shape forwards to. */
export function targetGroupArnsIn(action: Value): string[] {
  const value = asRecord(action, "action");
  if (value.targetGroups === undefined) return [];
  return records(value, "targetGroups").map((entry) => text(entry, "arn"));
}

/** A resolved action as AWS wants it. */
export function awsActions(action: Value | undefined): Action[] {
  const value = asRecord(action, "action");
  const type = text(value, "type");
  if (type === "redirect") {
    return [
      {
        Type: "redirect",
        RedirectConfig: {
          Protocol: text(value, "protocol"),
          Host: text(value, "host"),
          Port: text(value, "port"),
          Path: text(value, "path"),
          Query: text(value, "query"),
          StatusCode: choice(value, "statusCode", redirectSchema.properties.statusCode.enum),
        },
      },
    ];
  }
  if (type === "fixed-response") {
    const body = optionalText(value, "messageBody");
    return [
      {
        Type: "fixed-response",
        FixedResponseConfig: {
          StatusCode: text(value, "statusCode"),
          ContentType: text(value, "contentType"),
          ...(body === undefined ? {} : { MessageBody: body }),
        },
      },
    ];
  }
  const seconds = optionalNumber(value, "stickinessSeconds");
  return [
    {
      Type: "forward",
      ForwardConfig: {
        TargetGroups: records(value, "targetGroups").map((entry) => ({
          TargetGroupArn: text(entry, "arn"),
          Weight: optionalNumber(entry, "weight") ?? 1,
        })),
        TargetGroupStickinessConfig:
          seconds === undefined ? { Enabled: false } : { Enabled: true, DurationSeconds: seconds },
      },
    },
  ];
}
