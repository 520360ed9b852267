import { z } from 'zod'
export const revealView = z.object({ value: z.string(), seconds: z.number() })
