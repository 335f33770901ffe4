/**
 * Default quotas of Elastic Load Balancing: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html;
 * and of Auto Scaling: https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-quotas.html
 */
export interface Quotas {
  readonly loadBalancers: number;
  readonly targetGroups: number;
  readonly listenersPerLoadBalancer: number;
  /** Default rules do not count. */
  readonly rulesPerLoadBalancer: number;
  /** Default certificates do not count. */
  readonly certificatesPerLoadBalancer: number;
  readonly targetGroupsPerLoadBalancer: number;
  readonly targetGroupsPerAction: number;
  readonly targetsPerTargetGroup: number;
  readonly conditionValuesPerRule: number;
  readonly conditionWildcardsPerRule: number;
  readonly autoScalingGroups: number;
}

export const QUOTAS: Quotas = {
  loadBalancers: 50,
  targetGroups: 3_000,
  listenersPerLoadBalancer: 50,
  rulesPerLoadBalancer: 100,
  certificatesPerLoadBalancer: 25,
  targetGroupsPerLoadBalancer: 100,
  targetGroupsPerAction: 5,
  targetsPerTargetGroup: 1_000,
  conditionValuesPerRule: 5,
  conditionWildcardsPerRule: 6,
  autoScalingGroups: 500,
};
