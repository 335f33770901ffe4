import { LIMITS } from "../../../model/limits.ts";
import { duplicates, ELB_API, ELB_GUIDE, type SpecRule } from "../spec-rule.ts";
import type { LoadBalancerSpec } from "./schema.ts";

const CREATE = `${ELB_API}/API_CreateLoadBalancer.html` as const;

export const loadBalancerRules: readonly SpecRule<LoadBalancerSpec>[] = [
  {
    at: "subnetMappings",
    must: "not stand beside `subnetIds`",
    when: ({ subnetIds, subnetMappings }) => subnetIds !== undefined && subnetMappings !== undefined,
    says: "cannot stand beside subnetIds; keep one of the two",
    source: CREATE,
  },
  {
    at: "subnetMappings",
    must: "name each subnet once",
    each: ({ subnetMappings = [] }) =>
      duplicates(subnetMappings.map(({ subnetId }) => subnetId)).map((id) => `names ${id} twice`),
    reason: "FieldValueDuplicate",
    source: CREATE,
  },
  bucketFor("access_logs"),
  bucketFor("connection_logs"),
  {
    at: "listeners",
    must: "have each port once",
    each: ({ listeners }) =>
      duplicates(listeners.map(({ port }) => port)).map(
        (port) => `two listeners have port ${port}; a port identifies its listener`,
      ),
    reason: "FieldValueDuplicate",
    source: `${ELB_API}/API_CreateListener.html`,
  },
  {
    at: "listeners",
    must: `hold at most ${LIMITS.rulesPerService} rules together`,
    when: (loadBalancer) => rulesOf(loadBalancer) > LIMITS.rulesPerService,
    says: (loadBalancer) =>
      `hold ${rulesOf(loadBalancer)} rules; a load balancer takes ${LIMITS.rulesPerService}`,
    source: `${ELB_GUIDE}/load-balancer-limits.html`,
  },
];

function bucketFor(logs: "access_logs" | "connection_logs"): SpecRule<LoadBalancerSpec> {
  return {
    at: `attributes["${logs}.s3.bucket"]`,
    must: `be given while \`${logs}.s3.enabled\` is true`,
    when: ({ attributes = {} }) =>
      attributes[`${logs}.s3.enabled`] === true && !attributes[`${logs}.s3.bucket`],
    says: `is required while ${logs}.s3.enabled is true`,
    reason: "FieldValueRequired",
    source: `${ELB_API}/API_LoadBalancerAttribute.html`,
  };
}

function rulesOf({ listeners }: LoadBalancerSpec): number {
  return listeners.reduce((sum, { rules = [] }) => sum + rules.length, 0);
}
