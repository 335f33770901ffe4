/** How many of something AWS allows in one place, and whether it has said so. */

/**
 * - `rules`: of one load balancer, without the default ones.
 * - `listeners`: of one load balancer.
 * - `scalingPolicies`: of one group.
 * - `targetGroups`, `groups`: of one Region, whosever they are.
 */
export type QuotaName = "rules" | "listeners" | "scalingPolicies" | "targetGroups" | "groups";

export interface Quota {
  readonly most: number;
  /** AWS could not be asked: it is AWS's default. */
  readonly isAssumed: boolean;
  /** How many there are in the Region, whosever they are, where AWS tells that too. */
  readonly used?: number;
}

export type Quotas = Readonly<Record<QuotaName, Quota>>;

interface QuotaFacts {
  readonly text: string;
  /** AWS's default. */
  readonly most: number;
  /** AWS raises it for nobody, so that it need not be asked. */
  readonly isFixed?: true;
  /** The code with which AWS refuses to make one more. */
  readonly refusal: string;
  /** What is there of it in the whole Region is not ours to count: AWS's refusal alone says that it is full. */
  readonly isOfRegion?: true;
}

/**
 * docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html,
 * docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-quotas.html
 */
const FACTS: Readonly<Record<QuotaName, QuotaFacts>> = {
  rules: { text: "rules per load balancer", most: 100, refusal: "TooManyRules" },
  listeners: { text: "listeners per load balancer", most: 50, refusal: "TooManyListeners" },
  scalingPolicies: {
    text: "scaling policies per group",
    most: 50,
    isFixed: true,
    refusal: "LimitExceeded",
  },
  targetGroups: {
    text: "target groups per Region",
    most: 3_000,
    refusal: "TooManyTargetGroups",
    isOfRegion: true,
  },
  groups: { text: "Auto Scaling groups per Region", most: 500, refusal: "LimitExceeded", isOfRegion: true },
};

export const ASSUMED_QUOTAS = Object.fromEntries(
  Object.entries(FACTS).map(([name, { most, isFixed }]) => [name, { most, isAssumed: isFixed !== true }]),
) as Quotas;

/** Whether what is there, beside what is known to be below one root, counts. */
export function isOfRegion(name: QuotaName): boolean {
  return FACTS[name].isOfRegion === true;
}

/** Whether this is how AWS says that there is no room for one more; another quota may have the same category. */
export function saysFull(name: QuotaName, errorCode: string): boolean {
  return FACTS[name].refusal === errorCode.replace(/(Fault|Exception)$/, "");
}

export function quotaText(name: QuotaName, { most, isAssumed }: Quota): string {
  return `AWS's quota of ${most} ${FACTS[name].text}${isAssumed ? " (assumed)" : ""}`;
}
