/**
 * Addresses of resources in AWS's own console, as that shows them in its address bar. AWS promises their form nowhere;
 * a resource for which none is known stays text. The simulated account has no console.
 */
import type { PageContext } from "../model/status-page.ts";

interface Place {
  cloud: PageContext["cloud"];
  region: unknown;
}

interface Named {
  kind: string;
  name: string;
  arn?: string;
}

/** Below `/ec2/home` or `/cloudwatch/home` of a Region, by kind of resource. */
const VIEWS: Record<string, (resource: { name: string; id: string }) => string> = {
  loadBalancer: ({ id }) => `ec2/home#LoadBalancer:loadBalancerArn=${id}`,
  listener: ({ id }) => `ec2/home#ELBListenerV2:listenerArn=${id}`,
  targetGroup: ({ id }) => `ec2/home#TargetGroup:targetGroupArn=${id}`,
  launchTemplate: ({ id }) => `ec2/home#LaunchTemplateDetails:launchTemplateId=${id}`,
  autoScalingGroup: ({ name }) => `ec2/home#AutoScalingGroupDetails:id=${name}`,
  alarm: ({ name }) => `cloudwatch/home#alarmsV2:alarm/${name}`,
};

/** Hosts of the partitions, by how the names of their Regions begin. */
const HOSTS: readonly [string, string][] = [
  ["cn-", "console.amazonaws.cn"],
  ["us-gov-", "console.amazonaws-us-gov.com"],
  ["us-iso", ""],
  ["eu-isoe-", ""],
  ["eusc-", ""],
  ["", "console.aws.amazon.com"],
];

export function resourceAddress(place: Place, { kind, name, arn }: Named): string | undefined {
  const view = VIEWS[kind];
  if (view === undefined || arn === undefined) return undefined;
  return addressOf(place, view({ name: encodeURIComponent(name), id: encodeURIComponent(arn) }));
}

export function instanceAddress(place: Place, instanceId: string): string | undefined {
  return addressOf(place, `ec2/home#InstanceDetails:instanceId=${encodeURIComponent(instanceId)}`);
}

function addressOf({ cloud, region }: Place, view: string): string | undefined {
  if (cloud !== "aws" || typeof region !== "string" || !/^[a-z0-9-]+$/.test(region)) return undefined;
  const host = HOSTS.find(([beginning]) => region.startsWith(beginning))?.[1] ?? "";
  if (host === "") return undefined;
  const [path, fragment] = view.split("#", 2);
  return `https://${region}.${host}/${path}?region=${region}#${fragment}`;
}
