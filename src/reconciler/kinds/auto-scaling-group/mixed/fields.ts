/**
 * A mixed instances policy as fields: of a spec, and of AWS's answers
 * (docs.aws.amazon.com/autoscaling/ec2/APIReference/API_MixedInstancesPolicy.html). A group without one has none of them.
 */
import { isRecord, type Value } from "../../../../model/value.ts";
import type { Change } from "../../../core/kind-rules.ts";
import type { Fields, Fleet, TemplateVersion } from "../../../core/resource.ts";
import { fieldsFromSpec, fieldsOf, inputFrom, statedFields } from "../../field.ts";
import { asRecords } from "../../field-values.ts";
import { normalRequirements } from "../../instance-requirements/normal.ts";
import type { Item } from "../../kind.ts";
import { templateSpecification } from "../template-version.ts";
import { type MixedInstancesPolicySpec, mixedInstancesPolicySchema } from "./schema.ts";

type Group = Item<"autoscaling:DescribeAutoScalingGroups", "AutoScalingGroups">;
export type Policy = NonNullable<Group["MixedInstancesPolicy"]>;

const ABOVE = "mixedInstancesPolicy";
export const OVERRIDES = `${ABOVE}.launchTemplate.overrides`;
const DISTRIBUTION = `${ABOVE}.instancesDistribution`;
const ON_DEMAND_STRATEGY = `${DISTRIBUTION}.onDemandAllocationStrategy`;
const BASE = `${DISTRIBUTION}.onDemandBaseCapacity`;
const PERCENTAGE = `${DISTRIBUTION}.onDemandPercentageAboveBaseCapacity`;
const SPOT_STRATEGY = `${DISTRIBUTION}.spotAllocationStrategy`;
const POOLS = `${DISTRIBUTION}.spotInstancePools`;
const MAX_PRICE = `${DISTRIBUTION}.spotMaxPrice`;
export const SEGMENTS = `${DISTRIBUTION}.distributionSegments`;
/** Fields whose change makes AWS replace running instances, one after the other (…/API_InstancesDistribution.html). */
export const REPLACING: readonly string[] = [BASE, PERCENTAGE];

const LOWEST_PRICE = "lowest-price";
/** …/API_LaunchTemplateSpecification.html */
const DEFAULT_VERSION = "$Default";

export const MIXED_FIELDS = fieldsOf({ properties: { [ABOVE]: mixedInstancesPolicySchema } });

export function isMixedField(field: string): boolean {
  return field.startsWith(`${ABOVE}.`);
}

export function mixedAmong(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([field]) => isMixedField(field)));
}

/** What a spec declares; the overrides also where there are none, so that it shows that there is a policy. */
export function declaredPolicy(policy: MixedInstancesPolicySpec | undefined): Fields {
  if (policy === undefined) return {};
  return normal({ [OVERRIDES]: [], ...fieldsFromSpec(MIXED_FIELDS, { [ABOVE]: policy }) });
}

/**
 * What AWS answers with, and what it means where it leaves a member out.
 * @param wanted by which an override names its template there is compared by that: AWS answers with its id and its name
 */
export function observedPolicy(policy: Policy | undefined, wanted?: MixedInstancesPolicySpec): Fields {
  if (policy === undefined) return {};
  const names = (wanted?.launchTemplate?.overrides ?? []).flatMap(
    ({ launchTemplateSpecification: named }) => named?.launchTemplateName ?? [],
  );
  const stated = statedFields(MIXED_FIELDS, { MixedInstancesPolicy: policy });
  const overrides = asRecords(stated[OVERRIDES] ?? [], OVERRIDES).map((one) => namedOneWay(one, names));
  const known = { ...stated, [OVERRIDES]: overrides };
  const defaults = Object.fromEntries(
    MIXED_FIELDS.flatMap(({ path }) => {
      const value = policyDefault(path, known);
      return value === undefined ? [] : [[path, value]];
    }),
  );
  return normal({ ...defaults, ...known });
}

/** What AWS takes a member for that nobody gives. */
export function policyDefault(field: string, fields: Fields): Value | undefined {
  const segments = fields[SEGMENTS];
  const isSegmented = Array.isArray(segments) && segments.length > 0;
  switch (field) {
    case OVERRIDES:
    case SEGMENTS:
      return [];
    case ON_DEMAND_STRATEGY:
      return isByAttributes(fields) ? LOWEST_PRICE : "prioritized";
    case BASE:
      return isSegmented ? undefined : 0;
    case PERCENTAGE:
      return isSegmented ? undefined : 100;
    case SPOT_STRATEGY:
      return LOWEST_PRICE;
    case POOLS:
      return (fields[SPOT_STRATEGY] ?? LOWEST_PRICE) === LOWEST_PRICE ? 2 : undefined;
    case MAX_PRICE:
      return "";
    default:
      return undefined;
  }
}

/** In the one form in which it is compared. */
function normal(fields: Fields): Fields {
  const { [POOLS]: pools, ...others } = fields;
  const strategy = fields[SPOT_STRATEGY];
  const price = fields[MAX_PRICE];
  return {
    ...others,
    // AWS knows the number with this strategy alone, and may go on showing it.
    ...(pools === undefined || (strategy !== undefined && strategy !== LOWEST_PRICE)
      ? {}
      : { [POOLS]: pools }),
    ...(typeof price === "string" && price !== "" ? { [MAX_PRICE]: String(Number(price)) } : {}),
    [OVERRIDES]: asRecords(fields[OVERRIDES] ?? [], OVERRIDES).map(normalOverride),
  };
}

