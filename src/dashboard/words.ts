/** The words, ages and times in which all forms of the pages speak. */
import {
  type ClassFreshness,
  type FleetBudget,
  READ_CLASSES,
  type ReadClass,
} from "../model/fleet/freshness.ts";
import type { WebService } from "../model/object.ts";
import { hiddenSecret, isSecretPath, withoutSecrets } from "../model/secrets.ts";
import type { ResourceRow } from "../model/status.ts";
import type { Value } from "../model/value.ts";

/** How long ago (or until when), seen from `now`: `12 s ago`, `in 3 min`. */
export function ageOf(iso: string, now: string): string {
  const seconds = Math.round((Date.parse(now) - Date.parse(iso)) / 1000);
  if (Number.isNaN(seconds)) return "unknown";
  if (seconds === 0) return "now";
  return seconds > 0 ? `${durationOf(seconds)} ago` : `in ${durationOf(-seconds)}`;
}

/** A duration in its largest sensible unit: `45 s`, `12 min`, `3 h`, `8 d`. */
export function durationOf(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3_600)} h`;
  return `${Math.round(seconds / 86_400)} d`;
}

/** How often something is promised: in seconds as long as a person still reads them. */
export function periodOf(seconds: number): string {
  return seconds < 600 ? `${Math.round(seconds)} s` : durationOf(seconds);
}

/** When a class was compared and what is promised: `health compared 12 s ago, promised every 60 s`. */
export function comparedText(
  readClass: ReadClass,
  { comparedAt, promisedSeconds }: ClassFreshness,
  now: string,
): string {
  const compared = comparedAt === undefined ? "not compared yet" : `compared ${ageOf(comparedAt, now)}`;
  return `${readClass} ${compared}, promised every ${periodOf(promisedSeconds)}`;
}

/** What is promised for the share of AWS's buckets that routine may take; where that is not what is wished, why. */
export function budgetText({ apiShare, wishedSeconds, promisedSeconds, limit }: FleetBudget): string {
  const [health, structure, attributes] = READ_CLASSES.map((each) => periodOf(promisedSeconds[each]));
  const promised = `health is compared every ${health}, structure every ${structure}, attributes every ${attributes}`;
  const may = `routine may take ${percentOf(apiShare)}`;
  if (limit === undefined) return `Of each of AWS's buckets ${may}: ${promised}.`;
  return `Every ${periodOf(wishedSeconds)} would take ${percentOf(limit.wishedShare)} of ${bucketTitle(limit.bucket)}, and ${may}: ${promised}.`;
}

function percentOf(share: number): string {
  return `${Math.round(100 * share)} %`;
}

const BUCKETS_OF: Readonly<Record<string, string>> = {
  elb: "Elastic Load Balancing",
  elasticloadbalancing: "Elastic Load Balancing",
  autoscaling: "Amazon EC2 Auto Scaling",
  ec2: "Amazon EC2",
  cloudwatch: "Amazon CloudWatch",
};

/** `Elastic Load Balancing's bucket`; of one of several, which. */
function bucketTitle(bucket: string): string {
  const [api = "", one] = bucket.split(":");
  const title = BUCKETS_OF[api];
  if (title === undefined) return `the bucket ${bucket}`;
  return `${title}'s bucket${one === undefined ? "" : ` ${one}`}`;
}

/** Time of day in UTC; with the day when that is not today's. */
export function clockTime(iso: string, now: string): string {
  if (Number.isNaN(Date.parse(iso))) return iso;
  const time = iso.slice(11, 19);
  return iso.slice(0, 10) === now.slice(0, 10) ? time : `${iso.slice(0, 10)} ${time}`;
}

/** `1 field`, `2 fields`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** How many of them, as far as it is known: `1 of 2`, `? of 2`, `at least 1 of 3`. */
export function ratioOf(count: number, unknown: number, total: number, separator = " of "): string {
  if (unknown === 0) return `${count}${separator}${total}`;
  return count === 0 ? `?${separator}${total}` : `at least ${count}${separator}${total}`;
}

/** Whose the sizes of a group are, and what AWS keeps for a policy, in a sentence each. */
export function besides({ owners = [], derived = [] }: Pick<ResourceRow, "owners" | "derived">): string[] {
  return [
    ...owners.map(
      ({ field, owner, why, value, declared }) =>
        `${field} ${value}${declared === undefined || declared === value ? "" : ` (declared ${declared})`}: ${OWNERS[owner]}, ${why}`,
    ),
    ...(derived.length === 0 ? [] : [`derived, AWS's to keep: ${derived.join(", ")}`]),
  ];
}

const OWNERS: Readonly<Record<NonNullable<ResourceRow["owners"]>[number]["owner"], string>> = {
  Spec: "the spec's",
  ScheduledAction: "a scheduled action's",
  Forecast: "a forecast's",
  Scaling: "scaling's",
  Others: "left to others",
};

/** A text between single quotes of a shell. */
export function inSingleQuotes(text: string): string {
  return text.replaceAll("'", "'\\''");
}

/** What a person types to take an advice. @param patch a JSON merge patch */
export function patchCommand({ metadata }: WebService, patch: string): string {
  return `kubectl patch webservice ${metadata.name} -n ${metadata.namespace} --type merge -p '${inSingleQuotes(patch)}'`;
}

/** With a full stop, however the text ends. */
export function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** The first of a list, and how many it leaves out. */
export function bounded<T>(items: readonly T[], most: number): { shown: readonly T[]; left: number } {
  return { shown: items.slice(0, most), left: Math.max(0, items.length - most) };
}

/** The value of a field as one line of text, no longer than `most` characters. */
export function valueText(field: string, value: Value, most: number): string {
  if (value === null) return "(absent)";
  if (isSecretPath(field)) return hiddenSecret(value);
  const shown = withoutSecrets(value);
  const text = typeof shown === "string" ? shown : JSON.stringify(shown);
  if (text === "") return '""';
  return text.length > most ? `${text.slice(0, most)}…` : text;
}
