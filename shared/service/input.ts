import { z } from 'zod'
import { freeText, id, shortText } from '../core/input'

/** A group activity, done at an institution, done by who organises. */
export const TRAITS = ['group', 'atSite', 'organiser'] as const
export const nature = z.enum(['volunteer', 'mutualAid', 'dutyPaid'])
export const serviceListQuery = z.strictObject({ elderId: id.optional(), all: z.enum(['1']).optional() })
export const serviceInput = z.strictObject({
  code: z.string().regex(/^[a-z][A-Za-z]{1,29}$/, { message: 'BAD_INPUT' }),
  name: shortText,
  icon: z.string().max(30),
  plannedSeconds: z.number().int().min(300).max(28_800),
  natures: z.array(nature).min(1).max(3),
  trainingNeeded: freeText(30).nullable(),
  tierFromAge: z.number().int().min(0).max(120).nullable(),
  tierBelowAge: z.number().int().min(0).max(200).nullable(),
  /** what a scheme may ask of it */
  difficulty: z.number().int().min(1).max(9).nullable().default(null),
  traits: z.array(z.enum(TRAITS)).max(3).default([]),
  tasks: z.array(shortText).max(12),
  sortNo: z.number().int().min(0).max(9999),
  active: z.boolean(),
})
export const addServiceInput = serviceInput.extend({ id, regionId: id })
export type ServiceInput = z.infer<typeof serviceInput>
