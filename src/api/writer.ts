import type { Actor } from "../model/actor.ts";
import { type Fault, InvalidSpecError } from "../model/errors.ts";
import type { Occurrence } from "../model/events.ts";
import type { DriftEvent } from "../model/ledger/drift.ts";
import {
  areSameLookups,
  isSameLookup,
  lookupRowsOf,
  lookupText,
  type ResolvedLookup,
} from "../model/lookups.ts";
import {
  ANNOTATION_APPROVED_PLAN,
  ANNOTATION_CHANGE_CAUSE,
  ANNOTATION_LOOKUPS_REQUESTED_AT,
  API_VERSION,
  FINALIZER,
  type ObjectKey,
  textOfKey,
  type WebService,
} from "../model/object.ts";
import { NO_STATUS } from "../model/status.ts";
import { iso } from "../model/time.ts";
import { type Value, valuesEqual } from "../model/value.ts";
import type { Dependencies } from "./dependencies.ts";
import { ApiError, invalidError, notFoundError, subjectOf } from "./error.ts";
import type { HeldNames } from "./held-names.ts";
import type { Incoming, Reading, Refused } from "./manifest.ts";
import { textOf } from "./metadata-rules.ts";

/** Whether the object must be new, must be there, or may be either. */
type Existence = "new" | "existing" | "either";

/** A manifest that may be stored as it is. */
export interface Admitted {
  incoming: Incoming;
  spec: Record<string, unknown>;
  previous: WebService | undefined;
  /** What the lookups of the spec stand for, once AWS was asked. */
  lookups?: readonly ResolvedLookup[];
}

/** A write that is more than an edit: it tells of itself. */
export interface Deed {
  /** Why, for the revision. */
  readonly cause: string;
  /** What else is written, in the same commit. */
  together(written: readonly WebService[]): void;
}

export type Admission = { ok: true; admitted: Admitted } | Refused;

type WriterDependencies = Pick<
  Dependencies,
  "store" | "clock" | "log" | "admit" | "deletionFields" | "resolveLookups" | "plan" | "requestReconcile"
>;

/** Turns manifests into stored objects. */
export class Writer {
  readonly #deps: WriterDependencies;
  readonly #names: Pick<HeldNames, "check">;

  constructor(deps: WriterDependencies, names: Pick<HeldNames, "check">) {
    this.#deps = deps;
    this.#names = names;
  }

