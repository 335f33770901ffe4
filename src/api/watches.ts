import type { FastifyReply } from "fastify";
import { LIMITS } from "../model/limits.ts";
import type { Change, Clock, Log, ObjectKind, ObjectOfKind } from "../ports.ts";
import type { ServedStore } from "./access/served-store.ts";
import type { Dependencies } from "./dependencies.ts";
import { ApiError, retryAfter } from "./error.ts";
import { checkVersionParameters, isSet, type ReadParameters, selectionOf } from "./list-query.ts";
import type { Resource } from "./resources.ts";
import type { Representation } from "./tables/representation.ts";
import { expired, WatchStream } from "./watch-stream.ts";

const RETRY_AFTER_SECONDS = 10;

interface Ending {
  end(): void;
}

/** The watches that are open. */
export class Watches {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #takeTurn: () => Promise<void>;
  readonly #open = new Set<Ending>();

  constructor({ clock, log, takeTurn }: Pick<Dependencies, "clock" | "log" | "takeTurn">) {
    this.#takeTurn = takeTurn;
    this.#clock = clock;
    this.#log = log;
  }

  get count(): number {
    return this.#open.size;
  }

  endAll(): void {
    for (const watch of [...this.#open]) watch.end();
  }

  /**
   * Answers with a stream of changes.
   * @throws ApiError 410 when the version to begin from is no longer kept, 429 when there are too many watches
   */
  start<K extends ObjectKind>(
    reply: FastifyReply,
    store: ServedStore,
    resource: Resource<K>,
    parameters: ReadParameters,
    namespace: string | undefined,
    form: Representation<ObjectOfKind[K]>,
  ): void {
    checkVersionParameters(parameters, store.resourceVersion());
    const selection = selectionOf(resource, parameters, namespace);
    if (this.#open.size >= LIMITS.watches) {
      const message = `there are ${LIMITS.watches} watches, and no more are served at a time`;
      throw new ApiError(429, message, retryAfter(RETRY_AFTER_SECONDS));
    }
    const { timeoutSeconds } = parameters;
    const stream = new WatchStream<K>({
      store,
      clock: this.#clock,
      takeTurn: this.#takeTurn,
      resource,
      form,
      selection,
      ...beginningOf(store, parameters),
      bookmarks: isSet(parameters.allowWatchBookmarks),
      timeoutMs: timeoutSeconds === undefined || timeoutSeconds === 0 ? undefined : timeoutSeconds * 1_000,
    });
    this.#open.add(stream);
    stream.once("close", () => this.#open.delete(stream));
    this.#send(reply, stream);
  }

  /** The headers go out at once: a client takes the watch for open when it has them. */
  #send<K extends ObjectKind>(reply: FastifyReply, stream: WatchStream<K>): void {
    reply.hijack();
    const { raw } = reply;
    raw.writeHead(200, {
      ...(reply.getHeaders() as Record<string, string>),
      "content-type": "application/json",
    });
    raw.flushHeaders();
    raw.once("close", () => stream.destroy());
    stream.once("close", () => {
      // Ended in order, or cut off: then the watcher must see that something is missing.
      if (!stream.readableEnded) raw.destroy();
    });
    stream.on("error", (error) => this.#log.error({ error: error.message }, "watch failed"));
    stream.pipe(raw);
  }
}

/** What a watcher has missed, or that it begins with every object that there is. */
function beginningOf(
  store: ServedStore,
  parameters: ReadParameters,
): { missed?: Change[]; marksInitialEnd: boolean } {
  const { resourceVersion = "" } = parameters;
  if (isSet(parameters.sendInitialEvents)) return { marksInitialEnd: true };
  if (resourceVersion === "" || resourceVersion === "0") return { marksInitialEnd: false };
  const missed = store.changesSince(resourceVersion);
  if (missed === undefined) throw expired(`resourceVersion ${resourceVersion}`);
  return { missed, marksInitialEnd: false };
}
