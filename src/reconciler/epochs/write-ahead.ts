/**
 * The epoch goes ahead of everything else: it stands on AWS before the first call of a generation that changes something,
 * so that a crash in between cannot leave AWS further than its tag says. What makes the load balancer takes it along.
 */
import { surplusAddress } from "../../model/address.ts";
import { type KnownEpoch, numberFor, textOfEpoch } from "../../model/epoch.ts";
import { CloudError, STOPPED } from "../../model/errors.ts";
import { textOfKey } from "../../model/object.ts";
import type { PlanStep } from "../../model/status.ts";
import type { Cloud, Store } from "../../ports.ts";
import { isSettling } from "../consistency/drift.ts";
import type { Call, Doable } from "../core/actions.ts";
import type { Matching } from "../core/current-and-surplus.ts";
import { TAG_EPOCH } from "../core/names.ts";
import type { ObservedResource } from "../core/resource.ts";
import { tagsAmong } from "../core/tags.ts";
import { kindNamed } from "../kinds/registry.ts";
import type { Pass, PassDependencies } from "../pass.ts";
import type { Applied } from "../rounds/answers.ts";
import type { Projection } from "../rounds/projection.ts";

/** AWS's quota (docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-tags.html). */
const TAGS_PER_LOAD_BALANCER = 50;

/** What a round is to begin with; without actions, nothing is begun. */
export interface Ahead {
  readonly doable?: readonly Doable[];
  readonly failure?: Applied;
}

interface Round {
  readonly cloud: Cloud;
  readonly matching: Matching;
  readonly doable: readonly Doable[];
  readonly plan: string;
}

/** A call that is still to be made before anything else of the generation. */
interface EpochWrite {
  readonly carrier: ObservedResource;
  readonly call: Call;
}

/** Writes it where it does not stand yet. */
export async function writtenAhead(
  deps: Pick<PassDependencies, "store" | "clock" | "log">,
  pass: Pass,
  { cloud, matching, doable, plan }: Round,
): Promise<Ahead> {
  if (!isCounted(pass)) return { doable };
  const { store, clock, log } = deps;
  const { key } = pass.service;
  const write = epochWriteOf(store, pass, matching);
  const next = nextOf(store, pass);
  if (write !== undefined) {
    const { carrier, call } = write;
    const id = store.transaction(() => {
      store.putEpoch(key, next);
      return store.openCall({
        ...{ service: key, generation: pass.object.metadata.generation, plan, cause: "edit" },
        ...{
          address: carrier.address ?? surplusAddress(carrier.id),
          affected: [],
          operation: call.operation,
        },
      });
    });
    try {
      const { $metadata } = (await cloud.call(call.operation, call.input)) as {
        $metadata?: { requestId?: string };
      };
      const requestId = $metadata?.requestId;
      store.transaction(() => {
        store.closeCall(id, { outcome: "succeeded", ...(requestId === undefined ? {} : { requestId }) });
        store.putEpoch(key, { ...next, written: { id: carrier.id, atMs: clock.nowMs() } });
      });
      log.info({ service: textOfKey(key), epoch: next.number }, "epoch written");
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      const { code: errorCode, message: errorMessage } = error;
      store.closeCall(id, { outcome: "failed", errorCode, errorMessage });
      return error.code === STOPPED ? {} : { failure: failed(write, error) };
    }
  }
  if (!doable.some(isOfCarrier)) return { doable };
  const epoch = textOfEpoch({ database: store.databaseUuid(), number: next.number });
  if (store.epoch(key).generation !== next.generation) store.putEpoch(key, next);
  return { doable: doable.map((action) => withEpoch(action, epoch)) };
}

/** What was made with the epoch has it, whether or not the next read shows that. */
export function rememberCarried(
  { store, clock }: Pick<PassDependencies, "store" | "clock">,
  pass: Pass,
  answers: readonly Applied[],
): void {
  if (!isCounted(pass)) return;
  for (const { action, resource } of answers) {
    if (!isOfCarrier(action) || resource === undefined || resource === "gone") continue;
    store.putEpoch(pass.service.key, {
      ...nextOf(store, pass),
      written: { id: resource.id, atMs: clock.nowMs() },
    });
  }
}

