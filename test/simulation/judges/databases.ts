/**
 * A database that was put back from an older copy writes nothing to a service that has been changed since, before somebody
 * says that it may. Goes by the calls that are written down, and by what stands in the account.
 */
import type { CallIntent } from "../../../src/ports.ts";
import type { AccountView } from "./account-view.ts";
import { OWNER, ownerOf } from "./remains.ts";

/** What tags says nothing of what is wanted. */
const TAGGING = "elasticloadbalancing:AddTags";

export class Databases {
  readonly #object: (text: string) => void;
  /** Service → the highest generation of which something was to be written. */
  readonly #written = new Map<string, number>();
  #copied = new Map<string, number>();
  readonly #older = new Set<string>();

  constructor(object: (text: string) => void) {
    this.#object = object;
  }

  intends({ service: { name }, generation, operation }: CallIntent): void {
    if (this.#older.has(name)) {
      this.#object(`${operation} is sent by a database that was put back, which nobody has confirmed`);
      return;
    }
    if (operation !== TAGGING) this.#written.set(name, Math.max(generation, this.#written.get(name) ?? 0));
  }

  /** Of the services that stand: before they do there is nothing to tell an older copy by. */
  backedUp(view: AccountView): void {
    this.#copied = new Map([...this.#written].filter(([name]) => hasEntrance(view, name)));
  }

  putBack(view: AccountView): void {
    for (const [name, generation] of this.#copied)
      if ((this.#written.get(name) ?? 0) > generation && hasEntrance(view, name)) this.#older.add(name);
  }

  confirmed(service: string): void {
    this.#older.delete(service);
  }

  /** Another one is not an older copy. */
  lost(): void {
    this.#older.clear();
    this.#copied.clear();
    this.#written.clear();
  }
}

function hasEntrance({ loadBalancers }: AccountView, service: string): boolean {
  return loadBalancers.some(({ tags }) => tags[OWNER] === ownerOf(service));
}