function normalOverride(override: Fields): Fields {
  const { instanceRequirements, launchTemplateSpecification: named, ...plain } = override;
  return {
    ...plain,
    ...(isRecord(instanceRequirements)
      ? { instanceRequirements: normalRequirements(instanceRequirements as Fields) }
      : {}),
    ...(isRecord(named)
      ? { launchTemplateSpecification: { version: DEFAULT_VERSION, ...(named as Fields) } }
      : {}),
  };
}

function namedOneWay(override: Fields, names: readonly string[]): Fields {
  const { launchTemplateSpecification: named, ...others } = override;
  if (!isRecord(named)) return override;
  const { launchTemplateId: id, launchTemplateName: name, ...version } = named as Fields;
  const isByName = name !== undefined && (id === undefined || names.includes(String(name)));
  const which: Fields = isByName ? { launchTemplateName: name } : { launchTemplateId: id ?? "" };
  return { ...others, launchTemplateSpecification: { ...which, ...version } };
}

function overridesIn(fields: Fields): Fields[] {
  return fields[OVERRIDES] === undefined ? [] : asRecords(fields[OVERRIDES], OVERRIDES);
}

/** Whether AWS chooses the types by their attributes. */
export function isByAttributes(fields: Fields): boolean {
  return overridesIn(fields).some(({ instanceRequirements }) => instanceRequirements !== undefined);
}

/** Whether each of its overrides names an image, as ReplaceRootVolume needs it (…/userguide/replace-root-volume.html). */
export function hasImages(fields: Fields): boolean {
  const overrides = overridesIn(fields);
  return overrides.length > 0 && overrides.every(({ imageId }) => imageId !== undefined);
}

/** Whether its overrides name a version that is not always the same. */
export function namesAlias(fields: Fields): boolean {
  return overridesIn(fields).some(({ launchTemplateSpecification: named }) => {
    return isRecord(named) && String(named.version).startsWith("$");
  });
}

/** Whether sizes count something else than instances. */
export function isWeighted(fields: Fields): boolean {
  return (
    overridesIn(fields).some(({ weightedCapacity }) => weightedCapacity !== undefined) ||
    ["vcpu", "memory-mib"].includes(String(fields.desiredCapacityType))
  );
}

/** Templates that overrides name, by id or name: what is launched from one of them is of the group, too. */
export function templatesOfOverrides(policy: Policy | undefined): ReadonlySet<string> {
  const named = (policy?.LaunchTemplate?.Overrides ?? []).flatMap(({ LaunchTemplateSpecification: one }) =>
    one === undefined ? [] : [one],
  );
  return new Set(
    named.flatMap(({ LaunchTemplateId: id, LaunchTemplateName: name }) =>
      [id, name].flatMap((one) => one ?? []),
    ),
  );
}

/** What AWS is told: the whole of it, so that nothing is left to what AWS keeps of an earlier one. */
function policyInput(fields: Fields, template: TemplateVersion): Policy {
  const { [SEGMENTS]: segments, ...others } = mixedAmong(fields);
  const isSegmented = Array.isArray(segments) && segments.length > 0;
  const { [BASE]: _base, [PERCENTAGE]: _percentage, ...withoutShares } = others;
  // Shares take segments away; without shares, only a list of none does (…/API_UpdateAutoScalingGroup.html).
  const clears = segments !== undefined && others[BASE] === undefined && others[PERCENTAGE] === undefined;
  const told = normal({
    ...(isSegmented ? withoutShares : others),
    ...(isSegmented || clears ? { [SEGMENTS]: segments } : {}),
  });
  const input = inputFrom(MIXED_FIELDS, told).MixedInstancesPolicy as Policy;
  return {
    ...input,
    LaunchTemplate: { LaunchTemplateSpecification: templateSpecification(template), ...input.LaunchTemplate },
  };
}

/** What a group launches from, in one of AWS's two ways: it takes no third, and never both. */
export function launchesFrom(
  policy: Fields,
  template: TemplateVersion,
): { LaunchTemplate: ReturnType<typeof templateSpecification> } | { MixedInstancesPolicy: Policy } {
  return Object.keys(mixedAmong(policy)).length === 0
    ? { LaunchTemplate: templateSpecification(template) }
    : { MixedInstancesPolicy: policyInput(policy, template) };
}

/**
 * The policy that a group is to have: what is declared, with what AWS has beside it; of a spec that says nothing of one,
 * what is there, and none where it was declared earlier.
 */
export function policyToBe(
  { desired, fields, differences }: Pick<Change, "desired" | "fields" | "differences">,
  { policy: live = {} }: Pick<Fleet, "policy">,
): Fields {
  const isDeclared = desired.fields[OVERRIDES] !== undefined;
  if (isDeclared) return besides(live, mixedAmong(fields));
  return differences.some(({ field }) => isMixedField(field)) ? {} : live;
}

/** Strategies that go by an order, which attributes have none of (…/API_InstancesDistribution.html). */
const ORDERED: readonly (Value | undefined)[] = ["prioritized", "capacity-optimized-prioritized"];

/** What AWS has stays beside what is declared, unless AWS takes the two together no more. */
function besides(live: Fields, declared: Fields): Fields {
  const both = { ...live, ...declared };
  const isOut = (field: string): boolean => {
    if (declared[field] !== undefined) return false;
    if (field === SEGMENTS) return declared[BASE] !== undefined || declared[PERCENTAGE] !== undefined;
    return isByAttributes(both) && ORDERED.includes(both[field]);
  };
  return Object.fromEntries(
    Object.entries(both).flatMap(([field, value]): [string, Value][] => {
      if (!isOut(field)) return [[field, value]];
      const instead = policyDefault(field, both);
      return instead === undefined ? [] : [[field, instead]];
    }),
  );
}
