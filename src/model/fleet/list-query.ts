/** What is asked of a list of stored objects, and how it is answered, page by page. */
export interface ListQuery {
  namespace?: string;
  /** Exact matches and set expressions, parsed by the API. */
  matches?: (object: { metadata: { labels?: Record<string, string> } }) => boolean;
  limit?: number;
  /** Rows that are looked at before a page ends, even if fewer of them match than were asked for; there is `continue` then. */
  rows?: number;
  /** Do not count what remains. */
  isPiece?: boolean;
  /** Opaque; from an earlier answer. */
  continue?: string;
  /** For drift events. */
  service?: string;
  resource?: string;
  state?: string;
  resourceKind?: string;
  field?: string;
  change?: string;
  /** First seen not before this, and before that: ISO 8601 UTC with milliseconds. */
  since?: string;
  until?: string;
  /** Open at this moment. */
  openAt?: string;
  /** For core events: name of the involved object. */
  involvedName?: string;
  /** Also compared with the involved object's uid, when given. */
  involvedUid?: string;
}

export interface ListAnswer<T> {
  items: T[];
  continue?: string;
  remaining?: number;
  /** The store's version at the time of the list: a watch may start from it. */
  resourceVersion: string;
}
