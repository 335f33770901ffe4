/**
 * A draft as admission takes it. What AWS takes and a spec does not is left out where that changes nothing for the rest, and
 * told; where it cannot be left out, there is no manifest. Pure.
 */
import { type Fault, InvalidSpecError } from "../../model/errors.ts";
import type { NotCompared } from "../../model/import.ts";
import { isRecord, type Value } from "../../model/value.ts";
import { type Draft, type Drafted, draftOf } from "./manifest.ts";

/** Each round leaves something out; what is left out can be missed by a few others. */
const MOST_ROUNDS = 8;

/**
 * @param admit throws InvalidSpecError of a spec that cannot be stored
 * @throws InvalidSpecError with what a spec cannot hold and the tier cannot be without
 */
export function fitted(drafted: Drafted, admit: (spec: unknown) => unknown): Draft {
  const vetoes = new Map(drafted.vetoes);
  const members = new Map<string, Fault>();
  for (let round = 0; ; round += 1) {
    const draft = withoutMembers(draftOf({ ...drafted, vetoes }), members);
    const faults = faultsOf(draft.spec, admit);
    if (faults.length === 0) return draft;
    const stuck = faults.filter((fault) => !leaveOut(fault, draft, vetoes, members));
    if (stuck.length > 0 || round === MOST_ROUNDS)
      throw new InvalidSpecError((stuck.length > 0 ? stuck : faults).map((fault) => asCause(fault, drafted)));
  }
}

function faultsOf(spec: unknown, admit: (spec: unknown) => unknown): readonly Fault[] {
  try {
    admit(spec);
    return [];
  } catch (error) {
    if (error instanceof InvalidSpecError) return error.faults;
    throw error;
  }
}

/** A tag or an attribute: a member of a map, of which each stands for itself. */
const MEMBER = /^(?<map>.+\.(?:attributes|tags))(?:\["(?<quoted>.+)"\]|\.(?<plain>[^.[\]]+))(?:\.value)?$/;

/** Whether there was something to leave out. */
function leaveOut(
  fault: Fault,
  { mayGo }: Draft,
  vetoes: Map<string, string>,
  members: Map<string, Fault>,
): boolean {
  const path = [...mayGo.keys()].find(
    (known) => fault.path === known || [".", "["].some((next) => fault.path.startsWith(`${known}${next}`)),
  );
  const id = path === undefined ? undefined : mayGo.get(path);
  if (id !== undefined && path !== undefined) {
    if (vetoes.has(id)) return false;
    vetoes.set(id, `${fault.path.slice(path.length).replace(/^\./, "")} ${fault.message}`.trim());
    return true;
  }
  if (!MEMBER.test(fault.path) || members.has(fault.path)) return false;
  members.set(fault.path, fault);
  return true;
}

function withoutMembers(draft: Draft, members: ReadonlyMap<string, Fault>): Draft {
  if (members.size === 0) return draft;
  const spec = structuredClone(draft.spec);
  const told = [...members.values()].flatMap((fault): NotCompared[] => {
    const { map = "", quoted, plain } = MEMBER.exec(fault.path)?.groups ?? {};
    const steps = map.split(".");
    const member = quoted ?? plain ?? "";
    const holder = steps
      .slice(1)
      .reduce<unknown>((value, step) => (isRecord(value) ? value[step] : undefined), spec);
    if (!isRecord(holder) || holder[member] === undefined) return [];
    const value = holder[member] as Value;
    delete holder[member];
    const resource = steps.slice(1, -1).join(".");
    return [
      {
        resource,
        member: `${steps.at(-1)}[${member}]`,
        value,
        reason: `the spec cannot hold it: ${fault.message}`,
      },
    ];
  });
  return { ...draft, spec, notCompared: [...draft.notCompared, ...told] };
}

/** Where in the tier it is, and what leaves it out. */
function asCause({ path, message, reason }: Fault, { keys, near, around }: Drafted): Fault {
  const group = [...keys.groups].find(([, key]) => path.startsWith(`spec.autoScalingGroups.${key}.`));
  if (group !== undefined && near.groups.length > 1)
    return {
      path: "exclude",
      message: `${path} ${message}; exclude: [${group[0]}] leaves the group out`,
      reason,
    };
  const index = /^spec\.loadBalancer\.listeners\[(\d+)\]/.exec(path)?.[1];
  const listener = index === undefined ? undefined : near.listeners[Number(index)]?.item.ListenerArn;
  if (listener !== undefined && near.listeners.length > 1)
    return {
      path: "exclude",
      message: `${path} ${message}; exclude: [${listener}] leaves the listener out`,
      reason,
    };
  return {
    path: "loadBalancer",
    message: `${around.loadBalancer.LoadBalancerName} has what a spec cannot hold: ${path} ${message}`,
    reason,
  };
}
