import { type ObjectKey, textOfKey } from "../../model/object.ts";
import type { Store } from "../../ports.ts";
import { fromJson } from "../row-codec.ts";
import type { Session } from "../session.ts";
import { SPEC } from "../shapes.ts";

interface SpecRow extends ObjectKey {
  uid: string;
  generation: number;
  spec: string;
}

/** What is read of all objects at once: little of each, because there may be very many. */
export function buildSpecs(session: Session): Pick<Store, "specs"> {
  const specs = session.database.prepare<[], SpecRow>(
    "SELECT namespace, name, uid, generation, spec FROM objects",
  );
  return {
    specs: () =>
      session.read(() =>
        [...specs.iterate()].map(({ spec, ...metadata }) => ({
          metadata,
          spec: fromJson({ table: "objects", row: textOfKey(metadata) }, "spec", spec, SPEC),
        })),
      ),
  };
}
