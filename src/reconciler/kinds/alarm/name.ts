import { type Address, childNameOf, policyOfAlarm } from "../../../model/address.ts";
import { digestOf } from "../../core/names.ts";

/** docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html, AlarmName */
const LONGEST = 255;

/** The name that an alarm of the spec has where the spec pins none. @param child its key among the alarms */
export function alarmName(owner: string, child: string): string {
  return `${owner}/${child}`;
}

/** The same, by where it stands: no key of an alarm has a slash, so that none has the name of a policy's alarm. */
export function alarmNameAt(owner: string, address: Address): string {
  const policy = policyOfAlarm(address);
  if (policy === undefined) return alarmName(owner, childNameOf(address));
  const { autoScalingGroup, name } = policy;
  const whole = `${owner}/${autoScalingGroup}/${name}`;
  if (whole.length <= LONGEST) return whole;
  return `${owner}/policy/${digestOf([autoScalingGroup, name]).slice(0, 8)}`;
}
