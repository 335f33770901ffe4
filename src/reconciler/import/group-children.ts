/** What sits on a group, as its parts of a manifest. Pure. */
import {
  type Address,
  lifecycleHookAddress,
  notificationAddress,
  scheduledActionAddress,
} from "../../model/address.ts";
import type { KindName } from "../../model/kind-name.ts";
import type { Answers } from "../kinds/coverage/answer-members.ts";
import type { Written } from "../kinds/from-aws.ts";
import { lifecycleHookFromAws } from "../kinds/lifecycle-hook/from-aws.ts";
import { notificationFromAws } from "../kinds/notification/from-aws.ts";
import { byTopic } from "../kinds/notification/kind.ts";
import { nameOnGroup } from "../kinds/on-group.ts";
import { scheduledActionFromAws } from "../kinds/scheduled-action/from-aws.ts";
import { childKeys } from "./child-keys.ts";
import type { GroupDetails } from "./surroundings.ts";

export interface GroupChild {
  /** In the map of its kind. */
  readonly key: string;
  readonly resource: {
    readonly address: Address;
    readonly kind: KindName;
    readonly name: string;
    readonly id: string;
    readonly answers: Answers;
  };
  readonly written: Written;
}

export interface GroupChildren {
  readonly scheduledActions: readonly GroupChild[];
  readonly lifecycleHooks: readonly GroupChild[];
  readonly notifications: readonly GroupChild[];
}

/** @param at its place in the manifest @param group its name @param nowMs when it was read */
export function groupChildrenOf(
  at: Address,
  group: string,
  { scheduledActions, lifecycleHooks, notifications }: GroupDetails,
  nowMs: number,
): GroupChildren {
  return {
    scheduledActions: children(group, scheduledActions, {
      kind: "scheduledAction",
      operation: "autoscaling:DescribeScheduledActions",
      nameOf: ({ ScheduledActionName: name = "" }) => name,
      addressOf: (key) => scheduledActionAddress(at, key),
      write: (action) => scheduledActionFromAws(action, nowMs),
    }),
    lifecycleHooks: children(group, lifecycleHooks, {
      kind: "lifecycleHook",
      operation: "autoscaling:DescribeLifecycleHooks",
      nameOf: ({ LifecycleHookName: name = "" }) => name,
      addressOf: (key) => lifecycleHookAddress(at, key),
      write: lifecycleHookFromAws,
    }),
    notifications: children(
      group,
      byTopic(notifications).map(([, items]) => items),
      {
        kind: "notification",
        operation: "autoscaling:DescribeNotificationConfigurations",
        nameOf: ([item]) => item?.TopicARN ?? "",
        keyedBy: (topic) => topic.slice(topic.lastIndexOf(":") + 1),
        addressOf: (key) => notificationAddress(at, key),
        write: notificationFromAws,
      },
    ),
  };
}

interface Sort<Item> {
  readonly kind: KindName;
  readonly operation: string;
  readonly nameOf: (item: Item) => string;
  /** What of the name its key is made of. */
  readonly keyedBy?: (name: string) => string;
  readonly addressOf: (key: string) => Address;
  readonly write: (item: Item) => Written;
}

function children<Item>(group: string, items: readonly Item[], sort: Sort<Item>): GroupChild[] {
  const { kind, operation, nameOf, keyedBy = (name) => name, addressOf, write } = sort;
  const keys = childKeys(items.map((item) => keyedBy(nameOf(item))));
  return items.map((item) => {
    const name = nameOf(item);
    const key = keys.get(keyedBy(name)) ?? name;
    const id = nameOnGroup(group, name);
    const resource = { address: addressOf(key), kind, name, id, answers: { [operation]: item } };
    return { key, resource, written: write(item) };
  });
}
