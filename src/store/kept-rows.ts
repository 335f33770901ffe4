import { LIMITS } from "../model/limits.ts";
import { type ObjectKey, textOfKey } from "../model/object.ts";
import { RecentlyUsed } from "./recently-used.ts";
import type { KeptTable, Session } from "./session.ts";

/** What a table holds of each service, read again only when it may have changed. */
export class KeptRows<T> {
  readonly #session: Session;
  readonly #table: KeptTable;
  readonly #kept = new RecentlyUsed<string, { edition: string; rows: T }>(LIMITS.decodedObjects);

  constructor(session: Session, table: KeptTable) {
    this.#session = session;
    this.#table = table;
  }

  /** @param read reads them; what it answers is handed out more than once */
  of(service: ObjectKey, read: () => T): T {
    const key = textOfKey(service);
    const edition = this.#session.edition(this.#table);
    const kept = this.#kept.get(key);
    if (kept?.edition === edition) return kept.rows;
    const rows = read();
    this.#kept.put(key, { edition, rows });
    return rows;
  }
}