/** The call that writes it on what is there; `undefined` where it stands there, or there is nothing to carry it. */
function epochWriteOf(
  store: Pick<Store, "epoch" | "databaseUuid">,
  pass: Pick<Pass, "object" | "service">,
  { current, surplus }: Pick<Matching, "current" | "surplus">,
): EpochWrite | undefined {
  const [carrier] = [...current.values(), ...surplus].filter(
    ({ kind, lifecycle, owned, isToBeAdopted }) =>
      kindNamed(kind).traits.withEpoch !== undefined &&
      owned &&
      isToBeAdopted !== true &&
      lifecycle !== "deleting",
  );
  if (carrier === undefined) return undefined;
  const known = store.epoch(pass.service.key);
  const next = nextOf(store, pass);
  const epoch = textOfEpoch({ database: store.databaseUuid(), number: next.number });
  const tags = Object.keys(tagsAmong(carrier.fields)).length;
  if (carrier.epoch === epoch || stands(known, next, carrier)) return undefined;
  // The tags that somebody wants come first.
  if (carrier.epoch === undefined && tags >= TAGS_PER_LOAD_BALANCER) return undefined;
  const [call] = kindNamed(carrier.kind).tag?.(carrier, { [TAG_EPOCH]: epoch }, []) ?? [];
  return call === undefined ? undefined : { carrier, call };
}

/** What a plan will come to, with this call in its place: before all but what takes over and gives up. */
export function withEpochStep(
  store: Pick<Store, "epoch" | "databaseUuid">,
  pass: Pick<Pass, "object" | "service" | "decisionInput">,
  { actions, steps }: Pick<Projection, "actions" | "steps">,
): readonly PlanStep[] {
  const isLater = (verb: string) => verb !== "adopt" && verb !== "release";
  const first = actions.find(({ action }) => isLater(action.verb) && action.calls.length > 0);
  const index = steps.findIndex(({ verb }) => isLater(verb));
  const next = steps[index];
  if (first === undefined || next === undefined || pass.decisionInput.goal !== "Converge") return steps;
  const write = epochWriteOf(store, pass, first.decision.matching);
  if (write === undefined) return steps;
  const { carrier, call } = write;
  const key = carrier.address ?? surplusAddress(carrier.id);
  const rest = steps.slice(index).map((step) => ({ ...step, round: step.round + 1 }));
  return [...steps.slice(0, index), { ...next, call: call.operation, key, verb: "update" }, ...rest].map(
    (step, at) => ({ ...step, number: at + 1 }),
  );
}

/** A read that may be older than our write says nothing against it. */
function stands({ generation, written }: KnownEpoch, next: KnownEpoch, carrier: ObservedResource): boolean {
  return (
    generation === next.generation &&
    written?.id === carrier.id &&
    isSettling(written.atMs, carrier.observedAtMs)
  );
}

function nextOf(
  store: Pick<Store, "epoch">,
  { object, service }: Pick<Pass, "object" | "service">,
): KnownEpoch {
  const { generation } = object.metadata;
  const known = store.epoch(service.key);
  if (known.generation === generation) return known;
  const { written: _before, ...rest } = known;
  return { ...rest, number: numberFor(known, generation), generation };
}

/** What deletes, adopts or releases is no generation of its own. */
function isCounted({ decisionInput: { mandate = "manage", goal } }: Pick<Pass, "decisionInput">): boolean {
  return mandate === "manage" && goal === "Converge";
}

function isOfCarrier({ verb, kind }: Doable): boolean {
  return verb === "create" && kindNamed(kind).traits.withEpoch !== undefined;
}

function withEpoch(action: Doable, epoch: string): Doable {
  const { withEpoch: tagged } = kindNamed(action.kind).traits;
  if (action.verb !== "create" || tagged === undefined) return action;
  return { ...action, calls: [tagged(action.calls[0], TAG_EPOCH, epoch)] };
}

function failed({ carrier, call }: EpochWrite, error: CloudError): Applied {
  const { address, id, kind, name } = carrier;
  return {
    action: {
      ...{ verb: "update", address: address ?? surplusAddress(id), kind, name, id },
      ...{ reason: "the epoch is written first", differences: [], calls: [call] },
    },
    ...{ resource: undefined, requestId: error.requestId, error },
  };
}
