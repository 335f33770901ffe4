/** The state of the fleet in the words that a person would use. Shared by page and terminal. */
import { type Condition, conditionOf } from "../model/conditions.ts";
import { textOfKey } from "../model/object.ts";
import { isFault } from "../model/reasons.ts";
import type { FleetModel, PageContext, ServiceSummary } from "../model/status-page.ts";
import { oldestRead, stalenessOf } from "./freshness.ts";
import type { Mark } from "./marks.ts";
import type { Headline } from "./service-headline.ts";
import { counted } from "./words.ts";

/** What a service needs, worst first: the order of the fleet. */
const ORDER = [
  "stalled",
  "notReady",
  "alarm",
  "unknown",
  "stale",
  "starting",
  "deleting",
  "drifted",
  "ready",
] as const;

/** By what a page knows whether what it shows is old. */
type Freshness = Pick<PageContext, "now" | "resyncSeconds">;

export interface Attention extends Mark {
  need: (typeof ORDER)[number];
}

export function attentionOf(service: ServiceSummary, context: Freshness): Attention {
  const status = (type: "Ready" | "Stalled" | "Reconciling") => conditionOf(service.conditions, type)?.status;
  const isStale = stalenessOf(service, context) !== undefined;
  if (status("Stalled") === "True") return { need: "stalled", tone: "bad", word: "Stalled" };
  if (service.deleting) return { need: "deleting", tone: "info", word: "Deleting" };
  const ready = conditionOf(service.conditions, "Ready");
  if (ready?.status === "False" && (status("Reconciling") !== "True" || isFault(ready.reason)))
    return { need: "notReady", tone: "bad", word: "Not ready" };
  if (ready !== undefined && ready.status !== "Unknown" && isStale)
    return { need: "stale", tone: "unknown", word: "Stale" };
  if (ready?.status === "False") return { need: "starting", tone: "info", word: "Not ready yet" };
  if (ready?.status !== "True") return { need: "unknown", tone: "unknown", word: "Unknown" };
  if (service.ringingAlarms.length > 0) return { need: "alarm", tone: "bad", word: "Ready, in alarm" };
  if (service.openDrift > 0) return { need: "drifted", tone: "warn", word: "Ready, drifted" };
  return { need: "ready", tone: "ok", word: "Ready" };
}

/** The condition that speaks for a service which is not ready. */
export function inTheWay(service: ServiceSummary): Condition | undefined {
  const stalled = conditionOf(service.conditions, "Stalled");
  if (stalled?.status === "True") return stalled;
  const ready = conditionOf(service.conditions, "Ready");
  return ready?.status === "True" ? undefined : ready;
}

/** Those with which a service is ready. */
export const READY_NEEDS: readonly Attention["need"][] = ["ready", "drifted", "alarm"];

/** The services in the order in which a person should look at them. */
export function byAttention(
  services: readonly ServiceSummary[],
  context: Freshness,
): readonly ServiceSummary[] {
  return standingOf({ ...context, services }).ordered;
}

/** The fleet as a whole: counted once for a page, however many of its parts ask. */
export interface Standing {
  /** What a person should look at first stands first. */
  readonly ordered: readonly ServiceSummary[];
  /** `namespace/name` of each. */
  readonly keys: ReadonlySet<string>;
  readonly needs: Readonly<Record<Attention["need"], number>>;
  readonly ringingAlarms: number;
  readonly openDrift: number;
  readonly deleting: number;
  readonly drifted: number;
  /** Those of which it is not known whether anything has drifted. */
  readonly unclear: number;
  readonly paused: number;
  readonly observed: number;
  readonly instances: { readonly serving: number; readonly unknown: number; readonly total: number };
  /** The oldest that anything which is shown may be; `undefined` where something was never read. */
  readonly oldestRead: string | undefined;
}

const standings = new WeakMap<readonly ServiceSummary[], Standing & { readonly now: string }>();

