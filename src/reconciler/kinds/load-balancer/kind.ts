import { LOAD_BALANCER } from "../../../model/address.ts";
import type { Output } from "../../../ports.ts";
import { type Call, callOf } from "../../core/actions.ts";
import { nameStem, ownerTags, physicalName } from "../../core/names.ts";
import { setOf, sortedSet } from "../../core/references.ts";
import type { Fields, Lifecycle, Seen } from "../../core/resource.ts";
import {
  attributeDefault,
  attributeFields,
  attributeInputs,
  attributesAndTags,
  initialAttributesAndTags,
} from "../attributes.ts";
import { toldMembersOf } from "../coverage/answer-members.ts";
import { fieldsFromAws, fieldsOf } from "../field.ts";
import { choice, text, texts } from "../field-values.ts";
import { elbLook } from "../fresh-look.ts";
import type { Item, Kind, ServiceContext } from "../kind.ts";
import { nameOrPinned } from "../names/pinned.ts";
import { present, required } from "../required.ts";
import { addressIn, elbTagCalls, isFullOfTags, tagFields, tagList, tagsIn } from "../tags.ts";
import { consequencesOfLoadBalancer } from "./consequences.ts";
import { LOAD_BALANCER_ATTRIBUTES, loadBalancerSchema } from "./schema.ts";

type LoadBalancer = Item<"elasticloadbalancing:DescribeLoadBalancers", "LoadBalancers">;
type Made = Output<"elasticloadbalancing:CreateLoadBalancer">;

const NAME_LIMIT = 32;
/** Observed on AWS: 2 min 15 s to 3 min 7 s. */
const EXPECTED_PROVISIONING_MS = 150_000;

const SUFFIX_OF_ARN = /loadbalancer\/(.+)$/;
const { scheme: SCHEME, ipAddressType: IP_ADDRESS_TYPE } = loadBalancerSchema.properties;
/** Those that AWS's description of a load balancer has under their own names. */
const FIELDS = fieldsOf(loadBalancerSchema);
/** What a load balancer is when it does not say (docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html). */
const DEFAULT_TYPE = "application";

