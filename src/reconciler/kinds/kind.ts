/** What a file of this folder promises: everything that Holdfast knows about one kind of AWS resource. */
import type { Address } from "../../model/address.ts";
import type { KindName } from "../../model/kind-name.ts";
import type { ObjectKey } from "../../model/object.ts";
import type { Inherited, Input, OperationName, Output, ReadOperation } from "../../ports.ts";
import type { Call } from "../core/actions.ts";
import type { Change, KindRules } from "../core/kind-rules.ts";
import type { FreshLook } from "../core/observation.ts";
import type { DesiredResource, Fields, ObservedResource, Seen } from "../core/resource.ts";
import type { Tags } from "./tags.ts";
import type { WebServiceSpec } from "./web-service.ts";

/** One item of a list that an AWS operation answers with. */
export type Item<O extends OperationName, Member extends keyof Output<O>> =
  NonNullable<Output<O>[Member]> extends readonly (infer T)[] ? T : never;

/** What a kind may know of the service that it works for. */
export interface ServiceContext {
  readonly key: ObjectKey;
  /** Value of the owner tag. */
  readonly owner: string;
  readonly spec: WebServiceSpec;
  /** When the spec was written; absent where that is not known. */
  readonly editedAtMs?: number;
}

/** Reads, and nothing else: an observation cannot write because it has nothing to write with. */
export interface Reader {
  readonly nowMs: () => number;
  call<O extends ReadOperation>(operation: O, input: Input<O>): Promise<Output<O>>;
  /**
   * A list, read to its end.
   * @throws CloudError `malformed` when a page lacks the list, or the pages do not end
   */
  list<O extends ReadOperation, T>(
    operation: O,
    input: Input<O>,
    items: (page: Output<O>) => readonly T[] | undefined,
  ): Promise<T[]>;
}

/** Reads of what is known by its id. */
export type ExactReader = Pick<Reader, "call">;

/** A resource that a list has shown, before its tags and details are read. */
export interface Found<Raw = unknown> {
  readonly kind: KindName;
  readonly id: string;
  /** Undefined where the name stands in its tags, and those are yet to be read. */
  readonly name: string | undefined;
  /** AWS's own description of it, for its kind alone. */
  readonly raw: Raw;
  /** The resource that it sits on. */
  readonly parent?: Found;
  /** Tags, where the list itself carries them. */
  readonly tags?: Tags;
  /** Of a launch template: the number of its default version. */
  readonly defaultVersion?: string;
  /** The same: the number of its newest version. */
  readonly latestVersion?: string;
}

/** Everything that the lists have shown so far; a kind that could not be listed is missing. */
export type Listed = ReadonlyMap<KindName, readonly Found[]>;

/** What is looked for beside what its tags or the beginning of its name show. */
export interface Sought {
  /** Name that the spec asks for → where. */
  readonly wanted: ReadonlyMap<string, Address>;
  /** Those of them that need not look like ours: the spec pins them, or the service is only observed. */
  readonly pinned: readonly string[];
  /** AWS's id of what is known to be ours → its name and where it stood. */
  readonly known: ReadonlyMap<string, { readonly name: string; readonly address: Address }>;
  /** AWS's id → what stood in it when it was first seen, and what the spec cannot say. */
  readonly inherited: ReadonlyMap<string, Inherited>;
  /** AWS's id → where it stood when it was last seen, be it ours or only looked at. */
  readonly places: ReadonlyMap<string, Address>;
  /** Whether it is only looked at so far, and not ours. */
  readonly isOnlySeen: (id: string) => boolean;
}

/** A resource that is worth reading whole, and what its kind may read it with. */
interface Reading<Raw> {
  readonly reader: Reader;
  readonly found: Found<Raw>;
  readonly tags: Tags;
  readonly service: ServiceContext;
  readonly listed: Listed;
  readonly sought: Sought;
}

/** Where the tags of a kind are read, when its list does not carry them. */
type TagSource = "list" | "elasticloadbalancing" | "cloudwatch" | "parent";

/** How to see, without a whole pass, whether AWS has finished with a resource. */
export interface Probe {
  readonly call: Call<ReadOperation>;
  /** Milliseconds from the observation until the answer is worth asking for, and between two askings. */
  readonly firstAfterMs: number;
  readonly everyMs: number;
  /** Not worth asking once the probes before it have settled: they could not have, without it. */
  readonly isImpliedByOthers?: true;
  /** Whether a pass would now see something new. `answer`: AWS's to the call. */
  isSettled(answer: unknown): boolean;
}

/**
 * `Raw` is an item of the kind's list and `Made` AWS's answer to its create: known within the kind's file, and to nobody
 * who has the kind from the registry.
 */
export interface Kind<Raw = unknown, Made = unknown> extends KindRules {
  /** Its part of the spec, with every field annotated. */
  readonly schema: object;
  readonly tagSource: TagSource;
  /** The kind whose resources it sits on, and by which it is listed. */
  readonly sitsOn?: KindName;

  /** The resources of this kind that the spec asks for; `before` answers those of the kinds listed before it. Pure. */
  desired(service: ServiceContext, before: (kind: KindName) => readonly DesiredResource[]): DesiredResource[];

  /** Everything of this kind that could be ours, read to the end of the list. */
  list(reader: Reader, service: ServiceContext, listed: Listed, sought: Sought): Promise<Found<Raw>[]>;
  /**
   * Whether a resource that carries our owner tag has a name that we would have given to what its tags say it is, as far
   * as AWS shows what is part of the name. Where AWS knows no names: whether it stands where its tag says. Pure.
   */
  isNamedByUs(found: Found<Raw>, tags: Tags, service: ServiceContext): boolean;
  /** AWS does not answer the create with the id: a read shows it. */
  readonly idComesWithRead?: true;
  /** One resource in comparable shape. Called for what is ours and for what holds a name that we want. */
  observe(reading: Reading<Raw>): Promise<Seen>;
  /** What the list alone says of one that could not be read whole, for health. A facet that needs more is left out. */
  glimpse?(found: Found<Raw>, nowMs: number): Seen | undefined;

  /** What is known once AWS has answered the create. `null` when the answer does not say enough. */
  created(desired: DesiredResource, fields: Fields, output: Made, nowMs: number): Seen | null;
  /** What is known after one call of an update; without it, or where it says nothing, what the calls say that they settle. */
  updated?(change: Change, call: Call, output: unknown): ObservedResource | undefined;
  /**
   * That very resource as it is now, read right before a call deletes it: its id, and its owner tag or that of what it
   * sits on. @throws CloudError `notFound` when AWS does not show it
   */
  lookAfresh(reader: ExactReader, observed: ObservedResource): Promise<Extract<FreshLook, { is: "there" }>>;
  /**
   * What to ask while it is not settled; `undefined` when it is.
   * @param needed so many healthy targets are waited for
   */
  probe?(observed: ObservedResource, nowMs: number, needed?: number): Probe | undefined;
}
