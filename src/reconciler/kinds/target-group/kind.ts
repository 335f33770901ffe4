import { type Address, childNameOf, targetGroupAddress } from "../../../model/address.ts";
import { CloudError } from "../../../model/errors.ts";
import type { Output } from "../../../ports.ts";
import { answeredAs, type Call, callOf } from "../../core/actions.ts";
import { nameStem, ownerTags, physicalName } from "../../core/names.ts";
import type { Fields, Seen, Target } from "../../core/resource.ts";
import {
  attributeDefault,
  attributeFields,
  attributeInputs,
  attributesAndTags,
  initialAttributesAndTags,
} from "../attributes.ts";
import { toldMembersOf } from "../coverage/answer-members.ts";
import { fieldsFromAws, fieldsFromSpec, fieldsOf, inputFrom } from "../field.ts";
import { text } from "../field-values.ts";
import { elbLook } from "../fresh-look.ts";
import type { Item, Kind, ServiceContext } from "../kind.ts";
import { loadBalancerIdentity } from "../load-balancer/kind.ts";
import { loadBalancerSchema } from "../load-balancer/schema.ts";
import { nameOrPinned } from "../names/pinned.ts";
import { PartlyRead } from "../partly-read.ts";
import { present, required } from "../required.ts";
import { addressIn, elbTagCalls, tagFields, tagList, tagsIn } from "../tags.ts";
import { healthCheckOfAws, TARGET_GROUP_ATTRIBUTES, targetGroupSchema } from "./schema.ts";

type TargetGroup = Item<"elasticloadbalancing:DescribeTargetGroups", "TargetGroups">;
type TargetHealthDescription = Item<"elasticloadbalancing:DescribeTargetHealth", "TargetHealthDescriptions">;
type Made = Output<"elasticloadbalancing:CreateTargetGroup">;

const MODIFY = "elasticloadbalancing:ModifyTargetGroup";
const REGISTER = "elasticloadbalancing:RegisterTargets";
const NAME_LIMIT = 32;

const FIELDS = fieldsOf(targetGroupSchema);
/** What AWS cannot change in place is part of the name. */
const REPLACED = FIELDS.filter((info) => info.change === "replace");
const SCHEMES = loadBalancerSchema.properties.scheme.enum;

