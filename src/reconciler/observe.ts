/** Looking, and nothing else. Every kind is listed to the end, tags decide what is ours, then details are read. */
import { answerText, CloudError } from "../model/errors.ts";
import { ListWalk } from "../model/fleet/list-walk.ts";
import type { KindName } from "../model/kind-name.ts";
import { ARNS_PER_TAG_CALL, LIMITS } from "../model/limits.ts";
import type { ManagerTag } from "../model/managed-by.ts";
import type { Look, MadeResource, ReadingCloud } from "../ports.ts";
import { batches } from "./core/batches.ts";
import { managersOf } from "./core/belonging/managed-elsewhere.ts";
import { isOurs } from "./core/belonging/mandate.ts";
import { TAG_EPOCH, TAG_OWNER } from "./core/names.ts";
import type { Observation, Unreadable } from "./core/observation.ts";
import type { DesiredResource, ObservedResource, Seen } from "./core/resource.ts";
import type { Found, Kind, Listed, Reader, ServiceContext, Sought } from "./kinds/kind.ts";
import { PartlyRead } from "./kinds/partly-read.ts";
import { type Tags, tagsFromList } from "./kinds/tags.ts";
import { turnsOf } from "./looks/turns.ts";

/** A cloud that may know when AWS was asked for its answers; without, it is asked now. */
type SharedCloud = ReadingCloud & Partial<Pick<Look, "askedAtMs">>;

export interface ObserveInput {
  readonly cloud: SharedCloud;
  readonly kinds: readonly Kind[];
  readonly service: ServiceContext;
  readonly desired: readonly DesiredResource[];
  /** Also read whole: what has a wanted name, and what sits on it, whatever its tags say. */
  readonly readsMeant: boolean;
  readonly managerTags: readonly ManagerTag[];
  /** What is known to be ours by its id. */
  readonly made: readonly MadeResource[];
  readonly nowMs: () => number;
  readonly signal: AbortSignal;
}

/** One look at everything. Never throws: what could not be read is named in the answer. */
export async function observe(input: ObserveInput): Promise<Observation> {
  const { service } = input;
  const readers = readersOf(input.cloud, input.nowMs, input.signal);
  const reader = readers();
  const listedAtMs = new Map<KindName, number>();
  const unknownKinds = new Map<KindName, string>();
  const unreadable: Unread = new Map();
  const sought = soughtIn(input);
  const listed = await listAll(input, readers, listedAtMs, unknownKinds, sought);
  const tagsById = await readTags(input.kinds, reader, listed, unreadable);
  const carriesOurTag = (item: Found) => tagsById.get(item.id)?.[TAG_OWNER] === service.owner;
  const wantedNames = new Set(input.desired.map((resource) => `${resource.kind} ${resource.name}`));
  const isMeant = ({ kind, name }: Found) =>
    input.readsMeant && name !== undefined && wantedNames.has(`${kind} ${name}`);
  const isRoot = (item: Found) => carriesOurTag(item) || isMeant(item);
  const details = input.kinds.flatMap((kind) =>
    (listed.get(kind.name) ?? [])
      .filter((found) => isWorthReading(kind, found, isRoot, wantedNames) && !unreadable.has(found.id))
      .map(async (found): Promise<ObservedResource | undefined> => {
        try {
          const tags = tagsById.get(found.id) ?? {};
          const seen = await kind.observe({
            reader: readers(listedAtMs.get(kind.name)),
            found,
            tags,
            service,
            listed,
            sought: sought(kind.name),
          });
          const isClaimed =
            kind.tagSource === "parent"
              ? seen.address !== undefined && carriesOurTag(parentOf(found))
              : carriesOurTag(found);
          const managedBy = input.readsMeant ? managersOf(tags, service.owner, input.managerTags) : [];
          const others = managedBy.length === 0 ? {} : { managedBy };
          if (!isClaimed) return { ...seen, ...others, owned: false };
          // Whether it is ours indeed takes more than a tag: see ownership.ts.
          const claim = { isNamedByUs: kind.isNamedByUs(found, tags, service) };
          const epoch = tags[TAG_EPOCH];
          return { ...seen, ...others, owned: false, claim, ...(epoch === undefined ? {} : { epoch }) };
        } catch (error) {
          const { cause, seen } = error instanceof PartlyRead ? error : { cause: error };
          const item = unreadableOf(found, reasonOf(cause, kind.title));
          unreadable.set(found.id, seen === undefined ? item : { ...item, glimpse: seen });
          return undefined;
        }
      }),
  );
  const resources = (await Promise.all(details)).filter((item) => item !== undefined);
  return { resources, unknownKinds, unreadable: glimpsed(input, listed, unreadable) };
}