  /**
   * Checks a manifest against the stored object and the rules of the spec.
   * @param lookups what its lookups stand for, where that is not for AWS to say
   * @throws ApiError 404 or 409
   */
  admit(incoming: Incoming, existence: Existence, lookups?: readonly ResolvedLookup[]): Admission {
    const previous = this.#deps.store.get(incoming.key);
    checkExistence(incoming, previous, existence);
    const faults = finalizerFaults(incoming, previous);
    try {
      const spec = this.#deps.admit(incoming.spec, previous, incoming.key, lookups);
      faults.push(...approvalFaults(incoming, spec, previous));
      if (faults.length > 0) return { ok: false, faults };
      checkDeletion({ incoming, spec, previous }, existence, this.#deps.deletionFields);
      return { ok: true, admitted: { incoming, spec, previous, ...(lookups && { lookups }) } };
    } catch (error) {
      if (error instanceof InvalidSpecError) return { ok: false, faults: [...faults, ...error.faults] };
      throw error;
    }
  }

  /** What is wrong with a spec of which nothing else is known yet. */
  readonly specFaults = (spec: unknown): readonly Fault[] => {
    try {
      this.#deps.admit(spec);
      return [];
    } catch (error) {
      if (error instanceof InvalidSpecError) return error.faults;
      throw error;
    }
  };

  /** As {@link admit}, for a request that holds one manifest. @throws ApiError 422 too */
  admitOne(reading: Reading, existence: Existence, lookups?: readonly ResolvedLookup[]): Admitted {
    if (!reading.ok) throw invalidError("The manifest", reading.faults, reading.name);
    const { incoming } = reading;
    const result = this.admit(incoming, existence, lookups);
    if (!result.ok) {
      throw invalidError(`WebService ${textOfKey(incoming.key)}`, result.faults, incoming.key.name);
    }
    return result.admitted;
  }

  /**
   * Asks AWS for what the spec looks up. What a pass has written of the status meanwhile does not count as an edit.
   * @throws InvalidSpecError, UnreadLookupError
   */
  async resolve(admitted: Admitted): Promise<Admitted> {
    const { incoming, spec, previous } = admitted;
    const { key, annotations } = incoming;
    const before = previous?.metadata.annotations?.[ANNOTATION_LOOKUPS_REQUESTED_AT];
    const requested = annotations[ANNOTATION_LOOKUPS_REQUESTED_AT];
    const isRequested = requested !== undefined && requested !== before;
    const lookups = await this.#deps.resolveLookups({ key, spec, previous, isRequested });
    if (lookups.length === 0) return { ...admitted, lookups };
    const now = previous === undefined ? undefined : this.#deps.store.get(key);
    const isUnedited = previous !== undefined && now !== undefined && isSameButForStatus(previous, now);
    return { incoming, spec, previous: isUnedited ? now : previous, lookups };
  }

  /** As {@link resolve}, for a request that holds one manifest. @throws ApiError 422 too */
  async resolveOne(admitted: Admitted): Promise<Admitted> {
    try {
      return await this.resolve(admitted);
    } catch (error) {
      if (!(error instanceof InvalidSpecError)) throw error;
      const { key } = admitted.incoming;
      throw invalidError(`WebService ${textOfKey(key)}`, error.faults, key.name);
    }
  }

  /**
   * Stores all of them or none, and asks for a pass over each that moved.
   * @param actor whose token it was, where tokens are demanded
   * @param deed what it is more than an edit
   * @throws ApiError 409 where another service holds a name
   */
  write(admitted: readonly Admitted[], actor?: Actor, deed?: Deed): WebService[] {
    this.#checkNames(admitted);
    const { store, log, requestReconcile } = this.#deps;
    const objects = store.transaction(() => {
      const written = admitted.map((one) => this.#writeOne(one, actor, deed));
      deed?.together(written);
      return written;
    });
    for (const [index, object] of objects.entries()) {
      const { previous } = admitted[index]!;
      const { namespace, name, generation, resourceVersion } = object.metadata;
      if (previous?.metadata.resourceVersion === resourceVersion) continue;
      log.info(
        { service: textOfKey({ namespace, name }), generation, resourceVersion, actor: actor?.name },
        "spec stored",
      );
      requestReconcile({ namespace, name });
    }
    return objects;
  }

  #checkNames(admitted: readonly Admitted[]): void {
    this.#names.check(admitted.map(({ incoming: { key }, spec }) => ({ key, spec })));
  }

  #writeOne(
    { incoming, spec, previous, lookups = [] }: Admitted,
    actor: Actor | undefined,
    deed: Deed | undefined,
  ): WebService {
    const { store } = this.#deps;
    const { key, labels, annotations } = incoming;
    const cause = deed?.cause ?? causeIn(annotations, previous);
    const by = {
      ...(actor === undefined ? {} : { actor: actor.name }),
      ...(cause === undefined ? {} : { cause }),
    };
    const known = previous === undefined ? [] : store.lookups(key);
    const object =
      previous === undefined
        ? store.create({ metadata: { ...key, labels, annotations }, spec, lookups, ...by })
        : store.update(key, { spec, labels, annotations, lookups, ...by }, previous.metadata.resourceVersion);
    const changes = changesIn(known, lookups);
    if (changes !== "") store.record(object, { type: "Normal", reason: "LookupsResolved", message: changes });
    const isMoved = previous?.metadata.resourceVersion !== object.metadata.resourceVersion;
    if (actor !== undefined && isMoved && deed === undefined)
      store.record(object, edited(object, previous, actor));
    return object;
  }

  /** Marks it as deleted and asks for a pass. */
  remove(object: WebService, actor: Actor | undefined): WebService {
    const { store, log, requestReconcile } = this.#deps;
    const { namespace, name, generation, resourceVersion } = object.metadata;
    const removed = store.transaction(() => {
      if (actor !== undefined && object.metadata.deletionTimestamp === undefined) {
        store.record(object, {
          type: "Normal",
          reason: "DeletionRequested",
          message: `${actor.name} has asked for the deletion`,
        });
      }
      return store.markDeleted({ namespace, name }, resourceVersion);
    });
    log.info(
      { service: textOfKey({ namespace, name }), generation, actor: actor?.name },
      "deletion asked for",
    );
    requestReconcile({ namespace, name });
    return removed;
  }

