import { z } from 'zod'
import { day, id, month, pageQuery } from '../core/input'
import { category } from '../elder/input'

export const coverageQuery = z.strictObject({ month, regionId: id.optional(), category: category.optional() })
export const missingQuery = z.strictObject({
  ...pageQuery,
  month,
  regionId: id.optional(),
  category: category.optional(),
  state: z.enum(['missing', 'visited', 'exited', 'due']).default('missing'),
})
export const hoursQuery = z.strictObject({ month, regionId: id })
export const addRequirementInput = z.strictObject({
  id,
  regionId: id,
  category,
  interval: z.enum(['week', 'month']),
  channels: z
    .array(z.enum(['inPerson', 'phone', 'video']))
    .min(1)
    .max(3),
  minSeconds: z.number().int().min(0).max(14_400),
  validFrom: day,
  validTo: day.nullable(),
})
export const endRequirementInput = z.strictObject({ validTo: day })
export const requirementListQuery = z.strictObject({ regionId: id.optional() })
