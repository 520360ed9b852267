import { ICONS } from '../core/pictures'
import type { RefusalCode } from '../core/refusals'
import type { Nature } from '../scheme/document'
import type { ServiceInput } from './input'

export type MemberKind = 'volunteer' | 'neighbourHelper'
type Helper = { kind: MemberKind; trainings: readonly string[] }
type Offered = { natures: readonly string[]; trainingNeeded: string | null }

/** What each capacity may do, the first that the service allows: volunteering is unpaid and never becomes anything else. */
const NATURES_OF: Record<MemberKind, readonly Nature[]> = {
  volunteer: ['volunteer'],
  neighbourHelper: ['mutualAid', 'dutyPaid'],
}

/** The nature of a visit, from the helper's capacity and the service; null when they don't go together (67 号令 art. 19). */
export function natureFor(kind: MemberKind, natures: readonly string[]): Nature | null {
  return NATURES_OF[kind].find((one) => natures.includes(one)) ?? null
}

/** Why this helper can't do this service. */
export function whyNotServe(helper: Helper, service: Offered & { active: boolean }): RefusalCode | null {
  if (!service.active) return 'SERVICE_UNKNOWN'
  if (natureFor(helper.kind, service.natures) === null) return 'SERVICE_NATURE'
  return service.trainingNeeded === null || helper.trainings.includes(service.trainingNeeded) ? null : 'TRAINING_NEEDED'
}

/** Whether the service is of this age's menu: [from, below) in whole years. A service without a tier is for everybody, no tier's. */
export function isForTier(
  service: { tierFromAge: number | null; tierBelowAge: number | null },
  age: number | null,
): boolean {
  if (age === null || (service.tierFromAge === null && service.tierBelowAge === null)) return false
  return age >= (service.tierFromAge ?? 0) && (service.tierBelowAge === null || age < service.tierBelowAge)
}

/** Why a catalogue item can't look like this, with the field. */
export function whyNotService(input: ServiceInput): { code: RefusalCode; field: keyof ServiceInput } | null {
  if (!(ICONS as readonly string[]).includes(input.icon)) return { code: 'BAD_INPUT', field: 'icon' }
  if (new Set(input.natures).size < input.natures.length) return { code: 'BAD_INPUT', field: 'natures' }
  const isEmptyTier =
    input.tierFromAge !== null && input.tierBelowAge !== null && input.tierBelowAge <= input.tierFromAge
  return isEmptyTier ? { code: 'BAD_INPUT', field: 'tierBelowAge' } : null
}
