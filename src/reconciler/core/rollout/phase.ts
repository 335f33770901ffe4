/** What AWS's statuses of an instance refresh mean (docs.aws.amazon.com/autoscaling/ec2/APIReference/API_InstanceRefresh.html). */
import type { Refresh } from "../resource.ts";

const ACTIVE: readonly string[] = ["Pending", "InProgress", "Baking"];
const ENDING: readonly string[] = ["Cancelling", "RollbackInProgress"];
const GIVEN_UP: readonly string[] = ["Failed", "RollbackSuccessful", "RollbackFailed"];

/** Whether a refresh is under way, on its way out, or over. */
export function refreshPhase(refresh: Pick<Refresh, "status"> | undefined) {
  if (refresh === undefined) return "none";
  if (ACTIVE.includes(refresh.status)) return "active";
  return ENDING.includes(refresh.status) ? "ending" : "over";
}

/** Whether it ended without having brought its version to the instances, and nobody had called it off. */
export function isGivenUp({ status }: Pick<Refresh, "status">): boolean {
  return GIVEN_UP.includes(status);
}