/** What could not be read whole, with what its list has shown of it. */
function glimpsed({ kinds, nowMs }: ObserveInput, listed: Listed, unreadable: Unread): Unreadable[] {
  return [...unreadable.values()].map((item) => {
    if (item.glimpse !== undefined) return item;
    const found = listed.get(item.kind)?.find(({ id }) => id === item.id);
    const kind = kinds.find(({ name }) => name === item.kind);
    const glimpse = found === undefined ? undefined : glimpseOf(kind, found, nowMs());
    return glimpse === undefined ? item : { ...item, glimpse };
  });
}

/** A list may itself lack what AWS promises. */
function glimpseOf(kind: Kind | undefined, found: Found, nowMs: number): Seen | undefined {
  try {
    return kind?.glimpse?.(found, nowMs);
  } catch (error) {
    if (error instanceof CloudError) return undefined;
    throw error;
  }
}

/** What was found and could not be read whole, by id. */
type Unread = Map<string, Unreadable>;

function unreadableOf({ id, kind, name }: Found, reason: string): Unreadable {
  return { id, kind, name, reason };
}

/**
 * What is ours is read whole, and so is what sits on it (a rule of somebody else's may hold a priority that we
 * want) and what holds a name that we want.
 */
function isWorthReading(
  kind: Kind,
  item: Found,
  isRoot: (item: Found) => boolean,
  wantedNames: ReadonlySet<string>,
): boolean {
  if (isRoot(item)) return true;
  if (item.name !== undefined && wantedNames.has(`${kind.name} ${item.name}`)) return true;
  return item.parent !== undefined && isRoot(item.parent);
}

function parentOf(item: Found): Found {
  if (item.parent === undefined) throw new Error(`${item.kind} ${item.id} has no parent`);
  return item.parent;
}

/** The kinds that sit on others are listed after them; the rest at the same time. */
async function listAll(
  input: ObserveInput,
  readers: Readers,
  listedAtMs: Map<KindName, number>,
  unknownKinds: Map<KindName, string>,
  sought: (kind: KindName) => Sought,
): Promise<Listed> {
  const { kinds, service } = input;
  const listed = new Map<KindName, readonly Found[]>();
  const listings = new Map<KindName, Promise<void>>();
  for (const kind of kinds) {
    const parent = kind.sitsOn;
    const list = async () => {
      if (parent !== undefined) await listings.get(parent);
      const reason = parent === undefined ? undefined : unknownKinds.get(parent);
      if (reason !== undefined) {
        unknownKinds.set(kind.name, reason);
        return;
      }
      try {
        const reader = readers();
        listed.set(kind.name, await kind.list(reader, service, listed, sought(kind.name)));
        listedAtMs.set(kind.name, reader.nowMs());
      } catch (error) {
        unknownKinds.set(kind.name, reasonOf(error, kind.title));
      }
    };
    listings.set(kind.name, list());
  }
  await Promise.all(listings.values());
  return listed;
}

/** What is looked for of each kind, worked out once. */
function soughtIn(input: ObserveInput): (kind: KindName) => Sought {
  const known = new Map(input.kinds.map(({ name }) => [name, soughtOf(input, name)]));
  return (kind) => known.get(kind) ?? soughtOf(input, kind);
}

function soughtOf({ service, desired, made, readsMeant }: ObserveInput, kind: KindName): Sought {
  const ofKind = desired.filter((resource) => resource.kind === kind);
  const rows = made.filter((row) => row.kind === kind);
  const isObserved = service.spec.management === "Observe";
  const onlySeen = new Set(rows.filter((row) => !isOurs(row)).map(({ id }) => id));
  return {
    wanted: new Map(ofKind.map(({ name, address }) => [name, address])),
    pinned: ofKind.filter(({ isPinned }) => isPinned === true || readsMeant).map(({ name }) => name),
    known: new Map(rows.filter(isOurs).map(({ id, name, address }) => [id, { name, address }])),
    inherited: new Map(
      rows.flatMap(({ id, inherited }) => (inherited === undefined ? [] : [[id, inherited]])),
    ),
    places: new Map(rows.map(({ id, address }) => [id, address])),
    isOnlySeen: (id) => isObserved || onlySeen.has(id),
  };
}

