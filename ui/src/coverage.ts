// What a round has reached of its plan. Places that were assessed without being on the list are more work done, but no
// part of the plan: they never make up for one that is missing.
type Counts = { assessed: number; new: number; targeted: number }

/** reached counts the places of the list that were assessed. */
export const reached = (c: Counts): number => c.assessed - c.new

/** share is the part of the list that was assessed, 0 to 1; 0 without a list. */
export const share = (c: Counts): number => (c.targeted ? reached(c) / c.targeted : 0)
