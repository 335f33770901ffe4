/** Everything that AWS's pages say EC2 refuses of templates, launches and tags. */
import type { RequestLaunchTemplateData, ValidationError } from "@aws-sdk/client-ec2";
import { firstRefusal, type RefusalRule } from "../../account/refusals.ts";
import { LAUNCH_RULES } from "./launches.ts";
import { OPTION_RULES } from "./options.ts";
import { LAUNCH_BY_REQUIREMENTS_RULES, REQUIREMENT_RULES } from "./requirements.ts";
import { STORAGE_RULES } from "./storage.ts";
import { TEMPLATE_RULES } from "./templates.ts";

const OF_LAUNCHES = [...LAUNCH_RULES, ...OPTION_RULES, ...STORAGE_RULES];

/** Of a launch, what it asks for itself and what its template asks for together. */
export const EC2_LAUNCH_REFUSALS: readonly RefusalRule<unknown>[] = [
  ...OF_LAUNCHES,
  ...LAUNCH_BY_REQUIREMENTS_RULES,
];

export const EC2_CALL_REFUSALS: readonly RefusalRule<unknown>[] = [...TEMPLATE_RULES, ...REQUIREMENT_RULES];

/** What a launch would be refused for, of itself or of its template: ec2/template-warnings. */
export function launchFaults(data: RequestLaunchTemplateData): ValidationError[] {
  return OF_LAUNCHES.flatMap((rule) => {
    const refusal = firstRefusal([rule], data, undefined);
    return refusal === undefined ? [] : [{ Code: refusal.code, Message: refusal.message }];
  });
}
