/**
 * What sits on an Auto Scaling group and has neither tags nor an id of its own: its group and its name there are its
 * identity. It is read only where the spec asks for some of it, or a row says that some of it is ours.
 */
import type { Address } from "../../model/address.ts";
import type { FreshLook } from "../core/observation.ts";
import type { ObservedResource } from "../core/resource.ts";
import { groupLook } from "./fresh-look.ts";
import type { ExactReader, Found, Listed, Sought } from "./kind.ts";
import { present } from "./required.ts";

/** A name there is its group's alone; AWS allows no colon in the name of a group. */
export function nameOnGroup(group: string, child: string): string {
  return `${group}:${child}`;
}

/** Those of the groups that are worth asking. */
function groupsToAsk(listed: Listed, { wanted, places }: Sought): { group: string; parent: Found }[] {
  const names = [...wanted.keys(), ...places.keys()];
  return (listed.get("autoScalingGroup") ?? [])
    .map((parent) => ({ group: present(parent.name, "its name"), parent }))
    .filter(({ group }) => names.some((name) => name.startsWith(nameOnGroup(group, ""))));
}

/**
 * Lists them group by group.
 * @param read of one group: each by its name there
 */
export async function listOnGroups<Raw>(
  kind: Found["kind"],
  listed: Listed,
  sought: Sought,
  read: (group: string) => Promise<readonly (readonly [name: string, raw: Raw])[]>,
): Promise<Found<Raw>[]> {
  const lists = groupsToAsk(listed, sought).map(async ({ group, parent }) =>
    (await read(group)).map(([child, raw]) => {
      const name = nameOnGroup(group, child);
      return { kind, id: name, name, raw, parent };
    }),
  );
  return (await Promise.all(lists)).flat();
}

/** Where it stands in the spec: as the spec wants it, or as a row knows it; what is somebody else's stands nowhere. */
export function placeOnGroup({ id, name = "" }: Found, { wanted, known }: Sought): Address | undefined {
  return wanted.get(name) ?? known.get(id)?.address;
}

/** AWS has no tags for it: those of its group speak for it. */
export async function lookOnGroup(
  reader: ExactReader,
  { id, parent }: ObservedResource,
): Promise<Extract<FreshLook, { is: "there" }>> {
  const { owner } = await groupLook(reader, present(parent, "its group"), undefined);
  return { is: "there", id, owner };
}
