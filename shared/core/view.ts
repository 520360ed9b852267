import { z } from 'zod'

/** Milli-points as a decimal string. */
export const milliPointsView = z.string().regex(/^-?\d+$/)
/** An instant, ISO 8601 UTC. */
export const instantView = z.iso.datetime()

/** A page of a list; `next` is null on the last one. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), next: z.string().nullable() })
}
export type Page<T> = { items: T[]; next: string | null }

/** What every refusal looks like on the wire. */
export const refusalView = z.object({
  code: z.string(),
  sentence: z.string(),
  field: z.string().optional(),
  detail: z.record(z.string(), z.unknown()).optional(),
  requestId: z.string(),
})
export type RefusalView = z.infer<typeof refusalView>

/** Answer of a write that has nothing more to show. */
export const doneView = z.object({ id: z.string() })

/** A region as it appears beside records. */
export const placeNameView = z.object({ regionId: z.string(), regionName: z.string() })
