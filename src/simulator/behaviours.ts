/**
 * What the simulated account promises to do as AWS does, and where AWS says so. Code that implements a row
 * that is not obvious carries its id in a comment. Auto Scaling and CloudWatch have tables of their own.
 */

/** One documented behaviour of AWS that the account models. */
export interface Behaviour {
  /** `<service>/<short-name>`. */
  readonly id: string;
  readonly service: "ec2" | "elasticloadbalancing" | "autoscaling" | "cloudwatch" | "account";
  /** One sentence that can be tested. */
  readonly statement: string;
  /** The page of AWS's documentation. */
  readonly source: string;
}

const EC2_API = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference";
const EC2_GUIDE = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide";
const ELB_API = "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference";
const ELB_GUIDE = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application";

type Row = readonly [name: string, statement: string, source: string];

const EC2: readonly Row[] = [
  [
    "filters",
    "A filter passes when any of its values matches, * and ? are wildcards, and all filters of a request must pass.",
    `${EC2_GUIDE}/Using_Filtering.html`,
  ],
  [
    "dry-run",
    "A request with DryRun is answered with DryRunOperation and changes nothing.",
    `${EC2_API}/CommonParameters.html`,
  ],
  [
    "client-token",
    "The same client token with the same parameters repeats the first answer; with other parameters it is IdempotentParameterMismatch.",
    "https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html",
  ],
  [
    "template-source-version",
    "A new template version with a source version takes over every parameter that the request does not give.",
    `${EC2_API}/API_CreateLaunchTemplateVersion.html`,
  ],
  [
    "template-default-version-stays",
    "The default version of a launch template cannot be deleted.",
    `${EC2_API}/API_DeleteLaunchTemplateVersions.html`,
  ],
  [
    "template-versions-of-all",
    "Without a template, DescribeLaunchTemplateVersions answers the latest or default versions of all templates.",
    `${EC2_API}/API_DescribeLaunchTemplateVersions.html`,
  ],
  [
    "template-overrides",
    "A parameter of RunInstances wins over the same parameter in the launch template.",
    `${EC2_API}/API_RunInstances.html`,
  ],
  [
    "template-tags",
    "An instance launched from a template carries the template's id and version in tags of AWS's own.",
    `${EC2_GUIDE}/launch-instances-from-launch-template.html`,
  ],
  [
    "launch-checks-references",
    "A launch template may name an image, subnet or group that does not exist; the launch fails, not the creation of the template.",
    `${EC2_GUIDE}/launch-template-restrictions.html`,
  ],
  [
    "zone-without-capacity",
    "A launch in a zone that has no capacity fails with InsufficientInstanceCapacity.",
    `${EC2_GUIDE}/troubleshooting-launch.html`,
  ],
  [
    "status-of-running-only",
    "DescribeInstanceStatus shows running instances only, unless all are asked for.",
    `${EC2_API}/API_DescribeInstanceStatus.html`,
  ],
  [
    "lifecycle",
    "An instance is pending, running, stopping, stopped, shutting-down and terminated in the documented order, and stays visible for about an hour once terminated.",
    `${EC2_GUIDE}/ec2-instance-lifecycle.html`,
  ],
  [
    "status-checks",
    "The system and instance status checks of a running instance are initializing, then ok, and impaired while the host or the operating system does not answer.",
    `${EC2_GUIDE}/monitoring-system-instance-status-check.html`,
  ],
  [
    "termination-protection",
    "An instance with termination protection is not terminated by TerminateInstances.",
    `${EC2_GUIDE}/Using_ChangingDisableAPITermination.html`,
  ],
  [
    "tags",
    "A resource has at most 50 tags, and keys that begin with aws: are AWS's own.",
    `${EC2_GUIDE}/Using_Tags.html`,
  ],
  [
    "pages",
    "MaxResults outside the documented range is refused, and a token that is not valid is InvalidNextToken.",
    `${EC2_API}/API_DescribeInstances.html`,
  ],
];

