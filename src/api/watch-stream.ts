import { Readable } from "node:stream";
import { LIMITS } from "../model/limits.ts";
import type { Change, Clock, ObjectKind, ObjectOfKind } from "../ports.ts";
import type { ServedStore } from "./access/served-store.ts";
import { ApiError, statusBodyOf } from "./error.ts";
import { pieceOf, piecesOf } from "./list.ts";
import type { Selection } from "./list-query.ts";
import type { Resource } from "./resources.ts";
import type { Representation } from "./tables/representation.ts";

const BOOKMARK_EVERY_MS = 60_000;

interface WatchSettings<K extends ObjectKind> {
  store: ServedStore;
  clock: Clock;
  takeTurn: () => Promise<void>;
  resource: Resource<K>;
  form: Representation<ObjectOfKind[K]>;
  selection: Selection<K>;
  /** The changes that the watcher has missed; without them it begins with every object that there is. */
  missed?: Change[];
  /** Say when the objects of the beginning are all sent. */
  marksInitialEnd: boolean;
  bookmarks: boolean;
  timeoutMs: number | undefined;
}

/** Objects are shared by all watchers of a change: each is written as JSON once. */
const jsonOfObject = new WeakMap<object, string>();

/**
 * What one watcher is sent: lines of `{"type", "object"}`. Gap-free, in order, each change once. What a slow
 * watcher has not taken is bounded; beyond that it is cut off, and can resume from the last version it saw. One that has
 * missed more than that is told to list anew.
 */
export class WatchStream<K extends ObjectKind> extends Readable {
  readonly #settings: WatchSettings<K>;
  readonly #cancels: (() => void)[] = [];
  /** While the beginning is being sent. */
  #pieces: AsyncGenerator<ObjectOfKind[K][]> | undefined;
  #isReading = false;
  #version: string;
  /** Objects of the beginning that are newer than its version: older changes of theirs are old news. */
  readonly #newer = new Map<string, number>();

  constructor(settings: WatchSettings<K>) {
    super();
    this.#settings = settings;
    const { store, resource, selection, missed, timeoutMs, clock } = settings;
    this.#version = store.resourceVersion();
    if (missed === undefined) {
      const from = { store, resource, query: selection.query };
      const first = pieceOf(from);
      this.#version = first.resourceVersion;
      this.#pieces = piecesOf(from, first, settings.takeTurn);
    } else {
      const lines = this.#linesOf(missed);
      // It would be cut off before it has read the first of them, and come again from the same version, for ever.
      if (lines.length > LIMITS.watchBufferBytes)
        throw expired("the version, for all that has changed since then,");
      this.#goLive(lines);
    }
    if (timeoutMs !== undefined) this.#cancels.push(clock.schedule(timeoutMs, () => this.end()));
  }

  /** The last line has been written. */
  end(): void {
    this.#cancelAll();
    this.#pieces = undefined;
    if (!this.destroyed) this.push(null);
  }

