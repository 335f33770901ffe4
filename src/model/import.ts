/** What an import is asked for, and what it answers with: `POST /specs/import`. */
import type { ObjectKey } from "./object.ts";
import type { Value } from "./value.ts";

export interface ImportRequest {
  readonly region: string;
  /** Where it begins: exactly one of the two, by name or ARN. */
  readonly loadBalancer?: string;
  readonly autoScalingGroup?: string;
  readonly key: ObjectKey;
  /** Names or ARNs of what is taken in, and of what is left out. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

/** A member of AWS's answers that the spec cannot hold. */
export interface NotCompared {
  /** Address in the spec of the resource that it belongs to. */
  readonly resource: string;
  /** AWS's path of the member. */
  readonly member: string;
  readonly value: Value;
  readonly reason: string;
}

/** A resource near the tier that is shared, or was left out, or could be. */
export interface Neighbour {
  readonly kind: string;
  readonly name: string;
  /** AWS's id: ARN, template id, group name. */
  readonly id: string;
  /** Whether it stands in the manifest. */
  readonly is: "taken in" | "left out" | "shared";
  readonly reason: string;
  /** What the next request says to have it the other way round; absent where that cannot be. */
  readonly include?: string;
  readonly exclude?: string;
}

/** `status.import` of the manifest. */
export interface ImportReport {
  /** ARN of the load balancer that it was read from. */
  readonly from: string;
  /** ISO 8601 UTC. */
  readonly readAt: string;
  readonly notCompared: readonly NotCompared[];
  readonly neighbours: readonly Neighbour[];
  /** What could not be read, by operation: nothing is said of it. */
  readonly unread: readonly { readonly operation: string; readonly reason: string }[];
}

/** A manifest that can be posted as it comes. */
export interface ImportedManifest {
  readonly apiVersion: string;
  readonly kind: "WebService";
  readonly metadata: ObjectKey;
  readonly spec: Record<string, unknown>;
  readonly status: { readonly import: ImportReport };
}
