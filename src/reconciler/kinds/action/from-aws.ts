/** A listener's or rule's actions as AWS describes them, as their part of a spec. */
import { childNameOf } from "../../../model/address.ts";
import type { Fields } from "../../core/resource.ts";
import { asRecord, optionalNumber, records, text } from "../field-values.ts";
import { held, notHeld, type Part, type Places, stated, type Written } from "../from-aws.ts";
import { observedAction, targetGroupArnsIn } from "./shape.ts";

type Actions = Parameters<typeof observedAction>[0];

/** ARNs of the target groups that the actions forward to. */
export function targetGroupArnsOf(actions: Actions): string[] {
  const action = observedAction(actions);
  return asRecord(action, "action").type === "forward" ? targetGroupArnsIn(action) : [];
}

/** Why no action of a spec can say the same, wherever the target groups are; `undefined` when one can. */
export function whyNoAction(actions: Actions): string | undefined {
  const { type, after } = asRecord(observedAction(actions), "action");
  if (Array.isArray(after))
    return `it asks ${after.join(" and ")} before its last action, which the spec cannot hold yet`;
  if (!["forward", "redirect", "fixed-response"].includes(String(type)))
    return `its action is ${String(type)}, which the spec cannot hold yet`;
  return undefined;
}

/** One action of the spec. */
export function actionFromAws(actions: Actions, places: Places): Written {
  const why = whyNoAction(actions);
  if (why !== undefined) return notHeld(why);
  const value = asRecord(observedAction(actions), "action");
  const { type, ...members } = value;
  switch (type) {
    case "redirect":
      return held({ redirect: members });
    case "fixed-response":
      return held({ fixedResponse: { ...members } });
    default:
      return forwardFromAws(value, places);
  }
}

function forwardFromAws(value: Fields, places: Places): Written {
  const entries = records(value, "targetGroups").map((entry) => ({
    arn: text(entry, "arn"),
    weight: optionalNumber(entry, "weight"),
    address: places.targetGroup(text(entry, "arn")),
  }));
  const outside = entries.find(({ address }) => address === undefined);
  if (outside !== undefined) return notHeld(`it forwards to ${outside.arn}, which is not in the manifest`);
  const named = entries.map(({ address, weight }) =>
    stated({ targetGroup: address && childNameOf(address), weight }),
  );
  const [only] = named;
  const seconds = optionalNumber(value, "stickinessSeconds");
  const forward: Part = {
    ...(named.length === 1 ? { targetGroup: only?.targetGroup } : { targetGroups: named.sort(byName) }),
    ...(seconds === undefined ? {} : { stickiness: { enabled: true, durationSeconds: seconds } }),
  };
  return held({ forward });
}

function byName(one: Part, other: Part): number {
  return String(one.targetGroup) < String(other.targetGroup) ? -1 : 1;
}
