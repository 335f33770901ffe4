/** For what service a pass works. Pure. */
import type { ObjectKey } from "../model/object.ts";
import { ownerOf } from "./core/names.ts";
import type { ServiceContext } from "./kinds/kind.ts";
import type { WebServiceSpec } from "./kinds/web-service.ts";

/**
 * @param installation tells two installations in one account apart
 * @param spec with what its lookups stand for
 */
export function contextOf(
  installation: string,
  { namespace, name }: ObjectKey,
  spec: WebServiceSpec,
): ServiceContext {
  const key = { namespace, name };
  return { key, owner: ownerOf(installation, key), spec };
}
