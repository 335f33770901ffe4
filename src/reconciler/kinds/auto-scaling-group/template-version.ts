/** A version of a launch template, as groups, instances and refreshes name it. */
import type { Value } from "../../../model/value.ts";
import type { TemplateVersion } from "../../core/resource.ts";
import { asRecord, text } from "../field-values.ts";

/** What AWS's answers carry. */
interface Answered {
  readonly LaunchTemplateId?: string | undefined;
  readonly Version?: string | undefined;
}

/** As AWS answers with it. A part that the answer leaves out is empty, which equals nothing that anybody wants. */
export function templateOf(answer: Answered | undefined): TemplateVersion | undefined {
  if (answer === undefined) return undefined;
  return { id: answer.LaunchTemplateId ?? "", version: answer.Version ?? "" };
}

/** The same, and nothing where the answer leaves a part out. */
export function wholeTemplateOf(answer: Answered | undefined): TemplateVersion | undefined {
  const { LaunchTemplateId: id, Version: version } = answer ?? {};
  return id === undefined || version === undefined ? undefined : { id, version };
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

export function isSameVersion(one: TemplateVersion | undefined, other: TemplateVersion): boolean {
  return one?.id === other.id && one.version === other.version;
}
