/** A version of a launch template, as groups, instances and refreshes name it. */
import type { Value } from "../../../model/value.ts";
import type { TemplateVersion } from "../../core/resource.ts";
import { asRecord, text } from "../field-values.ts";
import type { Listed } from "../kind.ts";
import { required } from "../required.ts";

/** What AWS's answers carry. */
export interface Answered {
  readonly LaunchTemplateId?: string | undefined;
  readonly LaunchTemplateName?: string | undefined;
  readonly Version?: string | undefined;
}

/** docs.aws.amazon.com/autoscaling/ec2/APIReference/API_LaunchTemplateSpecification.html */
const DEFAULT_VERSION = "$Default";

/** As AWS answers with it. @throws CloudError `malformed` where it does not say which template it is */
export function templateOf(answer: Answered | undefined): TemplateVersion | undefined {
  if (answer === undefined) return undefined;
  return {
    id: required(answer.LaunchTemplateId, "LaunchTemplateId"),
    version: answer.Version ?? DEFAULT_VERSION,
  };
}

const LATEST_VERSION = "$Latest";

/** Whether it is no number, but stands for one that moves. */
export function isAlias({ version }: TemplateVersion): boolean {
  return version === LATEST_VERSION || version === DEFAULT_VERSION;
}

/** The number that an alias stands for now; where its template is not listed it stays as it is. */
export function numbered(template: TemplateVersion, listed: Listed): TemplateVersion {
  const { id, version } = template;
  const found = listed.get("launchTemplate")?.find((one) => one.id === id);
  const number = version === LATEST_VERSION ? found?.latestVersion : found?.defaultVersion;
  return isAlias(template) && number !== undefined ? { id, version: number } : template;
}

/** The same, and nothing where the answer does not name the template. */
export function wholeTemplateOf(answer: Answered | undefined): TemplateVersion | undefined {
  const { LaunchTemplateId: id, Version: version = DEFAULT_VERSION } = answer ?? {};
  return id === undefined ? undefined : { id, version };
}

/** A `launchTemplate` field. */
export function templateIn(field: Value | undefined): TemplateVersion {
  const template = asRecord(field, "launchTemplate");
  return { id: text(template, "id"), version: text(template, "version") };
}

/** In the shape that AWS's inputs want. */
export function templateSpecification({ id, version }: TemplateVersion) {
  return { LaunchTemplateId: id, Version: version };
}
