/** Target groups of a group: attached, detached, and in what state. */
import type * as asg from "@aws-sdk/client-auto-scaling";
import { AwsError } from "../account/aws-error.ts";
import { pageOf } from "../account/paging.ts";
import { pageSize } from "./activities.ts";
import { checksElb } from "./health.ts";
import { register } from "./instance-lifecycle.ts";
import { refuseWhileRefreshing } from "./refresh-operations.ts";
import {
  type Attachment,
  anyGroupNamed,
  type Group,
  groupNamed,
  invalid,
  isSuspended,
  liveMembers,
  QUOTAS,
  type State,
} from "./state.ts";

/** More in one call are refused. autoscaling/attach-ten */
const PER_CALL = 10;

export function targetGroupOperations(state: State) {
  return {
    AttachLoadBalancerTargetGroups(input: asg.AttachLoadBalancerTargetGroupsType): object {
      attachAll(state, groupNamed(state, input.AutoScalingGroupName), input.TargetGroupARNs ?? []);
      return {};
    },
    DetachLoadBalancerTargetGroups(input: asg.DetachLoadBalancerTargetGroupsType): object {
      detachAll(state, groupNamed(state, input.AutoScalingGroupName), input.TargetGroupARNs ?? []);
      return {};
    },
    // autoscaling/traffic-sources
    AttachTrafficSources(input: asg.AttachTrafficSourcesType): object {
      attachAll(state, groupNamed(state, input.AutoScalingGroupName), sourcesOf(input.TrafficSources));
      return {};
    },
    DetachTrafficSources(input: asg.DetachTrafficSourcesType): object {
      detachAll(state, groupNamed(state, input.AutoScalingGroupName), sourcesOf(input.TrafficSources));
      return {};
    },
    DescribeLoadBalancerTargetGroups(
      input: asg.DescribeLoadBalancerTargetGroupsRequest,
    ): asg.DescribeLoadBalancerTargetGroupsResponse {
      const { group, items, next } = attachmentsPage(state, input, 100);
      return {
        LoadBalancerTargetGroups: items.map((one) => ({
          LoadBalancerTargetGroupARN: one.arn,
          State: stateOf(group, one),
        })),
        NextToken: next,
      };
    },
    DescribeTrafficSources(input: asg.DescribeTrafficSourcesRequest): asg.DescribeTrafficSourcesResponse {
      const { group, items, next } = attachmentsPage(state, input, 50);
      const isWanted = input.TrafficSourceType === undefined || input.TrafficSourceType === "elbv2";
      return {
        TrafficSources: (isWanted ? items : []).map((one) => ({
          TrafficSource: one.arn,
          Identifier: one.arn,
          Type: "elbv2",
          State: stateOf(group, one),
        })),
        NextToken: next,
      };
    },
  };
}

/** @throws AwsError for a source that is no target group of Elastic Load Balancing v2: the account has no others */
export function sourcesOf(sources: readonly asg.TrafficSourceIdentifier[] | undefined): string[] {
  return (sources ?? []).map((source) => {
    if ((source.Type ?? "elbv2") !== "elbv2") {
      throw invalid(`The simulated account does not model traffic sources of type ${source.Type}.`);
    }
    return source.Identifier ?? "";
  });
}

function attachAll(state: State, group: Group, given: readonly string[]): void {
  refuseWhileRefreshing(group);
  const arns = [...new Set(given)];
  checkPerCall(arns);
  // One that is on its way out is taken back in.
  const fresh = arns.filter((arn) => isDetached(group, arn));
  checkTargetGroups(state, fresh, group.attachments.size);
  for (const arn of fresh) attach(state, group, arn, false);
}

function detachAll(state: State, group: Group, given: readonly string[]): void {
  const arns = [...new Set(given)];
  checkPerCall(arns);
  const strangers = arns.filter((arn) => !group.attachments.has(arn));
  if (strangers.length > 0) {
    throw invalid(`Trying to remove Target Groups that are not part of the group: [${strangers.join(", ")}]`);
  }
  for (const arn of arns) detach(state, group, arn);
}

function attachmentsPage(
  state: State,
  input: {
    AutoScalingGroupName?: string | undefined;
    NextToken?: string | undefined;
    MaxRecords?: number | undefined;
  },
  most: number,
): { group: Group; items: readonly Attachment[]; next: string | undefined } {
  const group = anyGroupNamed(state, input.AutoScalingGroupName);
  const page = pageOf(
    [...group.attachments.values()],
    (attachment) => attachment.arn,
    { token: input.NextToken, size: pageSize(input.MaxRecords, most) },
    "InvalidNextToken",
  );
  return { group, items: page.items, next: page.next };
}

function checkPerCall(arns: readonly string[]): void {
  if (arns.length > PER_CALL)
    throw invalid(`Trying to update too many Load Balancers/Target Groups at once. The limit is ${PER_CALL}`);
}

/** @throws AwsError for one that does not exist, or one too many */
export function checkTargetGroups(state: State, arns: readonly string[], present: number): void {
  if (arns.some((arn) => !state.parts.elb.targetGroupExists(arn))) {
    throw invalid("Provided Target Groups may not be valid. Please ensure they exist and try again.");
  }
  if (present + arns.length > QUOTAS.targetGroups) {
    throw new AwsError(
      "LimitExceeded",
      `At most ${QUOTAS.targetGroups} target groups per Auto Scaling group.`,
    );
  }
}

/** @param atCreation given with CreateAutoScalingGroup: in service from the start. autoscaling/attachment-states */
export function attach(state: State, group: Group, arn: string, atCreation: boolean): void {
  group.attachments.set(arn, { arn, inService: atCreation, removing: undefined });
  if (isSuspended(group, "AddToLoadBalancer")) return;
  for (const member of liveMembers(group)) if (member.lifecycle === "InService") register(state, member, arn);
  state.touch(group);
}

function isDetached(group: Group, arn: string): boolean {
  const attachment = group.attachments.get(arn);
  return attachment === undefined || attachment.removing !== undefined;
}

function detach(state: State, group: Group, arn: string): void {
  const attachment = group.attachments.get(arn);
  if (attachment === undefined || attachment.removing !== undefined) return;
  const members = [...group.members.values()].filter((member) => member.registered.delete(arn));
  attachment.removing = members.length;
  const drained = (): void => {
    attachment.removing = (attachment.removing ?? 0) - 1;
    if (attachment.removing <= 0 && group.attachments.get(arn) === attachment) group.attachments.delete(arn);
  };
  if (members.length === 0 || !state.parts.elb.targetGroupExists(arn)) {
    group.attachments.delete(arn);
    return;
  }
  for (const member of members) state.parts.elb.deregister(arn, member.instanceId, drained);
}

/** autoscaling/attachment-states */
function stateOf(group: Group, attachment: Attachment): string {
  if (attachment.removing !== undefined) return "Removing";
  const inService = [...group.members.values()].filter((member) => member.lifecycle === "InService");
  if (attachment.inService && checksElb(group)) return "InService";
  return inService.every((member) => member.registered.has(attachment.arn)) ? "Added" : "Adding";
}
