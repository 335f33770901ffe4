/** What a person does in AWS's console to a service, beside the daemon, and whether it has been put right. */
import type { WebService } from "../../src/model/object.ts";
import type { Account } from "../../src/simulator/account.ts";

export interface Meddling {
  readonly what: "health check" | "rule" | "attribute";
  /** Of the resource. */
  readonly arn: string;
  readonly operation: string;
  readonly input: object;
  isRight(): boolean;
}

const ELB = "elasticloadbalancing";
const WRONG = { intervalSeconds: 25, path: "/wrong/*", idleSeconds: "120" };

/** One of each kind in turn. */
export function meddlingWith(service: WebService, account: Account, turn: number): Meddling {
  const kinds = [healthCheck, rule, attribute];
  return kinds[turn % kinds.length]!(service, account);
}

function healthCheck(service: WebService, account: Account): Meddling {
  const arn = arnOf(service, "targetGroup");
  return {
    ...{ what: "health check", arn, operation: "ModifyTargetGroup" },
    input: { TargetGroupArn: arn, HealthCheckIntervalSeconds: WRONG.intervalSeconds },
    isRight: () => {
      const text = JSON.stringify(account.look(ELB, "DescribeTargetGroups", { TargetGroupArns: [arn] }));
      return !text.includes(`"HealthCheckIntervalSeconds":${WRONG.intervalSeconds},`);
    },
  };
}

function rule(service: WebService, account: Account): Meddling {
  const arn = arnOf(service, "rule");
  return {
    ...{ what: "rule", arn, operation: "ModifyRule" },
    input: {
      RuleArn: arn,
      Conditions: [{ Field: "path-pattern", PathPatternConfig: { Values: [WRONG.path] } }],
    },
    isRight: () =>
      !JSON.stringify(account.look(ELB, "DescribeRules", { RuleArns: [arn] })).includes(WRONG.path),
  };
}

function attribute(service: WebService, account: Account): Meddling {
  const arn = arnOf(service, "loadBalancer");
  return {
    ...{ what: "attribute", arn, operation: "ModifyLoadBalancerAttributes" },
    input: {
      LoadBalancerArn: arn,
      Attributes: [{ Key: "idle_timeout.timeout_seconds", Value: WRONG.idleSeconds }],
    },
    isRight: () => {
      const answer = account.look(ELB, "DescribeLoadBalancerAttributes", { LoadBalancerArn: arn });
      return !JSON.stringify(answer).includes(
        `"Key":"idle_timeout.timeout_seconds","Value":"${WRONG.idleSeconds}"`,
      );
    },
  };
}

export function arnOf({ status, metadata }: WebService, kind: string): string {
  const arn = status?.resources.find((resource) => resource.kind === kind)?.arn;
  if (arn === undefined) throw new Error(`${metadata.name} has no ${kind}`);
  return arn;
}
