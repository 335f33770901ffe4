/**
 * Nothing is made in the place of what could not be seen: where a load balancer or group could not be read, or a list lacks
 * it, nobody can say that the new one is not the first step of a replacement that a person is to agree to. Pure.
 */
import type { KindName } from "../../model/kind-name.ts";
import type { Matching } from "../core/current-and-surplus.ts";
import type { KindNamed } from "../core/kind-rules.ts";
import type { Guard } from "./guard.ts";

/** @param unseen kinds of which something was not read, or is not believed to be gone */
export function unseenPredecessors(
  kindNamed: KindNamed,
  unseen: ReadonlySet<KindName>,
  { surplus }: Pick<Matching, "surplus">,
): Guard {
  const entrance = [...unseen].find((kind) => kindNamed(kind).traits.isEntrance === true);
  return {
    stops: ({ verb, kind, address }) => {
      if (verb !== "create") return undefined;
      if (unseen.has(kind)) return { because: "unread", what: `what may be there of ${kind}` };
      const isSecond = surplus.some((one) => one.kind === kind && one.address === address);
      return isSecond && entrance !== undefined && kindNamed(kind).family === kindNamed(entrance).family
        ? { because: "unread", what: `what may be there of ${entrance}` }
        : undefined;
    },
  };
}
