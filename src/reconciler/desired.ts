/** What a service asks for, kind by kind. Pure. */
import type { KindName } from "../model/kind-name.ts";
import type { ObjectKey, WebService } from "../model/object.ts";
import { ownerOf } from "./core/names.ts";
import type { DesiredResource } from "./core/resource.ts";
import type { ServiceContext } from "./kinds/kind.ts";
import { KINDS } from "./kinds/registry.ts";
import { specIn } from "./kinds/web-service.ts";

/** @param installation tells two installations in one account apart */
export function contextOf(installation: string, object: WebService): ServiceContext {
  const { metadata } = object;
  const key: ObjectKey = { namespace: metadata.namespace, name: metadata.name };
  return { key, owner: ownerOf(installation, key), spec: specIn(object) };
}

/** Everything that the spec asks for, in the order of the kinds. */
export function desiredOf(service: ServiceContext): DesiredResource[] {
  const byKind = new Map<KindName, readonly DesiredResource[]>();
  for (const kind of KINDS)
    byKind.set(
      kind.name,
      kind.desired(service, (name) => byKind.get(name) ?? []),
    );
  return [...byKind.values()].flat();
}
