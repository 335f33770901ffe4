/**
 * Whether this database may write to a service. Before the first write of a generation its epoch is put on the load
 * balancer. A later one than this database knows of says that it is an older copy of itself; one of another database, that
 * somebody else writes, or that what knew the service is lost. A tag that is missing, or is none, proves nothing; nor does
 * an earlier one, for a read may be older than our write. Pure.
 */
import { addressFrom } from "../../model/address.ts";
import { type Epoch, epochOf, type KnownEpoch, textOfEpoch } from "../../model/epoch.ts";
import { ANNOTATION_CONFIRMED_EPOCH } from "../../model/object.ts";
import type { Obstacle } from "../core/actions.ts";
import type { KindNamed } from "../core/kind-rules.ts";
import { TAG_EPOCH } from "../core/names.ts";
import { isComplete, type Observation } from "../core/observation.ts";
import type { ObservedResource } from "../core/resource.ts";

export interface EpochInput {
  readonly kindNamed: KindNamed;
  /** Uuid of this database. */
  readonly database: string;
  readonly known: KnownEpoch;
  readonly observation: Observation;
  /** What a person has given as `holdfast.dev/confirmed-epoch`. */
  readonly confirmed: string | undefined;
  /** Something would be done. */
  readonly hasPlan: boolean;
  /** Since the start a read has shown what stands there: then it cannot be a later epoch of this very database. */
  readonly wasRead: boolean;
}

/** `own`: it may write, and these epochs are asked about no more. */
export type EpochVerdict =
  | {
      readonly is: "own";
      readonly accepts: readonly { readonly epoch: Epoch; readonly isConfirmed: boolean }[];
    }
  | { readonly is: "unread" }
  | ForeignEpoch;

export interface ForeignEpoch {
  readonly is: "OlderDatabase" | "AnotherDatabase";
  readonly epoch: string;
  readonly obstacle: Obstacle;
}

export function epochVerdictOf(input: EpochInput): EpochVerdict {
  const { known, database, observation, confirmed, hasPlan, wasRead } = input;
  const accepts: { epoch: Epoch; isConfirmed: boolean }[] = [];
  for (const resource of observation.resources) {
    const epoch = resource.claim === undefined ? undefined : epochOf(resource.epoch);
    if (epoch === undefined) continue;
    const isOwn = epoch.database === database;
    const highest = isOwn ? known.number : (known.accepted?.[epoch.database] ?? 0);
    if (epoch.number <= highest) continue;
    if (confirmed === textOfEpoch(epoch)) accepts.push({ epoch, isConfirmed: true });
    else if (isOwn) return olderDatabase(input, resource, epoch);
    else if (hasPlan) return anotherDatabase(resource, epoch);
    else if (isComplete(observation)) accepts.push({ epoch, isConfirmed: false });
  }
  return isUnread(input) && !wasRead ? { is: "unread" } : { is: "own", accepts };
}

export function isForeign(verdict: EpochVerdict): verdict is ForeignEpoch {
  return verdict.is === "OlderDatabase" || verdict.is === "AnotherDatabase";
}

/** What a person has to know of it. */
export function foreignIn(verdict: EpochVerdict): Obstacle[] {
  return isForeign(verdict) ? [verdict.obstacle] : [];
}

/** Whether what carries the epoch, if it is there, was not read. */
export function isUnread({ kindNamed, observation }: Pick<EpochInput, "kindNamed" | "observation">): boolean {
  const { unknownKinds, unreadable } = observation;
  const kinds = [...unknownKinds.keys(), ...unreadable.map(({ kind }) => kind)];
  return kinds.some((kind) => kindNamed(kind).traits.withEpoch !== undefined);
}

function olderDatabase(
  { known }: EpochInput,
  { name, address, id }: ObservedResource,
  seen: Epoch,
): ForeignEpoch {
  const epoch = textOfEpoch(seen);
  const message =
    `${name} carries the tag ${TAG_EPOCH}: ${epoch}, and this database knows of number ${known.number} at most: it was ` +
    "restored from an older copy, and AWS holds what it has forgotten. Nothing is written. Once the spec says what is " +
    `wanted, confirm that this database goes on, with the annotation ${ANNOTATION_CONFIRMED_EPOCH}: ${epoch}.`;
  return {
    is: "OlderDatabase",
    epoch,
    obstacle: { address: address ?? addressFrom(id), reason: "OlderDatabase", message },
  };
}

function anotherDatabase({ name, address, id }: ObservedResource, seen: Epoch): ForeignEpoch {
  const epoch = textOfEpoch(seen);
  const message =
    `${name} carries the tag ${TAG_EPOCH}: ${epoch}, which another database has written, and AWS is not as the spec asks ` +
    "for. Nothing is written. Once nobody else manages the service, confirm that this database goes on, with the " +
    `annotation ${ANNOTATION_CONFIRMED_EPOCH}: ${epoch}.`;
  return {
    is: "AnotherDatabase",
    epoch,
    obstacle: { address: address ?? addressFrom(id), reason: "AnotherDatabase", message },
  };
}
