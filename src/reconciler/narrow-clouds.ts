/**
 * Clouds that cannot do what a pass must not do. A service that is only observed gets one without a writing call, so that
 * writing is impossible and not merely avoided; adoption gets one that writes our own tags on what is to be adopted, and
 * release one that takes them off what is to be released, and both can do nothing else. A call that such a cloud refuses
 * is a bug of ours: it throws, and the pass ends there.
 */
import type { Urgency } from "../model/fleet/urgency.ts";
import {
  type CallOptions,
  type Cloud,
  type Input,
  isRead,
  type OperationName,
  type ReadingCloud,
  type ReadOperation,
} from "../ports.ts";
import { OWN_TAGS, TAG_EPOCH } from "./core/names.ts";

const TAGS_OF_OURS: readonly (string | undefined)[] = [...OWN_TAGS, TAG_EPOCH];

/** Only reads reach AWS. By its type nobody can ask for more; this holds for whoever gets around the type. */
export function readingOnly(cloud: ReadingCloud): ReadingCloud {
  return {
    call: async <O extends ReadOperation>(operation: O, input: Input<O>, options?: CallOptions) => {
      if (!isRead(operation)) throw refused(operation, "this service is only observed");
      return cloud.call(operation, input, options);
    },
  };
}

/** Tags of some resources, as a call names them. */
interface TagsOfCall {
  readonly ids: readonly (string | undefined)[];
  readonly tags: readonly (string | undefined)[];
}

type TagsOf = { readonly [O in OperationName]?: (input: Input<O>) => TagsOfCall };

const WRITES_TAGS: TagsOf = {
  "elasticloadbalancing:AddTags": ({ ResourceArns = [], Tags = [] }) => ({
    ids: ResourceArns,
    tags: Tags.map(({ Key }) => Key),
  }),
  "autoscaling:CreateOrUpdateTags": ({ Tags = [] }) => ({
    ids: Tags.map(({ ResourceId }) => ResourceId),
    tags: Tags.map(({ Key }) => Key),
  }),
  "ec2:CreateTags": ({ Resources = [], Tags = [] }) => ({ ids: Resources, tags: Tags.map(({ Key }) => Key) }),
  "cloudwatch:TagResource": ({ ResourceARN, Tags = [] }) => ({
    ids: [ResourceARN],
    tags: Tags.map(({ Key }) => Key),
  }),
};

/** Without keys `ec2:DeleteTags` takes every tag away: see {@link confined}. */
const REMOVES_TAGS: TagsOf = {
  "elasticloadbalancing:RemoveTags": ({ ResourceArns = [], TagKeys = [] }) => ({
    ids: ResourceArns,
    tags: TagKeys,
  }),
  "autoscaling:DeleteTags": ({ Tags = [] }) => ({
    ids: Tags.map(({ ResourceId }) => ResourceId),
    tags: Tags.map(({ Key }) => Key),
  }),
  "ec2:DeleteTags": ({ Resources = [], Tags = [] }) => ({ ids: Resources, tags: Tags.map(({ Key }) => Key) }),
  "cloudwatch:UntagResource": ({ ResourceARN, TagKeys = [] }) => ({ ids: [ResourceARN], tags: TagKeys }),
};

/** Its only writing calls put our own tags on the resources with these ids. */
export function taggingOnly(cloud: Cloud, ids: ReadonlySet<string>): Cloud {
  return confined(cloud, WRITES_TAGS, ids, "it is being adopted, and gets our own tags alone");
}

/** Its only writing calls take our own tags off the resources with these ids. */
export function untaggingOnly(cloud: Cloud, ids: ReadonlySet<string>): Cloud {
  return confined(cloud, REMOVES_TAGS, ids, "it is being released, and loses our own tags alone");
}

/**
 * Its writes are not sent once that says so, nor those that have waited in line since before.
 * @param urgency of its calls, where they do not say it themselves
 */
export function haltable(cloud: Cloud, isHalted: () => boolean, urgency?: Urgency): Cloud {
  const own = { isHalted, ...(urgency === undefined ? {} : { urgency }) };
  return { call: (operation, input, options) => cloud.call(operation, input, { ...own, ...options }) };
}

/** Tells of every write once it was answered, or given up. */
export function noting(cloud: Cloud, onWritten: () => void): Cloud {
  return {
    async call(operation, input, options) {
      try {
        return await cloud.call(operation, input, options);
      } finally {
        if (!isRead(operation)) onWritten();
      }
    },
  };
}

function confined(cloud: Cloud, allowed: TagsOf, ids: ReadonlySet<string>, why: string): Cloud {
  return {
    call: async <O extends OperationName>(operation: O, input: Input<O>, options?: CallOptions) => {
      if (isRead(operation)) return cloud.call(operation, input, options);
      const told = allowed[operation]?.(input);
      const isOwn = told?.tags.every((tag) => TAGS_OF_OURS.includes(tag)) === true;
      const isMeant = told?.ids.every((id) => id !== undefined && ids.has(id)) === true;
      if (told === undefined || told.tags.length === 0 || !isOwn || !isMeant) throw refused(operation, why);
      return cloud.call(operation, input, options);
    },
  };
}

function refused(operation: string, why: string): Error {
  return new Error(`${operation} must not be called: ${why}`);
}
