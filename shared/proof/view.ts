import { z } from 'zod'
import { instantView } from '../core/view'

/** A log as everybody may know it; `prefix` is where its checkpoint and tiles are served. */
export const publicLogView = z.object({
  name: z.string(),
  origin: z.string(),
  prefix: z.string(),
  keys: z.array(z.string()),
})
export const publicLogsView = z.object({ items: z.array(publicLogView) })

/** What the last nightly audit of the books said. */
export const lastAuditView = z.object({
  audit: z
    .object({
      endedAt: instantView,
      clean: z.boolean(),
      transactions: z.number(),
      leaves: z.number(),
      checkpoints: z.number(),
      /** the table and the id of the first bad row */
      row: z.string().nullable(),
      sentence: z.string().nullable(),
    })
    .nullable(),
})
export type LastAudit = z.infer<typeof lastAuditView>