const ELB: readonly Row[] = [
  [
    "idempotent-creates",
    "Creating a load balancer, target group or listener again with the same settings answers the existing one; with other settings it is a Duplicate… error.",
    `${ELB_API}/API_CreateLoadBalancer.html`,
  ],
  [
    "provisioning",
    "A new load balancer is provisioning and becomes active after some minutes.",
    `${ELB_API}/API_LoadBalancerState.html`,
  ],
  [
    "two-zones",
    "An Application Load Balancer needs subnets in at least two Availability Zones.",
    `${ELB_GUIDE}/application-load-balancers.html`,
  ],
  [
    "one-subnet-per-zone",
    "An Application Load Balancer takes only one subnet of each Availability Zone.",
    `${ELB_API}/API_SetSubnets.html`,
  ],
  [
    "deletion-protection",
    "A load balancer with deletion protection cannot be deleted.",
    `${ELB_GUIDE}/edit-load-balancer-attributes.html`,
  ],
  [
    "delete-load-balancer-listeners",
    "Deleting a load balancer deletes its listeners and rules, and leaves its target groups.",
    `${ELB_API}/API_DeleteLoadBalancer.html`,
  ],
  [
    "delete-load-balancer-idempotent",
    "Deleting a load balancer that is not there succeeds.",
    `${ELB_API}/API_DeleteLoadBalancer.html`,
  ],
  [
    "describe-not-found",
    "Describing by ARN or name fails as a whole when one of them is not there.",
    `${ELB_API}/API_DescribeLoadBalancers.html`,
  ],
  [
    "unordered-lists",
    "Availability Zones and the target groups of an action come in no promised order.",
    `${ELB_API}/API_LoadBalancer.html`,
  ],
  [
    "unknown-attribute",
    "An attribute key that the resource does not have fails the whole call.",
    `${ELB_API}/API_ModifyLoadBalancerAttributes.html`,
  ],
  [
    "attributes-per-call",
    "One call modifies at most 20 attributes.",
    `${ELB_API}/API_ModifyLoadBalancerAttributes.html`,
  ],
  [
    "attribute-combinations",
    "Slow start needs the round robin algorithm, and anomaly mitigation the weighted random one.",
    `${ELB_GUIDE}/edit-target-group-attributes.html`,
  ],
  [
    "https-certificate",
    "An HTTPS listener has exactly one default certificate, and it must exist.",
    `${ELB_GUIDE}/create-https-listener.html`,
  ],
  [
    "ssl-policy",
    "An HTTPS listener without a security policy gets ELBSecurityPolicy-2016-08; an unknown one is SSLPolicyNotFound.",
    `${ELB_GUIDE}/describe-ssl-policies.html`,
  ],
  [
    "listener-to-http",
    "Changing a listener from HTTPS to HTTP removes its policy and certificates.",
    `${ELB_API}/API_ModifyListener.html`,
  ],
  [
    "default-certificate-stays",
    "The default certificate of a listener cannot be removed.",
    `${ELB_API}/API_RemoveListenerCertificates.html`,
  ],
  [
    "is-default-not-given",
    "IsDefault is not accepted in requests.",
    `${ELB_API}/API_AddListenerCertificates.html`,
  ],
  [
    "one-last-action",
    "Actions hold exactly one forward, redirect or fixed-response, and it is performed last.",
    `${ELB_API}/API_CreateRule.html`,
  ],
  [
    "forward-echo",
    "A forward action is shown with its forward configuration, and with the plain target group ARN when there is one group.",
    `${ELB_API}/API_Action.html`,
  ],
  [
    "redirect-echo",
    "The parts of a redirect that were not given are shown as the placeholders that keep them.",
    `${ELB_GUIDE}/rule-action-types.html`,
  ],
  [
    "condition-echo",
    "Values of host and path conditions are shown both plainly and in their configuration.",
    `${ELB_API}/API_RuleCondition.html`,
  ],
  [
    "oidc-secret",
    "The client secret of an OIDC action is never shown, and what was left out is shown with its default.",
    `${ELB_API}/API_AuthenticateOidcActionConfig.html`,
  ],
  [
    "weight-zero-in-use",
    "A target group with weight 0 in a forward action is in use.",
    `${ELB_GUIDE}/rule-action-types.html`,
  ],
  [
    "one-load-balancer-per-target-group",
    "A target group serves one load balancer; another one is TargetGroupAssociationLimit.",
    `${ELB_GUIDE}/load-balancer-limits.html`,
  ],
  [
    "condition-fields",
    "A rule has at most one host, one path, one method and one source address condition.",
    `${ELB_GUIDE}/rule-condition-types.html`,
  ],
  [
    "condition-quotas",
    "The conditions of a rule hold at most five values and six wildcards.",
    `${ELB_GUIDE}/load-balancer-limits.html`,
  ],
  [
    "rule-create-not-idempotent",
    "A rule at a priority that another one has is PriorityInUse, however alike they are.",
    `${ELB_API}/API_CreateRule.html`,
  ],
  [
    "default-rule",
    "The default rule of a listener has the priority `default`, takes its actions from the listener, and can be neither deleted nor moved.",
    `${ELB_GUIDE}/listener-rules.html`,
  ],
  [
    "modify-rule-empty-is-unchanged",
    "ModifyRule keeps whatever it is not given.",
    `${ELB_API}/API_ModifyRule.html`,
  ],
  [
    "set-rule-priorities",
    "SetRulePriorities changes all or none, and only the final order must be free of conflicts.",
    `${ELB_API}/API_SetRulePriorities.html`,
  ],
  [
    "delete-target-group",
    "A target group that a listener or rule refers to cannot be deleted (ResourceInUse); one that is not there is deleted with success.",
    `${ELB_API}/API_DeleteTargetGroup.html`,
  ],
  [
    "health-check-ranges",
    "Health check intervals are 5 to 300 s, timeouts 2 to 120 s and shorter than the interval, thresholds 2 to 10.",
    `${ELB_GUIDE}/target-group-health-checks.html`,
  ],
  [
    "register-running-only",
    "Only instances that are running, and in the target group's VPC, can be registered.",
    `${ELB_API}/API_RegisterTargets.html`,
  ],
  [
    "deregister-unknown-target",
    "Deregistering a target that is not registered succeeds.",
    `${ELB_API}/API_DeregisterTargets.html`,
  ],
  [
    "one-check-when-new",
    "A newly registered target is healthy after one passed health check; one that was unhealthy needs the healthy threshold.",
    `${ELB_GUIDE}/target-group-health-checks.html`,
  ],
  [
    "unhealthy-threshold",
    "A target is unhealthy after as many failed checks in a row as the unhealthy threshold says, and the reason tells how the last one failed.",
    `${ELB_GUIDE}/target-group-health-checks.html`,
  ],
  [
    "unused-until-referenced",
    "Targets of a group that no listener or rule refers to are unused, and are not checked.",
    `${ELB_GUIDE}/target-group-health-checks.html`,
  ],
  [
    "zone-not-enabled",
    "Targets in an Availability Zone that the load balancer does not have are unused.",
    `${ELB_GUIDE}/target-group-health-checks.html`,
  ],
  [
    "stopped-is-unused",
    "A target whose instance is stopped or terminated is unused (Target.InvalidState).",
    `${ELB_API}/API_TargetHealth.html`,
  ],
  [
    "checks-start-when-active",
    "Health checks begin when the load balancer is active; until then the target is initial.",
    `${ELB_GUIDE}/target-group-health-checks.html`,
  ],
  [
    "draining",
    "A deregistered target is draining until the deregistration delay is over.",
    `${ELB_GUIDE}/edit-target-group-attributes.html`,
  ],
  [
    "nothing-to-drain",
    "A target that got no traffic leaves at once when it is deregistered.",
    `${ELB_GUIDE}/edit-target-group-attributes.html`,
  ],
  [
    "tags",
    "A resource has at most 50 tags, keys that begin with aws: are AWS's own, and a key twice is DuplicateTagKeys.",
    `${ELB_GUIDE}/load-balancer-tags.html`,
  ],
  [
    "describe-tags-batch",
    "DescribeTags takes at most 20 resources and fails as a whole when one is not there.",
    `${ELB_API}/API_DescribeTags.html`,
  ],
  [
    "quotas",
    "The default quotas of a Region hold: 50 load balancers, 50 listeners and 100 rules each, 25 further certificates.",
    `${ELB_GUIDE}/load-balancer-limits.html`,
  ],
];

