import { AUTO_SCALING_API, type SpecRule } from "../spec-rule.ts";
import type { NotificationSpec } from "./schema.ts";

/** Of a group's notifications together. */
export const notificationRules: readonly SpecRule<Readonly<Record<string, NotificationSpec>>>[] = [
  {
    at: "",
    must: "name each topic once",
    each: (notifications) => {
      const first = new Map<string, string>();
      return Object.entries(notifications).flatMap(([name, { topicArn }]) => {
        const topic = JSON.stringify(topicArn);
        const before = first.get(topic);
        if (before === undefined) first.set(topic, name);
        return before === undefined
          ? []
          : [`${before} and ${name} name one topic; AWS keeps one list of events for it`];
      });
    },
    reason: "FieldValueDuplicate",
    source: `${AUTO_SCALING_API}/API_PutNotificationConfiguration.html`,
  },
];
