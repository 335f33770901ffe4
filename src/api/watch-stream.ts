import { Readable } from "node:stream";
import { LIMITS } from "../model/limits.ts";
import type { Change, Clock, ObjectKind, ObjectOfKind } from "../ports.ts";
import type { ServedStore } from "./access/served-store.ts";
import { pagesOf } from "./list.ts";
import type { Selection } from "./list-query.ts";
import type { Resource } from "./resources.ts";
import type { Representation } from "./tables/representation.ts";

const BOOKMARK_EVERY_MS = 60_000;
/** Small, so that a large beginning is read no faster than it is sent. */
const INITIAL_PAGE = 50;

interface WatchSettings<K extends ObjectKind> {
  store: ServedStore;
  clock: Clock;
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
 * watcher has not taken is bounded; beyond that it is cut off, and can resume from the last version it saw.
 */
export class WatchStream<K extends ObjectKind> extends Readable {
  readonly #settings: WatchSettings<K>;
  readonly #cancels: (() => void)[] = [];
  /** While the beginning is being sent. */
  #pages: Generator<ObjectOfKind[K][]> | undefined;
  #version: string;
  /** Objects of the beginning that are newer than its version: older changes of theirs are old news. */
  readonly #newer = new Map<string, number>();

  constructor(settings: WatchSettings<K>) {
    super();
    this.#settings = settings;
    const { store, resource, selection, missed, timeoutMs, clock } = settings;
    this.#version = store.resourceVersion();
    if (missed === undefined) {
      const query = { ...selection.query, limit: INITIAL_PAGE };
      const first = resource.list(store, query);
      this.#version = first.resourceVersion;
      this.#pages = pagesOf(store, resource, query, first);
    } else {
      this.#goLive(missed);
    }
    if (timeoutMs !== undefined) this.#cancels.push(clock.schedule(timeoutMs, () => this.end()));
  }

  /** The last line has been written. */
  end(): void {
    this.#cancelAll();
    this.#pages = undefined;
    if (!this.destroyed) this.push(null);
  }

  override _read(): void {
    while (this.#pages !== undefined) {
      const page = this.#pages.next();
      if (page.done === true) {
        this.#pages = undefined;
        this.#goLive(this.#settings.store.changesSince(this.#version));
        return;
      }
      if (page.value.length > 0) {
        this.push(page.value.map((object) => this.#initialLine(object)).join(""));
        return;
      }
    }
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

  #goLive(missed: Change[] | undefined): void {
    const { store, marksInitialEnd, bookmarks } = this.#settings;
    if (missed === undefined) {
      // More has changed while the beginning was sent than is kept: the watcher must begin anew.
      this.destroy();
      return;
    }
    this.#send(missed);
    this.#newer.clear();
    if (marksInitialEnd) this.#sendBookmark({ "k8s.io/initial-events-end": "true" });
    this.#cancels.push(store.subscribe((changes) => this.#send(changes)));
    if (bookmarks) this.#scheduleBookmark();
  }

  #send(changes: readonly Change[]): void {
    const lines: string[] = [];
    for (const change of changes) {
      if (!this.#isOfKind(change)) continue;
      if (change.resourceVersion <= (this.#newer.get(change.object.metadata.uid) ?? 0)) continue;
      const type = this.#typeOf(change);
      if (type !== undefined) lines.push(this.#lineOf(type, change.object));
    }
    if (lines.length > 0) this.#write(lines.join(""));
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
    if (this.destroyed || this.readableEnded) return;
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

function lineOf(type: string, object: object): string {
  let json = jsonOfObject.get(object);
  if (json === undefined) {
    json = JSON.stringify(object);
    jsonOfObject.set(object, json);
  }
  return `{"type":"${type}","object":${json}}\n`;
}
