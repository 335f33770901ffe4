/** What AWS demands between the preferences of an instance refresh, and what Holdfast demands of them. */
import { addressFrom, childNameOf } from "../../../model/address.ts";
import { isReference } from "../reference.ts";
import {
  AUTO_SCALING_API,
  AUTO_SCALING_GUIDE,
  duplicates,
  HOLDFAST,
  memberOf,
  missing,
  type SpecRule,
} from "../spec-rule.ts";
import type { MixedInstancesPolicySpec } from "./mixed/schema.ts";
import type { RefreshSpec } from "./refresh-schema.ts";

const PREFERENCES = `${AUTO_SCALING_API}/API_RefreshPreferences.html` as const;

type Refreshed = {
  readonly instanceRefresh: RefreshSpec;
  readonly mixedInstancesPolicy?: MixedInstancesPolicySpec;
  readonly targetGroups?: readonly string[];
};

const isOfVolumes = (strategy: RefreshSpec["strategy"]): boolean => strategy === "ReplaceRootVolume";

export const refreshRules: readonly SpecRule<Refreshed>[] = [
  {
    at: "instanceRefresh.strategy",
    must: "be `Rolling`, unless `mixedInstancesPolicy` has overrides and each names an `imageId`",
    when: ({ instanceRefresh: { strategy }, mixedInstancesPolicy: policy }) => {
      const { overrides = [] } = policy?.launchTemplate ?? {};
      return isOfVolumes(strategy) && !(overrides.length > 0 && overrides.every(({ imageId }) => imageId));
    },
    says: "takes ReplaceRootVolume only with a mixed instances policy whose overrides name images, all of them",
    source: `${AUTO_SCALING_GUIDE}/replace-root-volume.html`,
  },
  {
    at: "instanceRefresh.strategy",
    must: "be `Rolling` with `targetGroups`",
    when: ({ instanceRefresh: { strategy }, targetGroups = [] }) =>
      isOfVolumes(strategy) && targetGroups.length > 0,
    says: "cannot be ReplaceRootVolume with targetGroups: AWS replaces no root volume behind a load balancer",
    source: `${AUTO_SCALING_GUIDE}/instance-refresh-overview.html`,
  },
  {
    at: "instanceRefresh.strategy",
    must: "be `Rolling` with `instanceRequirements`",
    when: ({ instanceRefresh: { strategy }, mixedInstancesPolicy: policy }) =>
      isOfVolumes(strategy) &&
      (policy?.launchTemplate?.overrides ?? []).some((one) => one.instanceRequirements !== undefined),
    says: "cannot be ReplaceRootVolume with instanceRequirements: it needs a desired configuration, which AWS does not take with them",
    source: `${AUTO_SCALING_GUIDE}/instance-refresh-overview.html`,
  },
  {
    at: "instanceRefresh.minHealthyPercentage",
    must: "be given with `maxHealthyPercentage`, with `spec.defaults` AWS",
    when: ({ instanceRefresh: { maxHealthyPercentage: most, minHealthyPercentage: least } }) =>
      most !== undefined && least === undefined,
    says: "is required with maxHealthyPercentage",
    reason: "FieldValueRequired",
    source: PREFERENCES,
  },
  {
    at: "instanceRefresh.maxHealthyPercentage",
    must: "not be more than 100 above `minHealthyPercentage`",
    when: ({ instanceRefresh: { maxHealthyPercentage: most, minHealthyPercentage: least } }) =>
      most !== undefined && least !== undefined && most - least > 100,
    says: ({ instanceRefresh: { maxHealthyPercentage: most, minHealthyPercentage: least } }) =>
      `must not be more than 100 above minHealthyPercentage (${least}); was ${most}`,
    source: PREFERENCES,
  },
  {
    at: "instanceRefresh.checkpointPercentages",
    must: "be ascending, each once",
    when: ({ instanceRefresh: { checkpointPercentages: points = [] } }) =>
      points.some((point, index) => index > 0 && point <= (points[index - 1] ?? 0)),
    source: PREFERENCES,
  },
  {
    at: "instanceRefresh.checkpointPercentages",
    must: "end with 100",
    when: ({ instanceRefresh: { checkpointPercentages: points } }) =>
      points !== undefined && (points.at(-1) ?? 0) < 100,
    says: ({ instanceRefresh: { checkpointPercentages: points = [] } }) =>
      `must end with 100, or AWS leaves the other instances at their version; ended with ${points.at(-1)}`,
    source: HOLDFAST,
  },
  {
    at: "instanceRefresh.checkpointDelay",
    must: "be given with `checkpointPercentages` only",
    when: ({ instanceRefresh: { checkpointDelay, checkpointPercentages } }) =>
      checkpointDelay !== undefined && checkpointPercentages === undefined,
    says: "takes effect at checkpoints only: give checkpointPercentages as well",
    source: PREFERENCES,
  },
  {
    at: "instanceRefresh.alarmSpecification.alarms",
    must: "name each alarm once",
    each: ({ instanceRefresh: { alarmSpecification: { alarms = [] } = {} } }) =>
      duplicates(alarms.map((alarm) => (isReference(alarm) ? alarm.ref : alarm))).map(
        (name) => `names ${name} more than once`,
      ),
    reason: "FieldValueDuplicate",
    source: HOLDFAST,
  },
  {
    at: "instanceRefresh.alarmSpecification.alarms",
    must: "refer to alarms of this spec",
    each: ({ instanceRefresh: { alarmSpecification: { alarms = [] } = {} } }, { spec }) =>
      alarms.flatMap((alarm, index) => {
        if (!isReference(alarm)) return [];
        const name = childNameOf(addressFrom(alarm.ref));
        if (memberOf(spec.alarms, name) !== undefined) return [];
        const at = `instanceRefresh.alarmSpecification.alarms[${index}].ref`;
        return [{ at, says: missing("alarm", name, spec.alarms ?? {}) }];
      }),
    reason: "FieldValueNotFound",
    source: HOLDFAST,
  },
];