export const targetGroup: Kind<TargetGroup, Made> = {
  name: "targetGroup",
  title: "target group",
  family: "traffic",
  traits: { receivesRequests: true, stickySeconds, drainSeconds },
  schema: targetGroupSchema,
  tagSource: "elasticloadbalancing",
  quota: "targetGroups",

  desired(service) {
    const { owner, spec } = service;
    const loadBalancer = loadBalancerIdentity(service);
    return Object.entries(spec.targetGroups).map(([child, wanted]) => {
      const address = targetGroupAddress(child);
      const own = fieldsFromSpec(REPLACED, wanted);
      const named = nameOrPinned(wanted.name, nameOf(service, address, { ...own, loadBalancer }));
      const fields: Fields = {
        ...fieldsFromSpec(FIELDS, wanted),
        vpcId: spec.vpcId,
        ...attributeFields(TARGET_GROUP_ATTRIBUTES, wanted.attributes),
        ...tagFields({ ...spec.tags, ...ownerTags(owner, address) }),
      };
      return { address, kind: "targetGroup", ...named, fields, immutable: { ...own, vpcId: spec.vpcId } };
    });
  },

  async list(reader, { key }, _listed, { wanted, known }) {
    const all = await reader.list(
      "elasticloadbalancing:DescribeTargetGroups",
      { PageSize: 400 },
      (page) => page.TargetGroups,
    );
    const stem = nameStem(key.name, NAME_LIMIT);
    return all
      .filter(
        ({ TargetGroupName: name = "", TargetGroupArn: arn = "" }) =>
          name.startsWith(stem) || wanted.has(name) || known.has(arn),
      )
      .map((item) => ({
        kind: "targetGroup",
        id: required(item.TargetGroupArn, "TargetGroupArn"),
        name: required(item.TargetGroupName, "TargetGroupName"),
        raw: item,
      }));
  },

  /**
   * The load balancer that it was made for is part of its name, and may be gone: it had one scheme or the other, and the
   * name that the spec pins, if any, or one of ours.
   */
  isNamedByUs({ name, raw }, tags, service) {
    const address = addressIn(tags);
    const { VpcId: vpcId } = raw;
    if (address === undefined || vpcId === undefined || address !== targetGroupAddress(childNameOf(address)))
      return false;
    const own = fieldsFromAws(REPLACED, raw);
    const { name: pinned } = service.spec.loadBalancer;
    const identities = SCHEMES.flatMap((scheme): Fields[] => [
      { vpcId, scheme },
      ...(pinned === undefined ? [] : [{ vpcId, scheme, name: pinned }]),
    ]);
    return identities.some((loadBalancer) => name === nameOf(service, address, { ...own, loadBalancer }));
  },

  /** @throws PartlyRead when the health of its targets could be read, and its attributes not */
  async observe({ reader, found, tags }) {
    const [reading, health] = await Promise.all([
      reader
        .call("elasticloadbalancing:DescribeTargetGroupAttributes", { TargetGroupArn: found.id })
        .catch(asCloudError),
      reader.call("elasticloadbalancing:DescribeTargetHealth", { TargetGroupArn: found.id }),
    ]);
    if (reading instanceof CloudError) {
      const known = health.TargetHealthDescriptions;
      if (known === undefined) throw reading;
      throw new PartlyRead(reading, observed(found.raw, {}, addressIn(tags), known, reader.nowMs()));
    }
    const targets = required(health.TargetHealthDescriptions, "TargetHealthDescriptions");
    const more = attributesAndTags(reading, tags);
    const members = toldMembersOf("targetGroup", {
      "elasticloadbalancing:DescribeTargetGroups": found.raw,
      "elasticloadbalancing:DescribeTargetGroupAttributes": reading.Attributes,
    });
    return { ...observed(found.raw, more, addressIn(tags), targets, reader.nowMs()), members };
  },

  glimpse({ raw }, nowMs) {
    const { targetSet: _unread, ...seen } = observed(raw, {}, undefined, [], nowMs);
    return seen;
  },

  create(desired, fields) {
    return callOf("elasticloadbalancing:CreateTargetGroup", {
      ...inputFrom(FIELDS, fields),
      Name: desired.name,
      VpcId: text(fields, "vpcId"),
      Tags: tagList(tagsIn(fields)),
    });
  },

  created(desired, fields, { TargetGroups: [made] = [] }, nowMs) {
    if (made?.TargetGroupArn === undefined) return null;
    const more = initialAttributesAndTags(TARGET_GROUP_ATTRIBUTES, fields);
    return observed(made, more, desired.address, [], nowMs);
  },

  update({ fields, observed: { id }, differences }) {
    const calls: Call[] = attributeInputs(differences).map((Attributes) =>
      callOf("elasticloadbalancing:ModifyTargetGroupAttributes", { TargetGroupArn: id, Attributes }),
    );
    const changed = FIELDS.filter((info) => info.change === MODIFY);
    if (differences.some(({ field }) => changed.some((info) => info.path === field))) {
      calls.push(callOf(MODIFY, { ...inputFrom(changed, fields), TargetGroupArn: id }));
    }
    return calls;
  },

  register: ({ id }, instanceIds) => [
    callOf(REGISTER, { TargetGroupArn: id, Targets: instanceIds.map((Id) => ({ Id })) }),
  ],

  updated({ observed: before }, call, output) {
    const registered = answeredAs(REGISTER, call, output);
    if (registered === undefined) return undefined;
    const known = present(before.targetSet, "its targets");
    const added = (registered.input.Targets ?? []).map(({ Id = "" }) => ({
      instanceId: Id,
      state: "initial",
    }));
    return { ...before, targetSet: { ...known, targets: [...known.targets, ...added] } };
  },

  remove({ id }) {
    const call = callOf("elasticloadbalancing:DeleteTargetGroup", { TargetGroupArn: id });
    return { calls: [call], isLast: true };
  },

  consequences({ observed: { targetSet }, differences }) {
    const count = differences === "removed" ? (targetSet?.targets.length ?? 0) : 0;
    return count === 0 ? [] : [{ effect: "interrupts", says: `its targets (${count}) are deregistered` }];
  },
  lookAfresh: elbLook,

  tag: elbTagCalls,
  defaultOf: (field, desired) => attributeDefault(TARGET_GROUP_ATTRIBUTES, field, desired),

  /**
   * A target group is itself ready at once; what takes time is its targets' first health check, or, where somebody
   * waits for it, so many of them to become healthy.
   */
  probe({ id, targetSet }, _nowMs, needed) {
    const { targets } = present(targetSet, "its targets");
    const isChecked = targets.length > 0 && targets.every((target) => target.state !== "initial");
    if (isChecked && needed === undefined) return undefined;
    return {
      call: callOf("elasticloadbalancing:DescribeTargetHealth", { TargetGroupArn: id }),
      firstAfterMs: 10_000,
      everyMs: 10_000,
      isSettled({
        TargetHealthDescriptions: list = [],
      }: Output<"elasticloadbalancing:DescribeTargetHealth">) {
        const states = list.map((target) => target.TargetHealth?.State);
        return needed === undefined
          ? states.length > 0 && !states.includes("initial")
          : states.filter((state) => state === "healthy").length >= needed;
      },
    };
  },
};

