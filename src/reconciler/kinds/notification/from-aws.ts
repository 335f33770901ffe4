/** What a topic is told of, as AWS describes it, as its part of a spec. */
import { held, inOrderOf, type Written } from "../from-aws.ts";
import type { Notification } from "./kind.ts";
import { notificationSchema } from "./schema.ts";

export function notificationFromAws(items: Notification): Written {
  const part = {
    topicArn: items[0]?.TopicARN,
    notificationTypes: items.flatMap(({ NotificationType: type }) => type ?? []).sort(),
  };
  return held(inOrderOf(notificationSchema, part));
}
