import { z } from 'zod'
import { day, id, pageQuery } from '../core/input'
import { consentInput, personInput } from '../person/input'

export const memberListQuery = z.strictObject({
  ...pageQuery,
  regionId: id.optional(),
  q: z.string().max(30).optional(),
  kind: z.enum(['volunteer', 'neighbourHelper']).optional(),
  state: z.enum(['active', 'suspended', 'ended']).optional(),
})
export const enrolMemberInput = z.strictObject({
  id,
  regionId: id,
  kind: z.enum(['volunteer', 'neighbourHelper']),
  person: personInput,
  trainings: z.array(z.string().trim().min(1).max(30)).max(20),
  consents: z.array(consentInput).max(10),
})
export const memberStateInput = z.strictObject({
  state: z.enum(['active', 'suspended', 'ended']),
  reason: z.string().trim().min(1, { message: 'REQUIRED' }).max(100),
})
export const memberTrainingInput = z.strictObject({ trainings: z.array(z.string().trim().min(1).max(30)).max(20) })
export const addStaffInput = z.strictObject({
  id,
  regionId: id,
  role: z.enum(['villageStaff', 'townStaff', 'townAuditor', 'countyAdmin', 'cityAdmin', 'auditor', 'redemptionPoint']),
  redemptionPointId: id.optional(),
  person: personInput,
  validFrom: day,
})
export const endStaffInput = z.strictObject({ validTo: day })
export const staffListQuery = z.strictObject({
  ...pageQuery,
  regionId: id.optional(),
  role: z.string().max(30).optional(),
})
