/** What a group launches from: a template, and with a mixed instances policy whatever varies it. */
import type { Requirements } from "../account/instance-requirements.ts";

/** A template as the group names it, `version` literal (`3`, `$Latest`, `$Default`). */
export interface TemplateChoice {
  readonly id: string;
  readonly name: string;
  readonly version: string;
}

export interface LaunchSource {
  readonly template: TemplateChoice;
  readonly mixed: MixedPolicy | undefined;
}

export interface MixedPolicy {
  /** In the order of their priority. */
  readonly overrides: readonly Override[];
  readonly distribution: Distribution;
}

/** One line of the policy: a type, or what a type must have. */
export interface Override {
  readonly instanceType: string | undefined;
  readonly requirements: Requirements | undefined;
  /** As given: a number in a string. */
  readonly weight: string | undefined;
  /** In place of the policy's template. */
  readonly template: TemplateChoice | undefined;
  /** In place of the template's. */
  readonly imageId: string | undefined;
}

/** Who pays what for the capacity, with the defaults filled in: autoscaling/mixed-defaults. */
export interface Distribution {
  readonly onDemandStrategy: string;
  readonly onDemandBase: number;
  readonly onDemandPercentage: number;
  readonly spotStrategy: string;
  /** Of the lowest-price strategy alone. */
  readonly spotPools: number | undefined;
  readonly spotMaxPrice: string | undefined;
}

export function sourceOf({ template, mixed }: LaunchSource): LaunchSource {
  return { template, mixed };
}
