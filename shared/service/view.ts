import { z } from 'zod'
export const serviceView = z.object({
  id: z.string(),
  code: z.string(),
  name: z.string(),
  icon: z.string(),
  plannedSeconds: z.number(),
  natures: z.array(z.string()),
  trainingNeeded: z.string().nullable(),
  tierFromAge: z.number().nullable(),
  tierBelowAge: z.number().nullable(),
  difficulty: z.number().nullable(),
  traits: z.array(z.string()),
  tasks: z.array(z.string()),
  sortNo: z.number(),
  active: z.boolean(),
  regionId: z.string(),
  /** this elder's age tier: shown first in the order menu */
  forTier: z.boolean(),
})
export type ServiceView = z.infer<typeof serviceView>
