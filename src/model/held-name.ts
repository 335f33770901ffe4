import type { KindName } from "./kind-name.ts";

/** A name that a spec pins, of a kind whose names are one Region's: one service at a time can have it. */
export interface HeldName {
  readonly kind: KindName;
  /** For people: `target group`. */
  readonly title: string;
  readonly region: string;
  readonly name: string;
  /** Where it stands: `spec.targetGroups.web.name`. */
  readonly path: string;
  /** It looks like one that is made for a resource whose name is not pinned. */
  readonly isLikeGiven: boolean;
}
