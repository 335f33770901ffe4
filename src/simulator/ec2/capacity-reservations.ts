/** EC2's capacity reservations: none can be made here, so that none are there. */
import type { DescribeCapacityReservationsCommandInput } from "@aws-sdk/client-ec2";
import type { OperationTable } from "../services.ts";
import { ec2Page, named } from "./describe-input.ts";
import { notFound } from "./not-found.ts";

export function capacityReservationOperations(): OperationTable {
  return {
    DescribeCapacityReservations: (input: DescribeCapacityReservationsCommandInput) => {
      const none = named<never>([], String, input.CapacityReservationIds, (ids) =>
        notFound("capacityReservation", ids),
      );
      const page = ec2Page(none, String, input, { least: 1, most: 1_000 });
      return { CapacityReservations: page.items, NextToken: page.next };
    },
  };
}
