/** What this device itself could find out about a proof file. */
export type Checked =
  | { how: 'holds'; leaf: Record<string, string | null>; origin: string; size: number }
  | { how: 'broken' }
  | { how: 'cannot' }

/** A mini-program has neither SHA-256 nor Ed25519 to check with; the same page in a browser has. */
export async function checkProof(_proof: string, _keys: readonly string[]): Promise<Checked> {
  return { how: 'cannot' }
}
