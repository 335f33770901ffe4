/** What notifications of the simulated account promise to do as AWS's do, and where AWS says so. */
import { type Behaviour, documented } from "../../account/documented.ts";

const GUIDE = "https://docs.aws.amazon.com/autoscaling/ec2/userguide";
const API = "https://docs.aws.amazon.com/autoscaling/ec2/APIReference";

export const NOTIFICATION_BEHAVIOURS: readonly Behaviour[] = documented("autoscaling", "autoscaling", [
  [
    "message-form",
    "A message names the account, the group and the time.",
    `${GUIDE}/ec2-auto-scaling-sns-notifications.html`,
  ],
  [
    "test-notification",
    "A topic that is put, for a hook or for notifications, is sent a test message.",
    `${API}/API_PutLifecycleHook.html`,
  ],
  [
    "notification-overwrites",
    "Putting a topic again replaces what it is told.",
    `${API}/API_PutNotificationConfiguration.html`,
  ],
  [
    "notification-events",
    "Topics are told of instances that were launched or terminated, and of launches that failed, those into a warm pool included.",
    `${GUIDE}/ec2-auto-scaling-sns-notifications.html`,
  ],
]);