  /** What {@link write} would answer to all of them: one after the other, for every plan reads AWS. */
  async dryRunAll(admitted: readonly Admitted[], always = false): Promise<WebService[]> {
    this.#checkNames(admitted);
    const items: WebService[] = [];
    for (const one of admitted) items.push(await this.#dryRun(one, always));
    return items;
  }

  /**
   * With the plan in its status. @throws CloudError when AWS cannot be read
   * @param always also plan for what is stored already; else that is answered as it is, so that clients which compare
   * both (`kubectl diff`) find no difference
   */
  async #dryRun({ incoming, spec, previous, lookups = [] }: Admitted, always: boolean): Promise<WebService> {
    const { labels, annotations, key } = incoming;
    const known = previous === undefined ? [] : this.#deps.store.lookups(key);
    const isAsStored = previous !== undefined && areSameLookups(known, lookups);
    if (!always && isAsStored && isStored(incoming, spec, previous)) return previous;
    const isMoved =
      previous !== undefined && !(isAsStored && valuesEqual(previous.spec as Value, spec as Value));
    const metadata: WebService["metadata"] = {
      uid: "",
      resourceVersion: "",
      creationTimestamp: iso(this.#deps.clock.nowMs()),
      finalizers: [FINALIZER],
      ...previous?.metadata,
      ...key,
      generation: (previous?.metadata.generation ?? 1) + (isMoved ? 1 : 0),
    };
    for (const [name, texts] of [
      ["labels", labels],
      ["annotations", annotations],
    ] as const) {
      delete metadata[name];
      if (Object.keys(texts).length > 0) metadata[name] = texts;
    }
    const status = previous?.status;
    const object: WebService = {
      apiVersion: API_VERSION,
      kind: "WebService",
      metadata,
      spec,
      ...(status && { status }),
    };
    return this.withPlan(object, lookups);
  }

  /** The object with its plan in its status, and with what its lookups stand for. @param asked open drift, of which some would be put right now */
  async withPlan(
    object: WebService,
    lookups: readonly ResolvedLookup[] = this.#deps.store.lookups(object.metadata),
    asked?: readonly DriftEvent[],
  ): Promise<WebService> {
    const plan = await this.#deps.plan(object, lookups, asked);
    const { lookups: _, ...status } = { ...NO_STATUS, ...object.status };
    const rows = lookupRowsOf(lookups, object.status?.lookups);
    return { ...object, status: { ...status, ...(rows.length > 0 && { lookups: rows }), plan } };
  }
}

/** Whether nobody has edited it since: a pass writes the status alone. */
function isSameButForStatus(one: WebService, other: WebService): boolean {
  const { resourceVersion: _one, ...before } = one.metadata;
  const { resourceVersion: _other, ...after } = other.metadata;
  return valuesEqual({ ...before } as Value, { ...after } as Value);
}

/** What lookups that were known stand for instead, as a sentence; empty where nothing has changed. */
function changesIn(known: readonly ResolvedLookup[], lookups: readonly ResolvedLookup[]): string {
  const changed = lookups.flatMap((lookup) => {
    const before = known.find((one) => one.path === lookup.path && isSameLookup(one, lookup));
    if (before === undefined || valuesEqual(before.value, lookup.value)) return [];
    return [`${lookup.path}: ${lookupText(before.value)} → ${lookupText(lookup.value)}`];
  });
  return changed.join("; ");
}

/** Why, as whoever writes says with this very write: what stands there from an earlier one was said of that. */
function causeIn(annotations: Record<string, string>, previous: WebService | undefined): string | undefined {
  const given = annotations[ANNOTATION_CHANGE_CAUSE];
  return given === previous?.metadata.annotations?.[ANNOTATION_CHANGE_CAUSE] ? undefined : given;
}

/** Who changed what of it; where no token is demanded nobody is known. */
function edited(object: WebService, previous: WebService | undefined, { name }: Actor): Occurrence {
  const { generation } = object.metadata;
  const isOfSpec = previous?.metadata.generation !== generation;
  const what = isOfSpec ? `the spec: this is generation ${generation}` : "labels or annotations";
  return { type: "Normal", reason: "Edited", message: `${name} has changed ${what}` };
}

function isStored(
  { labels, annotations }: Incoming,
  spec: Record<string, unknown>,
  { metadata, spec: before }: WebService,
): boolean {
  return (
    valuesEqual(before as Value, spec as Value) &&
    valuesEqual(metadata.labels ?? {}, labels) &&
    valuesEqual(metadata.annotations ?? {}, annotations)
  );
}

function checkExistence(incoming: Incoming, previous: WebService | undefined, existence: Existence): void {
  const { key, resourceVersion, uid } = incoming;
  const conflict = (problem: string, reason = "Conflict") =>
    new ApiError(409, `WebService ${textOfKey(key)} ${problem}`, {
      reason,
      subject: subjectOf("WebService", key.name),
    });
  if (previous === undefined) {
    if (existence === "existing") throw notFoundError("WebService", key);
    if (resourceVersion !== undefined || uid !== undefined) {
      throw conflict(
        "does not exist, so its resourceVersion and uid cannot be as given; leave them out to create it",
      );
    }
    return;
  }
  if (existence === "new") {
    const isLeaving = previous.metadata.deletionTimestamp !== undefined;
    throw conflict(isLeaving ? "is being deleted; wait until it is gone" : "exists already", "AlreadyExists");
  }
  if (uid !== undefined && uid !== previous.metadata.uid) {
    throw conflict(`has uid ${previous.metadata.uid}, not ${uid}: it was deleted and made anew`);
  }
  if (resourceVersion !== undefined && resourceVersion !== previous.metadata.resourceVersion) {
    throw conflict(
      `has resourceVersion ${previous.metadata.resourceVersion}, not ${resourceVersion}: it changed since it was read; read it again and repeat the change`,
    );
  }
}

/**
 * What a service that is being deleted is asked for would be answered with success, and go with it a moment later. It
 * takes what its deletion still obeys, and what is not of the spec.
 * @throws ApiError 409
 */
function checkDeletion(
  { incoming: { key }, spec, previous }: Admitted,
  existence: Existence,
  fields: Dependencies["deletionFields"],
): void {
  if (previous?.metadata.deletionTimestamp === undefined) return;
  const [before, after] = [previous.spec as Value, spec as Value];
  // Whoever posts a manifest wants the service to be there.
  const isAskedFor = existence === "either" && valuesEqual(before, after);
  const rest = (value: Value) => fields.reduce(without, value);
  if (!isAskedFor && valuesEqual(rest(before), rest(after))) return;
  throw new ApiError(
    409,
    `WebService ${textOfKey(key)} is being deleted, and what it is asked for now would be lost with it, so nothing is ` +
      `stored: wait until it is gone, and send it again. Until then its deletion obeys ${listOf(fields)}, and its ` +
      "annotations can be patched",
    { subject: subjectOf("WebService", key.name) },
  );
}

/** The value without what a path leads to, `*` for every name, and without the objects that are empty then. */
function without(value: Value, [name, ...rest]: readonly string[]): Value {
  if (name === undefined || value === null || typeof value !== "object" || Array.isArray(value)) return value;
  if (name === "*")
    return Object.keys(value).reduce((all, one) => without(all, [one, ...rest]), value as Value);
  const { [name]: member, ...others } = value;
  if (member === undefined || rest.length === 0) return others;
  const left = without(member, rest);
  const isEmpty = left !== null && typeof left === "object" && Object.keys(left).length === 0;
  return isEmpty ? others : { ...others, [name]: left };
}

function listOf(fields: Dependencies["deletionFields"]): string {
  return fields
    .map((path) =>
      ["spec", ...path].reduce((text, name) => text + (name.includes(".") ? `["${name}"]` : `.${name}`)),
    )
    .join(" and ");
}

/** To approve another plan than the one that waits is a mistake of whoever does it; an edit may bring its approval along. */
function approvalFaults(
  { annotations }: Incoming,
  spec: Record<string, unknown>,
  previous: WebService | undefined,
): Fault[] {
  const waiting = previous?.status?.plan?.approval?.digest;
  const given = annotations[ANNOTATION_APPROVED_PLAN];
  if (previous === undefined || waiting === undefined || given === undefined || given === waiting) return [];
  const isNew = previous.metadata.annotations?.[ANNOTATION_APPROVED_PLAN] !== given;
  if (!isNew || !valuesEqual(previous.spec as Value, spec as Value)) return [];
  return [
    {
      path: `metadata.annotations.${ANNOTATION_APPROVED_PLAN}`,
      message: `is ${textOf(given)}, the digest of another plan; the one that waits is ${waiting}, and status.plan shows it`,
      reason: "FieldValueInvalid",
    },
  ];
}

/** Who could take the finalizer away could leave AWS resources behind that nobody knows of. */
function finalizerFaults({ finalizers }: Incoming, previous: WebService | undefined): Fault[] {
  const owned = previous?.metadata.finalizers ?? [FINALIZER];
  const isEqual = finalizers === undefined || valuesEqual(finalizers, owned);
  if (isEqual || (previous === undefined && finalizers.length === 0)) return [];
  return [
    {
      path: "metadata.finalizers",
      message: `belongs to holdfast and stays ${JSON.stringify(owned)}; to leave the AWS resources where they are, set spec.deletionPolicy to Retain`,
      reason: "FieldValueInvalid",
    },
  ];
}

/** The first thing asked of a key that must be there. @throws ApiError 404 */
export function existing(store: Dependencies["store"], key: ObjectKey): WebService {
  const object = store.get(key);
  if (object === undefined) throw notFoundError("WebService", key);
  return object;
}
