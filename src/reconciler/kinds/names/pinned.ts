/**
 * `name` in the spec of a child: AWS's own name of it, and its identity. It is kept as it is, never shortened or hashed, so
 * that what AWS cannot change in place cannot be replaced beside it either: two cannot have one name.
 */
import Type from "typebox";
import type { DesiredResource } from "../../core/resource.ts";
import { aws } from "../field.ts";

/** @param name AWS's member: `TargetGroupName` */
export function pinnedNameSchema(name: string, maxLength: number) {
  return Type.Optional(
    Type.String({
      ...aws(name, "replace", { owner: "identity" }),
      minLength: 1,
      maxLength,
      description:
        "AWS's own name of it, kept as it is. Another one is a replacement. Default: made of the service, its key and a hash.",
    }),
  );
}

/** The name that the spec pins, or the one that we give. */
export function nameOrPinned(
  pinned: string | undefined,
  computed: string,
): Pick<DesiredResource, "name" | "isPinned"> {
  return pinned === undefined ? { name: computed } : { name: pinned, isPinned: true };
}
