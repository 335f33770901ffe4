/** Why a call is made: see guards/cause.ts. `deletion`: of the object, be it that its resources go or are released. */
export type CallCause = "edit" | "correction" | "approved" | "deletion";