  override _read(): void {
    if (this.#pieces === undefined || this.#isReading) return;
    this.#isReading = true;
    this.#readPiece(this.#pieces).catch((error: Error) => this.destroy(error));
  }

  /** The next objects of the beginning, or what has changed since it began. */
  async #readPiece(pieces: AsyncGenerator<ObjectOfKind[K][]>): Promise<void> {
    let piece = await pieces.next();
    while (piece.done !== true && piece.value.length === 0) piece = await pieces.next();
    if (this.#pieces === undefined || this.destroyed) return;
    // A push may ask for more before it returns.
    this.#isReading = false;
    if (piece.done !== true) {
      this.push(piece.value.map((object) => this.#initialLine(object)).join(""));
      return;
    }
    this.#pieces = undefined;
    const missed = this.#settings.store.changesSince(this.#version);
    const lines = missed === undefined ? undefined : this.#linesOf(missed);
    if (lines === undefined || lines.length > LIMITS.watchBufferBytes) this.#expire();
    else this.#goLive(lines);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#cancelAll();
    done(error);
  }

  #initialLine(object: ObjectOfKind[K]): string {
    const version = Number(object.metadata.resourceVersion);
    if (version > Number(this.#version)) this.#newer.set(object.metadata.uid, version);
    return this.#lineOf("ADDED", object);
  }

  #goLive(missed: string): void {
    const { store, marksInitialEnd, bookmarks } = this.#settings;
    this.#write(missed);
    this.#newer.clear();
    if (marksInitialEnd) this.#sendBookmark({ "k8s.io/initial-events-end": "true" });
    this.#cancels.push(store.subscribe((changes) => this.#write(this.#linesOf(changes))));
    if (bookmarks) this.#scheduleBookmark();
  }

  /** More has changed while the beginning was sent than is kept, or can be sent at once: the watcher must list anew. */
  #expire(): void {
    const object = statusBodyOf(expired(`resourceVersion ${this.#version}`));
    this.#write(`${JSON.stringify({ type: "ERROR", object })}\n`);
    this.end();
  }

  #linesOf(changes: readonly Change[]): string {
    const lines: string[] = [];
    for (const change of changes) {
      if (!this.#isOfKind(change)) continue;
      if (change.resourceVersion <= (this.#newer.get(change.object.metadata.uid) ?? 0)) continue;
      const type = this.#typeOf(change);
      if (type !== undefined) lines.push(this.#lineOf(type, change.object));
    }
    return lines.join("");
  }

  /** Text of an object as it is, is shared by all who watch it; a row holds ages, and is made anew. */
  #lineOf(type: string, object: ObjectOfKind[K]): string {
    const { form } = this.#settings;
    return form.isPlain ? lineOf(type, object) : `${JSON.stringify({ type, object: form.oneOf(object) })}\n`;
  }

  #isOfKind(change: Change): change is Change<K> {
    return change.kind === this.#settings.resource.kind;
  }

  /** How the change looks to whoever sees only what is selected. */
  #typeOf(change: Change<K>): Change["type"] | undefined {
    const { test } = this.#settings.selection;
    const isSelected = test(change.object);
    if (change.type !== "MODIFIED") return isSelected ? change.type : undefined;
    const wasSelected = change.previous === undefined ? isSelected : test(change.previous);
    if (isSelected) return wasSelected ? "MODIFIED" : "ADDED";
    return wasSelected ? "DELETED" : undefined;
  }

  #write(text: string): void {
    if (text === "" || this.destroyed || this.readableEnded) return;
    this.push(text);
    if (this.readableLength > LIMITS.watchBufferBytes) this.destroy();
  }

  #scheduleBookmark(): void {
    const cancel = this.#settings.clock.schedule(BOOKMARK_EVERY_MS, () => {
      this.#cancels.splice(this.#cancels.indexOf(cancel), 1);
      this.#sendBookmark();
      this.#scheduleBookmark();
    });
    this.#cancels.push(cancel);
  }

  #sendBookmark(annotations?: Record<string, string>): void {
    const { store, form } = this.#settings;
    const metadata = {
      resourceVersion: store.resourceVersion(),
      ...(annotations !== undefined && { annotations }),
    };
    this.#write(`${JSON.stringify({ type: "BOOKMARK", object: form.bookmarkOf(metadata) })}\n`);
  }

  #cancelAll(): void {
    for (const cancel of this.#cancels.splice(0)) cancel();
  }
}

/** 410: what client libraries answer by listing anew. https://kubernetes.io/docs/reference/using-api/api-concepts/#410-gone-responses */
export function expired(what: string): ApiError {
  return new ApiError(410, `${what} is too old: list anew, and watch from the list's version`);
}

function lineOf(type: string, object: object): string {
  let json = jsonOfObject.get(object);
  if (json === undefined) {
    json = JSON.stringify(object);
    jsonOfObject.set(object, json);
  }
  return `{"type":"${type}","object":${json}}\n`;
}
