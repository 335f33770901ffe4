/** What comes of changing or removing a listener, for its clients. */
import type { Consequence } from "../../../model/status.ts";
import { type Effects, lost } from "../effects.ts";

export function consequencesOfListener({ observed: { fields }, differences }: Effects): Consequence[] {
  const certificates = [fields.defaultCertificate, fields.additionalCertificates]
    .flat()
    .filter((certificate) => typeof certificate === "string");
  if (differences === "removed")
    return [
      { effect: "interrupts", says: `nobody answers on port ${String(fields.port)} any more` },
      ...(certificates.length === 0 ? [] : [dropped(certificates)]),
    ];
  return differences.flatMap((difference): Consequence[] => {
    const { field, desired, observed } = difference;
    switch (field) {
      case "port":
        return [{ effect: "interrupts", says: `nobody answers on port ${String(observed)} any more` }];
      case "protocol":
        return [{ effect: "interrupts", says: `who speaks ${String(observed)} to it is refused` }];
      case "sslPolicy":
        return [{ effect: "interrupts", says: `clients that ${String(desired)} does not allow are refused` }];
      case "defaultCertificate":
        return typeof observed === "string" ? [dropped([observed])] : [];
      case "additionalCertificates": {
        const gone = lost(difference);
        return gone.length === 0 ? [] : [dropped(gone)];
      }
      default:
        return [];
    }
  });
}

/** Clients get the default certificate for names that no other one has (…/application/https-listener-certificates.html). */
function dropped(certificates: readonly string[]): Consequence {
  return {
    effect: "interrupts",
    says: `it drops ${certificates.join(", ")}: clients that need it are shown another certificate, or none`,
  };
}
