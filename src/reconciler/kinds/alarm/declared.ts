/** Every alarm that a spec asks for: those of its own, and those that a policy is declared with. Pure. */
import {
  type Address,
  alarmAddress,
  policyAlarmAddress,
  scalingGroupAddress,
  scalingPolicyAddress,
} from "../../../model/address.ts";
import type { WebServiceSpec } from "../web-service.ts";
import type { AlarmSpec } from "./schema.ts";

interface DeclaredAlarm {
  readonly address: Address;
  readonly alarm: AlarmSpec;
}

const FORMS = ["stepScaling", "simpleScaling"] as const;

export function declaredAlarms({
  alarms,
  autoScalingGroups,
}: Pick<WebServiceSpec, "alarms" | "autoScalingGroups">): DeclaredAlarm[] {
  const ofTheirOwn = Object.entries(alarms).map(([child, alarm]) => ({
    address: alarmAddress(child),
    alarm,
  }));
  const ofPolicies = Object.entries(autoScalingGroups).flatMap(([name, { scalingPolicies = {} }]) => {
    const group = scalingGroupAddress(name);
    return Object.entries(scalingPolicies).flatMap(([child, policy]) => {
      const address = scalingPolicyAddress(group, child);
      return FORMS.flatMap((form) => {
        const alarm = policy[form]?.alarm;
        return alarm === undefined
          ? []
          : [{ address: policyAlarmAddress(address, form), alarm: asAlarm(alarm, group, address) }];
      });
    });
  });
  return [...ofTheirOwn, ...ofPolicies];
}

/** It watches its group unless the spec says what else, and sets off its policy whatever the spec says. */
function asAlarm(alarm: AlarmSpec, group: Address, policy: Address): AlarmSpec {
  const { dimensions = { AutoScalingGroupName: { ref: group } }, alarmActions = [] } = alarm;
  const isOther = (action: (typeof alarmActions)[number]) =>
    typeof action === "string" || action.ref !== policy;
  return { ...alarm, dimensions, alarmActions: [{ ref: policy }, ...alarmActions.filter(isOther)] };
}
