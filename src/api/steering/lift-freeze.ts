import { conditionOf } from "../../model/conditions.ts";
import type { KindName } from "../../model/kind-name.ts";
import { LIMITS } from "../../model/limits.ts";
import { textOfKey, type WebService } from "../../model/object.ts";
import type { Store } from "../../ports.ts";
import type { Dependencies } from "../dependencies.ts";
import { ApiError } from "../error.ts";

/** Deletions of a kind go on. @throws ApiError 404 where they are not frozen */
export function liftFreeze(
  { store, log, requestReconcile }: Pick<Dependencies, "store" | "log" | "requestReconcile">,
  kind: string,
  { actor }: { readonly actor: string | undefined },
): void {
  const waiting = store.transaction(() => {
    if (!store.liftFreeze(kind as KindName, actor))
      throw new ApiError(404, `deletions of the kind ${JSON.stringify(kind)} are not frozen`);
    const services = frozenServices(store);
    const message = `${actor ?? "Somebody"} has lifted the freeze of deletions of the kind ${kind}.`;
    for (const object of services) store.record(object, { type: "Normal", reason: "FreezeLifted", message });
    return services;
  });
  log.warn({ kind, actor, services: waiting.map(({ metadata }) => textOfKey(metadata)) }, "freeze lifted");
  for (const { metadata } of waiting)
    requestReconcile({ namespace: metadata.namespace, name: metadata.name });
}

function frozenServices(store: Pick<Store, "list">): WebService[] {
  const found: WebService[] = [];
  let position: string | undefined;
  do {
    const page = store.list({
      limit: LIMITS.listPage,
      ...(position === undefined ? {} : { continue: position }),
    });
    found.push(
      ...page.items.filter(
        ({ status }) => conditionOf(status?.conditions, "Stalled")?.reason === "DeletionsFrozen",
      ),
    );
    position = page.continue;
  } while (position !== undefined);
  return found;
}
