/** Ids as AWS makes them, drawn from the account's randomness. */
import { createHash } from "node:crypto";
import type { Rng } from "../../ports.ts";
import type { AccountContext } from "./context.ts";

/** Odd, so that multiplying by it visits every 32-bit number once: ids look random and never repeat. */
const ID_STEP = 0x9e3779b1;

/** Hexadecimal id material by its length, never repeated. */
export function idSource(rng: Rng): AccountContext["id"] {
  let last = Math.floor(rng.next() * 2 ** 32);
  return (length) => {
    last = (last + ID_STEP) >>> 0;
    let id = last.toString(16).padStart(8, "0");
    while (id.length < length) {
      id =
        Math.floor(rng.next() * 2 ** 32)
          .toString(16)
          .padStart(8, "0") + id;
    }
    return id.slice(-length);
  };
}

/** A UUID: AWS's form of the ids of requests, activities and policies. */
export function uuidFrom(context: AccountContext): string {
  return uuidOf(context.id(32));
}

/** The UUID of what is named so: always the same, and drawn from nothing. */
export function derivedUuid(name: string): string {
  return uuidOf(createHash("sha256").update(name).digest("hex").slice(0, 32));
}

function uuidOf(hex: string): string {
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** The id of something that exists only as a part of another: always the same for the same owner, and drawn from nothing. */
export function derivedId(prefix: string, owner: string): string {
  return `${prefix}-${createHash("sha256").update(owner).digest("hex").slice(0, 17)}`;
}
