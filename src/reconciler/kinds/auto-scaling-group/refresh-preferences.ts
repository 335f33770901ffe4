/** The preferences of an instance refresh: from the spec to AWS's input. */
import { addressFrom, childNameOf } from "../../../model/address.ts";
import type { Input } from "../../../ports.ts";
import type { Fields } from "../../core/resource.ts";
import { alarmName } from "../alarm/name.ts";
import { oneOf, optionalNumber, record, textsIfAny } from "../field-values.ts";
import type { ServiceContext } from "../kind.ts";
import { isReference } from "../reference.ts";
import { memberOf } from "../spec-rule.ts";
import { type RefreshSpec, SCALE_IN_PROTECTED, STANDBY } from "./refresh-schema.ts";

type Preferences = NonNullable<Input<"autoscaling:StartInstanceRefresh">["Preferences"]>;

/** `instanceRefresh` of a spec, with the names that its alarms have in AWS. */
export function refreshSettings(
  { instanceRefresh }: { readonly instanceRefresh: RefreshSpec },
  { owner, spec }: Pick<ServiceContext, "owner" | "spec">,
): Fields {
  const { alarmSpecification, ...settings } = instanceRefresh;
  if (alarmSpecification === undefined) return { ...settings };
  const alarms = alarmSpecification.alarms.map((alarm) => {
    if (!isReference(alarm)) return alarm;
    const child = childNameOf(addressFrom(alarm.ref));
    return memberOf(spec.alarms, child)?.name ?? alarmName(owner, child);
  });
  return { ...settings, alarmSpecification: { alarms } };
}

/** What AWS is told. @param settings as {@link refreshSettings} has them @param isRolledBackByAws whether it is to go back by itself */
export function preferencesOf(settings: Fields, isRolledBackByAws: boolean): Preferences {
  const least = optionalNumber(settings, "minHealthyPercentage");
  const most = optionalNumber(settings, "maxHealthyPercentage");
  const warmup = optionalNumber(settings, "instanceWarmup");
  const bakeTime = optionalNumber(settings, "bakeTime");
  const delay = optionalNumber(settings, "checkpointDelay");
  const points = settings.checkpointPercentages;
  const ofProtected = oneOf(settings, "scaleInProtectedInstances", SCALE_IN_PROTECTED);
  const ofStandby = oneOf(settings, "standbyInstances", STANDBY);
  const alarms = alarmsIn(settings);
  return {
    ...(least === undefined ? {} : { MinHealthyPercentage: least }),
    ...(most === undefined ? {} : { MaxHealthyPercentage: most }),
    ...(warmup === undefined ? {} : { InstanceWarmup: warmup }),
    AutoRollback: isRolledBackByAws,
    SkipMatching: settings.skipMatching !== false,
    ...(Array.isArray(points) ? { CheckpointPercentages: points.map(Number) } : {}),
    ...(delay === undefined ? {} : { CheckpointDelay: delay }),
    ...(bakeTime === undefined ? {} : { BakeTime: bakeTime }),
    ...(ofProtected === undefined ? {} : { ScaleInProtectedInstances: ofProtected }),
    ...(ofStandby === undefined ? {} : { StandbyInstances: ofStandby }),
    ...(alarms.length === 0 ? {} : { AlarmSpecification: { Alarms: alarms } }),
  };
}

/**
 * The same for a refresh that brings back what ran before: it pauses nowhere, and no alarm stops it, for the one that has
 * called for it still rings.
 */
export function preferencesBack(settings: Fields): Preferences {
  const {
    CheckpointPercentages: _points,
    CheckpointDelay: _delay,
    BakeTime: _bake,
    AlarmSpecification: _alarms,
    ...preferences
  } = preferencesOf(settings, false);
  return { ...preferences, SkipMatching: true };
}

/** The names of the alarms that stop it. */
function alarmsIn(settings: Fields): string[] {
  return settings.alarmSpecification === undefined
    ? []
    : textsIfAny(record(settings, "alarmSpecification"), "alarms");
}
