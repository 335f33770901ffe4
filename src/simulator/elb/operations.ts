/** Elastic Load Balancing v2 of the simulated account, composed. */
import type {
  DescribeAccountLimitsCommandInput,
  DescribeSSLPoliciesCommandInput,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { AwsError } from "../account/aws-error.ts";
import type { AccountContext } from "../account/context.ts";
import type { Quotas } from "../account/quotas.ts";
import { refusing } from "../account/refusals.ts";
import type { Timings } from "../account/timings.ts";
import type { ElbPart, OperationTable, Parts, Service } from "../services.ts";
import { buildCapacityOperations } from "./capacity.ts";
import { buildCertificateOperations } from "./certificates.ts";
import { buildListenerOperations } from "./listeners.ts";
import { buildLoadBalancerOperations } from "./load-balancers.ts";
import { ELB_REFUSALS } from "./refusals/all.ts";
import { buildRuleOperations } from "./rules.ts";
import { protocolsOf, SSL_POLICIES } from "./ssl-policies.ts";
import { type ElbState, elbPage, targetGroupOf } from "./state.ts";
import { buildElbTagOperations } from "./tags.ts";
import { buildTargetGroupOperations } from "./target-groups.ts";
import { buildTargets, type Targets } from "./targets.ts";
import { receivingIn, usageOf } from "./usage.ts";

export interface ElbService extends Service<ElbPart> {
  /** Begins to follow EC2: to be called once. */
  watch(): void;
}

export function buildElb(
  context: AccountContext,
  parts: Parts,
  timings: Timings,
  quotas: Quotas,
): ElbService {
  const state: ElbState = {
    context,
    parts,
    timings,
    quotas,
    loadBalancers: new Map(),
    listeners: new Map(),
    rules: new Map(),
    targetGroups: new Map(),
    tags: new Map(),
  };
  const targets = buildTargets(state);
  return {
    part: partOf(state, targets),
    watch: targets.watch,
    operations: refusing(
      {
        ...buildLoadBalancerOperations(state, targets.signals),
        ...buildCapacityOperations(state),
        ...buildListenerOperations(state, targets.signals),
        ...buildCertificateOperations(state),
        ...buildRuleOperations(state, targets.signals),
        ...buildTargetGroupOperations(state, targets.signals),
        ...targets.operations,
        ...buildElbTagOperations(state),
        ...accountOperations(quotas),
      },
      ELB_REFUSALS,
      state,
    ),
  };
}

function accountOperations(quotas: Quotas): OperationTable {
  const limits = (): Record<string, number> => ({
    "application-load-balancers": quotas.loadBalancers,
    "target-groups": quotas.targetGroups,
    "targets-per-target-group": quotas.targetsPerTargetGroup,
    "listeners-per-application-load-balancer": quotas.listenersPerLoadBalancer,
    "rules-per-application-load-balancer": quotas.rulesPerLoadBalancer,
    "certificates-per-application-load-balancer": quotas.certificatesPerLoadBalancer,
    "target-groups-per-application-load-balancer": quotas.targetGroupsPerLoadBalancer,
    "target-groups-per-action-on-application-load-balancer": quotas.targetGroupsPerAction,
    "condition-values-per-alb-rule": quotas.conditionValuesPerRule,
    "condition-wildcards-per-alb-rule": quotas.conditionWildcardsPerRule,
  });
  return {
    DescribeAccountLimits: (input: DescribeAccountLimitsCommandInput) => {
      const all = Object.entries(limits()).map(([Name, max]) => ({ Name, Max: String(max) }));
      const page = elbPage(all, (one) => one.Name, input);
      return { Limits: page.items, NextMarker: page.next };
    },
    DescribeSSLPolicies: (input: DescribeSSLPoliciesCommandInput) => {
      const names = input.Names ?? SSL_POLICIES;
      for (const name of names) {
        if (!SSL_POLICIES.includes(name))
          throw new AwsError("SSLPolicyNotFound", `SSL policy '${name}' not found`);
      }
      const page = elbPage(names, (name) => name, input);
      return {
        SslPolicies: page.items.map((Name) => ({
          Name,
          SslProtocols: protocolsOf(Name),
          Ciphers: [],
          SupportedLoadBalancerTypes: ["application", "network"],
        })),
        NextMarker: page.next,
      };
    },
  };
}

function partOf(state: ElbState, targets: Targets): ElbPart {
  return {
    targetGroupExists: (arn) => state.targetGroups.has(arn),
    register: (arn, instanceId) => {
      const group = targetGroupOf(state, arn);
      targets.register(group, instanceId, group.port);
    },
    deregister: (arn, instanceId, drained) => {
      const group = state.targetGroups.get(arn);
      if (group === undefined) state.context.clock.schedule(0, drained);
      else targets.deregister(group, instanceId, drained);
    },
    targetHealth: (arn, instanceId) => {
      const group = state.targetGroups.get(arn);
      if (group === undefined) return undefined;
      return targets.of(group).find((target) => target.id === instanceId)?.health;
    },
    loadBalancers: () => {
      const usage = [...usageOf(state)];
      const receiving = receivingIn(state);
      return [...state.loadBalancers.values()].map((loadBalancer) => ({
        arn: loadBalancer.arn,
        dimension: loadBalancer.dimension,
        targetGroups: usage
          .filter(([, user]) => user === loadBalancer)
          .map(([arn]) => ({
            arn,
            dimension: state.targetGroups.get(arn)?.dimension ?? "",
            receives: receiving.has(arn),
          })),
      }));
    },
    interfaces: () =>
      [...state.loadBalancers.values()].flatMap(
        ({ dimension, scheme, subnets, securityGroups, createdAtMs }) =>
          subnets.map(({ subnetId }) => ({
            dimension,
            subnetId,
            securityGroups,
            isPublic: scheme === "internet-facing",
            createdAtMs,
          })),
      ),
    targets: (arn) => {
      const group = state.targetGroups.get(arn);
      if (group === undefined) return [];
      return targets
        .of(group)
        .map((target) => ({ instanceId: target.id, port: target.port, health: target.health }));
    },
    resourceLabelIsValid: (label) =>
      [...usageOf(state)].some(
        ([arn, user]) => label === `${user.dimension}/${state.targetGroups.get(arn)?.dimension}`,
      ),
  };
}