/** The same list of the same moment has the same standing: nobody changes it. */
export function standingOf({
  services,
  ...context
}: Freshness & {
  services: readonly ServiceSummary[];
}): Standing {
  const known = standings.get(services);
  if (known?.now === context.now) return known;
  const ranks = ORDER.map((): ServiceSummary[] => []);
  for (const service of services) ranks[ORDER.indexOf(attentionOf(service, context).need)]?.push(service);
  const sum = (of: (service: ServiceSummary) => number) =>
    services.reduce((total, service) => total + of(service), 0);
  const times = services.map(oldestRead);
  const read = times.filter((time) => time !== undefined);
  const standing = {
    now: context.now,
    ordered: ranks.flatMap((rank) => rank.sort(byName)),
    keys: new Set(services.map(textOfKey)),
    needs: Object.fromEntries(
      ORDER.map((need, index) => [need, ranks[index]?.length ?? 0]),
    ) as Standing["needs"],
    ringingAlarms: sum(({ ringingAlarms }) => ringingAlarms.length),
    openDrift: sum(({ openDrift }) => openDrift),
    deleting: sum(({ deleting }) => Number(deleting)),
    drifted: sum(({ openDrift }) => Number(openDrift > 0)),
    unclear: sum(({ conditions }) => Number(conditionOf(conditions, "Drifted")?.status !== "False")),
    paused: sum(({ paused }) => Number(paused)),
    observed: sum(({ observed }) => Number(observed === true)),
    instances: {
      serving: sum(({ instances }) => instances.serving),
      unknown: sum(({ instances }) => instances.unknown),
      total: sum(({ instances }) => instances.total),
    },
    oldestRead: read.length < times.length ? undefined : read.sort()[0],
  };
  standings.set(services, standing);
  return standing;
}

function byName(a: ServiceSummary, b: ServiceSummary): number {
  return inOrder(a.namespace, b.namespace) || inOrder(a.name, b.name);
}

/** Names have no letters about which languages differ, and there may be very many. */
function inOrder(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

export function fleetHeadline(model: FleetModel): Headline {
  const count = model.services.length;
  if (count === 0) {
    return {
      tone: "idle",
      title: model.namespace === undefined ? "No services yet." : `No services in ${model.namespace}.`,
      details: ["Send a manifest to POST /specs and it appears here."],
    };
  }
  return { ...titleOf(model), details: detailsOf(model) };
}

function titleOf(model: FleetModel): Omit<Headline, "details"> {
  const { services } = model;
  const { needs } = standingOf(model);
  const number = (...wanted: Attention["need"][]) => wanted.reduce((total, need) => total + needs[need], 0);
  const all = counted(services.length, "service");
  const bad = number("stalled", "notReady");
  if (bad > 0) return { tone: "bad", title: `${bad} of ${all} not ready.` };
  const alarmed = number("alarm");
  if (alarmed > 0) return { tone: "bad", title: `${alarmed} of ${all} in alarm.` };
  const ready = number("ready", "drifted");
  if (number("unknown", "stale") > 0)
    return { tone: "unknown", title: `${ready} of ${all} known to be ready.` };
  const starting = number("starting");
  if (starting > 0) return { tone: "info", title: `${starting} of ${all} not ready yet.` };
  if (ready === 0) return { tone: "info", title: "Nothing is left but deletions." };
  const title =
    ready < services.length
      ? `${ready} of ${all} ready.`
      : ready === 1
        ? "The one service is ready."
        : `All ${ready} services are ready.`;
  return { tone: number("drifted") > 0 ? "warn" : "ok", title };
}

/** Nothing has drifted where everything was read. */
function driftless(unclear: number): string {
  return unclear === 0
    ? "Nothing has drifted."
    : `No drift is open, and of ${counted(unclear, "service")} it is not known.`;
}

function detailsOf(model: FleetModel): string[] {
  const standing = standingOf(model);
  const { ringingAlarms: ringing, deleting, drifted, paused, observed } = standing;
  const { unknown, stale } = standing.needs;
  const heldBack = model.clouds.filter((cloud) => cloud.circuit === "open");
  return [
    ...(unknown > 0 ? [`${counted(unknown, "service")} could not be judged.`] : []),
    ...(stale > 0 ? [`What is known of ${counted(stale, "service")} is stale.`] : []),
    ...(ringing > 0 ? [`${counted(ringing, "alarm")} in ALARM.`] : []),
    ...(deleting > 0 ? [`${counted(deleting, "service is", "services are")} being deleted.`] : []),
    drifted === 0
      ? driftless(standing.unclear)
      : `${counted(drifted, "service has", "services have")} open drift.`,
    ...(paused > 0 ? [`${counted(paused, "service is", "services are")} paused.`] : []),
    ...(observed > 0 ? [`${counted(observed, "service is", "services are")} only observed.`] : []),
    ...heldBack.map((cloud) => `Calls to ${cloud.api} in ${cloud.region} are held back.`),
  ];
}
