/**
 * Nothing is made in the place of what could not be seen: where a load balancer or group could not be read, or a list lacks
 * it, nobody can say that the new one is not the first step of a replacement that a person is to agree to. What is known of
 * it narrows that down: see ADR 28. Pure.
 */
import type { Address } from "../../model/address.ts";
import type { KindName } from "../../model/kind-name.ts";
import type { Create } from "../core/actions.ts";
import type { Matching } from "../core/current-and-surplus.ts";
import type { KindNamed } from "../core/kind-rules.ts";
import type { Observation } from "../core/observation.ts";
import type { DesiredResource } from "../core/resource.ts";
import type { Guard } from "./guard.ts";

/** Something of a kind was not read, or is not believed to be gone. */
export interface Unseen {
  readonly kind: KindName;
  /** The only place in the spec that it can have; without, it may have any, or have had one that the spec has no more. */
  readonly address?: Address;
}

/** Where something of ours stood when it was written down last. */
interface Stood {
  readonly id: string;
  readonly address: Address;
}

/** What is not seen of what there may be. A list that is short, or was not read, says nothing of any place. */
export function unseenIn(
  { unknownKinds, unreadable }: Pick<Observation, "unknownKinds" | "unreadable">,
  listLacks: readonly { readonly kind: KindName }[],
  made: readonly Stood[],
  desired: readonly Pick<DesiredResource, "address">[],
): Unseen[] {
  return [
    ...[...unknownKinds.keys()].map((kind) => ({ kind })),
    ...listLacks.map(({ kind }) => ({ kind })),
    ...unreadable.map(({ kind, id }) => {
      const address = made.find((row) => row.id === id)?.address;
      // What the spec has no place for any more may be followed by whatever is new.
      const isWanted = desired.some((one) => one.address === address);
      return address === undefined || !isWanted ? { kind } : { kind, address };
    }),
  ];
}

export function unseenPredecessors(
  kindNamed: KindNamed,
  unseen: readonly Unseen[],
  { surplus, current }: Pick<Matching, "surplus" | "current">,
  desired: readonly Pick<DesiredResource, "address" | "kind">[],
): Guard {
  const asked = unseen.filter(({ kind }) => isReplacedByConsent(kindNamed, kind));
  const entrance = asked.find(({ kind }) => kindNamed(kind).traits.isEntrance === true)?.kind;
  const mayPrecede = ({ kind, address }: Unseen, created: Create) =>
    address === undefined
      ? created.kind === kind ||
        desired.some(
          (one) =>
            one.kind === kind && !current.has(one.address) && created.address.startsWith(`${one.address}.`),
        )
      : (created.kind === kind && created.address === address) || created.address.startsWith(`${address}.`);
  return {
    stops: (action) => {
      if (action.verb !== "create") return undefined;
      const { kind, address } = action;
      const of = asked.find((one) => mayPrecede(one, action))?.kind;
      if (of !== undefined) return { because: "unread", what: `what may be there of ${of}` };
      if (entrance === undefined || kindNamed(kind).family !== kindNamed(entrance).family) return undefined;
      // What it is to follow is there, or may be and was not seen either.
      const isSecond =
        surplus.some((one) => one.kind === kind && one.address === address) ||
        unseen.some((one) => one.kind === kind && (one.address ?? address) === address);
      return isSecond ? { because: "unread", what: `what may be there of ${entrance}` } : undefined;
    },
  };
}

/**
 * Whether a person agrees to its replacement before its successor is made. Of everything else only the removal needs
 * consent (see core/consent/destructive.ts), and what is not seen is not removed.
 */
function isReplacedByConsent(kindNamed: KindNamed, kind: KindName): boolean {
  const { isEntrance, registersIn } = kindNamed(kind).traits;
  return isEntrance === true || registersIn !== undefined;
}
