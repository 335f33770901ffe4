/** What Elastic Load Balancing of the simulated account promises to do as AWS does, and where AWS says so. */
import { type Behaviour, documented } from "../account/documented.ts";

const API = "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference";
const GUIDE = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application";

export const ELB_BEHAVIOURS: readonly Behaviour[] = documented("elb", "elasticloadbalancing", [
  [
    "idempotent-creates",
    "Creating a load balancer, target group or listener again with the same settings answers the existing one; with other settings it is a Duplicate… error.",
    `${API}/API_CreateLoadBalancer.html`,
  ],
  [
    "empty-protocol-version",
    "An empty protocol version, which clients send for target groups without one, is the default.",
    `${API}/API_CreateTargetGroup.html`,
  ],
  [
    "empty-matcher",
    "An empty list of health check codes, which clients send with other changes, leaves the codes as they are.",
    `${API}/API_ModifyTargetGroup.html`,
  ],
  [
    "provisioning",
    "A new load balancer is provisioning and becomes active after some minutes.",
    `${API}/API_LoadBalancerState.html`,
  ],
  [
    "two-zones",
    "An Application Load Balancer needs subnets in at least two Availability Zones.",
    `${GUIDE}/application-load-balancers.html`,
  ],
  [
    "one-subnet-per-zone",
    "An Application Load Balancer takes only one subnet of each Availability Zone.",
    `${API}/API_SetSubnets.html`,
  ],
  [
    "free-addresses",
    "Each subnet of a load balancer must have at least eight free addresses.",
    `${GUIDE}/application-load-balancers.html`,
  ],
  [
    "internet-gateway",
    "An internet-facing load balancer needs a VPC with an internet gateway.",
    `${GUIDE}/application-load-balancers.html`,
  ],
  [
    "capacity-reservation",
    "Reserved capacity is pending for some minutes, cannot be changed meanwhile, and can be decreased twice a day.",
    `${GUIDE}/request-capacity-unit-reservation.html`,
  ],
  [
    "deletion-protection",
    "A load balancer with deletion protection cannot be deleted.",
    `${GUIDE}/edit-load-balancer-attributes.html`,
  ],
  [
    "delete-load-balancer-listeners",
    "Deleting a load balancer deletes its listeners and rules, and leaves its target groups.",
    `${API}/API_DeleteLoadBalancer.html`,
  ],
  [
    "delete-load-balancer-idempotent",
    "Deleting a load balancer that is not there succeeds.",
    `${API}/API_DeleteLoadBalancer.html`,
  ],
  [
    "describe-not-found",
    "Describing by ARN or name fails as a whole when one of them is not there.",
    `${API}/API_DescribeLoadBalancers.html`,
  ],
  [
    "unordered-lists",
    "Availability Zones and the target groups of an action come in no promised order.",
    `${API}/API_LoadBalancer.html`,
  ],
  [
    "unknown-attribute",
    "An attribute key that the resource does not have fails the whole call.",
    `${API}/API_ModifyLoadBalancerAttributes.html`,
  ],
  [
    "attributes-per-call",
    "One call modifies at most 20 attributes.",
    `${API}/API_ModifyLoadBalancerAttributes.html`,
  ],
  [
    "log-bucket",
    "The bucket of logs cannot be set to the empty text, nor logs be switched on without one: the whole call fails.",
    `${GUIDE}/enable-access-logging.html`,
  ],
  [
    "attribute-combinations",
    "Slow start needs the round robin algorithm, and anomaly mitigation the weighted random one.",
    `${GUIDE}/edit-target-group-attributes.html`,
  ],
  [
    "https-certificate",
    "An HTTPS listener has exactly one default certificate, and it must exist.",
    `${GUIDE}/create-https-listener.html`,
  ],
  [
    "ssl-policy",
    "An HTTPS listener without a security policy gets ELBSecurityPolicy-2016-08; an unknown one is SSLPolicyNotFound.",
    `${GUIDE}/describe-ssl-policies.html`,
  ],
  [
    "listener-to-http",
    "Changing a listener from HTTPS to HTTP removes its policy and certificates.",
    `${API}/API_ModifyListener.html`,
  ],
  [
    "default-certificate-stays",
    "The default certificate of a listener cannot be removed, not even from the list in which it stands as well.",
    `${API}/API_RemoveListenerCertificates.html`,
  ],
  [
    "default-certificate-listed",
    "The default certificate can be put into the list as well; changing the default changes nothing in the list.",
    `${GUIDE}/listener-update-certificates.html`,
  ],
  [
    "is-default-not-given",
    "IsDefault is not accepted in requests.",
    `${API}/API_AddListenerCertificates.html`,
  ],
  [
    "one-last-action",
    "Actions hold exactly one forward, redirect or fixed-response, and it is performed last.",
    `${API}/API_CreateRule.html`,
  ],
  [
    "forward-echo",
    "A forward action is shown with its forward configuration, and with the plain target group ARN when there is one group.",
    `${API}/API_Action.html`,
  ],
  [
    "redirect-echo",
    "The parts of a redirect that were not given are shown as the placeholders that keep them.",
    `${GUIDE}/rule-action-types.html`,
  ],
  [
    "condition-echo",
    "Values of host and path conditions are shown both plainly and in their configuration.",
    `${API}/API_RuleCondition.html`,
  ],
  [
    "oidc-secret",
    "The client secret of an OIDC action is never shown, and what was left out is shown with its default.",
    `${API}/API_AuthenticateOidcActionConfig.html`,
  ],
  [
    "weight-zero-in-use",
    "A target group with weight 0 in a forward action is in use, and gets no requests.",
    `${GUIDE}/rule-action-types.html`,
  ],
  [
    "one-load-balancer-per-target-group",
    "A target group serves one load balancer; another one is TargetGroupAssociationLimit.",
    `${GUIDE}/load-balancer-limits.html`,
  ],
  [
    "condition-fields",
    "A rule has at most one host, one path, one method and one source address condition.",
    `${GUIDE}/rule-condition-types.html`,
  ],
  [
    "condition-quotas",
    "The conditions of a rule hold at most five values and six wildcards.",
    `${GUIDE}/load-balancer-limits.html`,
  ],
  [
    "rule-create-not-idempotent",
    "A rule at a priority that another one has is PriorityInUse, however alike they are.",
    `${API}/API_CreateRule.html`,
  ],
  [
    "default-rule",
    "The default rule of a listener has the priority `default`, takes its actions from the listener, and can be neither deleted nor moved.",
    `${GUIDE}/listener-rules.html`,
  ],
  [
    "modify-rule-empty-is-unchanged",
    "ModifyRule keeps whatever it is not given.",
    `${API}/API_ModifyRule.html`,
  ],
  [
    "set-rule-priorities",
    "SetRulePriorities changes all or none, and only the final order must be free of conflicts.",
    `${API}/API_SetRulePriorities.html`,
  ],
  [
    "delete-target-group",
    "A target group that a listener or rule refers to cannot be deleted (ResourceInUse); one that is not there is deleted with success.",
    `${API}/API_DeleteTargetGroup.html`,
  ],
  [
    "health-check-ranges",
    "Health check intervals are 5 to 300 s, timeouts 2 to 120 s and shorter than the interval, thresholds 2 to 10.",
    `${GUIDE}/target-group-health-checks.html`,
  ],
  [
    "register-running-only",
    "Only instances that are running, and in the target group's VPC, can be registered.",
    `${API}/API_RegisterTargets.html`,
  ],
  [
    "deregister-unknown-target",
    "Deregistering a target that is not registered succeeds.",
    `${API}/API_DeregisterTargets.html`,
  ],
  [
    "one-check-when-new",
    "A newly registered target is healthy after one passed health check; one that was unhealthy needs the healthy threshold.",
    `${GUIDE}/target-group-health-checks.html`,
  ],
  [
    "unhealthy-threshold",
    "A target is unhealthy after as many failed checks in a row as the unhealthy threshold says, and the reason tells how the last one failed.",
    `${GUIDE}/target-group-health-checks.html`,
  ],
  [
    "unused-until-referenced",
    "Targets of a group that no listener or rule refers to are unused, and are not checked.",
    `${GUIDE}/target-group-health-checks.html`,
  ],
  [
    "zone-not-enabled",
    "Targets in an Availability Zone that the load balancer does not have are unused.",
    `${GUIDE}/target-group-health-checks.html`,
  ],
  [
    "stopped-is-unused",
    "A target whose instance is stopped or terminated is unused (Target.InvalidState).",
    `${API}/API_TargetHealth.html`,
  ],
  [
    "checks-start-when-active",
    "Health checks begin when the load balancer is active; until then the target is initial.",
    `${GUIDE}/target-group-health-checks.html`,
  ],
  [
    "draining",
    "A deregistered target is draining until the deregistration delay is over.",
    `${GUIDE}/edit-target-group-attributes.html`,
  ],
  [
    "nothing-to-drain",
    "A target that got no traffic leaves at once when it is deregistered.",
    `${GUIDE}/edit-target-group-attributes.html`,
  ],
  [
    "tags",
    "A resource has at most 50 tags, keys that begin with aws: are AWS's own, and a key twice is DuplicateTagKeys.",
    `${GUIDE}/load-balancer-tags.html`,
  ],
  [
    "describe-tags-batch",
    "DescribeTags takes at most 20 resources and fails as a whole when one is not there.",
    `${API}/API_DescribeTags.html`,
  ],
  [
    "quotas",
    "The default quotas of a Region hold: 50 load balancers, 50 listeners and 100 rules each, 25 further certificates.",
    `${GUIDE}/load-balancer-limits.html`,
  ],
]);