async function readTags(
  kinds: readonly Kind[],
  reader: Reader,
  listed: Listed,
  unreadable: Unread,
): Promise<ReadonlyMap<string, Tags>> {
  const tags = new Map<string, Tags>();
  const ofSource = (source: Kind["tagSource"]) =>
    kinds.filter((kind) => kind.tagSource === source).flatMap((kind) => listed.get(kind.name) ?? []);
  for (const item of ofSource("list")) tags.set(item.id, item.tags ?? {});
  await Promise.all([
    ...batches(ofSource("elasticloadbalancing"), ARNS_PER_TAG_CALL).map((items) =>
      readElbTags(reader, items, tags, unreadable),
    ),
    ...ofSource("cloudwatch").map((item) => readAlarmTags(reader, item, tags, unreadable)),
  ]);
  return tags;
}

/** A resource without a description in the answer has unknown tags, which is not the same as none. */
async function readElbTags(
  reader: Reader,
  items: readonly Found[],
  tags: Map<string, Tags>,
  unreadable: Unread,
): Promise<void> {
  const operation = "elasticloadbalancing:DescribeTags";
  const giveUp = (item: Found, reason: string) => unreadable.set(item.id, unreadableOf(item, reason));
  try {
    const { TagDescriptions } = await reader.call(operation, { ResourceArns: items.map((item) => item.id) });
    for (const { ResourceArn, Tags } of TagDescriptions ?? []) {
      // A description without tags is that of a resource which has none.
      if (ResourceArn !== undefined) tags.set(ResourceArn, tagsFromList(Tags));
    }
    for (const item of items)
      if (!tags.has(item.id)) giveUp(item, `${operation}: AWS's answer lacks the tags of a ${item.kind}`);
  } catch (error) {
    for (const item of items) giveUp(item, reasonOf(error, item.kind));
  }
}

async function readAlarmTags(
  reader: Reader,
  item: Found,
  tags: Map<string, Tags>,
  unreadable: Unread,
): Promise<void> {
  const operation = "cloudwatch:ListTagsForResource";
  const giveUp = (reason: string) => unreadable.set(item.id, unreadableOf(item, reason));
  try {
    const { Tags } = await reader.call(operation, { ResourceARN: item.id });
    if (Tags === undefined) giveUp(`${operation}: AWS's answer lacks the tags of an alarm`);
    else tags.set(item.id, tagsFromList(Tags));
  } catch (error) {
    giveUp(reasonOf(error, item.kind));
  }
}

function reasonOf(error: unknown, title: string): string {
  if (!(error instanceof CloudError)) throw error;
  return error.category === "malformed" ? `${title}: ${error.message}` : answerText(error);
}

/** Readers of one look, whose calls are bounded together. @param sinceMs how old what is known before its first call is */
type Readers = (sinceMs?: number) => Reader;

/** The time of a reader is when AWS was asked for the oldest that it has been given, where that was before the look began. */
function readersOf(cloud: SharedCloud, nowMs: () => number, signal: AbortSignal): Readers {
  const turn = turnsOf(LIMITS.concurrentReadsPerPass);
  const startMs = nowMs();
  return (sinceMs = Number.POSITIVE_INFINITY) => {
    let oldestMs = sinceMs;
    const onAnswer = (answer: object) => {
      oldestMs = Math.min(oldestMs, cloud.askedAtMs?.(answer) ?? oldestMs);
    };
    return readerWith(turn, cloud, () => (oldestMs < startMs ? oldestMs : nowMs()), signal, onAnswer);
  };
}

/** Reads of a cloud, so many at a time; lists to their ends. */
export function readerOf(cloud: ReadingCloud, nowMs: () => number, signal: AbortSignal): Reader {
  return readerWith(turnsOf(LIMITS.concurrentReadsPerPass), cloud, nowMs, signal, () => {});
}

function readerWith(
  turn: ReturnType<typeof turnsOf>,
  cloud: ReadingCloud,
  nowMs: () => number,
  signal: AbortSignal,
  onAnswer: (answer: object) => void,
): Reader {
  const call: Reader["call"] = async (operation, input) => {
    const answer = await turn(() => cloud.call(operation, input, { signal }));
    onAnswer(answer);
    return answer;
  };
  return {
    nowMs,
    call,
    async list(operation, input, items) {
      const walk = new ListWalk<NonNullable<ReturnType<typeof items>>[number]>(operation);
      let position: object | undefined = {};
      while (position !== undefined) {
        const page = await call(operation, { ...input, ...position });
        position = walk.take(page, items(page));
      }
      return walk.items;
    },
  };
}
