import { z } from 'zod'
import { day, id, month, pageQuery } from '../core/input'
import { category } from '../elder/input'

const interval = z.enum(['event', 'days', 'week', 'month', 'quarter'])
export const coverageQuery = z.strictObject({
  month,
  regionId: id.optional(),
  category: category.optional(),
  interval: interval.optional(),
})
export const missingQuery = z.strictObject({
  ...pageQuery,
  month,
  regionId: id.optional(),
  category: category.optional(),
  interval: interval.optional(),
  state: z.enum(['missing', 'visited', 'exited', 'due', 'overdue']).default('missing'),
})
export const planQuery = z.strictObject({ regionId: id.optional() })
export const hoursQuery = z.strictObject({ month, regionId: id })
export const addRequirementInput = z.strictObject({
  id,
  regionId: id,
  category,
  interval,
  /** n of every n days, hours after an event; null for the others */
  intervalLength: z.number().int().min(1).max(180).nullable().default(null),
  channels: z
    .array(z.enum(['inPerson', 'phone', 'video']))
    .min(1)
    .max(3),
  natures: z
    .array(z.enum(['volunteer', 'mutualAid', 'dutyPaid']))
    .min(1)
    .max(3)
    .default(['volunteer', 'mutualAid', 'dutyPaid']),
  minSeconds: z.number().int().min(0).max(14_400),
  validFrom: day,
  validTo: day.nullable(),
})
/** What the rule becomes from a day on: the version before ends the day before. */
export const changeRequirementInput = z.strictObject({
  id,
  interval,
  intervalLength: addRequirementInput.shape.intervalLength,
  channels: addRequirementInput.shape.channels,
  natures: addRequirementInput.shape.natures,
  minSeconds: addRequirementInput.shape.minSeconds,
  validFrom: day,
})
export const endRequirementInput = z.strictObject({ validTo: day })
export const requirementListQuery = z.strictObject({ regionId: id.optional() })