function asCloudError(error: unknown): CloudError {
  if (error instanceof CloudError) return error;
  throw error;
}

function nameOf(
  { key, owner }: Pick<ServiceContext, "key" | "owner">,
  address: Address,
  immutable: Fields,
): string {
  const child = childNameOf(address);
  return physicalName({ service: key.name, child, limit: NAME_LIMIT, owner, address, immutable });
}

const DRAIN = "attributes.deregistration_delay.timeout_seconds";
/** What AWS takes where nobody says it (…/application/edit-target-group-attributes.html#deregistration-delay). */
const DRAIN_SECONDS = 300;

function drainSeconds(fields: Fields): number {
  return Number(fields[DRAIN] ?? DRAIN_SECONDS);
}

const DAY_SECONDS = 86_400;

function stickySeconds(fields: Fields): number | undefined {
  if (fields["attributes.stickiness.enabled"] !== "true") return undefined;
  const type = fields["attributes.stickiness.type"] ?? "lb_cookie";
  return Number(fields[`attributes.stickiness.${String(type)}.duration_seconds`] ?? DAY_SECONDS);
}

function observed(
  item: TargetGroup,
  more: Fields,
  address: Address | undefined,
  targets: readonly TargetHealthDescription[],
  nowMs: number,
): Seen {
  const arn = required(item.TargetGroupArn, "TargetGroupArn");
  const name = required(item.TargetGroupName, "TargetGroupName");
  return {
    kind: "targetGroup",
    id: arn,
    name,
    address,
    fields: {
      ...fieldsFromSpec(FIELDS, { healthCheck: healthCheckOfAws(item.ProtocolVersion) }),
      ...fieldsFromAws(FIELDS, item),
      ...(item.VpcId === undefined ? {} : { vpcId: item.VpcId }),
      ...more,
    },
    attributes: { arn, name, dimension: arn.slice(arn.indexOf("targetgroup/")) },
    refersTo: [],
    lifecycle: "ready",
    observedAtMs: nowMs,
    targetSet: { targets: targets.map(targetOf), loadBalancers: item.LoadBalancerArns ?? [] },
  };
}

function targetOf({ Target: target, TargetHealth: health }: TargetHealthDescription): Target {
  return {
    instanceId: required(target?.Id, "Target.Id"),
    state: health?.State ?? "unknown",
    ...(health?.Reason === undefined ? {} : { reason: health.Reason }),
    ...(health?.Description === undefined ? {} : { description: health.Description }),
  };
}
