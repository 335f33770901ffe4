import { nearest } from "../../../model/text/nearest.ts";
import { faultOfCron, isTimeZone, shortestGapMinutes } from "../../core/windows/cron.ts";
import { openingAt } from "../../core/windows/opening.ts";
import { HOLDFAST, type SpecRule } from "../spec-rule.ts";
import type { WindowSpec, WindowsSpec } from "./schema.ts";

/** Judged from a fixed moment, so that a spec that is good today is good tomorrow. */
const SAMPLE_MS = Date.UTC(2024, 0, 1);

const isUnderstood = ({ cron, timeZone }: WindowSpec) =>
  faultOfCron(cron) === undefined && isTimeZone(timeZone);

export const windowsRules: readonly SpecRule<WindowsSpec>[] = [
  {
    at: "",
    must: "have exactly one of `allow` and `deny`",
    when: ({ allow, deny }) => (allow === undefined) === (deny === undefined),
    says: "must have exactly one of allow and deny",
    source: HOLDFAST,
  },
  {
    at: "deny",
    must: "leave some time open",
    when: ({ deny }) => {
      if (deny === undefined || !deny.every(isUnderstood)) return false;
      const opening = openingAt({ deny }, firstMoment(deny));
      return !opening.isOpen && opening.opensAtMs === undefined;
    },
    says: "leaves no time open, so that nothing would ever be corrected; to stop it all, pause the service, or observe it only",
    source: HOLDFAST,
  },
];

export const windowRules: readonly SpecRule<WindowSpec>[] = [
  {
    at: "cron",
    must: "be the five fields of cron, and come at some time",
    each: ({ cron }) => {
      const fault = faultOfCron(cron);
      return fault === undefined ? [] : [`${fault}; was ${JSON.stringify(cron)}`];
    },
    source: HOLDFAST,
  },
  {
    at: "timeZone",
    must: "be IANA's name of a time zone",
    each: ({ timeZone }) => {
      if (isTimeZone(timeZone)) return [];
      const near = nearest(timeZone, ["UTC", ...Intl.supportedValuesOf("timeZone")]);
      const meant = near === undefined ? "such as Europe/Berlin or UTC" : `did you mean ${near}?`;
      return [`must be IANA's name of a time zone, ${meant}; was ${JSON.stringify(timeZone)}`];
    },
    reason: "FieldValueNotSupported",
    source: HOLDFAST,
  },
  {
    at: "durationMinutes",
    must: "not be longer than the time between two starts",
    when: (window) => isUnderstood(window) && window.durationMinutes > shortestGapMinutes(window.cron),
    says: ({ cron, durationMinutes }) =>
      `must not be longer than the shortest time between two starts (${shortestGapMinutes(cron)} minutes); was ${durationMinutes}`,
    source: HOLDFAST,
  },
];

/** A moment at which the first of them has begun. */
function firstMoment([window]: readonly WindowSpec[]): number {
  if (window === undefined) return SAMPLE_MS;
  const opening = openingAt({ allow: [window] }, SAMPLE_MS);
  return opening.isOpen ? SAMPLE_MS : (opening.opensAtMs ?? SAMPLE_MS);
}
