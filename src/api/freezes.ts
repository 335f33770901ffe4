import type { FastifyInstance } from "fastify";
import { API_VERSION } from "../model/object.ts";
import { type Freeze, FREEZES_PATH as PATH } from "../model/pause.ts";
import type { Dependencies } from "./dependencies.ts";
import type { StatusBody } from "./error.ts";
import type { RouteDocument } from "./route-document.ts";
import { liftFreeze } from "./steering/lift-freeze.ts";

const LIST: RouteDocument = {
  id: "listFreeze",
  summary: "List the kinds of which nothing more is deleted before a person lifts it",
  tag: "daemon",
  answer: "FreezeList",
};
const LIFT: RouteDocument = {
  id: "liftFreeze",
  summary: "Lift the freeze of deletions of a kind",
  tag: "daemon",
  answer: "Status",
};

/** `/apis/holdfast.dev/v1/freezes`: what mass deletions have left behind; see docs/operations.md, "Guards". */
export function registerFreezes(
  app: FastifyInstance,
  deps: Pick<Dependencies, "store" | "log" | "requestReconcile">,
): void {
  app.get(PATH, { config: { document: LIST } }, async () => ({
    kind: "FreezeList",
    apiVersion: API_VERSION,
    metadata: { resourceVersion: deps.store.resourceVersion() },
    items: deps.store.freezes().map(freezeOf),
  }));
  app.delete<{ Params: { kind: string } }>(
    `${PATH}/:kind`,
    { config: { document: LIFT } },
    async ({ params: { kind }, actor }): Promise<StatusBody> => {
      liftFreeze(deps, kind, { actor: actor?.name });
      return {
        kind: "Status",
        apiVersion: "v1",
        metadata: {},
        status: "Success",
        message: `deletions of the kind ${kind} go on`,
        code: 200,
      };
    },
  );
}

function freezeOf({ kind, since, deleted, owned }: Freeze): object {
  return {
    kind: "Freeze",
    apiVersion: API_VERSION,
    metadata: { name: kind, creationTimestamp: since },
    status: { deleted, owned },
  };
}
