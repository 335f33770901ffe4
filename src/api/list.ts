import { Readable } from "node:stream";
import type { FastifyReply } from "fastify";
import { InvalidSpecError } from "../model/errors.ts";
import { LIMITS } from "../model/limits.ts";
import type { ListAnswer, ListQuery, ObjectKind, ObjectOfKind } from "../ports.ts";
import type { ServedStore } from "./access/served-store.ts";
import { ApiError, causeOf } from "./error.ts";
import { checkVersionParameters, type ReadParameters, selectionOf } from "./list-query.ts";
import type { Resource } from "./resources.ts";
import type { Representation } from "./tables/representation.ts";

interface ListMetadata {
  resourceVersion: string;
  continue?: string;
  remainingItemCount?: number;
}

/**
 * A list as Kubernetes answers it. Without `limit` it is whole, and is written page by page, so that a large
 * one is never held in memory; its version is that of the first page, so that a watch from it misses nothing.
 */
export function sendList<K extends ObjectKind>(
  reply: FastifyReply,
  store: ServedStore,
  resource: Resource<K>,
  parameters: ReadParameters,
  namespace: string | undefined,
  form: Representation<ObjectOfKind[K]>,
): FastifyReply {
  checkVersionParameters(parameters, store.resourceVersion());
  const { query } = selectionOf(resource, parameters, namespace);
  const limit = parameters.limit ?? 0;
  const pageQuery: ListQuery = {
    ...query,
    limit: limit === 0 ? LIMITS.listPage : Math.min(limit, LIMITS.listPage),
    ...(parameters.continue !== undefined && parameters.continue !== "" && { continue: parameters.continue }),
  };
  const first = pageOf(store, resource, pageQuery);
  if (limit > 0 || first.continue === undefined) return reply.send(listBody(form, first));
  const pages = pagesOf(store, resource, pageQuery, first);
  return reply
    .type("application/json; charset=utf-8")
    .send(Readable.from(textOf(form, first.resourceVersion, pages)));
}

/** All pages of a list, read when they are wanted. */
export function* pagesOf<K extends ObjectKind>(
  store: ServedStore,
  resource: Resource<K>,
  query: ListQuery,
  first: ListAnswer<ObjectOfKind[K]>,
): Generator<ObjectOfKind[K][]> {
  let page = first;
  yield page.items;
  while (page.continue !== undefined) {
    page = pageOf(store, resource, { ...query, continue: page.continue });
    yield page.items;
  }
}

function listBody<K extends ObjectKind>(
  { listHead, entries, entryOf }: Representation<ObjectOfKind[K]>,
  answer: ListAnswer<ObjectOfKind[K]>,
): object {
  const metadata: ListMetadata = {
    resourceVersion: answer.resourceVersion,
    ...(answer.continue !== undefined && { continue: answer.continue }),
    ...(answer.remaining !== undefined && { remainingItemCount: answer.remaining }),
  };
  return { ...listHead, metadata, [entries]: answer.items.map(entryOf) };
}

function pageOf<K extends ObjectKind>(
  store: ServedStore,
  resource: Resource<K>,
  query: ListQuery,
): ListAnswer<ObjectOfKind[K]> {
  try {
    return resource.list(store, query);
  } catch (error) {
    // A list has one parameter that only the store can judge.
    if (error instanceof InvalidSpecError)
      throw new ApiError(400, error.message, { causes: error.faults.map(causeOf) });
    throw error;
  }
}

function* textOf<K extends ObjectKind>(
  { listHead, entries, entryOf }: Representation<ObjectOfKind[K]>,
  resourceVersion: string,
  pages: Generator<ObjectOfKind[K][]>,
): Generator<string> {
  const head = JSON.stringify({ ...listHead, metadata: { resourceVersion } });
  let isFirst = true;
  for (const items of pages) {
    const texts = items.map((item) => JSON.stringify(entryOf(item))).join(",");
    yield isFirst ? `${head.slice(0, -1)},"${entries}":[${texts}` : `,${texts}`;
    isFirst = false;
  }
  yield "]}";
}
