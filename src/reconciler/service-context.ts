/** For what service a pass works. Pure. */
import type { ObjectKey, WebService } from "../model/object.ts";
import { ownerOf } from "./core/names.ts";
import type { ServiceContext } from "./kinds/kind.ts";
import { specIn } from "./kinds/web-service.ts";

/** @param installation tells two installations in one account apart */
export function contextOf(installation: string, object: WebService): ServiceContext {
  const { metadata } = object;
  const key: ObjectKey = { namespace: metadata.namespace, name: metadata.name };
  return { key, owner: ownerOf(installation, key), spec: specIn(object) };
}
