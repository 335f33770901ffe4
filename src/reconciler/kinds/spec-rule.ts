/**
 * A rule between fields of a spec, as a value: admission asks it, and docs/spec.md prints it. Each kind keeps its own
 * beside its schema; `validation.ts` says where in the spec they are asked.
 */
import type { FaultReason } from "../../model/errors.ts";
import type { WebServiceSpec } from "./web-service.ts";

/** The rule is Holdfast's own: what it forbids would mean nothing, or two things. */
export const HOLDFAST = "Holdfast";

/** A page, without its scheme: AWS's own, or a public record of AWS's answer where no page says it. */
export type Source = `${"docs.aws.amazon.com" | "repost.aws" | "github.com"}/${string}` | typeof HOLDFAST;

export const ELB_API = "docs.aws.amazon.com/elasticloadbalancing/latest/APIReference";
export const ELB_GUIDE = "docs.aws.amazon.com/elasticloadbalancing/latest/application";
export const AUTO_SCALING_API = "docs.aws.amazon.com/autoscaling/ec2/APIReference";
export const AUTO_SCALING_GUIDE = "docs.aws.amazon.com/autoscaling/ec2/userguide";
export const CLOUDWATCH_API = "docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference";
export const EC2_API = "docs.aws.amazon.com/AWSEC2/latest/APIReference";

/** What a rule may look at beside its own part. */
export interface Around {
  readonly spec: WebServiceSpec;
  /** The spec as it is stored, where the service is there already. */
  readonly stored: WebServiceSpec | undefined;
}

/** One break of a rule at a field of its own. */
interface Violation {
  /** From the part, as in {@link SpecRule}. */
  readonly at: string;
  readonly says: string;
}

/**
 * A rule of one part of the spec.
 * @template Above the parts that it must stand in, by name, when it looks at them: `{ listener: ListenerSpec }`
 */
export type SpecRule<Part, Above = object> = {
  /** The field it speaks of, from the part: `healthCheck.timeoutSeconds`; empty for the part itself. */
  readonly at: string;
  /** What holds of the field, to be read after "must", with other fields in backticks. */
  readonly must: string;
  readonly source: Source;
  /** Default: `FieldValueInvalid`. */
  readonly reason?: FaultReason;
} & (
  | {
      /** Whether it is broken. */
      readonly when: (part: Part, around: Around & Above) => boolean;
      /** What is wrong and what is allowed. Default: `must …; was …`, with the field's value. */
      readonly says?: string | ((part: Part, around: Around & Above) => string);
    }
  | {
      /** A sentence for each time that it is broken. */
      readonly each: (part: Part, around: Around & Above) => readonly (string | Violation)[];
    }
);

/** What stands more than once in a list, each once. */
export function duplicates<T>(items: readonly T[]): T[] {
  return [...new Set(items.filter((item, index) => items.indexOf(item) !== index))];
}

/** What a map of the spec holds under a name: its own, and not what every object has, such as `constructor`. */
export function memberOf<T>(map: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return map !== undefined && Object.hasOwn(map, name) ? map[name] : undefined;
}

/** The sentence for a name that nothing in the spec has. */
export function missing(what: string, name: string, siblings: Readonly<Record<string, unknown>>): string {
  const known = Object.keys(siblings).join(", ") || "none";
  return `there is no ${what} called ${JSON.stringify(name)} in this spec; there is ${known}`;
}
