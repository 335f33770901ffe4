/** Those who share the account and keep to the rules: a scheduler, an operator, another team's load balancer. */
import type { AccountView } from "../judges/account-view.ts";
import { type AwsCall, oursIn } from "./saboteur.ts";

const FOREIGN_TAG = { Key: "CostCentre", Value: "4711" };

type Pick = <T>(items: readonly T[]) => T | undefined;

export const ERRANDS = {
  "scales within the bounds": (view: AccountView, pick: Pick): (AwsCall | undefined)[] => {
    const it = pick(oursIn(view).groups)?.it;
    if (it === undefined) return [];
    const size =
      (it.MinSize ?? 0) +
      (((it.DesiredCapacity ?? 0) - (it.MinSize ?? 0) + 1) % ((it.MaxSize ?? 0) - (it.MinSize ?? 0) + 1));
    return [
      [
        "autoscaling",
        "SetDesiredCapacity",
        { AutoScalingGroupName: it.AutoScalingGroupName, DesiredCapacity: size },
      ],
    ];
  },
  "tags our resources": (view: AccountView, pick: Pick): (AwsCall | undefined)[] => {
    const ours = oursIn(view);
    const arns = [
      ...ours.balancers.map((item) => item.it.LoadBalancerArn),
      ...ours.targetGroups.map((item) => item.it.TargetGroupArn),
    ];
    const arn = pick(arns);
    return [
      arn === undefined
        ? undefined
        : ["elasticloadbalancing", "AddTags", { ResourceArns: [arn], Tags: [FOREIGN_TAG] }],
    ];
  },
  "tags our group": (view: AccountView, pick: Pick): (AwsCall | undefined)[] => {
    const name = pick(oursIn(view).groups)?.it.AutoScalingGroupName;
    const tag = {
      ...FOREIGN_TAG,
      ResourceId: name,
      ResourceType: "auto-scaling-group",
      PropagateAtLaunch: false,
    };
    return [name === undefined ? undefined : ["autoscaling", "CreateOrUpdateTags", { Tags: [tag] }]];
  },
  "adds a rule of its own": (view: AccountView, pick: Pick): (AwsCall | undefined)[] => {
    const listener = pick(oursIn(view).listeners.filter((item) => item.it.Port === 443));
    if (listener === undefined) return [];
    const taken = listener.rules.map((rule) => Number(rule.it.Priority));
    const Priority = [401, 402, 403, 404].find((free) => !taken.includes(free));
    if (Priority === undefined) return [];
    return [
      [
        "elasticloadbalancing",
        "CreateRule",
        {
          ListenerArn: listener.it.ListenerArn,
          Priority,
          Conditions: [{ Field: "path-pattern", PathPatternConfig: { Values: ["/theirs/*"] } }],
          Actions: [{ Type: "fixed-response", FixedResponseConfig: { StatusCode: "200" } }],
        },
      ],
    ];
  },
  "runs a service of its own": (view: AccountView): (AwsCall | undefined)[] => {
    if (view.targetGroups.some((item) => item.it.TargetGroupName === "web-api-of-another")) return [];
    const owner = { Key: "holdfast.dev/owner", Value: "elsewhere/default/web-api" };
    const Tags = [owner, { Key: "holdfast.dev/resource", Value: "targetGroups.web" }];
    return [
      [
        "elasticloadbalancing",
        "CreateTargetGroup",
        { Name: "web-api-of-another", Protocol: "HTTP", Port: 80, VpcId: "vpc-12345678", Tags },
      ],
      [
        "elasticloadbalancing",
        "CreateLoadBalancer",
        {
          Name: "web-api-of-another",
          Subnets: ["subnet-1a", "subnet-1b"],
          Tags: [owner, { Key: "holdfast.dev/resource", Value: "loadBalancer" }],
        },
      ],
      [
        "cloudwatch",
        "PutMetricAlarm",
        {
          AlarmName: "elsewhere/default/web-api/high-5xx",
          Namespace: "AWS/ApplicationELB",
          MetricName: "RequestCount",
          Statistic: "Sum",
          Period: 60,
          EvaluationPeriods: 1,
          Threshold: 1,
          ComparisonOperator: "GreaterThanThreshold",
        },
      ],
    ];
  },
} satisfies Record<string, (view: AccountView, pick: Pick) => (AwsCall | undefined)[]>;

export type NeighbourName = keyof typeof ERRANDS;
export const NEIGHBOUR_NAMES = Object.keys(ERRANDS) as NeighbourName[];

export function errandCalls(what: NeighbourName, view: AccountView, pick: number): AwsCall[] {
  const calls = ERRANDS[what](view, (items) => items[pick % Math.max(1, items.length)]);
  return calls.filter((call) => call !== undefined);
}

/** Ids and names in the answer of a create: from then on these are not ours to touch. */
export function idsIn(output: object): string[] {
  return [...JSON.stringify(output).matchAll(/"(?:RuleArn|TargetGroupArn|LoadBalancerArn)":"([^"]+)"/g)].map(
    (match) => match[1] ?? "",
  );
}
