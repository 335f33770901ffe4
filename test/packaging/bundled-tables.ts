/** What a bundle may not lack of the SDK, for a test to compare with the SDK itself. */
import { commandOf, OPERATIONS } from "../../src/aws/operations.ts";
import { WIRE_SERVICES, type WireService } from "../../src/simulator/wire/schemas.ts";

export const services: readonly WireService[] = WIRE_SERVICES;

/** The names of the commands, by operation. */
export async function commandNames(): Promise<Record<string, string | undefined>> {
  const names: Record<string, string | undefined> = {};
  for (const operation of Object.keys(OPERATIONS) as (keyof typeof OPERATIONS)[]) {
    names[operation] = (await commandOf(operation))?.name;
  }
  return names;
}
