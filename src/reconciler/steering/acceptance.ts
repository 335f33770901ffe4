/**
 * What AWS holds becomes what is wanted: the spec, changed where drift was accepted and nowhere else. AWS is read anew, and
 * the new spec is compared with that reading before it is answered with: what would lead to a single call is refused.
 */
import type { DriftEvent } from "../../model/ledger/drift.ts";
import { type Acceptance, placeText, type Refusal, type Steered } from "../../model/ledger/steering.ts";
import { isSecretDigest, isSecretPath } from "../../model/secrets.ts";
import { canonicalJson, type Value, valuesEqual } from "../../model/value.ts";
import { type Action, differencesIn } from "../core/actions.ts";
import type { Comparison } from "../core/compare.ts";
import { canBeLeft } from "../core/left-to-others.ts";
import { ownerOf } from "../core/names.ts";
import { comparedIn, type Decision, decide } from "../decide.ts";
import { comparisonFor } from "../drift-ledger.ts";
import { admit } from "../kinds/admission.ts";
import type { Part, Written } from "../kinds/from-aws.ts";
import type { Reader } from "../kinds/kind.ts";
import { desiredOf, kindNamed } from "../kinds/registry.ts";
import { driftRulesOf, specIn } from "../kinds/web-service.ts";
import { readingOnly } from "../narrow-clouds.ts";
import { readerOf } from "../observe.ts";
import type { Pass, PassDependencies } from "../pass.ts";
import { readNow } from "../reconcile.ts";
import { resolveLookups } from "../resolve-lookups.ts";
import { contextOf } from "../service-context.ts";
import { partOf, placesIn } from "./parts.ts";
import { withField, withoutResource } from "./spec-places.ts";

/**
 * @throws InvalidSpecError what admission says of the spec that it would be
 * @throws CloudError
 */
export async function acceptedSpec(
  deps: PassDependencies,
  { object, lookups, events }: Steered,
  signal: AbortSignal,
): Promise<Acceptance> {
  const pass = await readNow(deps, { object, resolved: lookups, looked: [] }, signal);
  const refusals = events.flatMap((event) => refusalOf(pass, event) ?? []);
  if (refusals.length > 0) return { is: "refused", refusals };
  const reader = readerOf(
    readingOnly(deps.cloudFor(pass.service.spec.region)),
    () => deps.clock.nowMs(),
    signal,
  );
  const drafted = await draftOf(pass, reader, events, { ...object.spec }, lookups);
  if ("refusals" in drafted) return { is: "refused", refusals: drafted.refusals };
  const { key } = pass.service;
  const known = { key, owner: ownerOf(deps.installation, key), stored: lookups };
  const spec = admit(drafted.spec, object, known) as unknown as Record<string, unknown>;
  const resolved = await resolveLookups(deps, { key, spec, previous: object, isRequested: false }, signal);
  const service = contextOf(deps.installation, key, specIn({ ...object, spec }, resolved));
  const { drift } = pass.decisionInput;
  const after = decide({
    ...pass.decisionInput,
    desired: desiredOf(service),
    holds: [],
    ...(drift === undefined ? {} : { drift: { ...drift, rules: driftRulesOf(service.spec) } }),
  });
  const objections = objectionsTo(events, decide({ ...pass.decisionInput, holds: [] }), after);
  return objections.length > 0
    ? { is: "refused", refusals: objections }
    : { is: "accepted", spec, lookups: resolved };
}

/** Why what the event says of AWS cannot be taken over; `undefined`: nothing seen so far is in the way. */
function refusalOf(pass: Pass, event: DriftEvent): Refusal | undefined {
  const place = placeText(event);
  const comparison = comparisonOf(pass, event);
  const { account } = pass;
  if (account.is !== "right")
    return { is: "unread", place, why: account.is === "wrong" ? account.message : account.reason };
  if (comparison === undefined) return { is: "unread", place, why: "AWS could not be read to its end" };
  const live = liveOf(comparison, event);
  if (live.is !== "as told") return { is: "moved", place, why: live.why };
  if (event.change === "Missing") return undefined;
  if (isSecretPath(event.field) || holdsDigest(event.after))
    return {
      is: "refused",
      place,
      why: "it is a secret, of which Holdfast keeps a digest alone: write it into the spec, or correct it",
    };
  const kind = kindNamed(comparison.desired.kind);
  if (!canBeLeft(kind, event.field) || event.field === kind.authorField)
    return { is: "refused", place, why: "a spec has no place for it: correct it" };
  return undefined;
}

function comparisonOf({ compared }: Pass, event: DriftEvent): Comparison | undefined {
  return comparisonFor(event, [...comparedIn(compared).values()]);
}

