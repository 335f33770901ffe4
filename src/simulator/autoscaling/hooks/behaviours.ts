/** What lifecycle hooks of the simulated account promise to do as AWS's do, and where AWS says so. */
import { type Behaviour, documented } from "../../account/documented.ts";

const GUIDE = "https://docs.aws.amazon.com/autoscaling/ec2/userguide";
const API = "https://docs.aws.amazon.com/autoscaling/ec2/APIReference";

export const HOOK_BEHAVIOURS: readonly Behaviour[] = documented("autoscaling", "autoscaling", [
  [
    "hook-defaults",
    "A lifecycle hook has a heartbeat of 3600 s and ABANDON as its result unless told otherwise.",
    `${API}/API_PutLifecycleHook.html`,
  ],
  [
    "hook-update",
    "Putting a hook again changes what is given; an empty target takes the target away.",
    `${API}/API_PutLifecycleHook.html`,
  ],
  [
    "hook-test-message",
    "A hook is put only when its target takes a test message.",
    `${API}/API_PutLifecycleHook.html`,
  ],
  [
    "hooks-on-launch",
    "A launching instance runs, waits for the hooks in Pending:Wait, goes through Pending:Proceed, and then comes into service and to its target groups.",
    `${GUIDE}/lifecycle-hooks-overview.html`,
  ],
  [
    "hooks-on-termination",
    "A terminating instance is drained, waits for the hooks in Terminating:Wait, and goes through Terminating:Proceed, also when EC2 has lost it already.",
    `${GUIDE}/lifecycle-hooks-overview.html`,
  ],
  [
    "several-hooks",
    "An instance goes on when each of several hooks has let it; one that is abandoned ends the others.",
    `${GUIDE}/adding-lifecycle-hooks.html`,
  ],
  [
    "abandoned-launch",
    "An instance whose launch is abandoned is terminated, and the launch is tried again.",
    `${GUIDE}/adding-lifecycle-hooks.html`,
  ],
  [
    "hook-timeout",
    "A hook whose heartbeat is not recorded in time ends with its default result.",
    `${API}/API_LifecycleHook.html`,
  ],
  [
    "hook-heartbeat",
    "A recorded heartbeat starts the timeout anew.",
    `${API}/API_RecordLifecycleActionHeartbeat.html`,
  ],
  [
    "hook-longest-wait",
    "No instance waits longer than 48 hours or 100 heartbeats, whichever is less.",
    `${API}/API_LifecycleHook.html`,
  ],
  [
    "action-by-token",
    "A lifecycle action is completed by its token or by the instance, and only once.",
    `${API}/API_CompleteLifecycleAction.html`,
  ],
  [
    "delete-hook",
    "With a hook its outstanding actions end: launches are abandoned, terminations continue.",
    `${API}/API_DeleteLifecycleHook.html`,
  ],
  [
    "hook-notification",
    "The target of a hook is told of each waiting instance: its token, where it comes from and where it goes.",
    `${GUIDE}/prepare-for-lifecycle-notifications.html`,
  ],
  [
    "hook-texts",
    "The activity of an abandoned launch is cancelled, and says with which token and why.",
    `${GUIDE}/tutorial-lifecycle-hook-instance-metadata.html`,
  ],
  [
    "wait-unchecked",
    "The health of an instance that waits for hooks is not checked.",
    `${GUIDE}/lifecycle-hooks.html`,
  ],
  [
    "retained-instances",
    "With retention, an instance whose termination is abandoned stays in Terminating:Retained, counts for nothing, goes only when the user terminates it, and keeps the group from forced deletion.",
    `${GUIDE}/instance-lifecycle-policy.html`,
  ],
]);
