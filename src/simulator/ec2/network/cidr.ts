/** Blocks of addresses in CIDR notation, of both families. */
import { isIP } from "node:net";
import { AwsError } from "../../account/aws-error.ts";

export interface Block {
  readonly family: 4 | 6;
  /** The first address; the bits after the prefix are zero. */
  readonly start: bigint;
  /** Of the prefix. */
  readonly bits: number;
}

const WIDTH = { 4: 32, 6: 128 } as const;

/** The block in its canonical form, as AWS keeps it; `undefined` for what is no block. */
export function parseBlock(text: string | undefined): Block | undefined {
  const [, address = "", prefix = ""] = /^([0-9a-fA-F.:]+)\/(\d{1,3})$/.exec(text ?? "") ?? [];
  const family = isIP(address);
  if (family !== 4 && family !== 6) return undefined;
  const bits = Number(prefix);
  if (bits > WIDTH[family]) return undefined;
  const host = BigInt(WIDTH[family] - bits);
  return { family, start: (numberOf(address, family) >> host) << host, bits };
}

/** A block that this program wrote itself. */
export function blockOf(text: string): Block {
  const block = parseBlock(text);
  if (block === undefined) throw new Error(`'${text}' is no block of addresses`);
  return block;
}

export function blockText(block: Block): string {
  return `${addressText(block.start, block.family)}/${block.bits}`;
}

export function contains(outer: Block, inner: Block): boolean {
  if (outer.family !== inner.family || outer.bits > inner.bits) return false;
  const host = BigInt(WIDTH[outer.family] - outer.bits);
  return outer.start >> host === inner.start >> host;
}

export function overlaps(one: Block, other: Block): boolean {
  return contains(one, other) || contains(other, one);
}

/** How many addresses of an IPv4 subnet can be given out: https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html */
export function usableAddresses(block: Block): number {
  return 2 ** (WIDTH[block.family] - block.bits) - 5;
}

/** One of the addresses that can be given out: the first four and the last of a subnet are AWS's own. */
export function usableAddress(block: Block, index: number): string {
  return addressText(block.start + BigInt(4 + (index % usableAddresses(block))), block.family);
}

function numberOf(address: string, family: 4 | 6): bigint {
  if (family === 4) return address.split(".").reduce((sum, part) => (sum << 8n) + BigInt(part), 0n);
  // The canonical text has neither an IPv4 tail nor leading zeros.
  const [head = "", tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const groups = [...left, ...Array(8 - left.length - right.length).fill("0"), ...right];
  return groups.reduce((sum, group) => (sum << 16n) + BigInt(`0x${group}`), 0n);
}

function addressText(address: bigint, family: 4 | 6): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map((shift) => (address >> shift) & 255n).join(".");
  const groups = Array.from({ length: 8 }, (_, index) => (address >> BigInt(112 - 16 * index)) & 0xffffn);
  return new URL(`http://[${groups.map((group) => group.toString(16)).join(":")}]`).hostname.slice(1, -1);
}

/** The IPv4 block that a call gives. @throws AwsError unless it gives one */
export function givenBlock(cidr: string | undefined): Block {
  if (cidr === undefined || cidr === "") {
    throw new AwsError("MissingParameter", "Either 'cidrBlock' or 'ipv4IpamPoolId' should be provided.");
  }
  const block = parseBlock(cidr);
  if (block?.family !== 4) {
    throw new AwsError(
      "InvalidParameterValue",
      `Value (${cidr}) for parameter cidrBlock is invalid. This is not a valid CIDR block.`,
    );
  }
  return block;
}