export const loadBalancer: Kind<LoadBalancer, Made> = {
  name: "loadBalancer",
  title: "load balancer",
  family: "traffic",
  traits: {
    isEntrance: true,
    withEpoch: (create, Key, Value) => {
      const { input } = create as Call<"elasticloadbalancing:CreateLoadBalancer">;
      // The tags that somebody wants come first.
      if (isFullOfTags(input.Tags)) return create;
      return callOf("elasticloadbalancing:CreateLoadBalancer", {
        ...input,
        Tags: [...(input.Tags ?? []), { Key, Value }],
      });
    },
    deletionLock: {
      field: "attributes.deletion_protection.enabled",
      locked: "true",
      unlocked: "false",
      says: (name) =>
        `Load balancer ${name} has deletion protection. To let it go, set ` +
        `spec.loadBalancer.attributes["deletion_protection.enabled"] to false (or switch it off in AWS).`,
    },
  },
  schema: loadBalancerSchema,
  inSpec: (field) => (field === "subnets" ? ["subnetIds", "subnetMappings"] : []),
  tagSource: "elasticloadbalancing",

  desired({ key, owner, spec }) {
    const { loadBalancer: wanted } = spec;
    const mapped = wanted.subnetMappings?.map((mapping) => mapping.subnetId);
    const fields: Fields = {
      scheme: wanted.scheme,
      ipAddressType: wanted.ipAddressType,
      subnets: setOf(mapped ?? wanted.subnetIds ?? spec.subnetIds),
      ...(wanted.securityGroups === undefined ? {} : { securityGroups: setOf(wanted.securityGroups) }),
      ...attributeFields(LOAD_BALANCER_ATTRIBUTES, wanted.attributes),
      ...tagFields({ ...spec.tags, ...ownerTags(owner, LOAD_BALANCER) }),
    };
    const { vpcId } = spec;
    const computed = nameOf(key.name, owner, { vpcId, scheme: wanted.scheme });
    const immutable = { type: DEFAULT_TYPE, scheme: wanted.scheme, vpcId };
    const named = nameOrPinned(wanted.name, computed);
    return [{ address: LOAD_BALANCER, kind: "loadBalancer", ...named, fields, immutable }];
  },

  /** A name is unique among load balancers of all types: one that is looked for by its name may be of another. */
  async list(reader, { key }, _listed, { wanted, known }) {
    const all = await reader.list(
      "elasticloadbalancing:DescribeLoadBalancers",
      { PageSize: 400 },
      (page) => page.LoadBalancers,
    );
    const stem = nameStem(key.name, NAME_LIMIT);
    return all
      .filter(
        ({ Type: type = DEFAULT_TYPE, LoadBalancerName: name = "", LoadBalancerArn: arn = "" }) =>
          (type === DEFAULT_TYPE && name.startsWith(stem)) || wanted.has(name) || known.has(arn),
      )
      .map((item) => ({
        kind: "loadBalancer",
        id: required(item.LoadBalancerArn, "LoadBalancerArn"),
        name: required(item.LoadBalancerName, "LoadBalancerName"),
        raw: item,
      }));
  },

  isNamedByUs({ name, raw }, tags, { key, owner }) {
    const { VpcId: vpcId = "" } = raw;
    const scheme = text(fieldsFromAws(FIELDS, raw), "scheme");
    return addressIn(tags) === LOAD_BALANCER && name === nameOf(key.name, owner, { vpcId, scheme });
  },

  async observe({ reader, found, tags }) {
    const attributes = await reader.call("elasticloadbalancing:DescribeLoadBalancerAttributes", {
      LoadBalancerArn: found.id,
    });
    const seen = observed(found.raw, attributesAndTags(attributes, tags), reader.nowMs());
    const members = toldMembersOf("loadBalancer", {
      "elasticloadbalancing:DescribeLoadBalancers": found.raw,
      "elasticloadbalancing:DescribeLoadBalancerAttributes": attributes.Attributes,
    });
    return { ...seen, members };
  },

  glimpse: ({ raw }, nowMs) => observed(raw, {}, nowMs),

  create(desired, fields) {
    return callOf("elasticloadbalancing:CreateLoadBalancer", {
      Name: desired.name,
      Type: "application",
      Scheme: choice(fields, "scheme", SCHEME.enum),
      IpAddressType: choice(fields, "ipAddressType", IP_ADDRESS_TYPE.enum),
      Subnets: texts(fields, "subnets"),
      ...(fields.securityGroups === undefined ? {} : { SecurityGroups: texts(fields, "securityGroups") }),
      Tags: tagList(tagsIn(fields)),
    });
  },

  created(_desired, fields, { LoadBalancers: [made] = [] }, nowMs) {
    if (made?.LoadBalancerArn === undefined) return null;
    return observed(made, initialAttributesAndTags(LOAD_BALANCER_ATTRIBUTES, fields), nowMs);
  },

  update({ fields, observed: { id }, differences }) {
    const differs = (field: string) => differences.some((difference) => difference.field === field);
    const calls: Call[] = attributeInputs(differences).map((Attributes) =>
      callOf("elasticloadbalancing:ModifyLoadBalancerAttributes", { LoadBalancerArn: id, Attributes }),
    );
    if (differs("ipAddressType")) {
      const IpAddressType = choice(fields, "ipAddressType", IP_ADDRESS_TYPE.enum);
      calls.push(callOf("elasticloadbalancing:SetIpAddressType", { LoadBalancerArn: id, IpAddressType }));
    }
    if (differs("subnets")) {
      const Subnets = texts(fields, "subnets");
      calls.push(callOf("elasticloadbalancing:SetSubnets", { LoadBalancerArn: id, Subnets }));
    }
    if (differs("securityGroups")) {
      const SecurityGroups = texts(fields, "securityGroups");
      calls.push(callOf("elasticloadbalancing:SetSecurityGroups", { LoadBalancerArn: id, SecurityGroups }));
    }
    return calls;
  },

  remove({ id }) {
    const call = callOf("elasticloadbalancing:DeleteLoadBalancer", { LoadBalancerArn: id });
    return { calls: [call], isLast: true };
  },

  lookAfresh: elbLook,

  tag: elbTagCalls,
  consequences: consequencesOfLoadBalancer,
  defaultOf: (field, desired) => attributeDefault(LOAD_BALANCER_ATTRIBUTES, field, desired),

  /** AWS needs about two to three minutes; the first look is worth its call shortly before that is over. */
  probe({ id, lifecycle, entrance }, nowMs) {
    if (lifecycle !== "provisioning") return undefined;
    const { createdAtMs } = present(entrance, "its entrance");
    const elapsedMs = createdAtMs === undefined ? 0 : nowMs - createdAtMs;
    return {
      call: callOf("elasticloadbalancing:DescribeLoadBalancers", { LoadBalancerArns: [id] }),
      firstAfterMs: Math.max(5_000, EXPECTED_PROVISIONING_MS - elapsedMs),
      everyMs: 8_000,
      // Targets are checked by a load balancer that is there.
      isImpliedByOthers: true,
      isSettled({ LoadBalancers: [item] = [] }: Output<"elasticloadbalancing:DescribeLoadBalancers">) {
        return item?.State?.Code !== undefined && item.State.Code !== "provisioning";
      },
    };
  },
};

