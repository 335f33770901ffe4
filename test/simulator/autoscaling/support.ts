import type * as asg from "@aws-sdk/client-auto-scaling";
import { buildLab, buildWeb, type Lab } from "../support.ts";

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

/** A launch template with one version for each image. */
export async function template(lab: Lab, name: string, ...images: string[]): Promise<void> {
  const [first = "ami-12345678", ...rest] = images;
  const data = (ImageId: string): object => ({ ImageId, InstanceType: "t3.medium" });
  await lab.call("ec2:CreateLaunchTemplate", { LaunchTemplateName: name, LaunchTemplateData: data(first) });
  for (const image of rest) {
    await lab.call("ec2:CreateLaunchTemplateVersion", {
      LaunchTemplateName: name,
      LaunchTemplateData: data(image),
    });
  }
}

export const GROUP: asg.CreateAutoScalingGroupType = {
  AutoScalingGroupName: "web",
  LaunchTemplate: { LaunchTemplateName: "web", Version: "1" },
  MinSize: 2,
  MaxSize: 10,
  VPCZoneIdentifier: "subnet-1a,subnet-1b,subnet-1c",
};

/** A group that has come to rest. */
export async function groupLab(
  input: Partial<asg.CreateAutoScalingGroupType> = {},
  images: string[] = ["ami-12345678"],
): Promise<Lab> {
  const lab = buildLab();
  await template(lab, "web", ...images);
  await lab.call("autoscaling:CreateAutoScalingGroup", { ...GROUP, ...input });
  await lab.clock.advance(5 * MINUTE);
  return lab;
}

export interface WebLab extends Lab {
  readonly targetGroup: string;
  readonly loadBalancer: string;
}

/** The article's tier: a load balancer in front of a group that trusts its health checks. */
export async function webLab(
  input: Partial<asg.CreateAutoScalingGroupType> = {},
  images: string[] = ["ami-12345678"],
  options: Parameters<typeof buildLab>[0] = {},
): Promise<WebLab> {
  const lab = buildLab(options);
  const web = await buildWeb(lab);
  await template(lab, "web", ...images);
  await lab.call("autoscaling:CreateAutoScalingGroup", {
    ...GROUP,
    TargetGroupARNs: [web.group],
    HealthCheckType: "ELB",
    HealthCheckGracePeriod: 120,
    ...input,
  });
  await lab.clock.advance(10 * MINUTE);
  return { ...lab, targetGroup: web.group, loadBalancer: web.loadBalancer };
}

export async function group(lab: Lab, name = "web"): Promise<asg.AutoScalingGroup> {
  const answer = await lab.call<asg.AutoScalingGroupsType>("autoscaling:DescribeAutoScalingGroups", {
    AutoScalingGroupNames: [name],
  });
  const found = answer.AutoScalingGroups?.[0];
  if (found === undefined) throw new Error(`no group ${name}`);
  return found;
}

export async function instances(lab: Lab): Promise<asg.Instance[]> {
  return (await group(lab)).Instances ?? [];
}

export async function inService(lab: Lab): Promise<string[]> {
  const all = await instances(lab);
  return all.filter((one) => one.LifecycleState === "InService").map((one) => one.InstanceId!);
}

export async function zones(lab: Lab): Promise<string[]> {
  const all = await instances(lab);
  return all
    .filter((one) => one.LifecycleState === "InService")
    .map((one) => one.AvailabilityZone!.slice(-1))
    .sort();
}

/** Newest first. */
export async function activities(lab: Lab): Promise<asg.Activity[]> {
  const answer = await lab.call<asg.ActivitiesType>("autoscaling:DescribeScalingActivities", {
    AutoScalingGroupName: "web",
  });
  return answer.Activities ?? [];
}

export async function refusalText(lab: Lab, operation: string, input: object): Promise<string> {
  try {
    await lab.call(operation, input);
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    return `${code}: ${message}`;
  }
  return "no error";
}

const WEB_NAME = { AutoScalingGroupName: "web" };

/** A call that names the group. */
export function ask<T = object>(lab: Lab, operation: string, input: object = {}): Promise<T> {
  return lab.call<T>(`autoscaling:${operation}`, { ...WEB_NAME, ...input });
}