const ACCOUNT: readonly Row[] = [
  [
    "throttle-elb",
    "All of ELB's calls share a bucket of 40 tokens refilled by 10 per second; reads, writes, registrations and resource-intensive calls have buckets of their own beside it.",
    "https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/elb-api-throttling.html",
  ],
  [
    "throttle-ec2",
    "Each EC2 operation has a bucket of its own, and a refused call is RequestLimitExceeded.",
    "https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html",
  ],
  [
    "throttle-cloudwatch",
    "Each CloudWatch operation has a rate of its own.",
    "https://docs.aws.amazon.com/general/latest/gr/cw_region.html",
  ],
  [
    "throttle-autoscaling",
    "Auto Scaling's calls share one bucket; its size is not documented and is taken to be ELB's.",
    "https://docs.aws.amazon.com/autoscaling/ec2/APIReference/Welcome.html",
  ],
  [
    "invalid-action",
    "An operation that the account does not have is InvalidAction.",
    `${ELB_API}/CommonErrors.html`,
  ],
];

function rows(prefix: string, service: Behaviour["service"], table: readonly Row[]): Behaviour[] {
  return table.map(([name, statement, source]) => ({ id: `${prefix}/${name}`, service, statement, source }));
}

export const BEHAVIOURS: readonly Behaviour[] = [
  ...rows("ec2", "ec2", EC2),
  ...rows("elb", "elasticloadbalancing", ELB),
  ...rows("account", "account", ACCOUNT),
];
