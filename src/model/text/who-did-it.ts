import type { Attribution } from "../ledger/attribution.ts";
import { timeOfDay } from "../time.ts";

/** Who did it, in one sentence without its end: `changed by arn:… (aws-cli/2.15, 203.0.113.7) with ModifyTargetGroup at 12:03:04Z; certain`. */
export function whoDidIt(attribution: Attribution): string {
  const { principal, session, userAgent, sourceIpAddress, eventName, eventTime, confidence } = attribution;
  const more = [
    ...(session === undefined ? [] : [`session ${session}`]),
    ...(userAgent === undefined ? [] : [programOf(userAgent)]),
    ...(sourceIpAddress === undefined ? [] : [sourceIpAddress]),
  ];
  const how = more.length === 0 ? "" : ` (${more.join(", ")})`;
  return `changed by ${principal}${how} with ${eventName} at ${timeOfDay(Date.parse(eventTime))}; ${confidence}`;
}

/** Programs begin with their name and version, and go on with what they are made of. */
function programOf(userAgent: string): string {
  const [program = ""] = userAgent.split(" ");
  return program.includes("/") ? program : userAgent;
}
