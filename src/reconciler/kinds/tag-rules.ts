/**
 * What AWS takes as tags. A tag of `spec.tags` goes to every service, so that it must please the strictest of them; the
 * tags of a group and of its instances go to one.
 */
import { OWN_TAGS } from "../core/names.ts";
import { memberPath } from "./field-path.ts";
import { AUTO_SCALING_GUIDE, EC2_API, ELB_API, HOLDFAST, type Source, type SpecRule } from "./spec-rule.ts";

/** Of each resource, in every service. */
export const TAGS_PER_RESOURCE = 50;
/** Characters, as Unicode counts them. */
const VALUE_LENGTH = 256;

const EC2_TAG = `${EC2_API}/API_Tag.html` as const;
const ELB_TAG = `${ELB_API}/API_Tag.html` as const;
const GROUP_TAG = `${AUTO_SCALING_GUIDE}/ec2-auto-scaling-tagging.html` as const;

type Tags = Readonly<Record<string, string | { readonly value: string }>>;
interface Tagged {
  readonly tags?: Tags;
}

/** One check of each tag: what is wrong with it, if anything. */
interface Check {
  readonly must: string;
  readonly source: Source;
  readonly wrong: (key: string, value: string) => string | undefined;
}

const RESERVED: Omit<Check, "source"> = {
  must: "have no key that begins with `aws:`, in capitals or not",
  wrong: (key) =>
    /^aws:/i.test(key)
      ? "begins with aws:, which is AWS's own in capitals, too; choose another key"
      : undefined,
};

const OURS: Check = {
  must: "have no key that begins with `holdfast.dev/`",
  source: HOLDFAST,
  wrong: (key) =>
    key.startsWith("holdfast.dev/")
      ? "begins with holdfast.dev/, which is Holdfast's own; choose another key"
      : undefined,
};

function keyLength(most: number): Omit<Check, "source"> {
  return {
    must: `have keys of 1 to ${most} characters`,
    wrong: (key) => {
      const length = [...key].length;
      return length >= 1 && length <= most
        ? undefined
        : `must have a key of 1 to ${most} characters; it has ${length}`;
    },
  };
}

const VALUES: Omit<Check, "source"> = {
  must: `have values of at most ${VALUE_LENGTH} characters`,
  wrong: (_key, value) => {
    const length = [...value].length;
    return length <= VALUE_LENGTH
      ? undefined
      : `must have at most ${VALUE_LENGTH} characters; it has ${length}`;
  },
};

const PLAIN: Check = {
  must: "consist of letters, digits, spaces and `+ - = . _ : / @`",
  source: ELB_TAG,
  wrong: (key, value) =>
    /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u.test(key + value)
      ? undefined
      : "takes letters, digits, spaces and + - = . _ : / @, in key and value",
};

const NO_CONTROL: Check = {
  must: "have no control characters but tabs and line ends",
  source: GROUP_TAG,
  wrong: (key, value) =>
    /(?![\t\n\r])\p{Cc}/u.test(key + value) ? "holds a control character; take it out" : undefined,
};

export const sharedTagRules: readonly SpecRule<Tagged>[] = [
  { ...RESERVED, source: ELB_TAG },
  { ...keyLength(127), source: EC2_TAG },
  { ...VALUES, source: ELB_TAG },
  PLAIN,
  OURS,
].map(ofEach);

export const groupTagRules: readonly SpecRule<Tagged>[] = [
  { ...RESERVED, source: GROUP_TAG },
  { ...keyLength(128), source: GROUP_TAG },
  { ...VALUES, source: GROUP_TAG },
  NO_CONTROL,
  OURS,
].map(ofEach);

export const instanceTagRules: readonly SpecRule<Tagged>[] = [
  { ...RESERVED, source: EC2_TAG },
  { ...keyLength(127), source: EC2_TAG },
  { ...VALUES, source: EC2_TAG },
].map(ofEach);

function ofEach({ must, source, wrong }: Check): SpecRule<Tagged> {
  return {
    at: "tags",
    must,
    source,
    each: ({ tags = {} }) =>
      Object.entries(tags).flatMap(([key, tag]) => {
        const says = wrong(key, typeof tag === "string" ? tag : tag.value);
        return says === undefined ? [] : [{ at: memberPath("tags", key), says }];
      }),
  };
}

/** How many tags a resource would have that carries these beside Holdfast's own. */
export function tagCount(...lists: readonly (Readonly<Record<string, unknown>> | undefined)[]): number {
  return new Set(lists.flatMap((list) => Object.keys(list ?? {}))).size + OWN_TAGS.length;
}
