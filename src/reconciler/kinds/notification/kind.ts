import { childNameOf, notificationAddress } from "../../../model/address.ts";
import { callOf } from "../../core/actions.ts";
import { refTo, setOf, sortedSet } from "../../core/references.ts";
import type { Fields, ObservedResource, Seen } from "../../core/resource.ts";
import { toldMembersOf } from "../coverage/answer-members.ts";
import { text, texts } from "../field-values.ts";
import { theOne } from "../fresh-look.ts";
import type { Item, Kind, Reader } from "../kind.ts";
import { listOnGroups, lookOnGroup, nameOnGroup, placeOnGroup } from "../on-group.ts";
import { present, required } from "../required.ts";
import { memberOf } from "../spec-rule.ts";
import { notificationSchema } from "./schema.ts";

/** What AWS answers about one topic of a group: an item for each event. */
export type Notification = readonly Item<
  "autoscaling:DescribeNotificationConfigurations",
  "NotificationConfigurations"
>[];

const PUT = "autoscaling:PutNotificationConfiguration";
const DESCRIBE = "autoscaling:DescribeNotificationConfigurations";

/** Notifications have neither tags nor names: a group and a topic are all that there is of one. */
export const notification: Kind<Notification> = {
  name: "notification",
  title: "notification",
  family: "compute",
  traits: {},
  isWhole: true,
  schema: notificationSchema,
  tagSource: "parent",
  sitsOn: "autoScalingGroup",

  desired({ spec }, before) {
    return before("autoScalingGroup").flatMap((group) => {
      const { notifications = {} } = memberOf(spec.autoScalingGroups, childNameOf(group.address)) ?? {};
      return Object.entries(notifications).map(([child, { topicArn, notificationTypes }]) => ({
        address: notificationAddress(group.address, child),
        kind: "notification" as const,
        name: nameOnGroup(group.name, topicArn),
        fields: { notificationTypes: setOf(notificationTypes) },
        initial: { autoScalingGroup: refTo(group.address, "name"), topicArn },
      }));
    });
  },

  list(reader, _service, listed, sought) {
    return listOnGroups("notification", listed, sought, (group) => topicsOf(reader, group));
  },

  /** It is ours where the spec or a row says so. */
  isNamedByUs: () => false,

  async observe({ reader, found, sought }) {
    const types = found.raw.map(({ NotificationType: type }) => required(type, "NotificationType"));
    return {
      ...seen({
        name: found.id,
        address: placeOnGroup(found, sought),
        group: present(found.parent?.name, "its group's name"),
        topic: required(found.raw[0]?.TopicARN, "TopicARN"),
        fields: { notificationTypes: sortedSet(types) },
        nowMs: reader.nowMs(),
      }),
      members: toldMembersOf("notification", { [DESCRIBE]: found.raw }),
    };
  },

  create(_desired, fields) {
    return callOf(PUT, {
      AutoScalingGroupName: text(fields, "autoScalingGroup"),
      TopicARN: text(fields, "topicArn"),
      NotificationTypes: texts(fields, "notificationTypes"),
    });
  },

  /** AWS answers with nothing: what was sent is what is known. */
  created({ address, name }, sent, _output, nowMs) {
    const { autoScalingGroup: _group, topicArn: _topic, ...fields } = sent;
    const names = { group: text(sent, "autoScalingGroup"), topic: text(sent, "topicArn") };
    return seen({ name, address, fields, nowMs, ...names });
  },

  /** It takes the place of what the topic was told before. */
  update({ fields, observed: now }) {
    return [callOf(PUT, { ...nameInAws(now), NotificationTypes: texts(fields, "notificationTypes") })];
  },

  consequences: ({ differences }) =>
    differences === "removed" ? [{ effect: "interrupts", says: "its topic is not told any more" }] : [],

  remove(now) {
    return {
      calls: [callOf("autoscaling:DeleteNotificationConfiguration", nameInAws(now))],
      isLast: true,
    };
  },

  async lookAfresh(reader, now) {
    const { AutoScalingGroupName, TopicARN } = nameInAws(now);
    const [answer, look] = await Promise.all([
      reader.call(DESCRIBE, { AutoScalingGroupNames: [AutoScalingGroupName], MaxRecords: 100 }),
      lookOnGroup(reader, now),
    ]);
    const all = required(answer.NotificationConfigurations, "NotificationConfigurations");
    theOne(
      DESCRIBE,
      all.filter((one) => one.TopicARN === TopicARN),
      `notification to ${TopicARN}`,
    );
    return look;
  },
};

async function topicsOf(reader: Reader, group: string): Promise<(readonly [string, Notification])[]> {
  const items = await reader.list(
    DESCRIBE,
    { AutoScalingGroupNames: [group], MaxRecords: 100 },
    (page) => page.NotificationConfigurations,
  );
  return byTopic(items);
}

/** Topic → what AWS answers about it. */
export function byTopic(items: Notification): (readonly [string, Notification])[] {
  const topics = Map.groupBy(items, ({ TopicARN: topic }) => required(topic, "TopicARN"));
  return [...topics];
}

/** By what AWS takes it in a call. */
function nameInAws({ parent, attributes }: ObservedResource) {
  return {
    AutoScalingGroupName: present(parent, "its group"),
    TopicARN: present(attributes.topic, "its topic"),
  };
}

interface SeenNotification {
  readonly address: Seen["address"];
  readonly name: string;
  readonly group: string;
  readonly topic: string;
  readonly fields: Fields;
  readonly nowMs: number;
}

function seen({ address, name, group, topic, fields, nowMs }: SeenNotification): Seen {
  return {
    ...{ kind: "notification", id: name, name, address, fields },
    attributes: { topic },
    refersTo: [group],
    parent: group,
    lifecycle: "ready",
    observedAtMs: nowMs,
  };
}
