/** What a file of this folder promises: everything that Holdfast knows about one kind of AWS resource. */
import type { ObjectKey } from "../../model/object.ts";
import type { Input, OperationName, Output, ReadOperation } from "../../ports.ts";
import type {
  Call,
  Change,
  DesiredResource,
  Fields,
  KindRules,
  ObservedResource,
  Seen,
} from "../core/resource.ts";
import type { WebServiceSpec } from "./web-service.ts";

/** One item of a list that an AWS operation answers with. */
export type Item<O extends OperationName, Member extends keyof Output<O>> =
  NonNullable<Output<O>[Member]> extends readonly (infer T)[] ? T : never;

/** What a kind may know of the service that it works for. */
export interface Tier {
  readonly key: ObjectKey;
  /** Value of the owner tag. */
  readonly owner: string;
  readonly spec: WebServiceSpec;
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

/** A resource that a list has shown, before its tags and details are read. */
export interface Found {
  readonly kind: string;
  readonly id: string;
  readonly name: string;
  /** AWS's own description of it. */
  readonly raw: unknown;
  /** The resource that it sits on. */
  readonly parent?: Found;
  /** Tags, where the list itself carries them. */
  readonly tags?: Readonly<Record<string, string>>;
}

/** Where the tags of a kind are read, when its list does not carry them. */
type TagSource = "list" | "elasticloadbalancing" | "cloudwatch" | "parent";

/** How to see, without a whole pass, whether AWS has finished with a resource. */
export interface Probe {
  readonly call: Call;
  /** Milliseconds from the observation until the answer is worth asking for, and between two askings. */
  readonly firstAfterMs: number;
  readonly everyMs: number;
  /** Not worth asking once the probes before it have settled: they could not have, without it. */
  readonly isImpliedByOthers?: true;
  /** Whether a pass would now see something new. */
  isSettled(answer: unknown): boolean;
}

export interface Kind extends KindRules {
  /** For people: `target group`. */
  readonly title: string;
  /** Its part of the spec, with every field annotated. */
  readonly schema: object;
  readonly tagSource: TagSource;
  /** The kind whose resources it sits on, and by which it is listed. */
  readonly sitsOn?: string;

  /** The resources of this kind that the spec asks for; `before` answers those of the kinds listed before it. Pure. */
  desired(tier: Tier, before: (kind: string) => readonly DesiredResource[]): DesiredResource[];

  /** Everything of this kind that could be ours, read to the end of the list. */
  list(reader: Reader, tier: Tier, found: ReadonlyMap<string, readonly Found[]>): Promise<Found[]>;
  /**
   * One resource in comparable shape. Called for what is ours and for what holds a name that we want.
   * @param listed everything that the lists have shown, by kind
   */
  observe(
    reader: Reader,
    found: Found,
    tags: Readonly<Record<string, string>>,
    tier: Tier,
    listed: ReadonlyMap<string, readonly Found[]>,
  ): Promise<Seen>;

  /** What is known once AWS has answered the create. `null` when the answer does not say enough. */
  created(desired: DesiredResource, fields: Fields, output: unknown, nowMs: number): Seen | null;
  /** What is known after one call of an update; without it, all differing fields are taken as desired after the last. */
  updated?(change: Change, call: Call, output: unknown): ObservedResource;
  /**
   * What to ask while it is not settled; `undefined` when it is.
   * @param needed so many healthy targets are waited for
   */
  probe?(observed: ObservedResource, nowMs: number, needed?: number): Probe | undefined;
}

/** A call whose input the compiler has checked against its operation. */
export function callOf<O extends OperationName>(operation: O, input: Input<O>): Call {
  return { operation, input: input as Record<string, unknown> };
}

/** `tags.*` fields for a set of tags. */
export function tagFields(tags: Readonly<Record<string, string>>): Fields {
  return Object.fromEntries(
    Object.entries(tags)
      .filter(([name]) => !name.startsWith("aws:"))
      .map(([name, value]) => [`tags.${name}`, value]),
  );
}

/** The tags among some fields. */
export function tagsIn(fields: Fields): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([field]) => field.startsWith("tags."))
      .map(([field, value]) => [field.slice("tags.".length), String(value)]),
  );
}

/** In the shape that most of AWS's inputs want. */
export function tagList(tags: Readonly<Record<string, string>>): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

/** The tags of a list that carries them. AWS leaves the member out when there are none. */
export function tagsFromList(
  list: readonly { Key?: string | undefined; Value?: string | undefined }[] | undefined,
): Record<string, string> {
  return Object.fromEntries((list ?? []).map((tag) => [tag.Key ?? "", tag.Value ?? ""]));
}
