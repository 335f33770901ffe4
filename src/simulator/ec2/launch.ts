/** How an instance comes into being, whoever asks for it: somebody by RunInstances, or an Auto Scaling group. */
import type { Tag } from "../services.ts";
import type { Machine } from "./machine.ts";
import type { TagStore } from "./tags.ts";

/** The machines and how a new one comes among them. */
export interface Fleet {
  all(): readonly Machine[];
  get(instanceId: string): Machine | undefined;
  add(facts: Machine["facts"]): Machine;
  isZoneAvailable(zone: string): boolean;
}

interface Launch {
  readonly fleet: Fleet;
  readonly tags: TagStore;
}

export function launched({ fleet, tags }: Launch, facts: Machine["facts"], wanted: readonly Tag[]): Machine {
  tags.put(facts.instanceId, wanted);
  return fleet.add(facts);
}