function nameOf(service: string, owner: string, immutable: { vpcId: string; scheme: string }): string {
  return physicalName({ service, limit: NAME_LIMIT, owner, address: LOAD_BALANCER, immutable });
}

/**
 * What makes it another load balancer. A target group can serve one load balancer only, so the name of one has it in its
 * hash. The name that it has without being pinned says nothing new: to pin that one is free.
 */
export function loadBalancerIdentity({ key, owner, spec }: ServiceContext): {
  vpcId: string;
  scheme: string;
  name?: string;
} {
  const { vpcId } = spec;
  const { scheme, name } = spec.loadBalancer;
  const isOfItsOwn = name !== undefined && name !== nameOf(key.name, owner, { vpcId, scheme });
  return { vpcId, scheme, ...(isOfItsOwn ? { name } : {}) };
}

function observed(item: LoadBalancer, more: Fields, nowMs: number): Seen {
  const arn = required(item.LoadBalancerArn, "LoadBalancerArn");
  const name = required(item.LoadBalancerName, "LoadBalancerName");
  const zones = required(item.AvailabilityZones, "AvailabilityZones");
  return {
    kind: "loadBalancer",
    id: arn,
    name,
    address: LOAD_BALANCER,
    fields: {
      ...fieldsFromAws(FIELDS, item),
      subnets: sortedSet(zones.map((zone) => required(zone.SubnetId, "SubnetId"))),
      securityGroups: sortedSet(item.SecurityGroups ?? []),
      ...more,
    },
    immutable: {
      type: item.Type ?? DEFAULT_TYPE,
      ...(item.VpcId === undefined ? {} : { vpcId: item.VpcId }),
    },
    attributes: {
      arn,
      name,
      dimension: SUFFIX_OF_ARN.exec(arn)?.[1] ?? name,
      ...(item.DNSName === undefined ? {} : { dnsName: item.DNSName }),
    },
    refersTo: [],
    lifecycle: lifecycleOf(item.State?.Code),
    ...(item.State?.Reason === undefined ? {} : { lifecycleReason: item.State.Reason }),
    observedAtMs: nowMs,
    entrance: {
      availabilityZones: zones.flatMap(({ ZoneName }) => ZoneName ?? []),
      state: item.State?.Code,
      createdAtMs: item.CreatedTime?.getTime(),
    },
  };
}

function lifecycleOf(state: string | undefined): Lifecycle {
  if (state === "failed") return "failed";
  return state === "active" || state === "active_impaired" ? "ready" : "provisioning";
}
