import { LIMITS } from "../../../model/limits.ts";
import { nameRule } from "../names/rule.ts";
import { duplicates, ELB_API, ELB_GUIDE, HOLDFAST, type SpecRule } from "../spec-rule.ts";
import type { LoadBalancerSpec } from "./schema.ts";

const CREATE = `${ELB_API}/API_CreateLoadBalancer.html` as const;
const ATTRIBUTE = `${ELB_API}/API_LoadBalancerAttribute.html` as const;
const LOGS = ["access_logs", "connection_logs"] as const;

export const loadBalancerRules: readonly SpecRule<LoadBalancerSpec>[] = [
  nameRule({
    must: "have letters, digits and hyphens only, no hyphen at either end, and not begin with `internal-`",
    isAllowed: (name) => /^(?!internal-|-)[A-Za-z0-9-]+(?<!-)$/.test(name),
    source: CREATE,
  }),
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
  {
    at: "ipAddressType",
    must: "not be dualstack-without-public-ipv4 with `scheme` internal",
    when: ({ scheme, ipAddressType: type }) =>
      scheme === "internal" && type === "dualstack-without-public-ipv4",
    says: "dualstack-without-public-ipv4 is for internet-facing load balancers; use ipv4 or dualstack",
    source: CREATE,
  },
  ...LOGS.flatMap(logRules),
  {
    at: "listeners",
    must: "not be empty, unless `spec.defaults` is AWS",
    when: ({ listeners }, { spec }) => listeners.length === 0 && spec.defaults !== "AWS",
    says: "must not be empty; leave it out for a listener on port 80",
    source: HOLDFAST,
  },
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

function logRules(logs: (typeof LOGS)[number]): SpecRule<LoadBalancerSpec>[] {
  const [enabled, bucket, prefix] = [`${logs}.s3.enabled`, `${logs}.s3.bucket`, `${logs}.s3.prefix`];
  return [
    {
      at: `attributes["${bucket}"]`,
      must: `be given while \`${enabled}\` is true`,
      when: ({ attributes = {} }) => attributes[enabled] === true && attributes[bucket] === undefined,
      says: `is required while ${enabled} is true`,
      reason: "FieldValueRequired",
      source: ATTRIBUTE,
    },
    {
      at: `attributes["${bucket}"]`,
      must: "not be empty",
      when: ({ attributes = {} }) => attributes[bucket] === "",
      says: `must not be empty; leave it out, and to end logging set ${enabled} to false`,
      source: ATTRIBUTE,
    },
    {
      at: `attributes["${prefix}"]`,
      must: "not hold `AWSLogs`, which AWS adds",
      when: ({ attributes = {} }) => String(attributes[prefix] ?? "").includes("AWSLogs"),
      source: ATTRIBUTE,
    },
  ];
}

function rulesOf({ listeners }: LoadBalancerSpec): number {
  return listeners.reduce((sum, { rules = [] }) => sum + rules.length, 0);
}
