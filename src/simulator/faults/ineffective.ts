/** Calls that AWS answers and does not carry out: as a whole, or in some of their members. */
import { AwsError } from "../account/aws-error.ts";
import { WIRE_SERVICES } from "../wire/schemas.ts";
import type { Call } from "./interceptors.ts";

type Run = (operation: string, input: object) => object;
type Members = Readonly<Record<string, unknown>>;

/** The answer to a changing call after which everything is as before, read by what describes the same. */
type Reading = (input: Members, run: Run) => object;

const list = (value: unknown): readonly Members[] => (value ?? []) as readonly Members[];

/** The first of what an operation lists, and only the members named. */
function of(run: Run, operation: string, input: object, from: string, ...members: string[]): object {
  const [first = {}] = list((run(operation, input) as Members)[from]);
  return Object.fromEntries(members.map((member) => [member, first[member]]));
}

const balancer = (...members: string[]): Reading => {
  return ({ LoadBalancerArn: arn }, run) =>
    of(run, "DescribeLoadBalancers", { LoadBalancerArns: [arn] }, "LoadBalancers", ...members);
};

const READINGS: Readonly<Record<string, Reading>> = {
  ModifyLoadBalancerAttributes: ({ LoadBalancerArn }, run) =>
    run("DescribeLoadBalancerAttributes", { LoadBalancerArn }),
  SetSubnets: balancer("AvailabilityZones", "IpAddressType"),
  SetSecurityGroups: (input, run) => {
    const { SecurityGroups } = balancer("SecurityGroups")(input, run) as Members;
    return { SecurityGroupIds: SecurityGroups };
  },
  SetIpAddressType: balancer("IpAddressType"),
  ModifyTargetGroup: ({ TargetGroupArn: arn }, run) =>
    run("DescribeTargetGroups", { TargetGroupArns: [arn] }),
  ModifyTargetGroupAttributes: ({ TargetGroupArn }, run) =>
    run("DescribeTargetGroupAttributes", { TargetGroupArn }),
  ModifyListener: ({ ListenerArn: arn }, run) => run("DescribeListeners", { ListenerArns: [arn] }),
  ModifyListenerAttributes: ({ ListenerArn }, run) => run("DescribeListenerAttributes", { ListenerArn }),
  AddListenerCertificates: ({ Certificates }) => ({ Certificates }),
  ModifyRule: ({ RuleArn: arn }, run) => run("DescribeRules", { RuleArns: [arn] }),
  SetRulePriorities: ({ RulePriorities }, run) =>
    run("DescribeRules", { RuleArns: list(RulePriorities).map((one) => one.RuleArn) }),
  ModifyLaunchTemplate: ({ LaunchTemplateId: id, LaunchTemplateName: name }, run) => {
    const named = id === undefined ? { LaunchTemplateNames: [name] } : { LaunchTemplateIds: [id] };
    const [template] = list((run("DescribeLaunchTemplates", named) as Members).LaunchTemplates);
    return { LaunchTemplate: template };
  },
  PutScalingPolicy: ({ AutoScalingGroupName, PolicyName }, run) => {
    const asked = { AutoScalingGroupName, PolicyNames: [PolicyName] };
    const [policy] = list((run("DescribePolicies", asked) as Members).ScalingPolicies);
    if (policy === undefined) throw new AwsError("ValidationError", `Policy ${PolicyName} not found.`);
    return { PolicyARN: policy.PolicyARN, Alarms: policy.Alarms };
  },
};

/** Whether a call can be answered without being done. */
export function canBeIneffective(service: Call["service"], operation: string): boolean {
  if (/^(Describe|Get|List)/.test(operation)) return false;
  return Object.hasOwn(READINGS, operation) || hasNoAnswer(service, operation);
}

/** Operations that create something have to say what: they cannot be left undone. */
function hasNoAnswer(service: Call["service"], operation: string): boolean {
  const output = WIRE_SERVICES.find((one) => one.name === service)?.operations.get(operation)?.output;
  return output !== undefined && (output.isUnitSchema() || [...output.structIterator()].length === 0);
}

/**
 * The answer of a call that has no effect, or none in the members named.
 * @throws AwsError what the reading or the rest of the call is refused with; RangeError for a call that cannot be
 *   left undone
 */
export function withoutEffect(
  call: Call,
  input: object,
  members: readonly string[] | undefined,
  run: Run,
): object {
  if (members !== undefined) {
    return run(call.operation, members.reduce<object>(without, input));
  }
  if (!canBeIneffective(call.service, call.operation)) {
    throw new RangeError(`${call.operation} cannot be answered without being done`);
  }
  return READINGS[call.operation]?.(input as Members, run) ?? {};
}

/** Without a member, or without one pair of a list of keys and values (`Attributes/<key>`). */
function without(input: object, path: string): object {
  const [member = "", key] = path.split(/\/(.*)/s);
  const { [member]: value, ...rest } = input as Record<string, unknown>;
  if (key === undefined || !Array.isArray(value)) return rest;
  return { ...rest, [member]: value.filter((one) => (one as { Key?: string }).Key !== key) };
}