/** Whether AWS still holds what the event says. */
export function liveOf(
  { observed, differences, left = [] }: Comparison,
  { change, field, after, desired }: DriftEvent,
): { is: "as told" } | { is: "moved" | "as wanted"; why: string } {
  if (change === "Missing")
    return observed === undefined
      ? { is: "as told" }
      : { is: "as wanted", why: "it is there again, and the next pass closes the event" };
  if (observed === undefined) return { is: "moved", why: "the whole resource is gone from AWS" };
  const live = observed.fields[field] ?? null;
  if (valuesEqual(live, after)) return { is: "as told" };
  const differs = [...differences, ...left].some((one) => one.field === field);
  if (!differs || valuesEqual(live, desired))
    return { is: "as wanted", why: "AWS holds what is wanted again, and the next pass closes the event" };
  return {
    is: "moved",
    why: `AWS holds ${JSON.stringify(live)} by now, and the event says ${JSON.stringify(after)}: look at it again`,
  };
}

function holdsDigest(value: Value): boolean {
  if (typeof value === "string") return isSecretDigest(value);
  if (value === null || typeof value !== "object") return false;
  return Object.values(value).some(holdsDigest);
}

/** The spec with all of it taken over, before admission has looked at it. */
async function draftOf(
  pass: Pass,
  reader: Reader,
  events: readonly DriftEvent[],
  stored: Part,
  lookups: Steered["lookups"],
): Promise<{ spec: Part } | { refusals: readonly Refusal[] }> {
  const { spec: resolved } = pass.service;
  const { current } = pass.compared.matching;
  const around = {
    reader,
    places: placesIn(current),
    sharedTags: resolved.tags,
    subnetIds: resolved.subnetIds,
  };
  const parts = new Map<string, Written>();
  const refusals: Refusal[] = [];
  let spec = stored;
  for (const event of events.filter(({ change }) => change === "Modified")) {
    const place = placeText(event);
    const observed = comparisonOf(pass, event)?.observed;
    if (observed === undefined) throw new Error(`${event.resource} was compared and is not there`);
    const written = parts.get(event.resource) ?? (await partOf({ ...around, observed }));
    parts.set(event.resource, written);
    if (written.is === "not held") {
      refusals.push({ is: "refused", place, why: `${written.why}: correct it, or ignore it` });
      continue;
    }
    const kind = kindNamed(observed.kind);
    const live = observed.fields[event.field];
    const taking = { kind, address: event.resource, field: event.field, part: written.part, live, lookups };
    spec = withField(spec, taking) ?? spec;
  }
  for (const event of events.filter(({ change }) => change === "Missing")) {
    if (ALWAYS_THERE.includes(event.resourceKind))
      refusals.push({
        is: "refused",
        place: event.resource,
        why: "a service cannot be without it: correct it, or delete the service",
      });
    else spec = withoutResource(spec, event.resource);
  }
  return refusals.length > 0 ? { refusals } : { spec };
}

/** What every service, or every group, has exactly one of. */
const ALWAYS_THERE: readonly string[] = ["loadBalancer", "launchTemplate"];

/** What is left of the drift with the new spec, and what the new spec would do that the old one would not. */
function objectionsTo(events: readonly DriftEvent[], before: Decision, after: Decision): Refusal[] {
  const left = events.filter((event) => {
    const { change, field } = event;
    const comparison = comparisonFor(event, [...comparedIn(after).values()]);
    if (comparison === undefined) return false;
    return change === "Missing" || comparison.differences.some((difference) => difference.field === field);
  });
  const known = new Set(before.actions.flatMap(workOf).map(({ text }) => text));
  const added = after.actions.flatMap(workOf).filter(({ text }) => !known.has(text));
  const places = [...new Set(added.map(({ place }) => place))];
  if (left.length === 0 && places.length === 0) return [];
  const why =
    places.length === 0
      ? "a spec cannot say it: correct it, or ignore it"
      : `with it the spec would ask for changes in AWS (${places.slice(0, PLACES_TOLD).join(", ")}), and to accept is to change nothing there: edit the spec instead, and look at the plan; or correct it, or ignore it`;
  return (left.length > 0 ? left : events).map((event) => ({
    is: "refused",
    place: placeText(event),
    why,
  }));
}

const PLACES_TOLD = 4;

/** What an action would do, piece by piece. */
function workOf(action: Action): { place: string; text: string }[] {
  const verb = action.verb === "wait" ? action.to : action.verb;
  const differences = differencesIn(action);
  const id = "id" in action ? action.id : action.name;
  if (differences.length === 0)
    return [{ place: `${verb} ${action.address}`, text: `${verb} ${action.address} ${id}` }];
  return differences.map(({ field, desired }) => ({
    place: `${action.address}: ${field}`,
    text: `${action.address} ${field} ${canonicalJson(desired)}`,
  }));
}
