import { Readable } from "node:stream";
import type { FastifyReply } from "fastify";
import { InvalidSpecError } from "../model/errors.ts";
import type { ListAnswer, ListQuery } from "../model/fleet/list-query.ts";
import { LIMITS } from "../model/limits.ts";
import type { ObjectKind, ObjectOfKind } from "../ports.ts";
import type { ServedStore } from "./access/served-store.ts";
import { ApiError, causeOf, retryAfter } from "./error.ts";
import { checkVersionParameters, type ReadParameters, selectionOf } from "./list-query.ts";
import type { Lines } from "./past/export.ts";
import type { Resource } from "./resources.ts";
import type { Representation } from "./tables/representation.ts";

const RETRY_AFTER_SECONDS = 5;

interface ListMetadata {
  resourceVersion: string;
  continue?: string;
  remainingItemCount?: number;
}

/** What the lists of all clients share. */
export class Lists {
  readonly takeTurn: () => Promise<void>;
  #open = 0;

  /** @param takeTurn resolves when this one may go on, so that no list keeps the others and everything else waiting */
  constructor(takeTurn: () => Promise<void>) {
    this.takeTurn = takeTurn;
  }

  /**
   * A list as Kubernetes answers it. Without `limit` it is whole, and is written piece by piece, so that a large
   * one is never held in memory; its version is that of the first piece, so that a watch from it misses nothing.
   */
  async send<K extends ObjectKind>(
    reply: FastifyReply,
    store: ServedStore,
    resource: Resource<K>,
    parameters: ReadParameters,
    namespace: string | undefined,
    form: Representation<ObjectOfKind[K]>,
  ): Promise<FastifyReply> {
    checkVersionParameters(parameters, store.resourceVersion());
    const { query } = selectionOf(resource, parameters, namespace);
    const limit = Math.min(parameters.limit ?? 0, LIMITS.listPage);
    const { continue: place = "" } = parameters;
    const from = { store, resource, query: { ...query, ...(place !== "" && { continue: place }) } };
    if (limit > 0) return reply.send(listBody(form, await this.#page(from, limit)));
    const first = pieceOf(from);
    if (first.continue === undefined) return reply.send(listBody(form, first));
    this.#count(reply);
    const pieces = piecesOf(from, first, this.takeTurn);
    return reply
      .type("application/json; charset=utf-8")
      .send(Readable.from(textOf(form, first.resourceVersion, pieces), { highWaterMark: 1 }));
  }

  /** The same objects as lines of text, written piece by piece; with `limit` no more than that. */
  export<K extends ObjectKind>(
    reply: FastifyReply,
    store: ServedStore,
    resource: Resource<K>,
    parameters: ReadParameters,
    namespace: string | undefined,
    lines: Lines<ObjectOfKind[K]>,
  ): FastifyReply {
    checkVersionParameters(parameters, store.resourceVersion());
    const { query } = selectionOf(resource, parameters, namespace);
    const { continue: place = "", limit = 0 } = parameters;
    const from = { store, resource, query: { ...query, ...(place !== "" && { continue: place }) } };
    const pieces = piecesOf(from, pieceOf(from), this.takeTurn);
    this.#count(reply);
    return reply.send(Readable.from(linesOf(lines, pieces, limit), { highWaterMark: 1 }));
  }

  async #page<K extends ObjectKind>(from: From<K>, limit: number): Promise<ListAnswer<ObjectOfKind[K]>> {
    const items: ObjectOfKind[K][] = [];
    let { query } = from;
    let version: string | undefined;
    for (;;) {
      const piece = pieceOf({ ...from, query }, limit - items.length);
      items.push(...piece.items);
      version ??= piece.resourceVersion;
      if (items.length === limit || piece.continue === undefined) {
        return { ...piece, items, resourceVersion: version };
      }
      query = { ...query, continue: piece.continue };
      await this.takeTurn();
    }
  }

  #count({ raw }: FastifyReply): void {
    if (this.#open >= LIMITS.wholeLists) {
      const message = `${LIMITS.wholeLists} whole lists are being sent, and no more at a time`;
      throw new ApiError(429, message, retryAfter(RETRY_AFTER_SECONDS));
    }
    this.#open += 1;
    raw.once("close", () => {
      this.#open -= 1;
    });
  }
}

/** Which objects, of which kind, out of which store. */
interface From<K extends ObjectKind> {
  readonly store: ServedStore;
  readonly resource: Resource<K>;
  readonly query: ListQuery;
}

/** As much as is read at once: no more than `most` objects, and perhaps fewer although there are more. */
export function pieceOf<K extends ObjectKind>(
  { store, resource, query }: From<K>,
  most: number = LIMITS.listPiece + 1,
): ListAnswer<ObjectOfKind[K]> {
  return pageOf(store, resource, {
    ...query,
    limit: Math.min(most, LIMITS.listPiece),
    rows: LIMITS.rowsPerPiece,
    isPiece: most > LIMITS.listPiece,
  });
}

/** All pieces, each read when it is wanted, and in its turn. */
export async function* piecesOf<K extends ObjectKind>(
  from: From<K>,
  first: ListAnswer<ObjectOfKind[K]>,
  takeTurn: () => Promise<void>,
): AsyncGenerator<ObjectOfKind[K][]> {
  let piece = first;
  yield piece.items;
  while (piece.continue !== undefined) {
    await takeTurn();
    piece = pieceOf({ ...from, query: { ...from.query, continue: piece.continue } });
    yield piece.items;
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

async function* linesOf<T>(
  { head, lineOf }: Lines<T>,
  pieces: AsyncGenerator<T[]>,
  limit: number,
): AsyncGenerator<string> {
  let left = limit === 0 ? Number.POSITIVE_INFINITY : limit;
  if (head !== "") yield head;
  for await (const items of pieces) {
    const text = items.slice(0, left).map(lineOf).join("");
    left -= Math.min(left, items.length);
    if (text !== "") yield text;
    if (left === 0) return;
  }
}

async function* textOf<K extends ObjectKind>(
  { listHead, entries, entryOf }: Representation<ObjectOfKind[K]>,
  resourceVersion: string,
  pieces: AsyncGenerator<ObjectOfKind[K][]>,
): AsyncGenerator<string> {
  const head = JSON.stringify({ ...listHead, metadata: { resourceVersion } });
  yield `${head.slice(0, -1)},"${entries}":[`;
  let isFirst = true;
  for await (const items of pieces) {
    if (items.length === 0) continue;
    const texts = items.map((item) => JSON.stringify(entryOf(item))).join(",");
    yield isFirst ? texts : `,${texts}`;
    isFirst = false;
  }
  yield "]}";
}
