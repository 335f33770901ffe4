/**
 * Processes without which AWS replaces no instance in a refresh, and gives it up after an hour
 * (docs.aws.amazon.com/autoscaling/ec2/userguide/understand-how-suspending-processes-affects-other-processes.html).
 */
const NEEDED: readonly string[] = ["Launch", "Terminate", "InstanceRefresh"];

/** Those of the suspended processes that keep a rollout from coming on. */
export function stopRollouts(suspended: readonly string[]): string[] {
  return NEEDED.filter((process) => suspended.includes(process));
}
