import type { ObjectKey } from "../../model/object.ts";
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
export function buildKeysAndSpecs(session: Session): Pick<Store, "keys" | "specs"> {
  const db = session.database;
  const keys = db.prepare<[], ObjectKey>("SELECT namespace, name FROM objects ORDER BY namespace, name");
  const specs = db.prepare<[], SpecRow>("SELECT namespace, name, uid, generation, spec FROM objects");
  return {
    keys: () => session.read(() => keys.all()),
    specs: () =>
      session.read(() =>
        [...specs.iterate()].map(({ spec, ...metadata }) => ({
          metadata,
          spec: fromJson(
            { table: "objects", row: `${metadata.namespace}/${metadata.name}` },
            "spec",
            spec,
            SPEC,
          ),
        })),
      ),
  };
}
